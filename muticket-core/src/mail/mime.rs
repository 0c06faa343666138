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
        .text_body(letter.text.as_str())
        .html_body(letter.html.as_str());
    for (name, value) in MARKS {
        message = message.header(name, HeaderType::Raw(Raw::new(value)));
    }
    let mut octets = Vec::with_capacity(2 * (letter.text.len() + letter.html.len()) + 2048);
    message.serialize(&mut octets);
    octets
}

fn mailbox(mailbox: &Mailbox) -> Address<'_> {
    let name = Some(mailbox.name()).filter(|name| !name.is_empty());
    Address::new_address(name, mailbox.address().as_str())
}

fn id(id: &str) -> HeaderType<'_> {
    HeaderType::MessageId(MessageId::new(id))
}
