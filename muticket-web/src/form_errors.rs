//! The errors of a form, in a shape that a page can show at its top and beside its fields. The doors return codes; here they
//! become the keys of sentences and the values for these. The template `problem.html` renders them.

use http::StatusCode;
use muticket_core::{Error, Field, FieldError, Problem};
use serde::Serialize;

use crate::error::{ErrorPage, Failure, has_too_large};

/// The errors of a form, in the order in which they were found.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct FormErrors {
    errors: Vec<ShownError>,
    #[serde(skip)]
    too_large: bool,
}

/// One error: its field, the sentence, and the values for it. A value that the sentence does not need is 0 or empty.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct ShownError {
    /// The name of the input.
    field: String,
    /// The key of the sentence: `problem-...`.
    key: &'static str,
    /// The allowed maximum.
    max: u64,
    /// The actual length.
    length: u64,
    /// The name of the file with the problem, or the word of the placeholder.
    file: String,
}

impl FormErrors {
    /// The errors of an input that a door refused.
    ///
    /// # Errors
    /// Returns every other error unchanged, because no change to a field can fix it.
    pub(crate) fn of(error: Error) -> Result<Self, Failure> {
        match error {
            Error::Invalid(errors) => Ok(Self::from_errors(&errors)),
            other => Err(other.into()),
        }
    }

    /// The same for errors found before a door was called, such as files that are too large.
    pub(crate) fn from_errors(errors: &[FieldError]) -> Self {
        let mut shown = Self { too_large: has_too_large(errors), ..Self::default() };
        for error in errors {
            let error = ShownError::of(error);
            // Ten files too many are only one error.
            if !shown.errors.contains(&error) {
                shown.errors.push(error);
            }
        }
        shown
    }

    /// The status of the page that shows the errors; 200 if there are none.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self { errors, .. } if errors.is_empty() => StatusCode::OK,
            Self { too_large: true, .. } => ErrorPage::TooLarge.status(),
            Self { too_large: false, .. } => ErrorPage::Invalid.status(),
        }
    }
}

/// The name of the input in the form.
fn field_name(field: &Field) -> String {
    match field {
        Field::Subject => "subject",
        Field::Body => "body",
        Field::Category => "category",
        Field::Priority => "priority",
        Field::Label => "label",
        Field::LabelName => "name",
        Field::Attachment(_) | Field::Attachments => "attachment",
        Field::Assignee => "assignee",
        Field::Mention => "mention",
        Field::Note => "note",
        Field::SavedAnswer => "saved",
        Field::Title => "title",
        Field::ViewName => "view_name",
        Field::ViewFilter => "list",
        Field::Text(language) | Field::Placeholder { language, .. } => return format!("text_{language}"),
        Field::Tickets => "number",
        Field::Stars => "stars",
        Field::User => "user",
        Field::SupporterGroup => "supporter_group",
        Field::TimeZone => "time_zone",
        Field::ImageLimit => "image_limit",
        Field::Name(language) => return format!("name_{language}"),
        // Later versions of the core may add fields.
        _ => "form",
    }
    .to_owned()
}

impl ShownError {
    fn of(error: &FieldError) -> Self {
        let (max, length) = match error.problem {
            Problem::TooLong { max, length } => (max as u64, length as u64),
            Problem::TooMany { max } => (max as u64, 0),
            Problem::TooLarge { max } => (max, 0),
            _ => (0, 0),
        };
        let file = match &error.field {
            Field::Attachment(name) | Field::Placeholder { word: name, .. } => name.clone(),
            _ => String::new(),
        };
        Self { field: field_name(&error.field), key: sentence(&error.field, error.problem), max, length, file }
    }
}

/// The key of the sentence: one for this field if there is one, or else the general one.
fn sentence(field: &Field, problem: Problem) -> &'static str {
    match (field, problem) {
        (Field::ImageLimit, Problem::TooLarge { .. }) => "problem-image-limit-high",
        (Field::ImageLimit, _) => "problem-image-limit",
        (Field::Stars, _) => "problem-stars",
        (Field::Category, Problem::Empty) => "problem-category-empty",
        (Field::Category, Problem::Unknown) => "problem-category-unknown",
        (Field::Priority, Problem::Unknown) => "problem-priority-unknown",
        (Field::Label, Problem::Unknown) => "problem-label-unknown",
        (Field::Label, Problem::TooMany { .. }) => "problem-label-too-many",
        (Field::LabelName, Problem::Taken) => "problem-label-name-taken",
        (Field::Assignee, Problem::Unknown) => "problem-assignee-unknown",
        (Field::Mention, Problem::Unknown) => "problem-mention-unknown",
        (Field::SupporterGroup, Problem::Unknown) => "problem-group-unknown",
        (Field::User, Problem::Empty) => "problem-user-empty",
        (Field::User, Problem::Unknown) => "problem-user-unknown",
        (Field::User, Problem::Taken) => "problem-user-taken",
        (Field::Tickets, Problem::Empty) => "problem-tickets-empty",
        (Field::Tickets, Problem::TooMany { .. }) => "problem-tickets-too-many",
        (Field::Attachment(_), Problem::Empty) => "problem-file-empty",
        (Field::SavedAnswer, Problem::Empty) => "problem-saved-empty",
        (Field::SavedAnswer, Problem::Unknown) => "problem-saved-unknown",
        (Field::Title, Problem::TooMany { .. }) => "problem-saved-too-many",
        (Field::ViewName, Problem::Taken) => "problem-view-name-taken",
        (Field::ViewName, Problem::TooMany { .. }) => "problem-view-too-many",
        (Field::ViewFilter, _) => "problem-view-filter",
        (Field::Placeholder { .. }, _) => "problem-placeholder",
        (_, Problem::Gap) => "problem-gap",
        (_, Problem::Empty) => "problem-empty",
        (_, Problem::TooLong { .. }) => "problem-too-long",
        (_, Problem::Unknown) => "problem-unknown",
        (_, Problem::Taken) => "problem-taken",
        (_, Problem::TooMany { .. }) => "problem-too-many",
        (_, Problem::TooLarge { .. }) => "problem-too-large",
        (_, Problem::Expired) => "problem-expired",
        (_, Problem::NotSent) => "problem-not-sent",
        (_, _) => "problem-other",
    }
}

