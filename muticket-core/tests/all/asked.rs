//! Questions to the host: their number, their time limit, and the reports about its mistakes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use muticket_core::backend::{Backend, NewSettings, SupporterEdit};
use muticket_core::overview::Filter;
use muticket_core::{
    AccessLevel, Category, CategorySource, Directory, Error, Group, GroupId, Helpdesk, HostError, HostTrouble, MemoryStorage,
    NewMessage, NewTicket, Unavailable, User, UserId, Visitor,
};
use muticket_world::{People, Question, user};

/// A host that may name wrong members of its groups.
#[derive(Default)]
struct Host {
    people: People,
    members: Mutex<Option<Vec<User>>>,
}

#[async_trait]
impl Directory for Host {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        self.people.users(ids).await
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        let members = self.people.members(group).await?;
        Ok(self.members.lock().unwrap().clone().unwrap_or(members))
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        let mut groups = self.people.groups().await?;
        groups.push(Group { id: GroupId::new("g".repeat(300)), name: "A group".to_owned() });
        Ok(groups)
    }
}

#[async_trait]
impl CategorySource for Host {
    async fn categories(&self) -> Result<Vec<Category>, HostError> {
        self.people.categories().await
    }
}

struct Site {
    host: Arc<Host>,
    helpdesk: Helpdesk,
    told: Arc<Mutex<Vec<String>>>,
}

fn customer(id: &str) -> User {
    user(id, "Anna", AccessLevel::Add, &[])
}

/// Sara is a supporter and present. No question or report has been counted yet.
async fn site(with_categories: bool) -> Site {
    let host = Arc::new(Host::default());
    host.people.set_categories(&[("bikes", "Bikes"), ("a\nb", "Broken"), (" ", "Blank")]);
    let builder = Helpdesk::builder(Arc::new(MemoryStorage::new()), host.clone());
    let helpdesk = if with_categories { builder.categories(host.clone()).build() } else { builder.build() };
    let backend = helpdesk.backend(&host.people.visitor("ada")).unwrap();
    let settings = NewSettings { supporter_group: Some(GroupId::new("support")), ratings: true, ..Default::default() };
    backend.update_settings(settings).await.unwrap();
    let present = SupporterEdit { present: true, ..Default::default() };
    backend.add_supporter(Some(UserId::new("sara")), present).await.unwrap();
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = told.clone();
    helpdesk.on_host_trouble(move |trouble| telling.lock().unwrap().push(format!("{trouble:?}")));
    host.people.questions();
    Site { host, helpdesk, told }
}

impl Site {
    fn admin(&self) -> Backend {
        self.helpdesk.backend(&self.host.people.visitor("ada")).unwrap()
    }

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
        let site = site(false).await;
        let user = User { level: AccessLevel::Admin, ..User::new(id, "Anna") };
        let visitor = Visitor::User(user.clone());
        let errors = [
            site.looks(&user).await.unwrap_err(),
            site.helpdesk.enter(&visitor).await.unwrap_err(),
            site.helpdesk.portal(&visitor).unwrap_err(),
            site.helpdesk.backend(&visitor).unwrap_err(),
            site.helpdesk.desk(&visitor).await.unwrap_err(),
        ];
        for error in errors {
            assert!(matches!(error, Error::Unavailable(Unavailable::VisitorId(_))), "{id:?}: {error:?}");
        }
        let told = site.told();
        assert!(told.len() == 1 && told[0].contains("Visitor"), "{id:?}: {told:?}");
    }
    let site = site(false).await;
    let longest = "\u{1f600}".repeat(255);
    site.host.people.add(customer(&longest));
    let visitor = Visitor::User(customer(&longest));
    let new = NewTicket { subject: "Printer".into(), body: "Silent".into(), ..Default::default() };
    site.helpdesk.portal(&visitor).unwrap().open(new).await.unwrap();
    site.looks(&customer(&longest)).await.unwrap();
    assert_eq!(site.told(), [""; 0]);
}

/// P-30
#[tokio::test]
async fn groups_members_and_categories_with_ids_that_cannot_be_kept_are_left_out_and_told() {
    let site = site(true).await;
    site.host.people.add(user(&"y".repeat(999), "Yan", AccessLevel::Read, &["support"]));
    let backend = site.admin();
    assert_eq!(backend.settings().await.unwrap().groups.len(), 2);
    let team = backend.supporters().await.unwrap();
    assert!(team.candidates.len() == 3 && team.categories.active().len() == 1, "{team:?}");
    let told = site.told();
    for of in ["Group", "Member", "Category"] {
        assert_eq!(told.iter().filter(|told| told.contains(of)).count(), 1, "{of}: {told:?}");
    }
    assert_eq!(told.len(), 3, "{told:?}");
}

#[tokio::test]
async fn a_visitor_whom_the_directory_knows_under_another_id_is_told_once() {
    let site = site(false).await;
    for _ in 0..3 {
        site.looks(&customer("anna")).await.unwrap();
    }
    assert_eq!(site.told(), [""; 0]);
    for id in ["anna@example.org", "17", "18"] {
        site.looks(&customer(id)).await.unwrap();
    }
    assert_eq!(site.told(), ["VisitorUnknown"]);
    let message = HostTrouble::VisitorUnknown.to_string();
    assert!(message.contains("`Directory::users`") && message.contains("same id") && !message.contains("anna"), "{message}");
}

