//! The whole way of a letter, over a storage in memory.

mod came_back;
mod follow_up;
mod held;
mod receipts;
mod respond;
mod telling;
mod unconfirmed;
mod waiting;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use crate::backend::{Backend, NewSettings, SupporterEdit, Taken};
use crate::blob::{Blobs, MemoryBlobs};
use crate::clock::Clock;
use crate::courier::{Courier, CourierConfig};
use crate::draft::{NewMessage, NewTicket};
use crate::helpdesk::Helpdesk;
use crate::host::{Directory, Group, HostError};
use crate::id::{GroupId, TicketNumber, UserId};
use crate::incoming::{Envelope, Incoming, Verdict, VerdictGroup};
use crate::mail::{Letter, Letters, Mailer, MemoryMailer};
use crate::mailroom::{MailIn, ReceiveError};
use crate::storage::{MemoryStorage, StorageError, Unit};
use crate::user::{AccessLevel, User, Visitor};

struct Now(Mutex<DateTime<Utc>>);

impl Clock for Now {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap()
    }
}

/// Anna is a customer, Sara a supporter, Ada an administrator. Each has an address.
pub(super) struct Host(Mutex<bool>);

impl Host {
    fn all() -> Vec<User> {
        let user = |id: &str, level| User { level, address: Some(format!("{id}@x.example")), ..User::new(id, id) };
        let sara = User { groups: vec![GroupId::new("staff")], ..user("sara", AccessLevel::Comment) };
        vec![user("anna", AccessLevel::Add), sara, user("ada", AccessLevel::Admin)]
    }

    pub(super) fn visitor(id: &str) -> Visitor {
        Visitor::User(Self::all().into_iter().find(|user| user.id.as_str() == id).unwrap())
    }
}

#[async_trait]
impl Directory for Host {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(Self::all().into_iter().filter(|user| ids.contains(&user.id)).collect())
    }

    async fn users_with_address(&self, address: &str) -> Result<Vec<User>, HostError> {
        if *self.0.lock().unwrap() {
            return Err(HostError::new("the table is locked"));
        }
        // More loosely than MuTicket compares, as some databases do.
        let own = |user: &User| user.address.clone().unwrap_or_default();
        Ok(Self::all().into_iter().filter(|user| address.to_lowercase().starts_with(&own(user))).collect())
    }

    async fn members(&self, _: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(Self::all().into_iter().filter(|user| user.id.as_str() == "sara").collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(vec![Group { id: GroupId::new("staff"), name: "Staff".to_owned() }])
    }
}

/// The letters that wait for an administrator.
pub(super) async fn undecided(backend: &Backend) -> Vec<Incoming> {
    let mut letters = backend.received(VerdictGroup::Held, None, 20).await.unwrap().letters;
    letters.extend(backend.received(VerdictGroup::Parked, None, 20).await.unwrap().letters);
    assert_eq!(backend.mail().await.unwrap().undecided as usize, letters.len());
    letters
}

pub(super) struct Site {
    pub(super) helpdesk: Helpdesk,
    host: Arc<Host>,
    clock: Arc<Now>,
    blobs: Arc<MemoryBlobs>,
    mailer: Arc<MemoryMailer>,
    courier: Courier,
}

/// A courier of the site that sends with this mailer.
fn courier(helpdesk: &Helpdesk, host: &Arc<Host>, clock: &Arc<Now>, mailer: Arc<dyn Mailer>) -> Courier {
    let config = CourierConfig {
        from: "Support <support@site.example>".parse().unwrap(),
        base_url: "https://site.example/support".parse().unwrap(),
        site_name: "Site".to_owned(),
    };
    let letters = Letters::builder().build().unwrap();
    Courier::new(helpdesk.storage().clone(), host.clone(), mailer, letters, config)
        .with_clock(clock.clone())
        .with_mail_in(helpdesk.parts.mail_in.as_ref().unwrap())
}

impl Site {
    async fn new() -> Self {
        Self::with(MailIn::new("support+{token}@site.example").unwrap().with_relay("mx.site.example")).await
    }

    pub(super) async fn with(rules: MailIn) -> Self {
        let (host, blobs, mailer) = (Arc::new(Host(Mutex::new(false))), Arc::new(MemoryBlobs::default()), Arc::default());
        let clock = Arc::new(Now(Mutex::new(DateTime::from_timestamp(1_800_000_000, 0).unwrap())));
        let helpdesk = Helpdesk::builder(Arc::new(MemoryStorage::new()), host.clone())
            .blobs(blobs.clone())
            .clock(clock.clone())
            .mail_in(rules)
            .build();
        let courier = courier(&helpdesk, &host, &clock, Arc::<MemoryMailer>::clone(&mailer));
        let site = Self { helpdesk, host, clock, blobs, mailer, courier };
        let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
        // Most tests count letters, and receipts are about few of them.
        site.sends_receipts(false).await;
        let present = SupporterEdit { present: true, ..SupporterEdit::default() };
        backend.add_supporter(Some(UserId::new("sara")), present).await.unwrap();
        site
    }

