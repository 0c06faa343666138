//! Dates, numbers and sizes in the format of each language (D-12).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use icu_datetime::fieldsets::{Combo, E, ET, YMD, YMDT, zone};
use icu_datetime::input::{Date, DateTime as CivilDateTime, Time, TimeZone as NamedZone, UtcOffset, ZonedDateTime};
use icu_datetime::{DateTimeFormatter, DateTimeFormatterPreferences};
use icu_locale::LocaleExpander;
use icu_locale_core::Locale;
use muticket_core::mail::Numbers;
use muticket_core::{Language, TimeZone};

use crate::view::months::Months;

/// The formats of every language and region that was requested.
#[derive(Default)]
pub(crate) struct AllFormats {
    kept: RwLock<HashMap<Language, Arc<Formats>>>,
}

impl AllFormats {
    /// The most formats that are kept, because browsers can name any number of regions.
    pub(crate) const MOST: usize = 256;

    /// The formats of a language and its region.
    pub(crate) fn of(&self, language: &Language) -> Arc<Formats> {
        let known = self.kept.read().unwrap_or_else(PoisonError::into_inner).get(language).cloned();
        known.unwrap_or_else(|| {
            let made = Arc::new(Formats::of(language));
            let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= Self::MOST {
                kept.clear();
            }
            kept.insert(language.clone(), made.clone());
            made
        })
    }

    #[cfg(test)]
    pub(crate) fn kept(&self) -> usize {
        self.kept.read().unwrap().len()
    }
}

/// The region that a tag names, else the one in which most people speak the language; `None` for an unknown language.
pub(crate) fn region_of(language: &Language) -> Option<String> {
    static LIKELY: LazyLock<LocaleExpander> = LazyLock::new(LocaleExpander::new_extended);
    if let Some(region) = language.region() {
        return Some(region.to_owned());
    }
    let mut likely = language.locale().id;
    LIKELY.maximize(&mut likely);
    likely.region.map(|region| region.as_str().to_ascii_lowercase())
}

/// The formats of one language.
#[derive(Debug)]
pub(crate) struct Formats {
    exact: DateTimeFormatter<Combo<YMDT, zone::SpecificShort>>,
    day: DateTimeFormatter<YMD>,
    weekday: DateTimeFormatter<ET>,
    minute: DateTimeFormatter<YMDT>,
    pub(crate) months: Months,
    pub(crate) numbers: Arc<Numbers>,
}

/// The units of sizes, by the keys of their sentences. Each is 1,024 times the one before, as in file managers.
const UNITS: [&str; 4] = ["unit-bytes", "unit-kb", "unit-mb", "unit-gb"];

/// How long ago something happened, in the largest unit that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ago {
    Now,
    Minutes(i64),
    Hours(i64),
    Days(i64),
    /// More than a week ago, or in the future: the date is shown.
    Date,
}

impl Ago {
    /// Days are counted by the calendar of `zone`, the visitor's time zone: late evening becomes "yesterday" at midnight.
    pub(crate) fn between(then: DateTime<Utc>, now: DateTime<Utc>, zone: TimeZone) -> Self {
        let passed = now - then;
        if passed < TimeDelta::zero() {
            // The clock of another node may be a little ahead. That is no reason to show a date.
            return if passed > TimeDelta::minutes(-5) { Self::Now } else { Self::Date };
        }
        match passed.num_seconds() {
            0..60 => Self::Now,
            60..3600 => Self::Minutes(passed.num_minutes()),
            3600..86_400 => Self::Hours(passed.num_hours()),
            86_400..604_800 => match (zone.at(now).date_naive() - zone.at(then).date_naive()).num_days() {
                days @ ..7 => Self::Days(days),
                _ => Self::Date,
            },
            _ => Self::Date,
        }
    }
}

impl Formats {
    /// The formats of a language. An unknown language is formatted like English.
    pub(crate) fn of(language: &Language) -> Self {
        let build = |locale: &Locale| {
            let dates = DateTimeFormatterPreferences::from(locale);
            Some(Self {
                exact: DateTimeFormatter::try_new(dates, YMD::medium().with_time_hm().with_zone(zone::SpecificShort)).ok()?,
                day: DateTimeFormatter::try_new(dates, YMD::medium()).ok()?,
                weekday: DateTimeFormatter::try_new(dates, E::short().with_time_hm()).ok()?,
                minute: DateTimeFormatter::try_new(dates, YMD::medium().with_time_hm()).ok()?,
                months: Months::of(dates)?,
                numbers: Arc::new(Numbers::of(language)),
            })
        };
        build(&language.locale()).or_else(|| build(&Locale::UNKNOWN)).expect("the formats of the root locale are compiled in")
    }

