//! The base of the module.

use muticket_core::overview::{Filter, NamedView};

use crate::context::Context;
use crate::error::Failure;
use crate::query::query_of;
use crate::response::Response;

/// Redirects to the overview. A supporter begins with the view that they open first, or else with what waits for them (T-12).
pub(crate) async fn home(context: &Context<'_>) -> Result<Response, Failure> {
    context.doors().await?;
    let tickets = context.links().tickets();
    if !context.is_supporter() || context.desk().await?.has_first_view().await? {
        return Ok(Response::see_other(&tickets));
    }
    Ok(Response::see_other(&(tickets + &query_of(&Filter::of_ready(NamedView::Waiting)))))
}
