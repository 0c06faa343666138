//! Lets a blocking thread wait for an asynchronous driver.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use diesel_async::async_connection_wrapper::BlockOn;
use tokio::runtime::{Builder, Handle, Runtime};

/// Drives one connection.
///
/// MuTicket's own connections each have a small runtime, so the thread that waits for the answer also reads it from the socket. On the
/// site's runtime another thread would read it and wake this one at each statement, which takes longer than the statement.
#[derive(Clone)]
pub(crate) struct BlockingExecutor(Driver);

#[derive(Clone)]
enum Driver {
    Own(Arc<Own>),
    Current(Handle),
}

struct Own(Option<Runtime>);

thread_local! {
    /// The executor for the connection that is being created. It is passed this way because Diesel's wrapper takes no argument.
    static NEXT: RefCell<Option<BlockingExecutor>> = const { RefCell::new(None) };
}

impl BlockingExecutor {
    /// For a connection that MuTicket opened itself.
    pub(crate) fn own() -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self(Driver::Own(Arc::new(Own(Some(runtime))))))
    }

    /// For a connection that belongs to the current runtime.
    pub(crate) fn current() -> Self {
        Self(Driver::Current(Handle::current()))
    }

    /// Waits for the future, up to the given time.
    pub(crate) fn wait<F: Future>(&self, limit: Duration, future: F) -> Result<F::Output, tokio::time::error::Elapsed> {
        self.block_on(async { tokio::time::timeout(limit, future).await })
    }

    /// Runs `make`; the connection that it creates uses this executor.
    pub(crate) fn with<T>(&self, make: impl FnOnce() -> T) -> T {
        NEXT.set(Some(self.clone()));
        make()
    }
}

impl BlockOn for BlockingExecutor {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        match &self.0 {
            Driver::Own(own) => match &own.0 {
                Some(runtime) => runtime.block_on(future),
                None => unreachable!("it is there until it is dropped"),
            },
            Driver::Current(handle) => handle.block_on(future),
        }
    }

    fn get_runtime() -> Self {
        NEXT.take().unwrap_or_else(Self::current)
    }
}

/// Shuts down in the background. Dropping a runtime on an asynchronous thread panics, and no task is left to finish, because the
/// connection is gone.
impl Drop for Own {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
