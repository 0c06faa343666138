//! Rating: the customer rates an answer with stars (R-29, D-06).

use crate::access::Action;
use crate::error::Error;
use crate::history::Change;
use crate::id::{MessageNumber, TicketNumber};
use crate::portal::{Portal, own_ticket};
use crate::problem::{Field, FieldError, Problem};
use crate::rating::{Rating, Score, may_rate};
use crate::record::record;
use crate::storage::Unit;

impl Portal {
    /// Rates an answer, or changes the rating. Works on closed tickets and without a present supporter. `None` stands for a
    /// [score](Score::new) that the visitor sent and that does not exist. It is refused after the access was checked.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] below level *Comment*; [`Error::Invalid`] without a score; [`Error::Refused`] if
    /// ratings are off, the message is not an answer, or the visitor wrote it; [`Error::Unavailable`].
    pub async fn rate(&self, number: TicketNumber, message: MessageNumber, score: Option<Score>) -> Result<Rating, Error> {
        let user = self.user.clone();
        let now = self.parts.now();
        let work = move |unit: &mut dyn Unit| {
            let mut ticket = own_ticket(unit, &user, number, Action::Rate)?;
            let unknown = || Error::Invalid(vec![FieldError { field: Field::Stars, problem: Problem::Unknown }]);
            let score = score.ok_or_else(unknown)?;
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
