//! Writes letters as mail programs do: a reply with the letter that it answers, and a new letter. For the mailbox of the demo.

use chrono::{DateTime, Utc};
use mail_builder::MessageBuilder;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use minijinja::HtmlEscape;
use muticket_core::TimeZone;
use muticket_core::mail::Letter;

use crate::people::Person;

/// The address of the shop to which anybody can write.
pub(crate) const SUPPORT: &str = "support@kontor-nord.example";

/// In which form a letter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Plain text. A quotation has `>` in front of each line.
    Text,
    /// HTML. A quotation stands in an element that is marked as such.
    Html,
}

/// What a person writes.
pub(crate) struct Writing<'w> {
    pub(crate) writer: &'w Person,
    pub(crate) to: &'w str,
    pub(crate) subject: String,
    pub(crate) text: &'w str,
    pub(crate) form: Form,
    /// The name of the mail server that confirms the sender; `None` if nobody does.
    pub(crate) relay: Option<&'w str>,
}

/// The letter that a reply answers.
pub(crate) struct Answered<'l> {
    pub(crate) letter: &'l Letter,
    pub(crate) is_quoted: bool,
}

/// The bytes of the letter (RFC 5322). `id` becomes its `Message-ID`.
pub(crate) fn written(writing: &Writing<'_>, answered: Option<&Answered<'_>>, id: &str, now: DateTime<Utc>) -> Vec<u8> {
    let user = writing.writer.user();
    let address = user.address.unwrap_or_default();
    let mut message = MessageBuilder::new();
    if let Some(relay) = writing.relay {
        // A mail server writes its field above all others.
        let domain = address.rsplit('@').next().unwrap_or_default();
        let result = format!("{relay}; dmarc=pass header.from={domain}");
        message = message.header("Authentication-Results", HeaderType::Raw(Raw::new(result)));
    }
    let domain = address.rsplit('@').next().unwrap_or_default().to_owned();
    message = message
        .header("From", HeaderType::Address(Address::new_address(Some(user.name), address)))
        .header("To", HeaderType::Address(Address::new_address(None::<&str>, writing.to)))
        .header("Subject", HeaderType::Text(Text::new(one_line(&writing.subject))))
        .date(Date::new(now.timestamp()))
        .message_id(format!("{id}@{domain}"));
    if let Some(Answered { letter, .. }) = answered {
        let thread = [letter.thread.as_str(), letter.message_id.as_str()];
        message = message
            .header("In-Reply-To", HeaderType::MessageId(MessageId::new(letter.message_id.as_str())))
            .header("References", HeaderType::MessageId(MessageId::new_list(thread.into_iter())));
    }
    let quoted = answered.filter(|answered| answered.is_quoted).map(|answered| answered.letter);
    let text = lines(writing.text);
    let message = match writing.form {
        Form::Text => message.text_body(as_text(writing.writer, &text, quoted)),
        Form::Html => message.html_body(as_html(writing.writer, &text, quoted)),
    };
    let mut octets = Vec::new();
    message.serialize(&mut octets);
    octets
}

fn as_text(writer: &Person, text: &str, quoted: Option<&Letter>) -> String {
    let Some(letter) = quoted else { return format!("{text}\n") };
    let lines: String = letter.text.lines().map(|line| format!("> {line}").trim_end().to_owned() + "\n").collect();
    format!("{text}\n\n{}\n{lines}", who_wrote(writer, letter))
}

fn as_html(writer: &Person, text: &str, quoted: Option<&Letter>) -> String {
    let text: Vec<_> = text.lines().map(|line| format!("{}<br>\n", HtmlEscape(line))).collect();
    let quotation = quoted.map(|letter| {
        let who = who_wrote(writer, letter);
        format!(
            "<div class=\"gmail_quote\"><div>{}<br></div>\n<blockquote class=\"gmail_quote\">{}</blockquote></div>",
            HtmlEscape(&who),
            body_of(&letter.html)
        )
    });
    format!("<html><body><div>{}</div>\n{}</body></html>\n", text.concat(), quotation.unwrap_or_default())
}

