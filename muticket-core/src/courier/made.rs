//! Changes of tickets that letters are about.

use crate::history::{Change, HistoryEntry};
use crate::id::UserId;

/// A change of a ticket, as far as a letter about it needs to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub(super) by: UserId,
    /// Whether the ticket was reopened afterwards.
    pub(super) was_reopened: bool,
}

impl Made {
    /// The change that made this version, in the history since then.
    pub(super) fn of(version: u32, since: &[HistoryEntry]) -> Option<Self> {
        let made = since.iter().find(|entry| entry.version == version)?;
        let was_reopened = since.iter().any(|entry| entry.version > version && entry.change == Change::Reopened);
        Some(Self { by: made.by.clone(), was_reopened })
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::id::TicketNumber;

    /// R-44, D-15
    #[test]
    fn a_closing_that_was_undone_is_no_news() {
        use Change::{Closed, Opened, Reopened};
        let entry = |(version, change): (u32, &Change)| HistoryEntry {
            ticket: TicketNumber::new(1).unwrap(),
            version,
            at: DateTime::UNIX_EPOCH,
            by: UserId::new(format!("supporter {version}")),
            change: change.clone(),
        };
        let history: Vec<_> = (1..).zip(&[Opened, Closed, Reopened, Closed, Change::Assigned(None)]).map(entry).collect();
        let made = |version| Made::of(version, &history).map(|made| (made.by.to_string(), made.was_reopened));
        assert_eq!(made(2), Some(("supporter 2".to_owned(), true)));
        assert_eq!(made(4), Some(("supporter 4".to_owned(), false)), "it was closed again");
        assert_eq!(made(9), None);
    }
}