    /// Sets whether customers get receipts.
    async fn sends_receipts(&self, receipts: bool) {
        let backend = self.helpdesk.backend(&Host::visitor("ada")).unwrap();
        let new = NewSettings { supporter_group: Some(GroupId::new("staff")), receipts, ..NewSettings::default() };
        backend.update_settings(new).await.unwrap();
    }

    /// A ticket of Anna's that Sara answered, and the letter about the answer.
    pub(super) async fn answered(&self) -> (TicketNumber, Letter) {
        let portal = self.helpdesk.portal(&Host::visitor("anna")).unwrap();
        let new = NewTicket { subject: "Printer".to_owned(), body: "It is silent".to_owned(), ..NewTicket::default() };
        let number = portal.open(new).await.unwrap().number;
        let answer = NewMessage { body: "Is it plugged in?".to_owned(), ..NewMessage::default() };
        self.helpdesk.desk(&Host::visitor("sara")).await.unwrap().answer(number, answer).await.unwrap();
        self.mailed().await;
        let letters = self.mailer.letters();
        let letter = letters.iter().rfind(|letter| letter.to.address().as_str() == "anna@x.example").unwrap().clone();
        (number, letter)
    }

    /// The recipients of the letters that were sent since the last call.
    pub(super) async fn mailed(&self) -> Vec<String> {
        let before = self.mailer.letters().len();
        self.courier.deliver_due().await.unwrap();
        self.mailer.letters()[before..].iter().map(|letter| letter.to.address().to_string()).collect()
    }

    pub(super) async fn receive(&self, raw: &str) -> Verdict {
        self.helpdesk.receive(raw.to_owned(), &Envelope::default()).await.unwrap().verdict
    }

    pub(super) fn later(&self, minutes: i64) {
        *self.clock.0.lock().unwrap() += TimeDelta::minutes(minutes);
    }

    async fn letters(&self, number: TicketNumber) -> Vec<Incoming> {
        let list = |unit: &mut dyn Unit| {
            VerdictGroup::ALL.iter().map(|group| unit.incoming().list_recent(*group, None, 100)).collect::<Result<Vec<_>, _>>()
        };
        let letters = self.helpdesk.storage().run_read::<_, StorageError, _>(list).await.unwrap().concat();
        let mut letters: Vec<_> = letters.into_iter().filter(|letter| letter.ticket == Some(number)).collect();
        letters.sort_unstable_by_key(|letter| letter.id);
        letters
    }
}

fn reply(letter: &Letter, from: &str, text: &str) -> String {
    format!(
        "From: {from}\r\nTo: {}\r\nMessage-ID: <{}@m>\r\n\r\n{text}\r\n\r\nOn Monday, Support wrote:\r\n> {}\r\n",
        letter.reply_to.as_ref().unwrap(),
        text.len(),
        letter.text.replace('\n', "\r\n> "),
    )
}

/// M-01, M-02, M-03, M-06
#[tokio::test]
async fn a_reply_counts_once_and_is_on_its_ticket() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "Yes")).await, Verdict::Replied);
    let again = site.helpdesk.receive(reply(&letter, "anna@x.example", "Yes"), &Envelope::default()).await.unwrap();
    assert!(again.came_before && again.verdict == Verdict::Replied);
    assert_eq!(site.mailed().await, ["sara@x.example"]);
    let stored = site.letters(number).await;
    assert_eq!(stored.len(), 1);
    let message = stored[0].message.unwrap();
    assert_eq!((message.get(), stored[0].new_part, stored[0].sender.as_deref()), (3, Some(3), Some("anna@x.example")));
    assert_eq!(site.blobs.count(), 1);
}

/// M-03
#[tokio::test]
async fn nobody_else_writes_with_a_token() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    for from in ["ben@x.example", "anna@x.example.evil.example", "sara@x.example", "anna@x.example, ben@x.example"] {
        assert_eq!(site.receive(&reply(&letter, from, "Forged")).await, Verdict::NotConfirmed, "{from}");
    }
    assert!(site.letters(number).await.iter().all(|letter| letter.message.is_none()));
    assert_eq!(site.mailed().await, ["sara@x.example"], "she is told once that letters are held");
}

