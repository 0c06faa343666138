//! Questions to the host: their number, their time limit, and the reports about its mistakes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use muticket_core::backend::{NewSettings, SupporterEdit};
use muticket_core::overview::Filter;
use muticket_core::{
    AccessLevel, Category, CategoryId, CategorySource, Directory, Error, Group, GroupId, Helpdesk, HostError, HostTrouble,
    MemoryStorage, NewMessage, NewTicket, Unavailable, User, UserId, Visitor,
};

/// A host that counts the questions, and answers as slowly and as wrongly as a test wants.
#[derive(Default)]
struct Slow {
    users: Mutex<Vec<User>>,
    members: Mutex<Vec<User>>,
    asked: Mutex<Vec<&'static str>>,
    hangs: Mutex<bool>,
}

impl Slow {
    async fn answers(&self, question: &'static str) {
        self.asked.lock().unwrap().push(question);
        let hangs = *self.hangs.lock().unwrap();
        if hangs {
            std::future::pending::<()>().await;
        }
    }

    fn asked(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

#[async_trait]
impl Directory for Slow {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        self.answers("users").await;
        Ok(self.users.lock().unwrap().iter().filter(|user| ids.contains(&user.id)).cloned().collect())
    }

    async fn members(&self, _: &GroupId) -> Result<Vec<User>, HostError> {
        self.answers("members").await;
        Ok(self.members.lock().unwrap().clone())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        self.answers("groups").await;
        let group = |id: &str| Group { id: GroupId::new(id), name: "A group".to_owned() };
        Ok(vec![group("support"), group(&"g".repeat(300))])
    }
}

#[async_trait]
impl CategorySource for Slow {
    async fn categories(&self) -> Result<Vec<Category>, HostError> {
        self.answers("categories").await;
        let category = |id: &str| Category { id: CategoryId::new(id), names: Vec::new() };
        Ok(vec![category("bikes"), category("a\nb"), category(" ")])
    }
}

struct World {
    host: Arc<Slow>,
    helpdesk: Helpdesk,
    told: Arc<Mutex<Vec<String>>>,
}

fn customer(id: &str) -> User {
    User { level: AccessLevel::Add, ..User::new(id, "Anna") }
}

fn supporter() -> User {
    User { groups: vec![GroupId::new("support")], ..User::new("sara", "Sara") }
}

fn admin() -> Visitor {
    Visitor::User(User { level: AccessLevel::Admin, ..User::new("ada", "Ada") })
}

/// Sara is a supporter and present. No question or report has been counted yet.
async fn world(with_categories: bool) -> World {
    let host = Arc::new(Slow::default());
    host.users.lock().unwrap().extend([customer("anna"), customer("ben"), supporter(), User::new("ada", "Ada")]);
    host.members.lock().unwrap().push(supporter());
    let builder = Helpdesk::builder(Arc::new(MemoryStorage::new()), host.clone());
    let helpdesk = if with_categories { builder.categories(host.clone()).build() } else { builder.build() };
    let backend = helpdesk.backend(&admin()).unwrap();
    let settings = NewSettings { supporter_group: Some(GroupId::new("support")), ratings: true, ..Default::default() };
    backend.update_settings(settings).await.unwrap();
    let present = SupporterEdit { present: true, ..Default::default() };
    backend.add_supporter(Some(UserId::new("sara")), present).await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = told.clone();
    helpdesk.on_host_trouble(move |trouble| telling.lock().unwrap().push(format!("{trouble:?}")));
    host.asked();
    World { host, helpdesk, told }
}

impl World {
    fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().unwrap())
    }

    async fn looks(&self, user: &User) -> Result<(), Error> {
        self.helpdesk.overview(&Visitor::User(user.clone()), &Filter::default()).await.map(|_| ())
    }
}

