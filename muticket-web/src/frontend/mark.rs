//! Marking a ticket as read, for customers and supporters. Viewing a ticket does not mark it: a GET changes nothing.

use muticket_core::frontend::Frontend;
use muticket_core::{Denial, Error, MessageNumber, TicketNumber};

use crate::context::Context;
use crate::error::Failure;
use crate::form::{self, Fields, Form};
use crate::list::List;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The form of the button. `message` is the newest message that the page showed.
struct MarkForm {
    message: Option<MessageNumber>,
    list: List,
}

impl Form for MarkForm {
    fn read(fields: &Fields) -> Self {
        Self { message: fields.parsed("message"), list: fields.parsed("list").unwrap_or_default() }
    }
}

/// Marks all messages up to this one as read and redirects to the ticket.
pub(crate) async fn mark(context: &Context<'_>, number: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let doors = context.doors().await?;
    let MarkForm { message, list } = form::read(context, body).await?.form;
    let number = named(number)?;
    store(doors, number, message.ok_or(Error::NotFound)?).await?;
    Ok(Response::see_other(&list.on(context.links().ticket(number))))
}

async fn store(doors: &Frontend, number: TicketNumber, message: MessageNumber) -> Result<(), Error> {
    if let Some(desk) = &doors.desk {
        match desk.mark(number, message).await {
            // Supporters are the customers of their own tickets (D-05).
            Err(Error::Denied(Denial::OwnTicket)) => {}
            marked => return marked,
        }
    }
    doors.portal.mark(number, message).await
}
