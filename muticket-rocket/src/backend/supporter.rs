//! One supporter's record: editing and removing it (R-14).

use muticket_core::{Field, FieldError, Problem, SupporterId};
use rocket::{get, post};
use serde::Serialize;

use crate::backend::Section;
use crate::backend::supporters::{CategoryChoice, Name, Typed, choices, names_of};
use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::guards::Admin;
use crate::notice::Notice;
use crate::page::{Done, Rendered};
use crate::problem::{Problems, Sent};
use crate::query::named;

/// The model of the form.
#[derive(Debug, Serialize)]
struct Model {
    name: Name,
    member: bool,
    present: bool,
    categories: Vec<CategoryChoice>,
    action: String,
    remove_action: String,
    statistics_link: String,
    list_link: String,
    problems: Problems,
}

/// The form with the stored values.
#[get("/backend/supporters/<id>/edit")]
pub(super) async fn edit(admin: Admin<'_>, id: &str) -> Result<Rendered, Failure> {
    page(&admin, named(id)?, None, Problems::default()).await
}

/// Changes presence and categories.
#[post("/backend/supporters/<id>", data = "<form>")]
pub(super) async fn update(admin: Admin<'_>, id: &str, form: Protected<Typed>) -> Result<Sent, Failure> {
    let id = named(id)?;
    match admin.backend.edit_supporter(id, form.form.edit()).await {
        Ok(_) => Ok(Sent::Done(back(&admin, Notice::SupporterSaved))),
        Err(error) => {
            let problems = Problems::of(error)?;
            Ok(Sent::Again(page(&admin, id, Some(form.form), problems).await?))
        }
    }
}

/// Removes the record. The supporter's messages stay.
#[post("/backend/supporters/<id>/remove", data = "<_form>")]
pub(super) async fn remove(admin: Admin<'_>, id: &str, _form: Protected<Nothing>) -> Result<Done, Failure> {
    admin.backend.remove_supporter(named(id)?).await?;
    Ok(back(&admin, Notice::SupporterRemoved))
}

fn back(admin: &Admin<'_>, notice: Notice) -> Done {
    Done { to: admin.site.links.backend(Section::Supporters.path()), notice }
}

/// The form as it is shown again with problems.
pub(super) async fn refused(admin: Admin<'_>, id: &str) -> Result<Rendered, Failure> {
    let errors = [FieldError { field: Field::Category, problem: Problem::Unknown }];
    page(&admin, named(id)?, None, Problems::from_errors(&errors)).await
}

async fn page(admin: &Admin<'_>, id: SupporterId, typed: Option<Typed>, problems: Problems) -> Result<Rendered, Failure> {
    let team = admin.backend.supporters().await?;
    let report = team.supporters.iter().find(|report| report.supporter.id == id);
    let report = report.ok_or(muticket_core::Error::NotFound)?;
    let stored = &report.supporter;
    let (present, ticked) = match &typed {
        Some(typed) => (typed.present, &typed.categories),
        None => (stored.present, &stored.categories),
    };
    let link = admin.site.links.supporter(id);
    let status = problems.status();
    let model = Model {
        name: Name::among(&names_of(&team), report),
        member: report.member,
        present,
        categories: choices(&team.categories, ticked, &admin.frame().asker.language),
        remove_action: format!("{link}/remove"),
        action: link.clone(),
        statistics_link: link,
        list_link: admin.site.links.backend(Section::Supporters.path()),
        problems,
    };
    let title = format!("{} · {}", model.name.as_str(), admin.say("backend-supporter-edit-title"));
    admin.page(status, "backend/supporter_edit", (Section::Supporters, title), model).await
}

/// A form that has only a button.
pub(super) struct Nothing;

impl Form for Nothing {
    fn read(_: &Fields) -> Self {
        Self
    }
}

#[cfg(test)]
mod tests {
    use muticket_core::{Field, FieldError, Problem};

    use super::*;
    use crate::backend::supporters::tests::{name, some_choices};
    use crate::backend::tests::pages;

    #[test]
    fn the_page_has_all_its_sentences() {
        for (who, member) in [(Some("Sara"), true), (None, false)] {
            let model = Model {
                name: name(who),
                member,
                present: true,
                categories: some_choices(),
                action: "/a".to_owned(),
                remove_action: "/r".to_owned(),
                statistics_link: "/s".to_owned(),
                list_link: "/l".to_owned(),
                problems: Problems::from_errors(&[FieldError { field: Field::Category, problem: Problem::Unknown }]),
            };
            for html in pages("backend/supporter_edit", model) {
                assert!(html.contains("category-problem") && html.contains("button-danger"), "{html}");
                // One warning says that support is off, one that letters are held, and one that the record has no effect.
                assert_eq!(html.matches("notice-warning").count(), if member { 2 } else { 3 }, "{html}");
            }
        }
    }
}
