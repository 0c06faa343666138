//! Finds the ticket that continues a closed one (M-01, D-02).

use crate::id::{TicketNumber, UserId};
use crate::storage::{Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View};

/// How many open tickets of the customer are looked at, newest first.
const OPEN: u32 = 100;

/// How many tickets are read on the way from those to the closed one.
const STEPS: u32 = 100;

/// The customer's newest open ticket that continues the closed one, directly or through others that were closed, too. With more than a
/// hundred open tickets or steps it may not be found.
///
/// # Errors
/// The storage failed.
pub(crate) fn open_follow_up(
    unit: &mut dyn Unit,
    customer: &UserId,
    closed: TicketNumber,
) -> Result<Option<TicketNumber>, StorageError> {
    let view = View { state: StateFilter::Open, ..View::of(Reach::Own(customer.clone())) };
    let query = OverviewQuery { view, sort: SortKey::Number, order: Order::Descending, after: None, limit: OPEN };
    let mut steps = STEPS;
    for open in unit.overviews().list(&query)? {
        let mut ticket = open.number;
        let mut before = open.follows;
        // A ticket follows an older one, which has a lower number.
        while let Some(followed) = before.filter(|followed| *followed >= closed && *followed < ticket) {
            if followed == closed {
                return Ok(Some(open.number));
            }
            let Some(left) = steps.checked_sub(1) else { return Ok(None) };
            steps = left;
            ticket = followed;
            before = match unit.tickets().find_unlocked(followed) {
                // Nobody knows what it follows. The storage logs the damage.
                Err(StorageError::Corrupt { .. }) => None,
                found => found?.and_then(|ticket| ticket.follows),
            };
        }
    }
    Ok(None)
}
