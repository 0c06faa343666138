//! What is wrong with a form, in the words of its page.

use muticket_core::{Field, FieldError, Problem};
use serde::Serialize;

/// One problem, for the template: `t("problem-KEY", ...)` beside the input called `field`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct ProblemText {
    /// The name of the input.
    pub(crate) field: String,
    /// The name of the sentence.
    pub(crate) key: &'static str,
    /// The file it is about.
    pub(crate) file: Option<String>,
    /// What is allowed: characters, files or bytes, by the key.
    pub(crate) max: u64,
    /// What was sent.
    pub(crate) length: u64,
}

/// The problems of a form.
pub(crate) fn problems(errors: &[FieldError]) -> Vec<ProblemText> {
    errors.iter().map(text).collect()
}

fn text(error: &FieldError) -> ProblemText {
    let (field, file) = match &error.field {
        Field::Subject => ("subject", None),
        Field::Body => ("body", None),
        Field::Category => ("category", None),
        Field::Attachment(name) => ("attachment", Some(name.clone())),
        Field::Attachments => ("attachment", None),
        Field::Stars => ("stars", None),
        Field::User => ("user", None),
        Field::SupporterGroup => ("supporter_group", None),
        Field::ImageLimit => ("image_limit", None),
        Field::Name(language) => return ProblemText { field: format!("name_{language}"), ..text_of("", None, error.problem) },
    };
    text_of(field, file, error.problem)
}

fn text_of(field: &str, file: Option<String>, problem: Problem) -> ProblemText {
    let (key, max, length) = match problem {
        Problem::Empty => ("problem-empty", 0, 0),
        Problem::TooLong { max, length } => ("problem-too-long", max as u64, length as u64),
        Problem::Control => ("problem-control", 0, 0),
        Problem::Unknown => ("problem-unknown", 0, 0),
        Problem::Taken => ("problem-taken", 0, 0),
        Problem::TooMany { max } => ("problem-too-many", max as u64, 0),
        Problem::TooLarge { max } => ("problem-too-large", max, 0),
        Problem::Expired => ("problem-expired", 0, 0),
    };
    ProblemText { field: field.to_owned(), key, file, max, length }
}
