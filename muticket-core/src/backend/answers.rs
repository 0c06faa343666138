//! The answers behind a figure of a supporter's statistics, page by page (R-18, D-07).

use crate::backend::Backend;
use crate::backend::supporters::{SupporterReport, report};
use crate::error::Error;
use crate::figures::{Month, Wait};
use crate::id::{SupporterId, UserId};
use crate::rating::Score;
use crate::situation::people;
use crate::storage::{AnswerCursor, AnsweredTicket, FirstAnswerQuery, RatedAnswer, RatedQuery, StorageError, Unit};

/// Which answers are to be listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Rated ones.
    Ratings {
        /// Only those that got so many stars.
        score: Option<Score>,
        /// Only those that were last rated in this month.
        month: Option<Month>,
    },
    /// First ones on their tickets.
    FirstAnswers {
        /// Only those for which the customer waited so long.
        wait: Option<Wait>,
    },
}

/// One page of a supporter's answers.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Answers {
    /// The supporter.
    pub supporter: SupporterReport,
    /// Whether ratings are on; if not, there are no rated answers in the list.
    pub ratings: bool,
    /// The answers, newest first.
    pub list: AnswerList,
    /// Where the next page begins; `None` on the last.
    pub next: Option<AnswerCursor>,
    /// Whether the administrator is a supporter too, and so can follow links to the tickets; the backend itself shows none.
    pub tickets_readable: bool,
}

/// The answers of a page, of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerList {
    /// Rated answers, the last rated first.
    Rated(Vec<RatedAnswer>),
    /// First answers, the last given first.
    First(Vec<AnsweredTicket>),
}

impl Backend {
    /// At most `limit` of the answers behind a figure, from a place in their order on. The same place gives the same answers, whatever
    /// came meanwhile.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn answers(
        &self,
        id: SupporterId,
        behind: Behind,
        after: Option<AnswerCursor>,
        limit: u32,
    ) -> Result<Answers, Error> {
        let situation = self.helpdesk.situation().await?;
        let ratings = situation.settings.ratings;
        let work = move |unit: &mut dyn Unit| {
            let supporter = unit.supporters().find(id)?.ok_or(Error::NotFound)?;
            // One more than is shown tells whether there is a next page.
            let list = list(unit, &supporter.user, ratings, behind, after, limit.saturating_add(1))?;
            Ok::<_, Error>((supporter, list))
        };
        let (supporter, mut list) = self.helpdesk.parts.storage.run_glance(work).await?;
        let next = list.cut(limit as usize);
        let users = people(&self.helpdesk, [&supporter.user].into_iter()).await?;
        Ok(Answers {
            supporter: report(supporter, &users, &situation.settings),
            ratings,
            list,
            next,
            tickets_readable: situation.staff.contains(&self.user.id),
        })
    }
}

fn list(
    unit: &mut dyn Unit,
    author: &UserId,
    ratings: bool,
    behind: Behind,
    after: Option<AnswerCursor>,
    limit: u32,
) -> Result<AnswerList, StorageError> {
    let author = author.clone();
    match behind {
        Behind::Ratings { .. } if !ratings => Ok(AnswerList::Rated(Vec::new())),
        Behind::Ratings { score, month } => {
            let query = RatedQuery { author, score, month, after, limit };
            Ok(AnswerList::Rated(unit.ratings().list_by_author(&query)?))
        }
        Behind::FirstAnswers { wait } => {
            let query = FirstAnswerQuery { author, wait, after, limit };
            Ok(AnswerList::First(unit.first_answers().list(&query)?))
        }
    }
}

impl AnswerList {
    /// Leaves so many, and says where the rest begins.
    fn cut(&mut self, limit: usize) -> Option<AnswerCursor> {
        match self {
            Self::Rated(rated) => {
                let more = rated.len() > limit;
                rated.truncate(limit);
                rated.last().filter(|_| more).map(RatedAnswer::cursor)
            }
            Self::First(first) => {
                let more = first.len() > limit;
                first.truncate(limit);
                first.last().filter(|_| more).map(AnsweredTicket::cursor)
            }
        }
    }
}
