//! The address of a mail server as one line of a configuration: for SMTP, and for IMAP in `muticket-inbound`. It is public only for
//! that crate. It is hidden in the documentation and outside of semver: it may change in any version.

use std::cell::RefCell;

use percent_encoding::percent_decode_str;
use url::SyntaxViolation::{C0SpaceIgnored, PercentDecode, TabOrNewlineIgnored};
use url::{Host, Url};

/// A URL such as `imaps://user:password@mail.example.org:993/INBOX`, in its parts. They are not percent-encoded, have no control
/// characters, and are `None` if they are missing or empty. It has no `Debug`, because that could show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl {
    /// How the connection is encrypted.
    pub security: Security,
    /// The name of the server, or its number without brackets.
    pub host: String,
    /// The port, if it is not the usual one.
    pub port: Option<u16>,
    /// Whether the server is on this machine.
    pub is_this_machine: bool,
    /// Who signs in.
    pub user: Option<String>,
    /// The password.
    pub password: Option<String>,
    /// What follows the slash after the server.
    pub path: Option<String>,
}

/// How the connection to a mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not encrypted.
    Plain,
    /// By STARTTLS. Without it nothing is sent, and nobody signs in.
    StartTls,
    /// By TLS from the first byte.
    Tls,
}

/// A protocol, and what is said about its URLs that are wrong.
#[derive(Debug, Clone, Copy)]
pub struct Protocol {
    /// The URL begins with it, followed by nothing, by `s` for TLS or by `+starttls` for STARTTLS.
    pub scheme: &'static str,
    /// The URL begins with something else.
    pub other_scheme: &'static str,
    /// The URL has no host, or more than it should have.
    pub other_form: &'static str,
    /// A part is not percent-encoded correctly.
    pub not_decoded: &'static str,
}

impl ServerUrl {
    /// Reads a URL of the protocol.
    ///
    /// # Errors
    /// What is wrong with the URL, in the words of the protocol.
    pub fn parse(text: &str, protocol: &Protocol) -> Result<Self, &'static str> {
        let Protocol { scheme, other_scheme, other_form, not_decoded } = *protocol;
        let decoded = |text: &str| decoded(text).ok_or(not_decoded);
        let security = match text.split_once("://").and_then(|(begin, _)| begin.strip_prefix(scheme)) {
            Some("") => Security::Plain,
            Some("+starttls") => Security::StartTls,
            Some("s") => Security::Tls,
            _ => return Err(other_scheme),
        };
        let repaired = RefCell::new(Vec::new());
        let note = |violation| repaired.borrow_mut().push(violation);
        let url = Url::options().syntax_violation_callback(Some(&note)).parse(text).map_err(|_| other_form)?;
        if repaired.borrow().contains(&PercentDecode) {
            return Err(not_decoded);
        }
        let is_repaired = repaired.borrow().iter().any(|v| matches!(v, C0SpaceIgnored | TabOrNewlineIgnored));
        if is_repaired || url.query().is_some() || url.fragment().is_some() || url.port() == Some(0) {
            return Err(other_form);
        }
        let host = url.host_str().and_then(|host| Host::parse(host).ok()).ok_or(other_form)?;
        let (host, is_this_machine) = match host {
            Host::Domain(name) => (name.clone(), name == "localhost"),
            Host::Ipv4(ip) => (ip.to_string(), ip.is_loopback()),
            Host::Ipv6(ip) => (ip.to_string(), ip.is_loopback()),
        };
        let (user, password) = (decoded(url.username())?, decoded(url.password().unwrap_or_default())?);
        let path = decoded(url.path().trim_start_matches('/'))?;
        Ok(Self { security, host, port: url.port(), is_this_machine, user, password, path })
    }
}

/// The text without percent-encoding, which is `None` if it is empty; `None` if the text is not encoded correctly.
fn decoded(text: &str) -> Option<Option<String>> {
    let decoded = percent_decode_str(text).decode_utf8().ok().filter(|text| !text.contains(char::is_control))?;
    Some((!decoded.is_empty()).then(|| decoded.into_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OTHER: &str = "it begins with something else";
    const FORM: &str = "it has another form";
    const NOT_DECODED: &str = "it is not decoded";
    const IMAP: Protocol = Protocol { scheme: "imap", other_scheme: OTHER, other_form: FORM, not_decoded: NOT_DECODED };
    const SMTP: Protocol = Protocol { scheme: "smtp", ..IMAP };

    #[test]
    fn the_parts_of_a_url() {
        let Ok(url) = ServerUrl::parse("imaps://a%40b:c%2F:d@mail.exämple/e%20f", &IMAP) else { panic!("it is one") };
        assert_eq!((url.host.as_str(), url.port, url.security), ("mail.xn--exmple-cua", None, Security::Tls));
        assert_eq!((url.user.as_deref(), url.password.as_deref(), url.path.as_deref()), (Some("a@b"), Some("c/:d"), Some("e f")));
        for (text, expected) in [
            ("smtp://host", OTHER),
            ("imapss://host", OTHER),
            ("imap:host", OTHER),
            ("imap://host?x", FORM),
            ("imap://u:%zz@host", NOT_DECODED),
            ("imap://u@host/%00", NOT_DECODED),
        ] {
            assert_eq!(ServerUrl::parse(text, &IMAP).err(), Some(expected), "{text}");
        }
    }

    #[test]
    fn which_servers_are_on_this_machine() {
        let is_here = |host: &str| ServerUrl::parse(&format!("smtp://{host}"), &SMTP).is_ok_and(|url| url.is_this_machine);
        assert!(["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]"].into_iter().all(is_here));
        assert!(!["localhost.example", "1.127.0.0", "[::2]", "[::ffff:127.0.0.1]"].into_iter().any(is_here));
    }

    proptest! {
        /// What is read has no characters that could begin a line of the protocol.
        #[test]
        fn any_text_is_read(rest in "[ -~äß\u{0}\r\n\t%@:/\\[\\]]{0,60}", other in any::<String>()) {
            for text in [format!("imap+starttls://{rest}"), format!("imaps://u:p@host/{rest}"), other] {
                if let Ok(url) = ServerUrl::parse(&text, &IMAP) {
                    let parts = [Some(url.host), url.user, url.password, url.path];
                    prop_assert!(parts.into_iter().flatten().all(|part| !part.is_empty() && !part.contains(char::is_control)));
                }
            }
        }
    }
}
