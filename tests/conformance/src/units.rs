//! Units of work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use muticket_core::id::TicketNumber;
use muticket_core::storage::{StorageError, StorageFault, Unit, UnitError};

use crate::Shared;
use crate::material::{message, new_ticket, nonce, opened, place, read, stored, write};

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

/// Changes everything there is.
fn write_something(unit: &mut dyn Unit) -> Result<TicketNumber, StorageError> {
    let ticket = unit.tickets().insert(&new_ticket("anna"))?;
    unit.messages().insert(&message(ticket.number, 1))?;
    unit.secrets().insert("key", &[1; 32])?;
    Ok(ticket.number)
}

async fn is_empty(storage: &Shared) -> bool {
    let first = TicketNumber::new(1).unwrap();
    read(storage, move |unit| Ok(unit.tickets().find(first)?.is_none() && unit.secrets().find("key")?.is_none())).await
}

fn other_error() -> StorageError {
    StorageError::fault(StorageFault::Other, "on purpose")
}

/// "A unit sees its own writes."
pub async fn a_unit_sees_its_own_writes(storage: Shared) {
    let seen = write(&storage, |unit| {
        let number = write_something(unit)?;
        Ok(unit.messages().find(number, place(1))?.is_some() && unit.secrets().find("key")?.is_some())
    });
    assert!(seen.await);
    assert!(!is_empty(&storage).await);
}

/// "If the closure returns `Err` or panics, nothing it did remains": here it returns the storage's error.
pub async fn a_unit_that_fails_leaves_nothing(storage: Shared) {
    let result: Result<(), StorageError> = storage
        .run_write(|unit| {
            write_something(unit)?;
            Err(other_error())
        })
        .await;
    assert!(matches!(result, Err(StorageError::Failed { kind: StorageFault::Other, .. })));
    assert!(is_empty(&storage).await);
}

/// "If the closure returns `Err` or panics, nothing it did remains": here it decided so, which is no error of the storage.
pub async fn a_unit_that_decides_so_leaves_nothing(storage: Shared) {
    let result: Result<(), Stop> = storage
        .run_write(|unit| {
            write_something(unit)?;
            Err(Stop::Decided)
        })
        .await;
    assert!(matches!(result, Err(Stop::Decided)));
    assert!(is_empty(&storage).await);
}

/// "If the closure returns `Err` or panics, nothing it did remains": here it panics, and the next unit works.
pub async fn a_unit_that_panics_leaves_nothing_and_the_storage_goes_on(storage: Shared) {
    for _ in 0..3 {
        let inside = storage.clone();
        let panicking = tokio::spawn(async move {
            let _: Result<(), StorageError> = inside
                .run_write(|unit| {
                    write_something(unit)?;
                    panic!("on purpose")
                })
                .await;
        });
        assert!(panicking.await.unwrap_err().is_panic());
    }
    assert!(is_empty(&storage).await);
    write(&storage, write_something).await;
    assert!(!is_empty(&storage).await);
}

/// "If the closure returns `Err` or panics, nothing it did remains": not even a connection that is never given back.
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
    write(&storage, write_something).await;
    assert!(!is_empty(&storage).await);
}

/// "A storage may run the closure again, from the start and with nothing of the first run left": it must, for the doors do not.
pub async fn a_unit_runs_again_when_it_lost_a_race(storage: Shared) {
    let mut runs = 0;
    let run = write(&storage, move |unit| {
        runs += 1;
        // With anything left of the first run, this would be a duplicate.
        write_something(unit)?;
        if runs < 3 { Err(StorageError::Stale) } else { Ok(runs) }
    });
    assert_eq!(run.await, 3);
    assert!(!is_empty(&storage).await);
}

/// "It does so a bounded number of times."
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

/// It runs again only when the closure failed "with an error that says so".
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

/// "A unit in which an insert was refused as `Duplicate` can be used further."
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

/// "Two units that write the same ticket behave as if one ran after the other", and what `write` said `Ok` to is there.
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

/// A unit sees its own writes; "nobody else sees them before the end".
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

/// "A write inside it fails": inside of `read`.
pub async fn a_reading_unit_cannot_write(storage: Shared) {
    let result: Result<(), StorageError> = storage.run_read(|unit| write_something(unit).map(drop)).await;
    assert!(matches!(result, Err(StorageError::Failed { kind: StorageFault::NotWritable, .. })), "{result:?}");
    assert!(is_empty(&storage).await);

    let swallowed: Result<(), StorageError> = storage
        .run_read(|unit| {
            drop(unit.secrets().insert("key", &[1; 32]));
            Ok(())
        })
        .await;
    drop(swallowed);
    assert!(is_empty(&storage).await);
}

/// "`read` gives one consistent picture."
pub async fn a_reading_unit_sees_one_picture(storage: Shared) {
    sees_one_picture(storage, Look::Read).await;
}

/// "`read` gives one consistent picture with everything in it that was committed before it began": the next unit of a courier decides
/// by what the last one wrote.
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

/// "`glance` is the same, but its picture may be an older one."
pub async fn a_glance_sees_one_picture(storage: Shared) {
    sees_one_picture(storage, Look::Glance).await;
}

/// "A write inside it fails": inside of `glance` too.
pub async fn a_glance_cannot_write(storage: Shared) {
    let result: Result<(), StorageError> = storage.run_glance(|unit| write_something(unit).map(drop)).await;
    assert!(matches!(result, Err(StorageError::Failed { kind: StorageFault::NotWritable, .. })), "{result:?}");
    assert!(is_empty(&storage).await);
}

/// The two ways to look without writing.
#[derive(Clone, Copy)]
enum Look {
    Read,
    Glance,
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
            Look::Glance => runtime.block_on(inside.run_glance(work)),
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
    // A picture from before the ticket was stored is one too, if it is a glance.
    assert!(before.is_some() || matches!(look, Look::Glance));
    assert_eq!((after, secret), (before, None));
}

/// A unit ends or leaves nothing, also when nobody waits for it any more; the next one works.
pub async fn a_caller_that_goes_away_does_no_harm(storage: Shared) {
    for _ in 0..20 {
        let inside = storage.clone();
        let caller = tokio::spawn(async move { write(&inside, |unit| unit.tickets().insert(&new_ticket("anna"))).await });
        tokio::task::yield_now().await;
        caller.abort();
        drop(caller.await);
        // That one may have gone before anything began; this one has asked once.
        let asked = write(&storage, |unit| unit.tickets().insert(&new_ticket("anna")));
        drop(tokio::time::timeout(Duration::ZERO, asked).await);
    }
    write(&storage, write_something).await;
    assert!(!is_empty(&storage).await);
}
