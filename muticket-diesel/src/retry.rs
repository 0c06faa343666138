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
pub(crate) enum UnitOutcome {
    /// The work returned: it was committed, rolled back, or failed.
    Returned(Result<(), StorageError>),
    /// The work panicked, and was rolled back.
    Panicked(Box<dyn Any + Send>),
}

/// The delays before the second, third, fourth and fifth run.
const DELAYS: [Duration; 4] =
    [Duration::from_millis(5), Duration::from_millis(20), Duration::from_millis(60), Duration::from_millis(150)];

/// Runs the work until it succeeds, fails with an error that a retry cannot mend, or ran five times. `used` (a connection) is passed from
/// each run to the next.
pub(crate) async fn retry<T: Send + 'static>(
    used: T,
    work: Work,
    once: impl Fn(&mut T, &mut Work) -> UnitOutcome + Clone + Send + 'static,
) -> Result<(), StorageError> {
    retry_after(&DELAYS, used, work, once).await
}

/// Runs the work at most once more than there are delays.
async fn retry_after<T: Send + 'static>(
    delays: &[Duration],
    mut used: T,
    mut work: Work,
    once: impl Fn(&mut T, &mut Work) -> UnitOutcome + Clone + Send + 'static,
) -> Result<(), StorageError> {
    for delay in delays {
        let result;
        (used, work, result) = on_blocking_thread(used, work, once.clone()).await?;
        match result {
            Err(error) if error.is_retryable() => tokio::time::sleep(*delay).await,
            result => return result,
        }
    }
    on_blocking_thread(used, work, once).await?.2
}

/// Like [`retry`], but runs first on the calling thread. It is for units that wait for nothing and take less time than a change of
/// threads. On a multi-threaded runtime another thread takes over the tasks of this one meanwhile. On a single-threaded runtime this is
/// [`retry`].
#[cfg(feature = "sqlite")]
pub(crate) async fn retry_in_place<T: Send + 'static>(
    mut used: T,
    mut work: Work,
    once: impl Fn(&mut T, &mut Work) -> UnitOutcome + Clone + Send + 'static,
) -> Result<(), StorageError> {
    if Handle::current().runtime_flavor() != RuntimeFlavor::MultiThread {
        return retry(used, work, once).await;
    }
    match tokio::task::block_in_place(|| once(&mut used, &mut work)) {
        UnitOutcome::Returned(Err(error)) if error.is_retryable() => {
            let [first, others @ ..] = &DELAYS;
            tokio::time::sleep(*first).await;
            retry_after(others, used, work, once).await
        }
        UnitOutcome::Returned(result) => result,
        UnitOutcome::Panicked(panic) => std::panic::resume_unwind(panic),
    }
}

/// Runs the work once and never retries it. Use it for units inside a host's transaction: a lost race ends that transaction too, so a
/// retry is of no use.
#[cfg(feature = "host-connections")]
pub(crate) async fn run_once<T: Send + 'static>(
    used: T,
    work: Work,
    once: impl FnOnce(&mut T, &mut Work) -> UnitOutcome + Send + 'static,
) -> Result<(), StorageError> {
    on_blocking_thread(used, work, once).await?.2
}

/// Runs a unit on a blocking thread, and moves the values it needs there and back. The unit runs to its end even if the caller goes away.
async fn on_blocking_thread<T: Send + 'static>(
    mut used: T,
    mut work: Work,
    once: impl FnOnce(&mut T, &mut Work) -> UnitOutcome + Send + 'static,
) -> Result<(T, Work, Result<(), StorageError>), StorageError> {
    let thread = tokio::task::spawn_blocking(move || {
        let outcome = once(&mut used, &mut work);
        (used, work, outcome)
    });
    match thread.await {
        Ok((used, work, UnitOutcome::Returned(result))) => Ok((used, work, result)),
        Ok((_, _, UnitOutcome::Panicked(panic))) => std::panic::resume_unwind(panic),
        Err(error) => Err(StorageError::fault(StorageFault::Other, error)),
    }
}