/// The line above a quotation, in the language of the writer.
fn who_wrote(writer: &Person, letter: &Letter) -> String {
    let sent = writer.user().time_zone.unwrap_or(TimeZone::UTC).at(letter.sent_at);
    let (name, address) = (letter.from.name(), letter.from.address());
    match writer.language {
        Some("de") => format!("Am {} schrieb {name} <{address}>:", sent.format("%d.%m.%Y um %H:%M")),
        _ => format!("On {}, {name} <{address}> wrote:", sent.format("%a, %d %b %Y at %H:%M")),
    }
}

/// What stands in the body of an HTML page. The letter was made by the site itself.
fn body_of(html: &str) -> &str {
    let begin = html.find("<body").and_then(|tag| html[tag..].find('>').map(|end| tag + end + 1)).unwrap_or_default();
    let end = html.rfind("</body>").filter(|end| *end >= begin).unwrap_or(html.len());
    &html[begin..end]
}

/// The text with plain line ends and without control characters.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.trim_end().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;
    use muticket_core::mail::{LetterText, Mailbox, MessageId, MessageIdKey};
    use muticket_core::{Clock, LetterId, SystemClock};

    use super::*;

    fn letter() -> Letter {
        let from: Mailbox = "Support <support@kontor-nord.example>".parse().unwrap();
        let to: Mailbox = "anna@kontor-nord.example".parse().unwrap();
        let number: LetterId = "018f2f0e-4c5a-7bcd-8abc-0123456789ab".parse().unwrap();
        let text = LetterText {
            subject: "[#12] Grüße".to_owned(),
            text: "-=- above -=-\n\nIs it plugged in?\n".to_owned(),
            html: "<!DOCTYPE html><html><head><title>a</title></head><body lang=\"en\"><p>Is it plugged in?</p></body></html>"
                .to_owned(),
        };
        let id = MessageId::of_letter(number, &MessageIdKey::new([7; 32]), from.address());
        Letter::new(id, from, to, text, SystemClock.now())
    }

    fn writing(person: &'static str, text: &'static str, form: Form) -> Writing<'static> {
        let writer = Person::find(person).unwrap();
        Writing {
            writer,
            to: "support@kontor-nord.example",
            subject: "Re: a\r\nBcc: x@x.example".to_owned(),
            text,
            form,
            relay: None,
        }
    }

    #[test]
    fn a_reply_is_what_mail_programs_send() {
        let letter = letter();
        for (person, who, form) in [("ben", "wrote:", Form::Text), ("anna", "schrieb", Form::Html)] {
            let answered = Answered { letter: &letter, is_quoted: true };
            let writing = writing(person, "Ja & <b>nein</b>\r\nSchöne Grüße", form);
            let raw = written(&writing, Some(&answered), "one", SystemClock.now());
            let message = MessageParser::new().parse(&raw).unwrap();
            assert_eq!(message.in_reply_to().as_text(), Some(letter.message_id.as_str()));
            assert_eq!(message.subject(), Some("Re: a Bcc: x@x.example"));
            assert!(
                message.bcc().is_none() && message.date().is_some() && message.message_id() == Some("one@kontor-nord.example")
            );
            let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
            assert!(text.contains("Schöne Grüße") && text.contains(who) && text.contains("plugged in?"), "{text}");
            match form {
                Form::Text => assert!(text.contains("> Is it plugged in?") && text.contains("Ja & <b>nein</b>"), "{text}"),
                Form::Html => {
                    assert!(html.contains("&lt;b&gt;") && html.contains("<blockquote") && !html.contains("<title>"), "{html}")
                }
            }
        }
    }

    #[test]
    fn a_letter_need_not_quote() {
        let letter = letter();
        for form in [Form::Text, Form::Html] {
            let answered = Answered { letter: &letter, is_quoted: false };
            let raw = written(&writing("anna", "Yes", form), Some(&answered), "one", SystemClock.now());
            assert!(!String::from_utf8(raw).unwrap().contains("plugged"));
        }
    }

    #[test]
    fn the_relay_writes_the_first_field() {
        let writing = Writing { relay: Some("mx.example"), ..writing("anna", "Hello", Form::Text) };
        let raw = String::from_utf8(written(&writing, None, "one", SystemClock.now())).unwrap();
        assert!(
            raw.starts_with("Authentication-Results: mx.example;") && raw.contains("header.from=kontor-nord.example"),
            "{raw}"
        );
        assert!(!raw.contains("In-Reply-To"));
    }
}
