//! The way to a message, for letters: what stands behind a `#` never reaches a server, so a login on the way would lose it.

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
    let (doors, conversation) = reader.show(named(number)?, Some(message)).await?;
    let ticket = &conversation.ticket;
    if message > ticket.last_message {
        return Err(Error::NotFound.into());
    }
    let links = &doors.site.links;
    Ok(Moved(match conversation.is_recent(message) {
        true => links.message(ticket.number, message),
        false => links.older_message(ticket.number, message),
    }))
}
