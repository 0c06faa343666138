//! How many letters of one sender are answered and taken in, so that two programs never write to each other for ever (M-05).

use chrono::TimeDelta;

use crate::error::Error;
use crate::id::{Nonce, TicketNumber, UserId};
use crate::incoming::Incoming;
use crate::mailroom::rules::Budget;
use crate::parts::Parts;
use crate::storage::{StorageError, Unit};

/// The time before a letter in which the letters of its sender are counted.
const HOUR: TimeDelta = TimeDelta::hours(1);

impl Budget {
    /// Whether too many letters of the writer were taken in the hour before this one: replies on `ticket`, or letters that opened tickets.
    /// A letter that an administrator lets be worked on again is never one too many, and neither is one that is stored already.
    ///
    /// # Errors
    /// The storage failed.
    pub(crate) async fn is_used_up(
        self,
        parts: &Parts,
        letter: &Incoming,
        nonce: Nonce,
        writer: &UserId,
        ticket: Option<TicketNumber>,
    ) -> Result<bool, Error> {
        if letter.is_exempt {
            return Ok(false);
        }
        let (writer, came, most) = (writer.clone(), letter.received_at, self.letters);
        let count = move |unit: &mut dyn Unit| {
            // A reply to a closed ticket opens one, so both count for a reply.
            let mut is_used_up = unit.incoming().taken(&writer, None, (came - HOUR, came), most)? >= most;
            if ticket.is_some() && !is_used_up {
                is_used_up = unit.incoming().taken(&writer, ticket, (came - HOUR, came), most)? >= most;
            }
            Ok(is_used_up && unit.messages().find_by_nonce(nonce)?.is_none())
        };
        Ok(parts.storage.run_read::<_, StorageError, _>(count).await?)
    }
}
