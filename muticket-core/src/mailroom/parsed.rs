//! Reads a letter: who it says to be from, the tokens in it, its text and its files. Nothing is decided here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use icu_normalizer::ComposingNormalizerBorrowed;
use mail_parser::{Address, Header, HeaderName, HeaderValue, Message, MessageParser, PartType};

use crate::error::Unavailable;
use crate::incoming::Envelope;
use crate::mail::{EmailAddress, MessageId, ReplyPattern, ReplyToken};
use crate::mailroom::automatic::{Origin, Signs, origin};
use crate::mailroom::blocking::on_thread;
use crate::mailroom::charset::guessed;
use crate::mailroom::content::{File, Text, content};
use crate::mailroom::guard::readable;
use crate::mailroom::head::{fields, one_address};
use crate::mailroom::identity::Identity;
use crate::mailroom::phrases::is_passed_on;
use crate::mailroom::readable::Readable;
use crate::mailroom::report::{self, Report};
use crate::mailroom::rules::MailIn;
use crate::mailroom::trust::{Check, check};

/// What a letter says.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The address in `From`; `None` unless there is exactly one.
    pub(crate) sender: Option<EmailAddress>,
    /// The subject in one line; may be empty.
    pub(crate) subject: String,
    pub(crate) origin: Origin,
    /// What it says about itself and the letters that it answers.
    pub(crate) identity: Identity,
    /// What a mail server says about the delivery of a letter.
    pub(crate) report: Option<Report>,
    /// Whether it is one of the site's own letters, or says to come from the site's own address.
    pub(crate) is_own: bool,
    /// The tokens in it: first those of its addresses, then those of the ids that it answers, newest first.
    pub(crate) tokens: Vec<ReplyToken>,
    /// How many of the tokens are in addresses.
    pub(crate) addressed: usize,
    /// What the relay found out about the sender.
    pub(crate) check: Check,
    pub(crate) text: Text,
    pub(crate) files: Vec<File>,
}

/// The letter has too many parts, or they lie too deep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyParts;

/// Reads a letter on a thread of its own, as [`parse`] does. A large one takes a second, and must not hold up the pages meanwhile.
///
/// # Errors
/// There is no thread, so the letter is not read.
pub(crate) async fn parse_on_thread(
    raw: &Bytes,
    envelope: &Envelope,
    rules: &MailIn,
) -> Result<Result<Parsed, TooManyParts>, Unavailable> {
    let (raw, envelope, rules) = (raw.clone(), envelope.clone(), rules.clone());
    on_thread(move || parse(&raw, &envelope, &rules)).await
}

/// Reads a letter. Any bytes can be read.
///
/// # Errors
/// [`TooManyParts`].
pub(crate) fn parse(raw: &Bytes, envelope: &Envelope, rules: &MailIn) -> Result<Parsed, TooManyParts> {
    // A letter must not stop the others, so a fault of the parser is a letter that cannot be read.
    let parsed = catch_unwind(AssertUnwindSafe(|| {
        let readable = readable(raw, rules.max_parts)?;
        let message = MessageParser::new().parse(readable.bytes.as_ref()).unwrap_or_default();
        let fits = message.parts.len() <= rules.max_parts && depth(&message) <= rules.max_levels;
        fits.then(|| read(raw, &readable, &message, envelope, rules))
    }));
    parsed.ok().flatten().ok_or(TooManyParts)
}

/// How deep parts lie in parts.
fn depth(message: &Message<'_>) -> usize {
    let mut depths = vec![1; message.parts.len()];
    for (index, part) in message.parts.iter().enumerate() {
        let PartType::Multipart(inner) = &part.body else { continue };
        for inner in inner.iter().filter_map(|id| usize::try_from(*id).ok()) {
            // A part stands behind the one that it lies in.
            if let Some([depth, .., inner]) = depths.get_mut(index..=inner.max(index)) {
                *inner = *depth + 1;
            }
        }
    }
    depths.into_iter().max().unwrap_or_default()
}

