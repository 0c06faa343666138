//! The base of the module.

use muticket_core::overview::{DeskFilter, Filter, NamedView};

use crate::context::Context;
use crate::error::Failure;
use crate::query::query_of;
use crate::response::Response;

/// Redirects to the overview. A supporter begins with what waits for them (T-12).
pub(crate) async fn home(context: &Context<'_>) -> Result<Response, Failure> {
    context.doors().await?;
    let tickets = context.links().tickets();
    if !context.is_supporter() {
        return Ok(Response::see_other(&tickets));
    }
    let view = Some(NamedView::Waiting);
    let (sort, order) = Filter::default_order(view);
    let waiting = Filter { sort, order, desk: DeskFilter { view, ..DeskFilter::default() }, ..Filter::default() };
    Ok(Response::see_other(&(tickets + &query_of(&waiting))))
}
