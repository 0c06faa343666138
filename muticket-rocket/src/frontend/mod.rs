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

use std::sync::Arc;

use muticket_core::TicketNumber;
use muticket_core::conversation::Part;
use muticket_core::overview::Filter;
use rocket::{Route, get, routes};

use crate::error::Failure;
use crate::frontend::overview::Listed;
use crate::guards::{Doors, Reader};
use crate::notice::Told;
use crate::page::{Moved, Rendered};
use crate::query::{Query, Wanted};
use crate::site::{Asker, Site};
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
        picture::thumbnail,
        picture::large,
    ]
}

/// The pages of the frontend as a visitor sees them: the list, each ticket, and a new ticket.
pub(crate) async fn all_pages(
    site: &Arc<Site>,
    asker: &Asker,
    tickets: &[TicketNumber],
    kept: &mut Vec<Rendered>,
) -> Result<(), Failure> {
    let list = Some("state=all");
    if let Listed::Page(page) = overview::overview(Reader::for_(site, asker)?, Query(Filter::default())).await? {
        kept.push(page);
    }
    for number in tickets {
        let (reader, part) = (Reader::for_(site, asker)?, Wanted(Part::default()));
        if let Ok(page) = show::show(reader, Told(None), &number.to_string(), part, list).await {
            kept.push(page);
        }
    }
    if let Ok(page) = portal::open::form(Doors::for_(site, asker).await?, None, list).await {
        kept.push(page);
    }
    Ok(())
}

/// The base leads to the overview.
#[get("/")]
fn home(doors: Doors<'_>) -> Moved {
    Moved(doors.site.links.tickets())
}
