//! Files of notes, which only supporters read (T-01).

use muticket_core::id::{AttachmentId, NoteFileId, NoteNumber, TicketNumber};
use muticket_core::note::NoteFile;
use muticket_core::storage::{StorageError, Unit};
use muticket_core::ticket::MediaType;

use crate::Shared;
use crate::material::{attachment, key, note, note_file, opened, read, uuid, with, write};

fn number(number: u32) -> NoteNumber {
    NoteNumber::new(number).unwrap()
}

/// Two tickets with three and one notes.
async fn noted(storage: &Shared) -> (TicketNumber, TicketNumber) {
    let (ticket, other) = (opened(storage).await.number, opened(storage).await.number);
    write(storage, move |unit| {
        (1..=3).try_for_each(|number| unit.notes().insert(&note(ticket, number, 1)))?;
        unit.notes().insert(&note(other, 1, 1))
    })
    .await;
    (ticket, other)
}

/// `NoteStore::find_file` gives a file as `insert_files` stored it.
pub async fn files_of_a_note_come_back_as_they_were_stored(storage: Shared) {
    let (ticket, _) = noted(&storage).await;
    let expected = note_file(ticket, 2, 7);
    let large = with(note_file(ticket, 2, 8), |file| {
        file.media_type = MediaType::Other;
        file.size = i64::MAX.unsigned_abs();
    });
    let new = [expected.clone(), large.clone()];
    write(&storage, move |unit| {
        unit.notes().insert_files(&new)?;
        unit.notes().insert_files(&[])
    })
    .await;
    read(&storage, move |unit| {
        assert_eq!(unit.notes().find_file(NoteFileId(uuid(7)))?.as_ref(), Some(&expected));
        assert_eq!(unit.notes().find_file(NoteFileId(uuid(8)))?.as_ref(), Some(&large));
        assert_eq!(unit.notes().find_file(NoteFileId(uuid(9)))?, None);
        Ok(())
    })
    .await;
}

/// `NoteStore::list_files`: "the files of the notes from `first` to `last` of a ticket, sorted by note and id".
pub async fn files_of_notes_are_listed_with_their_notes(storage: Shared) {
    let (ticket, other) = noted(&storage).await;
    write(&storage, move |unit| {
        unit.notes().insert_files(&[note_file(ticket, 3, 1)])?;
        unit.notes().insert_files(&[note_file(ticket, 1, 5), note_file(ticket, 1, 4)])?;
        unit.notes().insert_files(&[note_file(ticket, 2, 3)])?;
        unit.notes().insert_files(&[note_file(other, 1, 2)])
    })
    .await;
    let list = |first, last| {
        let storage = storage.clone();
        async move { read(&storage, move |unit| unit.notes().list_files(ticket, number(first), number(last))).await }
    };
    let [one, two] = [[note_file(ticket, 1, 4), note_file(ticket, 1, 5)].to_vec(), vec![note_file(ticket, 2, 3)]];
    assert_eq!(list(1, 3).await, [one.clone(), two.clone(), vec![note_file(ticket, 3, 1)]].concat());
    assert_eq!(list(1, 2).await, [one, two.clone()].concat());
    assert_eq!(list(2, 2).await, two);
    assert_eq!(list(4, u32::MAX).await, []);
}

/// `NoteStore::insert_files` is a `Duplicate` "if an id or a key is taken"; a refused insert stores none of its files, and the unit goes
/// on.
pub async fn a_file_of_a_note_is_taken_once_and_then_none_is_stored(storage: Shared) {
    let (ticket, other) = noted(&storage).await;
    write(&storage, move |unit| unit.notes().insert_files(&[note_file(ticket, 1, 1)])).await;
    write(&storage, move |unit| {
        let same_id = with(note_file(other, 1, 1), |file| file.key = key(9));
        let same_key = with(note_file(other, 1, 9), |file| file.key = note_file(ticket, 1, 1).key);
        for again in [same_id, same_key] {
            let refused = unit.notes().insert_files(&[note_file(ticket, 2, 2), again]);
            assert!(matches!(refused, Err(StorageError::Duplicate)), "{refused:?}");
        }
        unit.notes().insert_files(&[note_file(ticket, 3, 3)])
    })
    .await;
    let files = read(&storage, move |unit| all(unit, ticket)).await;
    assert_eq!(files, [note_file(ticket, 1, 1), note_file(ticket, 3, 3)]);
}

