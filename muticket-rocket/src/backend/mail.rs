//! The state of the mail: what waits, what failed and why, and sending it again.

use chrono::{DateTime, Utc};
use muticket_core::backend::{MailReport, Undelivered};
use muticket_core::mail::Diagnosis;
use muticket_core::names::{Names, Reader};
use muticket_core::notice::LetterState;
use rocket::http::Status;
use rocket::{get, post};
use serde::Serialize;

use crate::backend::Section;
use crate::backend::supporter::Nothing;
use crate::error::Failure;
use crate::form::Protected;
use crate::guards::Admin;
use crate::notice::Notice;
use crate::page::{Done, Rendered, person};
use crate::query::named;

/// The model of the page.
#[derive(Debug, Serialize)]
struct Model {
    waiting: u64,
    sent: u64,
    dropped: u64,
    failed: u64,
    held_letters: u64,
    rows: Vec<Row>,
    /// Whether there are more letters than the page lists.
    more: bool,
    most: u32,
}

/// A letter that has not been sent.
#[derive(Debug, Serialize)]
struct Row {
    #[serde(flatten)]
    standing: Standing,
    /// What the letter is about: `ticket-opened`, `customer-replied` or `supporter-answered`.
    notice: &'static str,
    number: i64,
    /// `None` if the host no longer knows the recipient.
    recipient: Option<String>,
    created_at: i64,
    attempts: u32,
    /// The URL that sends it again; `None` unless it failed.
    retry_action: Option<String>,
}

/// The state of a letter.
#[derive(Debug, Default, Serialize)]
struct Standing {
    /// `failed`, `held`, `waiting`, `sending` or `dropped`.
    state: &'static str,
    /// What went wrong.
    problem: Option<Problem>,
    /// Why it was deliberately not sent.
    reason: Option<&'static str>,
    /// When the next attempt is made.
    next_try: Option<i64>,
    /// When it was dropped or given up.
    ended_at: Option<i64>,
}

/// What went wrong.
#[derive(Debug, Serialize)]
struct Problem {
    /// The key of its sentence is `backend-mail-trouble-WORD`.
    word: &'static str,
    may_have_arrived: bool,
    /// The unchanged message of the mail server or of a library.
    words: String,
}

impl Problem {
    fn of(kept: &str) -> Self {
        let Diagnosis { trouble, may_have_arrived, words, .. } = Diagnosis::of(kept);
        Self { word: trouble.as_str(), may_have_arrived, words: words.to_owned() }
    }
}

/// The state of the mail.
#[get("/backend/mail")]
pub(super) async fn list(admin: Admin<'_>) -> Result<Rendered, Failure> {
    let report = admin.backend.mail().await?;
    let counts = report.counts;
    let recipients = report.undelivered.iter().filter_map(|letter| letter.recipient.as_ref());
    let names = Names::of(recipients, Reader::Administrator);
    let rows: Vec<_> = report.undelivered.iter().filter_map(|letter| row(&admin, &names, letter)).collect();
    let model = Model {
        waiting: counts.waiting,
        sent: counts.sent,
        dropped: counts.dropped,
        failed: counts.failed,
        held_letters: counts.held,
        more: counts.waiting + counts.dropped + counts.failed + counts.held > rows.len() as u64,
        rows,
        most: MailReport::MOST,
    };
    let title = admin.say("backend-mail-title");
    admin.page(Status::Ok, "backend/mail", (Section::Mail, title), model).await
}

/// Sends a failed letter again.
#[post("/backend/mail/<id>/retry", data = "<_form>")]
pub(super) async fn retry(admin: Admin<'_>, id: &str, _form: Protected<Nothing>) -> Result<Done, Failure> {
    admin.backend.retry_letter(named(id)?).await?;
    Ok(Done { to: admin.site.links.backend(Section::Mail.path()), notice: Notice::LetterRetried })
}

/// Sends all held letters.
#[post("/backend/mail/release", data = "<_form>")]
pub(super) async fn release(admin: Admin<'_>, _form: Protected<Nothing>) -> Result<Done, Failure> {
    admin.backend.release_held_letters().await?;
    Ok(Done { to: admin.site.links.backend(Section::Mail.path()), notice: Notice::LettersReleased })
}

