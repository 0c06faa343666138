//! Marking a ticket as read, for customers and supporters. Viewing a ticket does not mark it: a GET changes nothing.

use muticket_core::{Denial, Error, MessageNumber, TicketNumber};
use rocket::post;

use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::guards::Doors;
use crate::list::List;
use crate::page::Moved;
use crate::query::named;

/// The form of the button. `message` is the newest message that the page showed.
pub(crate) struct MarkForm {
    message: Option<MessageNumber>,
    list: List,
}

impl Form for MarkForm {
    fn read(fields: &Fields) -> Self {
        Self { message: fields.parsed("message"), list: fields.parsed("list").unwrap_or_default() }
    }
}

/// Marks all messages up to this one as read and redirects to the ticket.
#[post("/tickets/<number>/seen", data = "<form>")]
pub(crate) async fn mark(doors: Doors<'_>, number: &str, form: Protected<MarkForm>) -> Result<Moved, Failure> {
    let number = named(number)?;
    let message = form.form.message.ok_or(Error::NotFound)?;
    store(&doors, number, message).await?;
    Ok(Moved(form.form.list.on(doors.site.links.ticket(number))))
}

async fn store(doors: &Doors<'_>, number: TicketNumber, message: MessageNumber) -> Result<(), Error> {
    if let Some(desk) = &doors.desk {
        match desk.mark(number, message).await {
            // Supporters are the customers of their own tickets (D-05).
            Err(Error::Denied(Denial::OwnTicket)) => {}
            marked => return marked,
        }
    }
    doors.portal.mark(number, message).await
}
