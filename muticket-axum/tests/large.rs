//! A file of 100 MB goes in and out piece by piece. It is the only test of this program, because it measures the memory of the whole.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that stumbles has failed")]

#[path = "site/client.rs"]
mod client;
#[path = "site/server.rs"]
mod server;

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::Method;
use futures_util::{StreamExt as _, stream};
use muticket_core::blob::ObjectBlobs;
use muticket_world::World;

use crate::client::end;
use crate::server::{Site, module};

/// The size of the pieces that are sent.
const PIECE: usize = 64 * 1024;
/// The size of the file, which is the limit, too.
const FILE: usize = 1600 * PIECE;
/// How much more memory may be used: 16 MiB, in KiB.
const MORE: u64 = 16 * 1024;

/// The memory of this process in KiB: `VmRSS` now, `VmHWM` at most.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_file_is_never_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Arc::new(ObjectBlobs::folder(folder.path()).unwrap());
    let limited =
        World::builder().blobs(blobs).configure(|builder| builder.limits(|limits| limits.attachment_bytes = FILE as u64));
    let world = limited.build().await;
    let site = Site::serve(module(&world)).await;
    let mut anna = site.client(Some("anna")).await;
    // What every page needs is loaded once.
    let form = anna.form("/support", "The film", "film.bin").await;
    let before = memory("VmHWM");

    let piece = Bytes::from(vec![7; PIECE]);
    let pieces =
        stream::iter([Bytes::from(form)]).chain(stream::repeat(piece).take(FILE / PIECE)).chain(stream::iter([end().into()]));
    let opened = anna.posts("/support/tickets", Body::from_stream(pieces.map(Ok::<_, Infallible>))).await.is(303);
    assert!(memory("VmHWM") - before < MORE, "{} KiB more for the upload", memory("VmHWM") - before);

    let ticket = opened.header("location").split(['?', '#']).next().unwrap().to_owned();
    let file = anna.gets(&ticket).await.is(200).file();
    let response = anna.sends(Method::GET, &file, "", Body::empty()).await;
    assert_eq!(
        (response.status().as_u16(), response.headers()["content-length"].to_str().unwrap()),
        (200, FILE.to_string().as_str())
    );
    let mut body = response.into_body().into_data_stream();
    let mut read = body.next().await.unwrap().unwrap().len();
    // A slow reader: the server waits for it.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let waiting = memory("VmRSS");
    while let Some(piece) = body.next().await {
        read += piece.unwrap().len();
    }
    assert_eq!(read, FILE);
    assert!(waiting < before + MORE, "{} KiB more for a slow reader", waiting - before);
    assert!(memory("VmHWM") - before < MORE, "{} KiB more for the download", memory("VmHWM") - before);
    site.stop().await;
}
