//! Tells supporters about a letter for a ticket whose sender could not be confirmed (M-03), at most once a day for each ticket, so that
//! somebody with a token cannot flood them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::Error;
use crate::id::{Ids, LetterId, UserId};
use crate::incoming::{Incoming, Verdict};
use crate::notification::{Notification, OutboxEntry};
use crate::parts::Parts;
use crate::routing::supporters_for;
use crate::situation::people;
use crate::storage::{StorageError, Unit};
use crate::supporter::Staff;
use crate::user::User;

/// The time in which supporters are told about one letter of a ticket at most.
const DAY: TimeDelta = TimeDelta::days(1);

/// The host's description of those who may be told.
#[derive(Debug, Clone)]
pub(crate) struct Readers(HashMap<UserId, User>);

impl Readers {
    /// `None` if nobody is told about this letter.
    ///
    /// # Errors
    /// The storage or the host failed.
    pub(crate) async fn of(parts: &Parts, letter: &Incoming, verdict: Verdict) -> Result<Option<Self>, Error> {
        let held_for = letter.ticket.filter(|_| verdict == Verdict::NotConfirmed && letter.told_at.is_none());
        let Some(ticket) = held_for else { return Ok(None) };
        let since = parts.now() - DAY;
        let find = move |unit: &mut dyn Unit| {
            let know = unit.incoming().told_supporters(ticket, since)?;
            if know { Ok(None) } else { Ok(Some(unit.supporters().list()?)) }
        };
        let Some(records) = parts.storage.run_read::<_, StorageError, _>(find).await? else { return Ok(None) };
        Ok(Some(Self(people(parts, records.iter().map(|record| &record.user)).await?)))
    }

    /// The letters to those who would get a reply of the customer: one for each.
    ///
    /// # Errors
    /// The storage failed.
    pub(crate) fn notices(
        &self,
        unit: &mut dyn Unit,
        ids: &dyn Ids,
        letter: &Incoming,
        now: DateTime<Utc>,
    ) -> Result<Vec<OutboxEntry>, StorageError> {
        let Some(number) = letter.ticket else { return Ok(Vec::new()) };
        let ticket = match unit.tickets().find(number) {
            // Nobody knows who would get a reply. The storage logs the damage.
            Err(StorageError::Corrupt { .. }) => None,
            found => found?,
        };
        let Some(ticket) = ticket else { return Ok(Vec::new()) };
        // Another letter for the ticket may have come at the same moment.
        if unit.incoming().told_supporters(number, now - DAY)? {
            return Ok(Vec::new());
        }
        let settings = unit.settings().find()?;
        let staff = Staff::gather(&settings, unit.supporters().list()?, &self.0);
        let about = (letter.id, Some(number));
        let notice =
            |reader: &UserId| OutboxEntry::answering(LetterId(ids.next()), Notification::LetterNotConfirmed, about, reader, now);
        Ok(supporters_for(&staff, &settings, &ticket, &ticket.customer).into_iter().map(notice).collect())
    }
}
