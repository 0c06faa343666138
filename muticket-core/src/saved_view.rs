//! Saved views: names for selections of tickets, kept by one supporter or shared by an administrator (T-12). Values only.

use crate::category::sort_texts;
use crate::characters::name_key;
use crate::id::{CategoryId, LabelId, SavedViewId, UserId};
use crate::label::{is_short_line, short_line};
use crate::language::Language;
use crate::overview::{AssigneeFilter, NamedView};
use crate::problem::Problem;
use crate::search::Search;
use crate::storage::{Order, SortKey, StateFilter};
use crate::ticket::{Priority, Waiting};

/// The most saved views that one supporter has of their own, and the most that are shared.
pub const MAX_SAVED_VIEWS: usize = 20;

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct SavedView {
    /// Its id, which stays the same while the view is renamed, changed or shared.
    pub id: SavedViewId,
    /// The supporter to whom it belongs. No one else sees it. `None`: all supporters share it, and administrators manage it.
    pub owner: Option<UserId>,
    /// The name by which supporters choose it. No two views of one owner, and no two shared ones, have names that look the same.
    pub name: ViewName,
    /// The tickets that it holds, and their order.
    pub filter: ViewFilter,
}

impl SavedView {
    /// Whether the supporter may open it: it is shared, or their own.
    pub fn is_for(&self, user: &UserId) -> bool {
        self.owner.as_ref().is_none_or(|owner| owner == user)
    }
}

/// Sorts saved views as a page offers them: the supporter's own first, then the shared ones, both by name in the order of the
/// language. `view` gives the view of a value.
pub fn sort_views<T>(values: &mut [T], language: &Language, view: impl Fn(&T) -> &SavedView) {
    sort_texts(values, language, |value| (view(value).name.as_str(), view(value).id));
    values.sort_by_key(|value| view(value).owner.is_none());
}

/// The name of a saved view: one line of 1 to 40 characters without control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ViewName(String);

impl ViewName {
    /// The longest name, in characters (Unicode scalar values, not bytes).
    pub const MAX_CHARS: usize = 40;

    /// Parses typed or pasted text as [one line](crate::characters::one_line).
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

/// What a saved view selects: the parts of a [`Filter`](crate::overview::Filter) that last. It has no page and no place in the list.
/// A label, a category or a person that no longer exists stays in it, and then it holds no tickets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[expect(missing_docs, reason = "the fields of Filter and DeskFilter")]
pub struct ViewFilter {
    pub state: StateFilter,
    pub view: Option<NamedView>,
    pub waiting: Option<Waiting>,
    pub category: Option<CategoryId>,
    pub customer: Option<UserId>,
    pub assignee: Option<AssigneeFilter>,
    pub priority: Option<Priority>,
    pub label: Option<LabelId>,
    pub search: Option<Search>,
    pub sort: SortKey,
    pub order: Order,
    pub texts: bool,
}

/// The view that a supporter opens first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum FirstView {
    /// A ready one.
    Ready(NamedView),
    /// A saved one, their own or a shared one.
    Saved(SavedViewId),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> ViewName {
        ViewName::parse(text).unwrap()
    }

    /// T-12
    #[test]
    fn a_name_is_one_line_of_1_to_40_characters() {
        assert_eq!(name(" Urgent\n bills ").as_str(), "Urgent  bills");
        assert_eq!(name(&"😀".repeat(40)).as_str(), "😀".repeat(40));
        assert_eq!(ViewName::parse(&"a".repeat(41)), Err(Problem::TooLong { max: 40, length: 41 }));
        for blank in ["", " \t ", "\u{200b}\u{3164}", "\0"] {
            assert_eq!(ViewName::parse(blank), Err(Problem::Empty), "{blank:?}");
        }
    }

    #[test]
    fn a_stored_name_is_not_changed_and_not_trusted() {
        assert_eq!(ViewName::from_stored(" a ".to_owned()).unwrap().as_str(), " a ");
        for odd in [String::new(), "a\nb".to_owned(), "a".repeat(41)] {
            assert_eq!(ViewName::from_stored(odd.clone()), None, "{odd:?}");
        }
    }

    #[test]
    fn names_that_people_cannot_tell_apart_look_the_same() {
        assert!(name("Bills").looks_like(&name("ＢＩＬＬＳ\u{200b}")));
        assert!(!name("Bills").looks_like(&name("Bill")));
    }
}
