//! What supporters see about the customer of a ticket (T-13).

use std::sync::Arc;

use crate::host::{CustomerFact, HostError};
use crate::id::{TicketNumber, UserId};
use crate::language::Language;
use crate::parts::Parts;
use crate::rating::Tally;
use crate::storage::{Counts, Order, OverviewQuery, Reach, SortKey, StorageError, Unit, View};
use crate::ticket::Ticket;

/// What supporters see about the customer of a ticket. [`Conversation::people`](super::Conversation::people) has their name,
/// address, language and time zone.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CustomerCard {
    /// Their other tickets, latest activity first; at most [`CustomerCard::TICKETS`].
    pub tickets: Vec<Ticket>,
    /// The number of all their tickets, counted up to [`Counts::MANY`], which means "at least".
    pub count: u32,
    /// How many answers they have given one star, two stars, ... five stars.
    pub ratings: [u64; 5],
    /// What the host knows about them. The error if the host could not say; log it.
    pub facts: Result<Vec<CustomerFact>, Arc<HostError>>,
}

impl CustomerCard {
    /// The most tickets that the card shows.
    pub const TICKETS: usize = 5;

    /// The mean number of stars that the customer has given; `None` without ratings.
    pub fn mean(&self) -> Option<f64> {
        Tally::new(0, self.ratings).mean()
    }
}

/// The rows of a card.
pub(super) struct CustomerRows {
    tickets: Vec<Ticket>,
    count: u32,
    ratings: [u64; 5],
}

impl CustomerRows {
    /// Reads what is stored about a customer, for the page of one of their tickets.
    pub(super) fn read(unit: &mut dyn Unit, customer: &UserId, shown: TicketNumber) -> Result<Self, StorageError> {
        let view = View { customer: Some(customer.clone()), ..View::of(Reach::All) };
        // One more, because the ticket of the page is among them.
        let limit = u32::try_from(CustomerCard::TICKETS + 1).unwrap_or(u32::MAX);
        let (sort, order, after) = (SortKey::Activity, Order::Descending, None);
        let mut tickets = unit.overviews().list(&OverviewQuery { view: view.clone(), sort, order, after, limit })?;
        tickets.retain(|ticket| ticket.number != shown);
        tickets.truncate(CustomerCard::TICKETS);
        let count = unit.overviews().count(&[view])?.first().copied().unwrap_or_default();
        let ratings = unit.ratings().given_by(customer)?;
        // Damaged tickets of the customer are named in the list of tickets, not on the page of another one.
        unit.damages().take_damages();
        Ok(Self { tickets, count, ratings })
    }

    /// Adds the facts of the host.
    pub(super) fn with(self, facts: Result<Vec<CustomerFact>, HostError>) -> CustomerCard {
        let Self { tickets, count, ratings } = self;
        CustomerCard { tickets, count, ratings, facts: facts.map_err(Arc::new) }
    }
}

/// Asks the host for its facts about a customer. Without a source the list is empty.
pub(super) async fn facts(parts: &Parts, customer: &UserId, reader: &Language) -> Result<Vec<CustomerFact>, HostError> {
    match &parts.facts {
        Some(source) => source.facts(customer, reader).await,
        None => Ok(Vec::new()),
    }
}

impl CustomerCard {
    /// Whether there are more tickets than [`count`](Self::count) says.
    pub fn has_many(&self) -> bool {
        self.count >= Counts::MANY
    }
}
