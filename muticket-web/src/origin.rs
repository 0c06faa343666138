//! Whether a form was sent by a page of this site (P-08). It relies on headers that the browser sets and that pages of other sites cannot
//! change.
//!
//! The crate `url` is not used here: it repairs what no browser sends, such as `HTTP://`, a path, or zeros before a port. All
//! that is refused.

use crate::request::Head;

/// A web origin: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    scheme: Scheme,
    /// The host in lower case.
    host: String,
    port: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl Origin {
    /// Parses `https://example.org` or `http://example.org:8000`, with nothing after it. `None` for anything else, such as `null`.
    fn parse(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let scheme = match scheme {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return None,
        };
        Self::at(scheme, authority)
    }

    /// The origin of a URL; its path is ignored.
    pub(crate) fn of_url(url: &str) -> Option<Self> {
        let end = url.find("://").map(|at| at + 3)?;
        let path = url.get(end..)?.find('/').map_or(url.len(), |at| end + at);
        Self::parse(url.get(..path)?)
    }

    /// `authority` is a host with an optional port, as in the header `Host`.
    fn at(scheme: Scheme, authority: &str) -> Option<Self> {
        let (host, port) = match authority.rsplit_once(':') {
            // The colons of an IPv6 address are inside brackets.
            Some((host, port)) if !port.contains(']') => (host, decimal(port)?),
            _ => (authority, scheme.port()),
        };
        let fits = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b));
        fits.then(|| Self { scheme, host: host.to_ascii_lowercase(), port })
    }
}

/// Parses a port in its canonical spelling.
fn decimal(text: &str) -> Option<u16> {
    let port: u16 = text.parse().ok()?;
    (port.to_string() == text).then_some(port)
}

/// Whether the browser says that a page of this site sent the request. MuTicket's own forms check this themselves; a host can call it for
/// its login and its other forms.
///
/// Modern browsers say so in `Sec-Fetch-Site`. Older ones send `Origin`, which must match the scheme, host and port of this site. These are
/// taken from `public_url`, the URL of the site from outside, such as `https://example.org`; the host of the request with the scheme of
/// `public_url` is accepted as well. Without `public_url`, the scheme is `https` if the framework speaks TLS or if a proxy says so in
/// `X-Forwarded-Proto`, and otherwise `http`.
///
/// A program that is not a browser sends neither header and passes. It has no visitor's cookies, so a forged page cannot misuse it.
pub fn is_same_origin(head: &Head<'_>, public_url: Option<&str>) -> bool {
    is_from(head, public_url.and_then(Origin::of_url).as_ref())
}

/// Like [`is_same_origin`], with a URL that is already parsed.
pub(crate) fn is_from(head: &Head<'_>, public: Option<&Origin>) -> bool {
    let values = |name: &str| head.headers.get_all(name).iter().map(|value| value.to_str().unwrap_or_default());
    let mut sites = values("sec-fetch-site").peekable();
    if sites.peek().is_some() {
        return sites.all(|site| matches!(site, "same-origin" | "none"));
    }
    let mut origins = values("origin");
    let Some(origin) = origins.next() else { return true };
    // Two `Origin` headers would contradict each other.
    let (Some(origin), None) = (Origin::parse(origin), origins.next()) else { return false };
    public == Some(&origin) || asked(head, public).is_some_and(|own| own == origin)
}

/// The origin to which the browser sent the request, as far as the request tells.
fn asked(head: &Head<'_>, public: Option<&Origin>) -> Option<Origin> {
    let value = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = match public {
        Some(public) => public.scheme,
        None if head.is_tls => Scheme::Https,
        // A page of another site cannot make a browser send this header.
        None if value("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")) => Scheme::Https,
        None => Scheme::Http,
    };
    Origin::at(scheme, value("host").or(head.authority)?)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, Method};

    use super::*;

    fn asks(public_url: Option<&str>, headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        is_same_origin(&Head::new(&Method::POST, "/", &map), public_url)
    }

    /// P-08, K-18
    #[test]
    fn an_origin_is_scheme_host_and_port() {
        let yes = [
            (None, "http://example.org", "example.org"),
            (None, "http://example.org:8000", "example.org:8000"),
            (None, "http://example.org:80", "example.org"),
            (None, "http://EXAMPLE.org", "example.ORG"),
            (None, "http://[::1]:8000", "[::1]:8000"),
            // Behind a proxy that passes on another host.
            (Some("https://example.org"), "https://example.org", "127.0.0.1:8000"),
            (Some("https://example.org/shop/"), "https://example.org:443", "backend"),
            // The site also has another name.
            (Some("https://example.org"), "https://www.example.org", "www.example.org"),
        ];
        for (public, origin, host) in yes {
            assert!(asks(public, &[("origin", origin), ("host", host)]), "{public:?} {origin} {host}");
        }
        let no = [
            (None, "https://example.org", "example.org"),
            (None, "http://example.org:8000", "example.org"),
            (None, "http://example.org", "example.org:8000"),
            (None, "http://example.org.evil.example", "example.org"),
            (None, "http://evil.example", "example.org"),
            (None, "null", "example.org"),
            (None, "", "example.org"),
            (None, "example.org", "example.org"),
            (None, "ftp://example.org", "example.org"),
            (None, "HTTP://example.org", "example.org"),
            (None, "http://example.org/", "example.org"),
            (None, "http://user@example.org", "example.org"),
            (None, "http://example.org:080", "example.org"),
            (None, "http://example.org:+80", "example.org"),
            (Some("https://example.org"), "http://example.org", "example.org"),
            (Some("https://example.org"), "https://example.org:8443", "example.org"),
            (Some("https://example.org"), "http://127.0.0.1:8000", "127.0.0.1:8000"),
            (Some("http://example.org"), "https://example.org", "example.org"),
        ];
        for (public, origin, host) in no {
            assert!(!asks(public, &[("origin", origin), ("host", host)]), "{public:?} {origin} {host}");
        }
    }

    #[test]
    fn a_proxy_that_speaks_tls_says_so() {
        let (host, proto) = (("host", "example.org"), ("x-forwarded-proto", "https"));
        assert!(asks(None, &[("origin", "https://example.org"), host, proto]));
        assert!(!asks(None, &[("origin", "http://example.org"), host, proto]));
    }

    #[test]
    fn what_the_browser_says_outright_counts_first() {
        let host = ("host", "example.org");
        for (site, own) in [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false), ("", false)] {
            assert_eq!(asks(None, &[("sec-fetch-site", site), host]), own, "{site}");
        }
        assert!(!asks(None, &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site"), host]));
        assert!(!asks(None, &[("origin", "http://example.org"), ("origin", "http://evil.example"), host]));
        assert!(asks(None, &[host]), "no browser");
    }
}
