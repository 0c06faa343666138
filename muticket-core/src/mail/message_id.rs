//! Message ids, by which mail programs identify letters and threads.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::id::{LetterId, TicketNumber};
use crate::mail::{EmailAddress, ReplyToken};

/// A secret key that distinguishes the letters and threads of one site from those of others. The site uses it for nothing else,
/// so outsiders cannot guess the id of a thread.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageIdKey([u8; 32]);

impl MessageIdKey {
    /// The name of the stored secret.
    pub(crate) const SECRET: &'static str = "threads";

    /// Creates a key from its secret.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// A signature of the name that only the holder of this key can make.
    fn sign(&self, name: &str) -> String {
        base16ct::lower::encode_string(&self.mac(name).finalize().into_bytes()[..10])
    }

    /// Whether this is the signature of the name. Compares in constant time.
    fn has_signed(&self, name: &str, signature: &str) -> bool {
        let mut bytes = [0; 10];
        let is_whole = base16ct::lower::decode(signature, &mut bytes).is_ok_and(|decoded| decoded.len() == 10);
        is_whole && self.mac(name).verify_truncated_left(&bytes).is_ok()
    }

    fn mac(&self, name: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        mac.update(name.as_bytes());
        mac
    }
}

impl fmt::Debug for MessageIdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageIdKey")
    }
}

