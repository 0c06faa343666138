//! Downloading a file of any ticket.

use crate::access::Action;
use crate::desk::Desk;
use crate::download::Download;
use crate::error::Error;
use crate::found;
use crate::id::AttachmentId;
use crate::storage::Unit;

impl Desk {
    /// Opens a file of any ticket.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Refusal::FileMissing`](crate::Refusal::FileMissing) if its bytes are gone,
    /// [`FileDamaged`](crate::Refusal::FileDamaged) if their length is wrong; [`Error::Unavailable`].
    pub async fn download(&self, id: AttachmentId) -> Result<Download, Error> {
        let key = self.key();
        let work = move |unit: &mut dyn Unit| {
            let attachment = found::attachment(unit, id)?;
            key.ticket(unit, attachment.ticket, Action::Read)?;
            Ok::<_, Error>(attachment)
        };
        let attachment = self.helpdesk.parts.storage.run_glance(work).await?;
        Download::begin(&self.helpdesk, attachment).await
    }
}
