//! Months in the format of each language. Their days follow the site's clock (D-17).

use icu_datetime::fieldsets::{M, YM};
use icu_datetime::input::Date;
use icu_datetime::{DateTimeFormatter, DateTimeFormatterPreferences};
use icu_locale_core::Locale;
use muticket_core::Language;

/// Month and year, parsed from their form in URLs. Any other text is returned unchanged.
pub(crate) fn with_year(language: &Language, month: &str) -> String {
    let formatted = parts(month).and_then(|(year, number)| {
        let format = DateTimeFormatter::try_new(preferences(language), YM::long()).ok()?;
        Some(format.format(&Date::try_new_iso(year, number, 1).ok()?).to_string())
    });
    formatted.unwrap_or_else(|| month.to_owned())
}

/// The short name of the month without the year.
pub(crate) fn short(language: &Language, month: &str) -> String {
    let formatted = parts(month).and_then(|(year, number)| {
        let format = DateTimeFormatter::try_new(preferences(language), M::medium()).ok()?;
        Some(format.format(&Date::try_new_iso(year, number, 1).ok()?).to_string())
    });
    formatted.unwrap_or_else(|| month.to_owned())
}

fn preferences(language: &Language) -> DateTimeFormatterPreferences {
    let locale = Locale::try_from_str(language.as_str()).unwrap_or(Locale::UNKNOWN);
    DateTimeFormatterPreferences::from(&locale)
}

fn parts(month: &str) -> Option<(i32, u8)> {
    let (year, number) = month.split_once('-')?;
    Some((year.parse().ok()?, number.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_names_months_in_its_own_way() {
        let (german, english) = (Language::german(), Language::english());
        assert_eq!((with_year(&german, "2027-03"), short(&german, "2027-03")), ("März 2027".to_owned(), "Mär".to_owned()));
        assert_eq!((with_year(&english, "2027-01"), short(&english, "2027-01")), ("January 2027".to_owned(), "Jan".to_owned()));
        assert_eq!(with_year(&english, "soon"), "soon");
    }
}