/// M-01, M-02: what cannot be worked on now waits, and is no failure of the letter.
#[tokio::test]
async fn a_letter_waits_for_the_host() {
    let site = Site::new().await;
    let (_, letter) = site.answered().await;
    *site.host.0.lock().unwrap() = true;
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "Yes")).await, Verdict::Waiting);
    for _ in 0..5 {
        site.later(6);
        assert!(site.helpdesk.work_on_letters().await.unwrap().is_some());
    }
    *site.host.0.lock().unwrap() = false;
    site.later(6);
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!(site.mailed().await, ["sara@x.example"]);
}

/// M-02: a node died while it worked on a letter, before or after it had stored the reply.
#[tokio::test]
async fn a_letter_of_a_dead_node_is_worked_on_once() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "Yes")).await, Verdict::Replied);
    let stored = site.letters(number).await.remove(0);
    let half = Incoming {
        verdict: Verdict::Waiting,
        due_at: Some(site.helpdesk.now()),
        message: None,
        new_part: None,
        ..stored.clone()
    };
    let forget = move |unit: &mut dyn Unit| unit.incoming().settle(&half);
    assert!(site.helpdesk.storage().run_write::<_, StorageError, _>(forget).await.unwrap());
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    let found = site.letters(number).await.remove(0);
    assert_eq!((found.verdict, found.message, found.new_part), (Verdict::Replied, stored.message, stored.new_part));
    assert_eq!(site.mailed().await, ["sara@x.example"]);
}

/// M-02: a letter that cannot be worked on is parked with its reason, and can be discarded.
#[tokio::test]
async fn a_letter_without_its_bytes_is_parked() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    *site.host.0.lock().unwrap() = true;
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "Yes")).await, Verdict::Waiting);
    for key in site.blobs.keys() {
        site.blobs.delete(&key).await.unwrap();
    }
    site.later(6);
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let held = undecided(&backend).await;
    assert_eq!(
        (held.len(), held[0].verdict, held[0].problem.as_deref()),
        (1, Verdict::Parked, Some("refused: the file is missing"))
    );
    backend.discard_incoming(held[0].id).await.unwrap();
    assert!(undecided(&backend).await.is_empty() && site.letters(number).await.is_empty());
    assert!(matches!(backend.discard_incoming(held[0].id).await, Err(crate::Error::NotFound)));
}

/// M-04
#[tokio::test]
async fn an_administrator_opens_a_ticket_with_a_held_letter() {
    let site = Site::new().await;
    let raw = "From: who@y.example\r\nSubject: Re: Toner\r\n\r\nIt is empty\r\n";
    assert_eq!(site.receive(raw).await, Verdict::UnknownSender);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let id = undecided(&backend).await[0].id;
    assert_eq!(backend.open_ticket_with(id, "who@y.example").await.unwrap(), Taken::NobodyFound);
    let Taken::Opened(number) = backend.open_ticket_with(id, " anna@x.example ").await.unwrap() else { panic!("it is open") };
    assert!(matches!(backend.open_ticket_with(id, "anna").await, Err(crate::Error::NotFound)));
    let ticket = move |unit: &mut dyn Unit| unit.tickets().find(number);
    let ticket = site.helpdesk.storage().run_read::<_, StorageError, _>(ticket).await.unwrap().unwrap();
    assert_eq!((ticket.subject.as_str(), ticket.customer.as_str()), ("Toner", "anna"));
    assert_eq!(site.mailed().await, ["sara@x.example"]);
    // the letter goes with its ticket.
    backend.delete(number).await.unwrap();
    assert_eq!(site.blobs.count(), 0);
}

/// M-02: a letter that ends the process each time is parked.
#[tokio::test]
async fn a_letter_that_kills_its_node_is_parked() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    assert_eq!(site.receive(&reply(&letter, "sara@x.example", "Mine")).await, Verdict::NotConfirmed);
    let stored = site.letters(number).await.remove(0);
    for (attempts, verdict) in [(2, Verdict::NotConfirmed), (3, Verdict::Parked)] {
        let again = Incoming { verdict: Verdict::Waiting, due_at: Some(site.helpdesk.now()), attempts, ..stored.clone() };
        let settle = move |unit: &mut dyn Unit| {
            let claims = unit.incoming().find(again.id)?.map_or(0, |letter| letter.claims);
            unit.incoming().settle(&Incoming { claims, ..again.clone() })
        };
        assert!(site.helpdesk.storage().run_write::<_, StorageError, _>(settle).await.unwrap());
        site.helpdesk.work_on_letters().await.unwrap();
        assert_eq!(site.letters(number).await[0].verdict, verdict, "{attempts}");
    }
}

