//! Reading a ticket.

use rocket::get;
use rocket::http::Status;

use crate::error::Failure;
use crate::frontend::conversation::{self, Draft};
use crate::guards::Reader;
use crate::notice::{Notice, Told};
use crate::page::Rendered;
use crate::query::named;

/// A ticket with the newest page of its messages, or the page that begins with the message `from`.
#[get("/tickets/<number>?<from>", rank = 2)]
pub(crate) async fn show(reader: Reader<'_>, told: Told, number: &str, from: Option<&str>) -> Result<Rendered, Failure> {
    let from = from.and_then(|text| text.parse().ok());
    let (doors, conversation) = reader.show(named(number)?, from).await?;
    let next = match (&doors.desk, told.0) {
        // Who is done with this one may go on.
        (Some(desk), Some(Notice::Answered | Notice::Closed)) => desk.next_waiting(Some(conversation.ticket.number)).await?,
        _ => None,
    };
    Ok(conversation::page(&doors, Status::Ok, &conversation, Draft { next_waits: next.is_some(), ..Draft::default() }))
}
