//! The ratings of a supporter's answers, and how long customers waited for them (R-18, D-07).

use chrono::{DateTime, Utc};

use crate::backend::answers::{answers, rated};
use crate::backend::supporters::{SupporterReport, report};
use crate::backend::{Backend, Freshness, time_zone};
use crate::categories::Categories;
use crate::clock::horizon;
use crate::error::Error;
use crate::figures::{Month, MonthTally, WaitTally, tallied};
use crate::id::{SupporterId, UserId};
use crate::rating::Tally;
use crate::settings::Settings;
use crate::storage::{RatedAnswer, RatedQuery, StorageError, Unit};
use crate::supporter::Supporter;
use crate::time_zone::TimeZone;

/// A supporter's statistics.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Statistics {
    /// The supporter.
    pub supporter: SupporterReport,
    /// Whether ratings are on. If not, the page says so and shows no ratings. Waiting times are shown in any case.
    pub ratings: bool,
    /// The number of answers and ratings.
    pub tally: Tally,
    /// The site's time zone, which determines days and months (D-17).
    pub time_zone: TimeZone,
    /// The twelve months up to the last one with data, oldest first, without empty months at the beginning. Future months,
    /// with data only from a wrong clock, are left out.
    pub months: Vec<MonthTally>,
    /// How long customers waited for first answers from this supporter. Answers that a wrong clock dated in the future are
    /// not counted.
    pub waits: WaitTally,
    /// The rated answers, most recently rated first, at most [`Statistics::LATEST`]. Ratings that a wrong clock dated in the
    /// future come last.
    pub latest: Vec<RatedAnswer>,
    /// Whether damaged rows are missing from the figures.
    pub damaged: bool,
    /// The categories, for their names.
    pub categories: Categories,
    /// Whether the administrator is also a supporter, who can follow links to the tickets. The backend itself shows no
    /// tickets.
    pub tickets_readable: bool,
}

impl Statistics {
    /// The number of rated answers listed. [`Backend::answers`] lists all.
    pub const LATEST: u32 = 10;
}

impl Backend {
    /// Returns a supporter's statistics.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn statistics(&self, id: SupporterId) -> Result<Statistics, Error> {
        let (now, parts) = (self.parts.now(), self.parts.clone());
        let work = move |unit: &mut dyn Unit, settings: &Settings| {
            let supporter = unit.supporters().find(id)?.ok_or(Error::NotFound)?;
            let user = &supporter.user;
            let tally = unit.ratings().tally(user)?;
            let months = months(unit, user, now, time_zone(&parts, settings))?;
            let waits = unit.first_answers().tally(user, horizon(now))?;
            let all = RatedQuery { author: user.clone(), score: None, period: None, after: None, limit: Statistics::LATEST };
            let damaged = !unit.damages().take_damages().is_empty();
            let latest = rated(unit, &all, now)?;
            let all_read = latest.len();
            let latest = answers(latest);
            let damaged = damaged || latest.len() < all_read;
            Ok((supporter, (tally, months, waits, latest, damaged)))
        };
        let user = |(supporter, _): &(Supporter, _)| vec![supporter.user.clone()];
        let ((supporter, read), situation) = self.read(Freshness::Stale, work, user).await?;
        let (tally, months, waits, latest, damaged) = read;
        let users = situation.people(&self.parts, [&supporter.user].into_iter()).await?;
        Ok(Statistics {
            supporter: report(supporter, &users, &situation.settings),
            ratings: situation.settings.ratings,
            tally,
            time_zone: time_zone(&self.parts, &situation.settings),
            months,
            waits,
            latest,
            damaged,
            tickets_readable: situation.staff.contains(&self.user.id),
            categories: situation.categories,
        })
    }
}

fn months(unit: &mut dyn Unit, author: &UserId, now: DateTime<Utc>, zone: TimeZone) -> Result<Vec<MonthTally>, StorageError> {
    let until = Month::of(now, zone).period(zone).ends;
    let Some(last) = unit.ratings().last_active(author, until)? else { return Ok(Vec::new()) };
    let months = Month::of(last, zone).shown();
    Ok(tallied(&months, unit.ratings().tally_periods(author, &months.map(|month| month.period(zone)))?))
}
