//! Files that were found missing or damaged.

use muticket_core::{AttachmentId, Refusal};

use crate::once::Once;

/// Logs each such file once, however often it is requested.
#[derive(Default)]
pub(crate) struct BrokenFiles(Once<AttachmentId>);

impl BrokenFiles {
    pub(crate) fn log(&self, id: AttachmentId, refusal: Refusal) {
        if self.0.is_new(id) {
            tracing::error!(attachment = %id, cause = %refusal, "MuTicket does not serve a file");
        }
    }
}
