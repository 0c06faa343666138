//! The pages for administrators; one file for each verb. This file has what they share: the sections and the layout.

mod answers;
mod categories;
mod csv;
mod delete;
mod drawing;
mod mail;
mod settings;
mod statistics;
mod supporter;
mod supporters;

use std::sync::Arc;

use muticket_core::backend::Behind;
use muticket_core::overview::Filter;
use muticket_core::{SupporterId, TicketNumber};
use rocket::http::Status;
use rocket::{Route, get, routes};
use serde::Serialize;

use crate::backend::answers::AnswersQuery;
use crate::error::Failure;
use crate::guards::Admin;
use crate::links::Links;
use crate::page::{Moved, Rendered};
use crate::query::Query;
use crate::site::{Asker, Site};

/// The routes of the backend.
pub(crate) fn routes() -> Vec<Route> {
    routes![
        home,
        supporters::list,
        supporters::new,
        supporters::create,
        supporter::edit,
        supporter::update,
        supporter::remove,
        statistics::show,
        answers::list,
        csv::distribution,
        csv::months,
        csv::first_answers,
        csv::answers,
        settings::show,
        settings::update,
        categories::list,
        categories::add,
        categories::rename,
        categories::remove,
        categories::up,
        categories::down,
        categories::sort,
        delete::list,
        delete::ask,
        delete::delete,
        mail::list,
        mail::retry,
        mail::release,
        mail::discard,
    ]
}

/// All pages of the backend, as an administrator sees them.
pub(crate) async fn all_pages(
    site: &Arc<Site>,
    asker: &Asker,
    (supporter, ticket): (SupporterId, TicketNumber),
    kept: &mut Vec<Rendered>,
) -> Result<(), Failure> {
    let admin = || Admin::for_(site, asker);
    let (id, number) = (supporter.to_string(), ticket.to_string());
    kept.push(supporters::list(admin()?).await?);
    kept.push(supporters::new(admin()?).await?);
    kept.push(supporter::edit(admin()?, &id).await?);
    kept.push(statistics::show(admin()?, &id).await?);
    kept.push(settings::show(admin()?).await?);
    kept.push(categories::list(admin()?).await?);
    kept.push(delete::list(admin()?, Query(Filter::default())).await?);
    kept.push(delete::ask(admin()?, &number, Some("state=all")).await?);
    kept.push(mail::list(admin()?).await?);
    let answers = AnswersQuery::to(Behind::Ratings { score: None, month: None });
    kept.push(answers::list(admin()?, &id, answers).await?);
    kept.push(supporters::refused(admin()?).await?);
    kept.push(supporter::refused(admin()?, &id).await?);
    kept.push(settings::refused(admin()?).await?);
    kept.push(categories::refused(admin()?).await?);
    Ok(())
}

/// The backend starts with the page of the supporters.
#[get("/backend")]
fn home(admin: Admin<'_>) -> Moved {
    Moved(admin.site.links.backend(Section::Supporters.path()))
}

/// The sections of the backend, in the order of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Supporters,
    Settings,
    Categories,
    Tickets,
    Mail,
}

/// The URL of the section with this name; `None` if there is no such section.
pub(crate) fn section(links: &Links, name: &str) -> Option<String> {
    let section = Section::ALL.into_iter().find(|section| section.path().strip_prefix('/') == Some(name))?;
    Some(links.backend(section.path()))
}

impl Section {
    const ALL: [Self; 5] = [Self::Supporters, Self::Settings, Self::Categories, Self::Tickets, Self::Mail];

    /// Its path below `/backend`.
    fn path(self) -> &'static str {
        match self {
            Self::Supporters => "/supporters",
            Self::Settings => "/settings",
            Self::Categories => "/categories",
            Self::Tickets => "/tickets",
            Self::Mail => "/mail",
        }
    }

    /// The name of its icon.
    fn icon(self) -> &'static str {
        match self {
            Self::Supporters => "people",
            Self::Settings => "settings",
            Self::Categories => "tag",
            Self::Tickets => "trash",
            Self::Mail => "mail",
        }
    }
}

