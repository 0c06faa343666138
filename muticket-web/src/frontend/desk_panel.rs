//! What only supporters see on the page of a ticket: its properties, and the notes.

use std::collections::BTreeSet;

use muticket_core::conversation::{Conversation, DeskView};
use muticket_core::incoming::Incoming;
use muticket_core::label::{Label, sort_labels};
use muticket_core::note::{Note, NoteFile};
use muticket_core::saved_answer::{Assign, ListedAnswer};
use muticket_core::ticket::Priority;
use muticket_core::{Category, CategoryId, LabelId, Language, NoteFileId, NoteNumber, TicketNumber, UserId};
use serde::Serialize;

use crate::address::Address;
use crate::frontend::customer_card::CustomerModel;
use crate::frontend::event::{Event, line};
use crate::frontend::file_model::FileModel;
use crate::links::Links;
use crate::page::person;
use crate::saved_form::{ActionModel, SavedDraft};

/// The content of the form of a note that could not be stored.
#[derive(Debug)]
pub(crate) struct TypedNote {
    /// The note that was edited; `None` for a new one.
    pub(crate) number: Option<NoteNumber>,
    pub(crate) body: String,
    pub(crate) mentions: Vec<UserId>,
    /// The files that were ticked to be removed.
    pub(crate) remove: Vec<NoteFileId>,
}

impl TypedNote {
    /// How the ids of the inputs of its form begin on the page.
    pub(crate) fn id_prefix(&self) -> String {
        self.number.map_or_else(|| "field-note".to_owned(), |number| format!("note-{number}"))
    }
}

/// The content of the form that hands a ticket over, which could not be stored.
#[derive(Debug)]
pub(crate) struct TypedHandOver {
    pub(crate) to: Option<UserId>,
    pub(crate) note: String,
}

/// The forms of the panel and of the notes that are shown again.
#[derive(Debug, Default)]
pub(crate) struct TypedAtDesk {
    pub(crate) note: Option<TypedNote>,
    pub(crate) hand_over: Option<TypedHandOver>,
    /// The labels that were ticked.
    pub(crate) labels: Option<BTreeSet<LabelId>>,
}

/// The panel beside the conversation.
#[derive(Debug, Serialize)]
pub(crate) struct DeskPanel {
    /// The version of the ticket. The forms send it along, so that nobody overwrites a change that they have not seen.
    version: u32,
    assignee: Option<String>,
    /// Whether the visitor is the assignee.
    mine: bool,
    supporters: Vec<Choice>,
    hand_over: HandOverDraft,
    priority: &'static str,
    priorities: Vec<&'static str>,
    categories: Vec<Choice>,
    /// All labels of the site, sorted by name.
    labels: Vec<LabelChoice>,
    /// The newest letters for the ticket whose sender is not confirmed, newest first.
    letters: Vec<UnconfirmedLetter>,
    /// Whether there are more such letters.
    more_letters: bool,
    /// Where administrators find all of them.
    received_link: String,
    /// The form for a new note.
    note: NoteDraft,
    customer: CustomerModel,
    /// The newest changes of the ticket, latest first.
    history: Vec<Event>,
    /// The number of changes that are older than those.
    older_changes: usize,
    saved: SavedPanel,
}

/// A letter for the ticket that is nobody's message (M-03).
#[derive(Debug, Serialize)]
struct UnconfirmedLetter {
    /// The address in its header; `None` if it has none.
    sender: Option<String>,
    subject: Option<String>,
    received_at: i64,
    text: String,
    original: String,
}

impl UnconfirmedLetter {
    fn of(links: &Links, number: TicketNumber, letter: &Incoming) -> Self {
        Self {
            sender: letter.sender.clone(),
            subject: letter.subject.clone().filter(|subject| !subject.is_empty()),
            received_at: letter.received_at.timestamp_micros(),
            text: links.letter_text(number, letter.id),
            original: links.letter(number, letter.id),
        }
    }
}

/// The saved answers for the text of an answer (T-08), and what happens when it is sent (T-09).
#[derive(Debug, Serialize)]
struct SavedPanel {
    /// Those that fit the ticket.
    choices: Vec<Choice>,
    /// Those that are in the text already.
    used: Vec<String>,
    actions: Vec<ActionModel>,
}

