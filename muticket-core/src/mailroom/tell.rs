//! Records what became of a letter, and tells its writer (M-01, M-04, M-10, R-41) or supporters (M-03) in the same unit. So they are told
//! once, also if the process dies meanwhile.

use chrono::TimeDelta;

use crate::error::{Error, Unavailable};
use crate::id::{LetterId, TicketNumber, UserId};
use crate::incoming::{Incoming, Verdict};
use crate::mail::{MessageId, MessageIdKey};
use crate::mailroom::came_back::Aside;
use crate::mailroom::identity::Identity;
use crate::mailroom::rules::MailIn;
use crate::mailroom::unconfirmed::Readers;
use crate::notification::{Notification, OutboxEntry};
use crate::parts::Parts;
use crate::secret::shared_secret;
use crate::storage::{StorageError, Unit};

/// The time in which a writer gets at most [`MailIn::with_budget`] letters of the mailroom.
const DAY: TimeDelta = TimeDelta::days(1);

/// Who may be told about a letter: its writer, and with which ticket, or supporters.
#[derive(Debug, Clone, Default)]
pub(crate) struct Telling {
    /// Whether a letter may answer it.
    pub(crate) is_allowed: bool,
    /// The ticket that a supporter meant to answer.
    pub(crate) about: Option<TicketNumber>,
    /// The supporters who may be told that it is not confirmed.
    pub(crate) readers: Option<Readers>,
}

impl Telling {
    /// Who can be told about this letter. Letters of MuTickets are never answered (M-05).
    ///
    /// # Errors
    /// The storage or the host failed.
    pub(crate) async fn about(parts: &Parts, head: &Identity, letter: &Incoming, verdict: Verdict) -> Result<Self, Error> {
        let is_allowed = !head.has_loop_mark && letter.writer.is_some();
        let mut about = None;
        if is_allowed && verdict == Verdict::FromSupporter && letter.ticket.is_none() && !head.answers.is_empty() {
            let key = MessageIdKey::new(shared_secret(&*parts.storage, MessageIdKey::SECRET, parts.ids.secret()).await?);
            about = head.answers.iter().find_map(|id| MessageId::ticket_in(id, &key));
        }
        let readers = Readers::of(parts, letter, verdict).await?;
        Ok(Self { is_allowed, about, readers })
    }
}

/// Notes who wrote the letter. If that is somebody else than before, they were told nothing yet.
pub(crate) fn set_writer(letter: &mut Incoming, writer: Option<UserId>) {
    if letter.writer != writer {
        letter.told_at = None;
    }
    letter.writer = writer;
}

/// What is told about a letter that had the verdict `before`; `None` if nothing, or nothing again.
pub(crate) fn news(before: Verdict, letter: &Incoming) -> Option<Notification> {
    let news = Notification::about(letter.verdict)?;
    // Who was told that the letter waits is also told that it was refused in the end. A letter opens one ticket at most.
    let was_told = letter.told_at.is_some() && news != Notification::TicketReceived;
    let is_new = !was_told || before == Verdict::SupportOff && letter.verdict != Verdict::SupportOff;
    is_new.then_some(news)
}

