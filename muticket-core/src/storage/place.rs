//! The order of lists of tickets, and places in them (D-11).

use std::cmp::{Ordering, Reverse};
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr};

use crate::id::{NotAnId, TicketNumber};
use crate::storage::Damage;
use crate::ticket::{Priority, Ticket};

/// The sort key of the list. A storage that does not support one sorts by activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, IntoStaticStr, EnumString)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum SortKey {
    /// The time of the ticket's last change.
    #[default]
    Activity,
    /// The ticket's number, which follows the order of opening.
    Number,
    /// What is to be done first: in ascending order the most urgent tickets come first, and among those of one priority the
    /// tickets with the oldest activity.
    ToDo,
}

impl SortKey {
    /// The stored form. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Compares two places in the ascending order of this key.
    pub fn compare(self, one: &Cursor, other: &Cursor) -> Ordering {
        let by_time = |place: &Cursor| (place.activity, place.number);
        match self {
            Self::Activity => by_time(one).cmp(&by_time(other)),
            Self::Number => one.number.cmp(&other.number),
            Self::ToDo => {
                let urgency = |place: &Cursor| (Reverse(place.priority), by_time(place));
                urgency(one).cmp(&urgency(other))
            }
        }
    }
}

/// The sort order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, IntoStaticStr, EnumString)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Order {
    /// Newest first.
    #[default]
    Descending,
    /// Oldest first.
    Ascending,
}

impl Order {
    /// The stored form. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The other order.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Descending => Self::Ascending,
            Self::Ascending => Self::Descending,
        }
    }

    /// Whether the order puts the place after the other one.
    pub fn is_after(self, sort: SortKey, place: &Cursor, other: &Cursor) -> bool {
        let ascending = sort.compare(place, other);
        match self {
            Self::Descending => ascending.is_lt(),
            Self::Ascending => ascending.is_gt(),
        }
    }
}

/// A place in a sorted list: right after a ticket as it was then. The place does not move when tickets are added or change
/// (D-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The ticket's last activity.
    pub activity: DateTime<Utc>,
    /// The ticket.
    pub number: TicketNumber,
    /// The ticket's priority in a list that is [sorted](SortKey::ToDo) by it; `None` in all others.
    pub priority: Option<Priority>,
}

impl Cursor {
    /// The place right after a ticket with this last activity, in a list that is not sorted by priority.
    pub fn new(activity: DateTime<Utc>, number: TicketNumber) -> Self {
        Self { activity, number, priority: None }
    }

    /// The place right after the ticket, in a list that is not sorted by priority.
    pub fn after(ticket: &Ticket) -> Self {
        Self::new(ticket.last_activity_at, ticket.number)
    }

    /// The place right after the ticket, in a list with this sort key.
    pub fn of(sort: SortKey, ticket: &Ticket) -> Self {
        Self { priority: (sort == SortKey::ToDo).then_some(ticket.priority), ..Self::after(ticket) }
    }

    /// The place of a ticket that cannot be read; `None` if it has none in a list with this sort key.
    pub fn of_damaged(sort: SortKey, damage: &Damage) -> Option<Self> {
        let number = damage.ticket?;
        match sort {
            SortKey::Activity => Some(Self::new(damage.at?, number)),
            // There the number alone determines the place.
            SortKey::Number => Some(Self::new(damage.at.unwrap_or(DateTime::UNIX_EPOCH), number)),
            SortKey::ToDo => Some(Self { priority: Some(damage.priority?), ..Self::new(damage.at?, number) }),
        }
    }

    /// Whether the place is one of lists with this sort key.
    pub fn is_of(&self, sort: SortKey) -> bool {
        self.priority.is_some() == (sort == SortKey::ToDo)
    }

    /// The same place in a list with this sort key; `None` if that needs a priority that the place does not have.
    pub(crate) fn in_order(self, sort: SortKey) -> Option<Self> {
        match sort {
            SortKey::ToDo => Some(self).filter(|place| place.priority.is_some()),
            SortKey::Activity | SortKey::Number => Some(Self { priority: None, ..self }),
        }
    }

    /// The place before all tickets of this time and earlier, newest first.
    pub(crate) fn from(activity: DateTime<Utc>) -> Self {
        Self::new(activity, TicketNumber::new(i64::MAX).expect("it is positive"))
    }
}

/// The form in URLs: microseconds since 1970 and the number. The priority stands before them.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(priority) = self.priority {
            write!(f, "{}-", priority.as_str())?;
        }
        write!(f, "{}-{}", self.activity.timestamp_micros(), self.number)
    }
}

impl FromStr for Cursor {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        // The end of the year 9999, the latest time that every database can store.
        const LAST_MICROSECOND: i64 = 253_402_300_799_999_999;
        let priority = text.split_once('-').and_then(|(word, rest)| Some((word.parse().ok()?, rest)));
        let (priority, text) = priority.map_or((None, text), |(priority, rest)| (Some(priority), rest));
        let (written, number) = text.split_once('-').ok_or(NotAnId)?;
        let micros: i64 = written.parse().map_err(|_| NotAnId)?;
        if !(0..=LAST_MICROSECOND).contains(&micros) || micros.to_string() != written {
            return Err(NotAnId);
        }
        let activity = DateTime::from_timestamp_micros(micros).ok_or(NotAnId)?;
        Ok(Self { activity, number: number.parse()?, priority })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_from_its_address_or_not_at_all() {
        let cursor: Cursor = "1800000000123456-7".parse().unwrap();
        assert_eq!((cursor.to_string().as_str(), cursor.priority), ("1800000000123456-7", None));
        let cursor: Cursor = "high-1800000000123456-7".parse().unwrap();
        assert_eq!((cursor.to_string().as_str(), cursor.priority), ("high-1800000000123456-7", Some(Priority::High)));
        for text in [
            "",
            "-",
            "1",
            "1-",
            "-1-1",
            "1-0",
            "9999999999999999999-1",
            "253402300800000000-1",
            "1-1-1",
            "x-1",
            "+1-1",
            "01-1",
            "1-+1",
            "1-01",
            " 1-1",
            "high-1",
            "high-",
            "hurried-1-1",
            "high-high-1-1",
        ] {
            assert!(text.parse::<Cursor>().is_err(), "{text:?}");
        }
    }
}