#[tokio::test]
async fn supporters_whom_the_host_does_not_know_as_such_are_told() {
    let site = site(false).await;
    let (anna, sara) = (customer("anna"), site.host.people.find("sara").unwrap());
    site.host.people.remove("sara");
    site.looks(&anna).await.unwrap();
    site.looks(&anna).await.unwrap();
    assert_eq!(site.told(), ["NoSupporterKnown"]);
    site.host.people.add(User { groups: Vec::new(), ..sara.clone() });
    site.looks(&anna).await.unwrap();
    assert_eq!(site.told(), ["NoSupporterInGroup"]);
    site.host.people.remove("sara");
    site.looks(&anna).await.unwrap();
    assert_eq!(site.told(), ["NoSupporterKnown"], "it was over, and has begun again");

    let backend = site.admin();
    *site.host.members.lock().unwrap() = Some(vec![User { groups: Vec::new(), ..sara }]);
    backend.supporters().await.unwrap();
    assert_eq!(site.told().pop().unwrap(), "MemberLacksGroup");
    *site.host.members.lock().unwrap() = Some(Vec::new());
    backend.supporters().await.unwrap();
    assert_eq!(site.told(), ["GroupEmpty"]);
    backend.add_supporter(Some(UserId::new("4711")), SupporterEdit::default()).await.unwrap_err();
    assert_eq!(site.told(), ["MemberUnknown"]);
}

/// P-19: a host that never answers blocks no one for long. The limit applies to each question.
#[tokio::test]
async fn a_question_to_the_host_has_an_end() {
    let site = site(true).await;
    site.helpdesk.limit_host(Duration::from_millis(20), tokio::time::sleep);
    let backend = site.admin();
    site.looks(&customer("anna")).await.unwrap();
    site.host.people.hang();
    let errors = [
        site.looks(&customer("anna")).await.unwrap_err(),
        backend.settings().await.unwrap_err(),
        backend.supporters().await.unwrap_err(),
        site.helpdesk.directory().members(&GroupId::new("support")).await.unwrap_err().into(),
        site.helpdesk.category_source().unwrap().categories().await.unwrap_err().into(),
    ];
    for error in errors {
        assert!(matches!(&error, Error::Unavailable(Unavailable::Host(_))), "{error:?}");
        assert!(format!("{error:?}").contains("took longer than the time limit of 0.02 s"), "{error:?}");
    }
}

/// A page asks the host for users once: for the visitor, the supporters, and everyone named on it.
#[tokio::test]
async fn a_page_asks_the_host_once() {
    let site = site(false).await;
    for name in ["anna", "ben"] {
        let new = NewTicket { subject: "Printer".into(), body: "Silent".into(), ..Default::default() };
        site.helpdesk.portal(&Visitor::User(customer(name))).unwrap().open(new).await.unwrap();
    }
    let sara = site.host.people.visitor("sara");
    let number = muticket_core::TicketNumber::new(1).unwrap();
    let answer = NewMessage { body: "Is it on?".into(), ..Default::default() };
    site.helpdesk.desk(&sara).await.unwrap().answer(number, answer).await.unwrap();
    site.host.people.questions();
    for visitor in [Visitor::User(customer("anna")), sara] {
        let (_, overview) = site.helpdesk.overview(&visitor, &Filter::default()).await.unwrap();
        assert!(overview.people.contains_key(&UserId::new("anna")));
        assert!(matches!(site.host.people.questions()[..], [Question::Users(_)]), "the list");
        let (frontend, conversation) = site.helpdesk.show(&visitor, number, None).await.unwrap();
        assert_eq!(frontend.desk.is_some(), conversation.can.answer);
        assert_eq!(conversation.people.len(), 2, "{:?}", conversation.people);
        assert!(matches!(site.host.people.questions()[..], [Question::Users(_)]), "the ticket");
    }
    site.admin().supporters().await.unwrap();
    let questions = site.host.people.questions();
    assert!(matches!(questions[..], [Question::Users(_), Question::Groups, Question::Members]), "{questions:?}");
}

/// The presumed rights of the visitor decide what is read, but not what is shown: the directory's answer decides that.
#[tokio::test]
async fn a_supporter_by_the_session_alone_reads_nothing_of_others() {
    let site = site(false).await;
    let new = NewTicket { subject: "Printer".into(), body: "Silent".into(), ..Default::default() };
    site.helpdesk.portal(&Visitor::User(customer("anna"))).unwrap().open(new).await.unwrap();
    // The session still says that Sara is in the group.
    let sara = site.host.people.find("sara").unwrap();
    site.host.people.set_groups("sara", &[]);
    let (frontend, overview) = site.helpdesk.overview(&Visitor::User(sara.clone()), &Filter::default()).await.unwrap();
    assert!(frontend.desk.is_none() && overview.tickets.is_empty(), "{overview:?}");
    let number = muticket_core::TicketNumber::new(1).unwrap();
    assert!(matches!(site.helpdesk.show(&Visitor::User(sara), number, None).await, Err(Error::NotFound)));
}
