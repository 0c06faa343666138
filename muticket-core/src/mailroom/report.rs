//! Reads a report about delivery (RFC 3464), and the letters of mail servers that write none (M-05). Nothing is decided here.

use mail_parser::{Message, MimeHeaders as _, PartType};

use crate::characters::one_line;
use crate::incoming::Incoming;
use crate::mail::words::cut;
use crate::mailroom::head::{self, Field};

/// The most ids and addresses that are read of a report.
const MOST: usize = 20;

/// The most lines of text that are looked at.
const LINES: usize = 2000;

/// The most bytes of the text, and of one line of it. Mail servers write far less.
const READ: usize = 200_000;
const LINE: usize = 1000;

/// What a report says about a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) outcome: Outcome,
    /// The ids that the returned letter may have. Anybody can write them, and some services replace the id of a letter.
    pub(crate) ids: Vec<String>,
    /// The addresses of the recipient, as far as the report names them.
    pub(crate) recipients: Vec<String>,
    /// The answer of the recipient's mail server, in one line; may be empty.
    pub(crate) words: String,
}

/// What became of a letter, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// It was delivered, or given to a server that writes no reports. Also if one of several recipients got it.
    Delivered,
    /// It is still tried.
    Passing,
    /// The mail server gave up after a passing problem.
    GivenUp,
    /// The recipient's mail server refused it.
    Permanent,
}

/// The types of parts that are a returned letter or its header. A letter in a letter is a file: `guard.rs`.
const RETURNED: [&str; 4] = ["rfc822", "global", "global-headers", "rfc822-headers"];

/// The types of parts that say what became of the letter.
const STATUS: [&str; 2] = ["delivery-status", "global-delivery-status"];

