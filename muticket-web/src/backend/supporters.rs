//! The team: a list of the supporters, and adding one.

use std::borrow::Cow;
use std::collections::BTreeSet;

use muticket_core::backend::{SupporterEdit, SupporterReport, Team};
use muticket_core::names::{Called, NameStyle, Names, isolated, readable};
use muticket_core::{Categories, CategoryId, Field, FieldError, Language, Problem, UserId};
use serde::Serialize;

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form};
use crate::form_errors::FormErrors;
use crate::page::{Template, person};
use crate::query::is_identifier;
use crate::request::RequestBody;
use crate::response::Response;

/// The model of the list.
#[derive(Debug, Serialize)]
struct SupportersPage {
    rows: Vec<SupporterRow>,
    /// The name of the supporters' group; `None` if no group is set or the host does not have it.
    group: Option<String>,
    candidates: bool,
    has_categories: bool,
    new_link: String,
    settings_link: String,
}

/// One supporter.
#[derive(Debug, Serialize)]
struct SupporterRow {
    name: SupporterName,
    present: bool,
    /// Whether the supporter is still in the group. If not, the record has no effect (D-04).
    member: bool,
    categories: Vec<CategoryChoice>,
    link: String,
    edit_link: String,
}

/// The user of a record.
#[derive(Debug, Serialize)]
pub(super) struct SupporterName {
    /// `None` if the host no longer knows the user.
    pub(super) name: Option<String>,
    pub(super) id: String,
}

/// The model of the form for a new supporter.
#[derive(Debug, Serialize)]
struct NewSupporterPage {
    action: String,
    group: Option<String>,
    candidates: Vec<Candidate>,
    present: bool,
    categories: Vec<CategoryChoice>,
    list_link: String,
    settings_link: String,
    problems: FormErrors,
}

#[derive(Debug, Serialize)]
struct Candidate {
    id: String,
    name: String,
    chosen: bool,
}

/// A category with a checkbox.
#[derive(Debug, Serialize)]
pub(super) struct CategoryChoice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) chosen: bool,
    /// Whether it was removed. It cannot be chosen for new tickets, but older tickets still have it.
    pub(super) removed: bool,
}

/// The form as it was sent.
#[derive(Debug, Default)]
pub(super) struct SupporterForm {
    user: String,
    pub(super) present: bool,
    pub(super) categories: BTreeSet<CategoryId>,
}

/// The team.
pub(crate) async fn list(context: &Context<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let team = admin.backend.supporters().await?;
    let (links, names) = (&admin.context.links(), names_of(&team));
    let model = SupportersPage {
        rows: team.supporters.iter().map(|report| row(&admin, &team, &names, report)).collect(),
        candidates: !team.candidates.is_empty(),
        has_categories: !team.categories.active().is_empty(),
        group: team.group.map(|group| group.name),
        new_link: links.to(Address::NewSupporter),
        settings_link: links.to(Address::Settings),
    };
    let template = Template::new("backend/supporters", admin.say("backend-supporters-title"));
    admin.page(Section::Supporters, template, model).await
}

fn row(admin: &Admin<'_>, team: &Team, names: &Names, report: &SupporterReport) -> SupporterRow {
    let supporter = &report.supporter;
    let mut categories = choices(&team.categories, &supporter.categories, admin.context.language());
    categories.retain(|category| category.chosen);
    SupporterRow {
        name: SupporterName::among(names, report),
        present: supporter.present,
        member: report.member,
        categories,
        link: admin.context.links().supporter(supporter.id),
        edit_link: admin.to(Address::EditSupporter(&supporter.id.to_string())),
    }
}

/// The form for a new supporter.
pub(crate) async fn new(context: &Context<'_>) -> Result<Response, Failure> {
    // Most new supporters start at once.
    let blank = SupporterForm { present: true, ..SupporterForm::default() };
    form_page(&context.admin().await?, &blank, FormErrors::default()).await
}

