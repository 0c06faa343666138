//! Notes, and everything else that only supporters read (T-01).

use muticket_core::history::Change;
use muticket_core::id::{CategoryId, NoteNumber, TicketNumber, UserId};
use muticket_core::note::Note;
use muticket_core::storage::StorageError;
use muticket_core::ticket::{Body, Priority};
use muticket_core::viewer::Side;

use crate::Shared;
use crate::material::{at, entry, label_name, message, nonce, note, opened, place, read, with, write};

fn number(number: u32) -> NoteNumber {
    NoteNumber::new(number).unwrap()
}

/// `NoteStore::find` and `find_by_nonce` give a note as `insert` stored it.
pub async fn a_note_comes_back_as_it_was_stored(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let expected = with(note(ticket, 7, 1), |note| {
        note.nonce = Some(nonce(7));
        note.edited_at = Some(at(99));
        note.mentions = vec![UserId::new("tom"), UserId::new("uwe ")];
    });
    let bare = with(note(ticket, 8, 1), |note| note.mentions.clear());
    let new = [expected.clone(), bare.clone()];
    write(&storage, move |unit| new.iter().try_for_each(|note| unit.notes().insert(note))).await;
    read(&storage, move |unit| {
        assert_eq!(unit.notes().find(ticket, number(7))?.as_ref(), Some(&expected));
        assert_eq!(unit.notes().find(ticket, number(8))?.as_ref(), Some(&bare));
        assert_eq!(unit.notes().find_by_nonce(nonce(7))?.as_ref(), Some(&expected));
        Ok(())
    })
    .await;
}

/// `NoteStore::insert` is a `Duplicate` "if its number or its nonce is taken".
pub async fn a_note_is_taken_once(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    let with_nonce = |ticket, number| with(note(ticket, number, 1), |note| note.nonce = Some(nonce(1)));
    write(&storage, move |unit| unit.notes().insert(&with_nonce(ticket, 1))).await;
    for again in [note(ticket, 1, 1), with_nonce(ticket, 2), with_nonce(other, 1)] {
        let result: Result<(), StorageError> = storage.run_write(move |unit| unit.notes().insert(&again)).await;
        assert!(matches!(result, Err(StorageError::Duplicate)));
    }
}

/// `NoteStore::update`: "the text, the mentions and the time of the change"; `delete`; both are `false` for a note that does not exist.
pub async fn a_note_is_changed_and_deleted(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let kept = note(ticket, 2, 1);
    let changed = with(note(ticket, 1, 1), |note| {
        note.body = Body::parse("The customer is calm again.").unwrap();
        note.mentions = vec![UserId::new("ada")];
        note.edited_at = Some(at(5));
    });
    let notes = [note(ticket, 1, 1), kept.clone()];
    let new = changed.clone();
    write(&storage, move |unit| {
        notes.iter().try_for_each(|note| unit.notes().insert(note))?;
        assert!(unit.notes().update(&new)?);
        assert!(!unit.notes().update(&note(ticket, 3, 1))?);
        assert!(!unit.notes().delete(ticket, number(3))?);
        Ok(())
    })
    .await;
    let list = || read(&storage, move |unit| unit.notes().list(ticket, place(1), place(9)));
    assert_eq!(list().await, [changed, kept.clone()]);
    assert!(write(&storage, move |unit| unit.notes().delete(ticket, number(1))).await);
    assert_eq!(list().await, [kept]);
}

/// `NoteStore::list`: "after the messages from `first` to `last`, sorted by number".
pub async fn notes_are_listed_with_their_messages(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    write(&storage, move |unit| {
        for (number, after) in [(4, 3), (1, 1), (3, 2), (2, 1), (5, 9)] {
            unit.notes().insert(&note(ticket, number, after))?;
        }
        unit.notes().insert(&note(other, 6, 2))
    })
    .await;
    let list = |first, last| {
        let storage = storage.clone();
        async move {
            let notes = read(&storage, move |unit| unit.notes().list(ticket, place(first), place(last))).await;
            notes.iter().map(|note| note.number.get()).collect::<Vec<_>>()
        }
    };
    assert_eq!(list(1, u32::MAX).await, [1, 2, 3, 4, 5]);
    assert_eq!(list(2, 3).await, [3, 4]);
    assert_eq!(list(1, 1).await, [1, 2]);
    assert_eq!(list(4, 8).await, [0; 0]);
}

/// Notes have a table of their own: no list of messages has one, and no message becomes a note.
pub async fn a_note_is_no_message(storage: Shared) {
    let ticket = opened(&storage).await.number;
    write(&storage, move |unit| unit.notes().insert(&with(note(ticket, 2, 1), |note| note.nonce = Some(nonce(2))))).await;
    read(&storage, move |unit| {
        assert_eq!(unit.messages().list(ticket, None, 9)?, [message(ticket, 1)]);
        assert_eq!(unit.messages().find(ticket, place(2))?, None);
        assert_eq!(unit.messages().find_by_nonce(nonce(2))?, None);
        assert_eq!(unit.notes().find(ticket, number(1))?, None);
        Ok(())
    })
    .await;
}

/// `HistoryStore::list`: "For the customer's side, only changes that are for it"; and "after a version".
pub async fn a_customer_reads_no_change_of_the_desk(storage: Shared) {
    let ticket: TicketNumber = opened(&storage).await.number;
    let changes = [
        Change::Opened,
        Change::Assigned(Some(UserId::new("tom"))),
        Change::Noted(number(1)),
        Change::Answered(place(2)),
        Change::Prioritized(Priority::Urgent),
        Change::Categorized(Some(CategoryId::new("billing"))),
        Change::Labelled(label_name("VIP")),
        Change::Unlabelled(label_name("VIP")),
        Change::NoteEdited(number(1)),
        Change::NoteDeleted(number(1)),
        Change::Assigned(None),
        Change::Closed,
    ];
    let entries: Vec<_> = (1..).zip(changes).map(|(version, change)| entry(ticket, version, change)).collect();
    let new = entries.clone();
    write(&storage, move |unit| new.iter().try_for_each(|entry| unit.histories().insert(entry))).await;
    read(&storage, move |unit| {
        assert_eq!(unit.histories().list(ticket, Side::Desk, None)?, entries);
        assert_eq!(unit.histories().list(ticket, Side::Desk, Some(7))?, entries[7..]);
        let versions = |entries: Vec<muticket_core::history::HistoryEntry>| -> Vec<u32> {
            entries.into_iter().map(|entry| entry.version).collect()
        };
        assert_eq!(versions(unit.histories().list(ticket, Side::Customer, None)?), [1, 4, 12]);
        assert_eq!(versions(unit.histories().list(ticket, Side::Customer, Some(4))?), [12]);
        Ok(())
    })
    .await;
}

/// The note of a ticket, for other cases.
pub(crate) fn all(unit: &mut dyn muticket_core::storage::Unit, ticket: TicketNumber) -> Result<Vec<Note>, StorageError> {
    unit.notes().list(ticket, place(1), place(u32::MAX))
}
