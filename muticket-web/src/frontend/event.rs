//! The changes of a ticket that its page shows between the messages.

use muticket_core::Language;
use muticket_core::conversation::Conversation;
use muticket_core::history::{Change, HistoryEntry};
use serde::Serialize;

use crate::page::person;

/// A change with its sentence, whose key is `event-WHAT`.
#[derive(Debug, Serialize)]
pub(crate) struct Event {
    what: &'static str,
    /// The person who made the change; `None` if the host no longer knows them.
    who: Option<String>,
    /// The other person in the sentence.
    whom: Option<String>,
    /// The word of the new priority, or the name of the new category.
    value: Option<String>,
    at: i64,
}

/// The event of a change; `None` if the page shows it in another way, such as a message.
pub(crate) fn event(conversation: &Conversation, entry: &HistoryEntry, language: &Language) -> Option<Event> {
    let (mut whom, mut value) = (None, None);
    let what = match &entry.change {
        Change::Closed => "closed",
        Change::Reopened => "reopened",
        Change::Assigned(None) => "released",
        Change::Assigned(Some(user)) if *user == entry.by => "taken",
        Change::Assigned(Some(user)) => {
            whom = person(&conversation.names, user);
            "assigned"
        }
        Change::Prioritized(priority) => {
            value = Some(priority.as_str().to_owned());
            "prioritized"
        }
        Change::Categorized(category) => {
            let categories = conversation.desk.iter().flat_map(|desk| &desk.categories).chain(&conversation.category);
            let id = category.as_ref()?;
            value = categories.into_iter().find(|category| category.id == *id).map(|category| category.name(language).to_owned());
            "categorized"
        }
        Change::NoteDeleted(_) => "note-deleted",
        // A rating is shown at its answer, a note by itself. A change that has no sentence yet is left out.
        _ => return None,
    };
    Some(Event { what, who: person(&conversation.names, &entry.by), whom, value, at: entry.at.timestamp_micros() })
}
