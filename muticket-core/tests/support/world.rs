//! A small site: a team, customers, tickets, and a clock that tests turn.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::access::{AccessLevel, User};
use muticket_core::clock::Clock;
use muticket_core::courier::{Courier, CourierConfig};
use muticket_core::host::{Directory, Group, HostError};
use muticket_core::id::{GroupId, LetterId, MessageNumber, SupporterId, TicketNumber, UserId};
use muticket_core::mail::{Letters, Mailbox, Mailer};
use muticket_core::notice::{LetterState, Notice, OutboxEntry};
use muticket_core::settings::Settings;
use muticket_core::storage::{MemoryStorage, OutboxCounts, Storage, StorageError};
use muticket_core::supporter::Supporter;
use muticket_core::ticket::{Body, Message, Role, Subject, UnnumberedTicket};
use uuid::Uuid;

use crate::support::morning;

pub(crate) struct Hand(Mutex<DateTime<Utc>>);

impl Clock for Hand {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

impl Hand {
    pub(crate) fn turn(&self, by: TimeDelta) {
        *self.0.lock().unwrap() += by;
    }

    pub(crate) fn turn_to(&self, instant: DateTime<Utc>) {
        let mut now = self.0.lock().unwrap();
        *now = instant.max(*now);
    }
}

/// The host's users, and whether the host answers.
#[derive(Default)]
pub(crate) struct People {
    users: Mutex<HashMap<UserId, User>>,
    pub(crate) questions: Mutex<Vec<usize>>,
    pub(crate) silent: Mutex<bool>,
}

impl People {
    pub(crate) fn change(&self, id: &str, change: impl FnOnce(&mut User)) {
        change(self.users.lock().unwrap().get_mut(&UserId::new(id)).unwrap());
    }

    pub(crate) fn add(&self, user: User) {
        self.users.lock().unwrap().insert(user.id.clone(), user);
    }

    pub(crate) fn remove(&self, id: &str) {
        self.users.lock().unwrap().remove(&UserId::new(id));
    }
}

#[async_trait]
impl Directory for People {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        self.questions.lock().unwrap().push(ids.len());
        if *self.silent.lock().unwrap() {
            return Err(HostError::new("users"));
        }
        let users = self.users.lock().unwrap();
        Ok(ids.iter().filter_map(|id| users.get(id).cloned()).collect())
    }

    async fn members(&self, _group: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(Vec::new())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(Vec::new())
    }
}

pub(crate) struct World {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) people: Arc<People>,
    pub(crate) clock: Arc<Hand>,
}

impl World {
    /// Anna is a customer; Sara, Tom and Uwe are supporters and present.
    pub(crate) async fn new() -> Self {
        Self::on(Arc::new(MemoryStorage::default())).await
    }

    pub(crate) async fn on(storage: Arc<dyn Storage>) -> Self {
        let people = People::default();
        people.add(user("anna", AccessLevel::Add));
        let group = GroupId::new("support");
        let team = ["sara", "tom", "uwe"];
        for name in team {
            people.add(User { groups: vec![group.clone()], ..user(name, AccessLevel::Read) });
        }
        let work = move |unit: &mut dyn muticket_core::storage::Unit| -> Result<(), StorageError> {
            unit.settings().update(&Settings { supporter_group: Some(group.clone()), ..Settings::default() })?;
            for (number, name) in (1..).zip(team) {
                let id = SupporterId(Uuid::from_u128(number));
                unit.supporters().insert(&Supporter { id, user: UserId::new(name), present: true, categories: [].into() })?;
            }
            Ok(())
        };
        storage.run_write(work).await.unwrap();
        Self { storage, people: Arc::new(people), clock: Arc::new(Hand(Mutex::new(morning()))) }
    }

    pub(crate) fn courier(&self, mailer: Arc<dyn Mailer>) -> Courier {
        let config = CourierConfig {
            from: "Support <support@example.org>".parse::<Mailbox>().unwrap(),
            base_url: "https://example.org/support".parse().unwrap(),
            site_name: "Example".to_owned(),
        };
        let letters = Letters::builder().build().unwrap();
        Courier::new(self.storage.clone(), self.people.clone(), mailer, letters, config).with_clock(self.clock.clone())
    }

    /// Anna opens a ticket. Each recipient gets a letter.
    pub(crate) async fn opened(&self, recipients: &[&str]) -> TicketNumber {
        self.told(Notice::TicketOpened, "anna", recipients).await
    }

    /// Anna has a ticket with one message by the author. Each recipient gets a letter about it.
    pub(crate) async fn told(&self, notice: Notice, author: &str, recipients: &[&str]) -> TicketNumber {
        let now = self.clock.now();
        let author = UserId::new(author);
        let recipients: Vec<_> = recipients.iter().map(|name| UserId::new(*name)).collect();
        let work = move |unit: &mut dyn muticket_core::storage::Unit| -> Result<TicketNumber, StorageError> {
            let subject = Subject::parse("The printer is silent").unwrap();
            let customer = UserId::new("anna");
            let ticket = UnnumberedTicket::new(customer, subject, now);
            let number = unit.tickets().insert(&ticket)?.number;
            let body = Body::parse("It does not print.").unwrap();
            let first = MessageNumber::FIRST;
            unit.messages().insert(&Message::new(number, first, (author.clone(), Role::Customer), body, now))?;
            let state = LetterState::Waiting { not_before: now, problem: None };
            let entry = |(place, recipient): (i64, &UserId)| OutboxEntry {
                id: LetterId(Uuid::from_u128(u128::try_from(number.get() * 1000 + place).unwrap())),
                notice,
                ticket: number,
                message: first,
                recipient: recipient.clone(),
                created_at: now,
                attempts: 0,
                claims: 0,
                state: state.clone(),
            };
            unit.outbox().insert(&(0..).zip(&recipients).map(entry).collect::<Vec<_>>())?;
            Ok(number)
        };
        self.storage.run_write(work).await.unwrap()
    }

    pub(crate) async fn counts(&self) -> OutboxCounts {
        self.storage.run_read(|unit| -> Result<_, StorageError> { unit.outbox().count() }).await.unwrap()
    }

    /// The letters that are not sent, by recipient.
    pub(crate) async fn unsent(&self) -> HashMap<String, LetterState> {
        let list = self.storage.run_read(|unit| -> Result<_, StorageError> { unit.outbox().list_unsent(10_000) }).await.unwrap();
        list.into_iter().map(|entry| (entry.recipient.to_string(), entry.state)).collect()
    }
}

fn user(name: &str, level: AccessLevel) -> User {
    User { address: Some(format!("{name}@x.example")), level, ..User::new(name, name) }
}
