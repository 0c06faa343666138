//! The default mailer: speaks SMTP to one server.

mod connection;
mod url;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rustls_platform_verifier::Verifier;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::mail::smtp::connection::{After, Connection, Failure, Limits};
pub use crate::mail::smtp::url::SmtpSetupError;
use crate::mail::smtp::url::{Security, SmtpUrl};
use crate::mail::{Letter, Mailer, SendError, mime};

/// How long an open connection is kept for the next letter.
const KEEP: Duration = Duration::from_secs(20);

/// Sends letters over SMTP. Needs a Tokio runtime.
///
/// Connects when there is something to send and keeps the connection for a few seconds in case there is more. If the server has closed it
/// meanwhile, or says `421`, the letter goes over a new connection at once. Every step has a time limit, 30 seconds unless set, and a whole letter has four times as much.
///
/// ```
/// # use std::time::Duration;
/// use muticket_core::mail::SmtpMailer;
///
/// let mailer = SmtpMailer::new("smtp://localhost:25")?.with_timeout(Duration::from_secs(10)).with_name("www.example.org");
/// # Ok::<(), muticket_core::mail::SmtpSetupError>(())
/// ```
pub struct SmtpMailer {
    server: SmtpUrl,
    tls: Option<TlsConnector>,
    name: String,
    step: Duration,
    kept: Mutex<Option<Connection>>,
}

impl fmt::Debug for SmtpMailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpMailer").field("server", &self.server).field("step", &self.step).finish_non_exhaustive()
    }
}

impl SmtpMailer {
    /// Reads where the mail server is. Does not connect.
    ///
    /// - `smtps://user:password@mail.example.org`: TLS from the beginning, port 465.
    /// - `smtp+starttls://user:password@mail.example.org`: TLS by STARTTLS, port 587. A server that does not offer it gets nothing.
    /// - `smtp://localhost:25`: no TLS, for a relay on this machine or in a closed network. A login is accepted for this machine only.
    ///
    /// User and password are percent-encoded (`%40` for `@`). There is no "TLS if possible": whoever sits in between could forbid it (P-14).
    /// Certificates are checked against what the machine trusts.
    ///
    /// # Errors
    /// [`SmtpSetupError`]: the URL is not of this kind, or TLS cannot be set up.
    pub fn new(url: &str) -> Result<Self, SmtpSetupError> {
        let server = SmtpUrl::parse(url)?;
        let tls = match server.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(connector(Vec::new())?),
        };
        // Our own address is unknown behind a NAT, and a literal is always well-formed (RFC 5321, 4.1.3).
        Ok(Self { server, tls, name: "[127.0.0.1]".to_owned(), step: Duration::from_secs(30), kept: Mutex::new(None) })
    }

    /// The name this machine greets the server with; some relays want a real one. Anything but letters, digits, dots, hyphens, colons and
    /// brackets is left out.
    #[must_use]
    pub fn with_name(mut self, name: &str) -> Self {
        self.name = name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(*c)).take(255).collect();
        self
    }

    /// The time limit of one step. More than 30 seconds is not taken: the courier's claim on a letter must outlast its sending.
    #[must_use]
    pub fn with_timeout(mut self, step: Duration) -> Self {
        self.step = step.min(Duration::from_secs(30));
        self
    }

    /// Trusts these certificates too, in PEM form: for a relay with a certificate of the company's own authority.
    ///
    /// # Errors
    /// [`SmtpSetupError::Tls`]: there is no certificate in it, or it cannot be read.
    pub fn with_trusted_certificates(mut self, pem: &[u8]) -> Result<Self, SmtpSetupError> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = read.map_err(|error| SmtpSetupError::Tls(error.to_string()))?;
        if certificates.is_empty() {
            return Err(SmtpSetupError::Tls("the file holds no certificate".to_owned()));
        }
        self.tls = self.tls.map(|_| connector(certificates)).transpose()?;
        Ok(self)
    }

    /// The kept connection if it still works.
    async fn kept(&self, limits: Limits) -> Option<Connection> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut kept = kept.filter(|kept| kept.used_at.elapsed() < KEEP)?;
        kept.is_ready(limits).await.then_some(kept)
    }

    /// Keeps the connection for the next letter, if it is good for one.
    fn keep(&self, connection: Connection, outcome: Result<(), Failure>) -> Result<(), SendError> {
        if !matches!(outcome, Err(Failure { after: After::Ended | After::Lost, .. })) {
            *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
        }
        outcome.map_err(|failure| failure.error)
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let message = mime::message(letter);
        let limits = Limits { step: self.step, end: Instant::now() + self.step * 4 };
        let (from, to) = (letter.from.address(), letter.to.address());
        if let Some(mut connection) = self.kept(limits).await {
            let outcome = connection.send(from, to, &message, limits).await;
            // A server may close after any number of letters. That says nothing about this one, so it goes over another connection.
            if !matches!(outcome, Err(Failure { after: After::Ended, .. })) {
                return self.keep(connection, outcome);
            }
        }
        let mut connection = Connection::open(&self.server, self.tls.as_ref(), &self.name, limits).await?;
        let outcome = connection.send(from, to, &message, limits).await;
        self.keep(connection, outcome)
    }

    fn server(&self) -> String {
        format!("the mail server {}", self.server)
    }
}

/// TLS with the cryptography we chose ourselves: a process-wide choice is the host's, and a missing one would be a panic.
fn connector(trusted: Vec<CertificateDer<'static>>) -> Result<TlsConnector, SmtpSetupError> {
    let broken = |error: tokio_rustls::rustls::Error| SmtpSetupError::Tls(error.to_string());
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(trusted, provider.clone()).map_err(broken)?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(broken)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}