/// Records what became of a letter that had the verdict `before`, and what is stored with that.
///
/// # Errors
/// It could not be recorded.
pub(crate) async fn record(
    parts: &Parts,
    rules: &MailIn,
    before: Verdict,
    letter: Incoming,
    (telling, aside): (Telling, Option<Aside>),
) -> Result<Verdict, Unavailable> {
    let (verdict, now, most) = (letter.verdict, parts.now(), rules.budget.answers);
    let news = news(before, &letter).filter(|_| telling.is_allowed);
    let (id, ids) = (LetterId(parts.ids.next()), parts.ids.clone());
    let settle = move |unit: &mut dyn Unit| {
        let mut letter = letter.clone();
        // The ticket may have been deleted meanwhile.
        if let Some(number) = letter.ticket
            && unit.tickets().find_customer(number)?.is_none()
        {
            (letter.ticket, letter.message, letter.new_part) = (None, None, None);
        }
        let news = match news {
            Some(Notification::TicketReceived) if letter.ticket.is_none() => None,
            Some(Notification::TicketReceived) if !unit.settings().find()?.receipts => None,
            news => news,
        };
        let telling_of = letter.writer.clone().zip(news);
        let may_tell = match &telling_of {
            Some((writer, _)) => unit.incoming().told(writer, now - DAY, most)? < most,
            None => false,
        };
        let mut told = match &telling.readers {
            Some(readers) => readers.notices(unit, &*ids, &letter, now)?,
            None => Vec::new(),
        };
        if may_tell || !told.is_empty() {
            letter.told_at = Some(now);
        }
        // Somebody else has claimed it, and tells.
        if !unit.incoming().settle(&letter)? {
            return Ok(false);
        }
        if let Some(aside) = &aside {
            aside.store(unit, letter.verdict)?;
        }
        if let Some((writer, news)) = telling_of.filter(|_| may_tell) {
            let mut about = letter.ticket.or(telling.about);
            if let Some(number) = about
                && unit.tickets().find_customer(number)?.is_none()
            {
                about = None;
            }
            // Only a receipt has a message, which it quotes.
            let answer = OutboxEntry::answering(id, news, (letter.id, about), &writer, now);
            told.push(OutboxEntry { message: letter.message, ..answer });
        }
        if told.is_empty() {
            return Ok(false);
        }
        unit.outbox().insert(&told)?;
        Ok(true)
    };
    if parts.storage.run_write::<_, StorageError, _>(settle).await.map_err(Unavailable::Storage)? {
        parts.ring();
    }
    Ok(verdict)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::blob::{BlobKey, Digest};
    use crate::id::IncomingId;
    use crate::incoming::Envelope;

    /// M-01: "the sender is told once"; M-04: "one letter that says why"; M-10: a receipt "once per ticket".
    #[test]
    fn each_letter_is_told_about_once_as_a_table() {
        use Notification::{AnswerOnPage, LetterRefused, LetterWaits, TicketReceived};
        use Verdict::{
            Empty, FollowedUp, FromSupporter, NotAllowed, NotConfirmed, Opened, Replied, SupportOff, TooMany, Waiting,
        };
        let blob = (BlobKey::new(Uuid::from_u128(1)), 1, Digest::of(b"a"));
        let start = DateTime::UNIX_EPOCH;
        let letter = Incoming::new(IncomingId(Uuid::from_u128(1)), blob, Envelope::default(), start, start);
        let cases = [
            (Waiting, false, SupportOff, Some(LetterWaits)),
            (SupportOff, true, SupportOff, None),
            // The budget was used up when it came.
            (SupportOff, false, SupportOff, Some(LetterWaits)),
            (SupportOff, true, Replied, None),
            (SupportOff, true, NotAllowed, Some(LetterRefused)),
            (Waiting, false, NotAllowed, Some(LetterRefused)),
            // An administrator let it be worked on again.
            (Waiting, true, NotAllowed, None),
            (Waiting, true, SupportOff, None),
            (Waiting, false, Empty, Some(LetterRefused)),
            (Waiting, false, FromSupporter, Some(AnswerOnPage)),
            (Waiting, false, Replied, None),
            (Waiting, false, NotConfirmed, None),
            (Waiting, false, TooMany, None),
            (Waiting, false, Opened, Some(TicketReceived)),
            (Waiting, false, FollowedUp, Some(TicketReceived)),
            (SupportOff, true, Opened, Some(TicketReceived)),
            // It was refused first. Then an administrator opened a ticket with it.
            (NotAllowed, true, Opened, Some(TicketReceived)),
        ];
        for (before, was_told, verdict, expected) in cases {
            let letter = Incoming { verdict, told_at: was_told.then_some(start), ..letter.clone() };
            assert_eq!(news(before, &letter), expected, "{before:?} {was_told} {verdict:?}");
        }
    }
}
