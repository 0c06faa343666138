//! Ratings: who may rate what, and statistics on them (R-29, D-06, D-07). Pure.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::id::{MessageNumber, NotAnId, TicketNumber, UserId};
use crate::refusal::Refusal;
use crate::ticket::{Message, Role};

/// One to five stars. Five is best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u8);

impl Score {
    /// All scores, worst first.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// Creates a score; `None` unless 1 to 5.
    pub fn new(stars: u8) -> Option<Self> {
        (1..=5).contains(&stars).then_some(Self(stars))
    }

    /// The number of stars, 1 to 5.
    pub fn stars(self) -> u8 {
        self.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Score {
    type Err = NotAnId;

    /// Parses exactly the form that [`fmt::Display`] writes: one digit from 1 to 5.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        Self::ALL.into_iter().find(|score| score.to_string() == text).ok_or(NotAnId)
    }
}

/// A customer's rating of one answer. An answer has at most one; the customer may change it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Rating {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The answer.
    pub message: MessageNumber,
    /// The stars.
    pub score: Score,
    /// When it was given or last changed.
    pub rated_at: DateTime<Utc>,
}

/// Checks that the ticket's customer may rate the message. The ticket's state and the supporters' presence do not matter
/// (D-06).
///
/// # Errors
/// [`Refusal::RatingsOff`], [`Refusal::NotAnAnswer`], or [`Refusal::OwnAnswer`].
pub fn may_rate(ratings: bool, message: &Message, customer: &UserId) -> Result<(), Refusal> {
    if !ratings {
        return Err(Refusal::RatingsOff);
    }
    match message.role {
        Role::Customer => Err(Refusal::NotAnAnswer),
        Role::Supporter if message.author == *customer => Err(Refusal::OwnAnswer),
        Role::Supporter => Ok(()),
    }
}

/// The ratings of one supporter's answers in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Tally {
    /// The number of the supporter's answers, rated or not.
    pub answers: u64,
    /// The number of answers with one star, two stars, ... five stars.
    pub distribution: [u64; 5],
}

impl Tally {
    /// Creates a tally from the number of answers and the numbers with one star, two stars, ... five stars.
    pub fn new(answers: u64, distribution: [u64; 5]) -> Self {
        Self { answers, distribution }
    }

    /// The number of rated answers.
    pub fn rated(&self) -> u64 {
        self.distribution.iter().sum()
    }

    /// The share of answers that were rated, 0 to 1; `None` without answers.
    pub fn share(&self) -> Option<f64> {
        (self.answers > 0).then(|| self.rated() as f64 / self.answers as f64)
    }

    /// The mean number of stars; `None` without ratings.
    pub fn mean(&self) -> Option<f64> {
        let stars: u64 = self.distribution.iter().zip(1..).map(|(count, stars)| count * stars).sum();
        (self.rated() > 0).then(|| stars as f64 / self.rated() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::Body;

    #[test]
    fn who_may_rate_what() {
        let message = |author: &str, role| Message {
            ticket: TicketNumber::new(1).unwrap(),
            number: MessageNumber::FIRST,
            author: UserId::new(author),
            role,
            body: Body::parse("x").unwrap(),
            written_at: DateTime::UNIX_EPOCH,
            nonce: None,
        };
        let anna = UserId::new("anna");
        let cases = [
            (true, message("sara", Role::Supporter), Ok(())),
            (false, message("sara", Role::Supporter), Err(Refusal::RatingsOff)),
            (true, message("anna", Role::Customer), Err(Refusal::NotAnAnswer)),
            // Anna became a supporter later, or was one then.
            (true, message("anna", Role::Supporter), Err(Refusal::OwnAnswer)),
        ];
        for (ratings, message, expected) in cases {
            assert_eq!(may_rate(ratings, &message, &anna), expected);
        }
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        let tally = Tally::default();
        assert_eq!((tally.rated(), tally.share(), tally.mean()), (0, None, None));
    }

    #[test]
    fn the_mean_rests_on_what_was_rated() {
        let tally = Tally { answers: 8, distribution: [1, 0, 0, 1, 2] };
        assert_eq!((tally.rated(), tally.share(), tally.mean()), (4, Some(0.5), Some(3.75)));
    }

    /// D-06
    #[test]
    fn stars_have_one_spelling() {
        assert_eq!("5".parse(), Ok(Score(5)));
        for text in ["", "0", "6", "+5", "-5", "05", " 5", "5 ", "5.0", "5e0", "0x5", "five", "\u{ff15}", "\u{665}", "55", "261"]
        {
            assert_eq!(text.parse::<Score>(), Err(NotAnId), "{text:?}");
        }
    }

    #[test]
    fn stars_are_one_to_five() {
        assert_eq!((0..=7).filter_map(Score::new).count(), 5);
    }
}
