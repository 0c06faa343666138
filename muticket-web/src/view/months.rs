//! Months in the format of each language. Their days follow the site's clock (D-17).

use icu_datetime::fieldsets::{M, YM};
use icu_datetime::input::Date;
use icu_datetime::{DateTimeFormatter, DateTimeFormatterPreferences};

/// The names of months in one language.
#[derive(Debug)]
pub(crate) struct Months {
    with_year: DateTimeFormatter<YM>,
    short: DateTimeFormatter<M>,
}

impl Months {
    /// `None` if the language has no such formats.
    pub(crate) fn of(language: DateTimeFormatterPreferences) -> Option<Self> {
        let with_year = DateTimeFormatter::try_new(language, YM::long()).ok()?;
        Some(Self { with_year, short: DateTimeFormatter::try_new(language, M::medium()).ok()? })
    }

    /// Month and year, parsed from their form in URLs. Any other text is returned unchanged.
    pub(crate) fn with_year(&self, month: &str) -> String {
        first_day(month).map_or_else(|| month.to_owned(), |day| self.with_year.format(&day).to_string())
    }

    /// The short name of the month without the year.
    pub(crate) fn short(&self, month: &str) -> String {
        first_day(month).map_or_else(|| month.to_owned(), |day| self.short.format(&day).to_string())
    }
}

fn first_day(month: &str) -> Option<Date<icu_calendar::Iso>> {
    let (year, number) = month.split_once('-')?;
    Date::try_new_iso(year.parse().ok()?, number.parse().ok()?, 1).ok()
}

#[cfg(test)]
mod tests {
    use muticket_core::Language;

    use crate::view::formats::Formats;

    #[test]
    fn each_language_names_months_in_its_own_way() {
        let [german, english] = [Language::german(), Language::english()].map(|language| Formats::of(&language).months);
        assert_eq!((german.with_year("2027-03"), german.short("2027-03")), ("März 2027".to_owned(), "Mär".to_owned()));
        assert_eq!((english.with_year("2027-01"), english.short("2027-01")), ("January 2027".to_owned(), "Jan".to_owned()));
        assert_eq!(english.with_year("soon"), "soon");
    }
}
