//! Going on to the next ticket that waits for a supporter.

use muticket_core::desk::NextWaiting;
use rocket::get;

use crate::error::Failure;
use crate::guards::Doors;
use crate::list::List;
use crate::notice::Notice;
use crate::page::{Done, Moved};

/// Redirects to the ticket after the place `after` in the queue, or to the first one. At the end of the queue it redirects to the list,
/// which says so.
#[get("/tickets/next?<after>&<list>")]
pub(crate) async fn next(doors: Doors<'_>, after: Option<&str>, list: Option<&str>) -> Result<Result<Moved, Done>, Failure> {
    let (links, list) = (&doors.site.links, List::of(list));
    let after = after.and_then(|text| text.parse().ok());
    let notice = match doors.desk()?.next_waiting(after).await? {
        NextWaiting::Ticket(number) => return Ok(Ok(Moved(list.on(links.ticket(number))))),
        NextWaiting::End => Notice::QueueEnd,
        NextWaiting::Nothing => Notice::NoneWaits,
    };
    Ok(Err(Done { to: list.back(links), notice }))
}