/// At least one error for each field, and each kind of problem, to check that the pages can render them.
pub(crate) fn examples() -> Vec<FieldError> {
    let file = || Field::Attachment("example.txt".to_owned());
    let with = |field, problem| FieldError { field, problem };
    vec![
        with(Field::Subject, Problem::Empty),
        with(Field::Body, Problem::TooLong { max: 20_000, length: 20_001 }),
        with(Field::Category, Problem::Unknown),
        with(Field::Priority, Problem::Unknown),
        with(Field::Label, Problem::Unknown),
        with(Field::Assignee, Problem::Unknown),
        with(Field::Mention, Problem::Unknown),
        with(Field::Note, Problem::Empty),
        with(Field::SavedAnswer, Problem::Unknown),
        with(Field::Body, Problem::Gap),
        with(Field::Attachments, Problem::TooMany { max: 5 }),
        with(file(), Problem::TooLarge { max: 1024 }),
        with(file(), Problem::Expired),
        with(file(), Problem::NotSent),
        with(file(), Problem::Empty),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use minijinja::value::Serde;
    use minijinja::{Value, context};

    use super::*;
    use crate::view::testing::in_every_language;

    /// Each field with each problem, including combinations that no door returns.
    fn all() -> Vec<FieldError> {
        let fields = [
            Field::Subject,
            Field::Body,
            Field::Category,
            Field::Priority,
            Field::Label,
            Field::LabelName,
            Field::Assignee,
            Field::Mention,
            Field::Note,
            Field::SavedAnswer,
            Field::Title,
            Field::ViewName,
            Field::ViewFilter,
            Field::Text("de".to_owned()),
            Field::Placeholder { language: "en".to_owned(), word: "a<b>".to_owned() },
            Field::Tickets,
            Field::Attachment("a<b>.png".to_owned()),
            Field::Attachments,
            Field::Stars,
            Field::User,
            Field::SupporterGroup,
            Field::ImageLimit,
            Field::Name("de".to_owned()),
        ];
        let problems = [
            Problem::Empty,
            Problem::TooLong { max: 20_000, length: 20_001 },
            Problem::Unknown,
            Problem::Taken,
            Problem::TooMany { max: 5 },
            Problem::TooLarge { max: 10 * 1024 * 1024 },
            Problem::Expired,
            Problem::NotSent,
            Problem::Gap,
        ];
        let pair = |field: &Field| problems.map(|problem| FieldError { field: field.clone(), problem });
        fields.iter().flat_map(pair).collect()
    }

    #[test]
    fn every_problem_of_every_field_has_its_sentence() {
        let problems = FormErrors::from_errors(&all());
        for field in problems.errors.iter().map(|error| error.field.as_str()).collect::<BTreeSet<_>>() {
            let model = context! { problems => Value::from(Serde(&problems)), field, id => "x" };
            for html in in_every_language("problem.html", model) {
                assert!(html.contains("id=\"x-problem\"") && html.contains("field-error"), "{html}");
            }
        }
    }

    #[test]
    fn a_sentence_says_how_much_is_allowed() {
        let errors = all();
        let problems = FormErrors::from_errors(&errors);
        let render =
            |field| in_every_language("problem.html", context! { problems => Value::from(Serde(&problems)), field, id => "x" });
        let [german, english] = render("body");
        assert!(german.contains("20.001") && german.contains("20.000"), "{german}");
        assert!(english.contains("20,001") && english.contains("20,000"), "{english}");
        let [_, files] = render("attachment");
        assert!(files.contains("10\u{a0}MB") && files.contains("a&lt;b&gt;.png"), "{files}");
    }

    #[test]
    fn the_status_is_that_of_the_worst() {
        let error = |problem| FieldError { field: Field::Body, problem };
        let status = |errors: &[FieldError]| FormErrors::from_errors(errors).status();
        assert_eq!(status(&[]), StatusCode::OK);
        assert_eq!(status(&[error(Problem::Empty)]), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(status(&[error(Problem::Empty), error(Problem::TooLarge { max: 1 })]), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn a_field_without_problems_shows_none() {
        let model = context! { problems => Value::from(Serde(FormErrors::default())), field => "body", id => "x" };
        assert_eq!(in_every_language("problem.html", model).map(|html| html.trim().to_owned()), ["", ""]);
    }
}