/// P-30: an unusable id is refused at every door, for reading and for writing, and reported once.
#[tokio::test]
async fn an_id_that_no_database_keeps_is_refused_at_every_door() {
    for id in ["", " \t", "a\0b", "line\nfeed", &"x".repeat(256)] {
        let world = world(false).await;
        let user = User { level: AccessLevel::Admin, ..User::new(id, "Anna") };
        let visitor = Visitor::User(user.clone());
        let errors = [
            world.looks(&user).await.unwrap_err(),
            world.helpdesk.enter(&visitor).await.unwrap_err(),
            world.helpdesk.portal(&visitor).unwrap_err(),
            world.helpdesk.backend(&visitor).unwrap_err(),
            world.helpdesk.desk(&visitor).await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error, Error::Unavailable(Unavailable::VisitorId(_))), "{id:?}: {error:?}");
        }
        let told = world.told();
        assert!(told.len() == 1 && told[0].contains("Visitor"), "{id:?}: {told:?}");
    }
    let world = world(false).await;
    let longest = "\u{1f600}".repeat(255);
    world.host.users.lock().unwrap().push(customer(&longest));
    let visitor = Visitor::User(customer(&longest));
    let new = NewTicket { subject: "Printer".into(), body: "Silent".into(), ..Default::default() };
    world.helpdesk.portal(&visitor).unwrap().open(new).await.unwrap();
    world.looks(&customer(&longest)).await.unwrap();
    assert_eq!(world.told(), [""; 0]);
}

/// P-30
#[tokio::test]
async fn groups_members_and_categories_with_ids_that_cannot_be_kept_are_left_out_and_told() {
    let world = world(true).await;
    world.host.members.lock().unwrap().push(User { groups: vec![GroupId::new("support")], ..User::new("y".repeat(999), "Yan") });
    let backend = world.helpdesk.backend(&admin()).unwrap();
    assert_eq!(backend.settings().await.unwrap().groups.len(), 1);
    let team = backend.supporters().await.unwrap();
    assert!(team.candidates.is_empty() && team.categories.active().len() == 1, "{team:?}");
    let told = world.told();
    for of in ["Group", "Member", "Category"] {
        assert_eq!(told.iter().filter(|told| told.contains(of)).count(), 1, "{of}: {told:?}");
    }
    assert_eq!(told.len(), 3, "{told:?}");
}

#[tokio::test]
async fn a_visitor_whom_the_directory_knows_under_another_id_is_told_once() {
    let world = world(false).await;
    for _ in 0..3 {
        world.looks(&customer("anna")).await.unwrap();
    }
    assert_eq!(world.told(), [""; 0]);
    for id in ["anna@example.org", "17", "18"] {
        world.looks(&customer(id)).await.unwrap();
    }
    assert_eq!(world.told(), ["VisitorUnknown"]);
    let message = HostTrouble::VisitorUnknown.to_string();
    assert!(message.contains("`Directory::users`") && message.contains("same id") && !message.contains("anna"), "{message}");
}

#[tokio::test]
async fn supporters_whom_the_host_does_not_know_as_such_are_told() {
    let world = world(false).await;
    let anna = customer("anna");
    world.host.users.lock().unwrap().retain(|user| user.id.as_str() != "sara");
    world.looks(&anna).await.unwrap();
    world.looks(&anna).await.unwrap();
    assert_eq!(world.told(), ["NoSupporterKnown"]);
    world.host.users.lock().unwrap().push(User::new("sara", "Sara"));
    world.looks(&anna).await.unwrap();
    assert_eq!(world.told(), ["NoSupporterInGroup"]);
    world.host.users.lock().unwrap().retain(|user| user.id.as_str() != "sara");
    world.looks(&anna).await.unwrap();
    assert_eq!(world.told(), ["NoSupporterKnown"], "it was over, and has begun again");

    let backend = world.helpdesk.backend(&admin()).unwrap();
    world.host.members.lock().unwrap()[0].groups.clear();
    backend.supporters().await.unwrap();
    assert_eq!(world.told().pop().unwrap(), "MemberLacksGroup");
    world.host.members.lock().unwrap().clear();
    backend.supporters().await.unwrap();
    assert_eq!(world.told(), ["GroupEmpty"]);
    backend.add_supporter(Some(UserId::new("4711")), SupporterEdit::default()).await.unwrap_err();
    assert_eq!(world.told(), ["MemberUnknown"]);
}

