//! The pages that customers and supporters share: one address, and the visitor's door decides which side of the desk he sees.

pub(crate) mod conversation;
pub(crate) mod download;
mod mark;
mod message;
pub(crate) mod overview;
mod picture;
pub(crate) mod refused;
mod show;
mod write;

use rocket::{Route, get, routes};

use crate::guards::Doors;
use crate::page::Moved;
use crate::{desk, portal};

/// The routes of the frontend.
pub(crate) fn routes() -> Vec<Route> {
    routes![
        home,
        overview::overview,
        portal::open::form,
        portal::open::follow_up,
        portal::open::open,
        show::show,
        message::message,
        write::write,
        mark::mark,
        desk::next::next,
        desk::close::close,
        desk::reopen::reopen,
        portal::rate::rate,
        download::download,
        download::download_by_name,
        picture::small,
        picture::large,
    ]
}

/// The base leads to the overview.
#[get("/")]
fn home(doors: Doors<'_>) -> Moved {
    Moved(doors.site.links.tickets())
}
