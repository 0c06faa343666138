//! The host: its people, and how it tells who is signed in.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use muticket_core::{AccessLevel, Directory, Group, GroupId, HostError, User, UserId, Visitor};
use muticket_rocket::{Host, Page};
use rocket::Request;

/// All users of the host.
#[derive(Debug, Default)]
pub struct People {
    users: Mutex<BTreeMap<String, User>>,
    /// Whether the host fails to answer questions about its users.
    pub silent: AtomicBool,
    /// Whether the host's sessions fail.
    pub forgetful: AtomicBool,
}

impl People {
    /// The cast of all journeys.
    pub fn cast() -> Self {
        let people = Self::default();
        for (id, name) in [("anna", "Anna Berg"), ("ben", "Ben Cole")] {
            people.add(person(id, name, AccessLevel::Add, &[]));
        }
        people.add(person("rita", "Rita Read", AccessLevel::Read, &[]));
        people.add(person("cora", "Cora Comment", AccessLevel::Comment, &[]));
        people.add(person("ada", "Ada Admin", AccessLevel::Admin, &[]));
        for (id, name) in [("sara", "Sara Sand"), ("tom", "Tom Tal"), ("uwe", "Uwe Ulm"), ("kim", "Kim Korn")] {
            people.add(person(id, name, AccessLevel::Comment, &["support"]));
        }
        people.add(person("vera", "Vera Vogt", AccessLevel::Comment, &[]));
        people
    }

    /// Adds a user.
    pub fn add(&self, user: User) {
        self.users.lock().unwrap().insert(user.id.as_str().to_owned(), user);
    }

    /// Changes a user.
    ///
    /// # Panics
    /// If there is no such user.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut User)) {
        change(self.users.lock().unwrap().get_mut(id).unwrap());
    }

    /// Removes a user from the site for good.
    pub fn remove(&self, id: &str) {
        self.users.lock().unwrap().remove(id);
    }

    /// Finds a user with their current data.
    pub fn find(&self, id: &str) -> Option<User> {
        self.users.lock().unwrap().get(id).cloned()
    }

    fn answer(&self) -> Result<(), HostError> {
        if self.silent.load(Ordering::SeqCst) { Err(HostError::new("the user table")) } else { Ok(()) }
    }
}

/// A user of the host.
pub fn person(id: &str, name: &str, level: AccessLevel, groups: &[&str]) -> User {
    User {
        level,
        address: Some(format!("{id}@example.org")),
        groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
        ..User::new(id, name)
    }
}

#[async_trait]
impl Directory for People {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        self.answer()?;
        Ok(ids.iter().filter_map(|id| self.find(id.as_str())).collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        self.answer()?;
        Ok(self.users.lock().unwrap().values().filter(|user| user.is_in(group)).cloned().collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        self.answer()?;
        let group = |id: &str, name: &str| Group { id: GroupId::new(id), name: name.to_owned() };
        Ok(vec![group("support", "Support team"), group("sales", "Sales")])
    }
}

/// The host's session as the module sees it: the header `X-Person` names the visitor.
#[derive(Debug, Clone)]
pub struct Reception {
    people: std::sync::Arc<People>,
    layout: bool,
    sign_in: String,
}

impl Reception {
    /// A host without a layout, whose people sign in at `/login`.
    pub fn new(people: std::sync::Arc<People>) -> Self {
        Self { people, layout: false, sign_in: "/login?back=".to_owned() }
    }

    /// The same host with its own layout.
    #[must_use]
    pub fn with_layout(mut self) -> Self {
        self.layout = true;
        self
    }

    /// The same host with another address to sign in at.
    #[must_use]
    pub fn with_sign_in(mut self, address: &str) -> Self {
        self.sign_in = address.to_owned();
        self
    }
}

#[rocket::async_trait]
impl Host for Reception {
    async fn visitor(&self, request: &Request<'_>) -> Result<Visitor, HostError> {
        if self.people.forgetful.load(Ordering::SeqCst) {
            return Err(HostError::new("the session store"));
        }
        let user = request.headers().get_one("X-Person").and_then(|id| self.people.find(id));
        Ok(user.map_or(Visitor::Guest, Visitor::User))
    }

    fn sign_in(&self, back: &str) -> String {
        let coded: String = back.bytes().map(coded).collect();
        format!("{}{coded}", self.sign_in)
    }

    fn page(&self, page: Page<'_>, _: &Request<'_>) -> Option<String> {
        let Page { title, language, head, body, .. } = page;
        let title = title.replace('&', "&amp;").replace('<', "&lt;");
        self.layout.then(|| {
            format!(
                "<!doctype html><html lang=\"{language}\"><head><title>{title} - The Host</title>{head}</head>\
                 <body><nav id=\"host\">The host's own menu</nav>{body}</body></html>"
            )
        })
    }
}

fn coded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
}
