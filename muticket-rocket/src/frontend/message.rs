//! The way to a message, for letters: what stands behind a `#` never reaches a server, so a login on the way would lose it.

use muticket_core::conversation::Part;
use muticket_core::{Error, MessageNumber};
use rocket::get;

use crate::error::Failure;
use crate::guards::Reader;
use crate::page::Moved;
use crate::query::named;

/// Leads to the page of the ticket that has the message, and there to the message.
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
        // Who follows a link to a message wants to read it to its end.
        _ if folded => links.whole_message(ticket.number, message),
        // What reaches the newest message from here is on the newest page, too.
        None => links.message(ticket.number, message),
        Some(_) => links.older_message(ticket.number, message),
    }))
}
