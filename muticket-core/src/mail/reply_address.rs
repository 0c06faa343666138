//! Addresses that one can reply to: each carries a token for one recipient and one ticket (M-03).
//!
//! The token is `t12-693-` and 26 letters and digits: the number of the ticket, the period of its key, and a signature over
//! recipient, ticket, purpose and period. It proves that its holder has got a letter about the ticket. It does not say who writes.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::id::{TicketNumber, UserId};
use crate::mail::EmailAddress;
use crate::mail::address::is_around;

/// How long the key of new tokens stays the same.
const PERIOD: TimeDelta = TimeDelta::days(30);
/// The number of bytes of a signature.
const SIGNATURE: usize = 16;
/// The place of the token in a pattern.
const PLACE: &str = "{token}";
/// A token with the largest number, for checks of lengths.
const LONGEST: usize = "t9999999999-9999-".len() + 26;

/// Where replies go: an address with `{token}` in front of its `@`, such as `support+{token}@example.org` or
/// `{token}@reply.example.org`. All letters to such addresses have to reach MuTicket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyPattern {
    before: String,
    after: String,
    domain: String,
}

/// The text is not a pattern for addresses that one can reply to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address with {{token}} in front of its @, or its part in front of the @ is too long")]
pub struct NotAPattern;

impl ReplyPattern {
    /// The address with this token; `None` if it would be too long.
    pub fn address(&self, token: &ReplyToken) -> Option<EmailAddress> {
        EmailAddress::parse(&format!("{}{token}{}@{}", self.before, self.after, self.domain)).ok()
    }

    /// The token in an address that was made with this pattern. Upper case is read, too, because mail systems change the case.
    pub fn token_in(&self, address: &str) -> Option<ReplyToken> {
        let lower = address.trim().to_ascii_lowercase();
        let (local, domain) = lower.rsplit_once('@')?;
        let token = local.strip_prefix(self.before.as_str())?.strip_suffix(self.after.as_str())?;
        if domain == self.domain { token.parse().ok() } else { None }
    }

    /// Whether letters with such addresses have ids of this domain: the same one, or the one above it if the pattern has a domain
    /// of its own.
    #[cfg(feature = "mailroom")]
    pub(crate) fn has_ids_of(&self, domain: &str) -> bool {
        let above = self.domain.split_once('.').filter(|_| self.before.is_empty() && self.after.is_empty());
        domain == self.domain || above.is_some_and(|(_, above)| above == domain)
    }

    /// Whether the address is of this pattern, with a token or without one: then the site itself has it.
    pub fn is_of_site(&self, address: &str) -> bool {
        let lower = address.trim().to_ascii_lowercase();
        let plain = self.before.trim_end_matches(['+', '-', '.', '_']);
        let is_plain = !plain.is_empty() && lower == format!("{plain}@{}", self.domain);
        is_plain || self.token_in(&lower).is_some()
    }
}

impl FromStr for ReplyPattern {
    type Err = NotAPattern;

    fn from_str(text: &str) -> Result<Self, NotAPattern> {
        let text = text.trim_matches(is_around).to_ascii_lowercase();
        let sample = text.replacen(PLACE, &"t".repeat(LONGEST), 1);
        let address = EmailAddress::parse(&sample).map_err(|_| NotAPattern)?;
        let (local, _) = text.split_once('@').ok_or(NotAPattern)?;
        let (before, after) = local.split_once(PLACE).ok_or(NotAPattern)?;
        if after.contains(PLACE) {
            return Err(NotAPattern);
        }
        Ok(Self { before: before.to_owned(), after: after.to_owned(), domain: address.domain().to_owned() })
    }
}

impl fmt::Display for ReplyPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{PLACE}{}@{}", self.before, self.after, self.domain)
    }
}

/// What the token of an address says. Whether it is genuine is checked with a [`ReplyKey`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyToken {
    /// The ticket.
    pub ticket: TicketNumber,
    period: i64,
    signature: String,
}

impl fmt::Display for ReplyToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t{}-{}-{}", self.ticket, self.period, self.signature)
    }
}

/// The text is not a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token")]
pub struct NotAToken;

