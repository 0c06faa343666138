//! The mail server's address as one line of a configuration.

use std::fmt;

use crate::causes::debug_says_the_sentence;
use crate::mail::server_url::{Protocol, Security, ServerUrl};

const SMTP: Protocol = Protocol {
    scheme: "smtp",
    other_scheme: "it must begin with smtp://, smtp+starttls:// or smtps://",
    other_form: "it must have a host, and may have a port. Nothing may follow. In a password, write %2F for /, %3F for ? and \
                 %23 for #",
    not_decoded: "the user or the password is not percent-encoded correctly",
};

/// A mail server's address, read from a URL; see [`SmtpMailer::new`](crate::mail::SmtpMailer::new).
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SmtpUrl {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) login: Option<Login>,
    /// Whether the server is on this machine.
    pub(crate) is_this_machine: bool,
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
    /// The user who signs in with [access tokens](crate::mail::SmtpMailer::with_access_tokens) is empty or has control characters.
    #[error("the user of the mail server is empty or has control characters")]
    User,
    /// TLS cannot be set up: trusted certificates are missing, or a given one cannot be read.
    #[error("cannot set up TLS for the mail server: {0}")]
    Tls(String),
}

debug_says_the_sentence!(SmtpSetupError);

impl SmtpUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, SmtpSetupError> {
        let url = ServerUrl::parse(text, &SMTP).map_err(SmtpSetupError::Url)?;
        if url.path.is_some() {
            return Err(SmtpSetupError::Url(SMTP.other_form));
        }
        let login = match (url.user, url.password) {
            (None, None) => None,
            (Some(user), Some(password)) => Some(Login { user, password }),
            (Some(_), None) => return Err(SmtpSetupError::Url("a user needs a password after a colon")),
            (None, Some(_)) => return Err(SmtpSetupError::Url("a password needs a user in front of the colon")),
        };
        let ServerUrl { host, security, is_this_machine, .. } = url;
        if login.is_some() && security == Security::Plain && !is_this_machine {
            return Err(SmtpSetupError::LoginInClear);
        }
        let usual_port = match security {
            Security::Plain => 25,
            Security::StartTls => 587,
            Security::Tls => 465,
        };
        Ok(Self { host, port: url.port.unwrap_or(usual_port), security, login, is_this_machine })
    }
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
            let Err(error @ SmtpSetupError::Url(_)) = SmtpUrl::parse(url) else { panic!("{url:?}") };
            assert!(!error.to_string().contains("folder"), "{url:?}: {error}");
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
