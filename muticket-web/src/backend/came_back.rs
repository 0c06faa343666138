//! People who get no letters because letters to them came back, on the page of the mail (M-05).

use muticket_core::UserId;
use muticket_core::backend::UndeliverableUser;
use muticket_core::names::Names;
use serde::Serialize;

use crate::address::Address;
use crate::backend::letter_problem::LetterProblem;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form};
use crate::links::Links;
use crate::page::person;
use crate::request::RequestBody;
use crate::response::Response;

/// A person whom letters do not reach.
#[derive(Debug, Serialize)]
pub(super) struct UnreachedPerson {
    id: String,
    name: Option<String>,
    address: String,
    /// What the last report said.
    problem: LetterProblem,
    /// How many letters in a row came back.
    reports: u32,
    since: i64,
    resume_action: String,
}

impl UnreachedPerson {
    pub(super) fn of(links: &Links, names: &Names, unreached: &UndeliverableUser) -> Self {
        let UndeliverableUser { user, reports, .. } = unreached;
        Self {
            id: user.id.as_str().to_owned(),
            name: person(names, &user.id),
            address: reports.address.clone(),
            problem: LetterProblem::of(&reports.problem),
            reports: reports.reports,
            since: reports.since.timestamp_micros(),
            resume_action: links.to(Address::ResumeLetters),
        }
    }
}

/// To whom letters are sent again.
struct ResumeForm {
    user: UserId,
}

impl Form for ResumeForm {
    fn read(fields: &Fields) -> Self {
        Self { user: UserId::new(fields.text("user")) }
    }
}

/// Sends letters to a person again.
pub(crate) async fn resume(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let submitted = form::read::<ResumeForm>(context, body).await?;
    admin.backend.send_again_to(&submitted.form.user).await?;
    Ok(admin.done(Section::Mail, Flash::LettersResumed))
}

/// A person with a name, and one without.
#[cfg(test)]
pub(super) fn examples() -> Vec<UnreachedPerson> {
    let person = |(id, name): (&str, &str)| UnreachedPerson {
        id: id.to_owned(),
        name: Some(name.to_owned()),
        address: "anna@x.example<".to_owned(),
        problem: LetterProblem::of("550 5.1.1 <unknown>"),
        reports: 3,
        since: 0,
        resume_action: "/resume".to_owned(),
    };
    [("7\"", "Anna <b>"), ("8", "")].map(person).into()
}
