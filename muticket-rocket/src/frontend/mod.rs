//! The pages that customers and supporters share: one address, and the visitor's door decides which side of the desk he sees.

mod overview;

use rocket::{Route, get, routes};

use crate::guards::Doors;
use crate::page::Moved;

/// The routes of the frontend.
pub(crate) fn routes() -> Vec<Route> {
    routes![home, overview::overview]
}

/// The base leads to the overview.
#[get("/")]
fn home(doors: Doors<'_>) -> Moved {
    Moved(doors.site.links.tickets())
}
