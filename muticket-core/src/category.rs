//! Categories of tickets (D-08).

use std::cmp::Ordering;
use std::collections::BTreeSet;

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale;

use crate::characters::{is_blank, name_key, one_line};
use crate::id::CategoryId;
use crate::language::Language;
use crate::problem::Problem;
use crate::ticket::Subject;

/// A kind of question, with its name in each language it has one for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Category {
    /// Its name in tickets and forms.
    pub id: CategoryId,
    /// The names that people read. There is at least one. The first is the fallback for languages without a name.
    pub names: Vec<(Language, String)>,
}

impl Category {
    /// The name in the language. If it is missing, the name in a language with the same primary tag, otherwise the first
    /// name, otherwise the identifier. Blank names do not count.
    pub fn name(&self, language: &Language) -> &str {
        self.named(language).map_or(self.id.as_str(), |(_, name)| name)
    }

    fn named(&self, language: &Language) -> Option<&(Language, String)> {
        let readable = || self.names.iter().filter(|(_, name)| !is_blank(name));
        let exact = readable().find(|(tag, _)| tag == language);
        let close = || readable().find(|(tag, _)| tag.primary() == language.primary());
        exact.or_else(close).or_else(|| readable().next())
    }

    /// The languages of this category's names that look the same as a name of the other category, whichever languages
    /// people read.
    pub(crate) fn names_like(&self, other: &Self) -> BTreeSet<Language> {
        let languages = self.names.iter().chain(&other.names).map(|(language, _)| language);
        let alike = languages.filter_map(|language| {
            let (tag, name) = self.named(language)?;
            (name_key(name) == name_key(other.name(language))).then(|| tag.clone())
        });
        alike.collect()
    }
}

/// Sorts categories by their names, in the order of the language: `Ä` comes after `A` in German, and after `Z` in Swedish.
/// Numbers are sorted by their value, so `2.` comes before `10.`.
pub fn sort_by_name(categories: &mut [Category], language: &Language) {
    sort_by_name_of(categories, language, |category| category);
}

/// [`sort_by_name`] for values that have a category.
pub(crate) fn sort_by_name_of<T>(all: &mut [T], language: &Language, category: impl Fn(&T) -> &Category) {
    let collator = collator(language);
    all.sort_by(|one, other| {
        let (one, other) = (category(one), category(other));
        let names = (one.name(language), other.name(language));
        let by_name = collator.as_ref().map_or(Ordering::Equal, |collator| collator.compare(names.0, names.1));
        by_name.then_with(|| names.0.cmp(names.1)).then_with(|| one.id.cmp(&other.id))
    });
}

/// Sorts values by a text, in the order of the language. Where the texts are equal, the second value decides.
pub(crate) fn sort_texts<T, K: Ord>(all: &mut [T], language: &Language, text: impl Fn(&T) -> (&str, K)) {
    let collator = collator(language);
    all.sort_by(|one, other| {
        let ((one, first), (other, second)) = (text(one), text(other));
        let by_text = collator.as_ref().map_or(Ordering::Equal, |collator| collator.compare(one, other));
        by_text.then_with(|| one.cmp(other)).then_with(|| first.cmp(&second))
    });
}

/// The order of words in the language. Unknown languages use the default order of Unicode.
pub(crate) fn collator(language: &Language) -> Option<CollatorBorrowed<'static>> {
    let collator = |locale: Locale| {
        let mut preferences = CollatorPreferences::from(&locale);
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        Collator::try_new(preferences, CollatorOptions::default()).ok()
    };
    collator(language.locale()).or_else(|| collator(Locale::UNKNOWN))
}

/// A name or a title as people type it: 1 to 80 characters, one line.
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

    /// D-17
    #[test]
    fn categories_stand_as_their_language_orders_words() {
        let cases: &[(&str, &[&str])] = &[
            ("de", &["2. Second", "9. Nearly", "10. Last", "Apfel", "ärger", "Ärger", "Éclair", "oben", "Öl", "Zoll"]),
            ("de-at", &["Straße", "Strasse 2", "Strasse 10", "Übrig", "Zoll"]),
            ("en", &["#1", "7", "apple", "Äpple", "éclair", "Eclairs", "zebra"]),
            ("sv", &["Zon", "Åka", "Ärende", "Öl"]),
            ("da", &["Zone", "Ære", "Ø", "Å"]),
            ("cs", &["cena", "dar", "hora", "chyba", "jiné"]),
            ("es", &["nada", "ñandú", "oso"]),
            ("lt", &["inkaras", "ypač", "jonas"]),
            ("ru", &["Ёлка", "Ель", "Жук"]),
            ("ja", &["アイス", "かぎ", "サポート"]),
            ("zh", &["北京", "上海", "中文"]),
            ("zh-hant-tw", &["一", "三", "龍"]),
            ("zz-unknown", &["a", "b", "č", "d"]),
            ("x1", &["a", "B"]),
        ];
        for (tag, expected) in cases {
            let language = Language::parse(tag).unwrap();
            let mut categories: Vec<_> = expected.iter().rev().map(|name| category(name, &[(tag, name)])).collect();
            sort_by_name(&mut categories, &language);
            let sorted: Vec<_> = categories.iter().map(|category| category.name(&language)).collect();
            assert_eq!(sorted, *expected, "{tag}");
        }
    }

    /// D-17: the names in the reader's language decide, and categories with the same name always have the same order.
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