    /// Date and time to the minute, with the short name of the time zone in the language, or its offset from Greenwich.
    pub(crate) fn exact(&self, instant: DateTime<Utc>, zone: TimeZone) -> String {
        let Some(civil) = civil(instant, zone) else { return String::new() };
        let offset = UtcOffset::try_from_seconds(zone.at(instant).offset().local_minus_utc()).ok();
        let named = NamedZone::from_iana_id(zone.as_str()).with_offset(offset).at_date_time(civil);
        self.exact.format(&ZonedDateTime { date: civil.date, time: civil.time, zone: named }).to_string()
    }

    /// The date.
    pub(crate) fn day(&self, instant: DateTime<Utc>, zone: TimeZone) -> String {
        civil(instant, zone).map_or_else(String::new, |civil| self.day.format(&civil.date).to_string())
    }

    /// The weekday and the time to the minute, without the time zone.
    pub(crate) fn weekday(&self, instant: DateTime<Utc>, zone: TimeZone) -> String {
        civil(instant, zone).map_or_else(String::new, |civil| self.weekday.format(&civil).to_string())
    }

    /// The date and the time to the minute, without the time zone.
    pub(crate) fn minute(&self, instant: DateTime<Utc>, zone: TimeZone) -> String {
        civil(instant, zone).map_or_else(String::new, |civil| self.minute.format(&civil).to_string())
    }

    /// A number of bytes in the unit that keeps it short, and the key of the unit's sentence. The size is rounded first, to one decimal
    /// place below ten, and the unit is chosen for the rounded value. The script uses the same rule for chosen files.
    pub(crate) fn size(&self, bytes: u64) -> (String, &'static str) {
        let rounded = |size: f64, unit: usize| match unit > 0 && size < 9.95 {
            true => (size * 10.0).round() / 10.0,
            false => size.round(),
        };
        let (mut size, mut unit) = (bytes as f64, 0);
        while rounded(size, unit) > 1023.0 && unit + 1 < UNITS.len() {
            size /= 1024.0;
            unit += 1;
        }
        let shown = rounded(size, unit);
        (self.numbers.write(shown, u8::from(shown.fract() != 0.0)), UNITS[unit])
    }
}

