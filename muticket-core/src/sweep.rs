//! Deletes what is no longer needed: files that belong to no message and no note, letters of both directions that ended long ago, and held
//! letters from unknown senders that came long ago.

use chrono::{DateTime, TimeDelta, Utc};

use crate::blob::{BlobError, BlobKey, Blobs};
use crate::digests::digest_older_files;
use crate::error::Error;
use crate::parts::Parts;
use crate::storage::{StorageError, Unit};
use crate::undeliverable::Undeliverable;

/// The number of useless letters that a sweep deletes, and of held letters from unknown senders.
const LETTERS: u32 = 500;

/// What [`Helpdesk::sweep`](crate::Helpdesk::sweep) does.
pub(crate) async fn sweep(parts: &Parts) -> Result<usize, Error> {
    let now = parts.now();
    let ended = now - TimeDelta::days(30);
    let unknown = unknown_before(parts, now);
    let storage = &parts.storage;
    let tidy = move |unit: &mut dyn Unit| {
        unit.open_pages().delete_before(now - TimeDelta::days(1))?;
        let mut deleted = unit.incoming().delete_useless(ended, LETTERS)?;
        if let Some(before) = unknown {
            deleted.extend(unit.incoming().delete_unknown(before, LETTERS)?);
        }
        if !deleted.is_empty() {
            unit.orphans().insert(&deleted, now)?;
        }
        unit.undeliverable().delete_before(now - Undeliverable::COUNTS_FOR)?;
        unit.outbox().delete_ended(ended)
    };
    storage.run_write(tidy).await.map_err(Error::from)?;
    let mut deleted = 0;
    if parts.blobs.is_none() || parts.is_in_host_transaction() {
        return Ok(deleted);
    }
    loop {
        let claim = move |unit: &mut dyn Unit| {
            let due = unit.orphans().due(now, 100)?;
            // Marked as due since 1970, so that a form on a node whose clock is behind cannot adopt a file that is being
            // deleted.
            unit.orphans().insert(&due, DateTime::UNIX_EPOCH)?;
            Ok::<_, StorageError>(due)
        };
        // A write unit locks the notes until they are marked, so that no form adopts a file meanwhile.
        let due = storage.run_write(claim).await.map_err(Error::from)?;
        if due.is_empty() {
            break;
        }
        deleted += due.len();
        delete_blobs(parts, due).await?;
    }
    digest_older_files(parts).await?;
    Ok(deleted)
}

/// Held letters from unknown senders that came before this time are deleted. `None` if this helpdesk takes no letters: then it does not
/// know how long the site keeps them.
#[cfg(feature = "mailroom")]
fn unknown_before(parts: &Parts, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    parts.mail_in.as_ref().map(|rules| now - rules.keep_unknown)
}

#[cfg(not(feature = "mailroom"))]
fn unknown_before(_: &Parts, _: DateTime<Utc>) -> Option<DateTime<Utc>> {
    None
}

/// Deletes the bytes of orphans, then their notes. Files that cannot be deleted do not block the others.
///
/// # Errors
/// The first failure. The notes about files that were not deleted stay.
pub(crate) async fn delete_blobs(parts: &Parts, keys: Vec<BlobKey>) -> Result<(), Error> {
    // Without a store nothing can be deleted. The notes stay until a store is configured again.
    let Some(blobs) = &parts.blobs else { return Ok(()) };
    // If the host rolls back, the files are still needed. If it commits, the sweep finds the notes.
    if parts.is_in_host_transaction() {
        return Ok(());
    }
    let mut deleted = Vec::with_capacity(keys.len());
    let mut outcome = Ok(());
    for key in keys {
        match delete_both(&**blobs, &key).await {
            Ok(()) => deleted.push(key),
            Err(error) => outcome = outcome.and(Err(error.into())),
        }
    }
    if !deleted.is_empty() {
        let forget = move |unit: &mut dyn Unit| unit.orphans().delete(&deleted);
        parts.storage.run_write(forget).await.map_err(Error::from)?;
    }
    outcome
}

/// Deletes a file and, if it is a picture, its other versions.
async fn delete_both(blobs: &dyn Blobs, key: &BlobKey) -> Result<(), BlobError> {
    blobs.delete(key).await?;
    for version in key.versions() {
        blobs.delete(&version).await?;
    }
    Ok(())
}
