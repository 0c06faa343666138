//! The saved answers of a supporter (T-08). Those that all supporters share can be read here; administrators change them in the backend.

use muticket_core::names::NameStyle;
use muticket_core::saved_answer::{ListedAnswer, SavedAnswer};
use muticket_core::{Error, SavedAnswerId};
use serde::Serialize;

use crate::address::Address;
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
struct SavedPage {
    own: Vec<SavedRow>,
    shared: Vec<SavedRow>,
    new_link: String,
}

/// The model of the page with one saved answer.
#[derive(Debug, Serialize)]
struct OneSavedPage {
    /// The form; `None` for a shared one.
    form: Option<SavedFormModel>,
    title: String,
    texts: Vec<String>,
    /// The address of the question before it is deleted; `None` for a shared or a new one.
    delete_link: Option<String>,
    list_link: String,
}

/// The model of the question.
#[derive(Debug, Serialize)]
struct DeletePage {
    title: String,
    action: String,
    list_link: String,
}

/// The supporter's own saved answers, and the shared ones.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    let desk = context.desk().await?;
    let answers = desk.saved_answers().await?;
    let look = Look::new(context, desk.saved_choices(), NameStyle::Supporter);
    let row = |answer: &ListedAnswer| {
        let id = answer.id.to_string();
        let delete = answer.owner.is_some().then(|| context.links().to(Address::DeleteSavedAnswer(&id)));
        look.row(answer, context.links().to(Address::SavedAnswer(&id)), delete)
    };
    let (own, shared): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.owner.is_some());
    let model = SavedPage {
        own: own.into_iter().map(row).collect(),
        shared: shared.into_iter().map(row).collect(),
        new_link: context.links().to(Address::NewSavedAnswer),
    };
    context.page(Template::new("desk/saved-answers", context.say("saved-title")), model)
}

/// The form for a new one.
pub(crate) async fn new(context: &Context<'_>) -> Result<Response, Failure> {
    context.desk().await?;
    form_page(context, None, &SavedForm::default(), FormErrors::default()).await
}

/// Adds one.
pub(crate) async fn add(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<SavedForm>(context, body).await?;
    let desk = context.desk().await.map_err(|error| form.failed(error))?;
    let stored = desk.add_saved_answer(form.form.typed(context)).await;
    done(context, None, form, stored, Flash::SavedAnswerAdded).await
}

/// The form of an own one, or the texts of a shared one.
pub(crate) async fn show(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let answer = context.desk().await?.saved_answer(named(id)?).await?;
    if answer.owner.is_some() {
        return form_page(context, Some(answer.id), &SavedForm::from(&answer), FormErrors::default()).await;
    }
    let model = OneSavedPage {
        form: None,
        texts: answer.texts.iter().map(|(_, text)| text.as_str().to_owned()).collect(),
        title: answer.title,
        delete_link: None,
        list_link: context.links().to(Address::SavedAnswers),
    };
    context.page(Template::new("desk/saved-answer", context.say("saved-title")), model)
}

/// Changes one.
pub(crate) async fn edit(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<SavedForm>(context, body).await?;
    let desk = context.desk().await.map_err(|error| form.failed(error))?;
    let id = named(id)?;
    let stored = desk.edit_saved_answer(id, form.form.typed(context)).await;
    done(context, Some(id), form, stored, Flash::SavedAnswerSaved).await
}

/// Asks before one is deleted.
pub(crate) async fn ask(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let answer = context.desk().await?.own_saved_answer(named(id)?).await?;
    let model = DeletePage {
        title: answer.title,
        action: context.links().to(Address::DeleteSavedAnswer(&answer.id.to_string())),
        list_link: context.links().to(Address::SavedAnswers),
    };
    context.page(Template::new("desk/saved-delete", context.say("saved-delete")), model)
}

/// Deletes one.
pub(crate) async fn delete(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    form::read::<NoFields>(context, body).await?;
    context.desk().await?.delete_saved_answer(named(id)?).await?;
    Ok(context.done(&context.links().to(Address::SavedAnswers), Flash::SavedAnswerDeleted))
}

/// Redirects to the list, or shows the form again with the reasons.
async fn done(
    context: &Context<'_>,
    id: Option<SavedAnswerId>,
    form: form::Submitted<SavedForm>,
    stored: Result<SavedAnswer, Error>,
    flash: Flash,
) -> Result<Response, Failure> {
    let Err(error) = stored else { return Ok(context.done(&context.links().to(Address::SavedAnswers), flash)) };
    let again = match FormErrors::of(error) {
        Ok(problems) => form_page(context, id, &form.form, problems).await,
        Err(failure) => Err(failure),
    };
    again.map_err(|failure| failure.keeping(form.fields.typed()))
}

async fn form_page(
    context: &Context<'_>,
    id: Option<SavedAnswerId>,
    form: &SavedForm,
    problems: FormErrors,
) -> Result<Response, Failure> {
    let look = Look::new(context, context.desk().await?.saved_choices(), NameStyle::Supporter);
    let (id, list_link) = (id.map(|id| id.to_string()), context.links().to(Address::SavedAnswers));
    let action = id.as_deref().map_or(list_link.clone(), |id| context.links().to(Address::SavedAnswer(id)));
    let status = problems.status();
    let model = OneSavedPage {
        form: Some(look.form(action, list_link.clone(), form, problems)),
        title: String::new(),
        texts: Vec::new(),
        delete_link: id.as_deref().map(|id| context.links().to(Address::DeleteSavedAnswer(id))),
        list_link,
    };
    let title = context.say(if id.is_some() { "saved-edit" } else { "saved-new" });
    context.page(Template::new("desk/saved-answer", title).with_status(status), model)
}
