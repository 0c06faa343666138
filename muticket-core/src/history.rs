//! The history of a ticket: one entry for each change (D-13, P-27).

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use crate::id::{CategoryId, MessageNumber, NoteNumber, TicketNumber, UserId};
use crate::label::LabelName;
use crate::rating::Score;
use crate::ticket::Priority;
use crate::viewer::Side;

/// One change of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HistoryEntry {
    /// The ticket.
    pub ticket: TicketNumber,
    /// The ticket's version after the change: 1, 2, 3, ... without gaps.
    pub version: u32,
    /// The time of the change.
    pub at: DateTime<Utc>,
    /// The user who made the change.
    pub by: UserId,
    /// The change.
    pub change: Change,
}

/// A kind of change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Change {
    /// The ticket was opened.
    Opened,
    /// Its customer wrote.
    Replied(MessageNumber),
    /// A supporter wrote.
    Answered(MessageNumber),
    /// Its customer rated an answer or changed the rating.
    Rated(MessageNumber, Score),
    /// A supporter closed it.
    Closed,
    /// A supporter reopened it.
    Reopened,
    /// A supporter assigned it to this supporter, who may be themselves; `None` released it (T-03).
    Assigned(Option<UserId>),
    /// A supporter changed its priority (T-05).
    Prioritized(Priority),
    /// A supporter changed its category; `None` took it away (T-07).
    Categorized(Option<CategoryId>),
    /// A supporter put a label on it. The name is the one of that time, so it survives the label (T-06).
    Labelled(LabelName),
    /// A supporter took a label off.
    Unlabelled(LabelName),
    /// A supporter wrote a note (T-01).
    Noted(NoteNumber),
    /// The author of a note changed it.
    NoteEdited(NoteNumber),
    /// The author of a note deleted it.
    NoteDeleted(NoteNumber),
}

/// A property of a ticket that supporters change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Property {
    /// Who works on it.
    Assignee,
    /// How urgent it is.
    Priority,
    /// Its category.
    Category,
    /// Its labels.
    Labels,
}

/// A change as it is stored. Columns that it does not need are `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChange<'a> {
    /// The name of the change.
    pub name: &'a str,
    /// The message.
    pub message: Option<MessageNumber>,
    /// The stars.
    pub score: Option<Score>,
    /// The number of the note, the id of the assignee or category, the word of the priority, or the name of the label.
    pub value: Option<Cow<'a, str>>,
}

impl Change {
    /// The names of the changes that the customer's side reads. All others are the desk's (T-01).
    pub const FOR_CUSTOMERS: [&'static str; 6] = ["opened", "replied", "answered", "rated", "closed", "reopened"];

    /// Whether this side may learn of the change.
    pub fn is_for(&self, side: Side) -> bool {
        side == Side::Desk || Self::FOR_CUSTOMERS.contains(&self.stored().name)
    }

    /// The property that was changed; `None` for all other changes.
    pub fn property(&self) -> Option<Property> {
        match self {
            Self::Assigned(_) => Some(Property::Assignee),
            Self::Prioritized(_) => Some(Property::Priority),
            Self::Categorized(_) => Some(Property::Category),
            Self::Labelled(_) | Self::Unlabelled(_) => Some(Property::Labels),
            _ => None,
        }
    }

    /// The stored form.
    pub fn stored(&self) -> StoredChange<'_> {
        let bare = |name| StoredChange { name, message: None, score: None, value: None };
        let of_note = |name, number: &NoteNumber| StoredChange { value: Some(number.to_string().into()), ..bare(name) };
        let with = |name, value: Option<&'_ str>| StoredChange { value: value.map(str::to_owned).map(Cow::Owned), ..bare(name) };
        match self {
            Self::Opened => bare("opened"),
            Self::Replied(message) => StoredChange { message: Some(*message), ..bare("replied") },
            Self::Answered(message) => StoredChange { message: Some(*message), ..bare("answered") },
            Self::Rated(message, score) => StoredChange { message: Some(*message), score: Some(*score), ..bare("rated") },
            Self::Closed => bare("closed"),
            Self::Reopened => bare("reopened"),
            Self::Assigned(user) => with("assigned", user.as_ref().map(UserId::as_str)),
            Self::Prioritized(priority) => with("prioritized", Some(priority.as_str())),
            Self::Categorized(category) => with("categorized", category.as_ref().map(CategoryId::as_str)),
            Self::Labelled(label) => with("labelled", Some(label.as_str())),
            Self::Unlabelled(label) => with("unlabelled", Some(label.as_str())),
            Self::Noted(number) => of_note("noted", number),
            Self::NoteEdited(number) => of_note("note-edited", number),
            Self::NoteDeleted(number) => of_note("note-deleted", number),
        }
    }

