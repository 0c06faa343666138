//! Finds tickets and files for a viewer, even if their rows are damaged (P-28).

use crate::access::{Action, allows, allows_damaged};
use crate::error::Error;
use crate::id::{AttachmentId, TicketNumber, UserId};
use crate::refusal::Refusal;
use crate::storage::{StorageError, Unit};
use crate::ticket::{Attachment, Ticket};
use crate::viewer::{Side, Viewer};

/// Finds the ticket if the viewer may take the action, and the side from which they see it. If the ticket is damaged, only
/// viewers who may take the action learn that it exists.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Denied`]; [`Refusal::TicketDamaged`]; [`Error::Unavailable`].
pub(crate) fn ticket_for(
    unit: &mut dyn Unit,
    viewer: Viewer<'_>,
    number: TicketNumber,
    action: Action,
) -> Result<(Ticket, Side), Error> {
    match readable(unit, number)? {
        Some(ticket) => {
            let side = viewer.side(&ticket).ok_or(Error::NotFound)?;
            allows(viewer, action, &ticket).obey()?;
            Ok((ticket, side))
        }
        None => {
            let customer = customer_of(unit, number)?;
            allows_damaged(viewer, action, customer.as_ref()).obey()?;
            Err(Refusal::TicketDamaged.into())
        }
    }
}

/// Finds the ticket; `None` if it exists but is damaged.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`].
pub(crate) fn readable(unit: &mut dyn Unit, number: TicketNumber) -> Result<Option<Ticket>, Error> {
    match unit.tickets().find(number) {
        Ok(Some(ticket)) => Ok(Some(ticket)),
        Ok(None) => Err(Error::NotFound),
        Err(StorageError::Corrupt { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The customer of a damaged ticket; `None` if that cannot be read either.
pub(crate) fn customer_of(unit: &mut dyn Unit, number: TicketNumber) -> Result<Option<UserId>, StorageError> {
    match unit.tickets().find_customer(number) {
        Err(StorageError::Corrupt { .. }) => Ok(None),
        found => found,
    }
}

/// Finds a file for a viewer who may read its ticket. If its row is damaged, it is not found, because nobody knows whose it
/// is. The storage logs the damage.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Denied`]; [`Refusal::TicketDamaged`]; [`Error::Unavailable`].
pub(crate) fn attachment_for(unit: &mut dyn Unit, viewer: Viewer<'_>, id: AttachmentId) -> Result<Attachment, Error> {
    let attachment = match unit.attachments().find(id) {
        Err(StorageError::Corrupt { .. }) => return Err(Error::NotFound),
        found => found?.ok_or(Error::NotFound)?,
    };
    ticket_for(unit, viewer, attachment.ticket, Action::Read)?;
    Ok(attachment)
}
