//! What a host sets up for letters that come in.

use std::fmt;
use std::sync::Arc;

use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::id::CategoryId;
use crate::language::Language;
use crate::mail::{EmailAddress, NotAPattern, ReplyPattern};
use crate::mailroom::sender_check::SenderCheck;

/// How letters come in. Give it to [`Builder::mail_in`](crate::helpdesk::Builder::mail_in).
#[derive(Clone)]
pub struct MailIn {
    pub(crate) pattern: ReplyPattern,
    pub(crate) own: Vec<EmailAddress>,
    pub(crate) relay: Option<String>,
    pub(crate) sender_check: Option<Arc<dyn SenderCheck>>,
    key: Option<String>,
    pub(crate) opens_tickets: bool,
    pub(crate) takes_answers: bool,
    pub(crate) category: Option<CategoryId>,
    pub(crate) keep_tokens: TimeDelta,
    pub(crate) max_bytes: u64,
    pub(crate) max_parts: usize,
    pub(crate) max_levels: usize,
    pub(crate) language: Language,
    pub(crate) budget: Budget,
    pub(crate) keep_unknown: TimeDelta,
}

impl MailIn {
    /// The fewest characters of a key.
    pub const SHORTEST_KEY: usize = 24;

    /// Letters come in at addresses of this pattern, such as `support+{token}@example.org` or `{token}@reply.example.org`. Each
    /// letter that goes out has an address of its own.
    ///
    /// # Errors
    /// [`NotAPattern`].
    pub fn new(pattern: &str) -> Result<Self, NotAPattern> {
        Ok(Self {
            pattern: pattern.parse()?,
            own: Vec::new(),
            relay: None,
            sender_check: None,
            key: None,
            opens_tickets: true,
            takes_answers: false,
            category: None,
            keep_tokens: TimeDelta::days(730),
            max_bytes: 25 * 1024 * 1024,
            max_parts: 1000,
            max_levels: 20,
            language: Language::english(),
            budget: Budget::default(),
            keep_unknown: TimeDelta::days(180),
        })
    }

    /// Rules for reading letters of a site that takes none any more.
    pub(crate) fn for_reading() -> Self {
        Self::new("{token}@mail.example").expect("it has a token and a domain")
    }

    /// Names another address of the site itself, such as the sender of its letters. A letter from it is a copy that came back.
    #[must_use]
    pub fn with_own_address(mut self, address: EmailAddress) -> Self {
        self.own.push(address);
        self
    }

    /// Trusts the mail server that calls itself so in `Authentication-Results` (RFC 8601). It must remove fields of that name that
    /// come from elsewhere. Without it and without a [check of the site](Self::with_sender_check), nothing confirms the sender of a
    /// letter without a token, so such letters are held (M-04).
    #[must_use]
    pub fn with_relay(mut self, name: impl Into<String>) -> Self {
        self.relay = Some(name.into());
        self
    }

    /// Checks the sender of a letter by the site itself, where the [relay](Self::with_relay) says nothing, or where there is none
    /// (M-03). Only letters from addresses of users are checked. Default: no check.
    #[must_use]
    pub fn with_sender_check(mut self, check: Arc<dyn SenderCheck>) -> Self {
        self.sender_check = Some(check);
        self
    }

    /// Opens the door `POST {base}/mail` of the web module for those who know this key. It has at least
    /// [`SHORTEST_KEY`](Self::SHORTEST_KEY) characters.
    #[must_use]
    pub fn with_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Holds letters that do not reply to a letter, instead of opening tickets with them. Default: they open tickets (M-04).
    #[must_use]
    pub fn without_new_tickets(mut self) -> Self {
        self.opens_tickets = false;
        self
    }

    /// Lets supporters answer by mail (M-01): a supporter's reply to a notice about an open ticket is their answer to the customer.
    /// The sender must be confirmed by the [relay](Self::with_relay) or by the [check of the site](Self::with_sender_check). Quoted text is
    /// left out. A letter in which it cannot be told apart for certain is held. Default: a supporter's letter is no answer.
    ///
    /// The courier has to know it, too: see [`Courier::with_mail_in`](crate::courier::Courier::with_mail_in).
    #[must_use]
    pub fn with_answers_of_supporters(mut self) -> Self {
        self.takes_answers = true;
        self
    }

    /// Sets the category of tickets that letters open. Without it, they are held where categories are active.
    #[must_use]
    pub fn with_category(mut self, category: CategoryId) -> Self {
        self.category = Some(category);
        self
    }

    /// Sets how long an address in a letter can be replied to. Default: 730 days.
    #[must_use]
    pub fn with_old_addresses_for(mut self, time: TimeDelta) -> Self {
        self.keep_tokens = time;
        self
    }

    /// Sets the largest letter in bytes, its most parts, and how deep parts may lie in parts. Default: 25 MiB, 1,000 and 20 (M-07).
    #[must_use]
    pub fn with_limits(mut self, max_bytes: u64, max_parts: usize, max_levels: usize) -> Self {
        (self.max_bytes, self.max_parts, self.max_levels) = (max_bytes, max_parts, max_levels);
        self
    }

