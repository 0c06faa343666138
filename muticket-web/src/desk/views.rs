//! The saved views of a supporter (T-12). They are opened and saved on the list of tickets, and managed here.

use http::StatusCode;
use muticket_core::desk::Views;
use muticket_core::overview::{Filter, NamedView};
use muticket_core::saved_view::{FirstView, SavedView, sort_views};
use muticket_core::{Error, Field, FieldError, Problem, SavedViewId};
use serde::Serialize;

use crate::address::Address;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form, ListForm, NoFields};
use crate::form_errors::FormErrors;
use crate::list::List;
use crate::page::Template;
use crate::query::{named, query_of};
use crate::request::RequestBody;
use crate::response::Response;

/// The model of the page.
#[derive(Debug, Serialize)]
struct ViewsPage {
    /// The list from which the page was opened.
    back: String,
    /// The form that saves a list, if it was refused.
    save: Option<NameForm>,
    own: Vec<ViewRow>,
    shared: Vec<ViewRow>,
    /// The form that chooses the view that opens first.
    first: FirstModel,
}

/// A saved view.
#[derive(Debug, Serialize)]
struct ViewRow {
    id: String,
    name: String,
    link: String,
    /// Whether it opens first.
    first: bool,
    /// The forms that change it; `None` if the supporter may not.
    forms: Option<RowForms>,
}

/// What may be done with a saved view.
#[derive(Debug, Serialize)]
struct RowForms {
    rename: NameForm,
    /// Shares it, or takes it back; `None` if the supporter may not.
    share: Option<String>,
    remove_link: String,
}

/// A form with a name.
#[derive(Debug, Serialize)]
struct NameForm {
    action: String,
    name: String,
    /// The list that is saved; empty for a view that is renamed.
    list: List,
    problems: FormErrors,
}

/// The form that chooses the view that opens first.
#[derive(Debug, Serialize)]
struct FirstModel {
    action: String,
    choices: Vec<FirstChoice>,
}

/// A view that can open first.
#[derive(Debug, Serialize)]
struct FirstChoice {
    /// The word of a ready view, or the id of a saved one.
    value: String,
    /// The name of a saved view; `None` for a ready one.
    name: Option<String>,
    chosen: bool,
}

/// The model of the question.
#[derive(Debug, Serialize)]
struct RemovePage {
    name: String,
    shared: bool,
    action: String,
    list_link: String,
}

/// The form that saves a list or renames a view.
struct SaveForm {
    name: String,
    list: List,
}

impl Form for SaveForm {
    fn read(fields: &Fields) -> Self {
        Self { name: fields.text("view_name").to_owned(), list: fields.parsed("list").unwrap_or_default() }
    }
}

/// The form that chooses the view that opens first. `view` is empty for none.
struct FirstForm {
    /// `None` if it is no view.
    first: Option<Option<FirstView>>,
}

impl Form for FirstForm {
    fn read(fields: &Fields) -> Self {
        let first = match fields.text("view") {
            "" => Some(None),
            text => {
                let ready = || text.parse::<NamedView>().ok().map(FirstView::Ready);
                text.parse::<SavedViewId>().ok().map(FirstView::Saved).or_else(ready).map(Some)
            }
        };
        Self { first }
    }
}

/// A form that was refused: its view (`None` for the form that saves a list), what was typed, and what is wrong with it.
struct RefusedView {
    id: Option<SavedViewId>,
    form: SaveForm,
    problems: FormErrors,
}

/// The supporter's own views, and the shared ones.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    page(context, None).await
}

/// Saves a list as a view, and opens it.
pub(crate) async fn save(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<SaveForm>(context, body).await?;
    let desk = context.desk().await.map_err(|error| form.failed(error))?;
    match desk.save_view(&form.form.name, &form.form.list.filter()).await {
        Ok(view) => Ok(context.done(&link(context, &view), Flash::ViewSaved)),
        Err(error) => {
            let typed = form.fields.typed();
            show_again(context, None, form.form, error).await.map_err(|failure| failure.keeping(typed))
        }
    }
}

/// Renames a view.
pub(crate) async fn rename(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<SaveForm>(context, body).await?;
    let desk = context.desk().await.map_err(|error| form.failed(error))?;
    let id = named(id)?;
    match desk.rename_view(id, &form.form.name).await {
        Ok(()) => Ok(done(context, Flash::ViewRenamed)),
        Err(error) => {
            let typed = form.fields.typed();
            show_again(context, Some(id), form.form, error).await.map_err(|failure| failure.keeping(typed))
        }
    }
}

/// Replaces what a view holds, and opens it.
pub(crate) async fn replace(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let ListForm { list } = form::read(context, body).await?.form;
    let desk = context.desk().await?;
    let id = named::<SavedViewId>(id)?;
    match desk.replace_view(id, &list.filter()).await {
        Ok(()) => Ok(context.done(&format!("{}?view={id}", context.links().tickets()), Flash::ViewReplaced)),
        // The page offers this only for a list that can be read.
        Err(Error::Invalid(_)) => Err(Failure::bad_request()),
        Err(error) => Err(error.into()),
    }
}