/// Creates a supporter's record.
pub(crate) async fn create(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let typed: SupporterForm = form::read(context, body).await?.form;
    let user = Some(typed.user.as_str()).filter(|user| is_identifier(user));
    match admin.backend.add_supporter(user.map(UserId::new), typed.edit()).await {
        Ok(_) => Ok(admin.done(Section::Supporters, Flash::SupporterAdded)),
        Err(error) => form_page(&admin, &typed, FormErrors::of(error)?).await,
    }
}

/// The form as it is shown again with errors.
pub(crate) async fn refused(context: &Context<'_>) -> Result<Response, Failure> {
    let errors = [Field::User, Field::Category].map(|field| FieldError { field, problem: Problem::Unknown });
    form_page(&context.admin().await?, &SupporterForm::default(), FormErrors::from_errors(&errors)).await
}

async fn form_page(admin: &Admin<'_>, typed: &SupporterForm, problems: FormErrors) -> Result<Response, Failure> {
    let team = admin.backend.supporters().await?;
    let (links, names) = (&admin.context.links(), names_of(&team));
    let candidate = |user: muticket_core::User| Candidate {
        chosen: user.id.as_str() == typed.user,
        id: user.id.as_str().to_owned(),
        name: person(&names, &user.id).filter(|name| !name.is_empty()).unwrap_or_else(|| "?".to_owned()),
    };
    let status = problems.status();
    let model = NewSupporterPage {
        action: links.to(Address::Supporters),
        group: team.group.map(|group| group.name),
        candidates: team.candidates.into_iter().map(candidate).collect(),
        present: typed.present,
        categories: choices(&team.categories, &typed.categories, admin.context.language()),
        list_link: links.to(Address::Supporters),
        settings_link: links.to(Address::Settings),
        problems,
    };
    let template = Template::new("backend/supporter_new", admin.say("backend-supporter-new-title")).with_status(status);
    admin.page(Section::Supporters, template, model).await
}

/// The categories with checkboxes: all active ones, and removed ones that are still ticked.
pub(super) fn choices(categories: &Categories, ticked: &BTreeSet<CategoryId>, language: &Language) -> Vec<CategoryChoice> {
    let active = categories.in_order(language);
    let active = active.iter().map(|category| CategoryChoice {
        id: category.id.as_str().to_owned(),
        name: category.name(language).to_owned(),
        chosen: ticked.contains(&category.id),
        removed: false,
    });
    let gone = ticked.iter().filter(|id| !categories.active().iter().any(|category| category.id == **id));
    let gone = gone.map(|id| CategoryChoice {
        id: id.as_str().to_owned(),
        name: categories.find(id).map_or(id.as_str(), |category| category.name(language)).to_owned(),
        chosen: true,
        removed: true,
    });
    active.chain(gone).collect()
}

impl SupporterName {
    /// The name of a user who is alone on the page.
    pub(super) fn of(report: &SupporterReport) -> Self {
        Self::among(&Names::of(&report.user, NameStyle::Administrator), report)
    }

    pub(super) fn among(names: &Names, report: &SupporterReport) -> Self {
        let id = &report.supporter.user;
        let name = match names.called(id) {
            Called::Name(name) => Some(name),
            Called::Former => None,
            // Neither the name nor the id has a visible character.
            _ => Some("?".to_owned()),
        };
        Self { name, id: readable(id.as_str()).unwrap_or_else(|| "?".to_owned()) }
    }

    /// The name for a title, outside a template.
    pub(super) fn as_str(&self) -> Cow<'_, str> {
        isolated(self.plain())
    }

    /// The name for a file name, without marks for the writing direction.
    pub(super) fn plain(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.id)
    }
}

/// The names of all supporters and of the users who could become one.
pub(super) fn names_of(team: &Team) -> Names {
    let supporters = team.supporters.iter().filter_map(|report| report.user.as_ref());
    Names::of(supporters.chain(&team.candidates), NameStyle::Administrator)
}

