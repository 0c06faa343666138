//! Replying.

use muticket_core::portal::Portal;
use muticket_core::{Error, MessageNumber, NewMessage, TicketNumber};

use crate::notice::Notice;

/// Stores a reply.
pub(crate) async fn reply(portal: &Portal, number: TicketNumber, new: NewMessage) -> Result<(MessageNumber, Notice), Error> {
    Ok((portal.reply(number, new).await?.number, Notice::Replied))
}