/// `NoteStore::delete_files`: "by their ids. An id without a file is ignored."
pub async fn files_of_a_note_are_removed(storage: Shared) {
    let (ticket, _) = noted(&storage).await;
    let id = |number| NoteFileId(uuid(number));
    write(&storage, move |unit| {
        unit.notes().insert_files(&[1, 2, 3, 4].map(|number| note_file(ticket, 1, number)))?;
        unit.notes().delete_files(&[id(1), id(9), id(3)])?;
        unit.notes().delete_files(&[])
    })
    .await;
    assert_eq!(read(&storage, move |unit| all(unit, ticket)).await, [note_file(ticket, 1, 2), note_file(ticket, 1, 4)]);
    write(&storage, move |unit| unit.notes().delete_files(&[id(9), id(4)])).await;
    assert_eq!(read(&storage, move |unit| all(unit, ticket)).await, [note_file(ticket, 1, 2)]);
}

/// `NoteStore::delete`: "Deletes a note with its files", and no file of another note.
pub async fn a_deleted_note_takes_its_files_with_it(storage: Shared) {
    let (ticket, other) = noted(&storage).await;
    let files = [note_file(ticket, 1, 1), note_file(ticket, 1, 2), note_file(ticket, 2, 3), note_file(other, 1, 4)];
    write(&storage, move |unit| {
        files.iter().try_for_each(|file| unit.notes().insert_files(std::slice::from_ref(file)))?;
        assert!(unit.notes().delete(ticket, number(1))?);
        Ok(())
    })
    .await;
    read(&storage, move |unit| {
        assert_eq!(all(unit, ticket)?, [note_file(ticket, 2, 3)]);
        assert_eq!(all(unit, other)?, [note_file(other, 1, 4)]);
        assert_eq!(unit.notes().find_file(NoteFileId(uuid(1)))?, None);
        assert_eq!(unit.notes().file_keys(ticket, Some(number(1)))?, []);
        Ok(())
    })
    .await;
}

/// `NoteStore::file_keys`: "of one note of a ticket, or of all its notes, in any order".
pub async fn keys_of_files_are_listed_by_note(storage: Shared) {
    let (ticket, other) = noted(&storage).await;
    let keys_of = |files: &[NoteFile]| files.iter().map(|file| file.key.clone()).collect::<Vec<_>>();
    let files = [note_file(ticket, 1, 1), note_file(ticket, 2, 2), note_file(ticket, 2, 3), note_file(other, 1, 4)];
    let new = files.clone();
    write(&storage, move |unit| new.iter().try_for_each(|file| unit.notes().insert_files(std::slice::from_ref(file)))).await;
    let keys = |note: Option<u32>| {
        let storage = storage.clone();
        async move {
            let mut keys = read(&storage, move |unit| unit.notes().file_keys(ticket, note.map(number))).await;
            keys.sort();
            keys
        }
    };
    assert_eq!(keys(None).await, keys_of(&files[..3]));
    assert_eq!(keys(Some(2)).await, keys_of(&files[1..3]));
    assert_eq!(keys(Some(3)).await, []);
}

/// Files of notes have a table of their own: nothing that reads files of messages returns one, even if the numbers and ids are the same.
pub async fn a_file_of_a_note_is_no_attachment(storage: Shared) {
    let (ticket, _) = noted(&storage).await;
    write(&storage, move |unit| {
        unit.attachments().insert(&[attachment(ticket, 1, 5)])?;
        unit.notes().insert_files(&[note_file(ticket, 1, 5), note_file(ticket, 1, 6)])
    })
    .await;
    read(&storage, move |unit| {
        assert_eq!(unit.attachments().list(ticket)?, [attachment(ticket, 1, 5)]);
        assert_eq!(unit.attachments().keys(ticket)?, [attachment(ticket, 1, 5).key]);
        assert_eq!(unit.attachments().find(AttachmentId(uuid(5)))?, Some(attachment(ticket, 1, 5)));
        assert_eq!(unit.attachments().find(AttachmentId(uuid(6)))?, None);
        assert_eq!(unit.attachments().without_digest(None, 9)?, []);
        assert_eq!(all(unit, ticket)?, [note_file(ticket, 1, 5), note_file(ticket, 1, 6)]);
        Ok(())
    })
    .await;
}

/// The files of all notes of a ticket, for other cases.
pub(crate) fn all(unit: &mut dyn Unit, ticket: TicketNumber) -> Result<Vec<NoteFile>, StorageError> {
    unit.notes().list_files(ticket, NoteNumber::FIRST, number(u32::MAX))
}
