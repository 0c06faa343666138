//! The module's own files, for every visitor, guests included.

use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use muticket_core::Error;

use crate::context::Context;
use crate::error::Failure;
use crate::response::Response;

/// A file that browsers may cache forever, because its name changes with its content.
pub(crate) fn asset(context: &Context<'_>, name: &str) -> Result<Response, Failure> {
    let asset = context.shared.assets.find(name).ok_or(Error::NotFound)?;
    let response = Response::new(StatusCode::OK, asset.content.clone()).with(CONTENT_TYPE, asset.kind);
    Ok(response.with(CACHE_CONTROL, "public, max-age=31536000, immutable"))
}
