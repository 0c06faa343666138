//! The files that the module serves: those of messages, and those of notes.

use std::fmt;

use muticket_core::{AttachmentId, NoteFileId, NoteNumber, TicketNumber};

use crate::links::Links;

/// A file of a message or of a note. Each kind has addresses of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FileId {
    Message(AttachmentId),
    /// The note is part of the address.
    Note(TicketNumber, NoteNumber, NoteFileId),
}

impl FileId {
    /// The URL of the file. Only that of a file of a message holds its name.
    pub(crate) fn link(self, links: &Links, name: &str) -> String {
        match self {
            Self::Message(id) => links.attachment(id, name),
            Self::Note(ticket, note, id) => links.note_file(ticket, note, id),
        }
    }

    /// The URL of its small version, if it is a picture.
    pub(crate) fn small_picture(self, links: &Links) -> String {
        match self {
            Self::Message(id) => links.small_picture(id),
            Self::Note(ticket, note, id) => links.small_note_picture(ticket, note, id),
        }
    }

    /// The URL of its large version, if it is a picture.
    pub(crate) fn large_picture(self, links: &Links) -> String {
        match self {
            Self::Message(id) => links.large_picture(id),
            Self::Note(ticket, note, id) => links.large_note_picture(ticket, note, id),
        }
    }
}

/// The id alone, for the log.
impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(id) => id.fmt(f),
            Self::Note(_, _, id) => id.fmt(f),
        }
    }
}
