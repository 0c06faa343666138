//! Labels: marks that supporters put on tickets to find them again. Customers never learn that there are any (T-06).

use std::cmp::Ordering;

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::category::collator;
use crate::characters::{is_blank, name_key, one_line};
use crate::id::LabelId;
use crate::language::Language;
use crate::problem::Problem;

/// A label of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Label {
    /// Its id, which stays the same while it is renamed.
    pub id: LabelId,
    /// The name that supporters read. No two labels of a site have names that look the same.
    pub name: LabelName,
    /// The colour of its mark, beside the name.
    pub colour: LabelColour,
}

impl Label {
    /// The most labels on one ticket.
    pub const MAX_ON_TICKET: usize = 10;
}

/// The name of a label: one line of 1 to 40 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LabelName(String);

impl LabelName {
    /// The longest name, in characters (Unicode scalar values, not bytes).
    pub const MAX_CHARS: usize = 40;

    /// Parses typed or pasted text as [one line](one_line).
    ///
    /// # Errors
    /// [`Problem::Empty`], [`Problem::TooLong`].
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        short_line(typed, Self::MAX_CHARS).map(Self)
    }

    /// Restores a stored name unchanged; `None` if it is not valid.
    pub fn from_stored(text: String) -> Option<Self> {
        is_short_line(&text, Self::MAX_CHARS).then_some(Self(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether people cannot tell the two names apart.
    pub fn looks_like(&self, other: &Self) -> bool {
        name_key(&self.0) == name_key(&other.0)
    }
}

/// Parses typed or pasted text as [one line](one_line) of 1 to `max` characters.
pub(crate) fn short_line(typed: &str, max: usize) -> Result<String, Problem> {
    let text = one_line(typed);
    if is_blank(&text) {
        return Err(Problem::Empty);
    }
    match text.chars().count() {
        length if length > max => Err(Problem::TooLong { max, length }),
        _ => Ok(text),
    }
}

/// Whether a stored text is one line of 1 to `max` characters.
pub(crate) fn is_short_line(text: &str, max: usize) -> bool {
    (1..=max).contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// The colours of labels. Each is readable on light and dark pages. The name of a label always stands beside its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[expect(missing_docs, reason = "the names of colours")]
#[non_exhaustive]
pub enum LabelColour {
    #[default]
    Grey,
    Red,
    Orange,
    Yellow,
    Green,
    Blue,
    Violet,
    Pink,
}

impl LabelColour {
    /// All colours.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in forms, templates and databases. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Sorts labels by their names, in the order of the language: see [`sort_by_name`](crate::category::sort_by_name).
pub fn sort_labels(labels: &mut [Label], language: &Language) {
    let collator = collator(language);
    labels.sort_by(|one, other| {
        let (one, other) = (one.name.as_str(), other.name.as_str());
        let by_name = collator.as_ref().map_or(Ordering::Equal, |collator| collator.compare(one, other));
        by_name.then_with(|| one.cmp(other))
    });
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn name(text: &str) -> LabelName {
        LabelName::parse(text).unwrap()
    }

    /// T-06
    #[test]
    fn a_name_is_one_line_of_1_to_40_characters() {
        assert_eq!(name(" VIP\n customer ").as_str(), "VIP  customer");
        assert_eq!(name(&"😀".repeat(40)).as_str(), "😀".repeat(40));
        assert_eq!(LabelName::parse(&"a".repeat(41)), Err(Problem::TooLong { max: 40, length: 41 }));
        for blank in ["", " \t ", "\u{200b}\u{3164}", "\0"] {
            assert_eq!(LabelName::parse(blank), Err(Problem::Empty), "{blank:?}");
        }
    }

    #[test]
    fn a_stored_name_is_not_changed_and_not_trusted() {
        assert_eq!(LabelName::from_stored(" a ".to_owned()).unwrap().as_str(), " a ");
        for odd in [String::new(), "a\nb".to_owned(), "a".repeat(41)] {
            assert_eq!(LabelName::from_stored(odd.clone()), None, "{odd:?}");
        }
    }

    #[test]
    fn names_that_people_cannot_tell_apart_look_the_same() {
        for alike in ["vip", " VIP\u{200b}", "ＶＩＰ"] {
            assert!(name("VIP").looks_like(&name(alike)), "{alike:?}");
        }
        assert!(!name("VIP").looks_like(&name("VIPs")));
    }

    /// Databases hold these words.
    #[test]
    fn the_stored_words_stay() {
        let words = ["grey", "red", "orange", "yellow", "green", "blue", "violet", "pink"];
        assert_eq!(LabelColour::ALL.iter().map(|colour| colour.as_str()).collect::<Vec<_>>(), words);
        for word in words {
            assert_eq!(word.parse::<LabelColour>().unwrap().as_str(), word);
        }
    }

    #[test]
    fn labels_are_sorted_as_the_reader_expects() {
        let label = |text: &str| Label { id: LabelId(Uuid::nil()), name: name(text), colour: LabelColour::Grey };
        let mut labels = ["Zoll", "10. Stock", "Ärger", "2. Stock", "Arbeit"].map(label);
        sort_labels(&mut labels, &Language::german());
        let sorted: Vec<_> = labels.iter().map(|label| label.name.as_str()).collect();
        assert_eq!(sorted, ["2. Stock", "10. Stock", "Arbeit", "Ärger", "Zoll"]);
    }
}
