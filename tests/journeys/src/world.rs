//! The site: the host, the module in it, and everything that a journey can change or break.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use muticket_core::backend::{Backend, LabelEdit, NewSettings};
use muticket_core::courier::Courier;
use muticket_core::label::LabelColour;
use muticket_core::mail::Letter;
use muticket_core::{AccessLevel, Category, Helpdesk, Language, SystemIds};
use muticket_web::Module;
use muticket_world::{MailSink, People};

use crate::kept::Kept;
use crate::mount::Mount;
use crate::people::Reception;
use crate::plan::{Adapter, Place, Plan};
use crate::site::Site;

/// A site with its people. Sara (Billing) and Tom (Technical) are present supporters, Uwe (Billing) is absent, Vera has left the group,
/// and Kim is in the group but is not a supporter. Clones are cheap and share the same world.
#[derive(Clone)]
pub struct World {
    parts: Arc<Parts>,
    site: Arc<Site>,
}

struct Parts {
    kept: Kept,
    inside: muticket_world::World,
    courier: Courier,
    broken: AtomicBool,
    plan: Plan,
}

impl Parts {
    /// The module of the site.
    fn mount(&self) -> Mount<'_> {
        let host = Reception::new(self.inside.people.clone());
        Mount::new(&self.inside.helpdesk, host, |settings| self.plan.set_up(settings))
    }
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
        let facts = people.clone();
        people.set_categories(&[("devices", "Devices")]);
        let source = plan.categories_of_the_host.then(|| people.clone());
        let mail_in = plan.mail_in.clone();
        let builder = muticket_world::World::builder().people(people).storage(storage).blobs(blobs).configure(move |builder| {
            let builder = builder.ids(Arc::new(SystemIds)).customer_facts(facts);
            let builder = match source {
                Some(source) => builder.categories(source),
                None => builder,
            };
            let builder = match mail_in {
                Some(rules) => builder.mail_in(rules),
                None => builder,
            };
            match limit {
                Some(bytes) => builder.limits(|limits| limits.attachment_bytes = bytes),
                None => builder,
            }
        });
        let inside = builder.bare();
        furnish(&inside, plan.categories).await;
        let courier = match &plan.mail_in {
            Some(rules) => inside.courier().with_mail_in(rules),
            None => inside.courier(),
        };
        let parts = Parts { kept, inside, courier, broken: AtomicBool::new(false), plan };
        let site = Site::launch(parts.plan.adapter, vec![parts.mount()]).await;
        Self { parts: Arc::new(parts), site: Arc::new(site) }
    }

    /// The same world with another site, in this framework. Both have the same people and the same data.
    pub async fn over(&self, adapter: Adapter) -> Self {
        let site = Site::launch(adapter, vec![self.mount()]).await;
        Self { parts: self.parts.clone(), site: Arc::new(site) }
    }

    /// The backend's door, without its pages. It sets up what a journey is not about.
    pub fn backend(&self) -> Backend {
        self.parts.inside.backend()
    }

    /// Makes supporters present or absent.
    pub async fn presence(&self, person: &str, present: bool) {
        self.parts.inside.set_present(person, present).await;
    }

    /// Makes all supporters absent.
    pub async fn everybody_leaves(&self) {
        for person in ["sara", "tom", "uwe"] {
            self.presence(person, false).await;
        }
    }

    /// Changes the settings.
    pub async fn settings(&self, change: impl FnOnce(&mut NewSettings)) {
        self.parts.inside.change_settings(change).await;
    }

    /// A category, by its English name.
    pub async fn category(&self, name: &str) -> Category {
        let all = self.backend().categories().await.unwrap();
        all.in_order(&Language::english()).into_iter().find(|category| category.name(&Language::english()) == name).unwrap()
    }

    /// Adds a label, and returns its id as it is written in addresses.
    pub async fn label(&self, name: &str) -> String {
        let edit = LabelEdit { name: name.to_owned(), colour: LabelColour::Red };
        self.backend().add_label(&edit).await.unwrap().id.to_string()
    }

    /// Sends the due letters and takes them out, ordered by recipient.
    pub async fn letters(&self) -> Vec<Letter> {
        self.deliver().await;
        self.parts.inside.mail.take()
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
        self.parts.courier.deliver_due().await.unwrap().sent
    }

    /// Lets time pass.
    pub fn later(&self, time: TimeDelta) {
        self.parts.inside.clock.advance(time);
    }

    /// How many units of work were begun so far.
    pub fn units(&self) -> u32 {
        self.parts.inside.storage.units()
    }

    /// The storage goes away after so many units.
    pub fn storage_goes_away_after(&self, units: u32) {
        self.something_breaks();
        self.parts.inside.storage.go_away_after(units);
    }

    /// The storage is back.
    pub fn storage_is_back(&self) {
        self.parts.inside.storage.mend();
        self.all_is_well();
    }

    /// Allows answers with status 503 from now on.
    pub fn something_breaks(&self) {
        self.parts.broken.store(true, Ordering::SeqCst);
    }

    /// Forbids answers with status 503 again.
    pub fn all_is_well(&self) {
        self.parts.broken.store(false, Ordering::SeqCst);
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.parts.broken.load(Ordering::SeqCst)
    }

    /// The host's people.
    pub fn people(&self) -> &Arc<People> {
        &self.parts.inside.people
    }

    /// The mail server.
    pub fn mail(&self) -> &MailSink {
        &self.parts.inside.mail
    }

    /// The module without its pages.
    pub fn helpdesk(&self) -> &Helpdesk {
        &self.parts.inside.helpdesk
    }

    /// The stored data.
    pub fn kept(&self) -> &Kept {
        &self.parts.kept
    }

    /// The site.
    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// Whether the framework can read an address. It refuses any other with 400, before the module sees it.
    pub fn can_read(&self, address: &str) -> bool {
        self.site.can_read(address)
    }

    /// The module of its site.
    pub(crate) fn mount(&self) -> Mount<'_> {
        self.parts.mount()
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