/// Shares a view with all supporters.
pub(crate) async fn share(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    form::read::<NoFields>(context, body).await?;
    let id = named(id)?;
    let shared = context.desk().await?.share_view(id).await;
    given(context, id, shared, Flash::ViewShared).await
}

/// Takes a shared view back.
pub(crate) async fn unshare(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    form::read::<NoFields>(context, body).await?;
    let id = named(id)?;
    let taken = context.desk().await?.unshare_view(id).await;
    given(context, id, taken, Flash::ViewUnshared).await
}

/// Chooses the view that opens first.
pub(crate) async fn open_first(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let FirstForm { first } = form::read(context, body).await?.form;
    context.desk().await?.open_first(first.ok_or(Error::NotFound)?).await?;
    Ok(done(context, Flash::FirstViewChosen))
}

/// Asks before a view is deleted.
pub(crate) async fn ask(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let view = context.desk().await?.view_to_change(named(id)?).await?;
    let model = RemovePage {
        name: view.name.as_str().to_owned(),
        shared: view.owner.is_none(),
        action: context.links().to(Address::RemoveView(&view.id.to_string())),
        list_link: context.links().to(Address::Views),
    };
    context.page(Template::new("desk/view-remove", context.say("views-remove")), model)
}

/// Deletes a view.
pub(crate) async fn remove(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    form::read::<NoFields>(context, body).await?;
    context.desk().await?.delete_view(named(id)?).await?;
    Ok(done(context, Flash::ViewDeleted))
}

fn done(context: &Context<'_>, flash: Flash) -> Response {
    context.done(&context.links().to(Address::Views), flash)
}

/// The list of a saved view.
fn link(context: &Context<'_>, view: &SavedView) -> String {
    context.links().tickets() + &query_of(&Filter::of_saved(view.clone()))
}

/// Redirects to the page of the views, or shows it again with the reason beside the name of the view.
async fn given(context: &Context<'_>, id: SavedViewId, given: Result<(), Error>, flash: Flash) -> Result<Response, Failure> {
    let Err(error) = given else { return Ok(done(context, flash)) };
    let problems = FormErrors::of(error)?;
    let views = context.desk().await?.views().await?;
    let view = views.own.iter().chain(&views.shared).find(|view| view.id == id).ok_or(Error::NotFound)?;
    let form = SaveForm { name: view.name.as_str().to_owned(), list: List::default() };
    shown(context, views, Some(RefusedView { id: Some(id), form, problems }))
}

async fn show_again(context: &Context<'_>, id: Option<SavedViewId>, form: SaveForm, error: Error) -> Result<Response, Failure> {
    page(context, Some(RefusedView { id, form, problems: FormErrors::of(error)? })).await
}

/// The page as it is shown again when a list is saved without a name.
pub(crate) async fn refused(context: &Context<'_>) -> Result<Response, Failure> {
    let errors = [(Field::ViewName, Problem::Empty), (Field::ViewFilter, Problem::Unknown)];
    let errors = errors.map(|(field, problem)| FieldError { field, problem });
    let form = SaveForm { name: String::new(), list: List::default() };
    page(context, Some(RefusedView { id: None, form, problems: FormErrors::from_errors(&errors) })).await
}

async fn page(context: &Context<'_>, refused: Option<RefusedView>) -> Result<Response, Failure> {
    let views = context.desk().await?.views().await?;
    shown(context, views, refused)
}

fn shown(context: &Context<'_>, mut views: Views, mut refused: Option<RefusedView>) -> Result<Response, Failure> {
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.problems.status());
    sort_views(&mut views.own, context.language(), |view| view);
    sort_views(&mut views.shared, context.language(), |view| view);
    let first = first_model(context, &views);
    let mut rows = |all: &[SavedView]| {
        let one = |view: &SavedView| {
            let sent = refused.take_if(|refused| refused.id == Some(view.id));
            row(context, &views, view, sent)
        };
        all.iter().map(one).collect::<Vec<_>>()
    };
    let (own, shared) = (rows(&views.own), rows(&views.shared));
    let save = match refused {
        Some(RefusedView { id: None, form: SaveForm { name, list }, problems }) => {
            Some(NameForm { action: context.links().to(Address::Views), name, list, problems })
        }
        // The view is gone.
        Some(RefusedView { id: Some(_), .. }) => return Err(Error::NotFound.into()),
        None => None,
    };
    let template = Template::new("desk/views", context.say("views-title")).with_status(status);
    let back = List::of(context.query()).back(context.links());
    context.page(template, ViewsPage { back, save, own, shared, first })
}

