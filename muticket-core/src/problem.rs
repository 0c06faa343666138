//! Problems with the fields of a form.

/// An invalid field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field.
    pub field: Field,
    /// The problem.
    pub problem: Problem,
}

/// The fields that can be invalid. The inputs of the web module have the same names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of the inputs in the forms")]
#[non_exhaustive]
pub enum Field {
    Subject,
    Body,
    Category,
    Priority,
    /// The labels of a ticket.
    Label,
    /// The name of a label.
    LabelName,
    Assignee,
    Mention,
    Note,
    /// The tickets that were selected in a list.
    Tickets,
    /// One file, by its name.
    Attachment(String),
    /// All files together.
    Attachments,
    Stars,
    User,
    SupporterGroup,
    ImageLimit,
    TimeZone,
    /// A category's name in the language with this tag.
    Name(String),
    /// The saved answer to insert.
    SavedAnswer,
    /// The title of a saved answer.
    Title,
    /// The name of a saved view.
    ViewName,
    /// The list that a saved view is to keep.
    ViewFilter,
    /// The text of a saved answer in the language with this tag.
    Text(String),
    /// A placeholder in such a text.
    Placeholder {
        /// The tag of the language.
        language: String,
        /// The word between the braces.
        word: String,
    },
}

/// The problem with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing was typed or chosen.
    #[error("empty")]
    Empty,
    /// Too many characters.
    #[error("{length} characters, but the limit is {max}")]
    TooLong {
        /// The limit.
        max: usize,
        /// The actual number.
        length: usize,
    },
    /// Not one of the choices, or no longer.
    #[error("no such choice")]
    Unknown,
    /// The value already exists.
    #[error("already exists")]
    Taken,
    /// A gap that was not filled in (T-08).
    #[error("it has a gap")]
    Gap,
    /// More than there may be.
    #[error("more than {max}")]
    TooMany {
        /// The limit.
        max: usize,
    },
    /// A file above its size limit.
    #[error("larger than {max} bytes")]
    TooLarge {
        /// The limit in bytes.
        max: u64,
    },
    /// An uploaded file whose form was sent too late.
    #[error("the upload has expired")]
    Expired,
    /// A file whose name was sent without its bytes.
    #[error("its bytes were not sent")]
    NotSent,
}
