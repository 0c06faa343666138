//! Finds a ticket or a file for a user, even if its row is damaged (P-28).

use crate::access::Subject;
use crate::error::{Error, Refusal};
use crate::id::{AttachmentId, TicketNumber, UserId};
use crate::storage::{StorageError, Unit};
use crate::ticket::{Attachment, Ticket};

/// Finds the ticket if the user may take the action. If it is damaged, only users who may take the action learn that it
/// exists.
///
/// # Errors
/// [`Error::NotFound`]; the error of `may`; [`Refusal::TicketDamaged`]; [`Error::Unavailable`].
pub(crate) fn ticket(
    unit: &mut dyn Unit,
    number: TicketNumber,
    user: &UserId,
    may: impl Fn(Subject) -> Result<(), Error>,
) -> Result<Ticket, Error> {
    match unit.tickets().find(number) {
        Ok(Some(ticket)) => {
            may(relation(&ticket.customer, user))?;
            Ok(ticket)
        }
        Ok(None) => Err(Error::NotFound),
        Err(StorageError::Corrupt { .. }) => {
            may(whose(unit, number, user)?)?;
            Err(Refusal::TicketDamaged.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Finds a file. If its row is damaged, it is not found: it is unknown whose it is. The storage logs the damage.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Unavailable`].
pub(crate) fn attachment(unit: &mut dyn Unit, id: AttachmentId) -> Result<Attachment, Error> {
    match unit.attachments().find(id) {
        Err(StorageError::Corrupt { .. }) => Err(Error::NotFound),
        found => found?.ok_or(Error::NotFound),
    }
}

/// The user's relation to the ticket. If the customer cannot be read, it is treated as another user's ticket.
fn whose(unit: &mut dyn Unit, number: TicketNumber, user: &UserId) -> Result<Subject, Error> {
    let customer = customer(unit, number)?;
    Ok(customer.map_or(Subject::ForeignTicket, |customer| relation(&customer, user)))
}

/// The customer of a damaged ticket; `None` if that cannot be read either.
pub(crate) fn customer(unit: &mut dyn Unit, number: TicketNumber) -> Result<Option<UserId>, StorageError> {
    match unit.tickets().find_customer(number) {
        Err(StorageError::Corrupt { .. }) => Ok(None),
        found => found,
    }
}

fn relation(customer: &UserId, user: &UserId) -> Subject {
    if customer == user { Subject::OwnTicket } else { Subject::ForeignTicket }
}
