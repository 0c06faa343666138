//! URLs of the module, as the browser sees them.

use muticket_core::conversation::MessagePage;
use muticket_core::storage::Cursor;
use muticket_core::{AttachmentId, IncomingId, LetterId, MessageNumber, NoteFileId, NoteNumber, SupporterId, TicketNumber};

use crate::address::Address;

/// Makes URLs below the module's base, as the browser sees them. [`Module::links`](crate::Module::links) gives them to a host.
#[derive(Debug, Clone)]
pub struct Links {
    base: String,
    /// The part of the path that a proxy removes; may be empty.
    prefix: String,
}

impl Links {
    /// `base` begins with `/` and does not end with one. It is empty if the module is at the root of the site.
    #[cfg(test)]
    pub(crate) fn new(base: impl Into<String>) -> Self {
        Self { base: base.into(), prefix: String::new() }
    }

    /// `base` as the framework sees it, and the prefix that a proxy in front has removed. Neither ends with `/`.
    pub(crate) fn with_prefix(prefix: &str, base: &str) -> Self {
        Self { base: format!("{prefix}{base}"), prefix: prefix.to_owned() }
    }

    /// Turns a path that the framework sees into the path that the browser sees. The result is always a path: browsers read an address that
    /// begins with two slashes as the name of another site (P-16).
    pub(crate) fn outside(&self, inside: &str) -> String {
        format!("{}/{}", self.prefix, inside.trim_start_matches('/'))
    }

    /// The base, for example `/support`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The URL of an address.
    pub(crate) fn to(&self, address: Address<'_>) -> String {
        format!("{}{address}", self.base)
    }

    /// The overview.
    pub fn tickets(&self) -> String {
        self.to(Address::Tickets)
    }

    /// The form for a new ticket.
    pub fn new_ticket(&self) -> String {
        self.to(Address::NewTicket)
    }

    /// The form for a new ticket that follows a closed one.
    pub fn follow_up(&self, closed: TicketNumber) -> String {
        format!("{}?follows={closed}", self.new_ticket())
    }

    /// A ticket.
    pub fn ticket(&self, number: TicketNumber) -> String {
        self.to(Address::Ticket(&number.to_string()))
    }

    /// The next waiting ticket: the one after a place in the queue, or the first one.
    pub fn next_ticket(&self, after: Option<Cursor>) -> String {
        let next = self.to(Address::NextTicket);
        after.map_or_else(|| next.clone(), |after| format!("{next}?after={after}"))
    }

    /// A ticket at the message where a supporter begins to read.
    pub(crate) fn ticket_start(&self, number: TicketNumber) -> String {
        format!("{}#start", self.ticket(number))
    }

    /// A message within its ticket.
    pub fn message(&self, number: TicketNumber, message: MessageNumber) -> String {
        format!("{}#message-{message}", self.ticket(number))
    }

    /// A note within its ticket.
    pub fn note(&self, number: TicketNumber, note: NoteNumber) -> String {
        self.to(Address::Note(&number.to_string(), &note.to_string()))
    }

    /// A letter that came in for a ticket, as it came.
    pub fn letter(&self, number: TicketNumber, id: IncomingId) -> String {
        self.to(Address::Letter(&number.to_string(), &id.to_string()))
    }

    /// The text of a letter that came in for a ticket.
    pub fn letter_text(&self, number: TicketNumber, id: IncomingId) -> String {
        self.to(Address::LetterText(&number.to_string(), &id.to_string()))
    }

    /// A file of a note.
    pub fn note_file(&self, number: TicketNumber, note: NoteNumber, id: NoteFileId) -> String {
        self.to(Address::NoteFile(&number.to_string(), &note.to_string(), &id.to_string()))
    }

    /// The small version of a picture of a note.
    pub fn small_note_picture(&self, number: TicketNumber, note: NoteNumber, id: NoteFileId) -> String {
        self.to(Address::SmallNotePicture(&number.to_string(), &note.to_string(), &id.to_string()))
    }

    /// The large version of a picture of a note.
    pub fn large_note_picture(&self, number: TicketNumber, note: NoteNumber, id: NoteFileId) -> String {
        self.to(Address::LargeNotePicture(&number.to_string(), &note.to_string(), &id.to_string()))
    }

    /// A part of a ticket's messages.
    pub fn page(&self, number: TicketNumber, page: MessagePage) -> String {
        let ticket = self.ticket(number);
        match page {
            MessagePage::From(first) => format!("{ticket}?from={first}"),
            MessagePage::Before(end) => format!("{ticket}?before={end}"),
            MessagePage::Whole(message) => format!("{ticket}?whole={message}"),
            _ => ticket,
        }
    }

    /// A message that the newest page of its ticket does not show.
    pub fn older_message(&self, number: TicketNumber, message: MessageNumber) -> String {
        format!("{}#message-{message}", self.page(number, MessagePage::From(message)))
    }

    /// A message in full length; other pages show only its beginning.
    pub fn whole_message(&self, number: TicketNumber, message: MessageNumber) -> String {
        format!("{}#message-{message}", self.page(number, MessagePage::Whole(message)))
    }

    /// The stars under an answer, on the page of its ticket that begins with the message `from`; `None` is the newest page.
    pub fn stars(&self, number: TicketNumber, message: MessageNumber, from: Option<MessageNumber>) -> String {
        format!("{}#rating-{message}", self.page(number, from.map_or_else(MessagePage::default, MessagePage::From)))
    }

    /// The URL that takes the rating of an answer.
    pub fn rating(&self, number: TicketNumber, message: MessageNumber) -> String {
        self.to(Address::Rating(&number.to_string(), &message.to_string()))
    }

    /// A file. The id selects it; the name is there for people.
    pub fn attachment(&self, id: AttachmentId, name: &str) -> String {
        self.to(Address::Attachment(&id.to_string(), name))
    }

    /// The small version of a picture.
    pub fn small_picture(&self, id: AttachmentId) -> String {
        self.to(Address::SmallPicture(&id.to_string()))
    }

    /// The large version of a picture.
    pub fn large_picture(&self, id: AttachmentId) -> String {
        self.to(Address::LargePicture(&id.to_string()))
    }

    /// A supporter's page with their statistics.
    pub fn supporter(&self, id: SupporterId) -> String {
        self.to(Address::Supporter(&id.to_string()))
    }

    /// The answers behind a supporter's figures.
    pub fn answers(&self, id: SupporterId) -> String {
        self.to(Address::SupporterAnswers(&id.to_string()))
    }

    /// The page that asks before a ticket is deleted.
    pub fn delete_ticket(&self, number: TicketNumber) -> String {
        self.to(Address::DeleteTicket(&number.to_string()))
    }

    /// The URL that sends a failed letter again.
    pub fn letter_retry(&self, id: LetterId) -> String {
        self.to(Address::RetryLetter(&id.to_string()))
    }

    /// A file of the module's own assets.
    pub fn asset(&self, file: &str) -> String {
        self.to(Address::Asset(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P-16, P-35
    #[test]
    fn the_way_back_is_a_path_of_this_site_as_the_browser_sees_it() {
        let paths = [
            ("", "/support/tickets?state=all", "/support/tickets?state=all"),
            ("", "//support/tickets", "/support/tickets"),
            ("", "///support//tickets?after=//x", "/support//tickets?after=//x"),
            ("/shop", "/support/tickets/7/messages/3", "/shop/support/tickets/7/messages/3"),
            ("/shop", "//support/tickets", "/shop/support/tickets"),
        ];
        for (prefix, asked, back) in paths {
            assert_eq!(Links::with_prefix(prefix, "/support").outside(asked), back);
        }
    }
}
