//! Lets a visitor of the mailbox reply to a letter and write a new one. What they write goes through the real mailroom.

use minijinja::{Value, context};
use muticket_core::incoming::{Envelope, Incoming, Verdict};
use muticket_core::mail::Letter;
use muticket_core::mailroom::ReceiveError;
use muticket_core::{Clock, Helpdesk, Ids, IncomingId, StorageError, SystemClock, SystemIds};
use rocket::form::{Form, FromForm};
use rocket::http::Status;
use rocket::response::Redirect;
use rocket::{State, get, post};

use crate::layout::{Html, Layout};
use crate::login::OwnForm;
use crate::mail_program::{self, Answered, Writing, written};
use crate::mailbox::{Mailbox, id, reader};
use crate::people::{PEOPLE, Person};

/// The mail server of the shop, as it calls itself when it confirms senders.
pub(crate) const RELAY: &str = "mx.kontor-nord.example";

/// The form below a letter.
#[derive(FromForm)]
pub(crate) struct ReplyForm<'r> {
    text: &'r str,
    html: bool,
    quote: bool,
}

/// The form for a new letter.
#[derive(FromForm)]
pub(crate) struct NewForm<'r> {
    user: &'r str,
    subject: &'r str,
    text: &'r str,
    html: bool,
    confirmed: bool,
}

/// Replies to a letter as its reader.
#[post("/mailbox/<wanted>/reply", data = "<form>")]
pub(crate) async fn reply(
    _own: OwnForm,
    wanted: &str,
    form: Form<ReplyForm<'_>>,
    mailbox: &State<Mailbox>,
    helpdesk: &State<Helpdesk>,
) -> Result<Redirect, Status> {
    let letter = mailbox.letters().into_iter().find(|letter| id(letter) == wanted).ok_or(Status::NotFound)?;
    let (Some(writer), Some(to)) = (reader(&letter), &letter.reply_to) else { return Err(Status::NotFound) };
    let writing = Writing {
        writer,
        to: to.as_str(),
        subject: subject_of_reply(&letter),
        text: form.text,
        form: form_of(form.html),
        relay: Some(RELAY),
    };
    send(helpdesk, &writing, Some(&Answered { letter: &letter, is_quoted: form.quote })).await
}

/// Writes to the support as one of the people.
#[post("/mailbox/new", data = "<form>")]
pub(crate) async fn new(_own: OwnForm, form: Form<NewForm<'_>>, helpdesk: &State<Helpdesk>) -> Result<Redirect, Status> {
    let writing = Writing {
        writer: Person::find(form.user).ok_or(Status::UnprocessableEntity)?,
        to: mail_program::SUPPORT,
        subject: form.subject.to_owned(),
        text: form.text,
        form: form_of(form.html),
        relay: form.confirmed.then_some(RELAY),
    };
    send(helpdesk, &writing, None).await
}

fn form_of(html: bool) -> mail_program::Form {
    if html { mail_program::Form::Html } else { mail_program::Form::Text }
}

fn subject_of_reply(letter: &Letter) -> String {
    let is_reply = letter.subject.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("re:"));
    if is_reply { letter.subject.clone() } else { format!("Re: {}", letter.subject) }
}

/// Hands the letter to the mailroom, and leads to the page that tells what became of it.
async fn send(helpdesk: &Helpdesk, writing: &Writing<'_>, answered: Option<&Answered<'_>>) -> Result<Redirect, Status> {
    let raw = written(writing, answered, &SystemIds.next().to_string(), SystemClock.now());
    let envelope = Envelope { from: writing.writer.user().address, to: writing.to.to_owned() };
    match helpdesk.receive(raw, &envelope).await {
        Ok(receipt) => Ok(Redirect::to(format!("/sent/{}", receipt.id))),
        Err(ReceiveError::NotSetUp) => Err(Status::NotFound),
        Err(ReceiveError::TooLarge { .. }) => Err(Status::PayloadTooLarge),
        Err(_) => Err(Status::ServiceUnavailable),
    }
}

