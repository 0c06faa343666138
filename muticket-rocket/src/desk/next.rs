//! On to the ticket that has been waiting longest for a supporter.

use rocket::get;

use crate::error::Failure;
use crate::guards::Doors;
use crate::page::Moved;

/// Leads there; to the overview if none waits. `after` is the ticket that the supporter comes from.
#[get("/tickets/next?<after>")]
pub(crate) async fn next(doors: Doors<'_>, after: Option<&str>) -> Result<Moved, Failure> {
    let after = after.and_then(|text| text.parse().ok());
    let next = doors.desk()?.next_waiting(after).await?;
    let links = &doors.site.links;
    Ok(Moved(next.map_or_else(|| links.tickets(), |number| links.ticket(number))))
}
