//! Where a user's clock stands.

use std::fmt;

use chrono::{DateTime, FixedOffset, Offset as _, TimeZone as _, Utc};
use chrono_tz::Tz;

/// A time zone by its name in the IANA database, like `Europe/Berlin`.
///
/// The core needs one only because [`User`](crate::User) carries it. The database comes along as code (`chrono-tz`), because the name has to
/// be checked where it enters, and what is on a server's disk, if there is anything, differs from node to node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeZone(Tz);

impl TimeZone {
    /// UTC.
    pub const UTC: Self = Self(Tz::UTC);

    /// Reads a name, in the database's own spelling. `None` for a name that is not in it.
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

    /// The instant as the clocks there show it, summer time and all.
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

    #[test]
    fn the_ends_of_time_have_a_place_in_every_zone() {
        for zone in ["Pacific/Kiritimati", "Pacific/Pago_Pago"].map(|name| TimeZone::parse(name).unwrap()) {
            for instant in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
                assert_eq!(zone.at(instant).to_utc(), instant);
            }
        }
    }
}