/// Tells what became of a letter.
#[get("/sent/<wanted>")]
pub(crate) async fn sent(layout: Layout, wanted: &str, helpdesk: &State<Helpdesk>) -> Result<Html, Status> {
    let id: IncomingId = wanted.parse().map_err(|_| Status::NotFound)?;
    let find = move |unit: &mut dyn muticket_core::storage::Unit| unit.incoming().find(id);
    let found = helpdesk.storage().run_read::<_, StorageError, _>(find).await.map_err(|_| Status::ServiceUnavailable)?;
    let letter = found.ok_or(Status::NotFound)?;
    Ok(layout.page(Status::Ok, "sent.html", outcome(&letter)))
}

fn outcome(letter: &Incoming) -> Value {
    let (english, german) = sentence_of(letter.verdict);
    let writer = PEOPLE.iter().find(|person| person.user().address == letter.sender);
    let ticket = letter.ticket.filter(|_| letter.verdict.is_message());
    context! {
        english,
        german,
        subject => letter.subject.as_deref(),
        ticket => ticket.map(|ticket| ticket.get()),
        back => ticket.map(|ticket| match letter.message {
            Some(message) => format!("/support/tickets/{ticket}/messages/{message}"),
            None => format!("/support/tickets/{ticket}"),
        }),
        writer => writer.map(|writer| context! { id => writer.id, name => writer.name }),
        // Only an administrator sees the letters that became nothing.
        held => !letter.verdict.is_message(),
        list => format!("/support/backend/mail/received?group={}", letter.verdict.group().as_str()),
    }
}

/// What became of a letter, in English and German.
fn sentence_of(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Replied => ("The email is a reply on the ticket.", "Die E-Mail ist eine Antwort im Ticket."),
        Verdict::Opened => ("The email opened a ticket.", "Mit der E-Mail wurde ein Ticket erstellt."),
        Verdict::FollowedUp => (
            "The ticket was closed, so the email opened a new one that continues it.",
            "Das Ticket war geschlossen. Mit der E-Mail wurde ein neues erstellt, das es fortsetzt.",
        ),
        Verdict::SupportOff => (
            "No supporter is present. The email waits until one is back.",
            "Kein Supporter ist anwesend. Die E-Mail wartet, bis einer wieder da ist.",
        ),
        Verdict::Waiting => ("The email waits to be processed.", "Die E-Mail wartet auf die Verarbeitung."),
        Verdict::NotConfirmed => (
            "The email is on hold: it is not certain that it comes from this sender.",
            "Die E-Mail ist zurückgehalten: Es ist nicht sicher, dass sie von diesem Absender kommt.",
        ),
        Verdict::FromSupporter => (
            "The email is on hold: a supporter wrote it. Supporters answer on the page of the ticket.",
            "Die E-Mail ist zurückgehalten: Ein Supporter hat sie geschrieben. Supporter antworten auf der Seite des Tickets.",
        ),
        Verdict::NotAllowed => (
            "The email is on hold: this person may not reply to the ticket or open tickets.",
            "Die E-Mail ist zurückgehalten: Diese Person darf auf das Ticket nicht antworten oder keine Tickets erstellen.",
        ),
        Verdict::NeedsCategory => (
            "The email is on hold: a ticket needs a category, and none is set up for emails.",
            "Die E-Mail ist zurückgehalten: Ein Ticket braucht eine Kategorie, und für E-Mails ist keine eingerichtet.",
        ),
        Verdict::Empty => (
            "The email is on hold: it has no text and no file.",
            "Die E-Mail ist zurückgehalten: Sie hat keinen Text und keine Datei.",
        ),
        Verdict::Automatic | Verdict::Bounce | Verdict::Own => (
            "The email was kept without effect: it looks as if a program wrote it.",
            "Die E-Mail wurde ohne Wirkung aufbewahrt: Sie sieht aus, als hätte ein Programm sie geschrieben.",
        ),
        _ => ("The email is on hold.", "Die E-Mail ist zurückgehalten."),
    }
}
