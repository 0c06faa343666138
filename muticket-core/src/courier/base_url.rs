//! The address of the pages that letters link to.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::id::{MessageNumber, TicketNumber};
use crate::mail::ascii_domain;

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

    /// The address, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BaseUrl {
    type Err = NotABaseUrl;

    /// Parses the address. Trailing slashes are dropped.
    fn from_str(text: &str) -> Result<Self, NotABaseUrl> {
        let text = ascii_host(text.trim_end_matches('/')).ok_or(NotABaseUrl)?;
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or(NotABaseUrl)?;
        let host = rest.split('/').next().unwrap_or_default();
        let harmless = rest.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%+,!()*=".contains(&b) || b":[]".contains(&b));
        let fits = harmless && host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[');
        if fits { Ok(Self(text.into_owned())) } else { Err(NotABaseUrl) }
    }
}

/// Converts the host to ASCII: umlauts become the `xn--` form. Returns `None` if the host is invalid.
fn ascii_host(url: &str) -> Option<Cow<'_, str>> {
    let start = url.find("://")? + 3;
    let length = url[start..].find(['/', ':', '[']).unwrap_or(url.len() - start);
    let (before, rest) = url.split_at(start);
    let (host, after) = rest.split_at(length);
    Some(match ascii_domain(host)? {
        Cow::Borrowed(_) => Cow::Borrowed(url),
        Cow::Owned(host) => Cow::Owned(format!("{before}{host}{after}")),
    })
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
