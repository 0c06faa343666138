//! The state of the mail: what waits, what failed and why, and sending it again.

use chrono::{DateTime, Utc};
use muticket_core::backend::{MailReport, Undelivered};
use muticket_core::names::{NameStyle, Names};
use muticket_core::notification::LetterState;
use serde::Serialize;

use crate::backend::admin::Admin;
use crate::backend::came_back::UnreachedPerson;
use crate::backend::letter_problem::LetterProblem;
use crate::backend::received::Directions;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, NoFields};
use crate::page::{Template, person};
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The model of the page.
#[derive(Debug, Serialize)]
struct MailPage {
    directions: Directions,
    waiting: u64,
    sent: u64,
    dropped: u64,
    failed: u64,
    held_letters: u64,
    rows: Vec<UnsentLetter>,
    /// Whether there are more letters than the page lists.
    more: bool,
    most: u32,
    /// People who get no letters, because letters to them came back.
    unreached: Vec<UnreachedPerson>,
}

/// A letter that has not been sent.
#[derive(Debug, Serialize)]
struct UnsentLetter {
    #[serde(flatten)]
    status: LetterStatus,
    /// What the letter is about: the word of a [notification](muticket_core::notification::Notification).
    notification: &'static str,
    /// The ticket; `None` in a letter that answers a letter without one.
    number: Option<i64>,
    /// `None` if the host no longer knows the recipient.
    recipient: Option<String>,
    created_at: i64,
    attempts: u32,
    /// The URL that sends it again; `None` unless it failed.
    retry_action: Option<String>,
}

/// The state of a letter.
#[derive(Debug, Default, Serialize)]
struct LetterStatus {
    /// `failed`, `held`, `waiting`, `sending` or `dropped`.
    state: &'static str,
    /// What went wrong.
    problem: Option<LetterProblem>,
    /// Why it was deliberately not sent.
    reason: Option<&'static str>,
    /// When the next attempt is made.
    next_try: Option<i64>,
    /// When it was dropped or given up.
    ended_at: Option<i64>,
}

/// The state of the mail.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let report = admin.backend.mail().await?;
    let counts = report.counts;
    let recipients = report.undelivered.iter().filter_map(|letter| letter.recipient.as_ref());
    let unreached = report.undeliverable.iter().map(|one| &one.user);
    let names = Names::of(recipients.chain(unreached), NameStyle::Administrator);
    let rows: Vec<_> = report.undelivered.iter().filter_map(|letter| row(&admin, &names, letter)).collect();
    let model = MailPage {
        directions: Directions::sent(context.links(), report.undecided),
        waiting: counts.waiting,
        sent: counts.sent,
        dropped: counts.dropped,
        failed: counts.failed,
        held_letters: counts.held,
        more: counts.waiting + counts.dropped + counts.failed + counts.held > rows.len() as u64,
        rows,
        most: MailReport::MOST,
        unreached: report.undeliverable.iter().map(|one| UnreachedPerson::of(context.links(), &names, one)).collect(),
    };
    let template = Template::new("backend/mail", Directions::title(&admin, "sent"));
    admin.page(Section::Mail, template, model).await
}

/// Sends a failed letter again.
pub(crate) async fn retry(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.retry_letter(named(id)?).await?;
    Ok(admin.done(Section::Mail, Flash::LetterRetried))
}

/// Sends all held letters.
pub(crate) async fn release(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.release_held_letters().await?;
    Ok(admin.done(Section::Mail, Flash::LettersReleased))
}

/// Discards all held letters without sending them.
pub(crate) async fn discard(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.discard_held_letters().await?;
    Ok(admin.done(Section::Mail, Flash::LettersDiscarded))
}

/// `None` if the letter has been sent in the meantime.
fn row(admin: &Admin<'_>, names: &Names, letter: &Undelivered) -> Option<UnsentLetter> {
    let entry = &letter.entry;
    let status = letter_status(&entry.state, admin.context.shared.helpdesk.now())?;
    let failed = matches!(entry.state, LetterState::Failed { .. });
    Some(UnsentLetter {
        status,
        notification: entry.notification.as_str(),
        number: entry.ticket.map(muticket_core::TicketNumber::get),
        recipient: person(names, &entry.recipient),
        created_at: entry.created_at.timestamp_micros(),
        attempts: entry.attempts,
        retry_action: failed.then(|| admin.context.links().letter_retry(entry.id)),
    })
}

fn letter_status(state: &LetterState, now: DateTime<Utc>) -> Option<LetterStatus> {
    let micros = |instant: &DateTime<Utc>| Some(instant.timestamp_micros());
    Some(match state {
        LetterState::Sent { .. } => return None,
        LetterState::Failed { at, problem } => LetterStatus {
            state: "failed",
            problem: Some(LetterProblem::of(problem)),
            ended_at: micros(at),
            ..LetterStatus::default()
        },
        // Before the first attempt there is no useful time to show: the letter is sent at once.
        LetterState::Waiting { problem: None, .. } => LetterStatus { state: "waiting", ..LetterStatus::default() },
        LetterState::Waiting { not_before, problem: Some(problem) } => {
            // If only the mail server is the problem, the letter keeps its place in the queue, and `not_before` is in the past.
            let next_try = micros(not_before).filter(|_| *not_before > now);
            LetterStatus { state: "waiting", problem: Some(LetterProblem::of(problem)), next_try, ..LetterStatus::default() }
        }
        LetterState::Held => LetterStatus { state: "held", ..LetterStatus::default() },
        LetterState::Claimed { .. } => LetterStatus { state: "sending", ..LetterStatus::default() },
        LetterState::Dropped { at, reason } => {
            LetterStatus { state: "dropped", reason: Some(reason.as_str()), ended_at: micros(at), ..LetterStatus::default() }
        }
    })
}

