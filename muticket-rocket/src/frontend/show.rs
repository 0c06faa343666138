//! Reading a ticket.

use muticket_core::MessageNumber;
use rocket::get;
use rocket::http::Status;

use crate::error::Failure;
use crate::frontend::conversation::{self, Draft};
use crate::frontend::named;
use crate::guards::Doors;
use crate::page::Rendered;

/// A ticket with the newest page of its messages, or those after `after`.
#[get("/tickets/<number>?<after>", rank = 2)]
pub(crate) async fn show(doors: Doors<'_>, number: &str, after: Option<&str>) -> Result<Rendered, Failure> {
    let after: Option<u32> = after.and_then(|text| text.parse().ok());
    let conversation = match after {
        // Before the first message begins the first page.
        Some(0) => conversation::look(&doors, named(number)?, Some(MessageNumber::BEFORE_FIRST)).await?,
        after => conversation::look(&doors, named(number)?, after.and_then(MessageNumber::new)).await?,
    };
    Ok(conversation::page(&doors, Status::Ok, &conversation, Draft::default()))
}
