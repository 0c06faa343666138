//! Reopening a closed ticket: the undo of closing.

use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, ListForm};
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// Reopens the ticket and redirects back to it.
pub(crate) async fn reopen(context: &Context<'_>, number: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    context.doors().await?;
    let ListForm { list } = form::read(context, body).await?.form;
    let number = named(number)?;
    context.desk().await?.reopen(number).await?;
    Ok(context.done(&list.on(context.links().ticket(number)), Flash::Reopened))
}
