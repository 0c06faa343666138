//! The letters that came in, by what became of them (M-09).

use crate::backend::mail::undecided;
use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::IncomingId;
use crate::incoming::{Incoming, VerdictGroup};
use crate::mailbox::MailboxState;
use crate::settings::Settings;
use crate::storage::Unit;

/// One page of the letters that came in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Received {
    /// How many letters each group has, in the order of [`VerdictGroup::ALL`]. Counting a group stops at
    /// [`Counts::MANY`](crate::storage::Counts::MANY).
    pub counts: Vec<(VerdictGroup, u32)>,
    /// The letters of the page, newest first.
    pub letters: Vec<Incoming>,
    /// The letter after which the next page begins; `None` on the last page.
    pub next: Option<IncomingId>,
    /// The mailboxes from which letters are fetched, by name (M-08).
    pub mailboxes: Vec<MailboxState>,
    /// Whether damaged rows were left out.
    pub damaged: bool,
    /// Whether the administrator is also a supporter, who can follow links to the tickets. The backend itself shows no tickets.
    pub tickets_readable: bool,
}

impl Received {
    /// How many letters wait for an administrator: those that are held or parked. Counted as in [`counts`](Self::counts).
    pub fn undecided(&self) -> u32 {
        undecided(self.counts.iter().copied())
    }
}

impl Backend {
    /// Lists at most `limit` of the letters of a group, newest first, after the letter `after`. If that letter was deleted, the list starts
    /// at its beginning.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn received(&self, group: VerdictGroup, after: Option<IncomingId>, limit: u32) -> Result<Received, Error> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let work = move |unit: &mut dyn Unit, _: &Settings| {
            let before = match after {
                Some(id) => unit.incoming().find(id)?.map(|letter| (letter.received_at, letter.id)),
                None => None,
            };
            // One more than is shown, to know whether there is a next page.
            let mut letters = unit.incoming().list_recent(group, before, limit.saturating_add(1))?;
            let has_more = letters.len() > most;
            letters.truncate(most);
            let next = letters.last().map(|letter| letter.id).filter(|_| has_more);
            let mailboxes = unit.mailboxes().list()?;
            let damaged = !unit.damages().take_damages().is_empty();
            Ok((unit.incoming().count()?, (letters, next), mailboxes, damaged))
        };
        let ((counts, (letters, next), mailboxes, damaged), situation) =
            self.read(Freshness::Current, work, |_| Vec::new()).await?;
        Ok(Received {
            counts: VerdictGroup::ALL.iter().copied().zip(counts).collect(),
            letters,
            next,
            mailboxes,
            damaged,
            tickets_readable: situation.staff.contains(&self.user.id),
        })
    }
}
