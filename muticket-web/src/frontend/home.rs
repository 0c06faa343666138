//! The base of the module.

use crate::context::Context;
use crate::error::Failure;
use crate::response::Response;

/// Redirects to the overview.
pub(crate) async fn home(context: &Context<'_>) -> Result<Response, Failure> {
    context.doors().await?;
    Ok(Response::see_other(&context.links().tickets()))
}
