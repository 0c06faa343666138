//! Closing a ticket. With JavaScript the page asks for confirmation first. The next page offers an undo in either case.

use muticket_core::{Error, MessageNumber};

use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form};
use crate::frontend::refused::{Typed, show_again};
use crate::list::List;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The close button's form. `seen` is the newest message that the page showed.
struct CloseForm {
    seen: Option<MessageNumber>,
    list: List,
}

impl Form for CloseForm {
    fn read(fields: &Fields) -> Self {
        Self { seen: fields.parsed("seen"), list: fields.parsed("list").unwrap_or_default() }
    }
}

/// Closes the ticket and redirects back to it.
pub(crate) async fn close(context: &Context<'_>, number: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let doors = context.doors().await?;
    let CloseForm { seen, list } = form::read(context, body).await?.form;
    let number = named(number)?;
    match context.desk().await?.close(number, seen).await {
        Ok(_) => Ok(context.done(&list.on(context.links().ticket(number)), Flash::Closed)),
        Err(error @ Error::Conflict(_)) => {
            let nothing_typed = Typed { list, ..Typed::default() };
            show_again(context, doors, number, error, nothing_typed).await
        }
        Err(error) => Err(error.into()),
    }
}
