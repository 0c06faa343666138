//! Letters that came in and are held or parked, on the page of the mail (M-04, M-09).

use muticket_core::backend::Taken;
use muticket_core::incoming::{Incoming, Verdict};
use serde::Serialize;

use crate::address::Address;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form, NoFields};
use crate::frontend::letter::download;
use crate::links::Links;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// A held letter.
#[derive(Debug, Serialize)]
pub(super) struct HeldLetter {
    id: String,
    /// The word of the verdict. The key of its sentence is `backend-mail-in-WORD`.
    verdict: &'static str,
    /// The unchanged problem of a letter that is parked or too large.
    problem: Option<String>,
    /// The address in its header; `None` if it has none.
    sender: Option<String>,
    subject: Option<String>,
    /// The ticket that it belongs to.
    number: Option<i64>,
    received_at: i64,
    size: u64,
    original: String,
    /// `None` if only the header of the letter is there.
    take_action: Option<String>,
    /// See `take_action`.
    again_action: Option<String>,
    discard_action: String,
}

impl HeldLetter {
    pub(super) fn of(links: &Links, letter: &Incoming) -> Self {
        let id = letter.id.to_string();
        let is_whole = letter.verdict != Verdict::TooLarge;
        let has_problem = [Verdict::Parked, Verdict::TooLarge].contains(&letter.verdict);
        Self {
            verdict: letter.verdict.as_str(),
            problem: letter.problem.clone().filter(|_| has_problem),
            sender: letter.sender.clone(),
            subject: letter.subject.clone().filter(|subject| !subject.is_empty()),
            number: letter.ticket.map(muticket_core::TicketNumber::get),
            received_at: letter.received_at.timestamp_micros(),
            size: letter.size,
            original: links.to(Address::IncomingOriginal(&id)),
            take_action: is_whole.then(|| links.to(Address::TakeIncoming(&id))),
            again_action: is_whole.then(|| links.to(Address::RepeatIncoming(&id))),
            discard_action: links.to(Address::DiscardIncoming(&id)),
            id,
        }
    }
}

/// For whom a ticket is opened.
struct TakeForm {
    /// An id or an email address.
    user: String,
}

impl Form for TakeForm {
    fn read(fields: &Fields) -> Self {
        Self { user: fields.text("user").to_owned() }
    }
}

/// The letter as it came.
pub(crate) async fn original(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    Ok(download(admin.backend.incoming_letter(named(id)?).await?))
}

/// Opens a ticket with a held letter.
pub(crate) async fn take(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let submitted = form::read::<TakeForm>(context, body).await?;
    let taken = admin.backend.open_ticket_with(named(id)?, &submitted.form.user).await;
    let flash = match taken.map_err(|error| submitted.failed(error))? {
        Taken::Opened(_) => Flash::IncomingOpened,
        Taken::NobodyFound => Flash::IncomingNobody,
        _ => Flash::IncomingRefused,
    };
    Ok(admin.done(Section::Mail, flash))
}

/// Lets a held letter be worked on again.
pub(crate) async fn again(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.work_on_incoming_again(named(id)?).await?;
    Ok(admin.done(Section::Mail, Flash::IncomingRepeated))
}

/// Discards a held letter.
pub(crate) async fn discard(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.discard_incoming(named(id)?).await?;
    Ok(admin.done(Section::Mail, Flash::IncomingDiscarded))
}

/// Letters with every verdict for which they are held.
#[cfg(test)]
pub(super) fn examples() -> Vec<HeldLetter> {
    let held = Verdict::ALL.iter().copied().filter(|verdict| verdict.is_held());
    let letter = |(number, verdict): (usize, Verdict)| HeldLetter {
        id: number.to_string(),
        verdict: verdict.as_str(),
        problem: (verdict == Verdict::Parked).then(|| "the host <failed>".to_owned()),
        sender: (number > 0).then(|| "anna@x.example".to_owned()),
        subject: (number > 0).then(|| "Hello <b>".to_owned()),
        number: (number % 2 == 1).then_some(12),
        received_at: 0,
        size: 2048,
        original: "/original".to_owned(),
        take_action: (verdict != Verdict::TooLarge).then(|| "/take".to_owned()),
        again_action: (verdict != Verdict::TooLarge).then(|| "/again".to_owned()),
        discard_action: "/throw".to_owned(),
    };
    held.enumerate().map(letter).collect()
}
