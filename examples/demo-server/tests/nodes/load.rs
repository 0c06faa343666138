//! What people do at the same time, and what they were told about it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use muticket_journeys::Form;
use rocket::tokio::time::sleep;

use crate::client::{Answer, Browser};

/// What a person was told is stored: a 303 to the ticket.
#[derive(Debug, Clone)]
pub(crate) enum Told {
    Opened { ticket: i64, text: String },
    Written { ticket: i64, message: u32, text: String, supports: bool },
    Rated { ticket: i64, message: u32, stars: u8 },
    Closed { ticket: i64 },
    Reopened { ticket: i64 },
}

/// The results of everything that was sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    pub(crate) told: Vec<Told>,
    /// Ratings that may or may not be stored.
    pub(crate) unclear: Vec<(i64, u32, u8)>,
    /// How often a connection broke. It is unknown whether those requests took effect.
    pub(crate) broken: usize,
    /// How many files came back complete from the node that had not received them.
    pub(crate) files: usize,
    /// How often a request met another person's change, by status.
    pub(crate) refused: BTreeMap<u16, usize>,
    /// Results that must not happen.
    pub(crate) defects: BTreeSet<String>,
}

impl Log {
    /// Asserts that every kind of action succeeded at least once.
    pub(crate) fn has_everything(&self) {
        let count = |kind: fn(&Told) -> bool| self.told.iter().filter(|told| kind(told)).count();
        let counts = [
            ("opened", count(|told| matches!(told, Told::Opened { .. }))),
            ("replied", count(|told| matches!(told, Told::Written { supports: false, .. }))),
            ("answered", count(|told| matches!(told, Told::Written { supports: true, .. }))),
            ("rated", count(|told| matches!(told, Told::Rated { .. }))),
            ("closed", count(|told| matches!(told, Told::Closed { .. }))),
            ("reopened", count(|told| matches!(told, Told::Reopened { .. }))),
            ("fetched a file", self.files),
        ];
        assert!(counts.iter().all(|(_, count)| *count > 0), "{counts:?}");
    }
}

/// The site as its visitors use it.
pub(crate) struct Crowd {
    nodes: [SocketAddr; 2],
    first_lives: AtomicBool,
    browsers: BTreeMap<&'static str, Browser>,
    /// Tickets believed to be open, with their customers.
    tickets: Mutex<Vec<(i64, &'static str)>>,
    log: Mutex<Log>,
    done: AtomicUsize,
}

/// The people, and whether they are supporters.
const PEOPLE: [(&str, bool); 4] = [("anna", false), ("ben", false), ("sara", true), ("tom", true)];

impl Crowd {
    /// Signs everybody in: half of them at one node, the other half at the other.
    pub(crate) async fn new(nodes: [SocketAddr; 2]) -> Arc<Self> {
        let mut browsers = BTreeMap::new();
        for (place, (person, _)) in PEOPLE.into_iter().enumerate() {
            let browser = Browser::default();
            browser.sign_in(nodes[place % 2], person).await;
            browsers.insert(person, browser);
        }
        let first_lives = AtomicBool::new(true);
        Arc::new(Self {
            nodes,
            first_lives,
            browsers,
            tickets: Mutex::default(),
            log: Mutex::default(),
            done: AtomicUsize::new(0),
        })
    }

    /// Sets whether the first node is used from now on.
    pub(crate) fn first_lives(&self, lives: bool) {
        self.first_lives.store(lives, Ordering::SeqCst);
    }

    /// The results so far.
    pub(crate) fn log(&self) -> Log {
        self.log.lock().unwrap().clone()
    }

    /// How many forms were sent and answered.
    pub(crate) fn done(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }

