//! The categories that MuTicket stores (D-08). If the host has its own categories, these pages do not exist.

use muticket_core::backend::{CategoryNames, Way};
use muticket_core::{Category, CategoryId, Error, Field, FieldError, Language, Problem};
use rocket::http::Status;
use rocket::{get, post};
use serde::Serialize;

use crate::backend::Section;
use crate::backend::supporter::Nothing;
use crate::error::Failure;
use crate::form::{Fields, Form, Protected};
use crate::guards::Admin;
use crate::links::percent_encoded;
use crate::notice::Notice;
use crate::page::{Done, Moved, Rendered};
use crate::problem::{Problems, Sent};
use crate::query::is_identifier;

/// The model of the page.
#[derive(Debug, Serialize)]
struct Model {
    rows: Vec<Row>,
    /// The URL that sorts the categories by name again; `None` if they already are.
    sort_action: Option<String>,
    add: NameForm,
}

/// A category.
#[derive(Debug, Serialize)]
struct Row {
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
    problems: Problems,
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
pub(super) struct Typed(Vec<(Language, String)>);

/// All categories, each with a form for its names.
#[get("/backend/categories")]
pub(super) async fn list(admin: Admin<'_>) -> Result<Rendered, Failure> {
    page(&admin, None).await
}

/// Adds a category.
#[post("/backend/categories", data = "<form>")]
pub(super) async fn add(admin: Admin<'_>, form: Protected<Typed>) -> Result<Sent, Failure> {
    let names = form.form.names(&admin);
    match admin.backend.add_category(&names).await {
        Ok(_) => Ok(Sent::Done(back(&admin, Notice::CategoryAdded))),
        Err(error) => again(&admin, None, names, error).await.map_err(|failure| failure.keeping(form.kept)),
    }
}

/// Changes the names of a category.
#[post("/backend/categories/<id>", data = "<form>")]
pub(super) async fn rename(admin: Admin<'_>, id: &str, form: Protected<Typed>) -> Result<Sent, Failure> {
    let (id, names) = (category(id)?, form.form.names(&admin));
    match admin.backend.rename_category(id.clone(), &names).await {
        Ok(()) => Ok(Sent::Done(back(&admin, Notice::CategorySaved))),
        Err(error) => again(&admin, Some(id), names, error).await.map_err(|failure| failure.keeping(form.kept)),
    }
}

/// Removes a category. Tickets that have it keep it.
#[post("/backend/categories/<id>/remove", data = "<_form>")]
pub(super) async fn remove(admin: Admin<'_>, id: &str, _form: Protected<Nothing>) -> Result<Done, Failure> {
    admin.backend.remove_category(category(id)?).await?;
    Ok(back(&admin, Notice::CategoryRemoved))
}

/// Moves a category one place up.
#[post("/backend/categories/<id>/up", data = "<_form>")]
pub(super) async fn up(admin: Admin<'_>, id: &str, _form: Protected<Nothing>) -> Result<Moved, Failure> {
    step(&admin, id, Way::Up).await
}

/// Moves a category one place down.
#[post("/backend/categories/<id>/down", data = "<_form>")]
pub(super) async fn down(admin: Admin<'_>, id: &str, _form: Protected<Nothing>) -> Result<Moved, Failure> {
    step(&admin, id, Way::Down).await
}

/// Redirects to the new place of the category, where the next step can be made.
async fn step(admin: &Admin<'_>, id: &str, way: Way) -> Result<Moved, Failure> {
    let id = category(id)?;
    let to = format!("{}#category-{}", admin.site.links.backend(Section::Categories.path()), percent_encoded(id.as_str()));
    admin.backend.move_category(id, way, &admin.frame().asker.language).await?;
    Ok(Moved(to))
}

/// Sorts the categories by name again.
#[post("/backend/category-order", data = "<_form>")]
pub(super) async fn sort(admin: Admin<'_>, _form: Protected<Nothing>) -> Result<Done, Failure> {
    admin.backend.sort_categories_by_name().await?;
    Ok(back(&admin, Notice::CategoriesSorted))
}

fn category(id: &str) -> Result<CategoryId, Error> {
    if is_identifier(id) { Ok(CategoryId::new(id)) } else { Err(Error::NotFound) }
}

fn back(admin: &Admin<'_>, notice: Notice) -> Done {
    Done { to: admin.site.links.backend(Section::Categories.path()), notice }
}

/// A form that was refused: its category (`None` for the form that adds one), the typed names, and what is wrong with them.
struct Refused {
    id: Option<CategoryId>,
    names: CategoryNames,
    problems: Problems,
}

async fn again(admin: &Admin<'_>, id: Option<CategoryId>, names: CategoryNames, error: Error) -> Result<Sent, Failure> {
    let refused = Refused { id, names, problems: Problems::of(error)? };
    Ok(Sent::Again(page(admin, Some(refused)).await?))
}

/// The page as it is shown again when a new category has no name.
pub(super) async fn refused(admin: Admin<'_>) -> Result<Rendered, Failure> {
    let fields = admin.site.view.languages().map(|language| Field::Name(language.as_str().to_owned()));
    let errors: Vec<_> = fields.map(|field| FieldError { field, problem: Problem::Empty }).collect();
    let refused = Refused { id: None, names: CategoryNames(Vec::new()), problems: Problems::from_errors(&errors) };
    page(&admin, Some(refused)).await
}

async fn page(admin: &Admin<'_>, mut refused: Option<Refused>) -> Result<Rendered, Failure> {
    let all = admin.backend.categories().await?;
    let categories = all.in_order(&admin.frame().asker.language);
    if let Some(Refused { id: Some(id), .. }) = &refused
        && !categories.iter().any(|category| category.id == *id)
    {
        return Err(Error::NotFound.into());
    }
    let status = refused.as_ref().map_or(Status::Ok, |refused| refused.problems.status());
    let here = admin.site.links.backend(Section::Categories.path());
    let mut rows = Vec::with_capacity(categories.len());
    for (place, category) in categories.iter().enumerate() {
        let link = format!("{here}/{}", percent_encoded(category.id.as_str()));
        let sent = refused.take_if(|refused| refused.id.as_ref() == Some(&category.id));
        rows.push(row(admin, category, (place, categories.len()), link, sent));
    }
    let add = refused.map_or_else(
        || name_form(admin, here.clone(), &[], Problems::default()),
        |refused| name_form(admin, here.clone(), &refused.names.0, refused.problems),
    );
    let sort_action = all.are_arranged().then(|| admin.site.links.backend("/category-order"));
    let title = admin.say("backend-categories-title");
    admin.page(status, "backend/categories", (Section::Categories, title), Model { rows, sort_action, add }).await
}

fn row(admin: &Admin<'_>, category: &Category, (place, of): (usize, usize), link: String, refused: Option<Refused>) -> Row {
    let (first, last) = (place == 0, place + 1 == of);
    let (up_action, down_action) = ((!first).then(|| format!("{link}/up")), (!last).then(|| format!("{link}/down")));
    let remove_action = format!("{link}/remove");
    let form = match refused {
        Some(refused) => name_form(admin, link, &refused.names.0, refused.problems),
        None => name_form(admin, link, &category.names, Problems::default()),
    };
    let name = category.name(&admin.frame().asker.language).to_owned();
    Row { id: category.id.as_str().to_owned(), name, form, up_action, down_action, remove_action }
}

/// A form with one field for each language of the pages.
fn name_form(admin: &Admin<'_>, action: String, names: &[(Language, String)], problems: Problems) -> NameForm {
    let view = &admin.site.view;
    let name = |language: &Language| Name {
        tag: language.as_str().to_owned(),
        language: view.say(language, "language-name"),
        text: names.iter().find(|(tag, _)| tag == language).map(|(_, text)| text.clone()).unwrap_or_default(),
    };
    NameForm { action, names: view.languages().map(name).collect(), problems }
}

impl Form for Typed {
    fn read(fields: &Fields) -> Self {
        let named = |(tag, text): (&str, &str)| Some((Language::parse(tag)?, text.to_owned()));
        Self(fields.beginning_with("name_").filter_map(named).collect())
    }
}

impl Typed {
    /// The names in all languages for which the form has fields. A missing field counts as empty.
    fn names(&self, admin: &Admin<'_>) -> CategoryNames {
        let of = |language: &Language| {
            let typed = self.0.iter().find(|(tag, _)| tag == language);
            (language.clone(), typed.map(|(_, text)| text.clone()).unwrap_or_default())
        };
        CategoryNames(admin.site.view.languages().map(of).collect())
    }
}

#[cfg(test)]
mod tests {
    use muticket_core::{Field, FieldError, Problem};

