//! The categories that MuTicket stores (D-08). If the host has its own categories, these pages do not exist.

use http::StatusCode;
use muticket_core::backend::{CategoryNames, MoveDirection};
use muticket_core::{Category, CategoryId, Error, Field, FieldError, Language, Problem};
use serde::Serialize;

use crate::address::{Address, percent_encoded};
use crate::backend::admin::Admin;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form, NoFields};
use crate::form_errors::FormErrors;
use crate::page::Template;
use crate::query::is_identifier;
use crate::request::RequestBody;
use crate::response::Response;

/// The model of the page.
#[derive(Debug, Serialize)]
struct CategoriesPage {
    rows: Vec<CategoryRow>,
    /// The URL that sorts the categories by name again; `None` if they already are.
    sort_action: Option<String>,
    add: NameForm,
}

/// A category.
#[derive(Debug, Serialize)]
struct CategoryRow {
    id: String,
    name: String,
    form: NameForm,
    up_action: Option<String>,
    down_action: Option<String>,
    remove_action: String,
}

/// The form for the names of one category.
#[derive(Debug, Serialize)]
struct NameForm {
    action: String,
    names: Vec<Name>,
    problems: FormErrors,
}

/// The name in one language.
#[derive(Debug, Serialize)]
struct Name {
    tag: String,
    /// The name of the language in that language.
    language: String,
    text: String,
}

/// The names from the form: every field `name_LANGUAGE`.
struct CategoryForm(Vec<(Language, String)>);

/// All categories, each with a form for its names.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    page(&context.admin().await?, None).await
}

/// Adds a category.
pub(crate) async fn add(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let form = form::read::<CategoryForm>(context, body).await?;
    let names = form.form.names(&admin);
    match admin.backend.add_category(&names).await {
        Ok(_) => Ok(admin.done(Section::Categories, Flash::CategoryAdded)),
        Err(error) => show_again(&admin, None, names, error).await.map_err(|failure| failure.keeping(form.fields.typed())),
    }
}

/// Changes the names of a category.
pub(crate) async fn rename(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let form = form::read::<CategoryForm>(context, body).await?;
    let (id, names) = (category(id)?, form.form.names(&admin));
    match admin.backend.rename_category(id.clone(), &names).await {
        Ok(()) => Ok(admin.done(Section::Categories, Flash::CategorySaved)),
        Err(error) => show_again(&admin, Some(id), names, error).await.map_err(|failure| failure.keeping(form.fields.typed())),
    }
}

/// Removes a category. Tickets that have it keep it.
pub(crate) async fn remove(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.remove_category(category(id)?).await?;
    Ok(admin.done(Section::Categories, Flash::CategoryRemoved))
}

/// Moves a category one place up.
pub(crate) async fn up(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    step(context, id, body, MoveDirection::Up).await
}

/// Moves a category one place down.
pub(crate) async fn down(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    step(context, id, body, MoveDirection::Down).await
}

/// Redirects to the new place of the category, where the next step can be made.
async fn step(context: &Context<'_>, id: &str, body: RequestBody<'_>, direction: MoveDirection) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    let id = category(id)?;
    let to = format!("{}#category-{}", admin.to(Address::Categories), percent_encoded(id.as_str()));
    admin.backend.move_category(id, direction, context.language()).await?;
    Ok(Response::see_other(&to))
}

/// Sorts the categories by name again.
pub(crate) async fn sort(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.sort_categories_by_name().await?;
    Ok(admin.done(Section::Categories, Flash::CategoriesSorted))
}

fn category(id: &str) -> Result<CategoryId, Error> {
    if is_identifier(id) { Ok(CategoryId::new(id)) } else { Err(Error::NotFound) }
}

/// A form that was refused: its category (`None` for the form that adds one), the typed names, and what is wrong with them.
struct RefusedNames {
    id: Option<CategoryId>,
    names: CategoryNames,
    problems: FormErrors,
}

async fn show_again(admin: &Admin<'_>, id: Option<CategoryId>, names: CategoryNames, error: Error) -> Result<Response, Failure> {
    page(admin, Some(RefusedNames { id, names, problems: FormErrors::of(error)? })).await
}

/// The page as it is shown again when a new category has no name.
pub(crate) async fn refused(context: &Context<'_>) -> Result<Response, Failure> {
    let fields = context.shared.view.languages().map(|language| Field::Name(language.as_str().to_owned()));
    let errors: Vec<_> = fields.map(|field| FieldError { field, problem: Problem::Empty }).collect();
    let refused = RefusedNames { id: None, names: CategoryNames(Vec::new()), problems: FormErrors::from_errors(&errors) };
    page(&context.admin().await?, Some(refused)).await
}

