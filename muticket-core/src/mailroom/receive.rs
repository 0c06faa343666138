//! Stores a letter as it came, before anything else is done with it (M-02).

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use crate::blob::{BlobKey, Blobs};
use crate::characters::one_line;
use crate::error::{Error, Unavailable};
use crate::helpdesk::Helpdesk;
use crate::id::IncomingId;
use crate::incoming::{Envelope, Incoming, Verdict};
use crate::mail::words::cut;
use crate::mailroom::blocking::on_thread;
use crate::mailroom::parsed::parse_on_thread;
use crate::mailroom::pieces::Pieces;
use crate::mailroom::sameness;
use crate::mailroom::work::{self, CLAIM};
use crate::parts::Parts;
use crate::situation::support_is_active;
use crate::storage::{StorageError, StorageFault, Unit};
use crate::sweep::delete_blobs;

/// How long the note about the blob of a letter waits for the row of the letter.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

/// The most bytes that are kept of the header of a letter that is too large.
const HEADER: usize = 64 * 1024;

/// The number of waiting letters that are claimed at once.
const BATCH: u32 = 5;

/// A letter was stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// Its id.
    pub id: IncomingId,
    /// What became of it so far.
    pub verdict: Verdict,
    /// Whether the same letter had come before. Then nothing was done again.
    pub came_before: bool,
}

/// A letter was not stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The helpdesk takes no letters: it has no [`MailIn`](crate::MailIn), or no [store for files](crate::helpdesk::Builder::blobs).
    #[error("letters do not come in here")]
    NotSetUp,
    /// The letter is too large. It will be refused again.
    #[error("the letter has more than {max} bytes")]
    TooLarge {
        /// The most bytes.
        max: u64,
    },
    /// A part of the site is unavailable. Try again later.
    #[error("temporarily unavailable")]
    Unavailable(#[from] Unavailable),
}

impl From<Error> for ReceiveError {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(unavailable) => Self::Unavailable(unavailable),
            other => Self::Unavailable(Unavailable::Storage(StorageError::fault(StorageFault::Other, other))),
        }
    }
}

impl From<StorageError> for ReceiveError {
    fn from(error: StorageError) -> Self {
        Self::Unavailable(Unavailable::Storage(error))
    }
}

impl Helpdesk {
    /// Takes in a letter: the bytes of RFC 5322, and the envelope as far as it is known. It is stored, and worked on at once. When this
    /// returns `Ok`, the letter is safe: if it could not be worked on yet, [`work_on_letters`](Self::work_on_letters) does that later.
    ///
    /// A letter that comes twice counts once. Header fields that servers add on the way do not make it another one.
    ///
    /// A letter takes at most twice its size in memory, with its files (M-07). So give it away: a `Vec<u8>` is not copied.
    ///
    /// # Errors
    /// [`ReceiveError`]. After [`ReceiveError::Unavailable`], give the letter again later.
    pub async fn receive(&self, raw: impl Into<Bytes>, envelope: &Envelope) -> Result<Receipt, ReceiveError> {
        self.take_in(raw.into(), envelope).await
    }

    async fn take_in(&self, raw: Bytes, envelope: &Envelope) -> Result<Receipt, ReceiveError> {
        let parts = &self.parts;
        let (Some(rules), Some(_)) = (&parts.mail_in, &parts.blobs) else { return Err(ReceiveError::NotSetUp) };
        if raw.len() as u64 > rules.max_bytes {
            return Err(ReceiveError::TooLarge { max: rules.max_bytes });
        }
        let claimed = |letter: Incoming| Incoming { attempts: 1, claims: 1, ..letter };
        let letter = match store(parts, &raw, envelope, claimed).await? {
            Stored::Before(receipt) => return Ok(receipt),
            Stored::Now(letter) => letter,
        };
        let id = letter.id;
        // The letter is safe. If it cannot be worked on now, that is tried again when its claim has ended.
        let verdict = work::work_on(parts, rules, *letter, Some(raw)).await.unwrap_or(Verdict::Waiting);
        Ok(Receipt { id, verdict, came_before: false })
    }

    /// Takes in the header of a letter that is too large to be fetched: it is held as [`Verdict::TooLarge`], so that an administrator
    /// sees that it came, from whom and about what (M-07). `header` are the bytes before its text, of which at most 64 KiB are kept, and
    /// `size` is the number of bytes of the whole letter.
    ///
    /// A header that comes twice counts once.
    ///
    /// # Errors
    /// [`ReceiveError::NotSetUp`], [`ReceiveError::Unavailable`].
    pub async fn receive_too_large(&self, header: &[u8], size: u64, envelope: &Envelope) -> Result<Receipt, ReceiveError> {
        let parts = &self.parts;
        let rules = parts.mail_in.as_ref().ok_or(ReceiveError::NotSetUp)?;
        let header = Bytes::copy_from_slice(&header[..header.len().min(HEADER)]);
        let parsed = parse_on_thread(&header, envelope, rules).await?.ok();
        let held = |letter: Incoming| Incoming {
            verdict: Verdict::TooLarge,
            due_at: None,
            problem: Some(format!("the letter has {size} bytes, and at most {} are read", rules.max_bytes)),
            sender: parsed.as_ref().and_then(|parsed| parsed.sender.as_ref()).map(|sender| sender.as_str().to_owned()),
            subject: parsed.as_ref().map(|parsed| cut(&one_line(&parsed.subject), Incoming::MAX_TEXT)),
            ..letter
        };
        Ok(match store(parts, &header, envelope, held).await? {
            Stored::Before(receipt) => receipt,
            Stored::Now(letter) => Receipt { id: letter.id, verdict: letter.verdict, came_before: false },
        })
    }