/// M-09: rights may have changed since a letter came.
#[tokio::test]
async fn a_held_letter_is_worked_on_again() {
    let site = Site::new().await;
    let (_, letter) = site.answered().await;
    assert_eq!(site.receive(&reply(&letter, "sara@x.example", "Mine")).await, Verdict::NotConfirmed);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let id = undecided(&backend).await[0].id;
    backend.work_on_incoming_again(id).await.unwrap();
    assert!(undecided(&backend).await.is_empty(), "it waits");
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!(undecided(&backend).await[0].verdict, Verdict::NotConfirmed);
    assert_eq!(site.mailed().await, ["sara@x.example"], "she is told once that it is held");
}

/// M-02, M-08
#[tokio::test]
async fn a_letter_that_is_too_large_is_not_stored() {
    let site = Site::new().await;
    let large = vec![b'a'; 26 * 1024 * 1024];
    let refused = site.helpdesk.receive(large, &Envelope::default()).await;
    assert!(matches!(refused, Err(ReceiveError::TooLarge { .. })), "{refused:?}");
    assert_eq!(site.blobs.count(), 0);
    let bare = Helpdesk::builder(Arc::new(MemoryStorage::new()), site.host.clone()).build();
    assert!(matches!(bare.receive("a", &Envelope::default()).await, Err(ReceiveError::NotSetUp)));
}

/// M-05: letters of no further use are deleted after 30 days, with their bytes.
#[tokio::test]
async fn automatic_letters_are_deleted() {
    let site = Site::new().await;
    assert_eq!(site.receive("From: anna@x.example\r\nAuto-Submitted: auto-replied\r\n\r\nI am away").await, Verdict::Automatic);
    assert_eq!(site.blobs.count(), 1);
    site.later(31 * 24 * 60);
    site.helpdesk.sweep().await.unwrap();
    assert_eq!(site.blobs.count(), 0);
}

/// M-07: a picture in a letter is a file of the message.
#[tokio::test]
async fn files_come_along() {
    let site = Site::new().await;
    let raw = "Authentication-Results: mx.site.example; dmarc=pass\r\nFrom: anna@x.example\r\nSubject: Photo\r\n\
               Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee\r\n--b\r\nContent-Type: image/png; name=a.png\r\n\
               Content-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n--b--\r\n";
    assert_eq!(site.receive(raw).await, Verdict::Opened);
    let number = TicketNumber::new(1).unwrap();
    let files = move |unit: &mut dyn Unit| unit.attachments().list(number);
    let files = site.helpdesk.storage().run_read::<_, StorageError, _>(files).await.unwrap();
    assert_eq!(files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["a.png"]);
    let mut bytes = site.blobs.get(&files[0].key).await.unwrap().unwrap();
    assert_eq!(bytes.next().await.unwrap(), Some(Bytes::from_static(b"\x89PNG\r\n\x1a\n")));
}

/// M-07: of a letter that is too large for a mailbox to be fetched, the header is held once, and no ticket can be opened with it.
#[tokio::test]
async fn the_header_of_a_letter_that_is_too_large_is_held() {
    let site = Site::new().await;
    let header = "Received: by mx\r\nFrom: anna@x.example\r\nSubject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\r\n\r\n";
    let envelope = Envelope::default();
    let receive = async |header: &str| site.helpdesk.receive_too_large(header.as_bytes(), 90_000_000, &envelope).await.unwrap();
    let first = receive(header).await;
    assert_eq!((first.verdict, first.came_before), (Verdict::TooLarge, false));
    assert!(receive(&header.replace("mx", "mx2")).await.came_before);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let held = undecided(&backend).await;
    let [letter] = &held[..] else { panic!("{held:?}") };
    assert_eq!((letter.sender.as_deref(), letter.subject.as_deref()), (Some("anna@x.example"), Some("Größe")));
    assert!(letter.size == header.len() as u64 && letter.problem.as_deref().unwrap().contains("90000000"), "{letter:?}");
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    for refused in [backend.work_on_incoming_again(first.id).await, backend.open_ticket_with(first.id, "anna").await.map(drop)] {
        assert!(matches!(refused, Err(crate::Error::NotFound)), "{refused:?}");
    }
    backend.discard_incoming(first.id).await.unwrap();
    let long = format!("{header}{}", "a".repeat(100_000)).replace("anna", "ben");
    receive(&long).await;
    assert_eq!(undecided(&backend).await[0].size, 64 * 1024);
    let anything = site.helpdesk.receive_too_large(&[0, 255, 13, 10], u64::MAX, &envelope).await.unwrap();
    assert_eq!(anything.verdict, Verdict::TooLarge);
}
