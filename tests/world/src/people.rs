//! The users of the host.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use muticket_core::id::CategoryId;
use muticket_core::{
    AccessLevel, Category, CategorySource, CustomerFact, CustomerFacts, Directory, Group, GroupId, HostError, Language, User,
    UserId, Visitor,
};
use tokio::sync::watch;

use crate::lock;

/// The users, groups and categories of a host, which a test changes as the host would.
///
/// It answers MuTicket's questions as [`Directory`] and as [`CategorySource`], and fails or hangs on command.
#[derive(Debug)]
pub struct People {
    users: Mutex<BTreeMap<String, User>>,
    groups: Mutex<Vec<Group>>,
    categories: Mutex<Vec<Category>>,
    /// `None` if questions for facts fail.
    facts: Mutex<Option<Vec<CustomerFact>>>,
    questions: Mutex<Vec<Question>>,
    state: watch::Sender<HostState>,
    sessions_fail: Mutex<bool>,
}

/// A question that MuTicket asked the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// [`Directory::users`], with the number of ids.
    Users(usize),
    /// [`Directory::members`].
    Members,
    /// [`Directory::users_with_address`].
    Address,
    /// [`Directory::groups`].
    Groups,
    /// [`CategorySource::categories`].
    Categories,
}

/// How the host answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HostState {
    Answers,
    Fails,
    Hangs,
}

/// A user with the address `{id}@example.org`.
pub fn user(id: &str, name: &str, level: AccessLevel, groups: &[&str]) -> User {
    User {
        level,
        address: Some(format!("{id}@example.org")),
        groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
        ..User::new(id, name)
    }
}

impl People {
    /// A host without users, with the groups `support` and `sales`.
    pub fn empty() -> Self {
        let group = |id: &str, name: &str| Group { id: GroupId::new(id), name: name.to_owned() };
        Self {
            users: Mutex::default(),
            groups: Mutex::new(vec![group("support", "Support team"), group("sales", "Sales")]),
            categories: Mutex::default(),
            facts: Mutex::new(Some(Vec::new())),
            questions: Mutex::default(),
            state: watch::Sender::new(HostState::Answers),
            sessions_fail: Mutex::default(),
        }
    }

    /// The usual people:
    ///
    /// | id | level | group |
    /// | --- | --- | --- |
    /// | `anna`, `ben` | [`Add`](AccessLevel::Add): customers | |
    /// | `rita` | [`Read`](AccessLevel::Read) | |
    /// | `cora` | [`Comment`](AccessLevel::Comment) | |
    /// | `ada` | [`Admin`](AccessLevel::Admin) | |
    /// | `sara`, `tom`, `uwe`, `kim` | [`Add`](AccessLevel::Add) | `support` |
    /// | `vera` | [`Comment`](AccessLevel::Comment) | |
    pub fn cast() -> Self {
        let people = Self::empty();
        for (id, name, level, groups) in [
            ("anna", "Anna Berg", AccessLevel::Add, &[][..]),
            ("ben", "Ben Cole", AccessLevel::Add, &[]),
            ("rita", "Rita Read", AccessLevel::Read, &[]),
            ("cora", "Cora Comment", AccessLevel::Comment, &[]),
            ("ada", "Ada Admin", AccessLevel::Admin, &[]),
            ("sara", "Sara Sand", AccessLevel::Add, &["support"]),
            ("tom", "Tom Tal", AccessLevel::Add, &["support"]),
            ("uwe", "Uwe Ulm", AccessLevel::Add, &["support"]),
            ("kim", "Kim Korn", AccessLevel::Add, &["support"]),
            ("vera", "Vera Vogt", AccessLevel::Comment, &[]),
        ] {
            people.add(user(id, name, level, groups));
        }
        people
    }

    /// Adds a user, or replaces the one with this id.
    pub fn add(&self, user: User) {
        lock(&self.users).insert(user.id.as_str().to_owned(), user);
    }

    /// Deletes a user.
    pub fn remove(&self, id: &str) {
        lock(&self.users).remove(id);
    }

