//! The letters that came in: how many of each kind, and the list of one kind (M-09).

use chrono::TimeDelta;
use http::StatusCode;
use muticket_core::backend::Received;
use muticket_core::incoming::{Incoming, Verdict, VerdictGroup};
use muticket_core::storage::Counts;
use muticket_core::{IncomingId, MailIn};
use serde::Serialize;

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::backend::mailboxes::MailboxRow;
use crate::backend::received_letter::{ReceivedLetter, RefusedTake};
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::{ErrorPage, Failure};
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
    /// After how many days letters from unknown senders are deleted; `None` if the group has none.
    keeps_unknown: Option<i64>,
    /// Whether letters come in at all.
    comes_in: bool,
    /// Whether a form was refused and is shown again.
    refused: bool,
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

    /// The title of a page of the mail.
    pub(super) fn title(admin: &Admin<'_>, word: &'static str) -> String {
        format!("{}: {}", admin.say("backend-mail-title"), admin.say(&format!("backend-mail-direction-{word}")))
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

/// The letters of one group.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let query = ReceivedQuery::of(context.query());
    page(&admin, query, None).await
}

/// The list in which a letter was, with the form that was refused.
pub(super) async fn show_again(admin: &Admin<'_>, list: &List, refused: RefusedTake) -> Result<Response, Failure> {
    let query = list.to_string();
    page(admin, ReceivedQuery::of(Query::new(Some(&query))), Some(refused)).await
}

async fn page(admin: &Admin<'_>, query: ReceivedQuery, refused: Option<RefusedTake>) -> Result<Response, Failure> {
    let context = admin.context;
    let helpdesk = &context.shared.helpdesk;
    let received = admin.backend.received(query.group, query.after, helpdesk.limits().page).await?;
    let status = if refused.is_some() { ErrorPage::Invalid.status() } else { StatusCode::OK };
    let model = model(context.links(), query, &received, helpdesk.mail_in(), refused);
    let template = Template::new("backend/mail-received", Directions::title(admin, "received")).with_status(status);
    admin.page(Section::Mail, template, model).await
}

fn model(
    links: &Links,
    query: ReceivedQuery,
    received: &Received,
    rules: Option<&MailIn>,
    mut refused: Option<RefusedTake>,
) -> ReceivedPage {
    let here = List::from(query.text());
    let to = |after| links.to(Address::ReceivedMail) + &ReceivedQuery { after, ..query }.text();
    let is_refused = refused.is_some();
    let letter = |letter: &Incoming| ReceivedLetter::of(links, received, letter, &here, &mut refused);
    ReceivedPage {
        directions: Directions::received(links, received.undecided()),
        tabs: received.counts.iter().map(|group| GroupTab::new(links, *group, query.group)).collect(),
        group: query.group.as_str(),
        decidable: query.group.verdicts().any(Verdict::is_held),
        passing: query.group.verdicts().any(Verdict::is_useless),
        keeps_unknown: rules.filter(|_| query.group == VerdictGroup::Held).map(|rules| days(rules.keeps_unknown_letters_for())),
        comes_in: rules.is_some(),
        refused: is_refused,
        rows: received.letters.iter().map(letter).collect(),
        mailboxes: received.mailboxes.iter().map(MailboxRow::of).collect(),
        damaged: received.damaged,
        first: query.after.map(|_| to(None)),
        next: received.next.map(|next| to(Some(next))),
    }
}