/// The content of the form that hands the ticket over with a note.
#[derive(Debug, Serialize)]
struct HandOverDraft {
    /// All supporters but the visitor and the assignee.
    supporters: Vec<Choice>,
    note: String,
    /// Whether the form was refused and is shown again.
    again: bool,
}

/// A value to choose from.
#[derive(Debug, Serialize)]
struct Choice {
    id: String,
    /// `None` for a person without a readable name.
    name: Option<String>,
    chosen: bool,
}

/// A label to put on the ticket.
#[derive(Debug, Serialize)]
struct LabelChoice {
    id: String,
    name: String,
    /// The word of the colour.
    colour: &'static str,
    /// Whether the ticket has it.
    on: bool,
    /// Whether its box is ticked.
    chosen: bool,
}

/// The content of the form of a note.
#[derive(Debug, Default, Serialize)]
struct NoteDraft {
    body: String,
    /// Whether the form was refused and is shown again.
    again: bool,
    /// The supporters that the note can mention: all but the visitor.
    mentions: Vec<Choice>,
    /// The files that can be removed from the note.
    files: Vec<Choice>,
}

/// A note for display.
#[derive(Debug, Serialize)]
pub(crate) struct NoteModel {
    number: u32,
    link: String,
    author: Option<String>,
    mine: bool,
    body: String,
    mentions: Vec<Option<String>>,
    files: Vec<FileModel>,
    written_at: i64,
    edited_at: Option<i64>,
    /// The form to edit it; `None` for the notes of others.
    edit: Option<NoteDraft>,
}

impl DeskPanel {
    pub(crate) fn of(
        links: &Links,
        conversation: &Conversation,
        desk: &DeskView,
        (reader, language): (&UserId, &Language),
        (typed, saved): (&TypedAtDesk, &SavedDraft),
    ) -> Self {
        /// The most changes that the panel lists (P-19).
        const MOST_CHANGES: usize = 100;
        let history = &conversation.history;
        let ticket = &conversation.ticket;
        let supporter = |user: &UserId| Choice {
            id: user.as_str().to_owned(),
            name: person(&conversation.names, user),
            chosen: desk.assignee.as_ref() == Some(user),
        };
        let category = |category: &Category| Choice {
            id: category.id.as_str().to_owned(),
            name: Some(category.name(language).to_owned()),
            chosen: ticket.category.as_ref() == Some(&category.id),
        };
        Self {
            version: ticket.version,
            assignee: desk.assignee.as_ref().and_then(|user| person(&conversation.names, user)),
            mine: desk.assignee.as_ref() == Some(reader),
            supporters: desk.supporters.iter().map(supporter).collect(),
            hand_over: hand_over(conversation, desk, reader, typed.hand_over.as_ref()),
            priority: ticket.priority.as_str(),
            priorities: Priority::ALL.iter().rev().map(|priority| priority.as_str()).collect(),
            categories: desk.categories.iter().map(category).collect(),
            labels: labels(desk, language, typed.labels.as_ref()),
            letters: desk.letters.iter().map(|letter| UnconfirmedLetter::of(links, ticket.number, letter)).collect(),
            more_letters: desk.has_more_letters,
            received_link: links.to(Address::ReceivedMail),
            note: draft(conversation, desk, reader, None, typed.note.as_ref().filter(|typed| typed.number.is_none())),
            customer: CustomerModel::of(links, conversation, &desk.customer),
            history: history.iter().rev().take(MOST_CHANGES).filter_map(|entry| line(conversation, entry, language)).collect(),
            older_changes: history.len().saturating_sub(MOST_CHANGES),
            saved: SavedPanel::of(conversation, desk, language, saved),
        }
    }
}

impl SavedPanel {
    fn of(conversation: &Conversation, desk: &DeskView, language: &Language, draft: &SavedDraft) -> Self {
        let choice =
            |answer: &ListedAnswer| Choice { id: answer.id.to_string(), name: Some(answer.title.clone()), chosen: false };
        let category = |id: &CategoryId| {
            let known = desk.categories.iter().find(|category| category.id == *id);
            known.map_or(id.as_str(), |category| category.name(language)).to_owned()
        };
        let who = |user: &UserId| person(&conversation.names, user);
        let mut labels = desk.labels.clone();
        sort_labels(&mut labels, language);
        let mut offered = draft.offered.clone();
        // Nobody can assign a ticket to who is no supporter any more.
        offered.assign = offered.assign.filter(|assign| !matches!(assign, Assign::To(user) if !desk.supporters.contains(user)));
        Self {
            choices: desk.saved.iter().map(choice).collect(),
            used: draft.used.iter().map(ToString::to_string).collect(),
            actions: ActionModel::all(&offered, &draft.ticked, who, category, &labels),
        }
    }
}

