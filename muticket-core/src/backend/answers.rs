//! The answers behind a figure of a supporter's statistics, page by page (R-18, D-07).

use chrono::{DateTime, Utc};

use crate::backend::Backend;
use crate::backend::supporters::{SupporterReport, report};
use crate::clock::horizon;
use crate::error::Error;
use crate::figures::{Month, Wait};
use crate::id::SupporterId;
use crate::newest::{Found, newest_first};
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
            let page = match behind {
                Behind::Ratings { .. } if !ratings => Page { list: AnswerList::Rated(Vec::new()), next: None, damaged: false },
                Behind::Ratings { score, month } => {
                    let period = month.map(|month| month.period(time_zone));
                    let entries = rated(unit, &RatedQuery { author, score, period, after, limit: asked }, now)?;
                    Page::of(entries, limit, AnswerList::Rated)
                }
                Behind::FirstAnswers { wait } => {
                    let entries = first(unit, &FirstAnswerQuery { author, wait, after, limit: asked }, now)?;
                    Page::of(entries, limit, AnswerList::First)
                }
            };
            Ok::<_, Error>((supporter, page))
        };
        let (supporter, Page { list, next, damaged }) = self.helpdesk.parts.storage.run_glance(work).await?;
        let users = situation.people(&self.helpdesk, [&supporter.user].into_iter()).await?;
        Ok(Answers {
            supporter: report(supporter, &users, &situation.settings),
            ratings,
            time_zone,
            list,
            damaged,
            next,
            tickets_readable: situation.staff.contains(&self.user.id),
        })
    }
}

/// A row of a list of answers.
pub(super) enum Entry<T> {
    Answer(T, AnswerCursor),
    /// There is an answer, in this place if it has one, and it cannot be read.
    Damaged(Option<AnswerCursor>),
}

impl<T> Entry<T> {
    /// What has no place comes last of all.
    fn place(&self) -> AnswerCursor {
        match self {
            Self::Answer(_, place) | Self::Damaged(Some(place)) => *place,
            Self::Damaged(None) => AnswerCursor::from(DateTime::UNIX_EPOCH),
        }
    }
}

/// What the storage has after a place, with the damaged ones among them.
fn part<T>(
    unit: &mut dyn Unit,
    limit: u32,
    place: impl Fn(&T) -> AnswerCursor,
    list: impl FnOnce(&mut dyn Unit) -> Result<Vec<T>, StorageError>,
) -> Result<Found<Entry<T>>, StorageError> {
    let mut items: Vec<_> = list(unit)?
        .into_iter()
        .map(|answer| {
            let place = place(&answer);
            Entry::Answer(answer, place)
        })
        .collect();
    let whole = items.len();
    items.extend(unit.damages().take_damages().into_iter().map(|damage| {
        let place = |at| Some(AnswerCursor { at, ticket: damage.ticket?, message: damage.message? });
        Entry::Damaged(damage.at.and_then(place))
    }));
    if items.len() > whole {
        items.sort_by_key(|entry| std::cmp::Reverse(entry.place()));
    }
    let placed = items.iter().filter(|entry| !matches!(entry, Entry::Damaged(None))).count();
    Ok(Found { ended: placed < usize::try_from(limit).unwrap_or(usize::MAX), items })
}

/// The rated answers that the query asks for.
pub(super) fn rated(
    unit: &mut dyn Unit,
    query: &RatedQuery,
    now: DateTime<Utc>,
) -> Result<Vec<Entry<RatedAnswer>>, StorageError> {
    let list = |after| {
        let query = RatedQuery { after, ..query.clone() };
        part(unit, query.limit, RatedAnswer::cursor, |unit| unit.ratings().list_by_author(&query))
    };
    newest_first(query.after, AnswerCursor::from(horizon(now)), query.limit, Entry::place, list)
}

/// The first answers that the query asks for.
fn first(unit: &mut dyn Unit, query: &FirstAnswerQuery, now: DateTime<Utc>) -> Result<Vec<Entry<AnsweredTicket>>, StorageError> {
    let list = |after| {
        let query = FirstAnswerQuery { after, ..query.clone() };
        part(unit, query.limit, AnsweredTicket::cursor, |unit| unit.first_answers().list(&query))
    };
    newest_first(query.after, AnswerCursor::from(horizon(now)), query.limit, Entry::place, list)
}

/// What one page has.
struct Page {
    list: AnswerList,
    next: Option<AnswerCursor>,
    damaged: bool,
}

impl Page {
    /// So many of the entries, the damaged ones among them, and where the rest begins.
    fn of<T>(mut entries: Vec<Entry<T>>, limit: u32, list: impl FnOnce(Vec<T>) -> AnswerList) -> Self {
        let limit = limit as usize;
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries.last().filter(|_| more).map(Entry::place);
        let damaged = entries.iter().any(|entry| matches!(entry, Entry::Damaged(_)));
        Self { list: list(answers(entries)), next, damaged }
    }
}

/// Those that can be read.
pub(super) fn answers<T>(entries: Vec<Entry<T>>) -> Vec<T> {
    let answer = |entry| match entry {
        Entry::Answer(answer, _) => Some(answer),
        Entry::Damaged(_) => None,
    };
    entries.into_iter().filter_map(answer).collect()
}