/// P-19: a host that never answers blocks no one for long. The limit applies to each question.
#[tokio::test]
async fn a_question_to_the_host_has_an_end() {
    let world = world(true).await;
    world.helpdesk.limit_host(Duration::from_millis(20), tokio::time::sleep);
    let backend = world.helpdesk.backend(&admin()).unwrap();
    world.looks(&customer("anna")).await.unwrap();
    *world.host.hangs.lock().unwrap() = true;
    let errors = [
        world.looks(&customer("anna")).await.unwrap_err(),
        backend.settings().await.unwrap_err(),
        backend.supporters().await.unwrap_err(),
        world.helpdesk.directory().members(&GroupId::new("support")).await.unwrap_err().into(),
        world.helpdesk.category_source().unwrap().categories().await.unwrap_err().into(),
    ];
    for error in errors {
        assert!(matches!(&error, Error::Unavailable(Unavailable::Host(_))), "{error:?}");
        assert!(format!("{error:?}").contains("took longer than the time limit of 0.02 s"), "{error:?}");
    }
}

/// A page asks the host for users once: for the visitor, the supporters, and everyone named on it.
#[tokio::test]
async fn a_page_asks_the_host_once() {
    let world = world(false).await;
    for name in ["anna", "ben"] {
        let new = NewTicket { subject: "Printer".into(), body: "Silent".into(), ..Default::default() };
        world.helpdesk.portal(&Visitor::User(customer(name))).unwrap().open(new).await.unwrap();
    }
    let sara = Visitor::User(supporter());
    let number = muticket_core::TicketNumber::new(1).unwrap();
    let answer = NewMessage { body: "Is it on?".into(), ..Default::default() };
    world.helpdesk.desk(&sara).await.unwrap().answer(number, answer).await.unwrap();
    world.host.asked();
    for visitor in [Visitor::User(customer("anna")), sara] {
        let (_, overview) = world.helpdesk.overview(&visitor, &Filter::default()).await.unwrap();
        assert!(overview.people.contains_key(&UserId::new("anna")));
        assert_eq!(world.host.asked(), ["users"], "the list");
        let (frontend, conversation) = world.helpdesk.show(&visitor, number, None).await.unwrap();
        assert_eq!(frontend.desk.is_some(), conversation.can.answer);
        assert_eq!(conversation.people.len(), 2, "{:?}", conversation.people);
        assert_eq!(world.host.asked(), ["users"], "the ticket");
    }
    world.helpdesk.backend(&admin()).unwrap().supporters().await.unwrap();
    assert_eq!(world.host.asked(), ["users", "groups", "members"]);
}

/// The presumed rights of the visitor decide what is read, but not what is shown: the directory's answer decides that.
#[tokio::test]
async fn a_supporter_by_the_session_alone_reads_nothing_of_others() {
    let world = world(false).await;
    let new = NewTicket { subject: "Printer".into(), body: "Silent".into(), ..Default::default() };
    world.helpdesk.portal(&Visitor::User(customer("anna"))).unwrap().open(new).await.unwrap();
    // The session still says that Sara is in the group.
    let sara = User { level: AccessLevel::Read, ..supporter() };
    world.host.users.lock().unwrap().iter_mut().for_each(|user| user.groups.clear());
    let (frontend, overview) = world.helpdesk.overview(&Visitor::User(sara.clone()), &Filter::default()).await.unwrap();
    assert!(frontend.desk.is_none() && overview.tickets.is_empty(), "{overview:?}");
    let number = muticket_core::TicketNumber::new(1).unwrap();
    assert!(matches!(world.helpdesk.show(&Visitor::User(sara), number, None).await, Err(Error::NotFound)));
}
