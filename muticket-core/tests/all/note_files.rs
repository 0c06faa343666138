//! Files of notes: their way into a note, and the deletion of their bytes.

use bytes::Bytes;
use chrono::TimeDelta;
use muticket_core::desk::{Desk, NewNote};
use muticket_core::id::{NoteFileId, NoteNumber, TicketNumber};
use muticket_core::note::NoteFile;
use muticket_core::upload::Upload;
use muticket_core::{Error, Field, FieldError, Problem, Refusal};
use muticket_world::{BlobCall, Outcome, World, fault};
use uuid::Uuid;

use crate::outbox::{Outbox as _, usual};

async fn attached(desk: &Desk, name: &str, bytes: &'static [u8]) -> Upload {
    desk.attach(name, &mut Some(Bytes::from_static(bytes))).await.unwrap()
}

fn note(body: &str, attachments: Vec<Upload>) -> NewNote {
    NewNote { body: body.to_owned(), attachments, ..NewNote::default() }
}

/// A note by Sara with one file.
async fn noted(world: &World) -> (Desk, TicketNumber, NoteNumber) {
    let ticket = world.opened(&[]).await;
    let desk = world.sara().desk().await.unwrap();
    let new = note("See the plan", vec![attached(&desk, "plan.pdf", b"%PDF").await]);
    let note = desk.note(ticket, new).await.unwrap().number;
    (desk, ticket, note)
}

async fn files(world: &World, ticket: TicketNumber, note: NoteNumber) -> Vec<NoteFile> {
    world.read(move |unit| unit.notes().list_files(ticket, note, note)).await
}

fn names(files: &[NoteFile]) -> Vec<&str> {
    files.iter().map(|file| file.name.as_str()).collect()
}

/// T-01, P-29: a file of a note is never swept, and a supporter downloads it checked against its digest.
#[tokio::test]
async fn a_file_of_a_note_stays_and_is_downloaded() {
    let world = usual().await;
    let (_, ticket, note) = noted(&world).await;
    world.clock.advance(TimeDelta::days(400));
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (0, 1));
    let file = files(&world, ticket, note).await.remove(0);
    let tom = world.tom().desk().await.unwrap();
    let mut download = tom.download_note_file(ticket, note, file.id).await.unwrap();
    assert_eq!((download.content.next().await.unwrap().unwrap().as_ref(), &download.file), (&b"%PDF"[..], &file));
}

/// T-01: a file is found only under its own note and ticket.
#[tokio::test]
async fn a_file_of_a_note_is_found_at_its_own_place_only() {
    let world = usual().await;
    let (desk, ticket, note) = noted(&world).await;
    let other = world.opened(&[]).await;
    let file = files(&world, ticket, note).await.remove(0).id;
    let two = NoteNumber::new(2).unwrap();
    assert!(desk.download_note_file(other, note, file).await.is_missing());
    assert!(desk.download_note_file(ticket, two, file).await.is_missing());
    assert!(desk.download_note_file(ticket, note, NoteFileId(Uuid::nil())).await.is_missing());
    world.storage.fail_when(|call| (call.name == "notes.find_file").then_some(fault::corrupt));
    assert!(desk.download_note_file(ticket, note, file).await.is_missing(), "nobody knows whose a damaged row is");
}

/// T-01, R-17: the bytes of a file go with its note or its ticket, at the latest with the next sweep.
#[tokio::test]
async fn the_bytes_of_a_file_go_with_its_note_or_its_ticket() {
    let world = usual().await;
    let (desk, ticket, note) = noted(&world).await;
    world.blobs.fail(BlobCall::Delete, 1);
    desk.delete_note(ticket, note).await.unwrap();
    assert_eq!(world.blobs.count(), 1);
    assert_eq!((world.helpdesk.sweep().await.unwrap(), world.blobs.count()), (1, 0));

    let (desk, ticket, note) = noted(&world).await;
    desk.delete_note(ticket, note).await.unwrap();
    assert_eq!(world.blobs.count(), 0);

    let (_, ticket, _) = noted(&world).await;
    world.backend().delete(ticket).await.unwrap();
    assert_eq!(world.blobs.count(), 0);
}

