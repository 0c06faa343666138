//! A mailbox as a host sets it up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use muticket_core::mail::AccessTokens;
use muticket_core::mail::server_url::Security;
use tokio_rustls::TlsConnector;

use crate::imap::address::{ImapAddress, ImapSetupError};
use crate::tls;

/// A mailbox from which letters are fetched. [`run`](crate::imap::run) fetches them.
#[derive(Clone)]
pub struct ImapMailbox {
    pub(super) address: ImapAddress,
    pub(super) tls: Option<TlsConnector>,
    pub(super) tokens: Option<Arc<dyn AccessTokens>>,
    pub(super) every: Duration,
    pub(super) step: Duration,
    pub(super) start: Start,
    pub(super) marks_seen: bool,
    pub(super) idles: bool,
}

/// What the first look at a mailbox does with the letters that are already there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// Skips them.
    #[default]
    Now,
    /// Takes them in, the oldest first. Each may become a ticket.
    All,
}

impl ImapMailbox {
    /// Parses the URL of a mailbox. Does not connect.
    ///
    /// - `imaps://user:password@mail.example.org/INBOX`: TLS from the beginning, port 993.
    /// - `imap+starttls://user:password@mail.example.org/INBOX`: TLS by STARTTLS, port 143. Fails if the server does not offer it.
    /// - `imap://user:password@127.0.0.1:143/INBOX`: no TLS, for a server on this machine.
    ///
    /// User, password and folder are percent-encoded (`%40` for `@`). The folder is `INBOX` if none is named. With
    /// [access tokens](Self::with_access_tokens) leave out the password. There is no opportunistic TLS, because an attacker on the network
    /// could suppress it (P-14). Certificates are checked against those that the machine trusts.
    ///
    /// # Errors
    /// [`ImapSetupError`]: the URL is invalid, or TLS cannot be set up.
    pub fn new(url: &str) -> Result<Self, ImapSetupError> {
        let address = ImapAddress::parse(url)?;
        let tls = match address.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(tls::connector(Vec::new()).map_err(ImapSetupError::Tls)?),
        };
        Ok(Self {
            address,
            tls,
            tokens: None,
            every: Duration::from_secs(60),
            step: Duration::from_secs(30),
            start: Start::Now,
            marks_seen: true,
            idles: true,
        })
    }

    /// Signs in with an access token (XOAUTH2) instead of a password. It is asked for before each login, and once more if the server
    /// refuses it.
    #[must_use]
    pub fn with_access_tokens(mut self, tokens: Arc<dyn AccessTokens>) -> Self {
        self.tokens = Some(tokens);
        self
    }

    /// Sets how often to look, at least every 25 minutes. Default: 60 seconds. If the server offers IDLE, it tells of new letters at
    /// once, and the mailbox is looked at every 9 minutes in any case.
    #[must_use]
    pub fn with_every(mut self, every: Duration) -> Self {
        self.every = every.clamp(Duration::from_millis(10), Duration::from_secs(25 * 60));
        self
    }

    /// Sets the time limit of one step, at most 30 seconds, which is the default. A letter has longer, by its size: 20 KB a second count as
    /// slow.
    #[must_use]
    pub fn with_timeout(mut self, step: Duration) -> Self {
        self.step = step.min(Duration::from_secs(30));
        self
    }

    /// Sets what the first look does with the letters that are already there. Default: [`Start::Now`]. Later looks do not read it, unless
    /// the server numbers its letters anew before the first look has ended.
    #[must_use]
    pub fn with_start(mut self, start: Start) -> Self {
        self.start = start;
        self
    }

    /// Does not mark letters as read (`\Seen`). Default: they are marked after they were taken in, as a courtesy to people who open the
    /// mailbox. Nothing depends on the mark.
    #[must_use]
    pub fn without_marking(mut self) -> Self {
        self.marks_seen = false;
        self
    }

    /// Does not use IDLE, for a server whose IDLE does not work.
    #[must_use]
    pub fn without_idle(mut self) -> Self {
        self.idles = false;
        self
    }

    /// Also trusts these certificates, in PEM form: for a server whose certificate is issued by a private authority.
    ///
    /// # Errors
    /// [`ImapSetupError::Tls`]: there is no certificate, or it cannot be read.
    pub fn with_trusted_certificates(mut self, pem: &[u8]) -> Result<Self, ImapSetupError> {
        let certificates = tls::certificates(pem).map_err(ImapSetupError::Tls)?;
        self.tls = self.tls.map(|_| tls::connector(certificates)).transpose().map_err(ImapSetupError::Tls)?;
        Ok(self)
    }

    /// Its address without the password: the name under which the helpdesk stores how far it was read, and by which the backend shows it.
    /// If it changes, the mailbox counts as another one.
    pub fn name(&self) -> String {
        self.address.to_string()
    }
}

impl fmt::Debug for ImapMailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ImapMailbox").field("address", &self.address).field("every", &self.every).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let mailbox = ImapMailbox::new("imap://anna:secret@127.0.0.1/INBOX").unwrap();
        assert_eq!(mailbox.name(), "imap://anna@127.0.0.1/INBOX");
        assert!(!format!("{mailbox:?}").contains("secret"), "{mailbox:?}");
        let error = ImapMailbox::new("imap://anna:secret@mail.example/INBOX").unwrap_err();
        assert!(!format!("{error:?} {error}").contains("secret"));
    }
}
