//! One place where letters are stored, the nodes that work on it, and a customer who writes to it.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::blob::Blobs;
use muticket_core::incoming::{Envelope, Verdict};
use muticket_core::mail::Letter;
use muticket_core::storage::{Order, OverviewQuery, Reach, SortKey, View};
use muticket_core::ticket::Message;
use muticket_core::{MailIn, Storage, SystemIds};
use muticket_journeys::{Kept, People};
use muticket_world::{ManualClock, World as Node};

use crate::mortal::{Death, Mortal};

/// What the relay of the site writes about a sender that it could confirm.
const PASSED: &str = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\r\n";

/// A kind of letter from Anna.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Reply,
    ReplyWithFile,
    ReplyToClosed,
    NewTicket,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Reply, Self::ReplyWithFile, Self::ReplyToClosed, Self::NewTicket];

    fn verdict(self) -> Verdict {
        match self {
            Self::Reply | Self::ReplyWithFile => Verdict::Replied,
            Self::ReplyToClosed => Verdict::FollowedUp,
            Self::NewTicket => Verdict::Opened,
        }
    }

    /// Who hears of it. Sara has answered, so replies are for her. Anna has a receipt for each ticket.
    fn readers(self) -> &'static [&'static str] {
        match self {
            Self::Reply | Self::ReplyWithFile => &["sara"],
            Self::ReplyToClosed | Self::NewTicket => &["anna", "sara", "tom"],
        }
    }

    fn files(self) -> usize {
        usize::from(self == Self::ReplyWithFile)
    }
}

/// What all nodes share: rows, files, users and the time.
pub(crate) struct Place {
    kept: Kept,
    storage: Arc<dyn Storage>,
    blobs: Arc<dyn Blobs>,
    pub(crate) people: Arc<People>,
    now: DateTime<Utc>,
    /// Letters to Anna about an open and about a closed ticket.
    open: Letter,
    closed: Letter,
}

impl Place {
    pub(crate) async fn in_memory() -> Self {
        Self::new(Kept::memory()).await
    }

    pub(crate) async fn on_sqlite() -> Self {
        Self::new(Kept::sqlite().await).await
    }

    async fn new((kept, storage, blobs): (Kept, Arc<dyn Storage>, Arc<dyn Blobs>)) -> Self {
        let people = Arc::new(People::cast());
        let node = Self::node_on(&storage, &blobs, &people, &Death::never());
        node.change_settings(|_| ()).await;
        for supporter in ["sara", "tom"] {
            node.add_supporter(supporter, true, &[]).await;
        }
        let (open, closed) = (answered(&node, false).await, answered(&node, true).await);
        node.change_settings(|settings| settings.receipts = true).await;
        Self { kept, storage, blobs, people, now: ManualClock::START, open, closed }
    }

    fn node_on(storage: &Arc<dyn Storage>, blobs: &Arc<dyn Blobs>, people: &Arc<People>, death: &Arc<Death>) -> Node {
        let builder =
            Node::builder().people(people.clone()).storage(Mortal::new(storage, death)).blobs(Mortal::new(blobs, death));
        builder.configure(|builder| builder.ids(Arc::new(SystemIds)).mail_in(rules())).bare()
    }

    /// A node that has just started.
    pub(crate) fn node(&self, death: &Arc<Death>) -> Node {
        let node = Self::node_on(&self.storage, &self.blobs, &self.people, death);
        node.clock.set(self.now);
        node
    }

    /// Lets time pass, for nodes that start later.
    pub(crate) fn later(&mut self, time: TimeDelta) {
        self.now += time;
    }

    /// A letter from Anna. Each has a text of its own.
    pub(crate) fn letter(&self, kind: Kind, number: u32) -> Vec<u8> {
        let text = text(kind, number);
        let (head, to) = match kind {
            Kind::Reply | Kind::ReplyWithFile => ("", &self.open),
            Kind::ReplyToClosed => ("", &self.closed),
            Kind::NewTicket => (PASSED, &self.open),
        };
        let address = to.reply_to.as_ref().map(ToString::to_string).filter(|_| kind != Kind::NewTicket);
        let address = address.unwrap_or_else(|| "support@example.org".to_owned());
        let head = format!("{head}From: anna@example.org\r\nTo: {address}\r\nSubject: {text}\r\nMIME-Version: 1.0\r\n");
        let body = match kind {
            Kind::ReplyWithFile => format!(
                "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n--b\r\nContent-Type: application/pdf\r\n\
                 Content-Disposition: attachment; filename=a.pdf\r\n\r\n{text}\r\n--b--\r\n"
            ),
            Kind::Reply | Kind::ReplyToClosed | Kind::NewTicket => format!("\r\n{text}\r\n"),
        };
        format!("{head}{body}").into_bytes()
    }

