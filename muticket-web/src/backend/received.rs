//! The letters that came in: how many of each kind, and the list of one kind (M-09).

use muticket_core::backend::Received;
use muticket_core::incoming::{Incoming, Verdict, VerdictGroup};
use muticket_core::storage::Counts;
use muticket_core::{IncomingId, TicketNumber};
use serde::Serialize;

use crate::address::Address;
use crate::backend::mailboxes::MailboxRow;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::links::Links;
use crate::list::List;
use crate::page::Template;
use crate::query::Query;
use crate::response::Response;

/// `group` and `after`, read from the URL. What cannot be read is the letters on hold, from the newest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ReceivedQuery {
    group: VerdictGroup,
    after: Option<IncomingId>,
}

impl ReceivedQuery {
    fn of(query: Query<'_>) -> Self {
        Self { group: query.parsed("group").unwrap_or(VerdictGroup::Held), after: query.parsed("after") }
    }

    /// The query string of a URL that shows this list.
    fn text(self) -> String {
        let group = (self.group != VerdictGroup::Held).then(|| format!("group={}", self.group.as_str()));
        let after = self.after.map(|after| format!("after={after}"));
        let pairs: Vec<_> = group.into_iter().chain(after).collect();
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

/// The model of the page.
#[derive(Debug, Serialize)]
struct ReceivedPage {
    directions: Directions,
    tabs: Vec<GroupTab>,
    /// The word of the group that is shown.
    group: &'static str,
    /// Whether an administrator can do something with the letters of the group.
    decidable: bool,
    /// Whether the letters of the group are deleted after some time.
    passing: bool,
    /// Whether letters come in at all.
    comes_in: bool,
    rows: Vec<ReceivedLetter>,
    /// The mailboxes from which letters are fetched, by name.
    mailboxes: Vec<MailboxRow>,
    /// Whether damaged rows are left out.
    damaged: bool,
    /// The link to the first page; `None` if this is the first page.
    first: Option<String>,
    next: Option<String>,
}

/// The links between the pages of the mail.
#[derive(Debug, Serialize)]
pub(super) struct Directions {
    tabs: Vec<DirectionTab>,
}

/// A page of the mail.
#[derive(Debug, Serialize)]
struct DirectionTab {
    /// The key of its sentence is `backend-mail-direction-WORD`.
    word: &'static str,
    link: String,
    current: bool,
    /// How many letters that came in wait for an administrator.
    undecided: u32,
    /// Whether there are more than were counted.
    many: bool,
}

impl Directions {
    /// For the page of the letters that go out.
    pub(super) fn sent(links: &Links, undecided: u32) -> Self {
        Self::new(links, "sent", undecided)
    }

    /// For the page of the letters that came in.
    pub(super) fn received(links: &Links, undecided: u32) -> Self {
        Self::new(links, "received", undecided)
    }

    /// For the page of the assigned addresses, which counts no letters.
    pub(super) fn senders(links: &Links) -> Self {
        Self::new(links, "senders", 0)
    }

    fn new(links: &Links, current: &'static str, undecided: u32) -> Self {
        let tab = |(word, address, undecided): (&'static str, Address<'_>, u32)| DirectionTab {
            word,
            link: links.to(address),
            current: word == current,
            undecided: undecided.min(Counts::MANY - 1),
            many: undecided >= Counts::MANY,
        };
        let pages =
            [("sent", Address::Mail, 0), ("received", Address::ReceivedMail, undecided), ("senders", Address::Senders, 0)];
        Self { tabs: pages.into_iter().map(tab).collect() }
    }
}

/// A group with the number of its letters.
#[derive(Debug, Serialize)]
struct GroupTab {
    /// The key of its sentence is `backend-mail-group-WORD`.
    word: &'static str,
    count: u32,
    /// Whether there are more than were counted.
    many: bool,
    link: String,
    current: bool,
}

impl GroupTab {
    fn new(links: &Links, (group, count): (VerdictGroup, u32), current: VerdictGroup) -> Self {
        Self {
            word: group.as_str(),
            count: count.min(Counts::MANY - 1),
            many: count >= Counts::MANY,
            link: links.to(Address::ReceivedMail) + &ReceivedQuery { group, after: None }.text(),
            current: group == current,
        }
    }
}

/// A letter.
#[derive(Debug, Serialize)]
struct ReceivedLetter {
    id: String,
    /// The word of the verdict. The key of its sentence is `backend-mail-in-WORD`.
    verdict: &'static str,
    /// The unchanged problem of a letter that is parked or too large, or that failed once and waits, and what a report says.
    problem: Option<String>,
    /// The address in its header; `None` if it has none.
    sender: Option<String>,
    subject: Option<String>,
    /// The ticket that it belongs to.
    number: Option<i64>,
    /// The link to the ticket; `None` for administrators who are no supporters.
    ticket_link: Option<String>,
    received_at: i64,
    size: u64,
    original: String,
    /// What can be done with it; `None` unless it is held.
    actions: Option<HeldActions>,
}

/// The URLs of what can be done with a held letter.
#[derive(Debug, Serialize)]
struct HeldActions {
    /// `None` if only the header of the letter is there.
    take: Option<String>,
    /// See `take`.
    again: Option<String>,
    discard: String,
    /// Whether the address can be assigned to a user: the directory does not know it.
    assignable: bool,
}

impl ReceivedLetter {
    fn of(links: &Links, letter: &Incoming, readable: bool, here: &List) -> Self {
        let id = letter.id.to_string();
        let to = |address: Address<'_>| here.on(links.to(address));
        let is_whole = letter.verdict != Verdict::TooLarge;
        let actions = || HeldActions {
            take: is_whole.then(|| to(Address::TakeIncoming(&id))),
            again: is_whole.then(|| to(Address::RepeatIncoming(&id))),
            discard: to(Address::DiscardIncoming(&id)),
            assignable: letter.verdict == Verdict::UnknownSender && letter.sender.is_some(),
        };
        let group = letter.verdict.group();
        let tells = matches!(group, VerdictGroup::Parked | VerdictGroup::Waiting)
            || matches!(letter.verdict, Verdict::TooLarge | Verdict::Bounce);
        Self {
            verdict: letter.verdict.as_str(),
            problem: letter.problem.clone().filter(|problem| tells && !problem.is_empty()),
            sender: letter.sender.clone().filter(|sender| !sender.is_empty()),
            subject: letter.subject.clone().filter(|subject| !subject.is_empty()),
            number: letter.ticket.map(TicketNumber::get),
            ticket_link: letter.ticket.filter(|_| readable).map(|ticket| match letter.message {
                Some(message) => links.message(ticket, message),
                None => links.ticket(ticket),
            }),
            received_at: letter.received_at.timestamp_micros(),
            size: letter.size,
            original: links.to(Address::IncomingOriginal(&id)),
            actions: letter.verdict.is_held().then(actions),
            id,
        }
    }
}

/// The letters of one group.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let query = ReceivedQuery::of(context.query());
    let helpdesk = &context.shared.helpdesk;
    let received = admin.backend.received(query.group, query.after, helpdesk.limits().page).await?;
    let model = page(context.links(), query, &received, helpdesk.mail_in().is_some());
    let template = Template::new("backend/mail-received", admin.say("backend-mail-title"));
    admin.page(Section::Mail, template, model).await
}

fn page(links: &Links, query: ReceivedQuery, received: &Received, comes_in: bool) -> ReceivedPage {
    let here = List::from(query.text());
    let to = |after| links.to(Address::ReceivedMail) + &ReceivedQuery { after, ..query }.text();
    let letter = |letter: &Incoming| ReceivedLetter::of(links, letter, received.tickets_readable, &here);
    ReceivedPage {
        directions: Directions::received(links, received.undecided()),
        tabs: received.counts.iter().map(|group| GroupTab::new(links, *group, query.group)).collect(),
        group: query.group.as_str(),
        decidable: query.group.verdicts().any(Verdict::is_held),
        passing: query.group.verdicts().any(Verdict::is_useless),
        comes_in,
        rows: received.letters.iter().map(letter).collect(),
        mailboxes: received.mailboxes.iter().map(MailboxRow::of).collect(),
        damaged: received.damaged,
        first: query.after.map(|_| to(None)),
        next: received.next.map(|next| to(Some(next))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::mailboxes;
    use crate::backend::testing::pages;

    fn letter(number: usize, verdict: Verdict) -> ReceivedLetter {
        let actions = HeldActions {
            take: (verdict != Verdict::TooLarge).then(|| "/take".to_owned()),
            again: (verdict != Verdict::TooLarge).then(|| "/again".to_owned()),
            discard: "/throw".to_owned(),
            assignable: verdict == Verdict::UnknownSender,
        };
        ReceivedLetter {
            id: number.to_string(),
            verdict: verdict.as_str(),
            problem: (verdict == Verdict::Parked).then(|| "the host <failed>".to_owned()),
            sender: (number > 0).then(|| "anna@x.example".to_owned()),
            subject: (number > 0).then(|| "Hello <b>".to_owned()),
            number: (number % 2 == 1).then_some(12),
            ticket_link: (number % 4 == 1).then(|| "/ticket".to_owned()),
            received_at: 0,
            size: 2048,
            original: "/original".to_owned(),
            actions: verdict.is_held().then_some(actions),
        }
    }

    fn model(group: VerdictGroup, rows: Vec<ReceivedLetter>) -> ReceivedPage {
        let links = Links::new("/s");
        let counts = VerdictGroup::ALL.iter().copied().zip([1000, 1, 0, 999, 7, 2]);
        ReceivedPage {
            directions: Directions::received(&links, 1000),
            tabs: counts.map(|count| GroupTab::new(&links, count, group)).collect(),
            group: group.as_str(),
            decidable: group == VerdictGroup::Held || group == VerdictGroup::Parked,
            passing: group == VerdictGroup::Ignored || group == VerdictGroup::Discarded,
            comes_in: rows.is_empty(),
            damaged: !rows.is_empty(),
            rows,
            mailboxes: mailboxes::examples(),
            first: None,
            next: Some("/next".to_owned()),
        }
    }

    /// M-04, M-09
    #[test]
    fn each_letter_says_what_became_of_it_and_what_can_be_done() {
        let verdicts: Vec<_> = Verdict::ALL.iter().copied().enumerate().collect();
        let held = verdicts.iter().filter(|(_, verdict)| verdict.is_held()).count();
        for group in VerdictGroup::ALL {
            let rows = verdicts.iter().map(|(number, verdict)| letter(*number, *verdict)).collect();
            for html in pages("backend/mail-received", model(*group, rows)) {
                // Of a letter that is too large only the header is there, so that no ticket can be opened with it.
                for (address, times) in [("/take", held - 1), ("/again", held - 1), ("/throw", held)] {
                    let action = format!("action=\"{}\"", address.replace('/', "&#x2f;"));
                    assert_eq!(html.matches(&action).count(), times, "{address}: {html}");
                }
                assert_eq!(html.matches("name=\"always\"").count(), 1, "{html}");
                assert_eq!(html.matches("&#x2f;original\"").count(), verdicts.len(), "{html}");
                assert!(html.contains("Hello &lt;b&gt;") && html.contains("the host &lt;failed&gt;"), "{html}");
                assert!(
                    html.contains("href=\"&#x2f;ticket\"") && html.contains("999+") && html.contains("rel=\"next\""),
                    "{html}"
                );
                assert_eq!(html.matches("aria-current=\"page\"").count(), 2, "direction and group: {html}");
            }
        }
    }

    /// M-08
    #[test]
    fn mailboxes_say_when_they_were_read_and_what_is_wrong() {
        for html in pages("backend/mail-received", model(VerdictGroup::Held, Vec::new())) {
            assert!(html.contains("imaps:&#x2f;&#x2f;support@example.org&#x2f;1&lt;b&gt;"), "{html}");
            assert!(html.contains("&lt;words&gt; of not-stored"), "{html}");
        }
    }

    #[test]
    fn an_empty_list_says_so() {
        for group in VerdictGroup::ALL {
            for html in pages("backend/mail-received", model(*group, Vec::new())) {
                assert!(html.contains("class=\"empty\"") && !html.contains("aria-labelledby=\"list-heading\""), "{html}");
            }
        }
    }

    #[test]
    fn a_list_is_read_as_it_was_written() {
        let id: IncomingId = "018f2f0e-4c5a-7bcd-8abc-0123456789ab".parse().unwrap();
        let read = |text: &str| ReceivedQuery::of(Query::new(text.strip_prefix('?')));
        for group in VerdictGroup::ALL.iter().copied() {
            for after in [None, Some(id)] {
                let query = ReceivedQuery { group, after };
                assert_eq!(read(&query.text()), query);
                assert_eq!(List::from(query.text()).behind(String::new()), query.text());
            }
        }
        assert_eq!(read("?group=none&after=x"), ReceivedQuery { group: VerdictGroup::Held, after: None });
    }
}
