//! Categories of tickets (D-08).

use std::collections::BTreeSet;

use crate::characters::{is_blank, name_key, one_line};
use crate::error::Problem;
use crate::id::CategoryId;
use crate::language::Language;
use crate::search::plain;
use crate::ticket::Subject;

/// A kind of question, with its name in each language it has one for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// Its name in tickets and forms.
    pub id: CategoryId,
    /// What people read; at least one, the first is the fallback for languages that are missing.
    pub names: Vec<(Language, String)>,
}

impl Category {
    /// The name in the language, else in one with the same primary tag, else the first there is, else the identifier. A name that nobody
    /// could read is none.
    pub fn name(&self, language: &Language) -> &str {
        self.named(language).map_or(self.id.as_str(), |(_, name)| name)
    }

    fn named(&self, language: &Language) -> Option<&(Language, String)> {
        let readable = || self.names.iter().filter(|(_, name)| !is_blank(name));
        let exact = readable().find(|(tag, _)| tag == language);
        let close = || readable().find(|(tag, _)| tag.primary() == language.primary());
        exact.or_else(close).or_else(|| readable().next())
    }

    /// The languages of those names of this category that people could not tell from a name of the other one, in whatever language they
    /// read them.
    pub(crate) fn names_like(&self, other: &Self) -> BTreeSet<Language> {
        let languages = self.names.iter().chain(&other.names).map(|(language, _)| language);
        let alike = languages.filter_map(|language| {
            let (tag, name) = self.named(language)?;
            (name_key(name) == name_key(other.name(language))).then(|| tag.clone())
        });
        alike.collect()
    }
}

/// Orders categories by their names in the language: without case and accents, and numbers by their value, so that `2.` comes before `10.`.
pub fn sort_by_name(categories: &mut [Category], language: &Language) {
    sort_by_name_of(categories, language, |category| category);
}

/// [`sort_by_name`] for what has a category.
pub(crate) fn sort_by_name_of<T>(all: &mut [T], language: &Language, category: impl Fn(&T) -> &Category) {
    all.sort_by_cached_key(|one| {
        let category = category(one);
        let name = category.name(language);
        (sort_key(name), name.to_owned(), category.id.clone())
    });
}

/// A name with its numbers filled up, so that they are compared by their value.
fn sort_key(name: &str) -> String {
    const DIGITS: usize = 20;
    let plain = plain(name);
    let mut key = String::with_capacity(plain.len() + DIGITS);
    let mut rest = plain.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, from_digits) = rest.split_at(start);
        let end = from_digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(from_digits.len());
        let (digits, after) = from_digits.split_at(end);
        key.push_str(before);
        key.push_str(&format!("{:0>DIGITS$}", digits.trim_start_matches('0')));
        rest = after;
    }
    key + rest
}

/// A category's name as an administrator types it: 1 to 80 characters, one line.
pub(crate) fn parse_name(typed: &str) -> Result<String, Problem> {
    const MAX: usize = 80;
    match one_line(typed).chars().count() {
        length if length > MAX => Err(Problem::TooLong { max: MAX, length }),
        _ => Ok(Subject::parse(typed)?.as_str().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_named_in_the_closest_language() {
        let names = vec![(Language::english(), "Billing".to_owned()), (Language::german(), "Rechnungen".to_owned())];
        let category = Category { id: CategoryId::new("b"), names };
        let named = |tag| category.name(&Language::parse(tag).unwrap()).to_owned();
        assert_eq!((named("de"), named("de-at"), named("fr")), ("Rechnungen".into(), "Rechnungen".into(), "Billing".into()));
    }

    #[test]
    fn a_category_without_a_readable_name_is_called_by_its_identifier() {
        let german = Language::german();
        for blank in ["", " ", "\u{200b}", "\u{3164}", "\u{301}", "\u{e0041}"] {
            assert_eq!(category("c7", &[("en", blank)]).name(&german), "c7");
            assert_eq!(category("c7", &[("de", blank), ("en", "Billing")]).name(&german), "Billing");
        }
    }

    fn category(id: &str, names: &[(&str, &str)]) -> Category {
        let named = |(tag, name): &(&str, &str)| (Language::parse(tag).unwrap(), (*name).to_owned());
        Category { id: CategoryId::new(id), names: names.iter().map(named).collect() }
    }

    #[test]
    fn categories_are_ordered_by_name() {
        let names = ["Zoll", "ärger", "Öl", "Apfel", "10. Last", "9. Nearly", "2. Second", "oben", "Ärger", "Éclair"];
        let mut categories: Vec<_> = names.iter().map(|name| category(name, &[("en", "same"), ("de", name)])).collect();
        sort_by_name(&mut categories, &Language::german());
        let sorted: Vec<_> = categories.iter().map(|category| category.name(&Language::german())).collect();
        let expected = ["2. Second", "9. Nearly", "10. Last", "Apfel", "Ärger", "ärger", "Éclair", "oben", "Öl", "Zoll"];
        assert_eq!(sorted, expected);
    }

    /// D-17: the names that are read decide, and what looks the same always stands the same way round.
    #[test]
    fn the_names_that_are_read_decide() {
        let named = |id: &str, en: &str, de: &str| category(id, &[("en", en), ("de", de)]);
        let mut categories = [named("1", "Bills", "Rechnungen"), named("2", "Devices", "Geräte"), named("0", "Bills", "Zoll")];
        let sorted = |categories: &mut [Category], language: &Language| {
            sort_by_name(categories, language);
            categories.iter().map(|category| category.id.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(sorted(&mut categories, &Language::german()), ["2", "1", "0"]);
        assert_eq!(sorted(&mut categories, &Language::english()), ["0", "1", "2"]);
        assert_eq!(sorted(&mut categories, &Language::parse("fr").unwrap()), ["0", "1", "2"]);
    }

    #[test]
    fn names_that_people_cannot_tell_apart_are_alike() {
        let billing = category("a", &[("en", "Billing"), ("de", "Rechnungen")]);
        let alike = |names: &[(&str, &str)]| -> Vec<String> {
            category("b", names).names_like(&billing).into_iter().map(|language| language.to_string()).collect()
        };
        assert_eq!(alike(&[("en", " BILLING\u{200b}"), ("de", "Anderes")]), ["en"]);
        assert_eq!(alike(&[("en", "Ｂｉｌｌｉｎｇ"), ("de", "rechnungen")]), ["de", "en"]);
        assert_eq!(alike(&[("de", "Billing")]), ["de"], "it has no English name, so the English see the German one");
        assert_eq!(alike(&[("en", "Rechnungen")]), ["en"], "it has no German name, so Germans see the English one");
        assert_eq!(alike(&[("en", "Rechnungen"), ("de", "Billing")]), [""; 0], "nobody sees both at once");
    }

    #[test]
    fn a_name_has_at_most_80_characters() {
        assert_eq!(parse_name(&"😀".repeat(80)), Ok("😀".repeat(80)));
        for length in [81, 300] {
            assert_eq!(parse_name(&"a".repeat(length)), Err(Problem::TooLong { max: 80, length }));
        }
    }
}
