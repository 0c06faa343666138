//! Works on a stored letter: reads it, lets the steps decide, does what they decided, and records it.

use std::sync::Arc;

use bytes::Bytes;
use chrono::TimeDelta;

use crate::blob::BlobError;
use crate::causes::with_causes;
use crate::characters::one_line;
use crate::draft::{NewMessage, Repeated};
use crate::error::{Error, Unavailable};
use crate::id::{TicketNumber, UserId};
use crate::incoming::{Incoming, Verdict};
use crate::letter_file::LetterFile;
use crate::mail::ReplyKey;
use crate::mail::words::cut;
use crate::mailroom::came_back::Aside;
use crate::mailroom::compose::{Sentences, compose};
use crate::mailroom::confirm::confirm;
use crate::mailroom::follow_up::open_follow_up;
use crate::mailroom::open::{became, nonce, open, store_files, stored_before, verdict_of};
use crate::mailroom::parsed::{Parsed, TooManyParts, parse_on_thread};
use crate::mailroom::rules::MailIn;
use crate::mailroom::sender::sender_of;
use crate::mailroom::steps::{Decision, Facts, Sender, Thread, decide};
use crate::mailroom::tell::{Telling, record, set_writer};
use crate::parts::Parts;
use crate::portal::Portal;
use crate::refusal::Refusal;
use crate::secret::shared_secret;
use crate::situation::support_is_active;
use crate::storage::{StorageError, Unit};
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
    raw: Option<Bytes>,
) -> Result<Verdict, Unavailable> {
    let (before, mut telling, mut aside) = (letter.verdict, Telling::default(), None);
    // A letter that ends the process would end it for ever.
    if letter.attempts > TRIES {
        park(&mut letter, "its processing never came to an end");
        return record(parts, rules, before, letter, (telling, None)).await;
    }
    let again = parts.now() + CLAIM;
    let desk = SortingDesk { parts, rules };
    match desk.take(&mut letter, raw).await {
        Ok((verdict, allowed, found)) => {
            (telling, aside) = (allowed, found);
            (letter.verdict, letter.due_at, letter.problem) = (verdict, None, aside.as_ref().and_then(Aside::note));
            if verdict == Verdict::SupportOff {
                // Waiting for a supporter is no failure.
                letter.attempts = letter.attempts.saturating_sub(1);
                letter.due_at = Some(again);
            }
        }
        Err(error @ Error::Refused(Refusal::FileMissing | Refusal::FileDamaged)) => park(&mut letter, &with_causes(&error)),
        // Not the letter's fault.
        Err(
            error @ Error::Unavailable(
                Unavailable::Host(_) | Unavailable::Blobs(_) | Unavailable::Thread(_) | Unavailable::SenderCheck(_),
            ),
        ) => {
            letter.attempts = letter.attempts.saturating_sub(1);
            (letter.due_at, letter.problem) = (Some(again), Some(problem(&with_causes(&error))));
        }
        Err(error) if letter.attempts < TRIES => {
            (letter.due_at, letter.problem) = (Some(again), Some(problem(&with_causes(&error))));
        }
        Err(error) => park(&mut letter, &with_causes(&error)),
    }
    record(parts, rules, before, letter, (telling, aside)).await
}

/// Lets claimed letters wait on for a supporter. That is no failure of theirs.
///
/// # Errors
/// It could not be recorded. They are worked on again when their claims have ended.
pub(crate) async fn let_wait(parts: &Parts, letters: Vec<Incoming>) -> Result<(), Unavailable> {
    if letters.is_empty() {
        return Ok(());
    }
    let due_at = Some(parts.now() + CLAIM);
    let wait = move |unit: &mut dyn Unit| {
        for letter in &letters {
            let attempts = letter.attempts.saturating_sub(1);
            unit.incoming().settle(&Incoming { attempts, due_at, problem: None, ..letter.clone() })?;
        }
        Ok(())
    };
    parts.storage.run_write::<_, StorageError, _>(wait).await.map_err(Unavailable::Storage)?;
    // A supporter may have come meanwhile. Then this unit has just made the letters wait longer.
    if matches!(support_is_active(parts).await, Ok(true)) {
        let now = parts.now();
        let bring = move |unit: &mut dyn Unit| unit.incoming().bring_forward(Verdict::SupportOff, now);
        parts.storage.run_write::<_, StorageError, _>(bring).await.map_err(Unavailable::Storage)?;
    }
    Ok(())
}

/// Parks a letter that cannot be worked on (M-02).
fn park(letter: &mut Incoming, reason: &str) {
    (letter.verdict, letter.due_at, letter.problem) = (Verdict::Parked, None, Some(problem(reason)));
}

fn problem(reason: &str) -> String {
    cut(&one_line(reason), Incoming::MAX_TEXT)
}

/// Where a letter is worked on.
pub(super) struct SortingDesk<'p> {
    pub(super) parts: &'p Arc<Parts>,
    pub(super) rules: &'p MailIn,
}

