//! Access tokens (OAuth 2.0), with which a site signs in on a mail server instead of a password (M-08).

use std::fmt;

use async_trait::async_trait;

use crate::host::HostError;

/// An access token. It lets a program sign in for some time, usually for an hour. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

/// The text is no access token. The error does not contain it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an access token has 1 to {} visible ASCII characters", AccessToken::MAX)]
pub struct NotAnAccessToken;

impl AccessToken {
    /// The most characters. RFC 4954 (4.) limits what a mail server has to read.
    pub const MAX: usize = 8192;

    /// Takes a token as the issuer wrote it (RFC 6750, 2.1).
    ///
    /// # Errors
    /// [`NotAnAccessToken`]: it is empty, longer than [`MAX`](Self::MAX), or has blanks, control characters or other letters than ASCII.
    pub fn new(token: impl Into<String>) -> Result<Self, NotAnAccessToken> {
        let token = token.into();
        let is_token = (1..=Self::MAX).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic());
        if is_token { Ok(Self(token)) } else { Err(NotAnAccessToken) }
    }

    /// The token itself, for a login. Do not log it.
    pub fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken(..)")
    }
}

/// Where access tokens come from: the host fetches and renews them.
///
/// MuTicket asks before each login, so keep a token until shortly before it expires. If the mail server refuses a token, MuTicket calls
/// [`refused`](Self::refused) and asks once more. If that token is refused, too, no letter is lost: MuTicket tries again later.
///
/// A function is one, too, if it fetches a token each time:
///
/// ```
/// use std::sync::Arc;
/// use muticket_core::HostError;
/// use muticket_core::mail::{AccessToken, AccessTokens};
///
/// /// Asks the issuer, which is `https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token` for Microsoft 365.
/// async fn fetch() -> Result<String, HostError> {
///     Ok("eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9".to_owned())
/// }
///
/// let tokens: Arc<dyn AccessTokens> = Arc::new(|| async { Ok(AccessToken::new(fetch().await?)?) });
/// ```
#[async_trait]
pub trait AccessTokens: Send + Sync + 'static {
    /// Returns a token that is valid now. MuTicket waits for it for some seconds.
    ///
    /// # Errors
    /// The host has none now. Letters wait, and MuTicket asks again later.
    async fn token(&self) -> Result<AccessToken, HostError>;

    /// The mail server refused this token. The next one should be another. Must not block. Default: does nothing.
    fn refused(&self, token: &AccessToken) {
        let _ = token;
    }
}

#[async_trait]
impl<F, R> AccessTokens for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<AccessToken, HostError>> + Send + 'static,
{
    async fn token(&self) -> Result<AccessToken, HostError> {
        self().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_one_word_and_is_not_shown() {
        let token = AccessToken::new("ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg").unwrap();
        assert!(token.secret().starts_with("ya29."));
        assert_eq!(format!("{token:?}"), "AccessToken(..)");
        for wrong in ["", "a b", "a\n", "a\u{1}", "ä", &"a".repeat(AccessToken::MAX + 1)] {
            assert_eq!(AccessToken::new(wrong), Err(NotAnAccessToken), "{wrong:?}");
        }
    }
}
