//! The worker from the launch of the module to the stop of the site.

use std::time::Duration;

use muticket_core::causes::with_causes;
use muticket_web::Worker;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::under_way::UnderWay;

/// How long the stop waits for requests whose browsers have left.
const PATIENCE: Duration = Duration::from_secs(10);

/// The running worker: it sends emails, and deletes files that belong to no message.
///
/// Call [`stop`](Self::stop) after the server has stopped. If this is dropped instead, the worker goes on until the runtime ends, and a
/// letter that is being sent then is sent again by the next process.
#[must_use = "without `stop` a letter that is being sent while the site stops is cut off"]
#[derive(Debug)]
pub struct RunningWorker {
    base: String,
    under_way: UnderWay,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl RunningWorker {
    pub(crate) fn start(base: String, worker: Worker, under_way: UnderWay) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(worker.run(async {
            if stopped.await.is_err() {
                std::future::pending::<()>().await;
            }
        }));
        Self { base, under_way, stop, task }
    }

    /// Waits for the requests whose browsers have left before their answers, because no server waits for them. Then stops the worker, and
    /// returns when the letter that is being sent is finished and the database knows that the site was stopped cleanly. Each of the two
    /// waits takes ten seconds at most.
    pub async fn stop(self) {
        if timeout(PATIENCE, self.under_way.ends()).await.is_err() {
            tracing::warn!("MuTicket at {}: the site stops while a request is still being answered", self.base);
        }
        let _ = self.stop.send(());
        if let Err(error) = self.task.await {
            tracing::error!(cause = %with_causes(&error), "MuTicket at {}: the worker has panicked", self.base);
        }
    }
}
