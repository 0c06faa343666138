//! Converts a letter to the bytes of a MIME message.

use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;

use crate::characters::within_line;
use crate::mail::{Letter, Mailbox};

/// Marks a letter as automatic, with all headers that other programs check (P-24, RFC 3834), so that no absence note replies
/// to it.
const AUTOMATIC: [(&str, &str); 3] =
    [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"), ("Precedence", "bulk")];

/// The same in a letter that answers a letter (RFC 3834, 5).
const ANSWER: [(&str, &str); 3] = [("Auto-Submitted", "auto-replied"), AUTOMATIC[1], AUTOMATIC[2]];

/// Set on every letter, so that help desks recognise letters from help desks.
const LOOP: (&str, &str) = ("X-MuTicket-Loop", "1");

/// Writes the letter as a message with a plain and an HTML part. The set of headers does not depend on the text; an
/// automatic letter has three more (M-10), and one that can be replied to has a `Reply-To` (M-03).
pub(crate) fn message(letter: &Letter) -> Vec<u8> {
    let mut message = MessageBuilder::new()
        .header("From", mailbox(&letter.from))
        .header("To", mailbox(&letter.to))
        // Cleaned again, because host code may also create letters.
        .header("Subject", text(&within_line(&letter.subject)))
        .date(Date::new(letter.sent_at.timestamp()))
        .message_id(letter.message_id.as_str())
        .header("In-Reply-To", id(letter.thread.as_str()))
        .header("References", id(letter.thread.as_str()))
        .text_body(lines(&letter.text))
        .html_body(lines(&letter.html));
    if let Some(address) = &letter.reply_to {
        message = message.header("Reply-To", HeaderType::Address(Address::new_address(None::<&str>, address.as_str())));
    }
    let marks = letter.automatic.then_some(if letter.is_answer { ANSWER } else { AUTOMATIC }).into_iter().flatten();
    for (name, value) in marks.chain([LOOP]) {
        message = message.header(name, HeaderType::Raw(Raw::new(value)));
    }
    let mut octets = Vec::with_capacity(2 * (letter.text.len() + letter.html.len()) + 2048);
    message.serialize(&mut octets);
    octets
}

/// Normalises line ends and removes control characters other than tabs. A lone CR would be sent unchanged, and some servers
/// treat it as a line end.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn mailbox(mailbox: &Mailbox) -> HeaderType<'_> {
    if looks_encoded(mailbox.name()) {
        return HeaderType::Raw(Raw::new(format!("{} <{}>", encoded(mailbox.name()), mailbox.address())));
    }
    let name = Some(mailbox.name()).filter(|name| !name.is_empty());
    HeaderType::Address(Address::new_address(name, mailbox.address().as_str()))
}

fn text(text: &str) -> HeaderType<'static> {
    if looks_encoded(text) { HeaderType::Raw(Raw::new(encoded(text))) } else { HeaderType::Text(Text::new(text.to_owned())) }
}

/// Whether mail programs may read part of the text as an encoded word (RFC 2047) and show something else. They are lax about
/// the characters around one, even inside quotation marks, so any `=?` counts.
fn looks_encoded(text: &str) -> bool {
    text.contains("=?")
}

/// Encodes the text as encoded words that fit on a line. Only letters and digits are left unencoded, so the result is valid
/// in a subject and in front of an address.
fn encoded(text: &str) -> String {
    const MOST: usize = 48;
    let mut words = vec![String::new()];
    for c in text.chars() {
        let piece = match c {
            ' ' => "_".to_owned(),
            c if c.is_ascii_alphanumeric() => c.to_string(),
            c => c.encode_utf8(&mut [0; 4]).bytes().map(|octet| format!("={octet:02X}")).collect(),
        };
        match words.last_mut() {
            Some(word) if word.len() + piece.len() <= MOST => word.push_str(&piece),
            _ => words.push(piece),
        }
    }
    words.iter().map(|word| format!("=?utf-8?Q?{word}?=")).collect::<Vec<_>>().join(" ")
}

