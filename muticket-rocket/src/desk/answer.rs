//! Answering.

use muticket_core::desk::Desk;
use muticket_core::{Error, MessageNumber, NewMessage, TicketNumber};

use crate::notice::Notice;

/// Stores an answer.
pub(crate) async fn answer(desk: &Desk, number: TicketNumber, new: NewMessage) -> Result<(MessageNumber, Notice), Error> {
    Ok((desk.answer(number, new).await?.number, Notice::Answered))
}
