//! Reads a letter: who it says to be from, the tokens in it, its text and its files. Nothing is decided here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use icu_normalizer::ComposingNormalizerBorrowed;
use mail_parser::{Address, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use crate::incoming::Envelope;
use crate::mail::{EmailAddress, MessageId, ReplyPattern, ReplyToken};
use crate::mailroom::automatic::{Origin, Signs, origin};
use crate::mailroom::guard::may_be_parsed;
use crate::mailroom::head::{fields, one_address};
use crate::mailroom::html;
use crate::mailroom::rules::MailIn;
use crate::mailroom::trust::{Check, check};

/// The deepest nesting of letters in letters.
const DEEPEST: usize = 20;

/// What a letter says.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The address in `From`; `None` if there is none, or more than one.
    pub(crate) sender: Option<EmailAddress>,
    /// The subject in one line; may be empty.
    pub(crate) subject: String,
    pub(crate) origin: Origin,
    /// Whether it is one of the site's own letters, or says to come from the site's own address.
    pub(crate) is_own: bool,
    /// The tokens in it: first those of its addresses, then those of the ids that it answers, newest first.
    pub(crate) tokens: Vec<ReplyToken>,
    pub(crate) check: Check,
    /// The text, and where a mail program said that the quoted part begins.
    pub(crate) text: String,
    pub(crate) quoted_at: Option<usize>,
    pub(crate) files: Vec<File>,
}

/// A file in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// The letter has too many parts, or they lie too deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyParts;

/// Reads a letter. Any bytes can be read.
///
/// # Errors
/// [`TooManyParts`].
pub(crate) fn parse(raw: &[u8], envelope: &Envelope, rules: &MailIn) -> Result<Parsed, TooManyParts> {
    if !may_be_parsed(raw) {
        return Err(TooManyParts);
    }
    // A letter must not stop the others, so a fault of the parser is a letter that cannot be read.
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        let mut message = MessageParser::new().parse(raw).unwrap_or_default();
        let fits = message.parts.len() <= rules.max_parts && depth(&message) <= DEEPEST;
        fits.then(|| read(raw, &mut message, envelope, rules))
    }));
    parsed.ok().flatten().ok_or(TooManyParts)
}

/// How deep letters lie in the letter.
fn depth(message: &Message<'_>) -> usize {
    let (mut deepest, mut open) = (0, vec![(message, 1)]);
    while let Some((message, depth)) = open.pop() {
        deepest = deepest.max(depth);
        if depth <= DEEPEST {
            let inner = message.parts.iter().filter_map(|part| match &part.body {
                PartType::Message(inner) => Some((inner, depth + 1)),
                _ => None,
            });
            open.extend(inner);
        }
    }
    deepest
}

fn read(raw: &[u8], message: &mut Message<'_>, envelope: &Envelope, rules: &MailIn) -> Parsed {
    let fields = fields(raw);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_ref())).collect();
    let sender = sender(&fields);
    let results = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case("authentication-results"));
    let domain = sender.as_ref().map(EmailAddress::domain).unwrap_or_default();
    let check = check(results.map(|(_, value)| *value), rules.relay.as_deref(), domain);
    let local = sender.as_ref().and_then(|sender| sender.as_str().split_once('@')).map_or("", |(local, _)| local);
    let returns_to_nobody = |address: &str| address.trim().trim_matches(['<', '>']).is_empty();
    let return_path = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("return-path")).map(|(_, value)| *value);
    let has_no_return = envelope.from.as_deref().or(return_path).is_some_and(returns_to_nobody);
    let id = if message.parts.is_empty() { None } else { message.message_id() };
    // Another MuTicket makes ids of the same form.
    let has_own_id = id.is_some_and(|id| MessageId::token_in(id).is_some() && rules.makes_ids_like(id));
    let is_own = has_own_id || sender.as_ref().is_some_and(|sender| rules.is_of_site(sender));
    let (text, quoted_at) = if message.parts.is_empty() { (String::new(), None) } else { text(message) };
    Parsed {
        subject: message.parts.first().and_then(|_| message.subject()).unwrap_or_default().to_owned(),
        origin: origin(&Signs { sender: local.to_ascii_lowercase(), has_no_return, fields: fields.clone() }),
        is_own,
        tokens: tokens(message, &fields, envelope, &rules.pattern),
        check,
        text,
        quoted_at,
        files: files(message),
        sender,
    }
}

