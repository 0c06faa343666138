//! The problems of a form, in a shape that a page can show beside the fields. The doors return codes; here they become the keys of
//! sentences and the values for these. The template `problem.html` renders them.

use std::collections::BTreeMap;

use muticket_core::{Error, Field, FieldError, Problem};
use rocket::Request;
use rocket::http::Status;
use rocket::response::{self, Responder};
use serde::Serialize;

use crate::error::{Failure, too_large};
use crate::page::{Done, Rendered};

/// The problems of a form, grouped by field.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(crate) struct Problems {
    by_field: BTreeMap<String, Vec<Reason>>,
    #[serde(skip)]
    too_large: bool,
}

/// One problem of a field: a sentence and its values. A value that the sentence does not need is 0 or empty.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Reason {
    /// The key of the sentence: `problem-...`.
    key: &'static str,
    /// The allowed maximum.
    max: u64,
    /// The actual length.
    length: u64,
    /// The name of the file with the problem.
    file: String,
}

impl Problems {
    /// The problems of an input that a door refused.
    ///
    /// # Errors
    /// Returns every other error unchanged, because no change to a field can fix it.
    pub(crate) fn of(error: Error) -> Result<Self, Failure> {
        match error {
            Error::Invalid(errors) => Ok(Self::from_errors(&errors)),
            other => Err(other.into()),
        }
    }

    /// The same for problems found before a door was called, such as files that are too large.
    pub(crate) fn from_errors(errors: &[FieldError]) -> Self {
        let mut problems = Self { too_large: too_large(errors), ..Self::default() };
        for error in errors {
            let reasons = problems.by_field.entry(field_name(&error.field)).or_default();
            let reason = reason(error);
            // Ten files too many are only one problem.
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        problems
    }

    /// The status of the page that shows the problems; 200 if there are none.
    pub(crate) fn status(&self) -> Status {
        if self.by_field.is_empty() {
            Status::Ok
        } else if self.too_large {
            Status::PayloadTooLarge
        } else {
            Status::UnprocessableEntity
        }
    }
}

/// One problem with its field, for a page that lists all of them at its top.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct ProblemText {
    field: String,
    #[serde(flatten)]
    reason: Reason,
}

/// The problems of a form, in the order in which they were found.
pub(crate) fn problems(errors: &[FieldError]) -> Vec<ProblemText> {
    let mut list = Vec::with_capacity(errors.len());
    for error in errors {
        let problem = ProblemText { field: field_name(&error.field), reason: reason(error) };
        if !list.contains(&problem) {
            list.push(problem);
        }
    }
    list
}

/// The name of the input in the form.
fn field_name(field: &Field) -> String {
    match field {
        Field::Subject => "subject",
        Field::Body => "body",
        Field::Category => "category",
        Field::Attachment(_) | Field::Attachments => "attachment",
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

fn reason(error: &FieldError) -> Reason {
    let (max, length) = match error.problem {
        Problem::TooLong { max, length } => (max as u64, length as u64),
        Problem::TooMany { max } => (max as u64, 0),
        Problem::TooLarge { max } => (max, 0),
        _ => (0, 0),
    };
    let file = if let Field::Attachment(name) = &error.field { name.clone() } else { String::new() };
    Reason { key: sentence(&error.field, error.problem), max, length, file }
}

/// The key of the sentence: one for this field if there is one, or else the general one.
fn sentence(field: &Field, problem: Problem) -> &'static str {
    match (field, problem) {
        (Field::ImageLimit, Problem::TooLarge { .. }) => "problem-image-limit-high",
        (Field::ImageLimit, _) => "problem-image-limit",
        (Field::Stars, _) => "problem-stars",
        (Field::Category, Problem::Empty) => "problem-category-empty",
        (Field::Category, Problem::Unknown) => "problem-category-unknown",
        (Field::SupporterGroup, Problem::Unknown) => "problem-group-unknown",
        (Field::User, Problem::Empty) => "problem-user-empty",
        (Field::User, Problem::Unknown) => "problem-user-unknown",
        (Field::User, Problem::Taken) => "problem-user-taken",
        (Field::Attachment(_), Problem::Empty) => "problem-file-empty",
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

/// At least one problem for each field, and each kind of problem, to check that the pages can render them.
pub(crate) fn examples() -> Vec<FieldError> {
    let file = || Field::Attachment("example.txt".to_owned());
    let with = |field, problem| FieldError { field, problem };
    vec![
        with(Field::Subject, Problem::Empty),
        with(Field::Body, Problem::TooLong { max: 20_000, length: 20_001 }),
        with(Field::Category, Problem::Unknown),
        with(Field::Attachments, Problem::TooMany { max: 5 }),
        with(file(), Problem::TooLarge { max: 1024 }),
        with(file(), Problem::Expired),
        with(file(), Problem::NotSent),
        with(file(), Problem::Empty),
    ]
}

/// The response to a form that was sent.
#[derive(Debug)]
pub(crate) enum Sent {
    /// It was done: redirect to the next page.
    Done(Done),
    /// The same page again, with all fields kept and the problems beside them.
    Again(Rendered),
}

impl<'r> Responder<'r, 'static> for Sent {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        match self {
            Self::Done(done) => done.respond_to(request),
            Self::Again(page) => page.respond_to(request),
        }
    }
}

#[cfg(test)]
mod tests {
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
        ];
        let pair = |field: &Field| problems.map(|problem| FieldError { field: field.clone(), problem });
        fields.iter().flat_map(pair).collect()
    }

    #[test]
    fn every_problem_of_every_field_has_its_sentence() {
        let problems = Problems::from_errors(&all());
        for field in problems.by_field.keys() {
            let model = context! { problems => Value::from(Serde(&problems)), field, id => "x" };
            for html in in_every_language("problem.html", model) {
                assert!(html.contains("id=\"x-problem\"") && html.contains("field-error"), "{html}");
            }
        }
    }

    #[test]
    fn a_sentence_says_how_much_is_allowed() {
        let errors = all();
        let problems = Problems::from_errors(&errors);
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
        let status = |errors: &[FieldError]| Problems::from_errors(errors).status();
        assert_eq!(status(&[]), Status::Ok);
        assert_eq!(status(&[error(Problem::Empty)]), Status::UnprocessableEntity);
        assert_eq!(status(&[error(Problem::Empty), error(Problem::TooLarge { max: 1 })]), Status::PayloadTooLarge);
    }

    #[test]
    fn a_field_without_problems_shows_none() {
        let model = context! { problems => Value::from(Serde(Problems::default())), field => "body", id => "x" };
        assert_eq!(in_every_language("problem.html", model).map(|html| html.trim().to_owned()), ["", ""]);
    }
}
