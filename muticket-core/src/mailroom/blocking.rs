//! Work that takes long, on a thread of its own, so that it holds up no other task. The core runs on any runtime, so it asks none for the
//! thread.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::thread;

use crate::error::Unavailable;

/// What comes of the work, and who waits for it.
struct Outcome<T> {
    done: Option<thread::Result<T>>,
    waits: Option<Waker>,
}

/// Does the work on a thread of its own, also if nobody waits for it any more. A panic goes on in the caller. A thread costs less than
/// storing a letter does, so small letters get one, too.
///
/// # Errors
/// [`Unavailable::Thread`]: the machine has no thread left.
pub(crate) async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unavailable> {
    let outcome = Arc::new(Mutex::new(Outcome { done: None, waits: None }));
    let told = outcome.clone();
    let job = move || {
        let done = catch_unwind(AssertUnwindSafe(work));
        let waits = {
            let mut outcome = told.lock().unwrap_or_else(PoisonError::into_inner);
            outcome.done = Some(done);
            outcome.waits.take()
        };
        if let Some(waker) = waits {
            waker.wake();
        }
    };
    thread::Builder::new().name("muticket-letter".to_owned()).spawn(job).map_err(Unavailable::Thread)?;
    let done = poll_fn(|context| {
        let mut outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome.done.take() {
            Some(done) => Poll::Ready(done),
            None => {
                outcome.waits = Some(context.waker().clone());
                Poll::Pending
            }
        }
    });
    match done.await {
        Ok(done) => Ok(done),
        Err(panic) => resume_unwind(panic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn other_tasks_run_meanwhile() {
        let (tell, told) = std::sync::mpsc::channel();
        // On a runtime with one thread, the work would wait for ever.
        let both = tokio::join!(on_thread(move || told.recv()), async move { tell.send(7) });
        assert_eq!(both.0.unwrap(), Ok(7));
    }

    #[tokio::test]
    async fn a_panic_goes_on_in_the_caller() {
        let work = tokio::spawn(on_thread(|| -> () { panic!("for this test") }));
        assert!(work.await.unwrap_err().is_panic());
    }
}