/// The one address of the one field `From`. With several, mail programs show different ones.
fn sender(fields: &[(&str, &str)]) -> Option<EmailAddress> {
    let mut found = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case("from"));
    let (Some((_, value)), None) = (found.next(), found.next()) else { return None };
    one_address(value).filter(|address| is_plain(address)).and_then(|address| EmailAddress::parse(&address).ok())
}

/// Whether the address is written as it is meant. Wide letters and other full stops become usual ones in a domain, so a mail server
/// that checks the sender might see another domain than we do.
fn is_plain(address: &str) -> bool {
    address.is_ascii() || ComposingNormalizerBorrowed::new_nfkc().is_normalized(address) && !address.contains('\u{3002}')
}

fn tokens(message: &Message<'_>, fields: &[(&str, &str)], envelope: &Envelope, pattern: &ReplyPattern) -> Vec<ReplyToken> {
    if message.parts.is_empty() {
        return Vec::new();
    }
    let all = |address: Option<&Address<'_>>| -> Vec<String> {
        address.map(|list| list.iter().filter_map(|one| one.address()).map(str::to_owned).collect()).unwrap_or_default()
    };
    let delivered = fields.iter().filter(|(name, _)| {
        ["delivered-to", "x-original-to", "envelope-to"].iter().any(|known| name.eq_ignore_ascii_case(known))
    });
    let mut addresses: Vec<String> = envelope.to.split_whitespace().map(str::to_owned).collect();
    addresses.extend(delivered.map(|(_, value)| value.trim().trim_matches(['<', '>']).to_owned()));
    addresses.extend(all(message.to()));
    addresses.extend(all(message.cc()));
    let ids = [message.in_reply_to(), message.references()].into_iter().flat_map(|header| ids(header).into_iter().rev());
    let found = addresses.iter().filter_map(|address| pattern.token_in(address)).chain(ids.filter_map(MessageId::token_in));
    let mut tokens: Vec<ReplyToken> = Vec::new();
    for token in found {
        // A letter may name the same token in several places, and a hostile one many others.
        if tokens.len() < 20 && !tokens.contains(&token) {
            tokens.push(token);
        }
    }
    tokens
}

