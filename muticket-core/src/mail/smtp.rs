//! The default mailer: sends over SMTP to one server.

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

use crate::mail::smtp::connection::{After, Connection, SmtpFailure, Timeouts};
pub use crate::mail::smtp::url::SmtpSetupError;
use crate::mail::smtp::url::{Security, SmtpUrl};
use crate::mail::{Letter, Mailer, SendError, mime};

/// How long an idle connection is kept for the next letter.
const KEEP: Duration = Duration::from_secs(20);

/// Sends letters over SMTP. Needs a Tokio runtime.
///
/// Connects when there is something to send, and keeps the connection for some seconds for further letters. If the server
/// has closed it meanwhile, or replies `421`, the letter is sent over a new connection at once. Each step has a time limit,
/// 30 seconds by default. A whole letter has four times as much.
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
    /// Parses the URL of the mail server. Does not connect.
    ///
    /// - `smtps://user:password@mail.example.org`: TLS from the beginning, port 465.
    /// - `smtp+starttls://user:password@mail.example.org`: TLS by STARTTLS, port 587. Fails if the server does not offer it.
    /// - `smtp://localhost:25`: no TLS, for a relay on this machine or in a closed network. A login is accepted only for
    ///   this machine.
    ///
    /// User and password are percent-encoded (`%40` for `@`). There is no opportunistic TLS, because an attacker on the
    /// network could suppress it (P-14). Certificates are checked against those that the machine trusts.
    ///
    /// # Errors
    /// [`SmtpSetupError`]: the URL is invalid, or TLS cannot be set up.
    pub fn new(url: &str) -> Result<Self, SmtpSetupError> {
        let server = SmtpUrl::parse(url)?;
        let tls = match server.security {
            Security::Plain => None,
            Security::StartTls | Security::Tls => Some(connector(Vec::new())?),
        };
        // Behind a NAT the public address is unknown. An address literal is always well-formed (RFC 5321, 4.1.3).
        Ok(Self { server, tls, name: "[127.0.0.1]".to_owned(), step: Duration::from_secs(30), kept: Mutex::new(None) })
    }

    /// Sets the name that this machine uses to greet the server; some relays want a real one. Characters other than letters,
    /// digits, dots, hyphens, colons and brackets are removed.
    #[must_use]
    pub fn with_name(mut self, name: &str) -> Self {
        self.name = name.chars().filter(|c| c.is_ascii_alphanumeric() || ".-:[]".contains(*c)).take(255).collect();
        self
    }

    /// Sets the time limit of one step, at most 30 seconds: the courier's claim on a letter must outlast its sending.
    #[must_use]
    pub fn with_timeout(mut self, step: Duration) -> Self {
        self.step = step.min(Duration::from_secs(30));
        self
    }

    /// Also trusts these certificates, in PEM form: for a relay whose certificate is issued by a private authority.
    ///
    /// # Errors
    /// [`SmtpSetupError::Tls`]: there is no certificate, or it cannot be read.
    pub fn with_trusted_certificates(mut self, pem: &[u8]) -> Result<Self, SmtpSetupError> {
        let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = read.map_err(|error| SmtpSetupError::Tls(error.to_string()))?;
        if certificates.is_empty() {
            return Err(SmtpSetupError::Tls("the file holds no certificate".to_owned()));
        }
        self.tls = self.tls.map(|_| connector(certificates)).transpose()?;
        Ok(self)
    }

    /// The kept connection, if it still works.
    async fn kept(&self, limits: Timeouts) -> Option<Connection> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut kept = kept.filter(|kept| kept.used_at.elapsed() < KEEP)?;
        kept.is_ready(limits).await.then_some(kept)
    }

    /// Keeps the connection for the next letter, if it is still usable.
    fn keep(&self, connection: Connection, outcome: Result<(), SmtpFailure>) -> Result<(), SendError> {
        if !matches!(outcome, Err(SmtpFailure { after: After::Ended | After::Lost, .. })) {
            *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
        }
        outcome.map_err(|failure| failure.error)
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let message = mime::message(letter);
        let limits = Timeouts { step: self.step, end: Instant::now() + self.step * 4 };
        let (from, to) = (letter.from.address(), letter.to.address());
        if let Some(mut connection) = self.kept(limits).await {
            let outcome = connection.send(from, to, &message, limits).await;
            // A server may close after any number of letters. This letter was not refused, so it is sent over a new
            // connection.
            if !matches!(outcome, Err(SmtpFailure { after: After::Ended, .. })) {
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

/// TLS with a cryptography provider of our own. The process-wide provider is the host's choice, and if it is missing, rustls
/// panics.
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
