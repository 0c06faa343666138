//! The ten lines that mount MuTicket.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use muticket_core::Helpdesk;
use muticket_core::blob::ObjectBlobs;
use muticket_diesel::DieselStorage;
use muticket_rocket::{Configure, MuTicket};

use crate::host::ToolLibrary;
use crate::users::Users;

/// MuTicket for the site's users.
pub(crate) async fn support(users: Users, folder: &Path) -> Result<MuTicket, Box<dyn Error + Send + Sync>> {
    let database = folder.join("tickets.sqlite");
    let storage = DieselStorage::connect(&format!("sqlite:{}", database.display())).await?;
    let uploads = ObjectBlobs::folder(folder.join("uploads"))?;
    let helpdesk = Helpdesk::builder(Arc::new(storage), Arc::new(users)).blobs(Arc::new(uploads)).build();
    Ok(MuTicket::new(helpdesk, ToolLibrary).at("/help"))
}
