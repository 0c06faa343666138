//! Tokens, the addresses and ids that carry them, and addresses as such: what is understood has one spelling, and nobody makes one up
//! (M-03).
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use muticket_core::chrono::TimeDelta;
use muticket_core::mail::{EmailAddress, MessageId, MessageIdKey, ReplyKey, ReplyPattern, ReplyToken};
use muticket_core::{TicketNumber, UserId};
use muticket_fuzz::RULES;
use muticket_world::ManualClock;

static TOKENS: LazyLock<ReplyKey> = LazyLock::new(|| ReplyKey::new([7; 32]));
static IDS: LazyLock<MessageIdKey> = LazyLock::new(|| MessageIdKey::new([8; 32]));

/// What holds for every token.
fn check(token: &ReplyToken) {
    assert_eq!(token.to_string().parse().as_ref(), Ok(token));
    assert!(!TOKENS.is_of(token, &UserId::new("anna"), TimeDelta::MAX, ManualClock::START), "{token} was made up");
    if let Some(address) = RULES.pattern().address(token) {
        assert_eq!(RULES.pattern().token_in(address.as_str()).as_ref(), Some(token));
    }
}

fuzz_target!(|text: &str| {
    if let Ok(token) = text.parse::<ReplyToken>() {
        assert_eq!(token.to_string(), text);
        check(&token);
    }
    RULES.pattern().token_in(text).iter().chain(MessageId::token_in(text).iter()).for_each(check);
    let _ = (RULES.pattern().is_of_site(text), MessageId::letter_in(text));
    assert!(!MessageId::is_signed(text, &IDS) && MessageId::ticket_in(text, &IDS).is_none(), "{text} was made up");
    if let Ok(pattern) = text.parse::<ReplyPattern>() {
        assert_eq!(pattern.to_string().parse().as_ref(), Ok(&pattern));
        let token = TOKENS.token(TicketNumber::new(12).expect("a number"), &UserId::new("anna"), ManualClock::START);
        let address = pattern.address(&token).expect("there is room for every token");
        assert_eq!(pattern.token_in(address.as_str()), Some(token));
    }
    if let Ok(address) = EmailAddress::parse(text) {
        let is_plain = address.as_str().bytes().all(|byte| byte.is_ascii_graphic());
        assert!(is_plain && address.as_str().matches('@').count() == 1 && address.as_str().len() <= 254, "{address}");
        assert_eq!(EmailAddress::parse(address.as_str()), Ok(address));
    }
});