    /// Changes a user.
    ///
    /// # Panics
    /// If there is no such user.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut User)) {
        change(lock(&self.users).get_mut(id).unwrap_or_else(|| panic!("nobody is called {id}")));
    }

    /// Sets the access level of a user.
    ///
    /// # Panics
    /// If there is no such user.
    pub fn set_level(&self, id: &str, level: AccessLevel) {
        self.change(id, |user| user.level = level);
    }

    /// Puts a user into these groups, and into no others.
    ///
    /// # Panics
    /// If there is no such user.
    pub fn set_groups(&self, id: &str, groups: &[&str]) {
        self.change(id, |user| user.groups = groups.iter().map(|group| GroupId::new(*group)).collect());
    }

    /// The user with this id.
    pub fn find(&self, id: &str) -> Option<User> {
        lock(&self.users).get(id).cloned()
    }

    /// The user with this id, as a visitor.
    ///
    /// # Panics
    /// If there is no such user.
    pub fn visitor(&self, id: &str) -> Visitor {
        Visitor::User(self.find(id).unwrap_or_else(|| panic!("nobody is called {id}")))
    }

    /// The visitor as a host's session tells it. Nobody, or an id that no user has, is a guest.
    ///
    /// # Errors
    /// After [`fail_sessions`](Self::fail_sessions).
    pub fn session(&self, id: Option<&str>) -> Result<Visitor, HostError> {
        if *lock(&self.sessions_fail) {
            return Err(HostError::new("the session store"));
        }
        Ok(id.and_then(|id| self.find(id)).map_or(Visitor::Guest, Visitor::User))
    }

    /// Lets [`session`](Self::session) fail, or work again.
    pub fn fail_sessions(&self, fail: bool) {
        *lock(&self.sessions_fail) = fail;
    }

    /// Sets the categories, each with its id and English name. MuTicket asks for them if the helpdesk was built with
    /// [`Builder::categories`](muticket_core::helpdesk::Builder::categories).
    pub fn set_categories(&self, categories: &[(&str, &str)]) {
        let category = |(id, name): &(&str, &str)| Category {
            id: CategoryId::new(*id),
            names: vec![(Language::english(), (*name).to_owned())],
        };
        *lock(&self.categories) = categories.iter().map(category).collect();
    }

    /// Sets what the host knows about each customer. With `None`, questions for it fail. MuTicket asks if the helpdesk was
    /// built with [`Builder::customer_facts`](muticket_core::helpdesk::Builder::customer_facts).
    pub fn set_facts(&self, facts: Option<Vec<CustomerFact>>) {
        *lock(&self.facts) = facts;
    }

    /// Every question fails from now on.
    pub fn fail(&self) {
        self.state.send_replace(HostState::Fails);
    }

    /// Questions get no answer until [`answer`](Self::answer).
    pub fn hang(&self) {
        self.state.send_replace(HostState::Hangs);
    }

    /// Every question is answered again, also those that are waiting.
    pub fn answer(&self) {
        self.state.send_replace(HostState::Answers);
    }

    /// Takes out the questions that were asked since the last call, oldest first.
    pub fn questions(&self) -> Vec<Question> {
        std::mem::take(&mut *lock(&self.questions))
    }

    async fn ask(&self, question: Question) -> Result<(), HostError> {
        lock(&self.questions).push(question);
        let mut state = self.state.subscribe();
        let state = *state.wait_for(|state| *state != HostState::Hangs).await.expect("the other end is here, too");
        if state == HostState::Fails { Err(HostError::new("the user table is locked")) } else { Ok(()) }
    }
}

impl Default for People {
    fn default() -> Self {
        Self::cast()
    }
}

#[async_trait]
impl Directory for People {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        self.ask(Question::Users(ids.len())).await?;
        Ok(ids.iter().filter_map(|id| self.find(id.as_str())).collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        self.ask(Question::Members).await?;
        Ok(lock(&self.users).values().filter(|user| user.is_in(group)).cloned().collect())
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<User>, HostError> {
        self.ask(Question::Address).await?;
        let has_it = |user: &&User| user.address.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(address));
        Ok(lock(&self.users).values().filter(has_it).cloned().collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        self.ask(Question::Groups).await?;
        Ok(lock(&self.groups).clone())
    }
}

#[async_trait]
impl CategorySource for People {
    async fn categories(&self) -> Result<Vec<Category>, HostError> {
        self.ask(Question::Categories).await?;
        Ok(lock(&self.categories).clone())
    }
}

#[async_trait]
impl CustomerFacts for People {
    async fn facts(&self, _customer: &UserId, _language: &Language) -> Result<Vec<CustomerFact>, HostError> {
        lock(&self.facts).clone().ok_or_else(|| HostError::new("the table of orders is locked"))
    }
}
