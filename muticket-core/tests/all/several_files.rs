//! The files of one form: their keys are noted together, and no note stays when the form has ended.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use muticket_core::NewMessage;
use muticket_core::blob::ByteSource;
use muticket_core::upload::{Upload, Uploads};
use muticket_world::{World, text};

async fn attached(uploads: &mut Uploads, files: usize) -> Vec<Upload> {
    let mut stored = Vec::new();
    for _ in 0..files {
        stored.push(uploads.attach("a.txt", &mut Some(Bytes::from_static(b"a"))).await.unwrap());
    }
    stored
}

/// The files and notes that are left to the sweep.
async fn left(world: &World) -> usize {
    world.clock.advance(TimeDelta::hours(24));
    world.helpdesk.sweep().await.unwrap()
}

#[tokio::test]
async fn all_files_of_a_form_are_noted_in_one_unit() {
    let world = World::new().await;
    let mut uploads = world.sara().desk().await.unwrap().uploads();
    let before = world.storage.units();
    let stored = attached(&mut uploads, 5).await;
    assert_eq!(world.storage.units() - before, 1);
    drop(stored);
    assert_eq!((left(&world).await, world.blobs.count()), (5, 0));
}

#[tokio::test]
async fn more_files_than_the_limit_are_noted_as_well() {
    let world = World::new().await;
    let mut uploads = world.anna().portal().uploads().await.unwrap();
    assert_eq!(attached(&mut uploads, 6).await.len(), 6);
    assert_eq!((left(&world).await, world.blobs.count()), (10, 0));
}

#[tokio::test]
async fn a_message_with_fewer_files_leaves_no_note() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let portal = world.anna().portal();
    let mut uploads = portal.uploads().await.unwrap();
    let mut attachments = attached(&mut uploads, 2).await;
    uploads.finish(&mut attachments);
    portal.reply(ticket.number, NewMessage { attachments, ..text("See the files.") }).await.unwrap();
    assert_eq!((left(&world).await, world.blobs.count()), (0, 2));
}

#[tokio::test]
async fn a_refused_form_with_fewer_files_leaves_no_note() {
    let world = World::new().await;
    let portal = world.anna().portal();
    let mut uploads = portal.uploads().await.unwrap();
    let mut attachments = attached(&mut uploads, 2).await;
    uploads.finish(&mut attachments);
    portal.discard(attachments).await.unwrap();
    assert_eq!((left(&world).await, world.blobs.count()), (0, 0));
}

/// A file whose sender has left.
struct Broken;

#[async_trait]
impl ByteSource for Broken {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        Err(std::io::Error::other("the sender has left"))
    }
}

#[tokio::test]
async fn a_form_that_breaks_off_leaves_no_note() {
    let world = World::new().await;
    let mut uploads = world.anna().portal().uploads().await.unwrap();
    assert!(uploads.attach("a.txt", &mut Broken).await.is_err());
    assert_eq!((left(&world).await, world.blobs.count()), (0, 0));
}