fn id(id: &str) -> HeaderType<'_> {
    HeaderType::MessageId(MessageId::new(id))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::DateTime;
    use mail_parser::{HeaderName, Message, MessageParser};
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::id::{LetterId, TicketNumber};
    use crate::mail;

    fn letter(name: &str, subject: &str, text: &str, html: &str) -> Letter {
        let from = mail::EmailAddress::parse("support@example.org").unwrap();
        let to = mail::EmailAddress::parse("sara@x.example").unwrap();
        Letter {
            message_id: mail::MessageId::of_letter(LetterId(Uuid::from_u128(7)), &mail::MessageIdKey::new([7; 32]), &from),
            thread: mail::MessageId::of_ticket(TicketNumber::new(12).unwrap(), &mail::MessageIdKey::new([7; 32]), &from),
            automatic: true,
            is_answer: false,
            from: Mailbox::new(name, from),
            to: Mailbox::new(name, to),
            reply_to: None,
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: html.to_owned(),
            sent_at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        }
    }

    fn header_names(message: &Message<'_>) -> Vec<String> {
        message.headers().iter().map(|header| header.name.as_str().to_owned()).collect()
    }

    #[test]
    fn the_headers_of_a_letter() {
        let octets = message(&letter("Sara Öz", "[#12] Grüße", "Hallo", "<p>Hallo</p>"));
        let written = String::from_utf8(octets.clone()).unwrap();
        let (head, _) = written.split_once("\r\nContent-Type").unwrap();
        insta::assert_snapshot!(head);
        let parsed = MessageParser::new().parse(&octets).unwrap();
        assert_eq!(parsed.subject(), Some("[#12] Grüße"));
        assert_eq!(parsed.to().and_then(|to| to.first()).and_then(|to| to.name()), Some("Sara Öz"));
    }

    /// Text that mail programs would decode if it were sent unencoded.
    const ENCODED: [&str; 9] = [
        "=?utf-8?Q?a=0D=0ABcc:_evil@x.example?=",
        "=?utf-8?B?SGVsbG8=?=",
        "=?UTF-8?b?SGVsbG8=?= =?iso-8859-1?q?=E4?=",
        "Re: x=?utf-8?q?a?=y",
        "\"=?utf-8?q?a?=\" (=?utf-8?q?b?=)",
        "ü =?utf-8?q?a?=",
        "=?",
        "a =?x ?= b",
        "=?utf-8?Q?=3D=3Futf-8=3FQ=3Fa=3F=3D?=",
    ];

    /// P-14: mail programs show the text as it was typed.
    #[test]
    fn what_looks_encoded_is_encoded() {
        for text in ENCODED {
            let octets = message(&letter(text, text, "a", "a"));
            let head = String::from_utf8(octets.clone()).unwrap();
            let head = head.split("\r\n\r\n").next().unwrap();
            for word in head.split([' ', '\r', '\n', '"', '(']).filter(|word| word.contains("=?")) {
                assert!((word.starts_with("=?utf-8?Q?") || word.starts_with("=?utf-8?B?")) && word.ends_with("?="), "{head}");
                assert!(word.len() <= 75 && word.matches('?').count() == 4, "{head}");
            }
            let parsed = MessageParser::new().parse(&octets).unwrap();
            assert_eq!(parsed.subject(), Some(text));
            assert_eq!(parsed.to().and_then(|to| to.first()).and_then(|to| to.name()), Some(text));
        }
    }

    /// M-10
    #[test]
    fn the_answer_of_a_person_does_not_pass_for_automatic() {
        let answer = Letter { automatic: false, ..letter("Sara", "a", "b", "c") };
        let octets = message(&answer);
        let names = header_names(&MessageParser::new().parse(&octets).unwrap());
        for (name, _) in AUTOMATIC {
            assert!(!names.iter().any(|header| header.eq_ignore_ascii_case(name)), "{name}");
        }
        assert!(names.iter().any(|header| header == LOOP.0), "{names:?}");
        let automatic = header_names(&MessageParser::new().parse(&message(&letter("Sara", "a", "b", "c"))).unwrap());
        let rest: Vec<_> =
            automatic.iter().filter(|name| !AUTOMATIC.iter().any(|(mark, _)| name.eq_ignore_ascii_case(mark))).collect();
        assert_eq!(names.iter().collect::<Vec<_>>(), rest, "in all else they are alike");
        for never in ["Reply-To", "List-Id", "List-Unsubscribe", "Return-Path", "Sender", "Bcc", "Cc"] {
            assert!(!automatic.iter().any(|header| header.eq_ignore_ascii_case(never)), "{never}");
        }
    }

    /// M-03
    #[test]
    fn a_letter_that_can_be_replied_to_says_where() {
        let reply_to = mail::EmailAddress::parse("support+t12-1-a@example.org").unwrap();
        let octets = message(&Letter { reply_to: Some(reply_to), ..letter("Sara", "a", "b", "c") });
        let parsed = MessageParser::new().parse(&octets).unwrap();
        let address = parsed.reply_to().and_then(|to| to.first()).and_then(|to| to.address());
        assert_eq!(address, Some("support+t12-1-a@example.org"));
    }

    fn check(name: &str, subject: &str, text: &str) -> Result<(), TestCaseError> {
        let octets = message(&letter(name, subject, text, text));
        let plain = message(&letter("a", "a", "a", "a"));
        let parsed = MessageParser::new().parse(&octets).expect("it can be parsed");
        let expected = MessageParser::new().parse(&plain).expect("it can be parsed");
        prop_assert_eq!(header_names(&parsed), header_names(&expected));
        prop_assert_eq!(parsed.header_values(HeaderName::To).count(), 1);
        let recipients: Vec<_> = parsed.to().into_iter().flat_map(|to| to.iter()).filter_map(|to| to.address()).collect();
        prop_assert_eq!(recipients, ["sara@x.example"]);
        prop_assert_eq!(parsed.subject().unwrap_or_default().trim(), within_line(subject));
        let shown = letter(name, subject, text, text).to.name().to_owned();
        for mailbox in [parsed.from(), parsed.to()] {
            let name = mailbox.and_then(|mailbox| mailbox.first()).and_then(|mailbox| mailbox.name());
            prop_assert_eq!(name.unwrap_or_default(), &shown);
        }
        let end = octets.windows(4).position(|four| four == b"\r\n\r\n").expect("there is a body");
        prop_assert!(end < 4096, "headers of {end} octets");
        for line in octets.split(|octet| *octet == b'\n') {
            prop_assert!(line.len() <= 998, "a line of {} octets", line.len());
            prop_assert!(!line.strip_suffix(b"\r").unwrap_or(line).contains(&b'\r'), "a lone CR");
            prop_assert!(!line.contains(&0), "a NUL");
        }
        Ok(())
    }

    #[test]
    fn known_tricks_change_nothing_but_the_text() {
        let mut tricks = Vec::new();
        for end in ["\r\n", "\n", "\r", "\0", "\u{85}", "\u{2028}", "\r\n\r\n", "\n ", "\u{b}", "\u{c}"] {
            tricks.push(format!("x{end}Bcc: evil@x.example"));
        }
        for text in ["a, evil@x.example", "\"", "\\", "<evil@x.example>", ".", "a\u{202e}b"] {
            tricks.push(text.to_owned());
        }
        tricks.extend(ENCODED.map(str::to_owned));
        // Unreadable names, and names that hide or reorder the text around them.
        tricks.extend(
            [
                "",
                " ",
                "\u{200b}",
                "\u{301}",
                "\u{fffc}\u{2800}",
                "\u{301}x",
                "x\u{200d}",
                "שרה",
                "\u{2067}a\u{2069}\u{2069}b",
                "a\u{e0041}",
            ]
            .map(str::to_owned),
        );
        tricks.extend(["a".repeat(100_000), "😀".repeat(255), "ü".repeat(998), ".\n".repeat(5000)]);
        for trick in tricks {
            let subject: String = trick.chars().take(200).collect();
            let checked = check(&trick, &subject, &trick);
            assert!(checked.is_ok(), "{:?}: {checked:?}", trick.chars().take(40).collect::<String>());
        }
    }

    #[test]
    fn the_set_of_headers_has_no_doubles() {
        let octets = message(&letter("a", "b", "c", "d"));
        let names = header_names(&MessageParser::new().parse(&octets).unwrap());
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }

    proptest! {
        #[test]
        fn whatever_users_write_adds_no_header_and_no_recipient(
            name in prop_oneof![any::<String>(), "(=\\?|\\?=|\\?|[ -~]|utf-8|[bqBQ]|ü){0,40}"],
            subject in "\\PC{0,200}|[ -~\\r\\n\\t\\x00:<>@,;=?]{0,200}|(=\\?|\\?=|\\?|[ -~]|utf-8|[bqBQ]|ü|=[0-9A-F]{2}){0,60}",
            text in "\\PC{0,400}|[ -~\\r\\n\\t\\x00.ü]{0,2000}",
        ) {
            check(&name, &subject, &text)?;
        }
    }
}
