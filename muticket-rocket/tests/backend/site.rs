//! A small site with the module at /support, and a browser to use it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use muticket_core::blob::MemoryBlobs;
use muticket_core::notice::LetterState;
use muticket_core::rating::Score;
use muticket_core::storage::{Storage, StorageError, Unit};
use muticket_core::supporter::Supporter;
use muticket_core::{
    AccessLevel, Category, CategoryId, CategorySource, Clock, Directory, Group, GroupId, Helpdesk, HostError, Language, Limits,
    MemoryStorage, NewMessage, NewTicket, Settings, TicketNumber, User, UserId, Visitor,
};
use muticket_rocket::{Host, MuTicket};
use rocket::Request;
use rocket::http::{ContentType, Header, Status};
use rocket::local::asynchronous::{Client, LocalResponse};
use scraper::{ElementRef, Html, Selector};

/// The host's users.
#[derive(Default)]
pub(crate) struct People(Mutex<BTreeMap<UserId, User>>);

impl People {
    fn of_the_tests() -> Self {
        let team = || vec![GroupId::new("team")];
        let user = |id, name, level| User { level, ..User::new(id, name) };
        let users = [
            user("anna", "Anna", AccessLevel::Add),
            User { groups: team(), ..user("sara", "Sara <b>", AccessLevel::Comment) },
            User { groups: team(), ..user("tom", "Tom", AccessLevel::Comment) },
            user("ada", "Ada", AccessLevel::Admin),
            User { language: Some(Language::german()), ..user("dora", "Dora", AccessLevel::Admin) },
        ];
        Self(Mutex::new(users.into_iter().map(|user| (user.id.clone(), user)).collect()))
    }

    fn find(&self, id: &str) -> Option<User> {
        self.0.lock().unwrap().get(&UserId::new(id)).cloned()
    }

    pub(crate) fn leave(&self, id: &str) {
        self.0.lock().unwrap().get_mut(&UserId::new(id)).unwrap().groups.clear();
    }

    pub(crate) fn join(&self, id: &str) {
        self.0.lock().unwrap().get_mut(&UserId::new(id)).unwrap().groups = vec![GroupId::new("team")];
    }

    pub(crate) fn forget(&self, id: &str) {
        self.0.lock().unwrap().remove(&UserId::new(id));
    }
}

#[rocket::async_trait]
impl Directory for People {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(ids.iter().filter_map(|id| self.find(id.as_str())).collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(self.0.lock().unwrap().values().filter(|user| user.is_in(group)).cloned().collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(vec![Group { id: GroupId::new("team"), name: "Team".to_owned() }])
    }
}

/// A host that takes the visitor from a header.
struct HeaderHost(Arc<People>);

#[rocket::async_trait]
impl Host for HeaderHost {
    async fn visitor(&self, request: &Request<'_>) -> Result<Visitor, HostError> {
        let user = request.headers().get_one("x-user").and_then(|id| self.0.find(id));
        Ok(user.map_or(Visitor::Guest, Visitor::User))
    }

    fn sign_in(&self, back: &str) -> String {
        format!("/login?back={back}")
    }
}

struct HostCategories;

#[rocket::async_trait]
impl CategorySource for HostCategories {
    async fn categories(&self) -> Result<Vec<Category>, HostError> {
        let names = vec![(Language::english(), "Devices".to_owned())];
        Ok(vec![Category { id: CategoryId::new("devices"), names }])
    }
}

/// A clock that advances one second at each call, so that no two events have the same time.
struct Ticking(Mutex<muticket_core::chrono::DateTime<muticket_core::chrono::Utc>>);

impl Clock for Ticking {
    fn now(&self) -> muticket_core::chrono::DateTime<muticket_core::chrono::Utc> {
        let mut now = self.0.lock().unwrap();
        *now += muticket_core::chrono::TimeDelta::seconds(1);
        *now
    }
}

/// The limits of the site.
pub(crate) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.page = 2;
    limits
}

/// The site and its browser.
pub(crate) struct Site {
    client: Client,
    helpdesk: Helpdesk,
    tokens: Mutex<BTreeMap<String, String>>,
    pub(crate) people: Arc<People>,
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) blobs: Arc<MemoryBlobs>,
}

impl Site {
    pub(crate) async fn empty() -> Self {
        Self::build(false).await
    }

    pub(crate) async fn with_categories_of_the_host() -> Self {
        Self::build(true).await
    }