/// R-13, D-10, P-25: a refused note stores nothing. Its files can be discarded, and are not when they belong to a note.
#[tokio::test]
async fn a_refused_note_keeps_no_file() {
    let world = usual().await;
    let ticket = world.opened(&[]).await;
    let desk = world.sara().desk().await.unwrap();
    let before = world.dump();
    let mut uploads = Vec::new();
    for _ in 0..6 {
        uploads.push(attached(&desk, "a.txt", b"a").await);
    }
    let too_large = FieldError { field: Field::Attachment("b.txt".to_owned()), problem: Problem::TooLarge { max: 7 } };
    let new = NewNote { refused: vec![too_large.clone()], ..note(" ", uploads.clone()) };
    let expected =
        [(Field::Body, Problem::Empty), (too_large.field, too_large.problem), (Field::Attachments, Problem::TooMany { max: 5 })];
    assert_eq!(desk.note(ticket, new).await.problems(), expected);
    desk.discard(uploads).await.unwrap();
    assert_eq!((world.blobs.count(), world.dump()), (0, before));

    let uploads = vec![attached(&desk, "a.txt", b"a").await];
    world.storage.fail_when(|call| (call.name == "notes.insert_files").then_some(fault::broken));
    desk.note(ticket, note("Text", uploads.clone())).await.unavailable();
    world.storage.fail_when(|_| None);
    let stored = desk.note(ticket, note("Text", uploads.clone())).await.unwrap();
    desk.discard(uploads).await.unwrap();
    assert_eq!((names(&files(&world, ticket, stored.number).await), world.blobs.count()), (vec!["a.txt"], 1));
}

/// P-25: the form of a note that is sent twice leaves one note, with its files once. With other files it was another form.
#[tokio::test]
async fn a_form_that_is_sent_twice_leaves_its_files_once() {
    let world = usual().await;
    let ticket = world.opened(&[]).await;
    let desk = world.sara().desk().await.unwrap();
    let nonce = Some(muticket_core::Nonce(Uuid::from_u128(7)));
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let new = NewNote { nonce, ..note("Once", vec![attached(&desk, "a.txt", b"a").await]) };
        numbers.push(desk.note(ticket, new).await.unwrap().number);
    }
    assert_eq!((numbers[0], world.blobs.count()), (numbers[1], 1));
    assert_eq!(names(&files(&world, ticket, numbers[0]).await), ["a.txt"]);
    let other = vec![attached(&desk, "a.txt", b"b").await];
    let refused = desk.note(ticket, NewNote { nonce, ..note("Once", other) }).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::FormUsed))), "{refused:?}");
}

/// T-01: the author adds files to a note and removes single ones. Of a form that is sent twice, each file is added once.
#[tokio::test]
async fn an_author_adds_and_removes_files() {
    let world = usual().await;
    let (desk, ticket, number) = noted(&world).await;
    let plan = files(&world, ticket, number).await.remove(0).id;
    for _ in 0..2 {
        let uploads = vec![attached(&desk, "b.txt", b"b").await, attached(&desk, "b.txt", b"other").await];
        let new = NewNote { remove: vec![plan, NoteFileId(Uuid::nil())], ..note("See the plan", uploads) };
        assert!(desk.edit_note(ticket, number, new).await.unwrap().edited_at.is_some());
        assert_eq!((names(&files(&world, ticket, number).await), world.blobs.count()), (vec!["b.txt", "b.txt"], 2));
    }
    let mut uploads = Vec::new();
    for name in ["1", "2", "3", "4"] {
        uploads.push(attached(&desk, name, b"b").await);
    }
    let problems = desk.edit_note(ticket, number, note("See the plan", uploads.clone())).await.problems();
    assert_eq!(problems, [(Field::Attachments, Problem::TooMany { max: 5 })]);
    desk.discard(uploads).await.unwrap();

    let tom = world.tom().desk().await.unwrap();
    let theirs = files(&world, ticket, number).await.remove(0).id;
    let new = NewNote { remove: vec![theirs], ..note("See the plan", Vec::new()) };
    assert!(matches!(tom.edit_note(ticket, number, new).await, Err(Error::Denied(_))));
    assert_eq!((files(&world, ticket, number).await.len(), world.blobs.count()), (2, 2));
}
