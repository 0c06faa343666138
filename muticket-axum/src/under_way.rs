//! How many requests are being answered, so that the stop of the site can wait for them.

use tokio::sync::watch;

/// Counts the requests that are being answered. Clones share the count.
#[derive(Debug, Clone, Default)]
pub(crate) struct UnderWay(watch::Sender<usize>);

/// One request that is being answered, until this is dropped.
pub(crate) struct Begun(UnderWay);

impl UnderWay {
    /// Counts a request.
    pub(crate) fn begin(&self) -> Begun {
        self.0.send_modify(|count| *count += 1);
        Begun(self.clone())
    }

    /// Waits until no request is being answered.
    pub(crate) async fn ends(&self) {
        // It fails only without a sender, and this is one.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}
