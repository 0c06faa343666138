//! Running a unit where it may block, and again after it lost a race.

use std::any::Any;
use std::time::Duration;

use muticket_core::storage::{StorageError, StorageFault, Work};
#[cfg(feature = "sqlite")]
use tokio::runtime::{Handle, RuntimeFlavor};

/// What a unit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It reads one picture.
    Read,
    /// It writes.
    Write,
}

/// How a unit ended.
pub(crate) enum Ended {
    /// It was committed or rolled back, or failed.
    Returned(Result<(), StorageError>),
    /// The work panicked; it was rolled back.
    Panicked(Box<dyn Any + Send>),
}

/// How long to wait before the second, third, fourth and fifth run.
const WAITS: [Duration; 4] =
    [Duration::from_millis(5), Duration::from_millis(20), Duration::from_millis(60), Duration::from_millis(150)];

/// Runs the work until it succeeds, its error says that repeating does not help, or it ran five times.
/// What `once` uses (a connection) comes back from each run and goes into the next.
pub(crate) async fn repeat<T: Send + 'static>(
    used: T,
    work: Work,
    once: impl Fn(&mut T, &mut Work) -> Ended + Clone + Send + 'static,
) -> Result<(), StorageError> {
    repeat_with(&WAITS, used, work, once).await
}

/// Runs it once more than there are waits.
async fn repeat_with<T: Send + 'static>(
    waits: &[Duration],
    mut used: T,
    mut work: Work,
    once: impl Fn(&mut T, &mut Work) -> Ended + Clone + Send + 'static,
) -> Result<(), StorageError> {
    for wait in waits {
        let result;
        (used, work, result) = hop(used, work, once.clone()).await?;
        match result {
            Err(error) if error.may_repeat() => tokio::time::sleep(*wait).await,
            result => return result,
        }
    }
    run(used, work, once).await
}

/// The same on the thread that asks, for a unit that waits for nobody and takes less time than a change of threads. On a runtime of
/// several threads another one does meanwhile what this one would have done; on one of a single thread this is [`repeat`].
#[cfg(feature = "sqlite")]
pub(crate) async fn repeat_here<T: Send + 'static>(
    mut used: T,
    mut work: Work,
    once: impl Fn(&mut T, &mut Work) -> Ended + Clone + Send + 'static,
) -> Result<(), StorageError> {
    if Handle::current().runtime_flavor() != RuntimeFlavor::MultiThread {
        return repeat(used, work, once).await;
    }
    match tokio::task::block_in_place(|| once(&mut used, &mut work)) {
        Ended::Returned(Err(error)) if error.may_repeat() => {
            let [first, others @ ..] = &WAITS;
            tokio::time::sleep(*first).await;
            repeat_with(others, used, work, once).await
        }
        Ended::Returned(result) => result,
        Ended::Panicked(panic) => std::panic::resume_unwind(panic),
    }
}

/// Runs the work, whatever its error says: inside of a host's transaction, which is as lost as the race.
pub(crate) async fn run<T: Send + 'static>(
    used: T,
    work: Work,
    once: impl FnOnce(&mut T, &mut Work) -> Ended + Send + 'static,
) -> Result<(), StorageError> {
    let (_, _, result) = hop(used, work, once).await?;
    result
}

/// Runs a unit on a thread that may block, and takes what belongs to it there and back. A caller that goes away does not stop it.
async fn hop<T: Send + 'static>(
    mut used: T,
    mut work: Work,
    once: impl FnOnce(&mut T, &mut Work) -> Ended + Send + 'static,
) -> Result<(T, Work, Result<(), StorageError>), StorageError> {
    let thread = tokio::task::spawn_blocking(move || {
        let ended = once(&mut used, &mut work);
        (used, work, ended)
    });
    match thread.await {
        Ok((used, work, Ended::Returned(result))) => Ok((used, work, result)),
        Ok((_, _, Ended::Panicked(panic))) => std::panic::resume_unwind(panic),
        Err(error) => Err(StorageError::fault(StorageFault::Other, error)),
    }
}
