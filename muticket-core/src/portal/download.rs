//! Downloading a file of the visitor's own ticket.

use crate::access::Action;
use crate::download::Download;
use crate::error::Error;
use crate::found;
use crate::id::AttachmentId;
use crate::portal::{Portal, own_ticket};
use crate::storage::Unit;

impl Portal {
    /// Opens a file of one of the visitor's own tickets. Files of other tickets are not found (P-03).
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Read*; [`Refusal::FileMissing`](crate::Refusal::FileMissing) if
    /// its bytes are gone, [`FileDamaged`](crate::Refusal::FileDamaged) if their length is wrong; [`Error::Unavailable`].
    pub async fn download(&self, id: AttachmentId) -> Result<Download, Error> {
        let user = self.user.clone();
        let work = move |unit: &mut dyn Unit| {
            let attachment = found::attachment(unit, id)?;
            own_ticket(unit, &user, attachment.ticket, Action::Read)?;
            Ok::<_, Error>(attachment)
        };
        let attachment = self.helpdesk.parts.storage.run_glance(work).await?;
        Download::begin(&self.helpdesk, attachment).await
    }
}