impl FromStr for ReplyToken {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let mut parts = text.strip_prefix('t').ok_or(NotAToken)?.splitn(3, '-');
        let mut next = || parts.next().ok_or(NotAToken);
        let (ticket, period, signature) = (next()?, next()?, next()?);
        let token = Self {
            ticket: ticket.parse().map_err(|_| NotAToken)?,
            period: period.parse().map_err(|_| NotAToken)?,
            signature: signature.to_owned(),
        };
        // Each token has one spelling, also after a mail system has changed its case.
        let is_signature = token.signature.len() <= 64 && token.signature.bytes().all(|digit| DIGITS.contains(&digit));
        if is_signature && token.to_string() == text { Ok(token) } else { Err(NotAToken) }
    }
}

/// The key of a site, with which tokens are made and checked. A new key is derived from it every 30 days.
#[derive(Clone)]
pub struct ReplyKey([u8; 32]);

impl ReplyKey {
    /// The name of the secret of the site.
    pub(crate) const SECRET: &'static str = "replies";

    /// Creates a key from its secret.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// The token for the recipient of a letter about this ticket that was queued at this time.
    pub fn token(&self, ticket: TicketNumber, recipient: &UserId, at: DateTime<Utc>) -> ReplyToken {
        let period = period(at);
        let signature = base32(&self.mac(ticket, recipient, period).finalize().into_bytes()[..SIGNATURE]);
        ReplyToken { ticket, period, signature }
    }

    /// Whether the token was made for this recipient, not longer ago than `keep`.
    pub fn is_of(&self, token: &ReplyToken, recipient: &UserId, keep: TimeDelta, now: DateTime<Utc>) -> bool {
        let (newest, oldest) = (period(now) + 1, period(now - keep.clamp(TimeDelta::zero(), TimeDelta::days(36_500))));
        let Some(signature) = bytes_of(&token.signature) else { return false };
        let in_time = (oldest..=newest).contains(&token.period);
        // Compares in constant time.
        in_time && self.mac(token.ticket, recipient, token.period).verify_truncated_left(&signature).is_ok()
    }

    fn mac(&self, ticket: TicketNumber, recipient: &UserId, period: i64) -> Hmac<Sha256> {
        let keyed = |key: &[u8]| Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
        let mut of_period = keyed(&self.0);
        of_period.update(&period.to_be_bytes());
        let mut mac = keyed(&of_period.finalize().into_bytes());
        mac.update(b"reply");
        mac.update(&ticket.get().to_be_bytes());
        mac.update(recipient.as_str().as_bytes());
        mac
    }
}

impl fmt::Debug for ReplyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyKey")
    }
}

fn period(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(PERIOD.num_seconds())
}

/// Letters and digits without case, because mail systems change the case of addresses (RFC 4648, 6).
const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

fn base32(bytes: &[u8]) -> String {
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| usize::from(byte >> (7 - at % 8) & 1));
    let digit = |at: usize| char::from(DIGITS[(at..at + 5).fold(0, |value, at| value * 2 + bit(at))]);
    (0..bytes.len() * 8).step_by(5).map(digit).collect()
}

