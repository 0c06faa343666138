//! Works on a stored letter: reads it, lets the steps decide, does what they decided, and records it.

use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;

use crate::blob::BlobError;
use crate::causes::with_causes;
use crate::characters::one_line;
use crate::draft::{NewMessage, NewTicket, Repeated};
use crate::error::{Error, Unavailable};
use crate::id::{CategoryId, Nonce, TicketNumber, UserId};
use crate::incoming::{Incoming, Verdict};
use crate::letter_file::LetterFile;
use crate::mail::ReplyKey;
use crate::mail::words::cut;
use crate::mailroom::compose::{Composed, RefusedFile, Sentences, compose, new_part_of, subject};
use crate::mailroom::parsed::{Parsed, TooManyParts, parse};
use crate::mailroom::rules::MailIn;
use crate::mailroom::sender::sender_of;
use crate::mailroom::steps::{Decision, Facts, Sender, Thread, decide};
use crate::parts::Parts;
use crate::portal::Portal;
use crate::problem::{Field, Problem};
use crate::refusal::Refusal;
use crate::secret::shared_secret;
use crate::storage::{StorageError, Unit};
use crate::ticket::{Message, Ticket};
use crate::upload::Upload;
use crate::user::User;

/// How long a letter that is being worked on belongs to one node. Also the time after which a letter that waits is tried again.
pub(crate) const CLAIM: TimeDelta = TimeDelta::minutes(5);

/// How often the processing of a letter may fail before it is parked.
const TRIES: u32 = 3;

/// Works on a claimed letter and records what became of it. A problem with this letter is recorded, too. `raw` are its bytes, if they are
/// at hand.
///
/// # Errors
/// It could not be recorded. The letter is worked on again when its claim has ended.
pub(crate) async fn work_on(
    parts: &Arc<Parts>,
    rules: &MailIn,
    mut letter: Incoming,
    raw: Option<&[u8]>,
) -> Result<Verdict, Unavailable> {
    // A letter that ends the process would end it for ever.
    if letter.attempts > TRIES {
        return park(parts, letter, "its processing never came to an end".to_owned()).await;
    }
    let again = parts.now() + CLAIM;
    let desk = SortingDesk { parts, rules };
    match desk.take(&mut letter, raw).await {
        // Waiting for a supporter is no failure.
        Ok(Verdict::SupportOff) => {
            letter.attempts = letter.attempts.saturating_sub(1);
            (letter.verdict, letter.due_at, letter.problem) = (Verdict::SupportOff, Some(again), None);
        }
        Ok(verdict) => (letter.verdict, letter.due_at, letter.problem) = (verdict, None, None),
        Err(error @ Error::Refused(Refusal::FileMissing | Refusal::FileDamaged)) => {
            return park(parts, letter, with_causes(&error)).await;
        }
        // Not the letter's fault.
        Err(error @ Error::Unavailable(Unavailable::Host(_) | Unavailable::Blobs(_) | Unavailable::Thread(_))) => {
            letter.attempts = letter.attempts.saturating_sub(1);
            (letter.due_at, letter.problem) = (Some(again), Some(problem(&with_causes(&error))));
        }
        Err(error) if letter.attempts < TRIES => {
            (letter.due_at, letter.problem) = (Some(again), Some(problem(&with_causes(&error))));
        }
        Err(error) => return park(parts, letter, with_causes(&error)).await,
    }
    record(parts, letter).await
}

/// Parks a letter that cannot be worked on (M-02).
///
/// # Errors
/// It could not be recorded.
async fn park(parts: &Parts, mut letter: Incoming, reason: String) -> Result<Verdict, Unavailable> {
    (letter.verdict, letter.due_at, letter.problem) = (Verdict::Parked, None, Some(problem(&reason)));
    record(parts, letter).await
}

async fn record(parts: &Parts, letter: Incoming) -> Result<Verdict, Unavailable> {
    let verdict = letter.verdict;
    let settle = move |unit: &mut dyn Unit| match letter.ticket {
        // The ticket may have been deleted meanwhile.
        Some(number) if unit.tickets().find_customer(number)?.is_none() => {
            unit.incoming().settle(&Incoming { ticket: None, message: None, new_part: None, ..letter.clone() })
        }
        _ => unit.incoming().settle(&letter),
    };
    parts.storage.run_write::<_, StorageError, _>(settle).await.map_err(Unavailable::Storage)?;
    Ok(verdict)
}

