//! The base of the backend.

use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::response::Response;

/// Redirects to the first section.
pub(crate) async fn home(context: &Context<'_>) -> Result<Response, Failure> {
    context.admin().await?;
    Ok(Response::see_other(&context.links().to(Section::Supporters.address())))
}
