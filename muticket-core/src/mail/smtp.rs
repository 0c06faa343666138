//! The default mailer: sends over SMTP to one server.

mod connection;
mod sign_in;
mod url;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use rustls_platform_verifier::Verifier;
use tokio::time::{Instant, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::causes::with_causes;
use crate::mail::access_tokens::{AccessToken, AccessTokens};
use crate::mail::server_url::Security;
use crate::mail::smtp::connection::{After, Connection, NotOpened, SmtpFailure, Timeouts};
use crate::mail::smtp::sign_in::SignIn;
pub use crate::mail::smtp::url::SmtpSetupError;
use crate::mail::smtp::url::SmtpUrl;
use crate::mail::trouble::LOGIN;
use crate::mail::{Letter, Mailer, SendError, mime};

/// How long an idle connection is kept for the next letter.
const KEEP: Duration = Duration::from_secs(20);

/// Sends letters over SMTP. Needs a Tokio runtime.
///
/// Connects when there is something to send, and keeps the connection for some seconds for further letters. If the server
/// has closed it meanwhile, or replies `421`, the letter is sent over a new connection at once. Each step has a time limit,
/// 30 seconds by default. A whole letter has four times as much.
///
/// A letter that answers a letter by itself has no [sender in its envelope](Letter::envelope_sender). If the server refuses that, it
/// gets the sender of the site.
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
    account: Option<Account>,
    name: String,
    step: Duration,
    kept: Mutex<Option<Connection>>,
}

/// A user of the mail server who signs in with access tokens.
struct Account {
    user: String,
    tokens: Arc<dyn AccessTokens>,
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
        let name = "[127.0.0.1]".to_owned();
        Ok(Self { server, tls, account: None, name, step: Duration::from_secs(30), kept: Mutex::new(None) })
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

    /// Signs in as this user with access tokens instead of a password, as Microsoft 365 wants it (M-08): with `XOAUTH2`, or with
    /// `OAUTHBEARER` (RFC 7628) if the server does not offer that. The URL then contains no login.
    ///
    /// Each new connection asks for a token. If the server refuses it, another one is asked for once. Letters are not given up
    /// because of a login: the courier tries again later.
    ///
    /// # Errors
    /// - [`SmtpSetupError::LoginInClear`]: the URL is `smtp://`, and the server is not on this machine.
    /// - [`SmtpSetupError::Url`]: the URL contains a login.
    /// - [`SmtpSetupError::User`]: the user is empty or has control characters.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use muticket_core::mail::{AccessTokens, SmtpMailer, SmtpSetupError};
    ///
    /// fn mailer(tokens: Arc<dyn AccessTokens>) -> Result<SmtpMailer, SmtpSetupError> {
    ///     SmtpMailer::new("smtp+starttls://smtp.office365.com")?.with_access_tokens("support@example.org", tokens)
    /// }
    /// ```
    pub fn with_access_tokens(mut self, user: &str, tokens: Arc<dyn AccessTokens>) -> Result<Self, SmtpSetupError> {
        if self.server.security == Security::Plain && !self.server.is_this_machine {
            return Err(SmtpSetupError::LoginInClear);
        }
        if self.server.login.is_some() {
            return Err(SmtpSetupError::Url("it must contain no user and no password if the site signs in with access tokens"));
        }
        if user.is_empty() || user.contains(char::is_control) {
            return Err(SmtpSetupError::User);
        }
        self.account = Some(Account { user: user.to_owned(), tokens });
        Ok(self)
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

    /// A new connection.
    async fn open(&self, limits: Timeouts) -> Result<Connection, SendError> {
        let Some(Account { user, tokens }) = &self.account else {
            let way = self.server.login.as_ref().map_or(SignIn::Nobody, SignIn::Password);
            return self.open_with(way, limits).await.map_err(|failure| failure.error);
        };
        let token = ask(&**tokens, limits).await?;
        match self.open_with(SignIn::Token(user, &token), limits).await {
            Err(NotOpened { login_refused: true, .. }) => {}
            opened => return opened.map_err(|failure| failure.error),
        }
        tokens.refused(&token);
        let token = ask(&**tokens, limits).await?;
        // Over a new connection: some servers close it after a refused login.
        self.open_with(SignIn::Token(user, &token), limits).await.map_err(|failure| failure.error)
    }

    async fn open_with(&self, way: SignIn<'_>, limits: Timeouts) -> Result<Connection, NotOpened> {
        Connection::open((&self.server, way), self.tls.as_ref(), &self.name, limits).await
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
        let (sender, to) = ((letter.from.address(), letter.envelope_sender().is_none()), letter.to.address());
        if let Some(mut connection) = self.kept(limits).await {
            let outcome = connection.send(sender, to, &message, limits).await;
            // A server may close after any number of letters. This letter was not refused, so it is sent over a new
            // connection.
            if !matches!(outcome, Err(SmtpFailure { after: After::Ended, .. })) {
                return self.keep(connection, outcome);
            }
        }
        let mut connection = self.open(limits).await?;
        let outcome = connection.send(sender, to, &message, limits).await;
        self.keep(connection, outcome)
    }

    fn server(&self) -> String {
        format!("the mail server {}", self.server)
    }
}

/// Asks the host for a token.
async fn ask(tokens: &dyn AccessTokens, limits: Timeouts) -> Result<AccessToken, SendError> {
    let reason = match timeout(limits.left(), tokens.token()).await {
        Ok(Ok(token)) => return Ok(token),
        Ok(Err(error)) => with_causes(&*error),
        Err(_) => "the host did not give an access token in time".to_owned(),
    };
    Err(SendError::Passing { reason: format!("{LOGIN}{reason}"), server_down: true })
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
