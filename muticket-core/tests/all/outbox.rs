//! Letters that are put directly into the outbox.

use std::collections::HashMap;

use muticket_core::id::{LetterId, MessageNumber, TicketNumber, UserId};
use muticket_core::notification::{LetterState, Notification, OutboxEntry};
use muticket_core::storage::OutboxCounts;
use muticket_core::ticket::{Body, Message, Role, Subject, UnnumberedTicket};
use muticket_world::{Builder, World};
use uuid::Uuid;

/// The usual site. Uwe is a third supporter.
pub(crate) async fn usual() -> World {
    built(World::builder()).await
}

/// The same on another storage.
pub(crate) async fn built(builder: Builder) -> World {
    let world = builder.build().await;
    world.add_supporter("uwe", true, &[]).await;
    world
}

/// What the tests of the courier do to the outbox.
pub(crate) trait Outbox {
    /// Anna opens a ticket. Each recipient gets a letter.
    async fn opened(&self, recipients: &[&str]) -> TicketNumber;

    /// Anna has a ticket with one message by the author. Each recipient gets a letter about it.
    async fn told(&self, notification: Notification, author: &str, recipients: &[&str]) -> TicketNumber;

    /// How many letters there are in each state.
    async fn counts(&self) -> OutboxCounts;

    /// The states of the letters that are not sent, by recipient.
    async fn states(&self) -> HashMap<String, LetterState>;
}

impl Outbox for World {
    async fn opened(&self, recipients: &[&str]) -> TicketNumber {
        self.told(Notification::TicketOpened, "anna", recipients).await
    }

    async fn told(&self, notification: Notification, author: &str, recipients: &[&str]) -> TicketNumber {
        let now = self.clock.now();
        let author = UserId::new(author);
        let recipients: Vec<_> = recipients.iter().map(|name| UserId::new(*name)).collect();
        self.write(move |unit| {
            let subject = Subject::parse("The printer is silent").unwrap();
            let ticket = UnnumberedTicket::new(UserId::new("anna"), subject, now);
            let number = unit.tickets().insert(&ticket)?.number;
            let body = Body::parse("It does not print.").unwrap();
            let first = MessageNumber::FIRST;
            unit.messages().insert(&Message::new(number, first, (author.clone(), Role::Customer), body, now))?;
            let entry = |(place, recipient): (i64, &UserId)| {
                let id = LetterId(Uuid::from_u128(u128::try_from(number.get() * 1000 + place).unwrap()));
                OutboxEntry::new(id, notification, (number, first), recipient, now)
            };
            unit.outbox().insert(&(0..).zip(&recipients).map(entry).collect::<Vec<_>>())?;
            Ok(number)
        })
        .await
    }

    async fn counts(&self) -> OutboxCounts {
        self.read(|unit| unit.outbox().count()).await
    }

    async fn states(&self) -> HashMap<String, LetterState> {
        self.unsent().await.into_iter().map(|entry| (entry.recipient.to_string(), entry.state)).collect()
    }
}