/// The bytes of a signature; `None` if the text is not exactly one.
fn bytes_of(text: &str) -> Option<[u8; SIGNATURE]> {
    let digits: Option<Vec<usize>> = text.bytes().map(|byte| DIGITS.iter().position(|digit| *digit == byte)).collect();
    let digits = digits?;
    let bit = |at: usize| digits.get(at / 5).map_or(0, |digit| u8::try_from(digit >> (4 - at % 5) & 1).unwrap_or_default());
    let bytes = std::array::from_fn(|byte| (byte * 8..byte * 8 + 8).fold(0, |value, at| value * 2 + bit(at)));
    (base32(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn twelve() -> TicketNumber {
        TicketNumber::new(12).unwrap()
    }

    fn keep() -> TimeDelta {
        TimeDelta::days(365)
    }

    /// M-03
    #[test]
    fn a_token_counts_for_its_recipient_its_ticket_and_its_time() {
        let key = ReplyKey::new([7; 32]);
        let (anna, ben) = (UserId::new("anna"), UserId::new("ben"));
        let token = key.token(twelve(), &anna, now());
        assert!(key.is_of(&token, &anna, keep(), now()));
        assert!(key.is_of(&token, &anna, keep(), now() + TimeDelta::days(365)));
        assert!(key.is_of(&token, &anna, keep(), now() - TimeDelta::days(1)));
        assert!(!key.is_of(&token, &anna, keep(), now() + TimeDelta::days(400)), "an old key");
        assert!(!key.is_of(&token, &ben, keep(), now()));
        assert!(!ReplyKey::new([8; 32]).is_of(&token, &anna, keep(), now()));
        let other = ReplyToken { ticket: TicketNumber::new(13).unwrap(), ..token.clone() };
        assert!(!key.is_of(&other, &anna, keep(), now()));
        let later = ReplyToken { period: token.period + 1, ..token.clone() };
        assert!(!key.is_of(&later, &anna, keep(), now()));
        assert_eq!(token.to_string().parse(), Ok(token));
        assert_eq!(format!("{key:?}"), "ReplyKey");
    }

    #[test]
    fn a_pattern_makes_addresses_and_reads_them() {
        let token = ReplyKey::new([7; 32]).token(twelve(), &UserId::new("anna"), now());
        for (pattern, plain) in [
            ("support+{token}@example.org", Some("support@example.org")),
            ("{token}@reply.example.org", None),
            ("a.{token}.b@Example.org", None),
            ("\u{200b} {TOKEN}@example.org ", None),
        ] {
            let parsed: ReplyPattern = pattern.parse().unwrap();
            let address = parsed.address(&token).unwrap();
            for spelling in [address.as_str().to_owned(), address.as_str().to_ascii_uppercase(), format!(" {address}")] {
                assert_eq!(parsed.token_in(&spelling).as_ref(), Some(&token), "{spelling}");
                assert!(parsed.is_of_site(&spelling));
            }
            if let Some(plain) = plain {
                assert!(parsed.is_of_site(plain) && parsed.token_in(plain).is_none());
            }
            for other in ["", "@", "x@example.org", "support+t12-1@example.org", &format!("{token}@elsewhere.example")] {
                assert_eq!(parsed.token_in(other), None, "{other}");
            }
        }
        let bad =
            ["support@example.org", "{token}{token}@x.example", "{TOKEN}{token}@x.example", "a@{token}.example", "{token}", ""];
        let long = format!("{}+{{token}}@x.example", "a".repeat(40));
        for text in bad.into_iter().chain([long.as_str()]) {
            assert_eq!(text.parse::<ReplyPattern>(), Err(NotAPattern), "{text}");
        }
    }

    #[test]
    fn a_signature_has_one_spelling() {
        assert_eq!(base32(b"fooba"), "mzxw6ytb");
        assert_eq!(base32(&[255; 16]), format!("{}4", "7".repeat(25)));
        assert_eq!(bytes_of(&base32(&[255; 16])), Some([255; 16]));
        for text in ["", "a", &"7".repeat(26), &"A".repeat(26), &"a".repeat(27), &"ä".repeat(26)] {
            assert_eq!(bytes_of(text), None, "{text}");
        }
    }

    /// M-03
    #[test]
    fn a_token_has_the_letters_and_digits_of_a_signature() {
        assert!("t12-693-abc234".parse::<ReplyToken>().is_ok());
        for text in ["t12-693-abC", "t12-693-a1", "t12-693-a-b", "t12-693-a b", "t12-693-a@b", "t12-693-\u{e4}"] {
            assert_eq!(text.parse::<ReplyToken>(), Err(NotAToken), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_its_own_spelling_is_a_token(text in "t?[0-9]{0,3}-?[0-9+-]{0,3}-?[a-zA-Z2-7]{0,30}|\\PC{0,60}") {
            if let Ok(token) = text.parse::<ReplyToken>() {
                prop_assert_eq!(&token.to_string(), &text);
            }
            let pattern: ReplyPattern = "support+{token}@example.org".parse().unwrap();
            let _ = (pattern.token_in(&text), pattern.is_of_site(&text));
        }

        #[test]
        fn bytes_come_back(bytes in any::<[u8; SIGNATURE]>()) {
            prop_assert_eq!(bytes_of(&base32(&bytes)), Some(bytes));
        }
    }
}
