//! The mail server's address as one line of a configuration.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use crate::error::debug_says_the_sentence;
use crate::mail::ascii_domain;

/// A mail server's address, read from a URL; see [`SmtpMailer::new`](crate::mail::SmtpMailer::new).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SmtpUrl {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) login: Option<Login>,
}

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Security {
    /// Not encrypted.
    Plain,
    /// By STARTTLS. Without it nothing is sent.
    StartTls,
    /// By TLS from the first byte.
    Tls,
}

/// A login on the mail server.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} to {} port {}, login {:?}", self.security, self.host, self.port, self.login)
    }
}

/// Written as in a configuration, but without the login: for logs.
impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            Security::Plain => "smtp",
            Security::StartTls => "smtp+starttls",
            Security::Tls => "smtps",
        };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}://{open}{}{close}:{}", self.host, self.port)
    }
}

/// The mailer cannot be set up as configured. Never contains the URL, because that may contain a password.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SmtpSetupError {
    /// The URL is invalid.
    #[error("invalid URL of the mail server: {0}")]
    Url(&'static str),
    /// The password would be sent over the network unencrypted.
    #[error("a login needs smtps:// or smtp+starttls://, unless the mail server is on this machine")]
    LoginInClear,
    /// TLS cannot be set up: trusted certificates are missing, or a given one cannot be read.
    #[error("cannot set up TLS for the mail server: {0}")]
    Tls(String),
}

debug_says_the_sentence!(SmtpSetupError);

impl SmtpUrl {
    pub(crate) fn parse(url: &str) -> Result<Self, SmtpSetupError> {
        use SmtpSetupError::Url;

        let (scheme, rest) = url.split_once("://").ok_or(Url("it must begin with smtp://, smtp+starttls:// or smtps://"))?;
        let (security, usual_port) = match scheme {
            "smtp" => (Security::Plain, 25),
            "smtp+starttls" => (Security::StartTls, 587),
            "smtps" => (Security::Tls, 465),
            _ => return Err(Url("it must begin with smtp://, smtp+starttls:// or smtps://")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains(['/', '?', '#']) {
            return Err(Url(
                "nothing may follow the port; in a password, write %2F, %3F and %23 for slash, question mark and hash",
            ));
        }
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(read_login(login)?), place),
            None => (None, rest),
        };
        let (host, port) = read_place(place)?;
        let server = Self { host: host.into_owned(), port: port.unwrap_or(usual_port), security, login };
        if server.login.is_some() && security == Security::Plain && !is_this_machine(&server.host) {
            return Err(SmtpSetupError::LoginInClear);
        }
        Ok(server)
    }
}

fn read_login(text: &str) -> Result<Login, SmtpSetupError> {
    let (user, password) = text.split_once(':').ok_or(SmtpSetupError::Url("a user needs a password after a colon"))?;
    let decode = |text| decode(text).ok_or(SmtpSetupError::Url("the user or the password is not percent-encoded correctly"));
    Ok(Login { user: decode(user)?, password: decode(password)? })
}

fn read_place(place: &str) -> Result<(Cow<'_, str>, Option<u16>), SmtpSetupError> {
    let wrong = SmtpSetupError::Url("it must have a host, and may have a port");
    let (host, port) = match place.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, rest)) => {
            host.parse::<std::net::Ipv6Addr>().map_err(|_| wrong.clone())?;
            match rest.strip_prefix(':') {
                Some(port) => (Cow::Borrowed(host), Some(port)),
                None if rest.is_empty() => (Cow::Borrowed(host), None),
                None => return Err(wrong),
            }
        }
        None => {
            let (host, port) = place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
            let host = ascii_domain(host).ok_or(wrong.clone())?;
            let fits = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b));
            (if fits { host } else { return Err(wrong) }, port)
        }
    };
    let port = port.map(|port| port.parse::<u16>().ok().filter(|port| *port > 0).ok_or(wrong)).transpose()?;
    Ok((host, port))
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Decodes percent-encoding. Returns `None` if it is malformed, empty, or contains control characters.
fn decode(text: &str) -> Option<String> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        if octet != b'%' {
            octets.push(octet);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16);
        octets.push(u8::try_from(digit()? * 16 + digit()?).ok()?);
    }
    String::from_utf8(octets).ok().filter(|text| !text.is_empty() && !text.chars().any(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Host, port, security, user and password in one line.
    fn read(url: &str) -> String {
        let server = SmtpUrl::parse(url).unwrap();
        let login = server.login.map(|login| format!(" {} {}", login.user, login.password)).unwrap_or_default();
        format!("{} {} {:?}{login}", server.host, server.port, server.security)
    }

    #[test]
    fn the_urls_that_are_understood() {
        let cases = [
            ("smtp://localhost", "localhost 25 Plain"),
            ("smtp://mail.example:2525/", "mail.example 2525 Plain"),
            ("smtp://[::1]:25", "::1 25 Plain"),
            ("smtp://[::1]", "::1 25 Plain"),
            ("smtps://mail.exämple.org", "mail.xn--exmple-cua.org 465 Tls"),
            ("smtps://u%40x.example:a:b%2F%C3%A4%25@m.example", "m.example 465 Tls u@x.example a:b/ä%"),
            ("smtp+starttls://u:pw@m.example", "m.example 587 StartTls u pw"),
            ("smtp://u:pw@127.0.0.1:1025", "127.0.0.1 1025 Plain u pw"),
        ];
        for (url, read_as) in cases {
            assert_eq!(read(url), read_as);
        }
    }

    #[test]
    fn the_urls_that_are_refused() {
        let wrong = [
            "",
            "localhost:25",
            "http://localhost",
            "smtp://",
            "smtp://:25",
            "smtp://host:0",
            "smtp://host:99999",
            "smtp://host:25:25",
            "smtp://[::1]25",
            "smtp://[host]",
            "smtp://host/path",
            "smtp://host?starttls=required",
            "smtp://ho st",
            "smtp://host\r\n",
            "smtps://user@host",
            "smtps://user:%zz@host",
            "smtps://user:%ff@host",
            "smtps://user:%0d%0a@host",
            "smtps://:pw@host",
        ];
        for url in wrong {
            assert!(matches!(SmtpUrl::parse(url), Err(SmtpSetupError::Url(_))), "{url:?}");
        }
        assert_eq!(SmtpUrl::parse("smtp://u:p@mail.example"), Err(SmtpSetupError::LoginInClear));
    }

    #[test]
    fn a_password_is_never_shown() {
        let shown = format!("{:?}", SmtpUrl::parse("smtps://user:secret@mail.example").unwrap());
        assert!(shown.contains("user") && !shown.contains("secret"), "{shown}");
        for (url, shown) in [
            ("smtps://user:secret@mail.example", "smtps://mail.example:465"),
            ("smtp+starttls://user:secret@mail.example:26", "smtp+starttls://mail.example:26"),
            ("smtp://[::1]", "smtp://[::1]:25"),
        ] {
            assert_eq!(SmtpUrl::parse(url).unwrap().to_string(), shown);
        }
    }
}
