//! Running a unit again after it lost a race.

use std::time::Duration;

use muticket_core::storage::{StorageError, Work};

/// How long to wait before the second, third, fourth and fifth run.
const WAITS: [Duration; 4] =
    [Duration::from_millis(5), Duration::from_millis(20), Duration::from_millis(60), Duration::from_millis(150)];

/// Runs the work until it succeeds, its error says that repeating does not help, or it ran five times.
/// What `once` carries along (a connection) comes back from each run and goes into the next.
pub(crate) async fn repeat<T, F>(mut carried: T, mut work: Work, mut once: impl FnMut(T, Work) -> F) -> Result<(), StorageError>
where
    F: Future<Output = Result<(T, Work, Result<(), StorageError>), StorageError>>,
{
    for wait in WAITS {
        let (carried_back, work_back, result) = once(carried, work).await?;
        match result {
            Err(error) if error.may_repeat() => tokio::time::sleep(wait).await,
            result => return result,
        }
        (carried, work) = (carried_back, work_back);
    }
    let (_, _, result) = once(carried, work).await?;
    result
}
