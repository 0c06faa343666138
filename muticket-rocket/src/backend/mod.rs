//! The administrators' pages.

use rocket::Route;

/// The routes of the backend.
pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
