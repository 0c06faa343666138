//! One letter on the page of the letters that came in, and what an administrator can do with it (M-04, M-09).

use muticket_core::backend::{Assignment, Received, Taken};
use muticket_core::incoming::{Incoming, Verdict, VerdictGroup};
use muticket_core::names::{NameStyle, Names};
use muticket_core::{IncomingId, TicketNumber, User};
use serde::Serialize;

use crate::address::Address;
use crate::links::Links;
use crate::list::List;
use crate::page::person;

/// A letter.
#[derive(Debug, Serialize)]
pub(super) struct ReceivedLetter {
    pub(super) id: String,
    /// The word of the verdict. The key of its sentence is `backend-mail-in-WORD`.
    pub(super) verdict: &'static str,
    /// The unchanged problem of a letter that is parked or too large, or that failed once and waits, and what a report says.
    pub(super) problem: Option<String>,
    /// The address in its header; `None` if it has none.
    pub(super) sender: Option<String>,
    pub(super) subject: Option<String>,
    /// The ticket that it belongs to.
    pub(super) number: Option<i64>,
    /// The link to the ticket; `None` for administrators who are no supporters.
    pub(super) ticket_link: Option<String>,
    pub(super) received_at: i64,
    pub(super) size: u64,
    pub(super) original: String,
    /// What can be done with it; `None` unless it is held.
    pub(super) actions: Option<HeldActions>,
}

/// What can be done with a held letter.
#[derive(Debug, Serialize)]
pub(super) struct HeldActions {
    /// `None` if only the header of the letter is there.
    pub(super) take: Option<TakeModel>,
    /// The URL that lets it be worked on again; see `take`.
    pub(super) again: Option<String>,
    pub(super) discard: String,
}

/// The form that opens a ticket with a letter, or assigns its sender's address.
#[derive(Debug, Serialize)]
pub(super) struct TakeModel {
    pub(super) action: String,
    /// What is in the field for the user.
    pub(super) user: String,
    /// Whether the sender's address can be assigned to a user.
    pub(super) assignable: bool,
    /// The customer of the ticket, who may have written the letter. `None` if nobody is proposed.
    pub(super) customer: Option<String>,
    /// Why the form was refused.
    pub(super) refusal: Option<TakeRefusal>,
}

/// Why the form was refused.
#[derive(Debug, Serialize)]
pub(super) struct TakeRefusal {
    /// The key of its sentence.
    pub(super) key: &'static str,
    /// The user whom the sentence names, as the template function `person` takes them.
    pub(super) name: Option<String>,
}

impl TakeRefusal {
    /// Why no ticket was opened; `None` if it was.
    pub(super) fn of_ticket(taken: &Taken) -> Option<Self> {
        match taken {
            Taken::Opened(_) => None,
            Taken::NobodyFound => Some(Self::about_nobody("backend-mail-in-nobody")),
            _ => Some(Self::about_nobody("backend-mail-in-refused")),
        }
    }

    /// Why the address was not assigned; `None` if it was.
    pub(super) fn of_address(assignment: &Assignment) -> Option<Self> {
        match assignment {
            Assignment::Assigned => None,
            Assignment::IsSupporter(user) => Some(Self::about("backend-mail-in-supporter", Some(user))),
            Assignment::KnownAddress(user) => Some(Self::about("backend-mail-in-known", Some(user))),
            Assignment::AlreadyAssigned(user) => Some(Self::about("backend-mail-in-taken", user.as_ref())),
            _ => Some(Self::about_nobody("backend-mail-in-nobody")),
        }
    }

    fn about_nobody(key: &'static str) -> Self {
        Self { key, name: None }
    }

    fn about(key: &'static str, user: Option<&User>) -> Self {
        Self { key, name: user.and_then(name_of) }
    }
}

fn name_of(user: &User) -> Option<String> {
    person(&Names::of([user], NameStyle::Administrator), &user.id)
}

/// A form that was refused: its letter, what was typed, and why.
pub(super) struct RefusedTake {
    pub(super) id: IncomingId,
    pub(super) user: String,
    pub(super) refusal: TakeRefusal,
}

impl ReceivedLetter {
    /// `refused` is taken if it is the form of this letter. `here` is the list in which the letter is.
    pub(super) fn of(
        links: &Links,
        received: &Received,
        letter: &Incoming,
        here: &List,
        refused: &mut Option<RefusedTake>,
    ) -> Self {
        let id = letter.id.to_string();
        let group = letter.verdict.group();
        let tells = matches!(group, VerdictGroup::Parked | VerdictGroup::Waiting)
            || matches!(letter.verdict, Verdict::TooLarge | Verdict::Bounce);
        Self {
            verdict: letter.verdict.as_str(),
            problem: letter.problem.clone().filter(|problem| tells && !problem.is_empty()),
            sender: letter.sender.clone().filter(|sender| !sender.is_empty()),
            subject: letter.subject.clone().filter(|subject| !subject.is_empty()),
            number: letter.ticket.map(TicketNumber::get),
            ticket_link: letter.ticket.filter(|_| received.tickets_readable).map(|ticket| match letter.message {
                Some(message) => links.message(ticket, message),
                None => links.ticket(ticket),
            }),
            received_at: letter.received_at.timestamp_micros(),
            size: letter.size,
            original: links.to(Address::IncomingOriginal(&id)),
            actions: letter.verdict.is_held().then(|| HeldActions::of(links, received, letter, here, refused)),
            id,
        }
    }
}

impl HeldActions {
    fn of(links: &Links, received: &Received, letter: &Incoming, here: &List, refused: &mut Option<RefusedTake>) -> Self {
        let id = letter.id.to_string();
        let to = |address: Address<'_>| here.on(links.to(address));
        let is_whole = letter.verdict != Verdict::TooLarge;
        let take = || TakeModel::of(to(Address::TakeIncoming(&id)), received, letter, refused);
        Self {
            take: is_whole.then(take),
            again: is_whole.then(|| to(Address::RepeatIncoming(&id))),
            discard: to(Address::DiscardIncoming(&id)),
        }
    }
}

impl TakeModel {
    fn of(action: String, received: &Received, letter: &Incoming, refused: &mut Option<RefusedTake>) -> Self {
        let refused = refused.take_if(|refused| refused.id == letter.id);
        let assignable = received.assignable.get(&letter.id);
        let customer = assignable.and_then(Option::as_ref);
        let proposed = || match customer {
            Some(customer) => customer.id.as_str().to_owned(),
            None => letter.sender.clone().unwrap_or_default(),
        };
        let (typed, refusal) = refused.map(|refused| (refused.user, refused.refusal)).unzip();
        Self {
            action,
            user: typed.unwrap_or_else(proposed),
            assignable: assignable.is_some(),
            customer: customer.and_then(name_of),
            refusal,
        }
    }
}
