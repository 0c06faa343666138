//! Opens a ticket with a letter (M-01, M-04), and what a reply has in common with that.

use std::sync::Arc;

use bytes::Bytes;

use crate::draft::{NewTicket, Repeated};
use crate::error::Error;
use crate::id::{CategoryId, MessageNumber, Nonce, TicketNumber};
use crate::incoming::{Incoming, Verdict};
use crate::mailroom::blocking::on_thread;
use crate::mailroom::compose::{Composed, RefusedFile, Sentences, compose, new_part_of, subject};
use crate::mailroom::identity::Identity;
use crate::mailroom::parsed::{Parsed, TooManyParts, parse_on_thread};
use crate::mailroom::pieces::Pieces;
use crate::mailroom::rules::MailIn;
use crate::mailroom::tell::{Telling, record, set_writer};
use crate::parts::Parts;
use crate::portal::Portal;
use crate::problem::{Field, Problem};
use crate::refusal::Refusal;
use crate::storage::{StorageError, Unit};
use crate::ticket::{Message, Ticket};
use crate::upload::{Upload, Uploads};
use crate::user::User;

/// Opens a ticket of the user with a letter that an administrator chose for them, whatever the steps decided (M-04). Returns the letter
/// with what became of it. That is recorded only if it opened a ticket.
///
/// # Errors
/// The letter could not be worked on.
pub(crate) async fn open_for(parts: &Arc<Parts>, mut letter: Incoming, raw: &Bytes, user: &User) -> Result<Incoming, Error> {
    let Some(rules) = &parts.mail_in else { return Err(Error::NotFound) };
    let (before, mut identity) = (letter.verdict, Identity::default());
    set_writer(&mut letter, Some(user.id.clone()));
    letter.verdict = match parse_on_thread(raw, &letter.envelope, rules).await? {
        Ok(parsed) => {
            let verdict = open(parts, rules, &mut letter, &parsed, (user, None)).await?;
            identity = parsed.identity;
            verdict
        }
        Err(TooManyParts) => Verdict::TooManyParts,
    };
    if letter.verdict.is_message() {
        (letter.due_at, letter.problem) = (None, None);
        let telling = Telling::about(parts, &identity, &letter, letter.verdict).await?;
        record(parts, rules, before, letter.clone(), (telling, None)).await?;
    }
    Ok(letter)
}

/// Opens a ticket of the user with a letter. `follows` is the closed ticket that it continues.
///
/// # Errors
/// The letter could not be worked on.
pub(crate) async fn open(
    parts: &Arc<Parts>,
    rules: &MailIn,
    letter: &mut Incoming,
    parsed: &Parsed,
    (user, follows): (&User, Option<TicketNumber>),
) -> Result<Verdict, Error> {
    if let Some(verdict) = stored_before(parts, letter, user, follows).await? {
        return Ok(verdict);
    }
    let portal = Portal::new(parts.clone(), user.clone(), None);
    let opening = match portal.opening(follows).await {
        Err(error) => return verdict_of(error),
        Ok(opening) => opening,
    };
    let category = category(opening.follows.as_ref(), rules, |id| opening.categories.iter().any(|known| known.id == *id));
    if category.is_none() && !opening.categories.is_empty() {
        return Ok(Verdict::NeedsCategory);
    }
    let sentences = Sentences::new(&rules.language, user.language.as_ref())?;
    let (uploads, refused) = match store_files(&portal, parsed, parts.limits.attachments).await {
        Err(error) => return verdict_of(error),
        Ok(files) => files,
    };
    let Some(text) = compose(&parsed.text, &refused, !uploads.is_empty(), &sentences)? else {
        return Ok(Verdict::Empty);
    };
    let new = NewTicket {
        subject: subject(&parsed.subject, &sentences)?,
        body: text.body.clone(),
        category,
        attachments: uploads.clone(),
        follows,
        nonce: Some(nonce(letter)),
        repeated: Repeated::Send,
        ..NewTicket::default()
    };
    match portal.open_by_letter(new).await {
        Ok(ticket) => {
            let number = ticket.number;
            let first = move |unit: &mut dyn Unit| unit.messages().find(number, MessageNumber::FIRST);
            let first = parts.storage.run_read::<_, StorageError, _>(first).await?;
            if let Some(message) = first {
                became(letter, &message, &text);
            }
            Ok(if follows.is_some() { Verdict::FollowedUp } else { Verdict::Opened })
        }
        Err(error) => {
            portal.discard(uploads).await?;
            verdict_of(error)
        }
    }
}