fn problem(reason: &str) -> String {
    cut(&one_line(reason), Incoming::MAX_TEXT)
}

/// Where a letter is worked on.
struct SortingDesk<'p> {
    parts: &'p Arc<Parts>,
    rules: &'p MailIn,
}

impl SortingDesk<'_> {
    async fn take(&self, letter: &mut Incoming, raw: Option<&[u8]>) -> Result<Verdict, Error> {
        let stored;
        let raw = match raw {
            Some(raw) => raw,
            None => {
                stored = raw_of(self.parts, letter).await?;
                &stored
            }
        };
        let parsed = match parse(raw, &letter.envelope, self.rules) {
            Ok(parsed) => parsed,
            Err(TooManyParts) => return Ok(Verdict::TooManyParts),
        };
        letter.sender = parsed.sender.as_ref().map(|sender| sender.as_str().to_owned());
        letter.subject = Some(cut(&one_line(&parsed.subject), Incoming::MAX_TEXT));
        let facts = self.facts(&parsed).await?;
        letter.ticket = facts.thread.map(|thread| thread.ticket);
        match decide(&facts) {
            Decision::Keep(verdict) => Ok(verdict),
            Decision::Reply(user, number) => self.reply(letter, &parsed, &user, number).await,
            Decision::Open(user) => open(self.parts, self.rules, letter, &parsed, (&user, None)).await,
        }
    }

    async fn facts<'l>(&self, letter: &'l Parsed) -> Result<Facts<'l>, Error> {
        let sender = sender_of(self.parts, letter).await?.under(letter.check);
        let user = match &sender {
            Sender::One(user, _) => Some(&user.id),
            Sender::Nobody | Sender::Several => None,
        };
        let thread = self.thread(letter, user).await?;
        Ok(Facts { letter, sender, thread, opens_tickets: self.rules.opens_tickets })
    }

    /// What the first genuine token says. It was made for the sender, for the ticket's customer or for a supporter.
    async fn thread(&self, letter: &Parsed, sender: Option<&UserId>) -> Result<Option<Thread>, Error> {
        if letter.tokens.is_empty() {
            return Ok(None);
        }
        let parts = self.parts;
        let key = ReplyKey::new(shared_secret(&*parts.storage, ReplyKey::SECRET, parts.ids.secret()).await?);
        let (tokens, sender, keep, now) = (letter.tokens.clone(), sender.cloned(), self.rules.keep_tokens, parts.now());
        let find = move |unit: &mut dyn Unit| {
            let supporters = unit.supporters().list()?;
            for token in &tokens {
                let Some(customer) = unit.tickets().find_customer(token.ticket)? else { continue };
                let is_for_sender = sender.as_ref().is_some_and(|sender| key.is_of(token, sender, keep, now));
                let holders = std::iter::once(&customer).chain(supporters.iter().map(|record| &record.user));
                if is_for_sender || holders.into_iter().any(|holder| key.is_of(token, holder, keep, now)) {
                    let is_customer = sender.as_ref() == Some(&customer);
                    return Ok(Some(Thread { ticket: token.ticket, is_for_sender, is_customer }));
                }
            }
            Ok(None)
        };
        Ok(parts.storage.run_read::<_, StorageError, _>(find).await?)
    }

    /// The letter as a reply of the customer. On a closed ticket it opens one that continues it (M-01).
    async fn reply(&self, letter: &mut Incoming, parsed: &Parsed, user: &User, number: TicketNumber) -> Result<Verdict, Error> {
        let portal = Portal::new(self.parts.clone(), user.clone(), None);
        if let Some(verdict) = stored_before(self.parts, letter, user, Some(number)).await? {
            return Ok(verdict);
        }
        if !portal.support_is_active().await? {
            return Ok(Verdict::SupportOff);
        }
        let sentences = Sentences::new(&self.rules.language, user.language.as_ref())?;
        let (uploads, refused) = match store_files(&portal, parsed, self.parts.limits.attachments).await {
            Err(error) => return verdict_of(error),
            Ok(files) => files,
        };
        let Some(text) = compose(&parsed.text, parsed.quoted_at, &refused, !uploads.is_empty(), &sentences)? else {
            return Ok(Verdict::Empty);
        };
        let new = NewMessage {
            body: text.body.clone(),
            attachments: uploads.clone(),
            nonce: Some(nonce(letter)),
            repeated: Repeated::Send,
            ..NewMessage::default()
        };
        match portal.reply(number, new).await {
            Ok(message) => {
                became(letter, &message, &text);
                Ok(Verdict::Replied)
            }
            Err(Error::Refused(Refusal::TicketClosed)) => {
                portal.discard(uploads).await?;
                open(self.parts, self.rules, letter, parsed, (user, Some(number))).await
            }
            Err(error) => {
                portal.discard(uploads).await?;
                verdict_of(error)
            }
        }
    }
}

