//! A room of two help desks and some vacation responders, and the post between them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::courier::{Courier, CourierConfig};
use muticket_core::incoming::{Envelope, Verdict};
use muticket_core::mail::{Letter, Letters};
use muticket_core::storage::{Order, OverviewQuery, Reach, SortKey, View};
use muticket_core::ticket::Ticket;
use muticket_core::{AccessLevel, MailIn, SystemIds};
use muticket_journeys::{People, user};
use muticket_world::World;

/// What marks a letter of a site as automatic.
const AUTOMATIC: &str =
    "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nPrecedence: bulk\r\nX-MuTicket-Loop: 1\r\n";

/// A letter on its way.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) to: String,
    /// The address for reports about its delivery; empty for none.
    envelope_from: String,
    reply_to: Option<String>,
    id: String,
    in_reply_to: String,
    /// The thread that it belongs to: the same for a letter and its answer.
    pub(crate) thread: String,
    subject: String,
    /// The fields that mark it as written by a program.
    marks: &'static str,
    text: String,
}

impl Mail {
    /// A letter of a site. The fields are those of the mailer.
    fn of_site(letter: &Letter) -> Self {
        Self {
            from: letter.from.address().to_string(),
            to: letter.to.address().to_string(),
            envelope_from: letter.envelope_sender().map_or_else(String::new, ToString::to_string),
            reply_to: letter.reply_to.as_ref().map(ToString::to_string),
            id: letter.message_id.to_string(),
            in_reply_to: letter.thread.to_string(),
            thread: letter.thread.to_string(),
            subject: letter.subject.clone(),
            marks: if letter.automatic { AUTOMATIC } else { "X-MuTicket-Loop: 1\r\n" },
            text: letter.text.clone(),
        }
    }

    /// A first letter of a person.
    pub(crate) fn first(from: &str, to: &str, text: &str) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            envelope_from: from.to_owned(),
            reply_to: None,
            id: format!("first.{from}"),
            in_reply_to: "none@away.example".to_owned(),
            thread: format!("first.{from}"),
            subject: text.to_owned(),
            marks: "",
            text: text.to_owned(),
        }
    }

    /// What the mail server of the recipient hands over: it has confirmed the sender.
    fn raw(&self, server: &str) -> String {
        let (_, domain) = self.from.split_once('@').unwrap();
        let reply_to = self.reply_to.as_ref().map_or(String::new(), |address| format!("Reply-To: {address}\r\n"));
        format!(
            "Authentication-Results: {server}; dmarc=pass header.from={domain}\r\nFrom: {}\r\nTo: {}\r\n{reply_to}Subject: {}\r\n\
             Message-ID: <{}>\r\nIn-Reply-To: <{answered}>\r\nReferences: <{answered}>\r\n{}\r\n{}\r\n",
            self.from,
            self.to,
            self.subject,
            self.id,
            self.marks,
            self.text.replace('\n', "\r\n"),
            answered = self.in_reply_to,
        )
    }
}

/// A program that answers while its owner is away.
#[derive(Debug)]
pub(crate) enum Responder {
    /// It does as RFC 3834 says, and answers a sender once a week.
    Careful(BTreeMap<String, DateTime<Utc>>),
    /// It answers every letter, and marks nothing.
    Careless,
}

impl Responder {
    /// Its answer.
    fn answer(&mut self, to: &Mail, number: usize, now: DateTime<Utc>) -> Option<Mail> {
        let back = to.reply_to.clone().unwrap_or_else(|| to.from.clone());
        let (envelope_from, back, marks) = match self {
            Self::Careful(answered) => {
                let recently = answered.get(&to.envelope_from).is_some_and(|last| now - *last < TimeDelta::days(7));
                if recently || to.envelope_from.is_empty() || to.marks.contains("Auto-Submitted") {
                    return None;
                }
                answered.insert(to.envelope_from.clone(), now);
                (String::new(), to.envelope_from.clone(), "Auto-Submitted: auto-replied\r\n")
            }
            Self::Careless => (to.to.clone(), back, ""),
        };
        Some(Mail {
            from: to.to.clone(),
            to: back,
            envelope_from,
            reply_to: None,
            id: format!("{number}.away@away.example"),
            in_reply_to: to.id.clone(),
            thread: to.thread.clone(),
            subject: format!("Re: {}", to.subject),
            marks,
            text: format!("I am away until Monday. {number}\n\n> {}", to.text.replace('\n', "\n> ")),
        })
    }
}

/// A site whose supporters answer each new ticket once.
pub(crate) struct Site {
    domain: &'static str,
    pub(crate) world: World,
    courier: Courier,
}

