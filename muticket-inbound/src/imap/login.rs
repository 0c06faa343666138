//! Connects and signs in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muticket_core::causes::with_causes;
use muticket_core::mail::server_url::Security;
use muticket_core::mail::{AccessToken, AccessTokens};
use muticket_core::mailbox::MailboxTrouble;
use tokio::time::timeout;

use crate::imap::mailbox::ImapMailbox;
use crate::imap::problem::Problem;
use crate::imap::reply::{Answer, abilities_in_code};
use crate::imap::session::{Session, quoted};
use crate::imap::wire::Wire;

/// What one signs in with.
enum Credential<'m> {
    Password(&'m str),
    Token(AccessToken),
}

/// Connects and signs in.
pub(super) async fn connect(mailbox: &ImapMailbox) -> Result<Session, Problem> {
    let Some(tokens) = &mailbox.tokens else {
        let Some(password) = mailbox.address.password.as_deref() else {
            return Err(refused("neither a password nor access tokens are set up"));
        };
        let mut session = greet(mailbox).await?;
        sign_in(&mut session, mailbox, &Credential::Password(password)).await?.map_err(refused)?;
        return Ok(session);
    };
    let mut session = greet(mailbox).await?;
    let token = ask(&**tokens, mailbox).await?;
    let Err(_) = sign_in(&mut session, mailbox, &Credential::Token(token.clone())).await? else { return Ok(session) };
    // It may have expired. Some servers end the connection after a refused login.
    tokens.refused(&token);
    let mut session = greet(mailbox).await?;
    let token = ask(&**tokens, mailbox).await?;
    let answer = sign_in(&mut session, mailbox, &Credential::Token(token.clone())).await?;
    match answer {
        Ok(()) => Ok(session),
        Err(words) => {
            tokens.refused(&token);
            Err(refused(words))
        }
    }
}

async fn ask(tokens: &dyn AccessTokens, mailbox: &ImapMailbox) -> Result<AccessToken, Problem> {
    let token = timeout(mailbox.step, tokens.token()).await;
    let token = token.map_err(|_| refused("the site took too long to give an access token"))?;
    token.map_err(|error| refused(with_causes(&*error)))
}

fn refused(words: impl Into<String>) -> Problem {
    Problem::new(MailboxTrouble::Login, words)
}

/// Connects, encrypts the connection, and learns what the server can.
async fn greet(mailbox: &ImapMailbox) -> Result<Session, Problem> {
    let insecure = |words: &str| Problem::new(MailboxTrouble::Insecure, words);
    let (address, step) = (&mailbox.address, mailbox.step);
    let stream = Wire::open(&address.host, address.port, step).await?;
    let wire = match (address.security, &mailbox.tls) {
        (Security::Plain, _) => Wire::plain(stream, step),
        (Security::Tls, Some(tls)) => Wire::encrypted(stream, tls, &address.host, step).await?,
        (Security::StartTls, Some(tls)) => {
            let mut session = Session::new(Wire::plain(stream, step));
            session.greeting().await?;
            match session.command("STARTTLS").await? {
                Answer::Done(_) => {}
                Answer::Refused(words) => return Err(insecure(&words)),
            }
            // What was said before the encryption counts for nothing.
            let mut session = Session::new(session.into_wire().upgraded(tls, &address.host).await?);
            session.learn_abilities().await?;
            return Ok(session);
        }
        (Security::Tls | Security::StartTls, None) => return Err(insecure("TLS is not set up")),
    };
    let mut session = Session::new(wire);
    match abilities_in_code(&session.greeting().await?) {
        Some(abilities) => session.abilities = abilities,
        None => session.learn_abilities().await?,
    }
    Ok(session)
}

/// Signs in. The inner error is the server's refusal, without a secret.
async fn sign_in(session: &mut Session, mailbox: &ImapMailbox, with: &Credential<'_>) -> Result<Result<(), String>, Problem> {
    let user = &mailbox.address.user;
    let (answer, secret, proof) = match with {
        Credential::Token(token) => {
            let proof = STANDARD.encode(format!("user={user}\x01auth=Bearer {}\x01\x01", token.secret()));
            (session.authenticate("XOAUTH2", &proof).await?, token.secret(), proof)
        }
        Credential::Password(password) if session.can("AUTH=PLAIN") => {
            let proof = STANDARD.encode(format!("\0{user}\0{password}"));
            (session.authenticate("PLAIN", &proof).await?, *password, proof)
        }
        Credential::Password(_) if session.can("LOGINDISABLED") => {
            return Ok(Err("the server takes no passwords on this connection".to_owned()));
        }
        Credential::Password(password) => {
            let proof = quoted(password);
            (session.command(&format!("LOGIN {} {proof}", quoted(user))).await?, *password, proof)
        }
    };
    match answer {
        Answer::Done(text) => {
            match abilities_in_code(&text) {
                Some(abilities) => session.abilities = abilities,
                None => session.learn_abilities().await?,
            }
            Ok(Ok(()))
        }
        Answer::Refused(words) => Ok(Err(without_secrets(words, &[secret, &proof]))),
    }
}

/// The words of a refusal, unless the server repeats a secret in it.
fn without_secrets(words: String, secrets: &[&str]) -> String {
    let lower = words.to_lowercase();
    let repeats = secrets.iter().any(|secret| lower.contains(&secret.to_lowercase()));
    if repeats { "the server refused it".to_owned() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_repeats_no_secret() {
        let secrets = ["Se\"cret", "AHUAcA=="];
        let said = |words: &str| without_secrets(words.to_owned(), &secrets);
        assert_eq!(said("[AUTHENTICATIONFAILED] no"), "[AUTHENTICATIONFAILED] no");
        for words in ["unknown: LOGIN anna se\"cret", "what is AHUAcA==?"] {
            assert_eq!(said(words), "the server refused it");
        }
        assert_eq!(quoted("a\\b\"c"), "\"a\\\\b\\\"c\"");
    }
}
