//! The next ticket to work on.

use crate::desk::Desk;
use crate::error::Error;
use crate::id::TicketNumber;
use crate::storage::Unit;

impl Desk {
    /// The open ticket that has been waiting longest for a supporter: new, or the customer wrote last. Not the supporter's own, and not
    /// `after`, from which he comes. `None` if none waits.
    ///
    /// # Errors
    /// [`Error::NotFound`] if he is no supporter any more; [`Error::Unavailable`].
    pub async fn next_waiting(&self, after: Option<TicketNumber>) -> Result<Option<TicketNumber>, Error> {
        let key = self.key();
        let work = move |unit: &mut dyn Unit| {
            key.check(unit)?;
            Ok(unit.overviews().next_waiting(&key.user.id, after)?)
        };
        // Not glanced at: a replica that lags behind would lead back to what was answered a moment ago.
        self.helpdesk.storage().run_read(work).await
    }
}
