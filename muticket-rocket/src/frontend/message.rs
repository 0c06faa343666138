//! A URL for each message, used in letters. A browser never sends the part after `#` to the server, so a login on the way would lose it.

use muticket_core::conversation::Part;
use muticket_core::{Error, MessageNumber};
use rocket::get;

use crate::error::Failure;
use crate::guards::Reader;
use crate::page::Moved;
use crate::query::named;

/// Redirects to the page of the ticket that shows the message, and there to the message.
#[get("/tickets/<number>/messages/<message>")]
pub(crate) async fn message(reader: Reader<'_>, number: &str, message: &str) -> Result<Moved, Failure> {
    let message: MessageNumber = named(message)?;
    let (doors, conversation) = reader.show(named(number)?, Part::From(message)).await?;
    let ticket = &conversation.ticket;
    if message > ticket.last_message {
        return Err(Error::NotFound.into());
    }
    let links = &doors.site.links;
    let folded = conversation.messages.first().is_some_and(|shown| shown.folded.is_some());
    Ok(Moved(match conversation.later() {
        // Normal pages shorten this message, so redirect to its full text.
        _ if folded => links.whole_message(ticket.number, message),
        // If no later page follows, the newest page shows this message too.
        None => links.message(ticket.number, message),
        Some(_) => links.older_message(ticket.number, message),
    }))
}
