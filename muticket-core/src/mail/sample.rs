//! An example ticket for testing templates.

use chrono::DateTime;

use crate::category::Category;
use crate::id::{CategoryId, MessageNumber, TicketNumber, UserId};
use crate::language::Language;
use crate::mail::topic::{Answered, Closed, Received, Topic, Why};
use crate::notification::Notification;
use crate::ticket::{Body, Message, Priority, Role, Subject, Ticket, UnnumberedTicket};
use crate::user::User;

const BOTH: Closed = Closed { may_follow: true, may_rate: true };

pub(crate) struct Sample {
    pub(crate) ticket: Ticket,
    pub(crate) message: Message,
    pub(crate) recipient: User,
    pub(crate) category: Category,
    pub(crate) long_message: Message,
    pub(crate) nameless: User,
    pub(crate) files: Vec<String>,
}

impl Sample {
    pub(crate) fn new() -> Self {
        let category = Category {
            id: CategoryId::new("devices"),
            names: vec![(Language::german(), "Geräte".to_owned()), (Language::english(), "Devices".to_owned())],
        };
        let number = TicketNumber::new(12).expect("12 is positive");
        let ticket = UnnumberedTicket {
            customer: UserId::new("anna"),
            subject: Subject::parse("The printer is silent").expect("the subject is plain text"),
            category: Some(category.id.clone()),
            priority: Priority::Normal,
            follows: None,
            opened_at: DateTime::UNIX_EPOCH,
        }
        .numbered(number);
        let message = Message {
            ticket: number,
            number: MessageNumber::FIRST,
            author: ticket.customer.clone(),
            role: Role::Customer,
            body: Body::parse(
                "Good morning,\n\nsince Monday it does not print at all.\n  - The light is green.\n  - Paper is there.",
            )
            .expect("the body is plain text"),
            written_at: DateTime::UNIX_EPOCH,
            nonce: None,
        };
        let body = Body::parse(&"No paper. ".repeat(500)).expect("the body is plain text");
        let long_message = Message { body, ..message.clone() };
        let files = vec!["printer.png".to_owned(), "invoice 7.pdf".to_owned()];
        let (recipient, nameless) = (User::new("sara", "Sara"), User::new("sara", ""));
        Self { ticket, message, recipient, category, long_message, nameless, files }
    }

    /// Topics that take every choice that a template can make.
    pub(crate) fn topics(&self, notification: Notification) -> Vec<Topic<'_>> {
        match notification {
            Notification::LetterWaits | Notification::LetterRefused | Notification::AnswerOnPage => {
                Why::ALL.iter().flat_map(|why| self.answers(notification, *why)).collect()
            }
            Notification::LetterNotConfirmed => {
                let topic = Topic { body: None, author: None, category: None, ..self.topic(notification) };
                vec![topic, Topic { sender: Some("who@example.org"), recipient: &self.nameless, ..topic }]
            }
            Notification::TicketReceived => {
                let of = |topic, files, tells_of_closing| Topic { received: Some(Received { files, tells_of_closing }), ..topic };
                let all = of(self.topic(notification), self.files.as_slice(), true);
                vec![all, Topic { closed: Some(BOTH), ..all }, of(self.bare_topic(notification), &[], false)]
            }
            Notification::TicketClosed => self.on_closed(notification).map(|topic| Topic { body: None, ..topic }).collect(),
            Notification::SupporterAnswered => {
                let open = [self.topic(notification), self.bare_topic(notification)];
                open.into_iter().chain(self.on_closed(notification)).collect()
            }
            _ => vec![self.topic(notification), self.bare_topic(notification)],
        }
    }

    /// Letters about a closed ticket.
    fn on_closed(&self, notification: Notification) -> impl Iterator<Item = Topic<'_>> {
        let neither = Closed { may_follow: false, may_rate: false };
        let topics = [self.topic(notification), self.bare_topic(notification)];
        topics.into_iter().flat_map(move |topic| [BOTH, neither].map(|closed| Topic { closed: Some(closed), ..topic }))
    }

    fn answers(&self, notification: Notification, why: Why) -> [Topic<'_>; 2] {
        let on_ticket = Topic {
            body: None,
            answers: Some(Answered { subject: "Re: [#12] The printer is silent", why }),
            category: None,
            can_reply: true,
            ..self.topic(notification)
        };
        let answers = Some(Answered { subject: "", why });
        [on_ticket, Topic { ticket: None, answers, recipient: &self.nameless, can_reply: false, ..on_ticket }]
    }

    /// The opposite of [`topic`](Self::topic) in every choice that a template can make.
    fn bare_topic(&self, notification: Notification) -> Topic<'_> {
        Topic {
            body: Some(&self.long_message.body),
            author: None,
            recipient: &self.nameless,
            category: None,
            can_reply: true,
            ..self.topic(notification)
        }
    }

    fn topic(&self, notification: Notification) -> Topic<'_> {
        Topic {
            notification,
            ticket: Some(&self.ticket),
            body: Some(&self.message.body),
            answers: None,
            received: None,
            closed: None,
            author: Some("Anna Berg"),
            sender: None,
            recipient: &self.recipient,
            category: Some(&self.category),
            link: "https://example.org/support/tickets/12/messages/1",
            site: "Example Ltd",
            can_reply: false,
        }
    }
}
