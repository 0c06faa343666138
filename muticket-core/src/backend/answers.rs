//! The answers behind a figure of a supporter's statistics, page by page (R-18, D-07).

use chrono::{DateTime, Utc};

use crate::backend::Backend;
use crate::backend::supporters::{SupporterReport, report};
use crate::clock::horizon;
use crate::error::Error;
use crate::figures::{Month, Wait};
use crate::id::SupporterId;
use crate::newest::newest_first;
use crate::rating::Score;
use crate::storage::{AnswerCursor, AnsweredTicket, FirstAnswerQuery, RatedAnswer, RatedQuery, StorageError, Unit};
use crate::time_zone::TimeZone;

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
    /// The clock of the site: its days and months count (D-17).
    pub time_zone: TimeZone,
    /// The answers, newest first. Those that a wrong clock wrote in the future come last.
    pub list: AnswerList,
    /// Where the next page begins; `None` on the last.
    pub next: Option<AnswerCursor>,
    /// Whether rows of this page are damaged and left out.
    pub damaged: bool,
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
        let situation = self.helpdesk.situation(&self.user).await?;
        let (ratings, time_zone) = (situation.settings.ratings, self.time_zone(&situation));
        let now = self.helpdesk.now();
        // One more than is shown tells whether there is a next page.
        let asked = limit.saturating_add(1);
        let work = move |unit: &mut dyn Unit| {
            let supporter = unit.supporters().find(id)?.ok_or(Error::NotFound)?;
            let author = supporter.user.clone();
            let list = match behind {
                Behind::Ratings { .. } if !ratings => AnswerList::Rated(Vec::new()),
                Behind::Ratings { score, month } => {
                    let period = month.map(|month| month.period(time_zone));
                    AnswerList::Rated(rated(unit, &RatedQuery { author, score, period, after, limit: asked }, now)?)
                }
                Behind::FirstAnswers { wait } => {
                    AnswerList::First(first(unit, &FirstAnswerQuery { author, wait, after, limit: asked }, now)?)
                }
            };
            let damaged = unit.damages().take_damages().len();
            Ok::<_, Error>((supporter, list, damaged))
        };
        let (supporter, mut list, damaged) = self.helpdesk.parts.storage.run_glance(work).await?;
        let next = list.cut(limit as usize, damaged);
        let users = situation.people(&self.helpdesk, [&supporter.user].into_iter()).await?;
        Ok(Answers {
            supporter: report(supporter, &users, &situation.settings),
            ratings,
            time_zone,
            list,
            damaged: damaged > 0,
            next,
            tickets_readable: situation.staff.contains(&self.user.id),
        })
    }
}

/// The rated answers that the query asks for.
pub(super) fn rated(unit: &mut dyn Unit, query: &RatedQuery, now: DateTime<Utc>) -> Result<Vec<RatedAnswer>, StorageError> {
    let list = |after| unit.ratings().list_by_author(&RatedQuery { after, ..query.clone() });
    newest_first(query.after, AnswerCursor::from(horizon(now)), query.limit, RatedAnswer::cursor, list)
}

/// The first answers that the query asks for.
fn first(unit: &mut dyn Unit, query: &FirstAnswerQuery, now: DateTime<Utc>) -> Result<Vec<AnsweredTicket>, StorageError> {
    let list = |after| unit.first_answers().list(&FirstAnswerQuery { after, ..query.clone() });
    newest_first(query.after, AnswerCursor::from(horizon(now)), query.limit, AnsweredTicket::cursor, list)
}

impl AnswerList {
    /// Leaves so many, the damaged ones among them, and says where the rest begins.
    fn cut(&mut self, limit: usize, damaged: usize) -> Option<AnswerCursor> {
        let kept = limit.saturating_sub(damaged);
        match self {
            Self::Rated(rated) => {
                let more = rated.len() > kept;
                rated.truncate(kept);
                rated.last().filter(|_| more).map(RatedAnswer::cursor)
            }
            Self::First(first) => {
                let more = first.len() > kept;
                first.truncate(kept);
                first.last().filter(|_| more).map(AnsweredTicket::cursor)
            }
        }
    }
}
