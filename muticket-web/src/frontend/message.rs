//! An address for each message, used in letters. A browser never sends the part after `#` to the server, so a login on the way would lose
//! it.

use muticket_core::conversation::MessagePage;
use muticket_core::{Error, MessageNumber};

use crate::context::Context;
use crate::error::Failure;
use crate::query::named;
use crate::response::Response;

/// Redirects to the page of the ticket that shows the message, and there to the message.
pub(crate) async fn message(context: &Context<'_>, number: &str, message: &str) -> Result<Response, Failure> {
    let visitor = context.signed_in().await?;
    let message: MessageNumber = named(message)?;
    let (_, conversation) = context.shared.helpdesk.show(visitor, named(number)?, MessagePage::From(message)).await?;
    let ticket = &conversation.ticket;
    if message > ticket.last_message {
        return Err(Error::NotFound.into());
    }
    let links = context.links();
    let folded = conversation.messages.first().is_some_and(|shown| shown.folded.is_some());
    Ok(Response::see_other(&match conversation.later() {
        // Normal pages shorten this message, so redirect to its full text.
        _ if folded => links.whole_message(ticket.number, message),
        // If no later page follows, the newest page shows this message too.
        None => links.message(ticket.number, message),
        Some(_) => links.older_message(ticket.number, message),
    }))
}
