//! Downloading a file of a ticket (P-03).

use crate::download::Download;
use crate::error::Error;
use crate::frontend::Frontend;
use crate::id::AttachmentId;
use crate::lookup::attachment_for;
use crate::storage::Unit;

impl Frontend {
    /// Opens a file of a ticket that the visitor may read. Files of other tickets are not found.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Read*; [`Refusal::FileMissing`](crate::Refusal::FileMissing) if
    /// its bytes are gone, [`FileDamaged`](crate::Refusal::FileDamaged) if their length is wrong; [`Error::Unavailable`].
    pub async fn download(&self, id: AttachmentId) -> Result<Download, Error> {
        let actor = self.situation.actor(self.portal.user());
        let work = move |unit: &mut dyn Unit| {
            let staff = actor.staff(unit)?;
            attachment_for(unit, staff.viewer(&actor.user), id)
        };
        let attachment = self.parts.storage.run_read_stale(work).await?;
        Download::begin(&self.parts, attachment).await
    }
}
