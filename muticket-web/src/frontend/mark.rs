//! Marking a ticket as read, for customers and supporters. Viewing a ticket does not mark it: a GET changes nothing.

use muticket_core::{Error, MessageNumber};

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
    doors.mark(number, message.ok_or(Error::NotFound)?).await?;
    Ok(Response::see_other(&list.on(context.links().ticket(number))))
}
