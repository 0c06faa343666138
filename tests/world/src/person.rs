//! A user of the site, and what they do.

use bytes::Bytes;
use muticket_core::conversation::{Conversation, MessagePage};
use muticket_core::desk::Desk;
use muticket_core::download::Download;
use muticket_core::overview::{Filter, Overview};
use muticket_core::portal::Portal;
use muticket_core::rating::{Rating, Score};
use muticket_core::ticket::{Message, Ticket};
use muticket_core::upload::Upload;
use muticket_core::{AttachmentId, Error, MessageNumber, NewMessage, NewTicket, TicketNumber, Visitor};

use crate::world::World;

/// A user of a [`World`], and their actions at the doors of its helpdesk.
#[derive(Debug, Clone, Copy)]
pub struct Person<'w> {
    world: &'w World,
    id: &'w str,
}

impl World {
    /// The user with this id.
    pub fn person<'w>(&'w self, id: &'w str) -> Person<'w> {
        Person { world: self, id }
    }

    /// Anna, a customer.
    pub fn anna(&self) -> Person<'_> {
        self.person("anna")
    }

    /// Ben, another customer.
    pub fn ben(&self) -> Person<'_> {
        self.person("ben")
    }

    /// Sara, a supporter.
    pub fn sara(&self) -> Person<'_> {
        self.person("sara")
    }

    /// Tom, another supporter.
    pub fn tom(&self) -> Person<'_> {
        self.person("tom")
    }
}

impl Person<'_> {
    /// The user as the host knows them now.
    ///
    /// # Panics
    /// If the host has no such user, as in all methods here.
    pub fn visitor(&self) -> Visitor {
        self.world.people.visitor(self.id)
    }

    /// The customers' door.
    pub fn portal(&self) -> Portal {
        self.world.helpdesk.portal(&self.visitor()).expect("a user is no guest")
    }

    /// The supporters' door.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a user who is no supporter, [`Error::Unavailable`].
    pub async fn desk(&self) -> Result<Desk, Error> {
        self.world.helpdesk.desk(&self.visitor()).await
    }

    /// Opens a ticket, in the category with this English name.
    ///
    /// # Errors
    /// As [`Portal::open`].
    pub async fn opens(&self, subject: &str, category: Option<&str>) -> Result<Ticket, Error> {
        let category = match category {
            Some(name) => Some(self.world.category_id(name).await),
            None => None,
        };
        let body = format!("It is about {subject}.");
        self.portal().open(NewTicket { subject: subject.to_owned(), body, category, ..Default::default() }).await
    }

    /// Replies as a customer.
    ///
    /// # Errors
    /// As [`Portal::reply`].
    pub async fn replies(&self, ticket: &Ticket, body: &str) -> Result<Message, Error> {
        self.portal().reply(ticket.number, text(body)).await
    }

    /// Answers as a supporter.
    ///
    /// # Errors
    /// As [`desk`](Self::desk) and [`Desk::answer`].
    pub async fn answers(&self, ticket: &Ticket, body: &str) -> Result<Message, Error> {
        self.desk().await?.answer(ticket.number, text(body)).await
    }

    /// Rates an answer with 1 to 5 stars.
    ///
    /// # Errors
    /// As [`Portal::rate`].
    ///
    /// # Panics
    /// If there is no such number of stars.
    pub async fn rates(&self, message: &Message, stars: u8) -> Result<Rating, Error> {
        let score = Score::new(stars).expect("1 to 5 stars");
        self.portal().rate(message.ticket, message.number, Some(score)).await
    }

    /// Closes a ticket as a supporter.
    ///
    /// # Errors
    /// As [`desk`](Self::desk) and [`Desk::close`].
    pub async fn closes(&self, ticket: &Ticket) -> Result<Ticket, Error> {
        self.desk().await?.close(ticket.number, None).await
    }

    /// Reopens a ticket as a supporter.
    ///
    /// # Errors
    /// As [`desk`](Self::desk) and [`Desk::reopen`].
    pub async fn reopens(&self, ticket: &Ticket) -> Result<Ticket, Error> {
        self.desk().await?.reopen(ticket.number).await
    }

    /// Looks at a ticket, at its newest messages.
    ///
    /// # Errors
    /// As [`Helpdesk::show`](muticket_core::Helpdesk::show).
    pub async fn sees(&self, ticket: &Ticket) -> Result<Conversation, Error> {
        self.shows(ticket.number, None).await
    }

    /// Looks at a page of a ticket.
    ///
    /// # Errors
    /// As [`Helpdesk::show`](muticket_core::Helpdesk::show).
    pub async fn shows(&self, number: TicketNumber, page: impl Into<MessagePage> + Send) -> Result<Conversation, Error> {
        Ok(self.world.helpdesk.show(&self.visitor(), number, page).await?.1)
    }

    /// Looks at a list of tickets.
    ///
    /// # Errors
    /// As [`Helpdesk::overview`](muticket_core::Helpdesk::overview).
    pub async fn lists(&self, filter: &Filter) -> Result<Overview, Error> {
        Ok(self.world.helpdesk.overview(&self.visitor(), filter).await?.1)
    }

    /// Downloads a file.
    ///
    /// # Errors
    /// As [`Frontend::download`](muticket_core::frontend::Frontend::download).
    pub async fn downloads(&self, id: AttachmentId) -> Result<Download, Error> {
        self.world.helpdesk.enter(&self.visitor()).await?.download(id).await
    }

    /// Uploads a file for the next message as a customer.
    ///
    /// # Errors
    /// As [`Portal::attach`].
    pub async fn attaches(&self, name: &str, bytes: &'static [u8]) -> Result<Upload, Error> {
        self.portal().attach(name, &mut Some(Bytes::from_static(bytes))).await
    }
}

/// A message without anything but its text.
pub fn text(body: &str) -> NewMessage {
    NewMessage { body: body.to_owned(), ..Default::default() }
}

/// The position of a message in its ticket.
///
/// # Panics
/// If it is 0.
pub fn message_number(number: u32) -> MessageNumber {
    MessageNumber::new(number).expect("messages are counted from 1")
}
