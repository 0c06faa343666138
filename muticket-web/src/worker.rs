//! The work beside the requests: it sends the letters that are due, sweeps orphans now and then, and stops with the site.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use muticket_core::Helpdesk;
use muticket_core::courier::{Courier, Delivery};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep_until, timeout};

use crate::report::with_causes;

/// The longest time between two looks at the outbox. Another node or program may have added a letter.
const ROUND: Duration = Duration::from_secs(30);
/// How often orphans are swept.
const SWEEP: Duration = Duration::from_secs(10 * 60);
/// How long a stopping site waits for the letter that is being sent.
const PATIENCE: Duration = Duration::from_secs(10);

/// Everything that runs beside the requests: sending emails, and deleting files that belong to no message.
pub struct Worker {
    helpdesk: Helpdesk,
    courier: Option<Courier>,
    bell: Arc<Notify>,
    outbox: Outage,
    server: Outage,
    mailroom: Outage,
}

/// A problem that lasts. It is logged when it begins or when its cause changes, not each time it occurs.
#[derive(Debug, Default)]
struct Outage(Option<String>);

impl Outage {
    /// Records the cause. Returns whether it is new.
    fn is_new(&mut self, cause: &str) -> bool {
        let new = self.0.as_deref() != Some(cause);
        self.0 = Some(cause.to_owned());
        new
    }

    /// Ends the outage. Returns whether there was one.
    fn is_over(&mut self) -> bool {
        self.0.take().is_some()
    }
}

impl Worker {
    pub(crate) fn new(helpdesk: Helpdesk, courier: Option<Courier>) -> Self {
        let bell = Arc::new(Notify::new());
        let ringing = bell.clone();
        helpdesk.on_letters(move || ringing.notify_one());
        Self { helpdesk, courier, bell, outbox: Outage::default(), server: Outage::default(), mailroom: Outage::default() }
    }

    /// Works until `stop` completes. Then it finishes the letter that is being sent, for ten seconds at most, and notes that the site was
    /// stopped cleanly. A letter that takes longer is sent again by the next process, with the same `Message-ID`.
    ///
    /// Spawn it when the site begins to listen, and wait for it when the site stops. It needs a Tokio runtime with timers.
    pub async fn run(self, stop: impl Future<Output = ()> + Send) {
        let (tell, stopped) = watch::channel(false);
        let mut work = pin!(self.work_until(stopped));
        tokio::select! {
            () = &mut work => return,
            () = stop => {
                tell.send_replace(true);
            }
        }
        if timeout(PATIENCE, work).await.is_err() {
            tracing::warn!("MuTicket: the courier was stopped in the middle of a letter; it will be sent again");
        }
    }

    async fn work_until(mut self, mut stopped: watch::Receiver<bool>) {
        self.work(&mut stopped).await;
        if let Some(courier) = &self.courier
            && let Err(error) = courier.stop().await
        {
            tracing::warn!(cause = %with_causes(&error), "MuTicket: the stop of the site could not be recorded; letters may be held at the next launch");
        }
    }

    async fn work(&mut self, stopped: &mut watch::Receiver<bool>) {
        let mut sweep_at = Instant::now() + SWEEP;
        loop {
            if *stopped.borrow() {
                return;
            }
            let next = survived(self.deliver()).await.unwrap_or_else(|| Instant::now() + ROUND).min(sweep_at);
            let letters = survived(self.take_in()).await.flatten();
            let next = letters.map_or(next, |letters| next.min(letters));
            if Instant::now() >= sweep_at {
                let _ = survived(self.sweep()).await;
                sweep_at = Instant::now() + SWEEP;
            }
            tokio::select! {
                () = sleep_until(next) => {}
                () = self.bell.notified() => {}
                _ = stopped.changed() => return,
            }
        }
    }

    /// Works on letters that came in and wait. Returns when to look again; `None` if none waits.
    async fn take_in(&mut self) -> Option<Instant> {
        let waits = match self.helpdesk.work_on_letters().await {
            Ok(due) => due.map(|due| (due - self.helpdesk.now()).to_std().unwrap_or_default()),
            Err(error) => {
                let cause = with_causes(&error);
                if self.mailroom.is_new(&cause) {
                    tracing::error!(%cause, "MuTicket: letters that came in could not be worked on; MuTicket tries again");
                }
                return Some(Instant::now() + ROUND);
            }
        };
        if self.mailroom.is_over() {
            tracing::info!("MuTicket: letters that came in can be worked on again");
        }
        waits.map(|waits| Instant::now() + waits.clamp(Duration::from_millis(100), ROUND))
    }

    async fn sweep(&self) {
        if let Err(error) = self.helpdesk.sweep().await {
            tracing::error!(cause = %with_causes(&error), "MuTicket: files that belong to no message could not be swept");
        }
    }

    /// Sends what is due. Returns when to look again.
    async fn deliver(&mut self) -> Instant {
        let Some(courier) = &self.courier else { return Instant::now() + SWEEP };
        match courier.deliver_due().await {
            Ok(delivery) => {
                let server = courier.server();
                self.report(&delivery, &server);
                let due = delivery.next_due.map(|due| (due - self.helpdesk.now()).to_std().unwrap_or_default());
                // Wait at least a few milliseconds. A clock that is cut to microseconds could otherwise cause a busy loop.
                Instant::now() + due.unwrap_or(ROUND).clamp(Duration::from_millis(5), ROUND)
            }
            Err(error) => {
                let cause = with_causes(&error);
                if self.outbox.is_new(&cause) {
                    tracing::error!(%cause, "MuTicket: the outbox could not be read; MuTicket tries again");
                }
                Instant::now() + ROUND
            }
        }
    }

    /// Logs what the operator has to fix, and when it is fixed.
    fn report(&mut self, delivery: &Delivery, server: &str) {
        if self.outbox.is_over() {
            tracing::info!("MuTicket: the outbox can be read again");
        }
        if delivery.held > 0 {
            tracing::warn!(
                letters = delivery.held,
                "MuTicket: the database seems to come from a backup, so its letters are held; an administrator sends or discards them in the backend"
            );
        }
        if delivery.failed > 0 {
            tracing::error!(letters = delivery.failed, "MuTicket: letters were given up; the email page of the backend says why");
        }
        match &delivery.trouble {
            Some(cause) if self.server.is_new(cause) => {
                tracing::error!(%cause, "MuTicket: {server} accepts no letters; they are tried again");
            }
            Some(_) => {}
            None if delivery.sent > 0 && self.server.is_over() => tracing::info!("MuTicket: {server} accepts letters again"),
            None => {}
        }
    }
}

/// Runs the work; `None` if it panicked. One panic in the host's code must not stop all letters until the next launch.
async fn survived<T>(work: impl Future<Output = T>) -> Option<T> {
    let outcome = AssertUnwindSafe(work).catch_unwind().await;
    outcome.inspect_err(|_| tracing::error!("MuTicket: the work beside the requests panicked; it goes on")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_said_once() {
        let mut outage = Outage::default();
        assert!(!outage.is_over());
        assert!(outage.is_new("refused") && !outage.is_new("refused") && outage.is_new("wrong password"));
        assert!(outage.is_over() && !outage.is_over());
        assert!(outage.is_new("wrong password"), "it came back");
    }

    #[tokio::test]
    async fn a_panic_ends_the_round_and_not_the_task() {
        assert_eq!(survived(async { panic!("for this test") }).await, None::<()>);
        assert_eq!(survived(async { 7 }).await, Some(7));
    }
}