    /// The number of stored files.
    pub(crate) fn files(&self) -> usize {
        self.kept.files()
    }

    /// A node works on the letters that wait, until none does.
    pub(crate) async fn works_to_the_end(&mut self) {
        for _ in 0..5 {
            self.later(TimeDelta::minutes(6));
            if self.node(&Death::never()).helpdesk.work_on_letters().await.unwrap().is_none() {
                return;
            }
        }
        panic!("a letter waits for ever");
    }

    /// M-02: "nothing is lost and nothing doubled". The letter is one message, each of its readers has one notice, its files are
    /// there, and of what was begun in between nothing is left. `before` is the number of files before it came.
    pub(crate) async fn has_once(&mut self, kind: Kind, number: u32, before: usize) {
        self.works_to_the_end().await;
        let node = self.node(&Death::never());
        let again = node.helpdesk.receive(self.letter(kind, number), &Envelope::default()).await.unwrap();
        assert!(again.came_before && again.verdict == kind.verdict(), "{kind:?} {number}: {again:?}");
        let messages = messages(&node, text(kind, number)).await;
        let [message] = &messages[..] else { panic!("{kind:?} {number}: {messages:?}") };
        let notices: Vec<_> = node.unsent_about(message).await.into_iter().map(|(_, reader)| reader).collect();
        assert_eq!(notices, kind.readers(), "{kind:?} {number}");

        let (ticket, place) = (message.ticket, message.number);
        let mut files = node.read(move |unit| unit.attachments().list(ticket)).await;
        files.retain(|file| file.message == place);
        assert_eq!(files.len(), kind.files(), "{kind:?} {number}");
        for file in files {
            let bytes = node.anna().downloads(file.id).await.unwrap().content.next().await.unwrap().unwrap();
            assert_eq!(String::from_utf8_lossy(&bytes).trim_end(), text(kind, number));
        }
        if kind == Kind::ReplyToClosed {
            // While it is open, the next letter would be a reply on it.
            let ticket = node.read(move |unit| unit.tickets().find(ticket)).await.unwrap();
            node.sara().closes(&ticket).await.unwrap();
        }
        self.later(TimeDelta::hours(25));
        self.node(&Death::never()).helpdesk.sweep().await.unwrap();
        assert_eq!(self.files(), before + 1 + kind.files(), "{kind:?} {number}: something is left over or lost");
    }
}

/// The rules of the site.
fn rules() -> MailIn {
    MailIn::new("support+{token}@example.org").unwrap().with_relay("mx.example.org")
}

fn text(kind: Kind, number: u32) -> String {
    format!("{kind:?} number {number}.")
}

/// The letter to Anna about a ticket that Sara has answered, and perhaps closed.
async fn answered(node: &Node, is_closed: bool) -> Letter {
    let ticket = node.anna().opens("the printer", None).await.unwrap();
    node.sara().answers(&ticket, "Is it plugged in?").await.unwrap();
    if is_closed {
        node.sara().closes(&ticket).await.unwrap();
    }
    let courier = node.courier().with_replies(rules().pattern().clone());
    while courier.deliver_due().await.unwrap().sent > 0 {}
    node.mail.take().into_iter().find(|letter| letter.reply_to.is_some()).unwrap()
}

/// The messages that begin with the text, on all tickets.
async fn messages(node: &Node, text: String) -> Vec<Message> {
    node.read(move |unit| {
        let all = View::of(Reach::All);
        let query = OverviewQuery { view: all, sort: SortKey::Number, order: Order::Ascending, after: None, limit: 10_000 };
        let mut found = Vec::new();
        for ticket in unit.overviews().list(&query)? {
            let messages = unit.messages().list(ticket.number, None, 10_000)?;
            found.extend(messages.into_iter().filter(|message| message.body.as_str().starts_with(&text)));
        }
        Ok(found)
    })
    .await
}
