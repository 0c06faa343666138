//! Closing a ticket. With JavaScript the page asks for confirmation first. The next page offers an undo in either case.

use muticket_core::{Error, MessageNumber};
use rocket::post;

use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::frontend::refused::{Typed, again};
use crate::guards::Doors;
use crate::list::List;
use crate::notice::Notice;
use crate::page::Done;
use crate::problem::Sent;
use crate::query::named;

/// The close button's form. `seen` is the newest message that the page showed.
pub(crate) struct CloseForm {
    seen: Option<MessageNumber>,
    list: List,
}

impl Form for CloseForm {
    fn read(fields: &Fields) -> Self {
        Self { seen: fields.parsed("seen"), list: fields.parsed("list").unwrap_or_default() }
    }
}

/// Closes the ticket and redirects back to it.
#[post("/tickets/<number>/close", data = "<form>")]
pub(crate) async fn close(doors: Doors<'_>, number: &str, form: Protected<CloseForm>) -> Result<Sent, Failure> {
    let number = named(number)?;
    let CloseForm { seen, list } = form.form;
    match doors.desk()?.close(number, seen).await {
        Ok(_) => Ok(Sent::Done(Done { to: list.on(doors.site.links.ticket(number)), notice: Notice::Closed })),
        Err(error @ Error::Conflict(_)) => {
            let nothing_typed = Typed { list, ..Typed::default() };
            again(&doors, number, error, nothing_typed).await
        }
        Err(error) => Err(error.into()),
    }
}