fn ids<'m>(header: &'m HeaderValue<'_>) -> Vec<&'m str> {
    match header {
        HeaderValue::Text(id) => vec![id.as_ref()],
        HeaderValue::TextList(ids) => ids.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}

/// The text of the letter: its parts for reading, in their order. Of two forms of the same, the plain one is taken.
fn text(message: &Message<'_>) -> (String, Option<usize>) {
    let (mut all, mut quoted_at) = (String::new(), None);
    for part in message.text_bodies().filter(|part| is_for_reading(part)) {
        let (text, marked) = match &part.body {
            PartType::Text(text) => (text.replace("\r\n", "\n").replace('\r', "\n"), None),
            PartType::Html(source) => html::to_text(source),
            _ => continue,
        };
        if !all.is_empty() && !all.ends_with('\n') {
            all.push('\n');
        }
        quoted_at = quoted_at.or(marked.map(|at| all.len() + at));
        all.push_str(&text);
    }
    (all, quoted_at)
}

/// Whether a part is text to read. A part with a name is a file.
fn is_for_reading(part: &MessagePart<'_>) -> bool {
    part.attachment_name().is_none() && part.content_disposition().is_none_or(|disposition| !disposition.is_attachment())
}

/// The files: everything that is not text to read. Pictures in the text are files, too, and letters in the letter. They are taken out of
/// the message, because a large file should not be in memory twice.
fn files(message: &mut Message<'_>) -> Vec<File> {
    let Message { parts, text_body, html_body, .. } = message;
    let read = |index: usize| {
        let is_body = |list: &[u32]| list.iter().any(|id| usize::try_from(*id) == Ok(index));
        is_body(text_body) || is_body(html_body)
    };
    let mut files = Vec::new();
    for (index, part) in parts.iter_mut().enumerate() {
        let is_read = read(index) && is_for_reading(part);
        let bytes = match &mut part.body {
            PartType::Multipart(_) => continue,
            PartType::Text(_) | PartType::Html(_) if is_read => continue,
            PartType::Text(text) | PartType::Html(text) => std::mem::take(text).into_owned().into_bytes(),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => std::mem::take(bytes).into_owned(),
            PartType::Message(inner) => inner.raw_message().to_vec(),
        };
        if !bytes.is_empty() {
            files.push(File { name: name(part, files.len() + 1), bytes: bytes.into() });
        }
    }
    files
}

/// The name of a file. One without a name gets a number and the ending of its kind.
fn name(part: &MessagePart<'_>, number: usize) -> String {
    if let Some(name) = part.attachment_name().filter(|name| !name.trim().is_empty()) {
        return name.to_owned();
    }
    let subtype = part.content_type().and_then(|kind| kind.subtype()).unwrap_or_default().to_ascii_lowercase();
    let ending = match (&part.body, subtype.as_str()) {
        (PartType::Message(_), _) | (_, "rfc822") => "eml",
        (PartType::Html(_), _) => "html",
        (PartType::Text(_), "calendar") => "ics",
        (PartType::Text(_), _) => "txt",
        (_, "jpeg") => "jpg",
        (_, known @ ("png" | "gif" | "webp" | "pdf" | "zip")) => known,
        _ => "bin",
    };
    format!("{number}.{ending}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules() -> MailIn {
        MailIn::new("support+{token}@example.org").unwrap().with_relay("mx.example.org")
    }

    fn parsed(letter: &str) -> Parsed {
        parse(letter.replace('\n', "\r\n").as_bytes(), &Envelope::default(), &rules()).unwrap()
    }

    #[test]
    fn a_letter_is_read() {
        let letter = parsed(concat!(
            "Authentication-Results: mx.example.org; dmarc=pass header.from=x.example\n",
            "From: =?utf-8?q?Anna_M=C3=BCller?= <Anna@x.example>\nTo: Support <support+t12-693-abc@example.org>\n",
            "Subject: =?iso-8859-1?q?Gr=FC=DFe?=\nIn-Reply-To: <a.t13-693-def@example.org>\n",
            "References: <x@y> <b.t14-693-x@example.org>\n <c.T15-693-X@example.org>\n",
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain; charset=iso-8859-1\n",
            "Content-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe\n--b\nContent-Type: image/png; name=\"a b.png\"\n",
            "Content-Transfer-Encoding: base64\n\niVBORw==\n--b--\n",
        ));
        assert_eq!(letter.sender.unwrap().as_str(), "Anna@x.example");
        assert_eq!((letter.subject.as_str(), letter.text.trim()), ("Grüße", "Grüße"));
        assert_eq!((letter.origin, letter.is_own, letter.check), (Origin::Person, false, Check::Passed));
        let tickets: Vec<_> = letter.tokens.iter().map(|token| token.ticket.get()).collect();
        assert_eq!(tickets, [12, 13, 15, 14]);
        assert_eq!(letter.files, [File { name: "a b.png".to_owned(), bytes: Bytes::from_static(b"\x89PNG") }]);
    }

    #[test]
    fn of_two_forms_the_plain_one_is_read_and_pictures_are_files() {
        let letter = parsed(concat!(
            "From: a@x.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\n",
            "Content-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>html</p>\n--c\n",
            "Content-Type: image/png\nContent-ID: <1>\nContent-Transfer-Encoding: base64\n\niVBORw==\n--c--\n--b--\n",
        ));
        assert_eq!(letter.text.trim(), "plain");
        assert_eq!(letter.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["1.png"]);
        let html = parsed("From: a@x.example\nContent-Type: text/html\n\n<p>new</p><div class=gmail_quote>old</div>\n");
        assert_eq!((html.text.as_str(), html.quoted_at), ("new\n\nold\n", Some(5)));
        assert!(html.files.is_empty());
    }

    #[test]
    fn a_letter_with_two_senders_is_from_nobody() {
        for head in ["From: a@x.example, b@x.example", "From: a@x.example\nFrom: b@x.example", "Sender: a@x.example", "From: x"] {
            assert_eq!(parsed(&format!("{head}\n\na")).sender, None, "{head}");
        }
    }

    /// M-03
    #[test]
    fn a_sender_has_no_letters_that_become_others() {
        for address in
            ["a@\u{ff38}.example", "a@x\u{3002}example", "a@x\u{ff0e}example", "a@x.e\u{1d431}ample", "\u{ff41}@x.example"]
        {
            assert_eq!(parsed(&format!("From: {address}\n\na")).sender, None, "{address}");
        }
        assert_eq!(parsed("From: a@\u{e4}.example\n\na").sender.unwrap().as_str(), "a@xn--4ca.example");
    }

    /// M-03: bytes that are no text do not hide what the relay says.
    #[test]
    fn the_verdict_of_the_relay_cannot_be_hidden() {
        let mut raw = b"Authentication-Results: mx.example.org; dmarc=fail smtp.mailfrom=\xff@x\r\n".to_vec();
        raw.extend_from_slice(b"Authentication-Results: mx.example.org; dmarc=pass\r\nFrom: a@x.example\r\n\r\na");
        assert_eq!(parse(&raw, &Envelope::default(), &rules()).unwrap().check, Check::Failed);
        let guessed = parsed("Authenti cation-Results: mx.example.org; dmarc=pass\nFrom: a@x.example\n\na");
        assert_eq!((guessed.check, guessed.sender), (Check::Unknown, None));
    }

    /// M-05: "Our own letters coming back are recognised."
    #[test]
    fn our_own_letters_are_recognised() {
        for head in [
            "From: Support <SUPPORT@example.org>",
            "From: support+t1-1-a@example.org",
            "From: anna@x.example\nMessage-ID: <018f.t12-693-abc@example.org>",
        ] {
            assert!(parsed(&format!("{head}\n\na")).is_own, "{head}");
        }
        for head in [
            "From: anna@example.org\nMessage-ID: <1@example.org>\nX-MuTicket-Loop: 1",
            // The letter of another MuTicket is for its reader.
            "From: support@x.example\nMessage-ID: <018f.t12-693-abc@x.example>\nX-MuTicket-Loop: 1",
        ] {
            assert!(!parsed(&format!("{head}\n\na")).is_own, "{head}");
        }
    }

    #[test]
    fn a_letter_for_whom_reports_go_to_nobody_is_automatic() {
        let envelope = Envelope { from: Some(String::new()), to: String::new() };
        assert_eq!(parse(b"From: a@x.example\r\n\r\na", &envelope, &rules()).unwrap().origin, Origin::Program);
        assert_eq!(parsed("Return-Path: <>\nFrom: a@x.example\n\na").origin, Origin::Program);
        assert_eq!(parsed("Return-Path: <a@x.example>\nFrom: a@x.example\n\na").origin, Origin::Person);
    }

    /// M-07
    #[test]
    fn a_letter_with_too_many_parts_is_not_read() {
        let parts = "--b\n\na\n".repeat(1100);
        let letter = format!("From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n");
        assert_eq!(parse(letter.as_bytes(), &Envelope::default(), &rules()).err(), Some(TooManyParts));
        let deep = format!("{}From: a\n\nb", "Content-Type: message/rfc822\n\n".repeat(100_000));
        assert_eq!(parse(deep.as_bytes(), &Envelope::default(), &rules()).err(), Some(TooManyParts));
    }

    proptest! {
        /// M-02: "a letter that cannot be worked on never stops the next one".
        #[test]
        fn any_bytes_are_a_letter(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = parse(&raw, &Envelope::default(), &rules());
        }

        #[test]
        fn any_words_of_letters_are_a_letter(
            raw in "(From|To|Content-Type|Content-Transfer-Encoding|: |; |=|boundary=b|--b|--|\\r\\n|\\n| |multipart/mixed|multipart/digest|message/rfc822|text/html|base64|a@x.example|<|>|ä|\\(|\"){0,80}",
        ) {
            let _ = parse(raw.as_bytes(), &Envelope::default(), &rules());
        }
    }
}
