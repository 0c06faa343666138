//! The site: the host, the module in it, and everything that a journey can change or break.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use muticket_core::backend::{Backend, NewSettings};
use muticket_core::courier::Courier;
use muticket_core::mail::{Letter, Mailer};
use muticket_core::{AccessLevel, Category, Helpdesk, Language, SystemIds};
use muticket_rocket::{Configure, Module, MuTicket};
use muticket_test_support::database::TestDatabase;
use muticket_world::{MailSink, People};
use rocket::local::asynchronous::Client;
use rocket::{Build, Rocket};

use crate::browser::Browser;
use crate::kept::Kept;
use crate::people::Reception;
use crate::wire::Wire;

/// How a world is built.
pub struct Plan {
    place: Place,
    categories: bool,
    categories_of_the_host: bool,
    mailer: Option<Arc<dyn Mailer>>,
    attachment_bytes: Option<u64>,
    forms_per_minute: u32,
    forms_at_once: (usize, usize),
    form_patience: Duration,
}

/// Where a world stores its data.
enum Place {
    Memory,
    Sqlite,
    Server(TestDatabase),
}

impl Plan {
    /// A world in memory.
    pub fn memory() -> Self {
        Self {
            place: Place::Memory,
            categories: true,
            categories_of_the_host: false,
            mailer: None,
            attachment_bytes: None,
            forms_per_minute: 100_000,
            forms_at_once: Module::FORMS_AT_ONCE,
            form_patience: Module::FORM_PATIENCE,
        }
    }

    /// A world on SQLite and a folder.
    pub fn sqlite() -> Self {
        Self { place: Place::Sqlite, ..Self::memory() }
    }

    /// A world on a schema of a database server.
    pub fn server(database: TestDatabase) -> Self {
        Self { place: Place::Server(database), ..Self::memory() }
    }

    /// Without categories.
    #[must_use]
    pub fn without_categories(mut self) -> Self {
        self.categories = false;
        self
    }

    /// With one category, which the host supplies.
    #[must_use]
    pub fn with_categories_of_the_host(self) -> Self {
        Self { categories_of_the_host: true, ..self.without_categories() }
    }

    /// The module itself sends the letters, with this mailer.
    #[must_use]
    pub fn sending(mut self, mailer: Arc<dyn Mailer>) -> Self {
        self.mailer = Some(mailer);
        self
    }

    /// Sets the maximum size of a file.
    #[must_use]
    pub fn files_of(mut self, bytes: u64) -> Self {
        self.attachment_bytes = Some(bytes);
        self
    }

    /// Sets how many forms of one visitor, and how many in all, are read at the same time.
    #[must_use]
    pub fn forms_at_once(mut self, per_visitor: usize, in_all: usize) -> Self {
        self.forms_at_once = (per_visitor, in_all);
        self
    }

    fn module(&self, helpdesk: &Helpdesk, people: &Arc<People>) -> MuTicket {
        MuTicket::new(helpdesk.clone(), Reception::new(people.clone()))
            .public_url("https://example.org")
            .forms_per_minute(self.forms_per_minute)
            .forms_at_once(self.forms_at_once.0, self.forms_at_once.1)
            .form_patience(self.form_patience)
    }

    /// Sets how long a form may stand still.
    #[must_use]
    pub fn form_patience(mut self, patience: Duration) -> Self {
        self.form_patience = patience;
        self
    }

    /// Sets how many forms a visitor may send per minute.
    #[must_use]
    pub fn forms_per_minute(mut self, most: u32) -> Self {
        self.forms_per_minute = most;
        self
    }
}

/// A site with its people. Sara (Billing) and Tom (Technical) are present supporters, Uwe (Billing) is absent, Vera has left the group,
/// and Kim is in the group but is not a supporter. Clones are cheap and share the same world.
#[derive(Clone)]
pub struct World(Arc<Parts>);

struct Parts {
    kept: Kept,
    inside: muticket_world::World,
    courier: Courier,
    client: Client,
    broken: AtomicBool,
    plan: Plan,
}

/// Rocket without log output, as all these tests start it.
pub fn rocket() -> Rocket<Build> {
    rocket::custom(rocket::Config { log_level: rocket::config::LogLevel::Off, ..rocket::Config::debug_default() })
}

impl World {
    /// Builds the world.
    pub async fn new(mut plan: Plan) -> Self {
        let (kept, storage, blobs) = match std::mem::replace(&mut plan.place, Place::Memory) {
            Place::Memory => Kept::memory(),
            Place::Sqlite => Kept::sqlite().await,
            Place::Server(database) => Kept::server(database).await,
        };
        let (people, limit) = (Arc::new(People::cast()), plan.attachment_bytes);
        people.set_categories(&[("devices", "Devices")]);
        let source = plan.categories_of_the_host.then(|| people.clone());
        let builder = muticket_world::World::builder().people(people).storage(storage).blobs(blobs).configure(move |builder| {
            let builder = builder.ids(Arc::new(SystemIds));
            let builder = match source {
                Some(source) => builder.categories(source),
                None => builder,
            };
            match limit {
                Some(bytes) => builder.limits(|limits| limits.attachment_bytes = bytes),
                None => builder,
            }
        });
        let inside = builder.bare();
        furnish(&inside, plan.categories).await;
        let module = plan.module(&inside.helpdesk, &inside.people);
        let module = match plan.mailer.take() {
            Some(mailer) => module.mail(mailer, "Support <support@example.org>"),
            None => module,
        };
        let client = Client::untracked(rocket().attach(module)).await.unwrap();
        let courier = inside.courier();
        Self(Arc::new(Parts { kept, inside, courier, client, broken: AtomicBool::new(false), plan }))
    }

