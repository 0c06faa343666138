//! The saved answers that all supporters share (T-08).

use muticket_core::names::NameStyle;
use muticket_core::saved_answer::{ListedAnswer, SavedAnswer};
use muticket_core::{Error, SavedAnswerId};
use serde::Serialize;

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, NoFields};
use crate::form_errors::FormErrors;
use crate::page::Template;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;
use crate::saved_form::{Look, SavedForm, SavedFormModel, SavedRow};

/// The model of the list.
#[derive(Debug, Serialize)]
struct SharedPage {
    rows: Vec<SavedRow>,
    new_link: String,
}

/// The model of the form.
#[derive(Debug, Serialize)]
struct SharedFormPage {
    form: SavedFormModel,
    /// The address of the question before it is deleted; `None` for a new one.
    delete_link: Option<String>,
    new: bool,
}

/// The model of the question.
#[derive(Debug, Serialize)]
struct DeletePage {
    title: String,
    action: String,
    list_link: String,
}

/// All shared ones.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let (answers, choices) = admin.backend.saved_answers().await?;
    let look = Look::new(context, choices, NameStyle::Administrator);
    let row = |answer: &ListedAnswer| {
        let id = answer.id.to_string();
        look.row(answer, admin.to(Address::SharedAnswer(&id)), Some(admin.to(Address::DeleteSharedAnswer(&id))))
    };
    let model = SharedPage { rows: answers.iter().map(row).collect(), new_link: admin.to(Address::NewSharedAnswer) };
    let template = Template::new("backend/saved_answers", admin.say("backend-saved-title"));
    admin.page(Section::SavedAnswers, template, model).await
}

/// The form for a new one.
pub(crate) async fn new(context: &Context<'_>) -> Result<Response, Failure> {
    form_page(&context.admin().await?, None, &SavedForm::default(), FormErrors::default()).await
}

/// Adds one.
pub(crate) async fn add(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let form = form::read::<SavedForm>(context, body).await?;
    let stored = admin.backend.add_saved_answer(form.form.typed(context)).await;
    done(&admin, None, form, stored, Flash::SavedAnswerAdded).await
}

/// The form of one.
pub(crate) async fn show(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let answer = admin.backend.saved_answer(named(id)?).await?;
    form_page(&admin, Some(answer.id), &SavedForm::from(&answer), FormErrors::default()).await
}

/// Changes one.
pub(crate) async fn edit(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let form = form::read::<SavedForm>(context, body).await?;
    let id = named(id)?;
    let stored = admin.backend.edit_saved_answer(id, form.form.typed(context)).await;
    done(&admin, Some(id), form, stored, Flash::SavedAnswerSaved).await
}

/// Asks before one is deleted.
pub(crate) async fn ask(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let answer = admin.backend.saved_answer(named(id)?).await?;
    let model = DeletePage {
        title: answer.title,
        action: admin.to(Address::DeleteSharedAnswer(&answer.id.to_string())),
        list_link: admin.to(Address::SharedAnswers),
    };
    admin.page(Section::SavedAnswers, Template::new("backend/saved_delete", admin.say("saved-delete")), model).await
}

/// Deletes one.
pub(crate) async fn delete(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.delete_saved_answer(named(id)?).await?;
    Ok(admin.done(Section::SavedAnswers, Flash::SavedAnswerDeleted))
}

/// Redirects to the list, or shows the form again with the reasons.
async fn done(
    admin: &Admin<'_>,
    id: Option<SavedAnswerId>,
    form: form::Submitted<SavedForm>,
    stored: Result<SavedAnswer, Error>,
    flash: Flash,
) -> Result<Response, Failure> {
    let Err(error) = stored else { return Ok(admin.done(Section::SavedAnswers, flash)) };
    let again = match FormErrors::of(error) {
        Ok(problems) => form_page(admin, id, &form.form, problems).await,
        Err(failure) => Err(failure),
    };
    again.map_err(|failure| failure.keeping(form.fields.typed()))
}

async fn form_page(
    admin: &Admin<'_>,
    id: Option<SavedAnswerId>,
    form: &SavedForm,
    problems: FormErrors,
) -> Result<Response, Failure> {
    let (_, choices) = admin.backend.saved_answers().await?;
    let look = Look::new(admin.context, choices, NameStyle::Administrator);
    let (id, list_link) = (id.map(|id| id.to_string()), admin.to(Address::SharedAnswers));
    let action = id.as_deref().map_or(list_link.clone(), |id| admin.to(Address::SharedAnswer(id)));
    let status = problems.status();
    let model = SharedFormPage {
        form: look.form(action, list_link, form, problems),
        delete_link: id.as_deref().map(|id| admin.to(Address::DeleteSharedAnswer(id))),
        new: id.is_none(),
    };
    let title = admin.say(if model.new { "saved-new" } else { "saved-edit" });
    admin.page(Section::SavedAnswers, Template::new("backend/saved_answer", title).with_status(status), model).await
}