/// Discards all held letters without sending them.
#[post("/backend/mail/discard", data = "<_form>")]
pub(super) async fn discard(admin: Admin<'_>, _form: Protected<Nothing>) -> Result<Done, Failure> {
    admin.backend.discard_held_letters().await?;
    Ok(Done { to: admin.site.links.backend(Section::Mail.path()), notice: Notice::LettersDiscarded })
}

/// `None` if the letter has been sent in the meantime.
fn row(admin: &Admin<'_>, names: &Names, letter: &Undelivered) -> Option<Row> {
    let entry = &letter.entry;
    let standing = standing(&entry.state, admin.site.helpdesk.now())?;
    let failed = matches!(entry.state, LetterState::Failed { .. });
    Some(Row {
        standing,
        notice: entry.notice.as_str(),
        number: entry.ticket.get(),
        recipient: person(names, &entry.recipient),
        created_at: entry.created_at.timestamp_micros(),
        attempts: entry.attempts,
        retry_action: failed.then(|| admin.site.links.letter_retry(entry.id)),
    })
}

fn standing(state: &LetterState, now: DateTime<Utc>) -> Option<Standing> {
    let micros = |instant: &DateTime<Utc>| Some(instant.timestamp_micros());
    Some(match state {
        LetterState::Sent { .. } => return None,
        LetterState::Failed { at, problem } => {
            Standing { state: "failed", problem: Some(Problem::of(problem)), ended_at: micros(at), ..Standing::default() }
        }
        // Before the first attempt there is no useful time to show: the letter is sent at once.
        LetterState::Waiting { problem: None, .. } => Standing { state: "waiting", ..Standing::default() },
        LetterState::Waiting { not_before, problem: Some(problem) } => {
            // If only the mail server is the problem, the letter keeps its place in the queue, and `not_before` is in the past.
            let next_try = micros(not_before).filter(|_| *not_before > now);
            Standing { state: "waiting", problem: Some(Problem::of(problem)), next_try, ..Standing::default() }
        }
        LetterState::Held => Standing { state: "held", ..Standing::default() },
        LetterState::Claimed { .. } => Standing { state: "sending", ..Standing::default() },
        LetterState::Dropped { at, reason } => {
            Standing { state: "dropped", reason: Some(reason.as_str()), ended_at: micros(at), ..Standing::default() }
        }
    })
}

#[cfg(test)]
mod tests {
    use muticket_core::mail::Trouble;
    use muticket_core::notice::{DropReason, Notice as About};

    use super::*;
    use crate::backend::tests::pages;

    fn letter(state: &LetterState, about: About) -> Row {
        let standing = standing(state, DateTime::UNIX_EPOCH).unwrap();
        let failed = standing.state == "failed";
        Row {
            standing,
            notice: about.as_str(),
            number: 12,
            recipient: failed.then(|| "Sara".to_owned()),
            created_at: 0,
            attempts: 3,
            retry_action: failed.then(|| "/retry".to_owned()),
        }
    }

    fn model(rows: Vec<Row>, more: bool) -> Model {
        let many = rows.len() as u64;
        Model { waiting: 0, sent: 1234, dropped: 1, failed: many, held_letters: many, rows, more, most: 200 }
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
        let reasons =
            [DropReason::NoAccess, DropReason::UnknownUser, DropReason::NoAddress, DropReason::OwnAddress, DropReason::Discarded];
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
            let problem = Problem { word: trouble.as_str(), may_have_arrived: false, words };
            let standing = Standing { state: "failed", problem: Some(problem), ..Standing::default() };
            let state = LetterState::Failed { at: DateTime::UNIX_EPOCH, problem: String::new() };
            Row { standing, ..letter(&state, About::TicketOpened) }
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

    #[test]
    fn an_empty_page_says_that_nothing_waits() {
        for html in pages("backend/mail", model(Vec::new(), false)) {
            assert!(html.contains("class=\"empty\"") && !html.contains("<table"), "{html}");
        }
    }
}
