//! What people do all at once, and what they were told of it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use muticket_journeys::Form;
use rocket::tokio::time::sleep;

use crate::client::{Answer, Browser};

/// What somebody was told is stored: a 303 to the ticket.
#[derive(Debug, Clone)]
pub(crate) enum Told {
    Opened { ticket: i64, text: String },
    Written { ticket: i64, message: u32, text: String },
    Rated { ticket: i64, message: u32, stars: u8 },
    Closed { ticket: i64 },
}

/// What became of everything that was sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Log {
    pub(crate) told: Vec<Told>,
    /// Ratings of which nobody knows whether they are stored.
    pub(crate) unclear: Vec<(i64, u32, u8)>,
    /// How often the connection broke: nobody knows what became of that.
    pub(crate) broken: usize,
    /// How often what was sent met a change by somebody else, by status.
    pub(crate) refused: BTreeMap<u16, usize>,
    /// What must not be.
    pub(crate) defects: BTreeSet<String>,
}

/// The site as its visitors have it.
pub(crate) struct Crowd {
    nodes: [SocketAddr; 2],
    first_lives: AtomicBool,
    browsers: BTreeMap<&'static str, Browser>,
    /// Open tickets, as far as known, with their customers.
    tickets: Mutex<Vec<(i64, &'static str)>>,
    log: Mutex<Log>,
    done: AtomicUsize,
}

/// Who writes, and whether he is a supporter.
const PEOPLE: [(&str, bool); 4] = [("anna", false), ("ben", false), ("sara", true), ("tom", true)];

impl Crowd {
    /// Everybody signs in at one node, half of them at the one and half at the other.
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

    /// From now on nobody goes to the first node, or somebody does again.
    pub(crate) fn first_lives(&self, lives: bool) {
        self.first_lives.store(lives, Ordering::SeqCst);
    }

    /// What became of everything so far.
    pub(crate) fn log(&self) -> Log {
        self.log.lock().unwrap().clone()
    }

    /// How many forms were sent and answered.
    pub(crate) fn done(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }

    /// Everybody works in two windows, and sends so many forms in each.
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
        // A page of one node, and its form to the other.
        let other = |place: usize| if self.first_lives.load(Ordering::SeqCst) { self.nodes[place % 2] } else { self.nodes[1] };
        let (asked, sent) = (other(step), other(step + 1));
        if !supports && (step % 8 < 4 || self.pick(person, step).is_none()) {
            let Some(form) = self.form(person, asked, "/support/tickets/new", "/support/tickets").await else { return };
            let form = form.with("subject", &text).with("body", &text);
            if let Some(Some((ticket, _))) = self.send(person, sent, &form).await.map(|answer| answer.leads_to()) {
                self.tickets.lock().unwrap().push((ticket, person));
                self.log.lock().unwrap().told.push(Told::Opened { ticket, text });
            }
            return;
        }
        let Some(ticket) = self.wait_for_a_ticket(person, step).await else { return };
        let page = format!("/support/tickets/{ticket}");
        if supports && step % 8 >= 6 {
            let Some(form) = self.form(person, asked, &page, "/close").await else { return };
            if self.send(person, sent, &form).await.is_some() {
                self.tickets.lock().unwrap().retain(|(open, _)| *open != ticket);
                self.log.lock().unwrap().told.push(Told::Closed { ticket });
            }
        } else if !supports && step % 8 >= 6 {
            self.rate(person, ticket, [asked, sent], step).await;
        } else if let Some(form) = self.form(person, asked, &page, "/messages").await
            && let Some(answer) = self.send(person, sent, &form.with("body", &text)).await
        {
            match answer.leads_to() {
                Some((to, Some(message))) if to == ticket => {
                    self.log.lock().unwrap().told.push(Told::Written { ticket, message, text });
                }
                _ => self.defect(format!("a message led to {}", answer.location)),
            }
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

    /// A ticket that the person may write on. Two windows, and two supporters, often pick the same.
    fn pick(&self, person: &str, step: usize) -> Option<i64> {
        let supports = PEOPLE.iter().any(|(known, supports)| *known == person && *supports);
        let tickets = self.tickets.lock().unwrap();
        let his: Vec<_> = tickets.iter().filter(|(_, customer)| supports || *customer == person).collect();
        his.get(step / 2 * 3 % his.len().max(1)).map(|(ticket, _)| *ticket)
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

    /// A form of a page; `None` if the page no longer has it.
    async fn form(&self, person: &str, node: SocketAddr, page: &str, action_end: &str) -> Option<Form> {
        match self.browsers[person].get(node, page).await {
            Ok(answer) if answer.status == 200 => answer.form(action_end),
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

    /// The answer, if it says that the form's content is stored.
    async fn send(&self, person: &str, node: SocketAddr, form: &Form) -> Option<Answer> {
        let answer = self.browsers[person].submit(node, form).await;
        self.done.fetch_add(1, Ordering::SeqCst);
        match answer {
            Ok(answer) if answer.status == 303 && answer.leads_to().is_some() => Some(answer),
            // Somebody else was faster.
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