/// Reads a letter that a mail server wrote. `text` is its text, and `fields` are its header fields.
pub(crate) fn read(message: &Message<'_>, fields: &[(&str, &str)], text: &str) -> Report {
    let (mut groups, mut returned) = (Vec::new(), Returned::default());
    for part in &message.parts {
        let kind = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default();
        let is = |names: &[&str]| names.iter().any(|name| kind.eq_ignore_ascii_case(name));
        let bytes = match &part.body {
            PartType::Text(inner) => inner.as_bytes(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
            _ => continue,
        };
        if is(&RETURNED) {
            returned.take_all(&head::fields(bytes));
        } else if is(&STATUS) {
            groups.extend(groups_of(&String::from_utf8_lossy(bytes)));
        }
    }
    let (before, copy) = divided(start_of(text, READ));
    if returned.ids.is_empty() {
        returned.take_all(&head::fields(copy.as_bytes()));
    }
    let failed = all(fields, "x-failed-recipients");
    let (outcome, words) = if groups.iter().any(|group| group.outcome.is_some()) {
        groups.iter().for_each(|group| returned.take("message-id", &group.envelope_id));
        // Servers that return nothing name the letter in their own header.
        for name in ["in-reply-to", "references", "x-original-message-id", "original-message-id"] {
            all(fields, name).for_each(|value| returned.take("message-id", value));
        }
        status(&groups)
    } else {
        (told(before, all(fields, "x-failed-recipients").next().is_some()), answer_in(before).unwrap_or_default())
    };
    let named = groups.into_iter().flat_map(|group| group.recipients).chain(failed.flat_map(|list| list.split(',').map(address)));
    returned.recipients.extend(named.filter(|address| !address.is_empty()));
    returned.recipients.truncate(MOST);
    let Returned { ids, recipients } = returned;
    Report { outcome, ids, recipients, words: cut(&one_line(&words), Incoming::MAX_TEXT) }
}

/// What is read of the header of the returned letter.
#[derive(Debug, Default)]
struct Returned {
    ids: Vec<String>,
    recipients: Vec<String>,
}

impl Returned {
    fn take_all(&mut self, fields: &[Field<'_>]) {
        for (name, value) in fields {
            self.take(name, value);
        }
    }

    fn take(&mut self, name: &str, value: &str) {
        let (list, values): (_, Vec<String>) = match name.to_ascii_lowercase().as_str() {
            "message-id" => (&mut self.ids, value.split_whitespace().map(address).collect()),
            "to" => (&mut self.recipients, vec![address(value)]),
            _ => return,
        };
        list.extend(values.into_iter().filter(|value| !value.is_empty()));
        list.truncate(MOST);
    }
}

/// What a report says about one recipient, or about the letter as a whole.
#[derive(Debug, Default)]
struct Group {
    outcome: Option<Outcome>,
    recipients: Vec<String>,
    /// What a host's mailer may have given the mail server as the id of the letter (RFC 3461, 4.4).
    envelope_id: String,
    status: String,
    words: String,
}

/// The groups of fields of a report, which empty lines divide.
fn groups_of(status: &str) -> Vec<Group> {
    // A line of blanks divides, too.
    let lines = start_of(status, READ).lines().map(|line| if line.trim().is_empty() { "" } else { line });
    let status = lines.collect::<Vec<_>>().join("\n");
    let blocks = status.split("\n\n").map(str::trim_start).filter(|block| !block.is_empty()).take(MOST);
    blocks.map(|block| group(&head::fields(block.as_bytes()))).collect()
}

fn group(fields: &[Field<'_>]) -> Group {
    let value = |name: &str| {
        let found = fields.iter().find(|(field, _)| field.eq_ignore_ascii_case(name));
        found.map_or_else(String::new, |(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let status = value("status").split([' ', '(']).next().unwrap_or_default().to_owned();
    let class = status.split('.').next().unwrap_or_default();
    let action = value("action").split([' ', '(', ';']).next().unwrap_or_default().to_ascii_lowercase();
    let outcome = match (action.as_str(), class) {
        ("failed", "4") => Some(Outcome::GivenUp),
        ("failed", _) | ("", "5") => Some(Outcome::Permanent),
        ("delayed", _) | ("", "4") => Some(Outcome::Passing),
        ("delivered" | "relayed" | "expanded", _) | ("", "2") => Some(Outcome::Delivered),
        // Nobody knows what it means.
        ("", _) => None,
        _ => Some(Outcome::Passing),
    };
    let recipients = [value("original-recipient"), value("final-recipient")];
    let recipients = recipients.iter().map(|typed| address(untyped(typed))).filter(|address| !address.is_empty());
    let (envelope_id, words) = (value("original-envelope-id"), untyped(&value("diagnostic-code")).to_owned());
    Group { outcome, recipients: recipients.collect(), envelope_id, words, status }
}

/// The value of a field without its type, such as `rfc822;` or `smtp;`.
fn untyped(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest)) if !kind.trim().contains(' ') => rest.trim(),
        _ => value.trim(),
    }
}

/// The outcome of all groups, and the words of the first group with it. A letter that somebody got is no problem.
fn status(groups: &[Group]) -> (Outcome, String) {
    let outcome = groups.iter().filter_map(|group| group.outcome).min().unwrap_or(Outcome::Passing);
    let mut with_it = groups.iter().filter(|group| group.outcome == Some(outcome));
    let words = with_it.next().map_or_else(String::new, |group| match begins_with_code(&group.words) {
        true => group.words.clone(),
        false => format!("{} {}", group.status, group.words).trim().to_owned(),
    });
    (outcome, words)
}

/// What the text of a letter without fields of a report says. `has_failed`: its header names recipients who did not get the letter.
fn told(text: &str, has_failed: bool) -> Outcome {
    let text = text.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|words| text.contains(words));
    if says(&["in the queue too long", "retry timeout exceeded", "retry time not reached", "maximum queue time"]) {
        return Outcome::GivenUp;
    }
    if says(&["has not yet been delivered", "will be retried", "you do not need to resend", "this is a warning message only"]) {
        return Outcome::Passing;
    }
    let is_refused = answer_in(&text).is_some_and(|answer| answer.starts_with('5'));
    if has_failed || is_refused || says(&["permanent error", "permanent fatal error", "i've given up"]) {
        return Outcome::Permanent;
    }
    Outcome::Passing
}

/// The first answer of a mail server in a text: a code at the beginning of a line or after a colon, and what follows it.
fn answer_in(text: &str) -> Option<String> {
    text.lines().take(LINES).find_map(|line| {
        let line = start_of(line, LINE).trim_end();
        let pieces = std::iter::once(line).chain(line.match_indices(": ").map(|(at, _)| &line[at + 2..]));
        pieces.map(str::trim_start).find(|piece| begins_with_code(piece)).map(str::to_owned)
    })
}

/// The text up to a number of bytes, cut between two characters.
fn start_of(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Whether the text begins with a code of SMTP for a refusal (RFC 5321).
fn begins_with_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes, [b'4' | b'5', b'0'..=b'5', b'0'..=b'9'] | [b'4' | b'5', b'0'..=b'5', b'0'..=b'9', b' ' | b'-', ..])
}

/// What a mail server wrote, and the returned letter below it, which begins with a header.
fn divided(text: &str) -> (&str, &str) {
    let begins = |line: &str| {
        let name = line.split_once(':').map_or("", |(name, _)| name).to_ascii_lowercase();
        ["return-path", "received", "message-id", "reply-to", "mime-version", "dkim-signature"].contains(&name.as_str())
    };
    let mut at = 0;
    for line in text.split_inclusive('\n').take(LINES) {
        if begins(line) {
            return text.split_at(at);
        }
        at += line.len();
    }
    (text, "")
}

/// The values of all fields with this name.
fn all<'f>(fields: &'f [(&str, &'f str)], name: &'static str) -> impl Iterator<Item = &'f str> {
    fields.iter().filter(move |(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

/// An address or an id without what is around it.
fn address(text: &str) -> String {
    let inner = text.rsplit_once('<').map_or(text, |(_, rest)| rest.split('>').next().unwrap_or_default());
    // The longest address has 254 characters, and the ids of the site are shorter than this.
    inner.trim().chars().take(400).collect()
}

#[cfg(test)]
mod tests;
