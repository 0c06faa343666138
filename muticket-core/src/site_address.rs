//! The address of a site, by which it detects at launch that its database belongs to another site. Pure.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// The address of a site's MuTicket pages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct SiteAddress {
    /// The path of the pages within the site, like `/support`.
    pub base: String,
    /// The public URL of the pages, like `https://example.org/support`. `None` if the site does not state it.
    pub url: Option<String>,
}

impl SiteAddress {
    /// Creates an address. Trailing slashes are removed.
    pub fn new(base: &str, url: Option<&str>) -> Self {
        let base = match base.trim_end_matches('/') {
            "" => "/",
            base => base,
        };
        Self { base: base.to_owned(), url: url.map(|url| url.trim_end_matches('/').to_owned()) }
    }

    /// Whether both are addresses of the same site. Compares the public URLs, or the bases if one of the two has no URL.
    ///
    /// `http` and `https` are the same site. On this computer (`localhost`, `127.0.0.1`) all ports are the same site too,
    /// because a site under development often changes its port.
    pub fn is_same_site(&self, other: &Self) -> bool {
        match (&self.url, &other.url) {
            (Some(one), Some(other)) => place(one) == place(other),
            _ => self.base == other.base,
        }
    }
}

/// The public URL; the base if there is none.
impl fmt::Display for SiteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_ref().unwrap_or(&self.base))
    }
}

/// The text is not an address of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("neither an http or https address nor a path that begins with a slash")]
pub struct NotASiteAddress;

impl FromStr for SiteAddress {
    type Err = NotASiteAddress;

    /// Parses the form that [`Display`](fmt::Display) writes. The base of a public URL is its path.
    fn from_str(text: &str) -> Result<Self, NotASiteAddress> {
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        match rest {
            Some(rest) if !rest.starts_with('/') && !rest.is_empty() => {
                Ok(Self::new(rest.find('/').map_or("", |at| &rest[at..]), Some(text)))
            }
            None if text.starts_with('/') => Ok(Self::new(text, None)),
            _ => Err(NotASiteAddress),
        }
    }
}

/// Host, port and path, as far as they distinguish sites.
fn place(url: &str) -> (String, &str) {
    let (port, rest) = match url.split_once("://") {
        Some(("http", rest)) => (":80", rest),
        Some((_, rest)) => (":443", rest),
        None => ("", url),
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(port).unwrap_or(&host);
    let host = if is_this_computer(host) { "localhost" } else { host };
    (host.to_owned(), path)
}

/// Whether a host, with or without a port, is this computer.
fn is_this_computer(host: &str) -> bool {
    if let Some((address, _)) = host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        return address.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback());
    }
    let name = host.split(':').next().unwrap_or_default();
    name == "localhost" || name.ends_with(".localhost") || name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SiteAddress {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_comes_back_as_it_is_shown() {
        for (text, shown, base) in [
            ("https://example.org/support/", "https://example.org/support", "/support"),
            ("http://example.org", "http://example.org", "/"),
            ("/support/", "/support", "/support"),
            ("/", "/", "/"),
        ] {
            assert_eq!((address(text).to_string().as_str(), address(text).base.as_str()), (shown, base));
        }
        for text in ["", "support", "example.org/support", "ftp://example.org", "https://", "https:///support"] {
            assert_eq!(text.parse::<SiteAddress>(), Err(NotASiteAddress), "{text:?}");
        }
    }

    /// P-35
    #[test]
    fn sites_are_told_apart_by_their_address() {
        for (one, other, same) in [
            ("https://example.org/support", "https://example.org/support/", true),
            ("https://example.org/support", "http://example.org/support", true),
            ("https://example.org:443/support", "http://EXAMPLE.org:80/support", true),
            ("http://localhost:8000/support", "http://127.0.0.1:8001/support", true),
            ("http://[::1]:8000/support", "http://desk.localhost/support", true),
            ("https://example.org/support", "https://example.org/help", false),
            ("https://example.org/support", "https://example.org", false),
            ("https://example.org/support", "https://example.org/SUPPORT", false),
            ("https://example.org/support", "https://test.example.org/support", false),
            ("https://example.org/support", "https://example.org:8443/support", false),
            ("http://localhost:8000/support", "http://localhost:8000/help", false),
            ("http://localhost:8000/support", "https://example.org/support", false),
            ("http://127.0.0.1/support", "http://127.0.0.1.example.org/support", false),
            ("/support", "/support", true),
            ("/support", "/help", false),
            ("/support", "https://example.org/support", true),
            ("/support", "https://example.org/help", false),
        ] {
            assert_eq!(address(one).is_same_site(&address(other)), same, "{one} {other}");
            assert_eq!(address(other).is_same_site(&address(one)), same, "{other} {one}");
        }
    }
}