/// The model of the layout, with the model of the page inside.
#[derive(Debug, Serialize)]
struct Surrounded<M> {
    nav: Vec<NavItem>,
    /// Whether a supporter is present. If not, every page shows a warning.
    support_active: bool,
    supporters_link: String,
    /// The held letters; `None` if there are none. Every page mentions them.
    held: Option<Held>,
    #[serde(flatten)]
    model: M,
}

/// Letters for which an administrator has to decide.
#[derive(Debug, Serialize)]
struct Held {
    letters: u64,
    release_action: String,
    discard_action: String,
}

#[derive(Debug, Serialize)]
struct NavItem {
    /// `supporters`, `settings`, `categories`, `tickets` or `mail`.
    word: &'static str,
    icon: &'static str,
    link: String,
    current: bool,
}

impl Admin<'_> {
    /// Renders a page of the backend.
    async fn page(
        &self,
        status: Status,
        name: &'static str,
        (section, title): (Section, String),
        model: impl Serialize,
    ) -> Result<Rendered, Failure> {
        let links = &self.site.links;
        let there = |section: &Section| *section != Section::Categories || self.backend.keeps_categories();
        let item = |each: Section| NavItem {
            word: each.path().trim_start_matches('/'),
            icon: each.icon(),
            link: links.backend(each.path()),
            current: each == section,
        };
        let held = |letters| Held { letters, release_action: links.letters_release(), discard_action: links.letters_discard() };
        let letters = self.backend.held_letters().await?;
        let model = Surrounded {
            nav: Section::ALL.into_iter().filter(there).map(item).collect(),
            support_active: self.backend.support_is_active().await?,
            supporters_link: links.backend(Section::Supporters.path()),
            held: (letters > 0).then(|| held(letters)),
            model,
        };
        Ok(self.frame().page(status, name, title, model))
    }

    /// A sentence, for a title.
    fn say(&self, key: &str) -> String {
        self.frame().say(key)
    }
}

#[cfg(test)]
mod tests {
    use minijinja::value::Serde;
    use minijinja::{Value, context};

    use super::*;
    use crate::view::testing::in_every_language;

    /// Renders a page of the backend for German and English administrators, and checks what all pages have in common.
    pub(super) fn pages(name: &str, model: impl Serialize) -> [String; 2] {
        let nav = |section: Section| NavItem {
            word: section.path().trim_start_matches('/'),
            icon: section.icon(),
            link: format!("/support/backend{}", section.path()),
            current: section == Section::Settings,
        };
        let page = Surrounded {
            nav: Section::ALL.map(nav).into(),
            support_active: false,
            supporters_link: "/support/backend/supporters".to_owned(),
            held: Some(Held {
                letters: 12,
                release_action: "/support/backend/mail/release".to_owned(),
                discard_action: "/support/backend/mail/discard".to_owned(),
            }),
            model,
        };
        let user = context! { id => "ada", name => "Ada", admin => true };
        let frame = context! { user, supporter => false, token => "TOKEN", nonce => "NONCE", notice => "settings-saved" };
        let pages = in_every_language(&format!("{name}.html"), context! { frame, page => Value::from(Serde(page)) });
        for html in &pages {
            let begins = html.trim_start().starts_with("<div class=\"muticket\" lang=\"");
            assert!(begins && html.trim_end().ends_with("</div>"), "everything is in one element: {html}");
            assert_eq!(html.matches("<h1").count(), 1, "{html}");
            assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains("<script"), "{html}");
            let forms = html.matches("method=\"post\"").count();
            assert_eq!(forms, html.matches("name=\"token\" value=\"TOKEN\"").count(), "each form carries the token: {html}");
        }
        pages
    }
}
