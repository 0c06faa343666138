//! Closing a ticket. With JavaScript the page asks first; the page that follows offers the undo either way.

use muticket_core::{Error, MessageNumber};
use rocket::post;

use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::frontend::conversation::{Typed, again};
use crate::guards::Doors;
use crate::notice::Notice;
use crate::page::Done;
use crate::problem::Sent;
use crate::query::named;

/// The button, and the newest message that was on its page.
pub(crate) struct CloseForm {
    seen: Option<MessageNumber>,
}

impl Form for CloseForm {
    fn read(fields: &Fields) -> Self {
        Self { seen: fields.parsed("seen") }
    }
}

/// Closes, and leads back to the ticket.
#[post("/tickets/<number>/close", data = "<form>")]
pub(crate) async fn close(doors: Doors<'_>, number: &str, form: Protected<CloseForm>) -> Result<Sent, Failure> {
    let number = named(number)?;
    match doors.desk()?.close(number, form.form.seen).await {
        Ok(_) => Ok(Sent::Done(Done { to: doors.site.links.ticket(number), notice: Notice::Closed })),
        Err(error @ Error::Conflict(_)) => {
            let nothing_typed = Typed { body: String::new(), files: false, kept: Vec::new() };
            again(&doors, number, error, nothing_typed).await
        }
        Err(error) => Err(error.into()),
    }
}