/// A `Message-ID` (RFC 5322, 3.6.4) without angle brackets. It contains only MuTicket's own ids, or a foreign one that was checked, so it
/// needs no escaping.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// The longest id of others that is answered, in bytes. A line of a header has at most 998.
    const LONGEST: usize = 250;

    /// The id of a letter. It is the same at every try (P-22).
    pub fn of_letter(letter: LetterId, key: &MessageIdKey, sender: &EmailAddress) -> Self {
        Self::of(&letter.to_string(), key, sender)
    }

    /// The id of a letter that can be replied to. It carries the token of its address, because some mail programs lose the
    /// address and keep the id (M-03).
    pub fn with_token(letter: LetterId, token: &ReplyToken, sender: &EmailAddress) -> Self {
        Self(format!("{letter}.{token}@{}", sender.domain()))
    }

    /// The token in the id of a letter. Without angle brackets.
    pub fn token_in(id: &str) -> Option<ReplyToken> {
        let lower = id.to_ascii_lowercase();
        let (_, token) = lower.rsplit_once('@')?.0.rsplit_once('.')?;
        token.parse().ok()
    }

    /// The letter in the id of a letter, which anybody can write: see [`is_signed`](Self::is_signed) and
    /// [`token_in`](Self::token_in). Without angle brackets; upper case is read, too.
    pub fn letter_in(id: &str) -> Option<LetterId> {
        let lower = id.to_ascii_lowercase();
        let (letter, _) = lower.rsplit_once('@')?.0.rsplit_once('.')?;
        letter.parse().ok()
    }

    /// Whether this key made the id of a letter that cannot be replied to. The domain does not count.
    pub fn is_signed(id: &str, key: &MessageIdKey) -> bool {
        let lower = id.to_ascii_lowercase();
        let parts = lower.rsplit_once('@').and_then(|(local, _)| local.rsplit_once('.'));
        parts.is_some_and(|(name, signature)| key.has_signed(name, signature))
    }

    /// The id that all letters about a ticket refer to. No letter has it, but mail programs group letters by it. One id per
    /// thread, not one per message, also keeps the header short in a long ticket (K-50). Two sites with the same domain, or
    /// a site that was set up again, have different ids for tickets with the same number.
    pub fn of_ticket(ticket: TicketNumber, key: &MessageIdKey, sender: &EmailAddress) -> Self {
        Self::of(&format!("ticket-{ticket}"), key, sender)
    }

    /// The ticket whose thread has this id, if this site made the id. Without angle brackets. It proves nothing about who sent it.
    pub fn ticket_in(id: &str, key: &MessageIdKey) -> Option<TicketNumber> {
        let (name, signature) = id.split_once('@')?.0.split_once('.')?;
        let number = name.strip_prefix("ticket-")?.parse::<TicketNumber>().ok()?;
        (key.sign(&format!("ticket-{number}")) == signature).then_some(number)
    }

    /// The id of a letter that came in, with or without angle brackets; `None` if it cannot stand in a header as it is.
    pub(crate) fn foreign(id: &str) -> Option<Self> {
        let id = id.trim();
        let id = id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id);
        let (left, right) = id.split_once('@')?;
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"<>()\",;\\@".contains(&byte);
        let fits = !left.is_empty() && !right.is_empty() && id.len() <= Self::LONGEST;
        (fits && left.bytes().chain(right.bytes()).all(is_plain)).then(|| Self(id.to_owned()))
    }

    fn of(name: &str, key: &MessageIdKey, sender: &EmailAddress) -> Self {
        Self(format!("{name}.{}@{}", key.sign(name), sender.domain()))
    }

    /// The id, without angle brackets.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn names_are_the_instances_own_and_stay() {
        let sender = EmailAddress::parse("support@example.org").unwrap();
        let [one, other] = [1, 2].map(|octet| MessageIdKey::new([octet; 32]));
        let [seven, eight] = [7, 8].map(|number| TicketNumber::new(number).unwrap());
        let letter = LetterId(Uuid::from_u128(7));
        let thread = MessageId::of_ticket(seven, &one, &sender);
        assert_eq!(thread, MessageId::of_ticket(seven, &MessageIdKey::new([1; 32]), &sender));
        assert_ne!(thread, MessageId::of_ticket(seven, &other, &sender));
        assert_ne!(MessageId::of_letter(letter, &one, &sender), MessageId::of_letter(letter, &other, &sender));
        // The id of one thread does not reveal that of the next.
        let part = |id: &MessageId| id.as_str().split_once('.').unwrap().1.to_owned();
        assert_ne!(part(&thread), part(&MessageId::of_ticket(eight, &one, &sender)));
        assert!(thread.as_str().starts_with("ticket-7.") && thread.as_str().ends_with("@example.org"), "{thread}");
        assert_eq!(format!("{one:?}"), "MessageIdKey");
        let token: ReplyToken = "t7-693-abc".parse().unwrap();
        let replyable = MessageId::with_token(letter, &token, &sender);
        assert_eq!(MessageId::token_in(replyable.as_str()), Some(token));
        assert_eq!(MessageId::token_in(thread.as_str()), None);
        assert_eq!(MessageId::ticket_in(thread.as_str(), &one), Some(seven));
        assert_eq!(MessageId::ticket_in(thread.as_str(), &other), None);
        for id in ["", "ticket-7@x", "ticket-7.@x", "ticket-x.a@x", "ticket-7.a", replyable.as_str()] {
            assert_eq!(MessageId::ticket_in(id, &one), None, "{id}");
        }
        let plain = MessageId::of_letter(letter, &one, &sender);
        for id in [plain.as_str().to_owned(), plain.as_str().to_uppercase()] {
            assert_eq!(MessageId::letter_in(&id), Some(letter));
            assert!(MessageId::is_signed(&id, &one) && !MessageId::is_signed(&id, &other));
        }
        assert_eq!((MessageId::letter_in(replyable.as_str()), MessageId::letter_in(thread.as_str())), (Some(letter), None));
        let cut = plain.as_str().replacen("@", "", 1);
        for id in ["", "@", ".@", "a.b@c", &plain.as_str().replacen(".", ".0", 1), replyable.as_str(), &cut] {
            assert!(!MessageId::is_signed(id, &one), "{id}");
        }
    }

    /// M-05: what others write in a header is not repeated in ours unless it is harmless.
    #[test]
    fn an_id_of_others_is_checked() {
        for (text, id) in [
            ("<a.1$b@mail.example>", Some("a.1$b@mail.example")),
            (" a@[127.0.0.1] ", Some("a@[127.0.0.1]")),
            ("<a@b", None),
            ("a@b>", None),
            ("<a@b>\r\nBcc: <c@d>", None),
            ("<a@b> <c@d>", None),
            ("a b@c", None),
            ("ä@c", None),
            ("a@", None),
            ("@a", None),
            ("a@b@c", None),
            ("", None),
        ] {
            assert_eq!(MessageId::foreign(text).as_ref().map(MessageId::as_str), id, "{text:?}");
        }
        assert_eq!(MessageId::foreign(&format!("{}@x", "a".repeat(249))), None);
    }
}
