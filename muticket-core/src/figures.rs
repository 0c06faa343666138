//! Statistics over time: months, and how long customers waited for the first answer (R-18, D-07). Pure.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::id::{MessageNumber, NotAnId, TicketNumber, UserId};
use crate::rating::Tally;
use crate::time_zone::TimeZone;

/// A period of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first instant.
    pub begins: DateTime<Utc>,
    /// The last microsecond.
    pub ends: DateTime<Utc>,
}

impl Period {
    /// Whether the period contains the instant.
    pub fn contains(&self, instant: DateTime<Utc>) -> bool {
        (self.begins..=self.ends).contains(&instant)
    }
}

/// A calendar month. The site's time zone decides when it begins and ends, so that all readers see the same figures (D-17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    /// 1 to 12.
    month: u32,
}

impl Month {
    /// The years that URLs and databases support.
    const YEARS: RangeInclusive<i32> = 1970..=9999;

    /// The month that contains the instant, in the given time zone.
    pub fn of(instant: DateTime<Utc>, zone: TimeZone) -> Self {
        let there = zone.at(instant);
        Self { year: there.year(), month: there.month() }
    }

    /// The period of the month in the given time zone. The last supported month ends with its year in UTC, because not every
    /// database supports later times.
    pub fn period(self, zone: TimeZone) -> Period {
        let begins = |month: Self| zone.begins(NaiveDate::from_ymd_opt(month.year, month.month, 1).unwrap_or_default());
        let last = NaiveDate::from_ymd_opt(*Self::YEARS.end(), 12, 31).and_then(|day| day.and_hms_micro_opt(23, 59, 59, 999_999));
        let ends = begins(self.next()) - TimeDelta::microseconds(1);
        Period { begins: begins(self), ends: last.map_or(ends, |last| ends.min(last.and_utc())) }
    }

    /// The following month.
    #[must_use]
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year.saturating_add(1), month: 1 },
            month => Self { month: month + 1, ..self },
        }
    }

    /// The month this many months earlier.
    fn before(self, months: u32) -> Self {
        (0..months).fold(self, |month, _| match month.month {
            1 => Self { year: month.year.saturating_sub(1), month: 12 },
            number => Self { month: number - 1, ..month },
        })
    }

    /// The twelve months that a page shows. This is the last of them.
    pub(crate) fn shown(self) -> [Self; 12] {
        let mut months = [self.before(11); 12];
        for place in 1..months.len() {
            months[place] = months[place - 1].next();
        }
        months
    }
}

/// Written as in `2027-01`.
impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = NotAnId;

    /// Parses exactly the form that [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (year, month) = text.split_once('-').ok_or(NotAnId)?;
        let read = Self { year: year.parse().map_err(|_| NotAnId)?, month: month.parse().map_err(|_| NotAnId)? };
        let is_one = Self::YEARS.contains(&read.year) && (1..=12).contains(&read.month) && read.to_string() == text;
        if is_one { Ok(read) } else { Err(NotAnId) }
    }
}

/// A supporter's answers and ratings in one month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthTally {
    /// The month.
    pub month: Month,
    /// The number of answers the supporter wrote in the month.
    pub answers: u64,
    /// The number of their answers, also older ones, whose current rating was given in the month: with one star, two stars,
    /// ... five stars.
    pub distribution: [u64; 5],
}

impl MonthTally {
    /// A month without answers and ratings.
    pub fn empty(month: Month) -> Self {
        Self { month, answers: 0, distribution: [0; 5] }
    }

    /// The number of answers whose current rating was given in the month.
    pub fn rated(&self) -> u64 {
        self.distribution.iter().sum()
    }

    /// The mean number of stars; `None` without ratings.
    pub fn mean(&self) -> Option<f64> {
        Tally { answers: 0, distribution: self.distribution }.mean()
    }
}

/// The tallies of the months, without empty months at the beginning.
pub(crate) fn tallied(months: &[Month], tallies: Vec<Tally>) -> Vec<MonthTally> {
    let of = |(month, Tally { answers, distribution }): (&Month, Tally)| MonthTally { month: *month, answers, distribution };
    let counted = months.iter().zip(tallies).map(of);
    counted.skip_while(|month| *month == MonthTally::empty(month.month)).collect()
}

/// How long a customer waited for the first answer on a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Wait {
    /// At most one hour.
    Hour,
    /// At most four hours.
    FourHours,
    /// At most one day.
    Day,
    /// At most three days.
    ThreeDays,
    /// More than three days.
    Longer,
}

impl Wait {
    /// All values, shortest first. An array, because [`WaitTally`] counts each.
    pub const ALL: [Self; 5] = [Self::Hour, Self::FourHours, Self::Day, Self::ThreeDays, Self::Longer];

    /// The range of seconds. The ranges do not overlap and cover all values that a storage keeps.
    pub fn seconds(self) -> RangeInclusive<u64> {
        const HOUR: u64 = 60 * 60;
        const DAY: u64 = 24 * HOUR;
        match self {
            Self::Hour => 0..=HOUR,
            Self::FourHours => HOUR + 1..=4 * HOUR,
            Self::Day => 4 * HOUR + 1..=DAY,
            Self::ThreeDays => DAY + 1..=3 * DAY,
            Self::Longer => 3 * DAY + 1..=i64::MAX.unsigned_abs(),
        }
    }