    /// A site with Sara as a supporter who is present.
    pub(crate) async fn with_team() -> Self {
        let site = Self::empty().await;
        site.post("ada", "/settings", &[("supporter_group", "team"), ("ratings", "1")]).await;
        let answer = site.post("ada", "/supporters", &[("user", "sara"), ("present", "1")]).await;
        assert_eq!(answer.status, Status::SeeOther);
        // Load a page, so that the notice of this does not appear in a test.
        site.get("ada", "/supporters").await;
        site
    }

    async fn build(categories_of_the_host: bool) -> Self {
        let people = Arc::new(People::of_the_tests());
        let storage: Arc<dyn Storage> = Arc::new(MemoryStorage::default());
        let blobs = Arc::new(MemoryBlobs::default());
        let start = muticket_core::chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let builder = Helpdesk::builder(storage.clone(), people.clone())
            .blobs(blobs.clone())
            .clock(Arc::new(Ticking(Mutex::new(start))))
            .limits(|chosen| *chosen = limits());
        let builder = if categories_of_the_host { builder.categories(Arc::new(HostCategories)) } else { builder };
        let helpdesk = builder.build();
        let config = rocket::Config { log_level: rocket::config::LogLevel::Off, ..rocket::Config::debug_default() };
        let rocket = rocket::custom(config).attach(MuTicket::new(helpdesk.clone(), HeaderHost(people.clone())));
        let client = Client::tracked(rocket).await.unwrap();
        Self { client, helpdesk, tokens: Mutex::default(), people, storage, blobs }
    }

    /// Loads a page of the backend. An empty `user` is a guest.
    pub(crate) async fn get(&self, user: &str, path: &str) -> Answer {
        let request = self.client.get(format!("/support/backend{path}")).header(Header::new("x-user", user.to_owned()));
        Answer::of(request.dispatch().await).await
    }

    /// Sends a form with the token from the page that holds it.
    pub(crate) async fn post(&self, user: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.post_with(user, path, &self.token(user).await, fields).await
    }

    /// Sends a form with the given token.
    pub(crate) async fn post_with(&self, user: &str, path: &str, token: &str, fields: &[(&str, &str)]) -> Answer {
        let token = [("token", token)];
        let pairs = fields.iter().chain(&token).map(|(name, value)| format!("{name}={}", encoded(value)));
        let request = self
            .client
            .post(format!("/support/backend{path}"))
            .header(Header::new("x-user", user.to_owned()))
            .header(ContentType::Form)
            .body(pairs.collect::<Vec<_>>().join("&"));
        Answer::of(request.dispatch().await).await
    }

    /// A token from a form of this user. It is looked up only once, so that the lookup uses up no notice.
    pub(crate) async fn token(&self, user: &str) -> String {
        if let Some(token) = self.tokens.lock().unwrap().get(user) {
            return token.clone();
        }
        let token = self.get(user, "/settings").await.attributes("[name=token]", "value").remove(0);
        self.tokens.lock().unwrap().insert(user.to_owned(), token.clone());
        token
    }

    pub(crate) async fn settings(&self) -> Settings {
        self.read(|unit| unit.settings().find()).await
    }

    pub(crate) async fn supporters(&self) -> Vec<Supporter> {
        self.read(|unit| unit.supporters().list()).await
    }

    /// The path of a supporter's page below the backend.
    pub(crate) async fn supporter_path(&self, user: &str) -> String {
        let supporters = self.supporters().await;
        let found = supporters.iter().find(|supporter| supporter.user.as_str() == user).unwrap();
        format!("/supporters/{}", found.id)
    }

    /// The first category that MuTicket stores.
    pub(crate) async fn category_id(&self) -> String {
        let kept = self.read(|unit| unit.categories().list()).await;
        kept[0].category.id.as_str().to_owned()
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl Fn(&mut dyn Unit) -> Result<T, StorageError> + Send + Sync + 'static,
    ) -> T {
        self.storage.run_read(work).await.unwrap()
    }

    fn visitor(&self, id: &str) -> Visitor {
        Visitor::User(self.people.find(id).unwrap())
    }

    /// Anna opens a ticket with a file.
    pub(crate) async fn ticket(&self, subject: &str) -> i64 {
        let portal = self.helpdesk.portal(&self.visitor("anna")).unwrap();
        let upload = portal.attach("notes.txt", &mut Some(Bytes::from_static(b"notes"))).await.unwrap();
        let new = NewTicket {
            subject: subject.to_owned(),
            body: "Help!".to_owned(),
            attachments: vec![upload],
            ..NewTicket::default()
        };
        portal.open(new).await.unwrap().number.get()
    }

