//! Reopening a closed ticket: the undo of closing.

use rocket::post;

use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::guards::Doors;
use crate::list::List;
use crate::notice::Notice;
use crate::page::Done;
use crate::query::named;

/// The reopen button's form. `list` is the list from which the page was opened.
pub(crate) struct ReopenForm {
    list: List,
}

impl Form for ReopenForm {
    fn read(fields: &Fields) -> Self {
        Self { list: fields.parsed("list").unwrap_or_default() }
    }
}

/// Reopens the ticket and redirects back to it.
#[post("/tickets/<number>/reopen", data = "<form>")]
pub(crate) async fn reopen(doors: Doors<'_>, number: &str, form: Protected<ReopenForm>) -> Result<Done, Failure> {
    let number = named(number)?;
    doors.desk()?.reopen(number).await?;
    Ok(Done { to: form.form.list.on(doors.site.links.ticket(number)), notice: Notice::Reopened })
}
