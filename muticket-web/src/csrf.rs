//! Anti-forgery tokens (P-08). The module has no session of its own, so a token is bound to the visitor: it is an HMAC over their id and
//! the day, with a key that all nodes of the site share. A token is valid on its day and the next.

use base16ct::lower::{decode, encode_string};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use muticket_core::UserId;
use sha2::Sha256;

/// Makes and checks tokens.
#[derive(Clone)]
pub(crate) struct Tokens {
    key: [u8; 32],
}

impl Tokens {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// The token for a visitor's forms.
    pub(crate) fn token(&self, user: &UserId, now: DateTime<Utc>) -> String {
        let day = day(now);
        format!("{day}.{}", encode_string(&self.mac(user, day).finalize().into_bytes()))
    }

    /// Whether the token belongs to this visitor and is from today or yesterday.
    pub(crate) fn verify(&self, token: &str, user: &UserId, now: DateTime<Utc>) -> bool {
        let Some((stamp, mac)) = token.split_once('.') else { return false };
        // Compare as text, so that each token has exactly one spelling.
        let today = day(now);
        let Some(stamp) = [today, today - 1].into_iter().find(|day| day.to_string() == stamp) else { return false };
        let mut bytes = [0; 32];
        let Ok(mac) = decode(mac, &mut bytes) else { return false };
        // Constant-time comparison.
        self.mac(user, stamp).verify_slice(mac).is_ok()
    }

    fn mac(&self, user: &UserId, day: i64) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        mac.update(&day.to_be_bytes());
        mac.update(user.as_str().as_bytes());
        mac
    }
}

fn day(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(24 * 60 * 60)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_token_counts_for_its_visitor_on_its_day_and_the_next() {
        let tokens = Tokens::new([7; 32]);
        let (anna, ben) = (UserId::new("anna"), UserId::new("ben"));
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let token = tokens.token(&anna, now);
        assert!(tokens.verify(&token, &anna, now));
        assert!(tokens.verify(&token, &anna, now + TimeDelta::days(1)));
        assert!(!tokens.verify(&token, &anna, now + TimeDelta::days(2)));
        assert!(!tokens.verify(&token, &anna, now - TimeDelta::days(1)));
        assert!(!tokens.verify(&token, &ben, now));
        assert!(!Tokens::new([8; 32]).verify(&token, &anna, now));
    }

    /// P-08: a number has one spelling, and so does a token.
    #[test]
    fn a_token_has_one_spelling() {
        let tokens = Tokens::new([7; 32]);
        let anna = UserId::new("anna");
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let token = tokens.token(&anna, now);
        let (stamp, mac) = token.split_once('.').unwrap();
        let plus = mac.replacen('0', "+", 1);
        assert!(tokens.verify(&format!("{stamp}.{mac}"), &anna, now));
        for text in [
            format!("+{stamp}.{mac}"),
            format!("0{stamp}.{mac}"),
            format!("{stamp}.{}", mac.to_uppercase()),
            format!("{stamp}.{plus}"),
        ] {
            assert!(text == token || !tokens.verify(&text, &anna, now), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_token_does_not_count() {
        let tokens = Tokens::new([7; 32]);
        let anna = UserId::new("anna");
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let token = tokens.token(&anna, now);
        let short = &token[..token.len() - 1];
        let umlauts = format!("{}.{}", day(now), "ä".repeat(32));
        let sign = token.replacen('.', ".+", 1);
        for text in ["", ".", "0.", short, &umlauts, &sign, "9223372036854775807.00", "-9223372036854775808.00", &"0".repeat(100)]
        {
            assert!(!tokens.verify(text, &anna, now), "{text:?}");
        }
    }
}
