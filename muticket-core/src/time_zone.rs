//! Time zones.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{TZ_VARIANTS, Tz};

/// A time zone, by its name in the IANA database, like `Europe/Berlin`.
///
/// A [`User`](crate::User) has one for display, and the [`Settings`](crate::Settings) have one for statistics. The database
/// is compiled in (`chrono-tz`), because names are checked on input, and the database installed on a server, if any, differs
/// from node to node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeZone(Tz);

impl TimeZone {
    /// UTC.
    pub const UTC: Self = Self(Tz::UTC);

    /// Parses a name in the database's spelling. Returns `None` for an unknown name.
    ///
    /// ```
    /// use muticket_core::TimeZone;
    /// assert!(TimeZone::parse("Europe/Berlin").is_some() && TimeZone::parse("Europe/Atlantis").is_none());
    /// ```
    pub fn parse(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// The name.
    pub fn as_str(&self) -> &'static str {
        self.0.name()
    }

    /// The time zone of this computer; UTC if it has none or an unknown one.
    pub fn of_this_computer() -> Self {
        iana_time_zone::get_timezone().ok().and_then(|name| Self::parse(&name)).unwrap_or(Self::UTC)
    }

    /// All time zones, sorted by name.
    pub fn all() -> impl Iterator<Item = Self> {
        TZ_VARIANTS.into_iter().map(Self)
    }

    /// The first instant of a day in this zone. Where the clocks skip midnight, this is the instant to which they skip.
    pub fn begins(self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        // No place has ever skipped more than a day.
        let mut quarters = (0..=100).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
        let first = quarters.find_map(|time| self.0.from_local_datetime(&time).earliest());
        first.map_or_else(|| midnight.and_utc(), |first| first.to_utc())
    }

    /// Converts an instant to local time in this zone, with daylight saving time.
    pub fn at(&self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        let offset = self.0.offset_from_utc_datetime(&instant.naive_utc()).fix();
        instant.with_timezone(&offset)
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_database_are_time_zones() {
        for name in ["Europe/Berlin", "America/Argentina/Ushuaia", "Asia/Kolkata", "UTC", "Etc/GMT-14"] {
            assert_eq!(TimeZone::parse(name).map(|zone| zone.to_string()), Some(name.to_owned()));
        }
        for name in
            ["", "Berlin", "europe/berlin", "Europe/Berlin ", "Europe/Atlantis", "../etc/localtime", "+01:00", "MEZ", "\0"]
        {
            assert_eq!(TimeZone::parse(name), None, "{name:?}");
        }
    }

    #[test]
    fn clocks_change_in_summer() {
        let berlin = TimeZone::parse("Europe/Berlin").unwrap();
        let shown = |seconds| berlin.at(DateTime::from_timestamp(seconds, 0).unwrap()).to_string();
        assert_eq!(shown(1_800_000_000), "2027-01-15 09:00:00 +01:00");
        assert_eq!(shown(1_815_000_000), "2027-07-08 00:40:00 +02:00");
    }

    /// A day begins at midnight local time, also when clocks change on it.
    #[test]
    fn a_day_begins_at_its_own_midnight() {
        let cases = [
            ("UTC", (2027, 1, 1), "2027-01-01T00:00:00Z"),
            ("Europe/Paris", (2027, 4, 1), "2027-03-31T22:00:00Z"),
            ("Asia/Kathmandu", (2027, 4, 1), "2027-03-31T18:15:00Z"),
            ("America/New_York", (2027, 3, 14), "2027-03-14T05:00:00Z"),
            // The clocks skipped from midnight to one.
            ("America/Sao_Paulo", (2017, 10, 15), "2017-10-15T03:00:00Z"),
            // Midnight came twice: the day begins at the first one.
            ("America/Havana", (2026, 11, 1), "2026-11-01T04:00:00Z"),
            // The day was skipped.
            ("Pacific/Apia", (2011, 12, 30), "2011-12-30T10:00:00Z"),
        ];
        for (zone, (year, month, day), begins) in cases {
            let day = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            let begins: DateTime<Utc> = begins.parse().unwrap();
            assert_eq!(TimeZone::parse(zone).unwrap().begins(day), begins, "{zone} {day}");
        }
    }

    #[test]
    fn every_zone_is_found_by_its_name() {
        assert!(TimeZone::all().all(|zone| TimeZone::parse(zone.as_str()) == Some(zone)));
        assert!(TimeZone::all().count() > 400);
    }

    #[test]
    fn the_ends_of_time_have_a_place_in_every_zone() {
        for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"].map(|name| TimeZone::parse(name).unwrap()) {
            for instant in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
                assert_eq!(zone.at(instant).to_utc(), instant);
            }
        }
    }
}
