//! The demo's history: three months of support, played through the doors with a clock in the past.

mod everyday;
mod picture;
mod saved;
mod talks;
mod views;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::backend::{Backend, CategoryNames, LabelEdit, NewSettings, SupporterEdit};
use muticket_core::blob::Blobs;
use muticket_core::desk::{NewNote, NewValue};
use muticket_core::draft::AfterAnswer;
use muticket_core::label::{Label, LabelColour};
use muticket_core::notification::LetterState;
use muticket_core::rating::Score;
use muticket_core::storage::Unit;
use muticket_core::{
    CategoryId, Clock, Error, GroupId, Helpdesk, Language, MessageNumber, NewMessage, NewTicket, Storage, StorageError,
    SystemClock, TicketNumber, UserId, Visitor,
};
use rocket::tokio::time::sleep;

use self::everyday::{Everyday, everyday};
use self::talks::{Kind, Step, TALKS, Talk};
use crate::people::{People, Person, SUPPORT};

/// A clock that is set explicitly.
struct Past(Mutex<DateTime<Utc>>);

impl Clock for Past {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Past {
    fn set(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

/// Marks in the database: one process has begun to fill the demo, or has finished. Several processes may start at the same moment.
const BEGUN: &str = "demo-begun";
const DONE: &str = "demo-done";

/// How long a process waits until another one has filled the demo.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sets up and fills the support, unless it is already set up, with six tickets if there are to be `few`. If several processes start at
/// once, one of them fills it and the others wait.
pub(crate) async fn fill_if_new(storage: &Arc<dyn Storage>, blobs: &Arc<dyn Blobs>, few: bool) -> Result<(), Error> {
    let now = SystemClock.now();
    let clock = Arc::new(Past(Mutex::new(now - TimeDelta::days(100))));
    let helpdesk = Helpdesk::builder(storage.clone(), Arc::new(People)).blobs(blobs.clone()).clock(clock.clone()).build();
    let backend = helpdesk.backend(&visitor("ada"))?;
    match storage.run_write(claim).await? {
        Claim::Ours => {}
        Claim::SetUp => return Ok(()),
        Claim::Others => return wait_until_filled(storage).await,
    }
    let kinds = set_up(&backend).await?;
    helpdesk.desk(&visitor("sara")).await?.add_saved_answer(saved::of_sara()).await?;
    views::save(&helpdesk, &kinds.billing).await?;
    let labels = add_labels(&backend).await?;
    let play = Play { helpdesk, clock, now, kinds, labels };
    for scene in scenes(few) {
        match scene {
            Scene::Talk(talk) => play.talk(talk).await?,
            Scene::Everyday(ticket) => play.everyday(&ticket).await?,
        }
    }
    letters_were_read(storage).await?;
    Ok(storage.run_write(|unit| unit.secrets().insert(DONE, &[1; 32])).await?)
}

/// Which process fills the demo.
enum Claim {
    Ours,
    /// Another process does it.
    Others,
    /// The support is already set up.
    SetUp,
}

fn claim(unit: &mut dyn Unit) -> Result<Claim, StorageError> {
    if unit.secrets().find(BEGUN)?.is_some() {
        return Ok(if unit.secrets().find(DONE)?.is_some() { Claim::SetUp } else { Claim::Others });
    }
    if unit.settings().find()?.supporter_group.is_some() || !unit.categories().list()?.is_empty() {
        return Ok(Claim::SetUp);
    }
    match unit.secrets().insert(BEGUN, &[1; 32]) {
        Ok(()) => Ok(Claim::Ours),
        Err(StorageError::Duplicate) => Ok(Claim::Others),
        Err(error) => Err(error),
    }
}

/// A process that is killed while it fills the demo leaves it half filled. The wait then ends after a while; `--fresh` starts over.
async fn wait_until_filled(storage: &Arc<dyn Storage>) -> Result<(), Error> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE && storage.run_read(|unit| unit.secrets().find(DONE)).await?.is_none() {
        sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

fn visitor(id: &str) -> Visitor {
    Person::find(id).map_or(Visitor::Guest, |person| Visitor::User(person.user()))
}

/// The ids of the categories.
struct Kinds {
    billing: CategoryId,
    technical: CategoryId,
}

impl Kinds {
    fn of(&self, kind: Kind) -> CategoryId {
        match kind {
            Kind::Billing => self.billing.clone(),
            Kind::Technical => self.technical.clone(),
        }
    }
}

/// Settings, categories and supporters, as an administrator would choose them.
async fn set_up(backend: &Backend) -> Result<Kinds, Error> {
    let group = Some(GroupId::new(SUPPORT));
    let limit = Some(5 * 1024 * 1024);
    backend
        .update_settings(NewSettings { supporter_group: group, ratings: true, image_limit: limit, ..Default::default() })
        .await?;
    let names = |german: &str, english: &str| {
        CategoryNames(vec![(Language::german(), german.to_owned()), (Language::english(), english.to_owned())])
    };
    let billing = backend.add_category(&names("Rechnungen", "Billing")).await?.id;
    let technical = backend.add_category(&names("Technik", "Technical")).await?.id;
    for (id, present, category) in [("sara", true, Some(&billing)), ("tom", true, Some(&technical)), ("uwe", false, None)] {
        let edit = SupporterEdit { present, categories: category.into_iter().cloned().collect() };
        backend.add_supporter(Some(UserId::new(id)), edit).await?;
    }
    for saved in saved::shared(&billing) {
        backend.add_saved_answer(saved).await?;
    }
    Ok(Kinds { billing, technical })
}

/// A ticket of the demo.
enum Scene {
    /// One that is told in full.
    Talk(&'static Talk),
    /// One of many.
    Everyday(Everyday),
}

/// All tickets, oldest first, so that their numbers follow their times. If there are to be `few`, only those told in full.
fn scenes(few: bool) -> Vec<Scene> {
    let opened = |scene: &Scene| match scene {
        Scene::Talk(talk) => talk.opened,
        Scene::Everyday(ticket) => ticket.opened,
    };
    let everyday = everyday().filter(|_| !few).map(Scene::Everyday);
    let mut scenes: Vec<_> = TALKS.iter().map(Scene::Talk).chain(everyday).collect();
    scenes.sort_by_key(|scene| Reverse(opened(scene)));
    scenes
}

async fn add_labels(backend: &Backend) -> Result<Vec<Label>, Error> {
    let mut labels = Vec::new();
    for (name, colour) in [
        ("Warranty", LabelColour::Green),
        ("Spare part", LabelColour::Blue),
        ("Wish", LabelColour::Violet),
        ("Call back", LabelColour::Orange),
    ] {
        labels.push(backend.add_label(&LabelEdit { name: name.to_owned(), colour }).await?);
    }
    Ok(labels)
}

/// Plays the conversations.
struct Play {
    helpdesk: Helpdesk,
    clock: Arc<Past>,
    now: DateTime<Utc>,
    kinds: Kinds,
    labels: Vec<Label>,
}

impl Play {
    async fn talk(&self, talk: &Talk) -> Result<(), Error> {
        let customer = self.helpdesk.portal(&visitor(talk.customer))?;
        self.turn_clock(talk.opened);
        let mut attachments = Vec::new();
        if let Some(name) = talk.picture {
            attachments.push(customer.attach(name, &mut Some(Bytes::from(picture::cracked_desk()))).await?);
        }
        let new = NewTicket {
            subject: talk.subject.to_owned(),
            body: talk.text.to_owned(),
            category: Some(self.kinds.of(talk.kind)),
            attachments,
            ..Default::default()
        };
        let number = customer.open(new).await?.number;
        let mut answer = MessageNumber::FIRST;
        for (minutes, step) in talk.steps {
            self.turn_clock(*minutes);
            match *step {
                Step::Reply(text) => {
                    customer.reply(number, message(text)).await?;
                }
                Step::Answer(by, text) => {
                    answer = self.helpdesk.desk(&visitor(by)).await?.answer(number, message(text)).await?.number;
                }
                Step::Rate(stars) => self.rate(talk.customer, number, answer, stars).await?,
                Step::Labels(by, names) => {
                    let named = self.labels.iter().filter(|label| names.contains(&label.name.as_str()));
                    let labels: BTreeSet<_> = named.map(|label| label.id).collect();
                    self.helpdesk.desk(&visitor(by)).await?.set(number, NewValue::Labels(labels), None).await?;
                }
                Step::Close(by) => {
                    self.helpdesk.desk(&visitor(by)).await?.close(number, None).await?;
                }
                Step::Assign(by, whom) => self.set(by, number, NewValue::Assignee(Some(UserId::new(whom)))).await?,
                Step::Prioritize(by, priority) => self.set(by, number, NewValue::Priority(priority)).await?,
                Step::Note(by, mentioned, text) => {
                    let note = NewNote { body: text.to_owned(), mentions: vec![UserId::new(mentioned)], ..NewNote::default() };
                    self.helpdesk.desk(&visitor(by)).await?.note(number, note).await?;
                }
            }
        }
        Ok(())
    }

    async fn everyday(&self, ticket: &Everyday) -> Result<(), Error> {
        self.turn_clock(ticket.opened);
        let question = ticket.question;
        let (subject, body, category) = (ticket.subject(), ticket.text(), Some(self.kinds.of(question.kind)));
        let new = NewTicket { subject, body, category, ..Default::default() };
        let number = self.helpdesk.portal(&visitor(ticket.customer))?.open(new).await?.number;
        let Some(supporter) = ticket.supporter else { return Ok(()) };
        self.turn_clock(ticket.opened - ticket.answered_after);
        let then = if ticket.closed { AfterAnswer::Close } else { AfterAnswer::KeepOpen };
        let new = NewMessage { then, ..message(question.answer) };
        let answer = self.helpdesk.desk(&visitor(supporter)).await?.answer(number, new).await?.number;
        match ticket.stars {
            Some(stars) => self.rate(ticket.customer, number, answer, stars).await,
            None => Ok(()),
        }
    }

    async fn set(&self, by: &str, number: TicketNumber, value: NewValue) -> Result<(), Error> {
        self.helpdesk.desk(&visitor(by)).await?.set(number, value, None).await.map(|_| ())
    }

    async fn rate(&self, customer: &str, number: TicketNumber, answer: MessageNumber, stars: u8) -> Result<(), Error> {
        let Some(score) = Score::new(stars) else { return Ok(()) };
        self.helpdesk.portal(&visitor(customer))?.rate(number, answer, Some(score)).await.map(|_| ())
    }

    fn turn_clock(&self, minutes_ago: i64) {
        self.clock.set(self.now - TimeDelta::minutes(minutes_ago));
    }
}

fn message(text: &str) -> NewMessage {
    NewMessage { body: text.to_owned(), ..Default::default() }
}

/// Marks the letters of those weeks as sent when they were written, so the mailbox starts with the letters that the visitor causes.
async fn letters_were_read(storage: &Arc<dyn Storage>) -> Result<(), Error> {
    let now = SystemClock.now();
    let work = move |unit: &mut dyn Unit| -> Result<(), StorageError> {
        for letter in unit.outbox().claim(now, now, 1000)? {
            unit.outbox().settle(letter.id, letter.claims, &LetterState::Sent { at: letter.created_at })?;
        }
        Ok(())
    };
    Ok(storage.run_write(work).await?)
}