/// Opens a ticket of the user with a letter that an administrator chose for them, whatever the steps decided (M-04). Returns the letter
/// with what became of it, which is not recorded yet.
///
/// # Errors
/// The letter could not be worked on.
pub(crate) async fn open_for(parts: &Arc<Parts>, mut letter: Incoming, raw: &[u8], user: &User) -> Result<Incoming, Error> {
    let Some(rules) = &parts.mail_in else { return Err(Error::NotFound) };
    letter.verdict = match parse(raw, &letter.envelope, rules) {
        Ok(parsed) => open(parts, rules, &mut letter, &parsed, (user, None)).await?,
        Err(TooManyParts) => Verdict::TooManyParts,
    };
    Ok(letter)
}

/// The stored bytes of a letter.
///
/// # Errors
/// [`Refusal::FileMissing`], [`Refusal::FileDamaged`], [`Error::Unavailable`].
pub(crate) async fn raw_of(parts: &Parts, letter: &Incoming) -> Result<Vec<u8>, Error> {
    let mut file = LetterFile::open(parts, letter.clone()).await?;
    let mut raw = Vec::new();
    while let Some(piece) = file.content.next().await.map_err(|error| BlobError::Store(error.into()))? {
        raw.extend_from_slice(&piece);
        if raw.len() as u64 > letter.size {
            break;
        }
    }
    if raw.len() as u64 == letter.size { Ok(raw) } else { Err(Refusal::FileDamaged.into()) }
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
    let Some(text) = compose(&parsed.text, parsed.quoted_at, &refused, !uploads.is_empty(), &sentences)? else {
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
    match portal.open(new).await {
        Ok(ticket) => {
            let number = ticket.number;
            let first = move |unit: &mut dyn Unit| unit.messages().find(number, crate::id::MessageNumber::FIRST);
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
async fn stored_before(
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
        Some(number) if number == message.ticket => Verdict::Replied,
        Some(_) => Verdict::FollowedUp,
        None => Verdict::Opened,
    }))
}

fn became(letter: &mut Incoming, message: &Message, text: &Composed) {
    (letter.ticket, letter.message) = (Some(message.ticket), Some(message.number));
    // The text may have been cleaned further when it was stored.
    letter.new_part = text.new_part.filter(|_| message.body.as_str() == text.body);
}

/// The same letter is the same form (M-02).
fn nonce(letter: &Incoming) -> Nonce {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&letter.digest.bytes()[..16]);
    Nonce(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// Stores the files of a letter by the rules of uploads (M-07). Returns those that were refused, too.
async fn store_files(portal: &Portal, parsed: &Parsed, most: usize) -> Result<(Vec<Upload>, Vec<RefusedFile>), Error> {
    let (mut stored, mut refused) = (Vec::new(), Vec::new());
    if parsed.files.is_empty() {
        return Ok((stored, refused));
    }
    let mut uploads = portal.uploads().await?;
    for file in &parsed.files {
        let refuse = |why| RefusedFile { name: file.name.clone(), why };
        if stored.len() == most {
            // A letter can have hundreds of parts.
            if refused.len() < 20 {
                refused.push(refuse(Some(Problem::TooMany { max: most })));
            }
            continue;
        }
        match uploads.attach(&file.name, &mut Some(Bytes::copy_from_slice(&file.bytes))).await {
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
fn verdict_of(error: Error) -> Result<Verdict, Error> {
    match error {
        Error::Refused(Refusal::SupportOff) => Ok(Verdict::SupportOff),
        Error::Denied(_) | Error::NotFound => Ok(Verdict::NotAllowed),
        Error::Invalid(problems) if problems.iter().all(|one| one.field == Field::Category) => Ok(Verdict::NeedsCategory),
        other => Err(other),
    }
}
