//! A file of 100 MB goes in and out piece by piece (P-19).

use std::time::Duration;

use muticket_journeys::{Adapter, Line, Plan, World, head};

use crate::process::{alone, memory};

/// The size of the pieces that are sent.
const PIECE: usize = 64 * 1024;
/// The size of the file, which is the limit, too.
const FILE: usize = 1600 * PIECE;
/// How much more memory may be used.
const MORE: usize = 16 * 1024 * 1024;

/// P-19: a large file is never in memory as a whole, also if its reader is slow.
#[test]
fn a_large_file_in_rocket_is_never_in_memory() {
    alone("large::a_large_file_in_rocket_is_never_in_memory", large_file(Adapter::Rocket));
}

/// P-19: the same in axum.
#[test]
fn a_large_file_in_axum_is_never_in_memory() {
    alone("large::a_large_file_in_axum_is_never_in_memory", large_file(Adapter::Axum));
}

async fn large_file(adapter: Adapter) {
    let world = World::new(Plan::sqlite().over(adapter).files_of(FILE as u64)).await;
    let wire = world.wire().await;
    let anna = world.as_("anna");
    let small = anna.drafts("The photograph", "Billing", "It is silent").await.file("photo.bin", b"small");
    let large = anna.drafts("The film", "Billing", "It is silent").await.file("film.bin", b"the film");
    // Allocates what is allocated only once, before the memory is measured.
    assert_eq!(wire.begins("anna", &small, usize::MAX).await.answer().await.0, 303);
    let before = memory("VmHWM");
    let more = |name| memory(name).saturating_sub(before);

    let (kind, body) = large.sent();
    let film = body.windows(8).position(|window| window == b"the film").unwrap();
    let (front, end) = (&body[..film], &body[film + 8..]);
    let mut line = wire.connect().await;
    line.sends(&head("anna", &large.action, &kind, front.len() + FILE + end.len())).await;
    line.sends(front).await;
    let piece = vec![7; PIECE];
    for _ in 0..FILE / PIECE {
        line.sends(&piece).await;
    }
    line.sends(end).await;
    let (status, answer) = line.answer().await;
    assert_eq!(status, 303, "{answer}");
    assert!(more("VmHWM") < MORE, "{} bytes more for the upload", more("VmHWM"));

    let file = anna.sees(2).await.attributes(".attachments a[download]", "href").remove(0);
    let mut line = wire.connect().await;
    line.sends(format!("GET {file} HTTP/1.1\r\nHost: example.org\r\nX-Person: anna\r\n\r\n").as_bytes()).await;
    let mut left = FILE - begins_with(&mut line, FILE).await;
    // A slow reader: the server waits for it.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(more("VmRSS") < MORE, "{} bytes more for a slow reader", more("VmRSS"));
    let mut piece = vec![0; PIECE];
    while left > 0 {
        match line.reads(&mut piece).await {
            0 => panic!("{left} bytes are missing"),
            read => left -= read,
        }
    }
    assert!(more("VmHWM") < MORE, "{} bytes more for the download", more("VmHWM"));
    println!("a file of {FILE} bytes in {adapter:?}: {} KiB more", more("VmHWM") / 1024);
    assert_eq!(world.mailed().await.len(), 2);
}

/// Reads the head of a response with this length, and returns how many bytes of its body came along.
async fn begins_with(line: &mut Line, length: usize) -> usize {
    let (mut bytes, mut piece) = (Vec::new(), vec![0; PIECE]);
    loop {
        let read = line.reads(&mut piece).await;
        assert!(read > 0, "{}", String::from_utf8_lossy(&bytes));
        bytes.extend_from_slice(&piece[..read]);
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
        assert!(head.starts_with("http/1.1 200 ") && head.contains(&format!("\r\ncontent-length: {length}\r\n")), "{head}");
        return bytes.len() - end - 4;
    }
}