fn read(raw: &Bytes, readable: &Readable<'_>, message: &Message<'_>, envelope: &Envelope, rules: &MailIn) -> Parsed {
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
    let (mut text, files) = content(raw, readable, message);
    let subject = subject(&readable.bytes, message);
    text.is_passed_on = is_passed_on(&subject);
    let origin = origin(&Signs { sender: local.to_ascii_lowercase(), has_no_return, fields: fields.clone() });
    let report = (origin == Origin::Server).then(|| report::read(message, &fields, &text.words));
    let (tokens, addressed) = tokens(message, &fields, envelope, &rules.pattern);
    Parsed { origin, identity: Identity::of(&fields), report, is_own, tokens, addressed, check, subject, text, files, sender }
}

fn headers<'m>(message: &'m Message<'_>) -> &'m [Header<'m>] {
    message.parts.first().map_or(&[], |part| part.headers())
}

fn bytes_of<'r>(read: &'r [u8], header: &Header<'_>) -> &'r [u8] {
    read.get(header.offset_start as usize..header.offset_end as usize).unwrap_or_default()
}

fn subject(read: &[u8], message: &Message<'_>) -> String {
    let Some(header) = headers(message).iter().rfind(|header| header.name == HeaderName::Subject) else { return String::new() };
    let subject = header.value.as_text().unwrap_or_default();
    // Old programs write it without naming the character set.
    let raw = bytes_of(read, header);
    let is_bare = subject.contains(char::REPLACEMENT_CHARACTER) && !raw.windows(2).any(|two| two == b"=?");
    if is_bare { guessed(raw) } else { subject.to_owned() }
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

/// The tokens in a letter, and how many of them are in addresses. Those come first.
fn tokens(
    message: &Message<'_>,
    fields: &[(&str, &str)],
    envelope: &Envelope,
    pattern: &ReplyPattern,
) -> (Vec<ReplyToken>, usize) {
    if message.parts.is_empty() {
        return (Vec::new(), 0);
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
    let in_addresses = addresses.iter().filter_map(|address| pattern.token_in(address)).map(|token| (token, true));
    let found = in_addresses.chain(ids.filter_map(MessageId::token_in).map(|token| (token, false)));
    let (mut tokens, mut addressed) = (Vec::new(), 0);
    for (token, is_address) in found {
        // A letter may name the same token in several places, and a hostile one many others.
        if tokens.len() < 20 && !tokens.contains(&token) {
            tokens.push(token);
            addressed += usize::from(is_address);
        }
    }
    (tokens, addressed)
}

fn ids<'m>(header: &'m HeaderValue<'_>) -> Vec<&'m str> {
    match header {
        HeaderValue::Text(id) => vec![id.as_ref()],
        HeaderValue::TextList(ids) => ids.iter().map(AsRef::as_ref).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules() -> MailIn {
        MailIn::new("support+{token}@example.org").unwrap().with_relay("mx.example.org")
    }

    /// Reads the letter without an envelope.
    fn read(raw: impl AsRef<[u8]>) -> Result<Parsed, TooManyParts> {
        parse(&Bytes::copy_from_slice(raw.as_ref()), &Envelope::default(), &rules())
    }

    fn parsed(letter: &str) -> Parsed {
        read(letter.replace('\n', "\r\n")).unwrap()
    }

    /// The names and the bytes of the files.
    fn files(letter: &Parsed) -> Vec<(&str, Bytes)> {
        letter.files.iter().map(|file| (file.name.as_str(), file.content.decoded())).collect()
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
        assert_eq!(letter.sender.as_ref().unwrap().as_str(), "Anna@x.example");
        assert_eq!((letter.subject.as_str(), letter.text.words.trim()), ("Grüße", "Grüße"));
        assert_eq!((letter.origin, letter.is_own, letter.check), (Origin::Person, false, Check::Passed));
        let tickets: Vec<_> = letter.tokens.iter().map(|token| token.ticket.get()).collect();
        assert_eq!((tickets.as_slice(), letter.addressed), ([12, 13, 15, 14].as_slice(), 1));
        assert_eq!(files(&letter), [("a b.png", Bytes::from_static(b"\x89PNG"))]);
    }

    #[test]
    fn of_two_forms_the_plain_one_is_read_and_pictures_are_files() {
        let letter = parsed(concat!(
            "From: a@x.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nplain\n--b\n",
            "Content-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>html</p>\n--c\n",
            "Content-Type: image/png\nContent-ID: <1>\nContent-Transfer-Encoding: base64\n\niVBORw==\n--c--\n--b--\n",
        ));
        assert_eq!(letter.text.words.trim(), "plain");
        assert_eq!(letter.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), ["1.png"]);
        let html = parsed("From: a@x.example\nContent-Type: text/html\n\n<p>new</p><div class=gmail_quote>old</div>\n");
        assert_eq!((html.text.words.as_str(), html.text.quoted_at), ("new\n\nold\n", Some(5)));
        assert!(html.files.is_empty());
    }

    /// M-03: a field that is no valid UTF-8 is a field.
    #[test]
    fn fields_in_old_character_sets_count() {
        assert_eq!(read(b"From: a@x.example\r\nFrom: \xfc <b@x.example>\r\n\r\na").unwrap().sender, None);
        let forged = b"Authentication-Results: mx.example.org; dmarc=fail (\xfc)\r\n\
                       Authentication-Results: mx.example.org; dmarc=pass\r\nFrom: a@x.example\r\n\r\na";
        assert_eq!(read(forged).unwrap().check, Check::Failed);
        assert_eq!(read(b"From: a@x.example\r\nAuto-Submitted: auto-replied (\xfc)\r\n\r\na").unwrap().origin, Origin::Program);
        let subject = read(b"From: a@x.example\r\nSubject: Gr\xfc\xdfe aus K\xf6ln\r\n\r\na").unwrap().subject;
        assert_eq!(subject.trim(), "Gr\u{fc}\u{df}e aus K\u{f6}ln");
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
        assert_eq!(read(raw).unwrap().check, Check::Failed);
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
        let raw = Bytes::from("From: a@x.example\r\n\r\na");
        assert_eq!(parse(&raw, &envelope, &rules()).unwrap().origin, Origin::Program);
        assert_eq!(parsed("Return-Path: <>\nFrom: a@x.example\n\na").origin, Origin::Program);
        assert_eq!(parsed("Return-Path: <a@x.example>\nFrom: a@x.example\n\na").origin, Origin::Person);
    }

    /// M-07
    #[test]
    fn a_letter_with_too_many_parts_is_not_read() {
        let parts = "--b\n\na\n".repeat(1100);
        let letter = format!("From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n");
        assert_eq!(read(letter).err(), Some(TooManyParts));
        let head = |level| format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n");
        let deep = |levels| format!("From: a@x.example\n{}\na", (0..levels).map(head).collect::<String>());
        assert!(read(deep(15)).is_ok());
        assert_eq!(read(deep(25)).err(), Some(TooManyParts));
    }

    /// M-07: "nested parts". Letters in letters are files, however deep they lie.
    #[test]
    fn a_letter_in_a_letter_is_a_file() {
        let inner = "Content-Type: message/rfc822\n\n".repeat(1_000);
        let letter = format!("From: a@x.example\nContent-Type: message/rfc822\n\nFrom: b\n{inner}");
        let letter = read(letter).unwrap();
        assert_eq!(letter.text.words, "");
        assert_eq!(files(&letter), [("1.eml", format!("From: b\n{inner}").into())]);
    }

    proptest! {
        /// M-02: "a letter that cannot be worked on never stops the next one".
        #[test]
        fn any_bytes_are_a_letter(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = read(raw);
        }

        #[test]
        fn any_words_of_letters_are_a_letter(
            raw in "(From|To|Content-Type|Content-Transfer-Encoding|: |; |=|boundary=b|--b|--|\\r\\n|\\n| |multipart/mixed|multipart/digest|message/rfc822|text/html|base64|a@x.example|<|>|ä|\\(|\"){0,80}",
        ) {
            let _ = read(raw);
        }
    }
}
