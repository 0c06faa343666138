//! From a letter to the octets that travel.

use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;

use crate::mail::words::one_line;
use crate::mail::{Letter, Mailbox};

/// Says that a program wrote it, in every way that other programs look for (P-24, RFC 3834): so that no absence note answers it.
const MARKS: [(&str, &str); 4] =
    [("Auto-Submitted", "auto-generated"), ("X-Auto-Response-Suppress", "All"), ("Precedence", "bulk"), ("X-MuTicket-Loop", "1")];

/// Writes the letter as a message with a plain and an HTML form. The set of headers is always the same, whatever the letter says.
pub(crate) fn message(letter: &Letter) -> Vec<u8> {
    let mut message = MessageBuilder::new()
        .from(mailbox(&letter.from))
        .to(mailbox(&letter.to))
        // Cleaned again: a letter may come from a host's own code.
        .subject(one_line(&letter.subject))
        .date(Date::new(letter.sent_at.timestamp()))
        .message_id(letter.message_id.as_str())
        .header("In-Reply-To", id(letter.thread.as_str()))
        .header("References", id(letter.thread.as_str()))
        .text_body(lines(&letter.text))
        .html_body(lines(&letter.html));
    for (name, value) in MARKS {
        message = message.header(name, HeaderType::Raw(Raw::new(value)));
    }
    let mut octets = Vec::with_capacity(2 * (letter.text.len() + letter.html.len()) + 2048);
    message.serialize(&mut octets);
    octets
}

/// The text with every kind of line end as one, and without other control characters but tabs: a lone CR would go out as it is, and
/// some servers take it for the end of a line.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn mailbox(mailbox: &Mailbox) -> Address<'_> {
    let name = Some(mailbox.name()).filter(|name| !name.is_empty());
    Address::new_address(name, mailbox.address().as_str())
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
        let from = mail::Address::parse("support@example.org").unwrap();
        let to = mail::Address::parse("sara@x.example").unwrap();
        Letter {
            message_id: mail::MessageId::of_letter(LetterId(Uuid::from_u128(7)), &from),
            thread: mail::MessageId::of_ticket(TicketNumber::new(12).unwrap(), &from),
            from: Mailbox::new(name, from),
            to: Mailbox::new(name, to),
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

    fn check(name: &str, subject: &str, text: &str) -> Result<(), TestCaseError> {
        let octets = message(&letter(name, subject, text, text));
        let plain = message(&letter("a", "a", "a", "a"));
        let parsed = MessageParser::new().parse(&octets).expect("it can be parsed");
        let expected = MessageParser::new().parse(&plain).expect("it can be parsed");
        prop_assert_eq!(header_names(&parsed), header_names(&expected));
        prop_assert_eq!(parsed.header_values(HeaderName::To).count(), 1);
        let recipients: Vec<_> = parsed.to().into_iter().flat_map(|to| to.iter()).filter_map(|to| to.address()).collect();
        prop_assert_eq!(recipients, ["sara@x.example"]);
        prop_assert_eq!(parsed.subject().unwrap_or_default().trim(), one_line(subject));
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
        for text in
            ["=?utf-8?Q?a=0D=0ABcc:_evil@x.example?=", "a, evil@x.example", "\"", "\\", "<evil@x.example>", ".", "a\u{202e}b"]
        {
            tricks.push(text.to_owned());
        }
        tricks.extend(["a".repeat(100_000), "😀".repeat(255), "ü".repeat(998), ".\n".repeat(5000)]);
        for trick in tricks {
            let subject: String = trick.chars().take(200).collect();
            let unchanged = !subject.starts_with("=?");
            let checked = check(&trick, if unchanged { &subject } else { "x" }, &trick);
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
            name in any::<String>(),
            subject in "\\PC{0,200}|[ -~\\r\\n\\t\\x00:<>@,;=?]{0,200}",
            text in "\\PC{0,400}|[ -~\\r\\n\\t\\x00.ü]{0,2000}",
        ) {
            prop_assume!(!subject.contains("=?"));
            check(&name, &subject, &text)?;
        }
    }
}
