//! The site's answers to MuTicket's questions: who sent this request, who are the users, and what does a page look like.

use async_trait::async_trait;
use axum::http::request::Parts;
use muticket_axum::{Host, Page, percent_encoded};
use muticket_core::{AccessLevel, Directory, Group, GroupId, HostError, Language, User, UserId, Visitor};

use crate::layout;
use crate::login;
use crate::users::{Person, Users};

/// The group of everyone who works here. The site knows its members by a column of a table, so the group is only a name.
const STAFF: &str = "staff";

/// The site, as MuTicket's host.
pub(crate) struct Choir(pub(crate) Users);

#[async_trait]
impl Host for Choir {
    async fn visitor(&self, request: &Parts) -> Result<Visitor, HostError> {
        let found = login::signed_in(&self.0, &request.headers).await;
        let person = found.map_err(|error| HostError::because("sessions", error))?;
        Ok(person.map_or(Visitor::Guest, |person| Visitor::User(user(person))))
    }

    fn sign_in(&self, back: &str) -> String {
        format!("/login?back={}", percent_encoded(back))
    }

    fn page(&self, page: Page<'_>, _: &Parts) -> Option<String> {
        Some(layout::around(&page))
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
