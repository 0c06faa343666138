//! Dates, numbers and sizes as each language writes them (D-12).

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use icu_datetime::fieldsets;
use icu_datetime::fieldsets::enums::{CompositeDateTimeFieldSet, DateAndTimeFieldSet, DateFieldSet};
use icu_datetime::input::{Date, DateTime as CivilDateTime, Time};
use icu_datetime::{DateTimeFormatter, DateTimeFormatterPreferences};
use icu_decimal::input::Decimal;
use icu_decimal::{DecimalFormatter, DecimalFormatterPreferences};
use icu_locale_core::Locale;
use muticket_core::Language;

/// How one language writes things.
pub(crate) struct Formats {
    exact: DateTimeFormatter<CompositeDateTimeFieldSet>,
    day: DateTimeFormatter<CompositeDateTimeFieldSet>,
    decimal: DecimalFormatter,
}

/// How long ago something was, in the largest unit that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ago {
    Now,
    Minutes(i64),
    Hours(i64),
    Days(i64),
    /// Longer than a week ago, or in the future: the date says more.
    Date,
}

impl Ago {
    pub(crate) fn between(then: DateTime<Utc>, now: DateTime<Utc>) -> Self {
        let passed = now - then;
        if passed < TimeDelta::zero() {
            // A clock that is a little behind is no reason to show a date.
            return if passed > TimeDelta::minutes(-5) { Self::Now } else { Self::Date };
        }
        match passed.num_seconds() {
            0..60 => Self::Now,
            60..3600 => Self::Minutes(passed.num_minutes()),
            3600..86_400 => Self::Hours(passed.num_hours()),
            86_400..604_800 => Self::Days(passed.num_days()),
            _ => Self::Date,
        }
    }
}

impl Formats {
    /// The formats of a language; one that is not known is written like English.
    pub(crate) fn of(language: &Language) -> Self {
        let locale = Locale::try_from_str(language.as_str()).unwrap_or(Locale::UNKNOWN);
        let build = |locale: &Locale| {
            let dates = DateTimeFormatterPreferences::from(locale);
            let exact = CompositeDateTimeFieldSet::DateTime(DateAndTimeFieldSet::YMDT(fieldsets::YMD::medium().with_time_hm()));
            let day = CompositeDateTimeFieldSet::Date(DateFieldSet::YMD(fieldsets::YMD::medium()));
            Some(Self {
                exact: DateTimeFormatter::try_new(dates, exact).ok()?,
                day: DateTimeFormatter::try_new(dates, day).ok()?,
                decimal: DecimalFormatter::try_new(DecimalFormatterPreferences::from(locale), Default::default()).ok()?,
            })
        };
        build(&locale).or_else(|| build(&Locale::UNKNOWN)).expect("the formats of the root locale are compiled in")
    }

    /// Day and minute, in UTC.
    pub(crate) fn exact(&self, instant: DateTime<Utc>) -> String {
        write(&self.exact, instant).map_or_else(String::new, |text| text + " UTC")
    }

    /// The day, in UTC.
    pub(crate) fn day(&self, instant: DateTime<Utc>) -> String {
        write(&self.day, instant).unwrap_or_default()
    }

    /// A number with as many digits after the point as given.
    pub(crate) fn number(&self, number: f64, digits: u8) -> String {
        let text = format!("{number:.*}", usize::from(digits));
        text.parse::<Decimal>().map_or(text, |decimal| self.decimal.format(&decimal).to_string())
    }

    /// A number of bytes, in the unit that keeps it short: 1 KB is 1,024 bytes, as file managers count.
    pub(crate) fn size(&self, bytes: u64) -> String {
        const UNITS: [&str; 4] = ["bytes", "KB", "MB", "GB"];
        let mut size = bytes as f64;
        let mut unit = 0;
        while size >= 1024.0 && unit + 1 < UNITS.len() {
            size /= 1024.0;
            unit += 1;
        }
        let digits = u8::from(unit > 0 && size < 10.0 && size.fract() >= 0.05);
        let unit = if unit == 0 { "B" } else { UNITS[unit] };
        format!("{}\u{a0}{unit}", self.number(size, digits))
    }
}

/// Writes an instant in UTC.
fn write(formatter: &DateTimeFormatter<CompositeDateTimeFieldSet>, instant: DateTime<Utc>) -> Option<String> {
    let (month, day) = (u8::try_from(instant.month()).ok()?, u8::try_from(instant.day()).ok()?);
    let (hour, minute) = (u8::try_from(instant.hour()).ok()?, u8::try_from(instant.minute()).ok()?);
    let date = Date::try_new_iso(instant.year(), month, day).ok()?;
    let civil = CivilDateTime { date, time: Time::try_new(hour, minute, 0, 0).ok()? };
    Some(formatter.format(&civil).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn each_language_writes_in_its_own_way() {
        let (german, english) = (Formats::of(&Language::german()), Formats::of(&Language::english()));
        assert_eq!(german.day(at(1_800_000_000)), "15.01.2027");
        assert_eq!(english.day(at(1_800_000_000)), "Jan 15, 2027");
        assert_eq!(german.exact(at(1_800_000_000)), "15.01.2027, 08:00 UTC");
        assert_eq!((german.number(1234.5, 1), english.number(1234.5, 1)), ("1.234,5".into(), "1,234.5".into()));
        assert_eq!((german.size(1_572_864), english.size(812)), ("1,5\u{a0}MB".into(), "812\u{a0}B".into()));
    }

    #[test]
    fn the_past_is_told_in_the_largest_unit() {
        let now = at(1_800_000_000);
        let ago = |seconds| Ago::between(now - TimeDelta::seconds(seconds), now);
        assert_eq!([ago(59), ago(-60), ago(60), ago(7199)], [Ago::Now, Ago::Now, Ago::Minutes(1), Ago::Hours(1)]);
        assert_eq!([ago(86_400), ago(604_799), ago(604_800), ago(-3600)], [Ago::Days(1), Ago::Days(6), Ago::Date, Ago::Date]);
    }
}