    /// Sets the language of what is added to letters of users without a language. Default: English.
    #[must_use]
    pub fn with_language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Sets how many letters of one sender count (M-05). The mailroom sends each of them at most `answers` letters a day. It takes in at
    /// most `letters` an hour as replies on one ticket, and as many that open tickets. Further ones are held as
    /// [`Verdict::TooMany`](crate::incoming::Verdict::TooMany). Default: 3 and 20.
    #[must_use]
    pub fn with_budget(mut self, answers: u32, letters: u32) -> Self {
        self.budget = Budget { answers, letters };
        self
    }

    /// Sets how long letters of [unknown senders](crate::incoming::Verdict::UnknownSender) are held: most of them are spam. Then a
    /// [sweep](crate::Helpdesk::sweep) deletes them. Other held letters wait for an administrator. Between 0 and 36,500 days; default: 180
    /// days (M-04).
    #[must_use]
    pub fn with_unknown_letters_for(mut self, time: TimeDelta) -> Self {
        self.keep_unknown = time.clamp(TimeDelta::zero(), TimeDelta::days(36_500));
        self
    }

    /// How long letters of unknown senders are held.
    pub fn keeps_unknown_letters_for(&self) -> TimeDelta {
        self.keep_unknown
    }

    /// Whether anything here can confirm the sender of a letter.
    pub(crate) fn confirms_senders(&self) -> bool {
        self.relay.is_some() || self.sender_check.is_some()
    }

    /// The pattern of addresses, for the [courier](crate::courier::Courier::with_replies).
    pub fn pattern(&self) -> &ReplyPattern {
        &self.pattern
    }

    /// The largest letter in bytes.
    pub fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// The number of characters of the key; `None` without one.
    pub fn key_length(&self) -> Option<usize> {
        self.key.as_ref().map(|key| key.chars().count())
    }

    /// Whether this is the key. `false` if no key is set. Takes the same time for all keys of a length.
    pub fn is_key(&self, key: &str) -> bool {
        let Some(own) = &self.key else { return false };
        let mac = |text: &str| {
            let mut mac = Hmac::<Sha256>::new_from_slice(b"mail").expect("HMAC takes keys of any length");
            mac.update(text.as_bytes());
            mac
        };
        mac(key).verify(&mac(own).finalize().into_bytes()).is_ok()
    }

    /// Whether the site itself has the address.
    pub(crate) fn is_of_site(&self, address: &EmailAddress) -> bool {
        self.pattern.is_of_site(address.as_str()) || self.own.iter().any(|own| own.reaches_the_same(address))
    }

    /// Whether the id of a letter has a domain with which the site makes ids.
    pub(crate) fn makes_ids_like(&self, id: &str) -> bool {
        let Some((_, domain)) = id.rsplit_once('@') else { return false };
        let domain = domain.to_ascii_lowercase();
        self.pattern.has_ids_of(&domain) || self.own.iter().any(|own| own.domain().eq_ignore_ascii_case(&domain))
    }
}

impl fmt::Debug for MailIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailIn").field("pattern", &self.pattern.to_string()).field("relay", &self.relay).finish_non_exhaustive()
    }
}

/// The most letters of one sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Budget {
    /// Letters of the mailroom to them in a day.
    pub(crate) answers: u32,
    /// Letters of theirs in an hour that become replies on one ticket, and letters that open tickets.
    pub(crate) letters: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { answers: 3, letters: 20 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M-05
    #[test]
    fn ids_of_the_site_have_its_domain() {
        let rules = MailIn::new("{token}@reply.example.org").unwrap().with_own_address("a@b.example".parse().unwrap());
        for id in ["a@reply.example.org", "a@Example.org", "a@b.example"] {
            assert!(rules.makes_ids_like(id), "{id}");
        }
        for id in ["", "reply.example.org", "a@org", "a@x.example.org", "a@xreply.example.org", "a@c.b.example"] {
            assert!(!rules.makes_ids_like(id), "{id}");
        }
        // The site of the domain above may have a MuTicket, too.
        let shop = MailIn::new("support+{token}@shop.example.org").unwrap();
        assert!(shop.makes_ids_like("a@shop.example.org") && !shop.makes_ids_like("a@example.org"));
    }

    #[test]
    fn a_key_has_one_spelling() {
        let rules = MailIn::new("{token}@reply.example.org").unwrap();
        assert!(!rules.is_key(""), "without a key the door is closed");
        let rules = rules.with_key("a secret of the mail server");
        assert!(rules.is_key("a secret of the mail server"));
        for other in ["", "a", "A secret of the mail server", "a secret of the mail server "] {
            assert!(!rules.is_key(other), "{other}");
        }
        assert!(!format!("{rules:?}").contains("secret"));
        assert_eq!(MailIn::for_reading().key_length(), None);
    }
}
