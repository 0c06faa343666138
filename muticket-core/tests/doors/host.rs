//! The test host: users, clock and ids.

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::{AccessLevel, Clock, Directory, Group, GroupId, HostError, Ids, User, UserId};
use uuid::Uuid;

/// The host's users, set by a test.
pub(crate) struct Host(Mutex<People>);

struct People {
    users: Vec<User>,
    fails: bool,
}

impl Default for Host {
    fn default() -> Self {
        let person = |id: &str, level, groups: &[&str]| User {
            level,
            groups: groups.iter().map(|group| GroupId::new(*group)).collect(),
            address: Some(format!("{id}@site.example")),
            ..User::new(id, id.to_uppercase())
        };
        let users = vec![
            person("ada", AccessLevel::Admin, &[]),
            person("anna", AccessLevel::Add, &["customers"]),
            person("ben", AccessLevel::Add, &["customers"]),
            person("sara", AccessLevel::Add, &["support"]),
            person("tom", AccessLevel::Add, &["support"]),
            person("uwe", AccessLevel::Add, &["support"]),
        ];
        Self(Mutex::new(People { users, fails: false }))
    }
}

impl Host {
    pub(crate) fn user(&self, name: &str) -> User {
        self.people().users.iter().find(|user| user.id.as_str() == name).unwrap().clone()
    }

    pub(crate) fn changes(&self, name: &str, change: impl FnOnce(&mut User)) {
        change(self.people().users.iter_mut().find(|user| user.id.as_str() == name).unwrap());
    }

    pub(crate) fn leaves_group(&self, name: &str) {
        self.changes(name, |user| user.groups.clear());
    }

    pub(crate) fn joins_group(&self, name: &str, group: &str) {
        self.changes(name, |user| user.groups.push(GroupId::new(group)));
    }

    pub(crate) fn gives_level(&self, name: &str, level: AccessLevel) {
        self.changes(name, |user| user.level = level);
    }

    /// Deletes a user.
    pub(crate) fn forgets(&self, name: &str) {
        self.people().users.retain(|user| user.id.as_str() != name);
    }

    /// Lets the host fail, or answer again.
    pub(crate) fn fails(&self, fails: bool) {
        self.people().fails = fails;
    }

    fn people(&self) -> MutexGuard<'_, People> {
        self.0.lock().unwrap()
    }

    fn answering(&self) -> Result<MutexGuard<'_, People>, HostError> {
        let people = self.people();
        if people.fails { Err(HostError::new("the user table is locked")) } else { Ok(people) }
    }
}

#[async_trait]
impl Directory for Host {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(self.answering()?.users.iter().filter(|user| ids.contains(&user.id)).cloned().collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(self.answering()?.users.iter().filter(|user| user.is_in(group)).cloned().collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        let _here = self.answering()?;
        let group = |id: &str| Group { id: GroupId::new(id), name: id.to_uppercase() };
        Ok(vec![group("support"), group("customers")])
    }
}

/// A clock that stands still until a test turns it.
pub(crate) struct HandClock(Mutex<DateTime<Utc>>);

impl Default for HandClock {
    fn default() -> Self {
        Self(Mutex::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap()))
    }
}

impl HandClock {
    pub(crate) fn turn(&self, time: TimeDelta) {
        let mut now = self.0.lock().unwrap();
        *now += time;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// Ids 1, 2, 3, ...
#[derive(Default)]
pub(crate) struct CountedIds(Mutex<u128>);

impl Ids for CountedIds {
    fn next(&self) -> Uuid {
        let mut last = self.0.lock().unwrap();
        *last += 1;
        Uuid::from_u128(*last)
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(self.next().as_bytes());
        secret
    }
}
