//! Units of work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use muticket_core::history::Change;
use muticket_core::id::LabelId;
use muticket_core::storage::{StorageError, StorageFault, Unit, UnitError};

use crate::Shared;
use crate::everything::{Picture, category, change_everything, filled, look, seen, supporter};
use crate::material::{
    at, attachment, entry, first, key, label, message, new_ticket, nonce, note, opened, other_error, place, rating, read, saved,
    stored, uuid, write,
};

/// What a use case may end with.
#[derive(Debug)]
enum Stop {
    Decided,
    Storage(StorageError),
}

impl From<StorageError> for Stop {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

impl UnitError for Stop {
    fn into_storage(self) -> Result<StorageError, Self> {
        match self {
            Self::Storage(error) => Ok(error),
            Self::Decided => Err(self),
        }
    }
}

/// "A unit sees its own writes", in every table.
pub async fn a_unit_sees_its_own_writes(storage: Shared) {
    let ticket = filled(&storage).await;
    let (before, after) = write(&storage, move |unit| {
        let before = look(unit, ticket)?;
        change_everything(unit, ticket)?;
        assert!(unit.messages().find(ticket, place(4))?.is_some());
        Ok((before, look(unit, ticket)?))
    })
    .await;
    assert_eq!(before.differences(&after).len(), Picture::PARTS, "only these: {:?}", before.differences(&after));
    assert_eq!(seen(&storage, ticket).await, after);
}

/// "If the closure returns `Err` or panics, none of its changes remain", in any table: here it returns the storage's error.
pub async fn a_unit_that_fails_leaves_nothing(storage: Shared) {
    let ticket = filled(&storage).await;
    let before = seen(&storage, ticket).await;
    let result: Result<(), StorageError> = storage
        .run_write(move |unit| {
            change_everything(unit, ticket)?;
            Err(other_error())
        })
        .await;
    assert!(matches!(result, Err(StorageError::Failed { kind: StorageFault::Other, .. })));
    assert_eq!(seen(&storage, ticket).await, before);
}

/// "If the closure returns `Err` or panics, none of its changes remain": here the use case rolls back by its own decision, without an error
/// of the storage.
pub async fn a_unit_that_decides_so_leaves_nothing(storage: Shared) {
    let ticket = filled(&storage).await;
    let before = seen(&storage, ticket).await;
    let result: Result<(), Stop> = storage
        .run_write(move |unit| {
            change_everything(unit, ticket)?;
            Err(Stop::Decided)
        })
        .await;
    assert!(matches!(result, Err(Stop::Decided)));
    assert_eq!(seen(&storage, ticket).await, before);
}

/// "If the closure returns `Err` or panics, none of its changes remain": a deleted ticket is back, with everything that belongs to it.
pub async fn a_deletion_that_is_rolled_back_was_none(storage: Shared) {
    let ticket = filled(&storage).await;
    let before = seen(&storage, ticket).await;
    let result: Result<(), Stop> = storage
        .run_write(move |unit| {
            assert!(unit.tickets().delete(ticket)?);
            Err(Stop::Decided)
        })
        .await;
    assert!(matches!(result, Err(Stop::Decided)));
    assert_eq!(seen(&storage, ticket).await, before);
}

/// "If the closure returns `Err` or panics, none of its changes remain": here it panics, and the next unit works.
pub async fn a_unit_that_panics_leaves_nothing_and_the_storage_goes_on(storage: Shared) {
    let ticket = filled(&storage).await;
    let before = seen(&storage, ticket).await;
    for _ in 0..3 {
        let inside = storage.clone();
        let panicking = tokio::spawn(async move {
            let _: Result<(), StorageError> = inside
                .run_write(move |unit| {
                    change_everything(unit, ticket)?;
                    panic!("on purpose")
                })
                .await;
        });
        assert!(panicking.await.unwrap_err().is_panic());
    }
    assert_eq!(seen(&storage, ticket).await, before);
    write(&storage, move |unit| change_everything(unit, ticket)).await;
    assert_ne!(seen(&storage, ticket).await, before);
}

/// "If the closure returns `Err` or panics, none of its changes remain": a panic must not keep its connection either.
pub async fn a_reading_unit_that_panics_does_no_harm(storage: Shared) {
    // More often than there are connections for reading.
    for _ in 0..10 {
        let inside = storage.clone();
        let panicking = tokio::spawn(async move {
            let _: Result<(), StorageError> = inside
                .run_read(|unit| {
                    unit.settings().find()?;
                    panic!("on purpose")
                })
                .await;
        });
        assert!(panicking.await.unwrap_err().is_panic());
    }
    let ticket = filled(&storage).await;
    assert!(seen(&storage, ticket).await.ticket.is_some());
}

/// "A storage may run the closure again, from the start and without the changes of the first run": it must, because the doors do not retry.
pub async fn a_unit_runs_again_when_it_lost_a_race(storage: Shared) {
    let ticket = filled(&storage).await;
    let mut runs = 0;
    let run = write(&storage, move |unit| {
        runs += 1;
        // If anything of the first run were left, this would be a duplicate.
        change_everything(unit, ticket)?;
        if runs < 3 { Err(StorageError::Stale) } else { Ok(runs) }
    });
    assert_eq!(run.await, 3);
    assert_eq!(seen(&storage, ticket).await.messages.len(), 4);
}

/// "It does so a limited number of times"
pub async fn a_unit_does_not_run_for_ever(storage: Shared) {
    let runs = Arc::new(AtomicU32::new(0));
    let inside = runs.clone();
    let result: Result<(), StorageError> = storage
        .run_write(move |_| {
            inside.fetch_add(1, Ordering::SeqCst);
            Err(StorageError::Busy("on purpose".into()))
        })
        .await;
    assert!(matches!(result, Err(StorageError::Busy(_))));
    assert!((2..=10).contains(&runs.load(Ordering::SeqCst)));
}

/// It runs again only when the closure failed "with an error that allows it".
pub async fn a_unit_does_not_run_again_for_other_errors(storage: Shared) {
    let runs = Arc::new(AtomicU32::new(0));
    let inside = runs.clone();
    let result: Result<(), StorageError> = storage
        .run_write(move |_| {
            inside.fetch_add(1, Ordering::SeqCst);
            Err(other_error())
        })
        .await;
    assert!(result.is_err());
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

/// "A unit remains usable after an insert was refused as `StorageError::Duplicate`."
pub async fn a_unit_goes_on_after_a_duplicate(storage: Shared) {
    let ticket = opened(&storage).await.number;
    write(&storage, move |unit| {
        unit.messages().insert(&message(ticket, 2))?;
        let refused = unit.messages().insert(&message(ticket, 1));
        assert!(matches!(refused, Err(StorageError::Duplicate)));
        unit.messages().insert(&message(ticket, 3))
    })
    .await;
    let messages = read(&storage, move |unit| unit.messages().list(ticket, None, 10)).await;
    assert_eq!(messages.iter().map(|message| message.number.get()).collect::<Vec<_>>(), [1, 2, 3]);
}

/// "A unit remains usable after an insert was refused as `StorageError::Duplicate`", for every kind of row. The rows that were there stay
/// unchanged.
pub async fn a_unit_goes_on_after_every_kind_of_duplicate(storage: Shared) {
    let ticket = filled(&storage).await;
    let before = seen(&storage, ticket).await;
    let refused = |result| assert!(matches!(result, Err(StorageError::Duplicate)), "{result:?}");
    let after = write(&storage, move |unit| {
        refused(unit.supporters().insert(&supporter(9, "sara", &["x"])));
        unit.supporters().insert(&supporter(4, "uma", &["x"]))?;
        refused(unit.categories().insert(&category("b", &[("en", "Bytes")])));
        unit.categories().insert(&category("d", &[("en", "Data")]))?;
        refused(unit.secrets().insert("old", &[9; 32]));
        unit.secrets().insert("new", &[2; 32])?;
        refused(unit.saved_answers().insert(&saved(1)));
        unit.saved_answers().insert(&saved(3))?;
        refused(unit.attachments().insert(&[attachment(ticket, 1, 1)]));
        unit.attachments().insert(&[attachment(ticket, 1, 5)])?;
        refused(unit.labels().insert(&label(1, "Other")));
        unit.labels().insert(&label(4, "Other"))?;
        refused(unit.labels().put_on(ticket, LabelId(uuid(1))));
        unit.labels().put_on(ticket, LabelId(uuid(4)))?;
        refused(unit.notes().insert(&note(ticket, 1, 1)));
        unit.notes().insert(&note(ticket, 3, 1))?;
        refused(unit.ratings().insert(&rating(ticket, 2, 1, at(9))));
        unit.ratings().insert(&rating(ticket, 3, 1, at(9)))?;
        unit.first_answers().insert(&first(ticket, 2, 60))?;
        refused(unit.first_answers().insert(&first(ticket, 3, 90)));
        refused(unit.histories().insert(&entry(ticket, 1, Change::Closed)));
        unit.histories().insert(&entry(ticket, 2, Change::Closed))?;
        // Noting an orphan again is not a duplicate.
        unit.orphans().insert(&[key(1001), key(1004)], at(10))?;
        look(unit, ticket)
    })
    .await;
    let stored = seen(&storage, ticket).await;
    assert_eq!(stored, after);
    assert_eq!(stored.supporters, [before.supporters, vec![supporter(4, "uma", &["x"])]].concat());
    assert_eq!(stored.categories, [before.categories, vec![category("d", &[("en", "Data")])]].concat());
    assert_eq!(stored.secrets, [Some([1; 32]), Some([2; 32])]);
    assert_eq!((before.saved.0.len(), stored.saved.0.len()), (2, 3));
    assert_eq!(stored.files, [before.files, vec![attachment(ticket, 1, 5)]].concat());
    assert_eq!(stored.labels, [before.labels, vec![label(4, "Other")]].concat());
    assert_eq!(stored.labels_on_ticket, [(ticket, LabelId(uuid(1))), (ticket, LabelId(uuid(4)))]);
    assert_eq!(stored.notes, [before.notes, vec![note(ticket, 3, 1)]].concat());
    assert_eq!(stored.ratings, [before.ratings, vec![rating(ticket, 3, 1, at(9))]].concat());
    assert_eq!(stored.first_answers.len(), 1);
    assert_eq!(stored.history, [before.history, vec![entry(ticket, 2, Change::Closed)]].concat());
    assert_eq!(stored.orphans.len(), before.orphans.len() + 1);
}

/// "Two units that write the same ticket behave as if one ran after the other", and everything for which `write` returned `Ok` is stored.
pub async fn concurrent_writers_lose_nothing(storage: Shared) {
    const WRITERS: u32 = 8;
    const TIMES: u32 = 100;
    let number = stored(&storage, new_ticket("anna")).await.number;
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let storage = storage.clone();
            tokio::spawn(async move {
                for _ in 0..TIMES {
                    write(&storage, move |unit| {
                        let mut ticket = unit.tickets().find(number)?.unwrap();
                        ticket.answers += 1;
                        ticket.version += 1;
                        unit.tickets().update(&ticket)
                    })
                    .await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let ticket = read(&storage, move |unit| unit.tickets().find(number)).await.unwrap();
    assert_eq!((ticket.answers, ticket.version), (WRITERS * TIMES, WRITERS * TIMES + 1));
}

/// A unit sees its own writes; "other units see them only after the commit".
pub async fn nobody_sees_an_unfinished_unit(storage: Shared) {
    let number = stored(&storage, new_ticket("anna")).await.number;
    let inside = storage.clone();
    let writer = tokio::spawn(async move {
        for round in 0..50_u128 {
            write(&inside, move |unit| {
                let mut ticket = unit.tickets().find(number)?.unwrap();
                let mut message = message(number, ticket.version);
                message.nonce = Some(nonce(round));
                unit.messages().insert(&message)?;
                ticket.version += 1;
                unit.tickets().update(&ticket)
            })
            .await;
        }
    });
    while !writer.is_finished() {
        let (version, messages) = read(&storage, move |unit| {
            let version = unit.tickets().find(number)?.unwrap().version;
            Ok((version, unit.messages().list(number, None, 1000)?.len()))
        })
        .await;
        assert_eq!(usize::try_from(version).unwrap(), messages + 1);
        tokio::task::yield_now().await;
    }
    writer.await.unwrap();
}

/// "A write inside it fails": inside `read`.
pub async fn a_reading_unit_cannot_write(storage: Shared) {
    let ticket = filled(&storage).await;
    let before = seen(&storage, ticket).await;
    let result: Result<(), StorageError> = storage.run_read(move |unit| change_everything(unit, ticket)).await;
    assert!(matches!(result, Err(StorageError::Failed { kind: StorageFault::NotWritable, .. })), "{result:?}");
    assert_eq!(seen(&storage, ticket).await, before);

    let swallowed: Result<(), StorageError> = storage
        .run_read(|unit| {
            drop(unit.secrets().insert("new", &[2; 32]));
            Ok(())
        })
        .await;
    drop(swallowed);
    assert_eq!(seen(&storage, ticket).await, before);
}

/// "`Storage::read` provides one consistent snapshot"
pub async fn a_reading_unit_sees_one_picture(storage: Shared) {
    sees_one_picture(storage, Look::Read).await;
}

/// "`Storage::read` provides one consistent snapshot with everything that was committed before it began": a courier's next unit depends on
/// what its last one wrote.
pub async fn a_reading_unit_sees_what_was_committed_before(storage: Shared) {
    for _ in 0..20 {
        let number = opened(&storage).await.number;
        let seen = read(&storage, move |unit| unit.tickets().find(number)).await;
        assert!(seen.is_some());
        write(&storage, move |unit| unit.messages().insert(&message(number, 2))).await;
        let seen = read(&storage, move |unit| unit.messages().list(number, None, 100)).await;
        assert_eq!(seen.len(), 2);
    }
}

/// "`Storage::read_stale` is the same, but its snapshot may be older"
pub async fn a_stale_read_sees_one_picture(storage: Shared) {
    sees_one_picture(storage, Look::Stale).await;
}

/// "A write inside it fails": inside `read_stale` too.
pub async fn a_stale_read_cannot_write(storage: Shared) {
    let result: Result<(), StorageError> = storage.run_read_stale(|unit| unit.secrets().insert("new", &[2; 32])).await;
    assert!(matches!(result, Err(StorageError::Failed { kind: StorageFault::NotWritable, .. })), "{result:?}");
    assert_eq!(read(&storage, |unit| unit.secrets().find("new")).await, None);
}

/// The two ways to read.
#[derive(Clone, Copy)]
enum Look {
    Read,
    Stale,
}

async fn sees_one_picture(storage: Shared, look: Look) {
    let number = stored(&storage, new_ticket("anna")).await.number;
    let (has_read, reading) = std::sync::mpsc::channel();
    let (has_written, writing) = std::sync::mpsc::channel();
    let inside = storage.clone();
    let reader = tokio::task::spawn_blocking(move || {
        let work = move |unit: &mut dyn Unit| -> Result<_, StorageError> {
            let before = unit.tickets().find(number)?;
            has_read.send(()).unwrap();
            writing.recv_timeout(Duration::from_secs(5)).unwrap();
            Ok((before, unit.tickets().find(number)?, unit.secrets().find("key")?))
        };
        let runtime = tokio::runtime::Handle::current();
        match look {
            Look::Read => runtime.block_on(inside.run_read(work)),
            Look::Stale => runtime.block_on(inside.run_read_stale(work)),
        }
    });
    tokio::task::spawn_blocking(move || reading.recv_timeout(Duration::from_secs(5)).unwrap()).await.unwrap();
    write(&storage, move |unit| {
        unit.tickets().delete(number)?;
        unit.secrets().insert("key", &[1; 32])
    })
    .await;
    has_written.send(()).unwrap();
    let (before, after, secret) = reader.await.unwrap().unwrap();
    // A stale read may show a picture from before the ticket was stored.
    assert!(before.is_some() || matches!(look, Look::Stale));
    assert_eq!((after, secret), (before, None));
}

/// A unit ends, or leaves nothing, even if its caller has gone away. The next unit works.
pub async fn a_caller_that_goes_away_does_no_harm(storage: Shared) {
    for _ in 0..20 {
        let inside = storage.clone();
        let caller = tokio::spawn(async move { write(&inside, |unit| unit.tickets().insert(&new_ticket("anna"))).await });
        tokio::task::yield_now().await;
        caller.abort();
        drop(caller.await);
        // The first caller may be gone before the unit began. This one has polled it once.
        let asked = write(&storage, |unit| unit.tickets().insert(&new_ticket("anna")));
        drop(tokio::time::timeout(Duration::ZERO, asked).await);
    }
    let ticket = filled(&storage).await;
    assert!(seen(&storage, ticket).await.ticket.is_some());
}