    /// Works on some letters that wait: those that could not be worked on when they came, and replies that came while nobody was
    /// present. Returns when to call again; `None` if no letter waits. Several nodes may call it at once.
    ///
    /// # Errors
    /// [`Unavailable`]. No letter is lost; call again later.
    pub async fn work_on_letters(&self) -> Result<Option<DateTime<Utc>>, Unavailable> {
        let parts = &self.parts;
        let (Some(rules), Some(_)) = (&parts.mail_in, &parts.blobs) else { return Ok(None) };
        let now = parts.now();
        let due = next_due(parts).await?;
        if due.is_none_or(|due| due > now) {
            return Ok(due);
        }
        let claim = move |unit: &mut dyn Unit| unit.incoming().claim(now, now + CLAIM, BATCH);
        let claimed: Vec<Incoming> = parts.storage.run_write::<_, StorageError, _>(claim).await.map_err(Unavailable::Storage)?;
        let waits = |letter: &Incoming| letter.verdict == Verdict::SupportOff;
        // A letter that waits for a supporter is not read before one is present, so it costs little. If that cannot be found out, it is
        // worked on, and the problem is noted with it.
        let is_off = claimed.iter().any(waits) && matches!(support_is_active(parts).await, Ok(false));
        let (waiting, due): (Vec<_>, Vec<_>) = claimed.into_iter().partition(|letter| is_off && waits(letter));
        for letter in due {
            work::work_on(parts, rules, letter, None).await?;
        }
        work::let_wait(parts, waiting).await?;
        next_due(parts).await
    }
}

/// What came of storing a letter.
enum Stored {
    Now(Box<Incoming>),
    Before(Receipt),
}

/// Stores a letter as it came, with the row that `as_row` makes of it, unless it came before.
async fn store(
    parts: &Arc<Parts>,
    raw: &Bytes,
    envelope: &Envelope,
    as_row: impl FnOnce(Incoming) -> Incoming,
) -> Result<Stored, ReceiveError> {
    let blobs = parts.blobs.as_ref().ok_or(ReceiveError::NotSetUp)?;
    let before = |known: Incoming| Stored::Before(Receipt { id: known.id, verdict: known.verdict, came_before: true });
    let whole = raw.clone();
    let digest = on_thread(move || sameness::digest(&whole)).await?;
    let find = move |unit: &mut dyn Unit| unit.incoming().find_by_digest(&digest);
    if let Some(known) = parts.storage.run_read::<_, StorageError, _>(find).await? {
        return Ok(before(known));
    }
    let now = parts.now();
    let key = note_and_put(parts, &**blobs, raw, now).await?;
    let blob = (key.clone(), raw.len() as u64, digest);
    let letter = as_row(Incoming::new(IncomingId(parts.ids.next()), blob, envelope.stored(), now, now + CLAIM));
    let stored = letter.clone();
    let insert = move |unit: &mut dyn Unit| {
        if !unit.orphans().adopt(&stored.key, now)? {
            return Err(Error::NotFound);
        }
        match unit.incoming().insert(&stored) {
            Ok(()) => Ok(None),
            Err(StorageError::Duplicate) => {
                unit.orphans().insert(std::slice::from_ref(&stored.key), now)?;
                Ok(unit.incoming().find_by_digest(&stored.digest)?)
            }
            Err(error) => Err(error.into()),
        }
    };
    // The same letter may come through two doors at once.
    if let Some(known) = parts.storage.run_write(insert).await? {
        // What cannot be deleted now is deleted by the sweep.
        let _ = delete_blobs(parts, vec![key]).await;
        return Ok(before(known));
    }
    Ok(Stored::Now(Box::new(letter)))
}

/// Notes the blob and writes it.
async fn note_and_put(parts: &Arc<Parts>, blobs: &dyn Blobs, raw: &Bytes, now: DateTime<Utc>) -> Result<BlobKey, ReceiveError> {
    let key = BlobKey::new(parts.ids.next());
    let noted = key.clone();
    let note = move |unit: &mut dyn Unit| unit.orphans().insert(std::slice::from_ref(&noted), now + PATIENCE);
    parts.storage_of_notes().run_write::<_, StorageError, _>(note).await?;
    blobs.put(&key, &mut Pieces(raw.clone())).await.map_err(Unavailable::Blobs)?;
    Ok(key)
}

async fn next_due(parts: &Parts) -> Result<Option<DateTime<Utc>>, Unavailable> {
    let next = |unit: &mut dyn Unit| unit.incoming().next_due();
    parts.storage.run_read::<_, StorageError, _>(next).await.map_err(Unavailable::Storage)
}