    use super::*;
    use crate::backend::tests::pages;

    fn form(action: &str, problem: Option<Problem>) -> NameForm {
        let name = |tag: &str| Name { tag: tag.to_owned(), language: tag.to_uppercase(), text: format!("{tag} \"&\"") };
        let errors: Vec<_> =
            problem.into_iter().map(|problem| FieldError { field: Field::Name("de".to_owned()), problem }).collect();
        NameForm { action: action.to_owned(), names: vec![name("de"), name("en")], problems: Problems::from_errors(&errors) }
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let too_long = Some(Problem::TooLong { max: 80, length: 81 });
        let row = |name: &str, problem| Row {
            id: "\"<7>".to_owned(),
            name: name.to_owned(),
            form: form("/c", problem),
            up_action: Some("/u".to_owned()),
            down_action: Some("/d".to_owned()),
            remove_action: "/r".to_owned(),
        };
        let rows = vec![row("Geräte", None), row("Rechnungen", too_long)];
        let sort_action = Some("/s".to_owned());
        for html in pages("backend/categories", Model { rows, sort_action, add: form("/a", Some(Problem::Empty)) }) {
            assert!(html.contains("de &quot;&amp;&quot;") && html.contains("80"), "{html}");
            assert_eq!(html.matches("class=\"field-error\"").count(), 2, "{html}");
        }
    }

    #[test]
    fn an_empty_page_says_what_categories_are_good_for() {
        for html in pages("backend/categories", Model { rows: Vec::new(), sort_action: None, add: form("/a", None) }) {
            assert!(html.contains("class=\"empty\"") && html.contains("action=\"&#x2f;a\""), "{html}");
        }
    }
}
