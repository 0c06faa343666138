//! One supporter's record: editing and removing it (R-14).

use muticket_core::{Field, FieldError, Problem, SupporterId};
use serde::Serialize;

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::backend::section::Section;
use crate::backend::supporters::{CategoryChoice, SupporterForm, SupporterName, choices, names_of};
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, NoFields};
use crate::form_errors::FormErrors;
use crate::page::Template;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The model of the form.
#[derive(Debug, Serialize)]
struct EditSupporterPage {
    name: SupporterName,
    member: bool,
    present: bool,
    categories: Vec<CategoryChoice>,
    action: String,
    remove_action: String,
    statistics_link: String,
    list_link: String,
    problems: FormErrors,
}

/// The form with the stored values.
pub(crate) async fn edit(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    page(&context.admin().await?, named(id)?, None, FormErrors::default()).await
}

/// Changes presence and categories.
pub(crate) async fn update(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let typed: SupporterForm = form::read(context, body).await?.form;
    let id = named(id)?;
    match admin.backend.edit_supporter(id, typed.edit()).await {
        Ok(_) => Ok(admin.done(Section::Supporters, Flash::SupporterSaved)),
        Err(error) => page(&admin, id, Some(typed), FormErrors::of(error)?).await,
    }
}

/// Removes the record. The supporter's messages stay.
pub(crate) async fn remove(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.remove_supporter(named(id)?).await?;
    Ok(admin.done(Section::Supporters, Flash::SupporterRemoved))
}

/// The form as it is shown again with errors.
pub(crate) async fn refused(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let errors = [FieldError { field: Field::Category, problem: Problem::Unknown }];
    page(&context.admin().await?, named(id)?, None, FormErrors::from_errors(&errors)).await
}

async fn page(
    admin: &Admin<'_>,
    id: SupporterId,
    typed: Option<SupporterForm>,
    problems: FormErrors,
) -> Result<Response, Failure> {
    let team = admin.backend.supporters().await?;
    let report = team.supporters.iter().find(|report| report.supporter.id == id);
    let report = report.ok_or(muticket_core::Error::NotFound)?;
    let stored = &report.supporter;
    let (present, ticked) = match &typed {
        Some(typed) => (typed.present, &typed.categories),
        None => (stored.present, &stored.categories),
    };
    let link = admin.context.links().supporter(id);
    let status = problems.status();
    let model = EditSupporterPage {
        name: SupporterName::among(&names_of(&team), report),
        member: report.member,
        present,
        categories: choices(&team.categories, ticked, admin.context.language()),
        remove_action: admin.to(Address::RemoveSupporter(&id.to_string())),
        action: link.clone(),
        statistics_link: link,
        list_link: admin.to(Address::Supporters),
        problems,
    };
    let title = format!("{} · {}", model.name.as_str(), admin.say("backend-supporter-edit-title"));
    let template = Template::new("backend/supporter_edit", title).with_status(status);
    admin.page(Section::Supporters, template, model).await
}

#[cfg(test)]
mod tests {
    use muticket_core::{Field, FieldError, Problem};

    use super::*;
    use crate::backend::supporters::tests::{name, some_choices};
    use crate::backend::testing::pages;

    #[test]
    fn the_page_has_all_its_sentences() {
        for (who, member) in [(Some("Sara"), true), (None, false)] {
            let model = EditSupporterPage {
                name: name(who),
                member,
                present: true,
                categories: some_choices(),
                action: "/a".to_owned(),
                remove_action: "/r".to_owned(),
                statistics_link: "/s".to_owned(),
                list_link: "/l".to_owned(),
                problems: FormErrors::from_errors(&[FieldError { field: Field::Category, problem: Problem::Unknown }]),
            };
            for html in pages("backend/supporter_edit", model) {
                assert!(html.contains("category-problem") && html.contains("button-danger"), "{html}");
                // One warning says that support is off, one that letters are held, and one that the record has no effect.
                assert_eq!(html.matches("notice-warning").count(), if member { 2 } else { 3 }, "{html}");
            }
        }
    }
}
