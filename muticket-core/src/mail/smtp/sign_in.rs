//! Signing in on a mail server, with a password or with an access token (M-08).

use mail_send::{Credentials, SmtpClient};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::mail::access_tokens::AccessToken;
use crate::mail::smtp::url::{Login, SmtpUrl};

/// The longest command line, in octets (RFC 5321, 4.5.3.1.4). A login that does not fit follows in a line of its own (RFC 4954, 4.).
const LINE: usize = 512;

/// How the site signs in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SignIn<'s> {
    /// Not at all.
    Nobody,
    /// With a password.
    Password(&'s Login),
    /// With an access token of that user.
    Token(&'s str, &'s AccessToken),
}

/// The ways of RFC 4954 to sign in with a token. Both say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bearer {
    /// The way of Google and Microsoft, older than the standard.
    XOAuth2,
    /// RFC 7628
    OAuthBearer,
}

/// Signs in. `offered` are the kinds of login that the server offers, with blanks between them.
pub(crate) async fn sign_in<T: AsyncRead + AsyncWrite + Unpin>(
    client: &mut SmtpClient<T>,
    server: &SmtpUrl,
    way: SignIn<'_>,
    offered: &str,
) -> mail_send::Result<()> {
    match way {
        SignIn::Nobody => Ok(()),
        SignIn::Password(login) => with_password(client, login, offered).await,
        SignIn::Token(user, token) => {
            let bearer = Bearer::of(offered).ok_or(mail_send::Error::UnsupportedAuthMechanism)?;
            with_token(client, bearer, &base64(bearer.login(server, user, token).as_bytes())).await
        }
    }
}

async fn with_password<T>(client: &mut SmtpClient<T>, login: &Login, offered: &str) -> mail_send::Result<()>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    // The library reads the offer only from a stream.
    let offer = format!("250-hello\r\n250 AUTH {offered}\r\n");
    let stream = tokio::io::join(offer.as_bytes(), tokio::io::sink());
    let offer = SmtpClient { stream, timeout: client.timeout }.read_ehlo().await?;
    let credentials = Credentials::Plain { username: login.user.as_str(), secret: login.password.as_str() };
    client.authenticate(&credentials, &offer).await?;
    Ok(())
}

/// The library answers the explanation of a refusal with the token again, and puts tokens of any length into the command line.
async fn with_token<T>(client: &mut SmtpClient<T>, bearer: Bearer, login: &str) -> mail_send::Result<()>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let name = bearer.name();
    let command = format!("AUTH {name} {login}\r\n");
    let mut answer = if command.len() <= LINE {
        client.cmd(command).await?
    } else {
        let asked = client.cmd(format!("AUTH {name}\r\n")).await?;
        if asked.code == 334 { client.cmd(format!("{login}\r\n")).await? } else { asked }
    };
    // The server explains a refusal, and refuses after the answer.
    if answer.code == 334 {
        answer = client.cmd(bearer.answer_to_explanation()).await?;
    }
    if answer.code == 235 { Ok(()) } else { Err(mail_send::Error::AuthenticationFailed(answer)) }
}

impl Bearer {
    fn of(offered: &str) -> Option<Self> {
        let is_offered = |bearer: &Self| offered.split_whitespace().any(|kind| kind.eq_ignore_ascii_case(bearer.name()));
        [Self::XOAuth2, Self::OAuthBearer].into_iter().find(is_offered)
    }

    fn name(self) -> &'static str {
        match self {
            Self::XOAuth2 => "XOAUTH2",
            Self::OAuthBearer => "OAUTHBEARER",
        }
    }

    fn login(self, server: &SmtpUrl, user: &str, token: &AccessToken) -> String {
        let token = token.secret();
        match self {
            Self::XOAuth2 => format!("user={user}\x01auth=Bearer {token}\x01\x01"),
            Self::OAuthBearer => {
                let user = user.replace('=', "=3D").replace(',', "=2C");
                let (host, port) = (&server.host, server.port);
                format!("n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {token}\x01\x01")
            }
        }
    }

    fn answer_to_explanation(self) -> &'static str {
        match self {
            Self::XOAuth2 => "\r\n",
            // RFC 7628, 3.2.3
            Self::OAuthBearer => "AQ==\r\n",
        }
    }
}

/// The bytes in Base64 (RFC 4648, 4.).
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, place| bits << 8 | usize::from(group.get(place).copied().unwrap_or_default()));
        for place in 0..4 {
            let digit = DIGITS[bits >> (18 - 6 * place) & 63];
            text.push(if place <= group.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 4648 (10.).
    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xff, 0xef, 0xbe]), "/+++");
    }

    /// The example of Google, and that of RFC 7628 (4.1) for a mail server.
    #[test]
    fn the_logins_are_those_of_the_documents() {
        let server = SmtpUrl::parse("smtps://server.example.com:587").unwrap();
        let token = AccessToken::new("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==").unwrap();
        assert_eq!(
            Bearer::XOAuth2.login(&server, "user@example.com", &token),
            "user=user@example.com\u{1}auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u{1}\u{1}"
        );
        assert_eq!(
            base64(Bearer::OAuthBearer.login(&server, "user@example.com", &token).as_bytes()),
            "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9NTg3AWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJo\
             ZG1semRHRXVZMjl0Q2c9PQEB"
        );
        assert!(Bearer::OAuthBearer.login(&server, "a,b=c", &token).starts_with("n,a=a=2Cb=3Dc,\u{1}"));
    }

    #[test]
    fn the_older_way_is_preferred() {
        let cases = [
            ("PLAIN XOAUTH2 OAUTHBEARER", Some(Bearer::XOAuth2)),
            ("plain oauthbearer", Some(Bearer::OAuthBearer)),
            ("PLAIN LOGIN XOAUTH", None),
            ("", None),
        ];
        for (offered, bearer) in cases {
            assert_eq!(Bearer::of(offered), bearer, "{offered}");
        }
    }
}