impl NoteModel {
    pub(crate) fn of(
        links: &Links,
        conversation: &Conversation,
        desk: &DeskView,
        note: &Note,
        reader: &UserId,
        typed: Option<&TypedNote>,
    ) -> Self {
        let mine = note.author == *reader;
        let typed = typed.filter(|typed| typed.number == Some(note.number));
        Self {
            number: note.number.get(),
            link: links.note(note.ticket, note.number),
            author: person(&conversation.names, &note.author),
            mine,
            body: note.body.as_str().to_owned(),
            mentions: note.mentions.iter().map(|user| person(&conversation.names, user)).collect(),
            files: files_of(desk, note).map(|file| FileModel::of_note(links, file)).collect(),
            written_at: note.written_at.timestamp_micros(),
            edited_at: note.edited_at.map(|at| at.timestamp_micros()),
            edit: mine.then(|| draft(conversation, desk, reader, Some(note), typed)),
        }
    }
}

fn hand_over(conversation: &Conversation, desk: &DeskView, reader: &UserId, typed: Option<&TypedHandOver>) -> HandOverDraft {
    let choice = |user: &UserId| Choice {
        id: user.as_str().to_owned(),
        name: person(&conversation.names, user),
        chosen: typed.is_some_and(|typed| typed.to.as_ref() == Some(user)),
    };
    let others = desk.supporters.iter().filter(|user| *user != reader && desk.assignee.as_ref() != Some(*user));
    HandOverDraft {
        supporters: others.map(choice).collect(),
        note: typed.map(|typed| typed.note.clone()).unwrap_or_default(),
        again: typed.is_some(),
    }
}

fn labels(desk: &DeskView, language: &Language, typed: Option<&BTreeSet<LabelId>>) -> Vec<LabelChoice> {
    let mut labels = desk.labels.clone();
    sort_labels(&mut labels, language);
    let choice = |label: Label| LabelChoice {
        on: desk.has.contains(&label.id),
        chosen: typed.unwrap_or(&desk.has).contains(&label.id),
        id: label.id.to_string(),
        name: label.name.as_str().to_owned(),
        colour: label.colour.as_str(),
    };
    labels.into_iter().map(choice).collect()
}

/// The files of a note.
fn files_of<'a>(desk: &'a DeskView, note: &'a Note) -> impl Iterator<Item = &'a NoteFile> {
    desk.note_files.iter().filter(move |file| file.note == note.number)
}

/// The content of a form: what was typed before it was refused, or what is stored. A new note has nothing stored.
fn draft(
    conversation: &Conversation,
    desk: &DeskView,
    reader: &UserId,
    stored: Option<&Note>,
    typed: Option<&TypedNote>,
) -> NoteDraft {
    let nobody: &[UserId] = &[];
    let (body, mentioned) = match (typed, stored) {
        (Some(typed), _) => (typed.body.as_str(), &typed.mentions[..]),
        (None, Some(note)) => (note.body.as_str(), &note.mentions[..]),
        (None, None) => ("", nobody),
    };
    let choice = |user: &UserId| Choice {
        id: user.as_str().to_owned(),
        name: person(&conversation.names, user),
        chosen: mentioned.contains(user),
    };
    let file = |file: &NoteFile| Choice {
        id: file.id.to_string(),
        name: Some(file.name.as_str().to_owned()),
        chosen: typed.is_some_and(|typed| typed.remove.contains(&file.id)),
    };
    NoteDraft {
        body: body.to_owned(),
        again: typed.is_some(),
        mentions: desk.supporters.iter().filter(|user| *user != reader).map(choice).collect(),
        files: stored.into_iter().flat_map(|note| files_of(desk, note)).map(file).collect(),
    }
}
