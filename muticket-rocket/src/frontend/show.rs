//! Reading a ticket.

use muticket_core::desk::NextWaiting;
use rocket::get;
use rocket::http::Status;

use crate::error::Failure;
use crate::frontend::conversation::{self, Draft};
use crate::guards::Reader;
use crate::list::List;
use crate::notice::{Notice, Told};
use crate::page::Rendered;
use crate::query::{Wanted, named};

/// A ticket with the newest page of its messages, or another part of them.
#[get("/tickets/<number>?<list>", rank = 2)]
pub(crate) async fn show(
    reader: Reader<'_>,
    told: Told,
    number: &str,
    part: Wanted,
    list: Option<&str>,
) -> Result<Rendered, Failure> {
    let (doors, conversation) = reader.show(named(number)?, part.0).await?;
    let next = match (&doors.desk, told.0) {
        // A supporter who has finished this ticket is offered the next one.
        (Some(desk), Some(Notice::Answered | Notice::Closed)) => desk.next_waiting(Some(conversation.place())).await?,
        _ => NextWaiting::Nothing,
    };
    let draft = Draft { next_waits: next != NextWaiting::Nothing, list: List::of(list), ..Draft::default() };
    Ok(conversation::page(&doors, Status::Ok, &conversation, draft))
}