/// The calendar date and clock time in a zone.
fn civil(instant: DateTime<Utc>, zone: TimeZone) -> Option<CivilDateTime<icu_calendar::Iso>> {
    let there = zone.at(instant);
    let (month, day) = (u8::try_from(there.month()).ok()?, u8::try_from(there.day()).ok()?);
    let (hour, minute) = (u8::try_from(there.hour()).ok()?, u8::try_from(there.minute()).ok()?);
    let date = Date::try_new_iso(there.year(), month, day).ok()?;
    Some(CivilDateTime { date, time: Time::try_new(hour, minute, 0, 0).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::parse(name).unwrap()
    }

    #[test]
    fn each_language_writes_in_its_own_way() {
        let (german, english) = (Formats::of(&Language::german()), Formats::of(&Language::english()));
        let french = Formats::of(&Language::parse("fr").unwrap());
        let days = [&german, &english, &french].map(|formats| formats.day(at(1_800_000_000), TimeZone::UTC));
        assert_eq!(days, ["15.01.2027", "Jan 15, 2027", "15 janv. 2027"]);
        let numbers = [&german, &english, &french].map(|formats| formats.numbers.write(1234.5, 1));
        assert_eq!(numbers, ["1.234,5", "1,234.5", "1\u{202f}234,5"]);
        assert_eq!(german.size(1_572_864), ("1,5".to_owned(), "unit-mb"));
        assert_eq!(english.size(812), ("812".to_owned(), "unit-bytes"));
    }

    #[test]
    fn a_size_has_the_unit_that_fits_what_is_shown() {
        let english = Formats::of(&Language::english());
        let cases: [(u64, &str, &str); 16] = [
            (0, "0", "unit-bytes"),
            (1, "1", "unit-bytes"),
            (1023, "1,023", "unit-bytes"),
            (1024, "1", "unit-kb"),
            (1075, "1", "unit-kb"),
            (1076, "1.1", "unit-kb"),
            (10_188, "9.9", "unit-kb"),
            (10_189, "10", "unit-kb"),
            (10_239, "10", "unit-kb"),
            (1_048_063, "1,023", "unit-kb"),
            (1_048_064, "1", "unit-mb"),
            (1_048_575, "1", "unit-mb"),
            (10_485_759, "10", "unit-mb"),
            (1_073_741_823, "1", "unit-gb"),
            (1_610_612_736, "1.5", "unit-gb"),
            (5_000_000_000_000, "4,657", "unit-gb"),
        ];
        for (bytes, number, unit) in cases {
            assert_eq!(english.size(bytes), (number.to_owned(), unit), "{bytes}");
        }
    }

    /// An instant is shown in the visitor's time zone, with the zone's name in the visitor's language, in summer and in winter.
    #[test]
    fn an_instant_is_shown_as_the_visitors_clock_shows_it() {
        let (german, english) = (Formats::of(&Language::german()), Formats::of(&Language::english()));
        let (winter, summer) = (at(1_800_000_000), at(1_815_000_000));
        let written = [
            german.exact(winter, TimeZone::UTC),
            german.exact(winter, zone("Europe/Berlin")),
            german.exact(summer, zone("Europe/Berlin")),
            english.exact(winter, zone("Europe/Berlin")),
            english.exact(winter, zone("America/New_York")),
            english.exact(summer, zone("Asia/Kolkata")),
        ]
        .map(|text| text.replace('\u{202f}', " "));
        let expected = [
            "15.01.2027, 08:00 UTC",
            "15.01.2027, 09:00 MEZ",
            "08.07.2027, 00:40 MESZ",
            "Jan 15, 2027, 9:00 AM GMT+1",
            "Jan 15, 2027, 3:00 AM EST",
            "Jul 8, 2027, 4:10 AM GMT+5:30",
        ];
        assert_eq!(written, expected);
        assert_eq!(german.day(at(1_800_054_000), zone("Europe/Berlin")), "16.01.2027");
    }

    #[test]
    fn a_message_of_last_week_has_its_weekday_and_time() {
        let (german, english) = (Formats::of(&Language::german()), Formats::of(&Language::english()));
        let berlin = zone("Europe/Berlin");
        let written = [&german, &english].map(|formats| formats.weekday(at(1_800_000_000), berlin).replace('\u{202f}', " "));
        assert_eq!(written, ["Fr., 09:00", "Fri 9:00 AM"]);
        let written = [&german, &english].map(|formats| formats.minute(at(1_800_000_000), berlin).replace('\u{202f}', " "));
        assert_eq!(written, ["15.01.2027, 09:00", "Jan 15, 2027, 9:00 AM"]);
    }

    #[test]
    fn the_past_is_told_in_the_largest_unit() {
        let now = at(1_800_000_000);
        let ago = |seconds| Ago::between(now - TimeDelta::seconds(seconds), now, TimeZone::UTC);
        assert_eq!([ago(59), ago(-60), ago(60), ago(7199)], [Ago::Now, Ago::Now, Ago::Minutes(1), Ago::Hours(1)]);
        assert_eq!([ago(86_399), ago(86_400), ago(604_800), ago(-3600)], [Ago::Hours(23), Ago::Days(1), Ago::Date, Ago::Date]);
    }

    #[test]
    fn yesterday_ends_at_the_visitors_midnight() {
        // It is eight in the morning in Greenwich, nine in Berlin, and ten in the evening in Kiritimati.
        let now = at(1_800_000_000);
        let ago = |hours, zone: &str| Ago::between(now - TimeDelta::hours(hours), now, TimeZone::parse(zone).unwrap());
        assert_eq!([ago(32, "UTC"), ago(33, "UTC"), ago(33, "Europe/Berlin")], [Ago::Days(1), Ago::Days(2), Ago::Days(1)]);
        assert_eq!([ago(24, "Pacific/Kiritimati"), ago(46, "Pacific/Kiritimati")], [Ago::Days(1), Ago::Days(1)]);
        assert_eq!([ago(153, "UTC"), ago(154, "Europe/Berlin")], [Ago::Date, Ago::Date]);
    }
}
