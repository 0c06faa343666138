//! A short story: a customer opens a ticket, a supporter answers, and the program prints all tickets in the file.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use async_trait::async_trait;
use muticket_core::backend::{NewSettings, SupporterEdit};
use muticket_core::causes::with_causes;
use muticket_core::conversation::Conversation;
use muticket_core::overview::Filter;
use muticket_core::storage::{SortKey, StateFilter};
use muticket_core::{AccessLevel, Directory, Group, GroupId, Helpdesk, HostError, NewMessage, NewTicket, User, UserId, Visitor};
use own_storage::JsonStorage;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let path = std::env::args_os().nth(1).map_or_else(|| PathBuf::from("own-storage.json"), PathBuf::from);
    let Err(error) = story(&path).await else { return ExitCode::SUCCESS };
    eprintln!("{}", with_causes(&*error));
    ExitCode::FAILURE
}

async fn story(path: &Path) -> Result<(), Box<dyn Error>> {
    let group = GroupId::new("support");
    let ada = User { level: AccessLevel::Admin, ..User::new("ada", "Ada") };
    let anna = User { level: AccessLevel::Add, ..User::new("anna", "Anna") };
    let sara = User { groups: vec![group.clone()], ..User::new("sara", "Sara") };
    let users = Users(vec![ada.clone(), anna.clone(), sara.clone()]);

    // This is the only line that names the storage.
    let helpdesk = Helpdesk::builder(Arc::new(JsonStorage::open(path)?), Arc::new(users)).build();

    let backend = helpdesk.backend(&Visitor::User(ada))?;
    if backend.supporters().await?.supporters.is_empty() {
        backend.update_settings(NewSettings { supporter_group: Some(group), ratings: true, ..NewSettings::default() }).await?;
        let present = SupporterEdit { present: true, ..SupporterEdit::default() };
        backend.add_supporter(Some(sara.id.clone()), present).await?;
    }

    let anna = Visitor::User(anna);
    let (subject, body) = ("The printer is silent".to_owned(), "It was loud yesterday.".to_owned());
    let ticket = helpdesk.portal(&anna)?.open(NewTicket { subject, body, ..NewTicket::default() }).await?;

    let desk = helpdesk.desk(&Visitor::User(sara)).await?;
    desk.answer(ticket.number, NewMessage { body: "Is it on?".to_owned(), ..NewMessage::default() }).await?;

    let newest_first = Filter { state: StateFilter::All, sort: SortKey::Number, ..Filter::default() };
    for ticket in helpdesk.overview(&anna, &newest_first).await?.1.tickets {
        print(&helpdesk.show(&anna, ticket.number, None).await?.1);
    }
    Ok(())
}

fn print(conversation: &Conversation) {
    let ticket = &conversation.ticket;
    println!("#{} {} ({})", ticket.number, ticket.subject.as_str(), ticket.opened_at.format("%F %T"));
    for shown in &conversation.messages {
        let author = &shown.message.author;
        let name = conversation.people.get(author).map_or(author.as_str(), |user| &user.name);
        println!("   {name}: {}", shown.message.body.as_str());
    }
}

/// The host's users. A real host reads them from its own database.
struct Users(Vec<User>);

#[async_trait]
impl Directory for Users {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(self.0.iter().filter(|user| ids.contains(&user.id)).cloned().collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(self.0.iter().filter(|user| user.is_in(group)).cloned().collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(vec![Group { id: GroupId::new("support"), name: "Support".to_owned() }])
    }
}
