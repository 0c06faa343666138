//! The mailboxes from which letters are fetched, on the page of the mail (M-08).

use muticket_core::mailbox::MailboxState;
use serde::Serialize;

/// A mailbox.
#[derive(Debug, Serialize)]
pub(super) struct MailboxRow {
    name: String,
    /// When it was last read to its end; `None` if it never was.
    checked_at: Option<i64>,
    /// The word of its problem; the key of its sentence is `backend-mailbox-WORD`. `None` if it has none.
    trouble: Option<&'static str>,
    /// The unchanged message of the mail server or of a library; may be empty.
    words: String,
}

impl MailboxRow {
    pub(super) fn of(mailbox: &MailboxState) -> Self {
        let trouble = mailbox.trouble();
        Self {
            name: mailbox.name.clone(),
            checked_at: mailbox.checked_at.map(|at| at.timestamp_micros()),
            trouble: trouble.map(|(trouble, _)| trouble.as_str()),
            words: trouble.map(|(_, words)| words.to_owned()).unwrap_or_default(),
        }
    }
}

/// A mailbox with each trouble, and two without.
#[cfg(test)]
pub(super) fn examples() -> Vec<MailboxRow> {
    use muticket_core::mailbox::MailboxTrouble;
    let name = |number: usize| format!("imaps://support@example.org/{number}<b>");
    let row = |(number, trouble): (usize, &MailboxTrouble)| MailboxRow {
        name: name(number),
        checked_at: (number > 0).then_some(0),
        trouble: Some(trouble.as_str()),
        words: if number > 0 { format!("<words> of {}", trouble.as_str()) } else { String::new() },
    };
    let well = [None, Some(0)].map(|checked_at| MailboxRow { name: name(99), checked_at, trouble: None, words: String::new() });
    MailboxTrouble::ALL.iter().enumerate().map(row).chain(well).collect()
}