    /// Anna opens a ticket, Sara answers once for each entry, and Anna rates those answers.
    pub(crate) async fn rated_ticket(&self, subject: &str, ratings: &[Option<u8>]) -> i64 {
        let number = TicketNumber::new(self.ticket(subject).await).unwrap();
        let portal = self.helpdesk.portal(&self.visitor("anna")).unwrap();
        let desk = self.helpdesk.desk(&self.visitor("sara")).await.unwrap();
        for stars in ratings {
            let answer = desk.answer(number, NewMessage { body: "So.".to_owned(), ..NewMessage::default() }).await.unwrap();
            if let Some(stars) = stars {
                portal.rate(number, answer.number, Score::new(*stars).unwrap()).await.unwrap();
            }
        }
        number.get()
    }

    pub(crate) async fn close(&self, number: i64) {
        let desk = self.helpdesk.desk(&self.visitor("sara")).await.unwrap();
        desk.close(TicketNumber::new(number).unwrap(), None).await.unwrap();
    }

    /// The mail server rejects every waiting letter.
    pub(crate) async fn fail_letters(&self, problem: &str) {
        let (now, problem) = (self.helpdesk.now(), problem.to_owned());
        let work = move |unit: &mut dyn Unit| -> Result<(), StorageError> {
            for letter in unit.outbox().claim(now, now, 100)? {
                let failed = LetterState::Failed { at: now, problem: problem.clone() };
                assert!(unit.outbox().settle(letter.id, letter.claims, &failed)?);
            }
            Ok(())
        };
        self.storage.run_write(work).await.unwrap();
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// The response.
pub(crate) struct Answer {
    pub(crate) status: Status,
    pub(crate) location: Option<String>,
    pub(crate) html: String,
}

impl Answer {
    async fn of(response: LocalResponse<'_>) -> Self {
        let location = response.headers().get_one("Location").map(str::to_owned);
        Self { status: response.status(), location, html: response.into_string().await.unwrap_or_default() }
    }

    fn each<T>(&self, selector: &str, of: impl Fn(ElementRef<'_>) -> T) -> Vec<T> {
        let selector = Selector::parse(selector).unwrap();
        Html::parse_document(&self.html).select(&selector).map(of).collect()
    }

    pub(crate) fn count(&self, selector: &str) -> usize {
        self.each(selector, |_| ()).len()
    }

    /// The text of each matching element, each in one line.
    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let line = |element: ElementRef<'_>| element.text().collect::<String>();
        self.each(selector, line).iter().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// The text of all matching elements together.
    pub(crate) fn text(&self, selector: &str) -> String {
        self.texts(selector).join(" ")
    }

    pub(crate) fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        self.each(selector, |element| element.value().attr(name).unwrap_or_default().to_owned())
    }

    pub(crate) fn values(&self, selector: &str) -> Vec<String> {
        self.attributes(selector, "value")
    }

    pub(crate) fn links(&self, selector: &str) -> Vec<String> {
        self.attributes(selector, "href")
    }

    /// The fields and values that the first matching form would send unchanged, without its token.
    pub(crate) fn fields(&self, form: &str) -> Vec<(String, String)> {
        let inputs = Selector::parse("input[name]").unwrap();
        let sent = |form: ElementRef<'_>| {
            let inputs = form.select(&inputs).map(|input| input.value());
            let pair = |name: &str, value: Option<&str>| (name.to_owned(), value.unwrap_or_default().to_owned());
            inputs.map(|input| pair(input.attr("name").unwrap(), input.attr("value"))).collect::<Vec<_>>()
        };
        let mut fields = self.each(form, sent).remove(0);
        fields.retain(|(name, _)| name != "token");
        fields
    }

    /// Asserts what holds for every page: one heading, unique ids, references that lead somewhere, and a name for every control.
    pub(crate) fn assert_accessible(&self, path: &str) {
        assert_eq!(self.count("h1"), 1, "{path}");
        let ids = self.attributes("[id]", "id");
        let unique: BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{path}: {ids:?}");
        for name in ["aria-describedby", "aria-labelledby", "for"] {
            for references in self.attributes(&format!("[{name}]"), name) {
                assert!(references.split(' ').all(|id| ids.iter().any(|known| known == id)), "{path}: {name}={references}");
            }
        }
        for id in self.attributes(".field input[id], .field select[id]", "id") {
            assert_eq!(self.count(&format!("label[for={id}]")), 1, "{path}: {id}");
        }
        assert_eq!(self.count("[style], [onclick], script:not([src]), style"), 0, "{path}");
        assert_eq!(self.count("th:not([scope])"), 0, "{path}");
        assert!(self.each("button, a", |element| element.text().any(|text| !text.trim().is_empty())).iter().all(|named| *named));
    }
}