    /// Every person works in two windows and sends `forms` forms in each.
    pub(crate) async fn work(self: &Arc<Self>, name: &'static str, forms: usize) {
        let windows = PEOPLE.into_iter().flat_map(|person| [(person, 0), (person, 1)]);
        let tasks: Vec<_> = windows
            .map(|((person, supports), window)| {
                let crowd = self.clone();
                rocket::tokio::spawn(async move {
                    for step in 0..forms {
                        let text = format!("{name} {person} {window} {step}");
                        crowd.step(person, supports, 2 * step + window, text).await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    }

    async fn step(&self, person: &'static str, supports: bool, step: usize, text: String) {
        // Get the page from one node, and send its form to the other.
        let other = |place: usize| if self.first_lives.load(Ordering::SeqCst) { self.nodes[place % 2] } else { self.nodes[1] };
        let (asked, sent) = (other(step), other(step + 1));
        if !supports && (step % 8 < 4 || self.pick(person, step).is_none()) {
            let Some(form) = self.form(person, asked, "/support/tickets/new", "/support/tickets").await else { return };
            let form = form.with("subject", &text).with("body", &text);
            let with_file = step % 8 < 2;
            let form = if with_file { form.file("note.txt", text.as_bytes()) } else { form };
            if let Some(Some((ticket, _))) = self.send(person, sent, &form).await.map(|answer| answer.leads_to()) {
                if with_file {
                    self.fetch(person, asked, ticket, &text).await;
                }
                self.tickets.lock().unwrap().push((ticket, person));
                self.log.lock().unwrap().told.push(Told::Opened { ticket, text });
            }
            return;
        }
        let Some(ticket) = self.wait_for_a_ticket(person, step).await else { return };
        let page = format!("/support/tickets/{ticket}");
        if supports && step % 8 >= 6 {
            self.close(person, ticket, [asked, sent], step).await;
        } else if !supports && step % 8 >= 6 {
            self.rate(person, ticket, [asked, sent], step).await;
        } else if let Some(form) = self.form(person, asked, &page, "/messages").await
            && let Some(answer) = self.send(person, sent, &form.with("body", &text)).await
        {
            match answer.leads_to() {
                Some((to, Some(message))) if to == ticket => {
                    self.log.lock().unwrap().told.push(Told::Written { ticket, message, text, supports });
                }
                _ => self.defect(format!("a message led to {}", answer.location)),
            }
        }
    }

    /// Closes a ticket, and reopens every second one. As far as this person knows, nobody else writes on it meanwhile.
    async fn close(&self, person: &'static str, ticket: i64, [asked, sent]: [SocketAddr; 2], step: usize) {
        let page = format!("/support/tickets/{ticket}");
        let Some(form) = self.form(person, asked, &page, "/close").await else { return };
        let customer = self.customer(ticket);
        // If it is unknown whether the ticket is closed, nobody writes on it any more either.
        self.tickets.lock().unwrap().retain(|(open, _)| *open != ticket);
        if self.send(person, sent, &form).await.is_none() {
            return;
        }
        if step % 16 < 8 {
            self.log.lock().unwrap().told.push(Told::Closed { ticket });
        } else if let Some(form) = self.form(person, asked, &page, "/reopen").await
            && self.send(person, sent, &form).await.is_some()
        {
            self.log.lock().unwrap().told.push(Told::Reopened { ticket });
            self.tickets.lock().unwrap().extend(customer.map(|customer| (ticket, customer)));
        }
    }

    /// The customer of the ticket, if it is believed to be open.
    fn customer(&self, ticket: i64) -> Option<&'static str> {
        self.tickets.lock().unwrap().iter().find(|(open, _)| *open == ticket).map(|(_, customer)| *customer)
    }

    /// Downloads the file of a ticket that was just opened.
    async fn fetch(&self, person: &str, node: SocketAddr, ticket: i64, content: &str) {
        let browser = &self.browsers[person];
        let Ok(page) = browser.get(node, &format!("/support/tickets/{ticket}")).await else {
            self.log.lock().unwrap().broken += 1;
            return;
        };
        let Some(address) = page.attachments().into_iter().next() else {
            return self.defect(format!("no file at #{ticket}"));
        };
        match browser.get(node, &address).await {
            Ok(file) if file.status == 200 && file.page == content => self.log.lock().unwrap().files += 1,
            Ok(file) => self.defect(format!("{} and {:?} for a file that says {content:?}", file.status, file.page)),
            Err(_) => self.log.lock().unwrap().broken += 1,
        }
    }

    async fn rate(&self, person: &'static str, ticket: i64, [asked, sent]: [SocketAddr; 2], step: usize) {
        let Some(form) = self.form(person, asked, &format!("/support/tickets/{ticket}"), "/rating").await else { return };
        let message = form.action.rsplit('/').nth(1).and_then(|number| number.parse().ok()).unwrap();
        let stars = u8::try_from(step % 5).unwrap() + 1;
        match self.send(person, sent, &form.forced("stars", stars.to_string().as_bytes())).await {
            Some(_) => self.log.lock().unwrap().told.push(Told::Rated { ticket, message, stars }),
            None => self.log.lock().unwrap().unclear.push((ticket, message, stars)),
        }
    }

    /// A ticket on which the person may write. Two windows, or two supporters, often pick the same one.
    fn pick(&self, person: &str, step: usize) -> Option<i64> {
        let supports = PEOPLE.iter().any(|(known, supports)| *known == person && *supports);
        let tickets = self.tickets.lock().unwrap();
        let own: Vec<_> = tickets.iter().filter(|(_, customer)| supports || *customer == person).collect();
        own.get(step / 2 * 3 % own.len().max(1)).map(|(ticket, _)| *ticket)
    }

    async fn wait_for_a_ticket(&self, person: &str, step: usize) -> Option<i64> {
        for _ in 0..100 {
            if let Some(ticket) = self.pick(person, step) {
                return Some(ticket);
            }
            sleep(Duration::from_millis(50)).await;
        }
        None
    }

    /// A form of a page. `None` if the node broke off, or if there is a good reason for the page not to have it: there is nothing to rate
    /// yet, or another person has closed or reopened the ticket.
    async fn form(&self, person: &str, node: SocketAddr, page: &str, action_end: &str) -> Option<Form> {
        match self.browsers[person].get(node, page).await {
            Ok(answer) if answer.status == 200 => {
                let form = answer.form(action_end);
                let closed = answer.page.contains("end-title");
                let somebody_was_faster = match action_end {
                    "/messages" | "/close" => closed,
                    "/reopen" => !closed,
                    "/rating" => true,
                    _ => false,
                };
                if form.is_none() && !somebody_was_faster {
                    self.defect(format!("no form to {action_end} on {page}"));
                }
                form
            }
            Ok(answer) => {
                self.defect(format!("{} for {page}", answer.status));
                None
            }
            Err(_) => {
                self.log.lock().unwrap().broken += 1;
                None
            }
        }
    }

    /// Sends a form. Returns the response if it says that the content is stored.
    async fn send(&self, person: &str, node: SocketAddr, form: &Form) -> Option<Answer> {
        let answer = self.browsers[person].submit(node, form).await;
        self.done.fetch_add(1, Ordering::SeqCst);
        match answer {
            Ok(answer) if answer.status == 303 && answer.leads_to().is_some() => Some(answer),
            // Another person was faster.
            Ok(answer) if answer.status == 409 => {
                *self.log.lock().unwrap().refused.entry(answer.status).or_default() += 1;
                None
            }
            Ok(answer) => {
                self.defect(format!("{} to {:?} for a form to {}", answer.status, answer.location, form.action));
                None
            }
            Err(_) => {
                self.log.lock().unwrap().broken += 1;
                None
            }
        }
    }

    fn defect(&self, what: String) {
        self.log.lock().unwrap().defects.insert(what);
    }
}
