//! Lists of the answers behind a figure in a supporter's statistics, page by page (R-18, D-07).

use chrono::{DateTime, Utc};

use crate::backend::supporters::{SupporterReport, report};
use crate::backend::{Backend, Freshness, time_zone};
use crate::clock::horizon;
use crate::error::Error;
use crate::figures::{Month, Wait};
use crate::id::SupporterId;
use crate::newest::{Chunk, newest_first};
use crate::rating::Score;
use crate::settings::Settings;
use crate::storage::{AnswerCursor, AnsweredTicket, FirstAnswerQuery, RatedAnswer, RatedQuery, StorageError, Unit};
use crate::supporter::Supporter;
use crate::time_zone::TimeZone;

/// Selects answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerFilter {
    /// Rated answers.
    Ratings {
        /// Only answers rated with this many stars.
        score: Option<Score>,
        /// Only answers whose current rating was given in this month.
        month: Option<Month>,
    },
    /// First answers on a ticket.
    FirstAnswers {
        /// Only first answers for which the customer waited this long.
        wait: Option<Wait>,
    },
}

/// One page of a supporter's answers.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Answers {
    /// The supporter.
    pub supporter: SupporterReport,
    /// Whether ratings are on. If not, the list has no rated answers.
    pub ratings: bool,
    /// The site's time zone, which determines days and months (D-17).
    pub time_zone: TimeZone,
    /// The answers, newest first. Answers that a wrong clock dated in the future come last.
    pub list: AnswerList,
    /// The start of the next page; `None` on the last page.
    pub next: Option<AnswerCursor>,
    /// Whether damaged rows of this page were left out.
    pub damaged: bool,
    /// Whether the administrator is also a supporter, who can follow links to the tickets. The backend itself shows no
    /// tickets.
    pub tickets_readable: bool,
}

/// The answers of a page, of the requested kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerList {
    /// Rated answers, most recently rated first.
    Rated(Vec<RatedAnswer>),
    /// First answers, most recent first.
    First(Vec<AnsweredTicket>),
}

impl Backend {
    /// Lists at most `limit` of the answers behind a figure, starting after a place. The same place gives the same answers,
    /// even if new ones were added.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn answers(
        &self,
        id: SupporterId,
        filter: AnswerFilter,
        after: Option<AnswerCursor>,
        limit: u32,
    ) -> Result<Answers, Error> {
        let (now, parts) = (self.parts.now(), self.parts.clone());
        // One more than is shown, to know whether there is a next page.
        let asked = limit.saturating_add(1);
        let work = move |unit: &mut dyn Unit, settings: &Settings| {
            let supporter = unit.supporters().find(id)?.ok_or(Error::NotFound)?;
            let author = supporter.user.clone();
            let page = match filter {
                AnswerFilter::Ratings { .. } if !settings.ratings => {
                    PageContent { list: AnswerList::Rated(Vec::new()), next: None, damaged: false }
                }
                AnswerFilter::Ratings { score, month } => {
                    let period = month.map(|month| month.period(time_zone(&parts, settings)));
                    let entries = rated(unit, &RatedQuery { author, score, period, after, limit: asked }, now)?;
                    PageContent::of(entries, limit, AnswerList::Rated)
                }
                AnswerFilter::FirstAnswers { wait } => {
                    let entries = first(unit, &FirstAnswerQuery { author, wait, after, limit: asked }, now)?;
                    PageContent::of(entries, limit, AnswerList::First)
                }
            };
            Ok((supporter, page))
        };
        let user = |(supporter, _): &(Supporter, _)| vec![supporter.user.clone()];
        let ((supporter, PageContent { list, next, damaged }), situation) = self.read(Freshness::Stale, work, user).await?;
        let users = situation.people(&self.parts, [&supporter.user].into_iter()).await?;
        Ok(Answers {
            supporter: report(supporter, &users, &situation.settings),
            ratings: situation.settings.ratings,
            time_zone: time_zone(&self.parts, &situation.settings),
            list,
            damaged,
            next,
            tickets_readable: situation.staff.contains(&self.user.id),
        })
    }
}

