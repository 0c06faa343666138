//! Letters that are held after a database was restored.

use muticket_core::notification::{DropReason, LetterState};
use muticket_core::storage::{OutboxCounts, Pulse, StorageError};

use crate::Shared;
use crate::material::{at, letter, new_ticket, other_error, read, write};
use crate::outbox::{claim, in_all_states, numbers, settle};

/// `OutboxStore::hold` "Holds all waiting and claimed letters, and returns their number. Held letters cannot be claimed, and
/// existing claims on them can no longer be settled." `OutboxStore::end_hold` "Sets the state of all held letters, and returns
/// their number."
pub async fn letters_are_held_and_let_go(storage: Shared) {
    in_all_states(&storage).await;
    let listed = async || numbers(&read(&storage, |unit| unit.outbox().list_unsent(99)).await);
    let counts = async || read(&storage, |unit| unit.outbox().count()).await;
    assert_eq!(write(&storage, |unit| unit.outbox().hold()).await, 4);
    assert_eq!(write(&storage, |unit| unit.outbox().hold()).await, 0);
    assert_eq!(counts().await, OutboxCounts { held: 4, sent: 3, dropped: 2, failed: 2, ..OutboxCounts::default() });
    assert_eq!(read(&storage, |unit| unit.outbox().held()).await, 4);
    assert_eq!(listed().await, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(read(&storage, |unit| unit.outbox().next_due()).await, None);
    assert_eq!(claim(&storage, at(999), at(1999), 99).await, []);
    assert!(!settle(&storage, 6, 0, LetterState::Sent { at: at(9) }).await);
    // Letters that are inserted later are not held.
    let ticket = read(&storage, |unit| Ok(unit.outbox().list_unsent(1)?[0].ticket)).await.unwrap();
    write(&storage, move |unit| unit.outbox().insert(&[letter(ticket, 20, at(50))])).await;
    assert_eq!(numbers(&claim(&storage, at(999), at(1999), 99).await), [20]);
    let state = LetterState::Waiting { not_before: at(70), problem: None };
    assert_eq!(write(&storage, move |unit| unit.outbox().end_hold(&state)).await, 4);
    let released = claim(&storage, at(70), at(1999), 99).await;
    assert_eq!(numbers(&released), [3, 4, 5, 6]);
    write(&storage, |unit| unit.outbox().hold()).await;
    let dropped = LetterState::Dropped { at: at(80), reason: DropReason::Discarded };
    assert_eq!(write(&storage, move |unit| unit.outbox().end_hold(&dropped)).await, 5);
    assert_eq!(counts().await, OutboxCounts { sent: 3, dropped: 7, failed: 2, ..OutboxCounts::default() });
    let state = LetterState::Sent { at: at(90) };
    assert_eq!(write(&storage, move |unit| unit.outbox().end_hold(&state)).await, 0);
}

/// `OutboxStore::bring_forward` "Makes letters that are due after `latest`, dated by a wrong clock, due at `due`, and returns their number.
/// Their states, attempts and claims stay, so the holder of a claim can still settle it."
pub async fn letters_of_the_future_are_brought_forward(storage: Shared) {
    let ticket = write(&storage, |unit| Ok(unit.tickets().insert(&new_ticket("anna"))?.number)).await;
    let letters =
        [letter(ticket, 1, at(10)), letter(ticket, 2, at(100)), letter(ticket, 3, at(101)), letter(ticket, 4, at(9000))];
    write(&storage, move |unit| unit.outbox().insert(&letters)).await;
    assert_eq!(numbers(&claim(&storage, at(10), at(8000), 99).await), [1]);
    assert_eq!(write(&storage, |unit| unit.outbox().bring_forward(at(100), at(20))).await, 3);
    let due = read(&storage, |unit| Ok((unit.outbox().next_due()?, unit.outbox().count()?.waiting))).await;
    assert_eq!(due, (Some(at(20)), 4));
    assert!(settle(&storage, 1, 1, LetterState::Sent { at: at(11) }).await, "its claim still counts");
    let claimed = claim(&storage, at(20), at(30), 99).await;
    assert_eq!(numbers(&claimed), [3, 4]);
    assert!(claimed.iter().all(|letter| letter.attempts == 1 && letter.claims == 1), "{claimed:?}");
    assert_eq!(numbers(&claim(&storage, at(100), at(200), 99).await), [3, 4, 2]);
    assert_eq!(write(&storage, |unit| unit.outbox().bring_forward(at(200), at(20))).await, 0);
}

/// `OutboxStore::pulse` is "`None` if there never was one", and then the one with which `set_pulse` "Replaces the pulse."
pub async fn the_pulse_is_noted(storage: Shared) {
    assert_eq!(read(&storage, |unit| unit.outbox().pulse()).await, None);
    for pulse in [
        Pulse { beat: 1, at: at(1), stopped: false },
        Pulse { beat: 7_000_000_000, at: at(2) + chrono::TimeDelta::microseconds(1), stopped: true },
        Pulse { beat: 3, at: at(-9), stopped: false },
    ] {
        write(&storage, move |unit| unit.outbox().set_pulse(&pulse)).await;
        assert_eq!(read(&storage, |unit| unit.outbox().pulse()).await, Some(pulse));
    }
    let result: Result<(), StorageError> = storage
        .run_write(|unit| {
            unit.outbox().set_pulse(&Pulse { beat: 9, at: at(9), stopped: true })?;
            Err(other_error())
        })
        .await;
    assert!(result.is_err());
    assert_eq!(read(&storage, |unit| unit.outbox().pulse()).await.map(|pulse| pulse.beat), Some(3));
}
