//! All URLs of the module, made in one place. They are a public contract: hosts link to them, and scripts use them.

use muticket_core::conversation::Part;
use muticket_core::storage::Cursor;
use muticket_core::{AttachmentId, LetterId, MessageNumber, SupporterId, TicketNumber};

/// Makes URLs below the module's base, as the browser sees them.
#[derive(Debug, Clone)]
pub struct Links {
    base: String,
    /// The part of the path that a proxy removes; empty if there is none.
    prefix: String,
}

impl Links {
    /// `base` begins with `/` and does not end with one. It is empty if the module is at the root of the site.
    #[cfg(test)]
    pub(crate) fn new(base: impl Into<String>) -> Self {
        Self { base: base.into(), prefix: String::new() }
    }

    /// `base` as Rocket sees it, and the prefix that a proxy in front has removed. Neither ends with `/`.
    pub(crate) fn behind(prefix: &str, base: &str) -> Self {
        Self { base: format!("{prefix}{base}"), prefix: prefix.to_owned() }
    }

    /// Turns a path that Rocket sees into the path that the browser sees. The result is always a path: browsers read an address that begins
    /// with two slashes as the name of another site (P-16).
    pub(crate) fn outside(&self, inside: &str) -> String {
        format!("{}/{}", self.prefix, inside.trim_start_matches('/'))
    }

    /// The base, for example `/support`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// A URL below the base; `path` begins with `/`.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The overview.
    pub fn tickets(&self) -> String {
        self.to("/tickets")
    }

    /// The form for a new ticket.
    pub fn new_ticket(&self) -> String {
        self.to("/tickets/new")
    }

    /// The form for a new ticket that follows a closed one.
    pub fn follow_up(&self, closed: TicketNumber) -> String {
        format!("{}?follows={closed}", self.new_ticket())
    }

    /// A ticket.
    pub fn ticket(&self, number: TicketNumber) -> String {
        format!("{}/tickets/{number}", self.base)
    }

    /// The next waiting ticket: the one after a place in the queue, or the first one.
    pub fn next_ticket(&self, after: Option<Cursor>) -> String {
        let next = self.to("/tickets/next");
        after.map_or_else(|| next.clone(), |after| format!("{next}?after={after}"))
    }

    /// A message within its ticket.
    pub fn message(&self, number: TicketNumber, message: MessageNumber) -> String {
        format!("{}#message-{message}", self.ticket(number))
    }

    /// A part of a ticket's messages.
    pub fn part(&self, number: TicketNumber, part: Part) -> String {
        let ticket = self.ticket(number);
        match part {
            Part::From(first) => format!("{ticket}?from={first}"),
            Part::Before(end) => format!("{ticket}?before={end}"),
            Part::Whole(message) => format!("{ticket}?whole={message}"),
            _ => ticket,
        }
    }

    /// A message that the newest page of its ticket does not show.
    pub fn older_message(&self, number: TicketNumber, message: MessageNumber) -> String {
        format!("{}#message-{message}", self.part(number, Part::From(message)))
    }

    /// A message in full length; other pages show only its beginning.
    pub fn whole_message(&self, number: TicketNumber, message: MessageNumber) -> String {
        format!("{}#message-{message}", self.part(number, Part::Whole(message)))
    }

    /// The stars under an answer, on the page of its ticket that begins with the message `from`; `None` is the newest page.
    pub fn stars(&self, number: TicketNumber, message: MessageNumber, from: Option<MessageNumber>) -> String {
        let page = self.ticket(number);
        from.map_or_else(|| format!("{page}#rating-{message}"), |from| format!("{page}?from={from}#rating-{message}"))
    }

    /// The URL that takes the rating of an answer.
    pub fn rating(&self, number: TicketNumber, message: MessageNumber) -> String {
        format!("{}/messages/{message}/rating", self.ticket(number))
    }

    /// A file. The id selects it; the name is there for people. The path segment `file` in front of the name keeps it from being taken for
    /// another route (P-12). The URL without that segment also leads to the file, unless the name of the file is the name of such a route.
    pub fn attachment(&self, id: AttachmentId, name: &str) -> String {
        format!("{}/attachments/{id}/file/{}", self.base, percent_encoded(name))
    }

    /// The small version of a picture.
    pub fn small_picture(&self, id: AttachmentId) -> String {
        format!("{}/pictures/{id}/small", self.base)
    }

    /// The large version of a picture.
    pub fn large_picture(&self, id: AttachmentId) -> String {
        format!("{}/pictures/{id}/large", self.base)
    }

    /// A page of the backend; `path` begins with `/`.
    pub fn backend(&self, path: &str) -> String {
        format!("{}/backend{path}", self.base)
    }

    /// A supporter's page with their statistics.
    pub fn supporter(&self, id: SupporterId) -> String {
        format!("{}/backend/supporters/{id}", self.base)
    }

    /// The answers behind a supporter's figures.
    pub fn answers(&self, id: SupporterId) -> String {
        format!("{}/answers", self.supporter(id))
    }

    /// One of a supporter's tables as CSV: `distribution`, `months`, `first-answers` or `answers`.
    pub fn figures(&self, id: SupporterId, table: &str) -> String {
        format!("{}/{table}.csv", self.supporter(id))
    }

    /// The URL that sends a failed letter again.
    pub fn letter_retry(&self, id: LetterId) -> String {
        format!("{}/backend/mail/{id}/retry", self.base)
    }

    /// The URL that sends all held letters.
    pub fn letters_release(&self) -> String {
        format!("{}/backend/mail/release", self.base)
    }

    /// The URL that discards all held letters.
    pub fn letters_discard(&self) -> String {
        format!("{}/backend/mail/discard", self.base)
    }

    /// A file of the module's own assets.
    pub fn asset(&self, file: &str) -> String {
        format!("{}/assets/{file}", self.base)
    }
}

/// Percent-encodes everything except letters, digits and `-._~` as UTF-8 bytes (RFC 3986). A host uses it for the way back in its
/// [`sign_in`](crate::Host::sign_in).
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
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
            assert_eq!(Links::behind(prefix, "/support").outside(asked), back);
        }
    }

    #[test]
    fn a_name_cannot_leave_its_place_in_an_address() {
        assert_eq!(percent_encoded("a/b?c#d ä\r\n"), "a%2Fb%3Fc%23d%20%C3%A4%0D%0A");
    }
}