fn row(context: &Context<'_>, views: &Views, view: &SavedView, refused: Option<RefusedView>) -> ViewRow {
    let (id, links) = (view.id.to_string(), context.links());
    let stored = || (view.name.as_str().to_owned(), FormErrors::default());
    let (name, problems) = refused.map_or_else(stored, |refused| (refused.form.name, refused.problems));
    let share = if view.owner.is_some() { Address::ShareView(&id) } else { Address::UnshareView(&id) };
    let forms = || RowForms {
        rename: NameForm { action: links.to(Address::View(&id)), name, list: List::default(), problems },
        share: views.may_share.then(|| links.to(share)),
        remove_link: links.to(Address::RemoveView(&id)),
    };
    ViewRow {
        name: view.name.as_str().to_owned(),
        link: link(context, view),
        first: views.first == Some(FirstView::Saved(view.id)),
        forms: (view.owner.is_some() || views.may_share).then(forms),
        id: id.clone(),
    }
}

fn first_model(context: &Context<'_>, views: &Views) -> FirstModel {
    let ready = NamedView::ALL.iter().map(|view| FirstChoice {
        value: view.as_str().to_owned(),
        name: None,
        chosen: views.first == Some(FirstView::Ready(*view)),
    });
    let saved = views.own.iter().chain(&views.shared).map(|view| FirstChoice {
        value: view.id.to_string(),
        name: Some(view.name.as_str().to_owned()),
        chosen: views.first == Some(FirstView::Saved(view.id)),
    });
    FirstModel { action: context.links().to(Address::FirstView), choices: ready.chain(saved).collect() }
}

#[cfg(test)]
mod tests {
    use minijinja::value::Serde;
    use minijinja::{Value, context};

    use super::*;
    use crate::view::testing::in_every_language;

    fn pages(name: &str, page: impl Serialize) -> [String; 2] {
        let user = context! { id => "ada", name => "Ada", admin => true };
        let frame = context! { user, supporter => true, token => "TOKEN", nonce => "NONCE", notice => "view-saved" };
        let pages = in_every_language(&format!("{name}.html"), context! { frame, page => Value::from(Serde(page)) });
        for html in &pages {
            let forms = html.matches("method=\"post\"").count();
            assert_eq!(forms, html.matches("name=\"token\" value=\"TOKEN\"").count(), "{html}");
        }
        pages
    }

    fn form(name: &str, problem: Option<Problem>) -> NameForm {
        let errors: Vec<_> = problem.into_iter().map(|problem| FieldError { field: Field::ViewName, problem }).collect();
        let problems = FormErrors::from_errors(&errors);
        NameForm { action: "/a".to_owned(), name: name.to_owned(), list: List::default(), problems }
    }

    fn row(id: &str, forms: Option<RowForms>) -> ViewRow {
        ViewRow { id: id.to_owned(), name: "<Bills>".to_owned(), link: "/l".to_owned(), first: id == "1", forms }
    }

    fn first() -> FirstModel {
        let choice = |value: &str, name: Option<&str>| FirstChoice {
            value: value.to_owned(),
            name: name.map(str::to_owned),
            chosen: name.is_some(),
        };
        FirstModel { action: "/f".to_owned(), choices: vec![choice("mine", None), choice("1", Some("<Bills>"))] }
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let forms = |problem, share: Option<&str>| {
            Some(RowForms { rename: form("<x>", problem), share: share.map(str::to_owned), remove_link: "/r".to_owned() })
        };
        let own = || vec![row("1", forms(Some(Problem::Taken), Some("/s"))), row("2", forms(None, None))];
        let shared = || vec![row("3", forms(Some(Problem::TooMany { max: 20 }), Some("/u"))), row("4", None)];
        let back = || "/support/tickets?a=b".to_owned();
        let save = || Some(form("", Some(Problem::Empty)));
        for html in pages("desk/views", ViewsPage { back: back(), save: save(), own: own(), shared: shared(), first: first() }) {
            assert!(html.contains("&lt;Bills&gt;") && !html.contains("<Bills>"), "{html}");
            assert_eq!(html.matches("class=\"field-error\"").count(), 3, "{html}");
            assert_eq!(html.matches(" selected>").count(), 1, "{html}");
        }
        for html in
            pages("desk/views", ViewsPage { back: back(), save: None, own: Vec::new(), shared: Vec::new(), first: first() })
        {
            assert!(html.contains("class=\"empty\""), "{html}");
        }
    }

    #[test]
    fn the_question_says_whether_the_view_is_shared() {
        let page = |shared| RemovePage { name: "<x>".to_owned(), shared, action: "/r".to_owned(), list_link: "/l".to_owned() };
        let [own, shared] = [false, true].map(|shared| pages("desk/view-remove", page(shared)));
        assert!(own.iter().zip(&shared).all(|(own, shared)| own != shared && own.contains("&lt;x&gt;")));
    }
}