impl SortingDesk<'_> {
    /// Returns what becomes of the letter, whether its writer may be told, and what is stored with that.
    async fn take(&self, letter: &mut Incoming, raw: Option<Bytes>) -> Result<(Verdict, Telling, Option<Aside>), Error> {
        let raw = match raw {
            Some(raw) => raw,
            None => raw_of(self.parts, letter).await?,
        };
        let mut parsed = match parse_on_thread(&raw, &letter.envelope, self.rules).await? {
            Ok(parsed) => parsed,
            Err(TooManyParts) => return Ok((Verdict::TooManyParts, Telling::default(), None)),
        };
        letter.sender = parsed.sender.as_ref().map(|sender| sender.as_str().to_owned());
        letter.subject = Some(cut(&one_line(&parsed.subject), Incoming::MAX_TEXT));
        letter.message_id = parsed.identity.message_id.as_ref().map(|id| id.as_str().to_owned());
        let facts = self.facts(&mut parsed, &raw, letter).await?;
        letter.ticket = facts.thread.map(|thread| thread.ticket);
        let aside = Aside::of(self.parts, self.rules, &facts).await?;
        let decision = decide(&facts);
        set_writer(letter, decision.writer().map(|user| user.id.clone()));
        let verdict = match decision {
            Decision::Keep(verdict) | Decision::Answer(_, verdict) => verdict,
            Decision::Reply(user, number) => self.reply(letter, &parsed, &user, number).await?,
            Decision::Respond(user, number) => self.respond(letter, &parsed, &user, number).await?,
            Decision::Open(user) => open(self.parts, self.rules, letter, &parsed, (&user, None)).await?,
        };
        let telling = Telling::about(self.parts, &parsed.identity, letter, verdict).await?;
        Ok((verdict, telling, aside))
    }

    async fn facts<'l>(&self, letter: &'l mut Parsed, raw: &[u8], stored: &mut Incoming) -> Result<Facts<'l>, Error> {
        let found = sender_of(self.parts, letter).await?;
        if found.is_one() {
            letter.check = confirm(self.rules, letter, raw, stored, self.parts.now()).await?;
        }
        let letter: &Parsed = letter;
        let sender = found.under(letter.check);
        let user = match &sender {
            Sender::One(user, _) => Some(&user.id),
            Sender::Nobody | Sender::Several => None,
        };
        let thread = self.thread(letter, user).await?;
        let is_too_much = match user {
            Some(user) => {
                let ticket = thread.map(|thread| thread.ticket);
                self.rules.budget.is_used_up(self.parts, stored, nonce(stored).of(user), user, ticket).await?
            }
            None => false,
        };
        let MailIn { opens_tickets, takes_answers, .. } = *self.rules;
        Ok(Facts { letter, sender, thread, opens_tickets, takes_answers, is_too_much })
    }

    /// What the first genuine token says. It was made for the sender, for the ticket's customer or for a supporter.
    async fn thread(&self, letter: &Parsed, sender: Option<&UserId>) -> Result<Option<Thread>, Error> {
        if letter.tokens.is_empty() {
            return Ok(None);
        }
        let parts = self.parts;
        let key = ReplyKey::new(shared_secret(&*parts.storage, ReplyKey::SECRET, parts.ids.secret()).await?);
        let (tokens, addressed) = (letter.tokens.clone(), letter.addressed);
        let (sender, keep, now) = (sender.cloned(), self.rules.keep_tokens, parts.now());
        let find = move |unit: &mut dyn Unit| {
            let supporters = unit.supporters().list()?;
            for (place, token) in tokens.iter().enumerate() {
                let Some(customer) = unit.tickets().find_customer(token.ticket)? else { continue };
                let is_for_sender = sender.as_ref().is_some_and(|sender| key.is_of(token, sender, keep, now));
                let holders = std::iter::once(&customer).chain(supporters.iter().map(|record| &record.user));
                if is_for_sender || holders.into_iter().any(|holder| key.is_of(token, holder, keep, now)) {
                    let is_customer = sender.as_ref() == Some(&customer);
                    let is_addressed = place < addressed;
                    return Ok(Some(Thread { ticket: token.ticket, is_for_sender, is_customer, is_addressed }));
                }
            }
            Ok(None)
        };
        Ok(parts.storage.run_read::<_, StorageError, _>(find).await?)
    }

    /// The letter as a reply of the customer. If the ticket is closed, the reply goes to the open ticket that continues it. Without one, it
    /// opens one (M-01).
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
        let Some(text) = compose(&parsed.text, &refused, !uploads.is_empty(), &sentences)? else {
            return Ok(Verdict::Empty);
        };
        let new = NewMessage {
            body: text.body.clone(),
            attachments: uploads.clone(),
            nonce: Some(nonce(letter)),
            repeated: Repeated::Send,
            ..NewMessage::default()
        };
        let mut replied = portal.reply(number, new.clone()).await;
        if matches!(replied, Err(Error::Refused(Refusal::TicketClosed))) {
            let customer = user.id.clone();
            let find = move |unit: &mut dyn Unit| open_follow_up(unit, &customer, number);
            if let Some(open) = self.parts.storage.run_read::<_, StorageError, _>(find).await? {
                let by = nonce(letter).of(&user.id);
                if self.rules.budget.is_used_up(self.parts, letter, by, &user.id, Some(open)).await? {
                    portal.discard(uploads).await?;
                    return Ok(Verdict::TooMany);
                }
                replied = portal.reply(open, new).await;
            }
        }
        match replied {
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

/// The stored bytes of a letter.
///
/// # Errors
/// [`Refusal::FileMissing`], [`Refusal::FileDamaged`], [`Error::Unavailable`].
pub(crate) async fn raw_of(parts: &Parts, letter: &Incoming) -> Result<Bytes, Error> {
    let mut file = LetterFile::open(parts, letter.clone()).await?;
    let length = file.content.length().and_then(|length| usize::try_from(length).ok());
    let mut raw = Vec::with_capacity(length.unwrap_or_default());
    while let Some(piece) = file.content.next().await.map_err(|error| BlobError::Store(error.into()))? {
        raw.extend_from_slice(&piece);
        if raw.len() as u64 > letter.size {
            break;
        }
    }
    if raw.len() as u64 == letter.size { Ok(raw.into()) } else { Err(Refusal::FileDamaged.into()) }
}
