//! Stores a letter as it came, before anything else is done with it (M-02).

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use crate::blob::{BlobKey, Blobs, ByteSource};
use crate::error::{Error, Unavailable};
use crate::helpdesk::Helpdesk;
use crate::id::IncomingId;
use crate::incoming::{Envelope, Incoming, Verdict};
use crate::mailroom::sameness;
use crate::mailroom::work::{self, CLAIM};
use crate::parts::Parts;
use crate::storage::{StorageError, StorageFault, Unit};
use crate::sweep::delete_blobs;

/// How long the note about the blob of a letter waits for the row of the letter.
const PATIENCE: TimeDelta = TimeDelta::hours(24);

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
    /// # Errors
    /// [`ReceiveError`]. After [`ReceiveError::Unavailable`], give the letter again later.
    pub async fn receive(&self, raw: &[u8], envelope: &Envelope) -> Result<Receipt, ReceiveError> {
        let parts = &self.parts;
        let (Some(rules), Some(blobs)) = (&parts.mail_in, &parts.blobs) else { return Err(ReceiveError::NotSetUp) };
        if raw.len() as u64 > rules.max_bytes {
            return Err(ReceiveError::TooLarge { max: rules.max_bytes });
        }
        let digest = sameness::digest(raw);
        let find = move |unit: &mut dyn Unit| unit.incoming().find_by_digest(&digest);
        if let Some(known) = parts.storage.run_read::<_, StorageError, _>(find).await? {
            return Ok(Receipt { id: known.id, verdict: known.verdict, came_before: true });
        }
        let now = parts.now();
        let key = note_and_put(parts, &**blobs, raw, now).await?;
        let blob = (key.clone(), raw.len() as u64, digest);
        let mut letter = Incoming::new(IncomingId(parts.ids.next()), blob, envelope.stored(), now, now + CLAIM);
        (letter.attempts, letter.claims) = (1, 1);
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
            return Ok(Receipt { id: known.id, verdict: known.verdict, came_before: true });
        }
        let id = letter.id;
        // The letter is safe. If it cannot be worked on now, that is tried again when its claim has ended.
        let verdict = work::work_on(parts, rules, letter, Some(raw)).await.unwrap_or(Verdict::Waiting);
        Ok(Receipt { id, verdict, came_before: false })
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
        for letter in claimed {
            work::work_on(parts, rules, letter, None).await?;
        }
        next_due(parts).await
    }
}

/// Notes the blob and writes it.
async fn note_and_put(parts: &Arc<Parts>, blobs: &dyn Blobs, raw: &[u8], now: DateTime<Utc>) -> Result<BlobKey, ReceiveError> {
    let key = BlobKey::new(parts.ids.next());
    let noted = key.clone();
    let note = move |unit: &mut dyn Unit| unit.orphans().insert(std::slice::from_ref(&noted), now + PATIENCE);
    parts.storage_of_notes().run_write::<_, StorageError, _>(note).await?;
    blobs.put(&key, &mut Pieces(raw)).await.map_err(Unavailable::Blobs)?;
    Ok(key)
}

/// The rest of a letter, given to the store piece by piece, so that it is never in memory twice.
struct Pieces<'r>(&'r [u8]);

impl Pieces<'_> {
    const MOST: usize = 256 * 1024;
}

#[async_trait]
impl ByteSource for Pieces<'_> {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let (piece, rest) = self.0.split_at(self.0.len().min(Self::MOST));
        self.0 = rest;
        Ok((!piece.is_empty()).then(|| Bytes::copy_from_slice(piece)))
    }

    fn length(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }
}

async fn next_due(parts: &Parts) -> Result<Option<DateTime<Utc>>, Unavailable> {
    let next = |unit: &mut dyn Unit| unit.incoming().next_due();
    parts.storage.run_read::<_, StorageError, _>(next).await.map_err(Unavailable::Storage)
}
