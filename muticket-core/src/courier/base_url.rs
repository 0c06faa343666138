//! The address of the pages that letters link to.

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::id::{MessageNumber, NoteNumber, TicketNumber};

/// The public address of the module's pages, like `https://example.org/support`. It is configured and never taken from a
/// request, because anyone can forge the `Host` header (P-16).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

/// The text is not an address that letters can link to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an http or https address without user, query and fragment")]
pub struct NotABaseUrl;

impl BaseUrl {
    /// The address of a message. The message is part of the path, so that it survives a login redirect.
    pub fn message(&self, ticket: TicketNumber, message: MessageNumber) -> String {
        format!("{}/tickets/{ticket}/messages/{message}", self.0)
    }

    /// The address of a ticket.
    pub fn ticket(&self, ticket: TicketNumber) -> String {
        format!("{}/tickets/{ticket}", self.0)
    }

    /// The address of the list of tickets.
    pub fn tickets(&self) -> String {
        format!("{}/tickets", self.0)
    }

    /// The address of the form for a new ticket.
    pub fn new_ticket(&self) -> String {
        format!("{}/tickets/new", self.0)
    }

    /// The address of a note.
    pub fn note(&self, ticket: TicketNumber, note: NoteNumber) -> String {
        format!("{}/tickets/{ticket}/notes/{note}", self.0)
    }

    /// The address, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BaseUrl {
    type Err = NotABaseUrl;

    /// Parses the address. Trailing slashes are dropped, and a host with umlauts becomes its `xn--` form. An address that a browser
    /// would have to repair is refused.
    fn from_str(text: &str) -> Result<Self, NotABaseUrl> {
        let repaired = Cell::new(false);
        let note = |_| repaired.set(true);
        let url = Url::options().syntax_violation_callback(Some(&note)).parse(text).map_err(|_| NotABaseUrl)?;
        let is_plain = url.query().is_none() && url.fragment().is_none() && !repaired.get();
        let fits = is_plain && matches!(url.scheme(), "http" | "https");
        if fits { Ok(Self(url.as_str().trim_end_matches('/').to_owned())) } else { Err(NotABaseUrl) }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_that_letters_link_to() {
        for (text, kept) in [
            ("https://example.org/support/", "https://example.org/support"),
            ("http://localhost:8000", "http://localhost:8000"),
            ("https://[::1]:8443/a", "https://[::1]:8443/a"),
            ("https://exämple.org:8443/a", "https://xn--exmple-cua.org:8443/a"),
            ("https://EXÄMPLE.org", "https://xn--exmple-cua.org"),
            ("https://EXAMPLE.org:443/Hilfe-für-alle/", "https://example.org/Hilfe-f%C3%BCr-alle"),
        ] {
            assert_eq!(text.parse::<BaseUrl>().map(|url| url.to_string()), Ok(kept.to_owned()));
        }
        for text in [
            "",
            "https://",
            "example.org",
            "//example.org",
            "ftp://example.org",
            "javascript:alert(1)",
            "https://user@example.org",
            "https://example.org/?a",
            "https://example.org/#a",
            "https://example.org/\r\n",
            "https://exa mple.org",
            "https://example.org/\"><b>",
            "https:///support",
        ] {
            assert_eq!(text.parse::<BaseUrl>(), Err(NotABaseUrl), "{text:?}");
        }
    }
}