    /// A person's browser.
    pub fn as_(&self, person: &str) -> Browser {
        assert!(self.people().find(person).is_some(), "nobody is called {person}");
        Browser::new(self.clone(), Some(person))
    }

    /// The browser of a guest.
    pub fn guest(&self) -> Browser {
        Browser::new(self.clone(), None)
    }

    /// The backend's door, without its pages. It sets up what a journey is not about.
    pub fn backend(&self) -> Backend {
        self.0.inside.backend()
    }

    /// Makes supporters present or absent.
    pub async fn presence(&self, person: &str, present: bool) {
        self.0.inside.set_present(person, present).await;
    }

    /// Makes all supporters absent.
    pub async fn everybody_leaves(&self) {
        for person in ["sara", "tom", "uwe"] {
            self.presence(person, false).await;
        }
    }

    /// Changes the settings.
    pub async fn settings(&self, change: impl FnOnce(&mut NewSettings)) {
        self.0.inside.change_settings(change).await;
    }

    /// A category, by its English name.
    pub async fn category(&self, name: &str) -> Category {
        let all = self.backend().categories().await.unwrap();
        all.in_order(&Language::english()).into_iter().find(|category| category.name(&Language::english()) == name).unwrap()
    }

    /// Sends the due letters and takes them out, ordered by recipient.
    pub async fn letters(&self) -> Vec<Letter> {
        self.deliver().await;
        self.0.inside.mail.take()
    }

    /// The recipients of the letters sent: their names, sorted.
    pub async fn mailed(&self) -> Vec<String> {
        let to = |letter: Letter| letter.to.address().as_str().trim_end_matches("@example.org").to_owned();
        self.letters().await.into_iter().map(to).collect()
    }

    /// Sends the due letters.
    pub async fn deliver(&self) {
        while self.delivers_once().await > 0 {}
    }

    /// Sends the due letters of one batch, and returns how many were sent.
    pub async fn delivers_once(&self) -> u32 {
        self.0.courier.deliver_due().await.unwrap().sent
    }

    /// Lets time pass.
    pub fn later(&self, time: TimeDelta) {
        self.0.inside.clock.advance(time);
    }

    /// How many units of work were begun so far.
    pub fn units(&self) -> u32 {
        self.0.inside.storage.units()
    }

    /// The storage goes away after so many units.
    pub fn storage_goes_away_after(&self, units: u32) {
        self.something_breaks();
        self.0.inside.storage.go_away_after(units);
    }

    /// The storage is back.
    pub fn storage_is_back(&self) {
        self.0.inside.storage.mend();
        self.all_is_well();
    }

    /// Allows answers with status 503 from now on.
    pub fn something_breaks(&self) {
        self.0.broken.store(true, Ordering::SeqCst);
    }

    /// Forbids answers with status 503 again.
    pub fn all_is_well(&self) {
        self.0.broken.store(false, Ordering::SeqCst);
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.0.broken.load(Ordering::SeqCst)
    }

    /// The host's people.
    pub fn people(&self) -> &Arc<People> {
        &self.0.inside.people
    }

    /// The mail server.
    pub fn mail(&self) -> &MailSink {
        &self.0.inside.mail
    }

    /// The module without its pages.
    pub fn helpdesk(&self) -> &Helpdesk {
        &self.0.inside.helpdesk
    }

    /// The stored data.
    pub fn kept(&self) -> &Kept {
        &self.0.kept
    }

    /// Rocket.
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// The same site behind a real socket, for requests that no browser makes.
    pub async fn wire(&self) -> Wire {
        Wire::open(self.0.plan.module(&self.0.inside.helpdesk, &self.0.inside.people)).await
    }

    /// The base at which the module is mounted.
    pub fn base(&self) -> &str {
        Module::BASE
    }

    /// Ends a journey.
    ///
    /// # Panics
    /// If letters are left that the journey did not expect.
    pub async fn ends(&self) {
        let left: Vec<_> =
            self.letters().await.into_iter().map(|letter| (letter.to.address().as_str().to_owned(), letter.subject)).collect();
        assert!(left.is_empty(), "the journey did not expect these letters: {left:?}");
    }
}

/// Sets up settings, categories and supporters, as an administrator would. Supporters may not open tickets, except where a journey
/// allows it.
async fn furnish(world: &muticket_world::World, categories: bool) {
    for person in ["sara", "tom", "uwe", "kim"] {
        world.people.set_level(person, AccessLevel::Comment);
    }
    world.change_settings(|_| ()).await;
    for (german, english) in [("Rechnung", "Billing"), ("Technik", "Technical"), ("Sonstiges", "Other")] {
        if categories {
            world.add_category(&[(Language::german(), german), (Language::english(), english)]).await;
        }
    }
    world.people.set_groups("vera", &["support"]);
    for (person, present, category) in
        [("sara", true, "Billing"), ("tom", true, "Technical"), ("uwe", false, "Billing"), ("vera", true, "Billing")]
    {
        let category: &[&str] = if categories { &[category] } else { &[] };
        world.add_supporter(person, present, category).await;
    }
    world.people.set_groups("vera", &[]);
}