/// The number of days, rounded up.
fn days(time: TimeDelta) -> i64 {
    let whole = time.num_days();
    if time > TimeDelta::days(whole) { whole + 1 } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::mailboxes;
    use crate::backend::received_letter::{HeldActions, TakeModel, TakeRefusal};
    use crate::backend::testing::pages;

    fn letter(number: usize, verdict: Verdict) -> ReceivedLetter {
        let is_whole = verdict != Verdict::TooLarge;
        let assignable = matches!(verdict, Verdict::UnknownSender | Verdict::NotConfirmed);
        let take = || TakeModel {
            action: "/take".to_owned(),
            user: "anna \"A\"".to_owned(),
            assignable,
            customer: (verdict == Verdict::NotConfirmed).then(|| "<Anna>".to_owned()),
            refusal: None,
        };
        let actions =
            HeldActions { take: is_whole.then(take), again: is_whole.then(|| "/again".to_owned()), discard: "/throw".to_owned() };
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

    fn example(group: VerdictGroup, rows: Vec<ReceivedLetter>) -> ReceivedPage {
        let links = Links::new("/s");
        let counts = VerdictGroup::ALL.iter().copied().zip([1000, 1, 0, 999, 7, 2]);
        ReceivedPage {
            directions: Directions::received(&links, 1000),
            tabs: counts.map(|count| GroupTab::new(&links, count, group)).collect(),
            group: group.as_str(),
            decidable: group == VerdictGroup::Held || group == VerdictGroup::Parked,
            passing: group == VerdictGroup::Ignored || group == VerdictGroup::Discarded,
            keeps_unknown: (group == VerdictGroup::Held).then_some(180),
            comes_in: rows.is_empty(),
            refused: false,
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
            for html in pages("backend/mail-received", example(*group, rows)) {
                // Of a letter that is too large only the header is there, so that no ticket can be opened with it.
                for (address, times) in [("/take", held - 1), ("/again", held - 1), ("/throw", held)] {
                    let action = format!("action=\"{}\"", address.replace('/', "&#x2f;"));
                    assert_eq!(html.matches(&action).count(), times, "{address}: {html}");
                }
                assert_eq!(html.matches("name=\"always\"").count(), 2, "{html}");
                assert_eq!(html.matches("&#x2f;original\"").count(), verdicts.len(), "{html}");
                assert!(html.contains("Hello &lt;b&gt;") && html.contains("the host &lt;failed&gt;"), "{html}");
                assert!(
                    html.contains("href=\"&#x2f;ticket\"") && html.contains("999+") && html.contains("rel=\"next\""),
                    "{html}"
                );
                assert_eq!(html.matches("aria-current=\"page\"").count(), 2, "direction and group: {html}");
                assert_eq!(html.contains("180 "), *group == VerdictGroup::Held, "{html}");
                assert!(!html.contains("<details open") && !html.contains("aria-invalid"), "{html}");
            }
        }
    }

    /// Each button and each link is named after its letter, because the same ones stand beside every letter.
    #[test]
    fn what_can_be_done_is_named_after_the_letter() {
        let rows = vec![letter(0, Verdict::NotConfirmed), letter(1, Verdict::UnknownSender), letter(2, Verdict::TooLarge)];
        let [german, english] = pages("backend/mail-received", example(VerdictGroup::Held, rows));
        for (html, words) in [
            (english, ["Open a ticket", "Always from this customer", "Process again", "Discard", "Download the original"]),
            (
                german,
                ["Ticket erstellen", "Immer von diesem Kunden", "Noch einmal verarbeiten", "Verwerfen", "Original herunterladen"],
            ),
        ] {
            let (_, table) = html.split_once("<tbody>").unwrap();
            let (table, _) = table.split_once("</tbody>").unwrap();
            let buttons: Vec<_> = table.split("<button").skip(1).chain(table.split("<summary").skip(1)).collect();
            assert_eq!(buttons.len(), 11, "{table}");
            assert_eq!(table.matches("<span class=\"unseen\">").count(), 16, "and three links and two fields: {table}");
            for button in buttons.into_iter().chain(table.split("<a href=\"&#x2f;original\"").skip(1)) {
                // The name begins with the words that are shown.
                let (_, inside) = button.split_once('>').unwrap();
                let (shown, name) = inside.split_once("<span class=\"unseen\">: ").unwrap();
                let (name, _) = name.split_once("</span>").unwrap();
                assert!(words.iter().any(|word| shown.starts_with(word)), "{name}: {shown}");
                assert!(
                    name.contains("Hello &lt;b&gt;") && name.contains("anna@x.example")
                        || name.contains("Kein")
                        || name.contains("No "),
                    "{name}"
                );
            }
        }
    }

    /// M-04: nothing that was typed is lost, and the reason stands at the field.
    #[test]
    fn a_refused_form_is_open_and_says_why() {
        let refusals = [
            ("backend-mail-in-nobody", None),
            ("backend-mail-in-refused", None),
            ("backend-mail-in-supporter", Some("<Sara>")),
            ("backend-mail-in-known", Some("<Ben>")),
            ("backend-mail-in-taken", Some("<Tom>")),
            ("backend-mail-in-taken", None),
        ];
        for (key, name) in refusals {
            let mut refused = letter(1, Verdict::UnknownSender);
            let take = refused.actions.as_mut().and_then(|actions| actions.take.as_mut()).unwrap();
            take.user = "typed <x>".to_owned();
            take.refusal = Some(TakeRefusal { key, name: name.map(str::to_owned) });
            let rows = vec![letter(2, Verdict::UnknownSender), refused];
            let model = ReceivedPage { refused: true, ..example(VerdictGroup::Held, rows) };
            for html in pages("backend/mail-received", model) {
                assert_eq!(html.matches("<details open").count(), 1, "{html}");
                assert!(html.contains("value=\"typed &lt;x&gt;\"") && html.contains("aria-invalid=\"true\""), "{html}");
                assert!(html.contains("id=\"take-1-problem\""), "{html}");
                let (_, alert) = html.split_once("role=\"alert\"").unwrap();
                let (alert, _) = alert.split_once("</p>").unwrap();
                assert_eq!(alert.matches("<a href").count(), 1, "{alert}");
                assert!(alert.contains("href=\"#take-1\"") && alert.contains("Hello &lt;b&gt;"), "{alert}");
                assert!(name.is_none_or(|name| html.contains(&name.replace('<', "&lt;").replace('>', "&gt;"))), "{html}");
            }
        }
    }

    #[test]
    fn a_part_of_a_day_is_a_day() {
        let counted = [TimeDelta::zero(), TimeDelta::seconds(1), TimeDelta::days(1), TimeDelta::hours(25)].map(days);
        assert_eq!(counted, [0, 1, 1, 2]);
    }

    /// M-08
    #[test]
    fn mailboxes_say_when_they_were_read_and_what_is_wrong() {
        for html in pages("backend/mail-received", example(VerdictGroup::Held, Vec::new())) {
            assert!(html.contains("imaps:&#x2f;&#x2f;support@example.org&#x2f;1&lt;b&gt;"), "{html}");
            assert!(html.contains("&lt;words&gt; of not-stored"), "{html}");
        }
    }

    #[test]
    fn an_empty_list_says_so() {
        for group in VerdictGroup::ALL {
            for html in pages("backend/mail-received", example(*group, Vec::new())) {
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