impl Site {
    /// `customers` are the ids and addresses of its users.
    pub(crate) async fn new(domain: &'static str, customers: &[(&str, &str, AccessLevel)]) -> Self {
        let people = Arc::new(People::cast());
        for staff in ["sara", "tom", "ada"] {
            people.change(staff, |user| user.address = Some(format!("{staff}@{domain}")));
        }
        for (id, address, level) in customers {
            people.add(muticket_core::User { address: Some((*address).to_owned()), ..user(id, id, *level, &[]) });
        }
        let rules = MailIn::new(&format!("support+{{token}}@{domain}")).unwrap().with_relay(server(domain));
        let pattern = rules.pattern().clone();
        let world =
            World::builder().people(people).configure(|builder| builder.ids(Arc::new(SystemIds)).mail_in(rules)).build().await;
        let config = CourierConfig {
            from: format!("Support <support@{domain}>").parse().unwrap(),
            base_url: format!("https://{domain}/support").parse().unwrap(),
            site_name: domain.to_owned(),
        };
        let letters = Letters::builder().build().unwrap();
        let courier = Courier::new(world.storage.clone(), world.people.clone(), world.mail.clone(), letters, config)
            .with_clock(world.clock.clone())
            .with_replies(pattern);
        Self { domain, world, courier }
    }

    pub(crate) fn address(&self) -> String {
        format!("support@{}", self.domain)
    }

    fn has(&self, address: &str) -> bool {
        let (local, domain) = address.split_once('@').unwrap();
        domain == self.domain && local.split('+').next() == Some("support")
    }

    pub(crate) async fn tickets(&self) -> Vec<Ticket> {
        self.world
            .read(|unit| {
                let all = View::of(Reach::All);
                let query = OverviewQuery { view: all, sort: SortKey::Number, order: Order::Ascending, after: None, limit: 1000 };
                unit.overviews().list(&query)
            })
            .await
    }

    /// Sara answers what nobody has answered.
    pub(crate) async fn answers(&self) {
        for ticket in self.tickets().await.iter().filter(|ticket| ticket.answers == 0) {
            let text = format!("An answer from {} about {}", self.domain, ticket.number);
            self.world.sara().answers(ticket, &text).await.unwrap();
        }
    }

    /// Customers get receipts and letters about closing from now on.
    pub(crate) async fn tells_customers(&self) {
        self.world.change_settings(|settings| (settings.receipts, settings.closing_letters) = (true, true)).await;
    }

    /// Sara closes all tickets that are open.
    pub(crate) async fn closes_all(&self) {
        for ticket in self.tickets().await {
            self.world.sara().closes(&ticket).await.unwrap();
        }
    }

    /// Sends the letters that are due, and takes them to the post.
    async fn sends(&self) -> Vec<Mail> {
        while self.courier.deliver_due().await.unwrap().sent > 0 {}
        self.world.mail.take().iter().map(Mail::of_site).collect()
    }
}

fn server(domain: &str) -> String {
    format!("mx.{domain}")
}

/// Two sites, the vacation responders by their addresses, and the post.
pub(crate) struct Room {
    pub(crate) sites: [Site; 2],
    pub(crate) responders: BTreeMap<String, Responder>,
    /// Letters that are on their way.
    pub(crate) post: VecDeque<Mail>,
    /// All letters that were delivered, with the hour.
    pub(crate) delivered: Vec<(u32, Mail)>,
    /// What the sites made of theirs: sender, recipient, verdict.
    pub(crate) verdicts: Vec<(String, String, Verdict)>,
    hour: u32,
}

impl Room {
    pub(crate) fn new(sites: [Site; 2], responders: BTreeMap<String, Responder>) -> Self {
        Self { sites, responders, post: VecDeque::new(), delivered: Vec::new(), verdicts: Vec::new(), hour: 0 }
    }

    /// An hour: letters are sent and delivered until none is left.
    ///
    /// # Panics
    /// If that does not end.
    pub(crate) async fn hour(&mut self) {
        let before = self.delivered.len();
        loop {
            for site in &self.sites {
                site.world.helpdesk.work_on_letters().await.unwrap();
                self.post.extend(site.sends().await);
            }
            let Some(mail) = self.post.pop_front() else { break };
            self.deliver(mail).await;
            assert!(self.delivered.len() < before + 200, "it never ends: {:#?}", self.delivered.last());
        }
        self.hour += 1;
        for site in &self.sites {
            site.world.clock.advance(TimeDelta::hours(1));
        }
    }

    async fn deliver(&mut self, mail: Mail) {
        self.delivered.push((self.hour, mail.clone()));
        if let Some(site) = self.sites.iter().find(|site| site.has(&mail.to)) {
            let envelope = Envelope { from: Some(mail.envelope_from.clone()), to: mail.to.clone() };
            let raw = mail.raw(&server(site.domain));
            let receipt = site.world.helpdesk.receive(raw, &envelope).await.unwrap();
            self.verdicts.push((mail.from, mail.to, receipt.verdict));
        } else if let Some(responder) = self.responders.get_mut(&mail.to) {
            let now = self.sites[0].world.clock.now();
            self.post.extend(responder.answer(&mail, self.delivered.len(), now));
        }
    }

    /// How many letters went from one address to another in one thread, at most.
    pub(crate) fn most_in_a_thread(&self) -> usize {
        let mut threads: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
        for (_, mail) in &self.delivered {
            // A site writes from one address, and is written to at many.
            let to = mail.to.split('+').next().unwrap();
            *threads.entry((&mail.from, to, &mail.thread)).or_default() += 1;
        }
        threads.into_values().max().unwrap_or_default()
    }
}
