//! Going on to the next ticket that waits for a supporter.

use muticket_core::desk::NextWaiting;

use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::list::List;
use crate::response::Response;

/// Redirects to the ticket after the place `after` in the queue of the list, or to the first one. At the end it redirects to the list,
/// which says so.
pub(crate) async fn next(context: &Context<'_>) -> Result<Response, Failure> {
    let (links, query) = (context.links(), context.query());
    let list = List::of(query);
    let flash = match context.desk().await?.next_waiting(&list.filter(), query.parsed("after")).await? {
        NextWaiting::Ticket(number) => return Ok(Response::see_other(&list.on(links.ticket_start(number)))),
        NextWaiting::End => Flash::QueueEnd,
        NextWaiting::Nothing => Flash::NoneWaits,
    };
    Ok(context.done(&list.back(links), flash))
}