#[cfg(test)]
mod tests {
    use muticket_core::mail::Trouble;
    use muticket_core::notification::{DropReason, Notification as About};

    use super::*;
    use crate::backend::came_back;
    use crate::backend::testing::pages;
    use crate::links::Links;

    fn letter(state: &LetterState, about: About) -> UnsentLetter {
        let status = letter_status(state, DateTime::UNIX_EPOCH).unwrap();
        let failed = status.state == "failed";
        UnsentLetter {
            status,
            notification: about.as_str(),
            number: (about != About::LetterRefused).then_some(12),
            recipient: failed.then(|| "Sara".to_owned()),
            created_at: 0,
            attempts: 3,
            retry_action: failed.then(|| "/retry".to_owned()),
        }
    }

    fn model(rows: Vec<UnsentLetter>, more: bool) -> MailPage {
        let many = rows.len() as u64;
        MailPage {
            directions: Directions::sent(&Links::new("/s"), u32::from(more)),
            waiting: 0,
            sent: 1234,
            dropped: 1,
            failed: many,
            held_letters: many,
            rows,
            more,
            most: 200,
            unreached: Vec::new(),
        }
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let at = DateTime::UNIX_EPOCH;
        let problem = "550 <no such user>".to_owned();
        let uncertain = "uncertain, it may have arrived: the mail server did not answer in time".to_owned();
        let states = [
            LetterState::Failed { at, problem: problem.clone() },
            LetterState::Waiting { not_before: at, problem: None },
            LetterState::Waiting { not_before: at, problem: Some(problem) },
            LetterState::Waiting { not_before: at, problem: Some(uncertain) },
            LetterState::Claimed { until: at },
            LetterState::Held,
        ];
        let reasons = [
            DropReason::NoAccess,
            DropReason::UnknownUser,
            DropReason::NoAddress,
            DropReason::OwnAddress,
            DropReason::Discarded,
            DropReason::Outdated,
            DropReason::Undeliverable,
        ];
        let dropped = reasons.map(|reason| LetterState::Dropped { at, reason });
        let abouts = About::ALL.iter().copied().cycle();
        let rows: Vec<_> = states.iter().chain(&dropped).zip(abouts).map(|(state, about)| letter(state, about)).collect();
        for html in pages("backend/mail", model(rows, true)) {
            assert!(html.contains("mail&#x2f;release\"") && html.contains("mail&#x2f;discard\""), "{html}");
            assert!(html.contains("550 &lt;no such user&gt;"), "{html}");
            assert_eq!(html.matches("action=\"&#x2f;retry\"").count(), 1, "{html}");
        }
    }

    /// D-12: a sentence in the reader's language comes first, and the server's message is quoted after it.
    #[test]
    fn each_trouble_has_a_sentence_in_every_language() {
        let rows = Trouble::ALL.iter().map(|trouble| {
            let words = format!("words of {}", trouble.as_str());
            let problem = LetterProblem { word: trouble.as_str(), may_have_arrived: false, words };
            let status = LetterStatus { state: "failed", problem: Some(problem), ..LetterStatus::default() };
            let state = LetterState::Failed { at: DateTime::UNIX_EPOCH, problem: String::new() };
            UnsentLetter { status, ..letter(&state, About::TicketOpened) }
        });
        let [german, english] = pages("backend/mail", model(rows.collect(), false));
        for trouble in Trouble::ALL {
            for html in [&german, &english] {
                assert!(html.contains(&format!("words of {}", trouble.as_str())), "{html}");
            }
        }
        assert!(german.contains("Der Mailserver ist nicht erreichbar.") && !german.contains("mail server"), "{german}");
        assert!(english.contains("The mail server cannot be reached."), "{english}");
    }

    /// M-05
    #[test]
    fn people_whom_letters_do_not_reach_can_be_written_to_again() {
        let model = MailPage { unreached: came_back::examples(), ..model(Vec::new(), false) };
        for html in pages("backend/mail", model) {
            assert_eq!(html.matches("action=\"&#x2f;resume\"").count(), 2, "{html}");
            assert!(html.contains("Anna &lt;b&gt;") && html.contains("value=\"7&quot;\""), "{html}");
            assert!(html.contains("anna@x.example&lt;") && html.contains("550 5.1.1 &lt;unknown&gt;"), "{html}");
        }
    }

    #[test]
    fn an_empty_page_says_that_nothing_waits() {
        for html in pages("backend/mail", model(Vec::new(), false)) {
            assert!(html.contains("class=\"empty\"") && !html.contains("<table"), "{html}");
        }
    }
}
