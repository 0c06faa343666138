//! The letters that came in, by what became of them (M-09).

use std::collections::HashMap;

use crate::backend::mail::undecided;
use crate::backend::senders::is_assignable;
use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::{IncomingId, TicketNumber, UserId};
use crate::incoming::{Incoming, VerdictGroup};
use crate::mail::EmailAddress;
use crate::mailbox::MailboxState;
use crate::mailroom::sender::has_address;
use crate::settings::Settings;
use crate::storage::Unit;
use crate::user::User;

/// One page of the letters that came in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Received {
    /// How many letters each group has, in the order of [`VerdictGroup::ALL`]. Counting a group stops at
    /// [`Counts::MANY`](crate::storage::Counts::MANY).
    pub counts: Vec<(VerdictGroup, u32)>,
    /// The letters of the page, newest first.
    pub letters: Vec<Incoming>,
    /// The letters of the page whose sender's address can be [assigned](Backend::assign_sender) to a user, each with the customer of its
    /// ticket, who may have written it; `None` if it has no ticket, or if the host no longer knows the customer. The directory is not asked
    /// about each address here: another user may have it, which the assignment then says.
    pub assignable: HashMap<IncomingId, Option<User>>,
    /// The letter after which the next page begins; `None` on the last page.
    pub next: Option<IncomingId>,
    /// The mailboxes from which letters are fetched, by name (M-08).
    pub mailboxes: Vec<MailboxState>,
    /// Whether damaged rows were left out.
    pub damaged: bool,
    /// Whether the administrator is also a supporter, who can follow links to the tickets. The backend itself shows no tickets.
    pub tickets_readable: bool,
}

impl Received {
    /// How many letters wait for an administrator: those that are held or parked. Counted as in [`counts`](Self::counts).
    pub fn undecided(&self) -> u32 {
        undecided(self.counts.iter().copied())
    }
}

impl Backend {
    /// Lists at most `limit` of the letters of a group, newest first, after the letter `after`. If that letter was deleted, the list starts
    /// at its beginning.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn received(&self, group: VerdictGroup, after: Option<IncomingId>, limit: u32) -> Result<Received, Error> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let work = move |unit: &mut dyn Unit, _: &Settings| {
            let before = match after {
                Some(id) => unit.incoming().find(id)?.map(|letter| (letter.received_at, letter.id)),
                None => None,
            };
            // One more than is shown, to know whether there is a next page.
            let mut letters = unit.incoming().list_recent(group, before, limit.saturating_add(1))?;
            let has_more = letters.len() > most;
            letters.truncate(most);
            let next = letters.last().map(|letter| letter.id).filter(|_| has_more);
            let numbers: Vec<_> =
                letters.iter().filter(|letter| is_assignable(letter)).filter_map(|letter| letter.ticket).collect();
            let customers = unit.tickets().list_customers(&numbers)?;
            let mailboxes = unit.mailboxes().list()?;
            let damaged = !unit.damages().take_damages().is_empty();
            Ok(Page { counts: unit.incoming().count()?, letters, next, customers, mailboxes, damaged })
        };
        let named = |page: &Page| page.customers.iter().map(|(_, customer)| customer.clone()).collect();
        let (page, situation) = self.read(Freshness::Current, work, named).await?;
        let people = situation.people(&self.parts, page.customers.iter().map(|(_, customer)| customer)).await?;
        let Page { counts, letters, next, customers, mailboxes, damaged } = page;
        let customer_of = |ticket: TicketNumber| {
            let (_, customer) = customers.iter().find(|(number, _)| *number == ticket)?;
            people.get(customer)
        };
        let with_customer = |letter: &Incoming| {
            let customer = letter.ticket.and_then(customer_of);
            let is_own = customer.is_some_and(|customer| is_from(letter, customer));
            (is_assignable(letter) && !is_own).then(|| (letter.id, customer.cloned()))
        };
        Ok(Received {
            assignable: letters.iter().filter_map(with_customer).collect(),
            counts: VerdictGroup::ALL.iter().copied().zip(counts).collect(),
            letters,
            next,
            mailboxes,
            damaged,
            tickets_readable: situation.staff.contains(&self.user.id),
        })
    }
}

/// What is read for a page.
struct Page {
    counts: Vec<u32>,
    letters: Vec<Incoming>,
    next: Option<IncomingId>,
    /// The customers of the tickets of letters whose sender may be assigned.
    customers: Vec<(TicketNumber, UserId)>,
    mailboxes: Vec<MailboxState>,
    damaged: bool,
}

/// Whether the letter says to come from the user's own address.
fn is_from(letter: &Incoming, user: &User) -> bool {
    let address = letter.sender.as_deref().and_then(|sender| EmailAddress::parse(sender).ok());
    address.is_some_and(|address| has_address(user, &address))
}
