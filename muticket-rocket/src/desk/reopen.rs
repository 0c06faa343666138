//! Taking a closed ticket up again: the undo of closing.

use rocket::post;

use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::guards::Doors;
use crate::notice::Notice;
use crate::page::Done;
use crate::query::named;

/// A button and nothing else.
pub(crate) struct ReopenForm;

impl Form for ReopenForm {
    fn read(_: &Fields) -> Self {
        Self
    }
}

/// Reopens, and leads back to the ticket.
#[post("/tickets/<number>/reopen", data = "<_form>")]
pub(crate) async fn reopen(doors: Doors<'_>, number: &str, _form: Protected<ReopenForm>) -> Result<Done, Failure> {
    let number = named(number)?;
    doors.desk()?.reopen(number).await?;
    Ok(Done { to: doors.site.links.ticket(number), notice: Notice::Reopened })
}
