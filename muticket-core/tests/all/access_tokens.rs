//! Signing in on a mail server with access tokens (M-08).

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use muticket_core::HostError;
use muticket_core::mail::{
    AccessToken, AccessTokens, Diagnosis, Letter, LetterText, Mailbox, Mailer, SendError, SmtpMailer, SmtpSetupError, Trouble,
};
use muticket_test_support::{Secrecy, SmtpServer};

use crate::letter::{address, letter};

const USER: &str = "tom@example.org";
/// `user=tom@example.org`, and the beginning of the token.
const BEGINNING: &str = "dXNlcj10b21AZXhhbXBsZS5vcmcBYXV0aD1CZWFyZXIg";

/// The login of that user with a token that is given in Base64. Its length is a multiple of three.
fn login(token: &str) -> String {
    format!("{BEGINNING}{token}AQE=")
}

/// Gives one token after the other, and remembers those that were refused.
struct InTurn {
    tokens: Vec<String>,
    asked: AtomicUsize,
    refused: Mutex<Vec<String>>,
}

impl InTurn {
    fn of(tokens: &[&str]) -> Arc<Self> {
        let tokens = tokens.iter().map(|token| (*token).to_owned()).collect();
        Arc::new(Self { tokens, asked: AtomicUsize::new(0), refused: Mutex::default() })
    }

    /// How often a token was asked for, and which ones were refused.
    fn asked(&self) -> (usize, Vec<String>) {
        (self.asked.load(Ordering::SeqCst), self.refused.lock().unwrap().clone())
    }
}

#[async_trait]
impl AccessTokens for InTurn {
    async fn token(&self) -> Result<AccessToken, HostError> {
        let token = self.tokens.get(self.asked.fetch_add(1, Ordering::SeqCst));
        Ok(AccessToken::new(token.ok_or_else(|| HostError::new("the issuer is down"))?.as_str())?)
    }

    fn refused(&self, token: &AccessToken) {
        self.refused.lock().unwrap().push(token.secret().to_owned());
    }
}

fn simple(number: u128) -> Letter {
    let text = LetterText { subject: "Hello".to_owned(), text: "Hello".to_owned(), html: "<p>Hello</p>".to_owned() };
    letter(number, Mailbox::new("Sara", address("sara@example.org")), text)
}

fn mailer(server: &SmtpServer, tokens: Arc<dyn AccessTokens>) -> SmtpMailer {
    let mailer = SmtpMailer::new(&server.url()).unwrap().with_timeout(Duration::from_secs(10));
    mailer.with_access_tokens(USER, tokens).unwrap()
}

/// What keeps a letter from being sent. It is never the letter's fault.
async fn trouble(mailer: &SmtpMailer) -> (Trouble, String) {
    match mailer.send(&simple(1)).await.unwrap_err() {
        SendError::Passing { reason, server_down: true } => (Diagnosis::of(&reason).trouble, reason),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_token_signs_in_over_tls() {
    let server = SmtpServer::start_with(Secrecy::StartTls).await.unwrap();
    server.expect_login("XOAUTH2", &login("YWJj"));
    let tokens = InTurn::of(&["abc"]);
    let url = format!("smtp+starttls://localhost:{}", server.address().port());
    let mailer = SmtpMailer::new(&url).unwrap().with_trusted_certificates(SmtpServer::AUTHORITY.as_bytes()).unwrap();
    let mailer = mailer.with_access_tokens(USER, tokens.clone()).unwrap();
    for number in 1..3 {
        mailer.send(&simple(number)).await.unwrap();
    }
    assert_eq!((server.received().len(), server.logins()), (2, vec![format!("AUTH XOAUTH2 {}", login("YWJj"))]));
    assert_eq!(tokens.asked(), (1, vec![]), "a connection signs in once");
}

/// The tokens of Microsoft have thousands of characters.
#[tokio::test]
async fn a_long_token_has_a_line_of_its_own() {
    let server = SmtpServer::start().await.unwrap();
    let login = login(&"eHh4".repeat(1000));
    server.expect_login("XOAUTH2", &login);
    mailer(&server, InTurn::of(&[&"xxx".repeat(1000)])).send(&simple(1)).await.unwrap();
    assert_eq!(server.logins(), ["AUTH XOAUTH2".to_owned(), login]);
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced_once() {
    let server = SmtpServer::start().await.unwrap();
    server.expect_login("XOAUTH2", &login("YWJj"));
    let tokens = InTurn::of(&["xyz", "abc"]);
    mailer(&server, tokens.clone()).send(&simple(1)).await.unwrap();
    let said = [format!("AUTH XOAUTH2 {}", login("eHl6")), String::new(), format!("AUTH XOAUTH2 {}", login("YWJj"))];
    assert_eq!((server.received().len(), server.connections(), server.logins()), (1, 2, said.to_vec()));
    assert_eq!(tokens.asked(), (2, vec!["xyz".to_owned()]));
}

#[tokio::test]
async fn a_login_that_fails_is_a_passing_problem() {
    let server = SmtpServer::start().await.unwrap();
    server.expect_login("XOAUTH2", &login("YWJj"));
    let tokens = InTurn::of(&["xyz", "xyy", "abc"]);
    let mailer_of_three = mailer(&server, tokens.clone());
    assert_eq!(trouble(&mailer_of_three).await, (Trouble::Login, "535 5.7.8 this token is not valid".to_owned()));
    assert_eq!((tokens.asked().0, server.connections()), (2, 2));
    mailer_of_three.send(&simple(1)).await.unwrap();

    let (kind, reason) = trouble(&mailer(&server, InTurn::of(&[]))).await;
    assert!(kind == Trouble::Login && reason.ends_with("the issuer is down"), "{reason}");
    assert_eq!(server.connections(), 3, "without a token there is nothing to connect for");

    server.expect_login("PLAIN", "");
    assert_eq!(trouble(&mailer(&server, InTurn::of(&["abc"]))).await.0, Trouble::Login);
}

/// RFC 7628
#[tokio::test]
async fn the_way_of_the_standard_is_used_where_there_is_no_other() {
    let server = SmtpServer::start().await.unwrap();
    server.expect_login("OAUTHBEARER", "not this one");
    let (kind, _) = trouble(&mailer(&server, Arc::new(|| async { Ok(AccessToken::new("abc")?) }))).await;
    assert_eq!(kind, Trouble::Login);
    let logins = server.logins();
    assert_eq!((logins.len(), logins[1].as_str()), (4, "AQ=="));
    let accepted = logins[0].strip_prefix("AUTH OAUTHBEARER ").unwrap();
    server.expect_login("OAUTHBEARER", accepted);
    mailer(&server, InTurn::of(&["abc"])).send(&simple(1)).await.unwrap();
}

#[test]
fn a_token_goes_to_no_stranger() {
    let with = |url: &str, user: &str| {
        let tokens = InTurn::of(&["abc"]);
        SmtpMailer::new(url).unwrap().with_access_tokens(user, tokens).map(|mailer| format!("{mailer:?}"))
    };
    assert_eq!(with("smtp://mail.example", USER), Err(SmtpSetupError::LoginInClear));
    assert!(matches!(with("smtps://user:secret@mail.example", USER), Err(SmtpSetupError::Url(_))));
    for user in ["", "tom\u{1}auth=Bearer x", "tom\r\n"] {
        assert_eq!(with("smtps://mail.example", user), Err(SmtpSetupError::User));
    }
    for url in ["smtps://mail.example", "smtp+starttls://mail.example", "smtp://localhost", "smtp://[::1]"] {
        assert!(!with(url, USER).unwrap().contains("abc"));
    }
}
