//! Signing in, and what stays secret.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use muticket_core::mail::AccessToken;
use muticket_core::mailbox::MailboxTrouble;
use muticket_inbound::imap::ImapMailbox;
use muticket_test_support::{ImapServer, ImapTrouble, Secrecy, SmtpServer};

use crate::site::{fetches, gets, letter, mailbox, mailbox_at, state, subjects, until, world};

fn url(scheme: &str, server: &ImapServer) -> String {
    format!("{scheme}://anna:open%20sesame%20%221%22@localhost:{}/INBOX", server.address().port())
}

#[tokio::test]
async fn every_way_to_sign_in_with_a_password() {
    for abilities in ["IMAP4rev1", "IMAP4rev1 AUTH=PLAIN", "IMAP4rev1 AUTH=PLAIN SASL-IR", "imap4rev1 Auth=Plain Sasl-IR Idle"] {
        let (world, server) = (world().await, ImapServer::start().await.unwrap());
        server.can(abilities);
        server.deliver(&letter("a"));
        gets(&world, mailbox(&server), &["a"]).await;
    }
}

#[tokio::test]
async fn connections_are_encrypted() {
    for (secrecy, scheme) in [(Secrecy::Tls, "imaps"), (Secrecy::StartTls, "imap+starttls")] {
        let (world, server) = (world().await, ImapServer::start_with(secrecy).await.unwrap());
        server.deliver(&letter("a"));
        let trusting = mailbox_at(&url(scheme, &server)).with_trusted_certificates(SmtpServer::AUTHORITY.as_bytes()).unwrap();
        gets(&world, trusting, &["a"]).await;
    }
}

/// Fetches until there is a problem, and returns it as it is stored.
async fn problem_of(mailbox: ImapMailbox) -> (MailboxTrouble, String) {
    let world = world().await;
    let fetching = fetches(&world, mailbox);
    until("a problem", async || state(&world).await.problem.is_some()).await;
    fetching.stops().await;
    assert!(subjects(&world).await.is_empty());
    let state = state(&world).await;
    let (trouble, words) = state.trouble().expect("a problem");
    assert!(!words.contains("sesame"), "{state:?}");
    (trouble, words.to_owned())
}

/// P-14: nobody signs in on a connection that is not the one that was asked for.
#[tokio::test]
async fn no_password_without_encryption() {
    let plain = ImapServer::start().await.unwrap();
    let stripped = problem_of(mailbox_at(&url("imap+starttls", &plain))).await;
    assert_eq!(stripped.0, MailboxTrouble::Insecure);
    let unknown = ImapServer::start_with(Secrecy::Tls).await.unwrap();
    assert_eq!(problem_of(mailbox_at(&url("imaps", &unknown))).await.0, MailboxTrouble::Insecure);
    let injected = ImapServer::start().await.unwrap();
    injected.make_trouble(ImapTrouble::Say("STARTTLS", "{tag} OK go on\r\n* OK [CAPABILITY IMAP4rev1]".to_owned()), 1000);
    assert_eq!(problem_of(mailbox_at(&url("imap+starttls", &injected))).await.0, MailboxTrouble::Insecure);
    for server in [plain, unknown, injected] {
        assert!(!server.commands().iter().any(|command| command.contains("LOGIN") || command.contains("AUTH")));
    }
}

#[tokio::test]
async fn a_refused_login_says_no_secret() {
    let server = ImapServer::start().await.unwrap();
    let wrong = mailbox_at(&format!("imap://anna:sesame@{}/INBOX", server.address()));
    assert_eq!(problem_of(wrong).await, (MailboxTrouble::Login, "[AUTHENTICATIONFAILED] wrong".to_owned()));
    server.can("IMAP4rev1");
    server.make_trouble(ImapTrouble::Say("LOGIN", "{tag} BAD what is LOGIN anna open sesame \"1\"".to_owned()), 1000);
    assert_eq!(problem_of(mailbox(&server)).await, (MailboxTrouble::Login, "the server refused it".to_owned()));
    let without = mailbox_at(&format!("imap://anna@{}/INBOX", server.address()));
    assert_eq!(problem_of(without).await.0, MailboxTrouble::Login);
}

#[tokio::test]
async fn an_access_token_that_has_expired_is_asked_for_once_more() {
    for abilities in ["IMAP4rev1 AUTH=XOAUTH2", "IMAP4rev1 AUTH=XOAUTH2 SASL-IR"] {
        let (world, server) = (world().await, ImapServer::start().await.unwrap());
        server.can(abilities);
        server.takes_token("new");
        server.deliver(&letter("a"));
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = asked.clone();
        let tokens = move || {
            let token = if counted.fetch_add(1, Ordering::SeqCst) == 0 { "old" } else { "new" };
            async move { Ok(AccessToken::new(token)?) }
        };
        gets(&world, mailbox(&server).with_access_tokens(Arc::new(tokens)), &["a"]).await;
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        server.takes_token("another");
        let refused = Arc::new(|| async { Ok(AccessToken::new("new sesame".replace(' ', "-"))?) });
        assert_eq!(problem_of(mailbox(&server).with_access_tokens(refused)).await.0, MailboxTrouble::Login);
    }
}
