//! The ten lines that set up MuTicket.

use std::path::Path;
use std::sync::Arc;

use muticket_axum::{Configure, MuTicket};
use muticket_core::Helpdesk;
use muticket_core::blob::ObjectBlobs;
use muticket_diesel::DieselStorage;

use crate::host::Choir;
use crate::users::{Failure, Users};

/// MuTicket for the site's users.
pub(crate) async fn support(users: Users, folder: &Path) -> Result<MuTicket, Failure> {
    let database = folder.join("tickets.sqlite");
    let storage = DieselStorage::connect(&format!("sqlite:{}", database.display())).await?;
    let uploads = ObjectBlobs::folder(folder.join("uploads"))?;
    let helpdesk = Helpdesk::builder(Arc::new(storage), Arc::new(users.clone())).blobs(Arc::new(uploads)).build();
    Ok(MuTicket::new(helpdesk, Choir(users)).at("/help"))
}