    /// The name in URLs and templates. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The first answer on a ticket. Later answers do not change it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FirstAnswer {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The answer.
    pub message: MessageNumber,
    /// The supporter who wrote it.
    pub author: UserId,
    /// The time of the answer.
    pub answered_at: DateTime<Utc>,
    /// How many whole seconds the customer had waited since they opened the ticket.
    pub seconds: u64,
}

impl FirstAnswer {
    /// The seconds between opening and answer; 0 if the clock was set back in between.
    pub(crate) fn seconds_between(opened_at: DateTime<Utc>, answered_at: DateTime<Utc>) -> u64 {
        u64::try_from((answered_at - opened_at).num_seconds()).unwrap_or_default()
    }
}

/// The first answers of one supporter in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WaitTally {
    /// The number of first answers for each wait, in the order of [`Wait::ALL`].
    pub counts: [u64; 5],
    /// The sum of all waits in seconds.
    pub seconds: u64,
    /// The median wait in seconds: for an even count, the lower of the two middle values. `None` without first answers.
    pub median: Option<u64>,
}

impl WaitTally {
    /// The number of first answers.
    pub fn answers(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The mean wait in seconds; `None` without first answers.
    pub fn mean(&self) -> Option<f64> {
        (self.answers() > 0).then(|| self.seconds as f64 / self.answers() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn month(text: &str) -> Month {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_comes_back_from_its_address_or_not_at_all() {
        assert_eq!(month("2027-01").to_string(), "2027-01");
        for text in
            ["", "2027", "2027-1", "2027-00", "2027-13", "1969-12", "10000-01", "+2027-01", "2027-01-01", "2027--1", "x-01"]
        {
            assert!(text.parse::<Month>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_month_is_from_its_first_instant_to_its_last() {
        let zone = |name: &str| TimeZone::parse(name).unwrap();
        let cases = [
            ("2027-12", "UTC", "2027-12-01T00:00:00Z", "2027-12-31T23:59:59.999999Z"),
            ("2027-03", "Europe/Paris", "2027-02-28T23:00:00Z", "2027-03-31T21:59:59.999999Z"),
            ("2027-04", "Europe/Paris", "2027-03-31T22:00:00Z", "2027-04-30T21:59:59.999999Z"),
            ("1970-01", "Asia/Tokyo", "1969-12-31T15:00:00Z", "1970-01-31T14:59:59.999999Z"),
            ("9999-12", "America/New_York", "9999-12-01T05:00:00Z", "9999-12-31T23:59:59.999999Z"),
        ];
        for (name, place, begins, ends) in cases {
            let period = Period { begins: begins.parse().unwrap(), ends: ends.parse().unwrap() };
            assert_eq!(month(name).period(zone(place)), period, "{name} in {place}");
            assert_eq!(
                [begins, ends].map(|at| Month::of(at.parse().unwrap(), zone(place))),
                [month(name); 2],
                "{name} in {place}"
            );
        }
    }

    /// Each instant is in exactly one month of each zone, also when clocks change.
    #[test]
    fn months_follow_each_other_without_a_gap() {
        for zone in TimeZone::all() {
            let months = month("2026-12").shown();
            for pair in months.windows(2) {
                let gap = pair[1].period(zone).begins - pair[0].period(zone).ends;
                assert_eq!(gap, TimeDelta::microseconds(1), "{zone} {}", pair[1]);
            }
        }
    }

    #[test]
    fn twelve_months_are_shown() {
        for (last, first) in [("2027-11", "2026-12"), ("2027-12", "2027-01")] {
            let shown = month(last).shown();
            assert_eq!((shown[0], shown[11]), (month(first), month(last)));
        }
    }

    #[test]
    fn months_without_anything_are_shown_after_the_first_with_something() {
        let some = Tally { answers: 1, ..Tally::default() };
        let months = month("2027-12").shown();
        let tallies = [Tally::default(), some, Tally::default(), some];
        let shown: Vec<_> = tallied(&months[..4], tallies.to_vec()).iter().map(|tally| (tally.month, tally.answers)).collect();
        assert_eq!(shown, [(month("2027-02"), 1), (month("2027-03"), 0), (month("2027-04"), 1)]);
        assert_eq!(tallied(&months, vec![Tally::default(); 12]), []);
    }

    #[test]
    fn nothing_is_divided_by_zero() {
        assert_eq!(MonthTally::empty(month("2027-01")).mean(), None);
        assert_eq!((WaitTally::default().answers(), WaitTally::default().mean()), (0, None));
    }

    #[test]
    fn every_wait_is_one_of_five() {
        assert_eq!(Wait::ALL, Wait::VARIANTS);
        let of = |seconds| Wait::ALL.iter().filter(|wait| wait.seconds().contains(&seconds)).copied().collect::<Vec<_>>();
        let edges = [(0, 3600, Wait::Hour), (3601, 14_400, Wait::FourHours), (14_401, 86_400, Wait::Day)];
        for (first, last, wait) in edges.into_iter().chain([(86_401, 259_200, Wait::ThreeDays)]) {
            assert_eq!((of(first), of(last)), (vec![wait], vec![wait]));
        }
        assert_eq!((of(259_201), of(i64::MAX.unsigned_abs())), (vec![Wait::Longer], vec![Wait::Longer]));
        assert!(Wait::ALL.iter().all(|wait| wait.as_str().parse() == Ok(*wait)));
    }

    #[test]
    fn a_clock_that_was_set_back_makes_no_wait() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert_eq!(FirstAnswer::seconds_between(at(100), at(160)), 60);
        assert_eq!(FirstAnswer::seconds_between(at(100), at(40)), 0);
    }
}
