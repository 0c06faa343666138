//! Files that were found missing or damaged.

use muticket_core::Refusal;

use crate::file_id::FileId;
use crate::once::Once;

/// Logs each such file once, however often it is requested.
#[derive(Default)]
pub(crate) struct BrokenFiles(Once<FileId>);

impl BrokenFiles {
    pub(crate) fn log(&self, id: FileId, refusal: Refusal) {
        if self.0.is_new(id) {
            tracing::error!(attachment = %id, cause = %refusal, "MuTicket does not serve a file");
        }
    }
}
