//! Runs a unit on a thread that may block, and retries it after a lost race.

use std::any::Any;
use std::time::Duration;

use muticket_core::storage::{StorageError, StorageFault, Work};
#[cfg(feature = "sqlite")]
use tokio::runtime::{Handle, RuntimeFlavor};

/// What a unit does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It reads one consistent picture.
    Read,
    /// It writes.
    Write,
}

/// The outcome of a unit.
pub(crate) enum Ended {
    /// The work returned: it was committed, rolled back, or failed.
    Returned(Result<(), StorageError>),
    /// The work panicked, and was rolled back.
    Panicked(Box<dyn Any + Send>),
}

/// The waits before the second, third, fourth and fifth run.
const WAITS: [Duration; 4] =
    [Duration::from_millis(5), Duration::from_millis(20), Duration::from_millis(60), Duration::from_millis(150)];

/// Runs the work until it succeeds, fails with an error that a retry cannot mend, or ran five times. `used` (a connection) is passed from
/// each run to the next.
pub(crate) async fn repeat<T: Send + 'static>(
    used: T,
    work: Work,
    once: impl Fn(&mut T, &mut Work) -> Ended + Clone + Send + 'static,
) -> Result<(), StorageError> {
    repeat_with(&WAITS, used, work, once).await
}

/// Runs the work at most once more than there are waits.
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

/// Like [`repeat`], but runs first on the calling thread. It is for units that wait for nothing and take less time than a change of
/// threads. On a multi-threaded runtime another thread takes over the tasks of this one meanwhile. On a single-threaded runtime this is
/// [`repeat`].
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

/// Runs the work once, whatever its error is. It is for units inside a host's transaction: a lost race ends that transaction too, so a
/// retry is of no use.
pub(crate) async fn run<T: Send + 'static>(
    used: T,
    work: Work,
    once: impl FnOnce(&mut T, &mut Work) -> Ended + Send + 'static,
) -> Result<(), StorageError> {
    let (_, _, result) = hop(used, work, once).await?;
    result
}

/// Runs a unit on a blocking thread, and moves the values it needs there and back. The unit runs to its end even if the caller goes away.
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
