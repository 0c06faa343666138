//! The worker from the launch of the module to the stop of the site.

use muticket_core::causes::with_causes;
use muticket_web::Worker;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The running worker: it sends emails, and deletes files that belong to no message.
///
/// Call [`stop`](Self::stop) after the server has stopped. If this is dropped instead, the worker goes on until the runtime ends, and a
/// letter that is being sent then is sent again by the next process.
#[must_use = "without `stop` a letter that is being sent while the site stops is cut off"]
#[derive(Debug)]
pub struct RunningWorker {
    base: String,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl RunningWorker {
    pub(crate) fn start(base: String, worker: Worker) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(worker.run(async {
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
        }));
        Self { base, stop, task }
    }

    /// Stops the worker. Returns when the letter that is being sent is finished, after ten seconds at most, and the database knows that the
    /// site was stopped cleanly.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        if let Err(error) = self.task.await {
            tracing::error!(cause = %with_causes(&error), "MuTicket at {}: the worker has panicked", self.base);
        }
    }
}