/// The category of a ticket that a letter opens: that of the ticket which it continues, or the one that is set up.
fn category(follows: Option<&Ticket>, rules: &MailIn, is_active: impl Fn(&CategoryId) -> bool) -> Option<CategoryId> {
    let of_ticket = follows.and_then(|ticket| ticket.category.clone());
    of_ticket.into_iter().chain(rules.category.clone()).find(|id| is_active(id))
}

/// What became of the letter when it was worked on before and that could not be recorded.
pub(super) async fn stored_before(
    parts: &Parts,
    letter: &mut Incoming,
    user: &User,
    ticket: Option<TicketNumber>,
) -> Result<Option<Verdict>, Error> {
    let nonce = nonce(letter).of(&user.id);
    let find = move |unit: &mut dyn Unit| unit.messages().find_by_nonce(nonce);
    let Some(message) = parts.storage.run_read::<_, StorageError, _>(find).await? else { return Ok(None) };
    letter.new_part = new_part_of(message.body.as_str());
    (letter.ticket, letter.message) = (Some(message.ticket), Some(message.number));
    Ok(Some(match ticket {
        None => Verdict::Opened,
        Some(_) if message.number == MessageNumber::FIRST => Verdict::FollowedUp,
        Some(_) => Verdict::Replied,
    }))
}

pub(super) fn became(letter: &mut Incoming, message: &Message, text: &Composed) {
    (letter.ticket, letter.message) = (Some(message.ticket), Some(message.number));
    // The text may have been cleaned further when it was stored.
    letter.new_part = text.new_part.filter(|_| message.body.as_str() == text.body);
}

/// The same letter is the same form (M-02).
pub(super) fn nonce(letter: &Incoming) -> Nonce {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&letter.digest.bytes()[..16]);
    Nonce(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Stores the files of a letter by the rules of uploads (M-07). Returns those that were refused, too.
pub(super) async fn store_files(portal: &Portal, parsed: &Parsed, most: usize) -> Result<(Vec<Upload>, Vec<RefusedFile>), Error> {
    if parsed.files.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    store_in(portal.uploads().await?, parsed, most).await
}

/// Stores the files of a letter in these uploads. Returns those that were refused, too.
pub(super) async fn store_in(
    mut uploads: Uploads,
    parsed: &Parsed,
    most: usize,
) -> Result<(Vec<Upload>, Vec<RefusedFile>), Error> {
    let (mut stored, mut refused) = (Vec::new(), Vec::new());
    for file in &parsed.files {
        let refuse = |why| RefusedFile { name: file.name.clone(), why };
        if stored.len() == most {
            // A letter can have hundreds of parts.
            if refused.len() < 20 {
                refused.push(refuse(Some(Problem::TooMany { max: most })));
            }
            continue;
        }
        // One file after the other, so that only one is in memory beside the letter.
        let content = file.content.clone();
        let bytes = on_thread(move || content.decoded()).await?;
        match uploads.attach(&file.name, &mut Pieces(bytes)).await {
            Ok(upload) => stored.push(upload),
            Err(Error::Invalid(problems)) => refused.push(refuse(problems.into_iter().next().map(|one| one.problem))),
            Err(error) => return Err(error),
        }
    }
    uploads.finish(&mut stored);
    Ok((stored, refused))
}

/// What becomes of a letter whose action was refused.
///
/// # Errors
/// The letter could not be worked on.
pub(super) fn verdict_of(error: Error) -> Result<Verdict, Error> {
    match error {
        Error::Refused(Refusal::SupportOff) => Ok(Verdict::SupportOff),
        Error::Denied(_) | Error::NotFound => Ok(Verdict::NotAllowed),
        Error::Invalid(problems) if problems.iter().all(|one| one.field == Field::Category) => Ok(Verdict::NeedsCategory),
        other => Err(other),
    }
}
