//! Rating: the customer rates an answer with stars (R-29, D-06).

use crate::access::Action;
use crate::error::Error;
use crate::history::Change;
use crate::id::{MessageNumber, TicketNumber};
use crate::portal::{Portal, own_ticket};
use crate::rating::{Rating, Score, may_rate};
use crate::record::record;
use crate::storage::Unit;

impl Portal {
    /// Rates an answer, or changes the rating. Works on closed tickets and without a present supporter.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Comment*; [`Error::Refused`] if ratings are off, the message is
    /// not an answer, or the visitor wrote it; [`Error::Unavailable`].
    pub async fn rate(&self, number: TicketNumber, message: MessageNumber, score: Score) -> Result<Rating, Error> {
        let user = self.user.clone();
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit| {
            let mut ticket = own_ticket(unit, &user, number, Action::Rate)?;
            let answer = unit.messages().find(number, message)?.ok_or(Error::NotFound)?;
            let settings = unit.settings().find()?;
            may_rate(settings.ratings, &answer, &user.id)?;
            let rating = Rating { ticket: number, message, score, rated_at: now };
            match unit.ratings().find(number, message)? {
                Some(before) if before.score == score => return Ok(before),
                Some(_) => {
                    unit.ratings().update(&rating)?;
                }
                None => unit.ratings().insert(&rating)?,
            }
            ticket.rated();
            record(unit, &ticket, &user.id, now, Change::Rated(message, score))?;
            Ok(rating)
        };
        self.parts.storage.run_write(work).await
    }
}