/// An entry of a list of answers.
pub(super) enum AnswerEntry<T> {
    Answer(T, AnswerCursor),
    /// An answer that cannot be read, with its place if that is known.
    Damaged(Option<AnswerCursor>),
}

impl<T> AnswerEntry<T> {
    /// An entry without a place comes last.
    fn place(&self) -> AnswerCursor {
        match self {
            Self::Answer(_, place) | Self::Damaged(Some(place)) => *place,
            Self::Damaged(None) => AnswerCursor::from(DateTime::UNIX_EPOCH),
        }
    }
}

/// Reads the entries after a place, including damaged ones.
fn part<T>(
    unit: &mut dyn Unit,
    limit: u32,
    place: impl Fn(&T) -> AnswerCursor,
    list: impl FnOnce(&mut dyn Unit) -> Result<Vec<T>, StorageError>,
) -> Result<Chunk<AnswerEntry<T>>, StorageError> {
    let mut items: Vec<_> = list(unit)?
        .into_iter()
        .map(|answer| {
            let place = place(&answer);
            AnswerEntry::Answer(answer, place)
        })
        .collect();
    let whole = items.len();
    items.extend(unit.damages().take_damages().into_iter().map(|damage| {
        let place = |at| Some(AnswerCursor { at, ticket: damage.ticket?, message: damage.message? });
        AnswerEntry::Damaged(damage.at.and_then(place))
    }));
    if items.len() > whole {
        items.sort_by_key(|entry| std::cmp::Reverse(entry.place()));
    }
    let placed = items.iter().filter(|entry| !matches!(entry, AnswerEntry::Damaged(None))).count();
    Ok(Chunk { ended: placed < usize::try_from(limit).unwrap_or(usize::MAX), items })
}

/// Lists the rated answers that the query selects.
pub(super) fn rated(
    unit: &mut dyn Unit,
    query: &RatedQuery,
    now: DateTime<Utc>,
) -> Result<Vec<AnswerEntry<RatedAnswer>>, StorageError> {
    let list = |after| {
        let query = RatedQuery { after, ..query.clone() };
        part(unit, query.limit, RatedAnswer::cursor, |unit| unit.ratings().list_by_author(&query))
    };
    newest_first(query.after, AnswerCursor::from(horizon(now)), query.limit, AnswerEntry::place, list)
}

/// Lists the first answers that the query selects.
fn first(
    unit: &mut dyn Unit,
    query: &FirstAnswerQuery,
    now: DateTime<Utc>,
) -> Result<Vec<AnswerEntry<AnsweredTicket>>, StorageError> {
    let list = |after| {
        let query = FirstAnswerQuery { after, ..query.clone() };
        part(unit, query.limit, AnsweredTicket::cursor, |unit| unit.first_answers().list(&query))
    };
    newest_first(query.after, AnswerCursor::from(horizon(now)), query.limit, AnswerEntry::place, list)
}

/// The content of a page.
struct PageContent {
    list: AnswerList,
    next: Option<AnswerCursor>,
    damaged: bool,
}

impl PageContent {
    /// Takes at most `limit` entries, including damaged ones, and the start of the rest.
    fn of<T>(mut entries: Vec<AnswerEntry<T>>, limit: u32, list: impl FnOnce(Vec<T>) -> AnswerList) -> Self {
        let limit = limit as usize;
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().filter(|_| more).map(AnswerEntry::place);
        let damaged = entries.iter().any(|entry| matches!(entry, AnswerEntry::Damaged(_)));
        Self { list: list(answers(entries)), next, damaged }
    }
}

/// The readable answers.
pub(super) fn answers<T>(entries: Vec<AnswerEntry<T>>) -> Vec<T> {
    let answer = |entry| match entry {
        AnswerEntry::Answer(answer, _) => Some(answer),
        AnswerEntry::Damaged(_) => None,
    };
    entries.into_iter().filter_map(answer).collect()
}
