//! A letter, its ticket and its recipient.

use chrono::{DateTime, Utc};
use muticket_core::category::Category;
use muticket_core::id::{CategoryId, LetterId, MessageNumber, TicketNumber, UserId};
use muticket_core::language::Language;
use muticket_core::mail::{
    Answered, Closed, EmailAddress, Letter, LetterText, Mailbox, MessageId, MessageIdKey, Received, Topic, Why,
};
use muticket_core::notification::Notification;
use muticket_core::ticket::{Body, Message, Role, Subject, Ticket, UnnumberedTicket};
use muticket_core::user::User;
use uuid::Uuid;

/// The time at which everything happens.
pub(crate) fn morning() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// A ticket with one message, and the recipient of a letter about it.
pub(crate) struct Case {
    pub(crate) ticket: Ticket,
    pub(crate) message: Message,
    pub(crate) recipient: User,
    pub(crate) category: Option<Category>,
    pub(crate) author: Option<String>,
    pub(crate) files: Vec<String>,
}

impl Case {
    /// Anna's ticket about a printer, in a letter to Sara.
    pub(crate) fn new() -> Self {
        let category = Category {
            id: CategoryId::new("devices"),
            names: vec![(Language::german(), "Geräte".to_owned()), (Language::english(), "Devices".to_owned())],
        };
        let number = TicketNumber::new(12).unwrap();
        let subject = Subject::parse("Der Drucker schweigt & <blinkt>").unwrap();
        let mut ticket = UnnumberedTicket::new(UserId::new("anna"), subject, morning()).numbered(number);
        ticket.category = Some(category.id.clone());
        let body = "Guten Morgen,\n\nseit Montag druckt er nicht.\n  - Das Licht ist grün.\n<script>alert(1)</script>\n.\nGruß";
        let (third, anna) = (MessageNumber::new(3).unwrap(), (UserId::new("anna"), Role::Customer));
        let message = Message::new(number, third, anna, Body::parse(body).unwrap(), morning());
        let recipient = User { language: Some(Language::german()), ..User::new("sara", "Sara O'Neill") };
        let files = vec!["drucker.png".to_owned(), "Rechnung <7>.pdf".to_owned()];
        Self { ticket, message, recipient, category: Some(category), author: Some("Anna Berg".to_owned()), files }
    }

    pub(crate) fn topic(&self, notification: Notification) -> Topic<'_> {
        let answers = [Notification::LetterWaits, Notification::LetterRefused, Notification::AnswerOnPage];
        let is_answer = answers.contains(&notification);
        let is_warning = notification == Notification::LetterNotConfirmed;
        let is_about_a_letter = is_answer || is_warning;
        let is_closed = notification == Notification::TicketClosed;
        let received = Received { files: &self.files, tells_of_closing: true };
        Topic {
            notification,
            ticket: Some(&self.ticket),
            body: Some(&self.message.body).filter(|_| !is_about_a_letter && !is_closed),
            received: Some(received).filter(|_| notification == Notification::TicketReceived),
            closed: is_closed.then_some(Closed { may_follow: true, may_rate: true }),
            answers: is_answer.then(|| Answered { subject: self.ticket.subject.as_str(), why: Why::NoReply }),
            author: self.author.as_deref(),
            sender: is_warning.then_some("who@example.org"),
            recipient: &self.recipient,
            category: self.category.as_ref().filter(|_| !is_about_a_letter),
            link: "https://example.org/support/tickets/12/messages/3",
            site: "Beispiel & Söhne",
            can_reply: false,
        }
    }
}

pub(crate) fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// A letter with this number and text to a recipient.
pub(crate) fn letter(number: u128, to: Mailbox, text: LetterText) -> Letter {
    let from = Mailbox::new("Support", address("support@example.org"));
    let message_id = MessageId::of_letter(LetterId(Uuid::from_u128(number)), &MessageIdKey::new([7; 32]), from.address());
    let thread = MessageId::of_ticket(TicketNumber::new(12).unwrap(), &MessageIdKey::new([7; 32]), from.address());
    let mut letter = Letter::new(message_id, from, to, text, morning());
    letter.thread = thread;
    letter.automatic = true;
    letter
}