impl Form for SupporterForm {
    fn read(fields: &Fields) -> Self {
        Self {
            user: fields.text("user").to_owned(),
            present: fields.is_ticked("present"),
            categories: fields.all("category").filter(|id| is_identifier(id)).map(CategoryId::new).collect(),
        }
    }
}

impl SupporterForm {
    /// The requested changes.
    pub(super) fn edit(&self) -> SupporterEdit {
        SupporterEdit { present: self.present, categories: self.categories.clone() }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use muticket_core::{Field, FieldError, Problem};

    use super::*;
    use crate::backend::testing::pages;

    pub(in crate::backend) fn name(name: Option<&str>) -> SupporterName {
        SupporterName { name: name.map(str::to_owned), id: "sara".to_owned() }
    }

    pub(in crate::backend) fn some_choices() -> Vec<CategoryChoice> {
        let choice = |id: &str, chosen, removed| CategoryChoice { id: id.to_owned(), name: id.to_uppercase(), chosen, removed };
        vec![choice("billing", true, false), choice("devices", false, false), choice("fax", true, true)]
    }

    fn list(rows: Vec<SupporterRow>, group: Option<&str>, candidates: bool) -> SupportersPage {
        let group = group.map(str::to_owned);
        SupportersPage {
            rows,
            group,
            candidates,
            has_categories: true,
            new_link: "/new".to_owned(),
            settings_link: "/settings".to_owned(),
        }
    }

    fn new_form(group: Option<&str>, candidates: Vec<Candidate>) -> NewSupporterPage {
        let errors = [Field::User, Field::Category].map(|field| FieldError { field, problem: Problem::Unknown });
        NewSupporterPage {
            action: "/a".to_owned(),
            group: group.map(str::to_owned),
            candidates,
            present: true,
            categories: some_choices(),
            list_link: "/l".to_owned(),
            settings_link: "/settings".to_owned(),
            problems: FormErrors::from_errors(&errors),
        }
    }

    #[test]
    fn the_list_has_all_its_sentences() {
        let row = |who, present, member| SupporterRow {
            name: name(who),
            present,
            member,
            categories: some_choices(),
            link: "/s".to_owned(),
            edit_link: "/s/edit".to_owned(),
        };
        let rows = vec![row(Some("Sara <b>"), true, true), row(None, false, false)];
        for html in pages("backend/supporters", list(rows, Some("Team"), true)) {
            assert!(html.contains("Sara &lt;b&gt;") && html.contains("badge-present") && html.contains("badge-absent"), "{html}");
        }
    }

    #[test]
    fn an_empty_list_says_what_to_do_next() {
        for html in pages("backend/supporters", list(Vec::new(), None, false)) {
            assert!(html.contains("class=\"empty\"") && html.contains("\"&#x2f;settings\"") && !html.contains("new\""), "{html}");
        }
        for html in pages("backend/supporters", list(Vec::new(), Some("Team"), false)) {
            assert!(html.contains("class=\"empty\""), "{html}");
        }
        for html in pages("backend/supporters", list(Vec::new(), Some("Team"), true)) {
            assert!(html.contains("class=\"empty\"") && html.contains("\"&#x2f;new\""), "{html}");
        }
    }

    #[test]
    fn the_form_has_all_its_sentences() {
        let candidate = |chosen| Candidate { id: "tom".to_owned(), name: "Tom".to_owned(), chosen };
        for html in pages("backend/supporter_new", new_form(Some("Team"), vec![candidate(true), candidate(false)])) {
            assert!(html.contains("user-problem") && html.contains("category-problem") && html.contains("FAX"), "{html}");
        }
        for (group, settings) in [(None, true), (Some("Team"), false)] {
            for html in pages("backend/supporter_new", new_form(group, Vec::new())) {
                assert!(html.contains("class=\"empty\"") && !html.contains("name=\"user\""), "{html}");
                assert_eq!(html.matches("\"&#x2f;settings\"").count() > 0, settings, "{html}");
            }
        }
    }
}
