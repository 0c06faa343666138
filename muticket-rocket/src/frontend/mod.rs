//! The pages that customers and supporters share. Both use the same URLs; the visitor's door decides what they see.

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

use muticket_core::conversation::Part;
use muticket_core::overview::Filter;
use muticket_core::search::Search;
use muticket_core::storage::StateFilter;
use muticket_core::ticket::Message;
use muticket_core::{Conflict, Error, MessageNumber, Refusal, TicketNumber};
use rocket::{Route, get, routes};

use crate::error::Failure;
use crate::frontend::overview::Listed;
use crate::frontend::refused::Typed;
use crate::guards::{Doors, Reader};
use crate::notice::Told;
use crate::page::{Moved, Rendered};
use crate::problem::{self, Sent};
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

/// The pages of the frontend as a visitor sees them: the list, each ticket, and the form for a new ticket.
pub(crate) async fn all_pages(
    site: &Arc<Site>,
    asker: &Asker,
    tickets: &[TicketNumber],
    kept: &mut Vec<Rendered>,
) -> Result<(), Failure> {
    let list = Some("state=all");
    let nothing = Filter { state: StateFilter::Closed, search: Search::parse("nothing-is-called-so"), ..Filter::default() };
    for filter in [Filter::default(), Filter { state: StateFilter::All, ..Filter::default() }, nothing] {
        if let Listed::Page(page) = overview::overview(Reader::for_(site, asker)?, Query(filter)).await? {
            kept.push(page);
        }
    }
    for number in tickets {
        let (reader, part) = (Reader::for_(site, asker)?, Wanted(Part::default()));
        if let Ok(page) = show::show(reader, Told(None), &number.to_string(), part, list).await {
            kept.push(page);
        }
        let follows = number.to_string();
        if let Ok(page) = portal::open::form(Doors::for_(site, asker).await?, Some(&follows), list).await {
            kept.push(page);
        }
    }
    if let Ok(page) = portal::open::form(Doors::for_(site, asker).await?, None, list).await {
        kept.push(page);
    }
    refused_pages(site, asker, tickets, kept).await
}

/// The same pages as they are shown again when a form is refused, or when another person was faster.
async fn refused_pages(
    site: &Arc<Site>,
    asker: &Asker,
    tickets: &[TicketNumber],
    kept: &mut Vec<Rendered>,
) -> Result<(), Failure> {
    let doors = Doors::for_(site, asker).await?;
    let errors = |since: Vec<Message>| {
        let conflict = Conflict { seen: MessageNumber::FIRST, since };
        [
            Error::Invalid(problem::examples()),
            Error::Conflict(conflict),
            Error::Refused(Refusal::TicketClosed),
            Error::Refused(Refusal::SameAgain),
            Error::Refused(Refusal::SupportOff),
        ]
    };
    for number in tickets {
        let Ok(conversation) = conversation::look(&doors, *number, None).await else { continue };
        let since: Vec<_> = conversation.messages.into_iter().map(|shown| shown.message).collect();
        for error in errors(since) {
            let typed = Typed { body: "An example.".to_owned(), files: true, ..Typed::default() };
            if let Ok(Sent::Again(page)) = refused::again(&doors, *number, error, typed).await {
                kept.push(page);
            }
        }
    }
    for error in errors(Vec::new()) {
        if let Ok(page) = portal::open::refused(Doors::for_(site, asker).await?, &error).await {
            kept.push(page);
        }
    }
    Ok(())
}

/// Redirects the base to the overview.
#[get("/")]
fn home(doors: Doors<'_>) -> Moved {
    Moved(doors.site.links.tickets())
}
