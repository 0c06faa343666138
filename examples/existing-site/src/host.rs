//! The site's answers to MuTicket's questions: who sent this request, who are the users, and what does a page look like.

use async_trait::async_trait;
use muticket_core::{AccessLevel, Directory, Group, GroupId, HostError, Language, User, UserId, Visitor};
use muticket_rocket::{Host, Page, percent_encoded};
use rocket::Request;
use rocket::request::Outcome;

use crate::layout;
use crate::session::SignedIn;
use crate::users::{Person, Users};

/// The group of everyone who works here. The site knows its members by a column of a table, so the group is only a name.
const STAFF: &str = "staff";

/// The site, as MuTicket's host.
pub(crate) struct ToolLibrary;

#[async_trait]
impl Host for ToolLibrary {
    async fn visitor(&self, request: &Request<'_>) -> Result<Visitor, HostError> {
        match request.guard::<SignedIn>().await {
            Outcome::Success(SignedIn(person)) => Ok(person.map_or(Visitor::Guest, |person| Visitor::User(user(person)))),
            Outcome::Error((_, error)) => Err(error),
            Outcome::Forward(_) => Ok(Visitor::Guest),
        }
    }

    fn sign_in(&self, back: &str) -> String {
        format!("/login?back={}", percent_encoded(back))
    }

    fn page(&self, page: Page<'_>, request: &Request<'_>) -> Option<String> {
        Some(layout::around(&page, SignedIn::known(request)))
    }
}

#[async_trait]
impl Directory for Users {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        // Ids on this site are numbers. Any other id belongs to nobody.
        let ids = ids.iter().filter_map(|id| id.as_str().parse().ok()).collect();
        let found = self.find(ids).await.map_err(|error| HostError::because("users", error))?;
        Ok(found.into_iter().map(user).collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        if group.as_str() != STAFF {
            return Ok(Vec::new());
        }
        let found = self.staff().await.map_err(|error| HostError::because("staff", error))?;
        Ok(found.into_iter().map(user).collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(vec![Group { id: GroupId::new(STAFF), name: "Staff".to_owned() }])
    }
}

/// Converts a row of the site's table into MuTicket's form. The id is the key of the row: it is the same in every answer and is never given
/// to another person.
fn user(person: Person) -> User {
    User {
        address: Some(person.mail),
        language: Language::parse(&person.language),
        groups: if person.is_staff { vec![GroupId::new(STAFF)] } else { Vec::new() },
        level: if person.is_admin { AccessLevel::Admin } else { AccessLevel::Add },
        ..User::new(person.id.to_string(), person.name)
    }
}