    /// Parses the stored form. `None` if the name is unknown, or a part is missing, superfluous or not valid.
    pub fn from_stored(stored: &StoredChange<'_>) -> Option<Self> {
        let StoredChange { name, message, score, value } = stored;
        let note = || value.as_ref()?.parse().ok();
        let label = || LabelName::from_stored(value.as_deref()?.to_owned());
        let change = match *name {
            "opened" => Self::Opened,
            "replied" => Self::Replied((*message)?),
            "answered" => Self::Answered((*message)?),
            "rated" => Self::Rated((*message)?, (*score)?),
            "closed" => Self::Closed,
            "reopened" => Self::Reopened,
            "assigned" => Self::Assigned(value.as_deref().map(UserId::new)),
            "prioritized" => Self::Prioritized(value.as_ref()?.parse().ok()?),
            "categorized" => Self::Categorized(value.as_deref().map(CategoryId::new)),
            "labelled" => Self::Labelled(label()?),
            "unlabelled" => Self::Unlabelled(label()?),
            "noted" => Self::Noted(note()?),
            "note-edited" => Self::NoteEdited(note()?),
            "note-deleted" => Self::NoteDeleted(note()?),
            _ => return None,
        };
        (change.stored() == *stored).then_some(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(
        name: &'static str,
        message: Option<MessageNumber>,
        score: Option<Score>,
        value: Option<&'static str>,
    ) -> StoredChange<'static> {
        StoredChange { name, message, score, value: value.map(Cow::Borrowed) }
    }

    /// D-13
    #[test]
    fn a_change_is_read_back_from_its_parts_and_nothing_else_is() {
        let (message, score, note) = (MessageNumber::FIRST, Score::new(4).unwrap(), NoteNumber::FIRST);
        for change in [
            Change::Opened,
            Change::Replied(message),
            Change::Answered(message),
            Change::Rated(message, score),
            Change::Closed,
            Change::Reopened,
            Change::Assigned(Some(UserId::new("tom"))),
            Change::Assigned(None),
            Change::Prioritized(Priority::Urgent),
            Change::Categorized(Some(CategoryId::new("billing"))),
            Change::Categorized(None),
            Change::Labelled(LabelName::parse("VIP").unwrap()),
            Change::Unlabelled(LabelName::parse("VIP").unwrap()),
            Change::Noted(note),
            Change::NoteEdited(note),
            Change::NoteDeleted(note),
        ] {
            assert_eq!(Change::from_stored(&change.stored()), Some(change));
        }
        let (message, score) = (Some(message), Some(score));
        for odd in [
            stored("odd", None, None, None),
            stored("", None, None, None),
            stored("replied", None, None, None),
            stored("answered", None, score, None),
            stored("rated", message, None, None),
            stored("rated", None, score, None),
            stored("closed", message, None, None),
            stored("closed", None, None, Some("1")),
            stored("replied", message, score, None),
            stored("assigned", message, None, Some("tom")),
            stored("prioritized", None, None, None),
            stored("prioritized", None, None, Some("hurried")),
            stored("labelled", None, None, None),
            stored("unlabelled", None, None, Some("")),
            stored("noted", None, None, Some("0")),
            stored("noted", None, None, Some("01")),
        ] {
            assert_eq!(Change::from_stored(&odd), None, "{odd:?}");
        }
    }

    /// T-01
    #[test]
    fn customers_learn_of_their_own_changes_and_of_answers() {
        assert!(Change::Answered(MessageNumber::FIRST).is_for(Side::Customer));
        assert!(!Change::Noted(NoteNumber::FIRST).is_for(Side::Customer));
        assert!(!Change::Assigned(None).is_for(Side::Customer));
        assert!(!Change::Labelled(LabelName::parse("VIP").unwrap()).is_for(Side::Customer));
        assert!(Change::Assigned(None).is_for(Side::Desk));
    }
}
