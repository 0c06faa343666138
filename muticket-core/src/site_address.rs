//! The address of a site, by which it detects at launch that its database belongs to another site. Pure.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

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

/// Writes the public URL, or the base if the site states no URL.
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

/// Host, port and path, as far as they distinguish sites; `None` if it is no URL.
fn place(url: &str) -> Option<(Host<String>, Option<u16>, String)> {
    let url = Url::parse(url).ok()?;
    let host = url.host()?.to_owned();
    let is_this_computer = match &host {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    let path = url.path().trim_end_matches('/').to_owned();
    // The usual port of the scheme is `None`.
    Some(if is_this_computer { (Host::Domain("localhost".to_owned()), None, path) } else { (host, url.port(), path) })
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
            ("https://exämple.org/support", "https://xn--exmple-cua.org/support", true),
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