async fn page(admin: &Admin<'_>, mut refused: Option<RefusedNames>) -> Result<Response, Failure> {
    let all = admin.backend.categories().await?;
    let categories = all.in_order(admin.context.language());
    if let Some(RefusedNames { id: Some(id), .. }) = &refused
        && !categories.iter().any(|category| category.id == *id)
    {
        return Err(Error::NotFound.into());
    }
    let status = refused.as_ref().map_or(StatusCode::OK, |refused| refused.problems.status());
    let here = admin.to(Address::Categories);
    let mut rows = Vec::with_capacity(categories.len());
    for (place, category) in categories.iter().enumerate() {
        let sent = refused.take_if(|refused| refused.id.as_ref() == Some(&category.id));
        rows.push(row(admin, category, (place, categories.len()), sent));
    }
    let add = refused.map_or_else(
        || name_form(admin, here.clone(), &[], FormErrors::default()),
        |refused| name_form(admin, here.clone(), &refused.names.0, refused.problems),
    );
    let sort_action = all.are_arranged().then(|| admin.to(Address::CategoryOrder));
    let template = Template::new("backend/categories", admin.say("backend-categories-title")).with_status(status);
    admin.page(Section::Categories, template, CategoriesPage { rows, sort_action, add }).await
}

fn row(admin: &Admin<'_>, category: &Category, (place, of): (usize, usize), refused: Option<RefusedNames>) -> CategoryRow {
    let id = category.id.as_str();
    let action = admin.to(Address::Category(id));
    let form = match refused {
        Some(refused) => name_form(admin, action, &refused.names.0, refused.problems),
        None => name_form(admin, action, &category.names, FormErrors::default()),
    };
    CategoryRow {
        id: id.to_owned(),
        name: category.name(admin.context.language()).to_owned(),
        form,
        up_action: (place > 0).then(|| admin.to(Address::CategoryUp(id))),
        down_action: (place + 1 < of).then(|| admin.to(Address::CategoryDown(id))),
        remove_action: admin.to(Address::RemoveCategory(id)),
    }
}

/// A form with one field for each language of the pages.
fn name_form(admin: &Admin<'_>, action: String, names: &[(Language, String)], problems: FormErrors) -> NameForm {
    let view = &admin.context.shared.view;
    let name = |language: &Language| Name {
        tag: language.as_str().to_owned(),
        language: view.say(language, "language-name"),
        text: names.iter().find(|(tag, _)| tag == language).map(|(_, text)| text.clone()).unwrap_or_default(),
    };
    NameForm { action, names: view.languages().map(name).collect(), problems }
}

impl Form for CategoryForm {
    fn read(fields: &Fields) -> Self {
        let named = |(tag, text): (&str, &str)| Some((Language::parse(tag)?, text.to_owned()));
        Self(fields.beginning_with("name_").filter_map(named).collect())
    }
}

impl CategoryForm {
    /// The names in all languages for which the form has fields. A missing field counts as empty.
    fn names(&self, admin: &Admin<'_>) -> CategoryNames {
        let of = |language: &Language| {
            let typed = self.0.iter().find(|(tag, _)| tag == language);
            (language.clone(), typed.map(|(_, text)| text.clone()).unwrap_or_default())
        };
        CategoryNames(admin.context.shared.view.languages().map(of).collect())
    }
}

#[cfg(test)]
mod tests {
    use muticket_core::{Field, FieldError, Problem};

    use super::*;
    use crate::backend::testing::pages;

    fn form(action: &str, problem: Option<Problem>) -> NameForm {
        let name = |tag: &str| Name { tag: tag.to_owned(), language: tag.to_uppercase(), text: format!("{tag} \"&\"") };
        let errors: Vec<_> =
            problem.into_iter().map(|problem| FieldError { field: Field::Name("de".to_owned()), problem }).collect();
        NameForm { action: action.to_owned(), names: vec![name("de"), name("en")], problems: FormErrors::from_errors(&errors) }
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let too_long = Some(Problem::TooLong { max: 80, length: 81 });
        let row = |name: &str, problem| CategoryRow {
            id: "\"<7>".to_owned(),
            name: name.to_owned(),
            form: form("/c", problem),
            up_action: Some("/u".to_owned()),
            down_action: Some("/d".to_owned()),
            remove_action: "/r".to_owned(),
        };
        let rows = vec![row("Geräte", None), row("Rechnungen", too_long)];
        let sort_action = Some("/s".to_owned());
        for html in pages("backend/categories", CategoriesPage { rows, sort_action, add: form("/a", Some(Problem::Empty)) }) {
            assert!(html.contains("de &quot;&amp;&quot;") && html.contains("80"), "{html}");
            assert_eq!(html.matches("class=\"field-error\"").count(), 2, "{html}");
        }
    }

    #[test]
    fn an_empty_page_says_what_categories_are_good_for() {
        for html in pages("backend/categories", CategoriesPage { rows: Vec::new(), sort_action: None, add: form("/a", None) }) {
            assert!(html.contains("class=\"empty\"") && html.contains("action=\"&#x2f;a\""), "{html}");
        }
    }
}
