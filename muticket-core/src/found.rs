//! Finding a ticket for somebody, also one whose row is damaged (P-28).

use crate::access::Subject;
use crate::error::{Error, Refusal};
use crate::id::{TicketNumber, UserId};
use crate::storage::{StorageError, Unit};
use crate::ticket::Ticket;

/// The ticket, if the user may do with it what they want to. Who may, and finds it damaged, is told so; to all others it does not exist.
///
/// # Errors
/// [`Error::NotFound`]; what `may` says; [`Refusal::TicketDamaged`]; [`Error::Unavailable`].
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

/// Whose ticket it is, seen from the user. One whose customer cannot be read is somebody else's.
fn whose(unit: &mut dyn Unit, number: TicketNumber, user: &UserId) -> Result<Subject, Error> {
    match unit.tickets().find_customer(number) {
        Ok(Some(customer)) => Ok(relation(&customer, user)),
        Err(StorageError::Corrupt { .. }) => Ok(Subject::ForeignTicket),
        Ok(None) => Err(Error::NotFound),
        Err(error) => Err(error.into()),
    }
}

fn relation(customer: &UserId, user: &UserId) -> Subject {
    if customer == user { Subject::OwnTicket } else { Subject::ForeignTicket }
}
