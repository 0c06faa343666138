//! The changes of a ticket: between its messages, and in its history.

use muticket_core::Language;
use muticket_core::conversation::Conversation;
use muticket_core::history::{Change, HistoryEntry};
use muticket_core::names::isolated;
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
    /// The word of the new priority, the name of the new category or of the label, or the stars of a rating.
    value: Option<String>,
    /// The message that was written.
    message: Option<u32>,
    at: i64,
}

/// The event that the page shows between the messages; `None` if it shows the change in another way, such as a message.
pub(crate) fn event(conversation: &Conversation, entry: &HistoryEntry, language: &Language) -> Option<Event> {
    // A rating is shown at its answer, a note by itself.
    let is_shown_elsewhere = matches!(
        entry.change,
        Change::Opened | Change::Replied(_) | Change::Answered(_) | Change::Rated(..) | Change::Noted(_) | Change::NoteEdited(_)
    );
    if is_shown_elsewhere { None } else { line(conversation, entry, language) }
}

/// The line of a change in the history; `None` if it has no sentence.
pub(crate) fn line(conversation: &Conversation, entry: &HistoryEntry, language: &Language) -> Option<Event> {
    let (mut whom, mut value, mut message) = (None, None, None);
    let what = match &entry.change {
        Change::Opened => "opened",
        Change::Replied(number) => {
            message = Some(number.get());
            "replied"
        }
        Change::Answered(number) => {
            message = Some(number.get());
            "answered"
        }
        Change::Rated(_, score) => {
            value = Some(score.to_string());
            "rated"
        }
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
        Change::Noted(_) => "noted",
        Change::NoteEdited(_) => "note-edited",
        Change::Labelled(name) | Change::Unlabelled(name) => {
            value = Some(isolated(name.as_str()).into_owned());
            if matches!(entry.change, Change::Labelled(_)) { "labelled" } else { "unlabelled" }
        }
        Change::NoteDeleted(_) => "note-deleted",
        _ => return None,
    };
    Some(Event { what, who: person(&conversation.names, &entry.by), whom, value, message, at: entry.at.timestamp_micros() })
}
