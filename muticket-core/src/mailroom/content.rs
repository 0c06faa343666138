//! The text and the files of a letter (M-07): walks through its parts.

use bytes::Bytes;
use mail_parser::{ContentType, HeaderName, Message, MessageParser, MessagePart, MimeHeaders as _, PartType};

use crate::mailroom::charset::{decode, guessed};
use crate::mailroom::readable::Readable;
use crate::mailroom::transfer::Encoded;
use crate::mailroom::{flowed, html};

/// How many bytes of a part are read as text. A message has far fewer; the original has all of them.
const READ: usize = 4 * 1024 * 1024;

/// The longest text that may only say that the other form of the letter is to be read.
const SHORT: usize = 400;

/// The text of a letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) words: String,
    /// Where a mail program said that the quoted part begins, in bytes.
    pub(crate) quoted_at: Option<usize>,
    /// Whether the letter is passed on to us, so that what it quotes is new.
    pub(crate) is_passed_on: bool,
    /// Whether the letter cannot be read here, because it is encrypted, or signed around its text.
    pub(crate) is_sealed: bool,
}

/// A file in a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content: Encoded,
}

/// The text and the files of the letter `raw`, of which `message` was parsed. Everything that is not text to read is a file: pictures in
/// the text, and letters in the letter. Signatures are left out: they prove nothing here, and the original has them.
pub(crate) fn content(raw: &Bytes, read: &Readable<'_>, message: &Message<'_>) -> (Text, Vec<File>) {
    let mut walk = Walk { raw, read, message, seen: vec![false; message.parts.len()], files: Vec::new(), is_sealed: false };
    let mut found = walk.part(0, Around::default());
    // Broken letters have parts that belong to no other.
    for index in 0..message.parts.len() {
        let rest = walk.part(index, Around::default());
        found.append(rest);
    }
    if found.words.trim().is_empty() {
        found.words = in_front_of_parts(&read.bytes, message).unwrap_or_default();
    }
    (Text { words: found.words, quoted_at: found.quoted_at, is_passed_on: false, is_sealed: walk.is_sealed }, walk.files)
}

/// The text in front of the first part, where broken programs put what they should have put into one. Others write there that the
/// letter needs a program that knows MIME.
fn in_front_of_parts(read: &[u8], message: &Message<'_>) -> Option<String> {
    let (first, second) = (message.parts.first()?, message.parts.get(1)?);
    let between = read.get(first.offset_body as usize..second.offset_header as usize)?;
    let end = between.windows(3).rposition(|three| three == b"\n--")?;
    let text = guessed(&between[..end]);
    (!text.to_lowercase().contains("mime")).then_some(text)
}

struct Walk<'m> {
    raw: &'m Bytes,
    read: &'m Readable<'m>,
    message: &'m Message<'m>,
    seen: Vec<bool>,
    files: Vec<File>,
    is_sealed: bool,
}

/// What a part lies in.
#[derive(Default, Clone, Copy)]
struct Around {
    alternative: bool,
    signed: bool,
}

/// The text of a part, and of those in it.
#[derive(Default)]
struct Found {
    words: String,
    quoted_at: Option<usize>,
    is_plain: bool,
}

impl Found {
    fn append(&mut self, other: Self) {
        if other.words.trim().is_empty() {
            return;
        }
        if !self.words.is_empty() && !self.words.ends_with('\n') {
            self.words.push('\n');
        }
        self.quoted_at = self.quoted_at.or(other.quoted_at.map(|at| self.words.len() + at));
        self.words.push_str(&other.words);
        self.is_plain |= other.is_plain;
    }

    fn length(&self) -> usize {
        self.words.chars().filter(|c| !c.is_whitespace()).count()
    }

    /// Whether the text only says that the letter has to be read in its other form.
    fn gives_way_to(&self, html: &Self) -> bool {
        let words = || self.words.to_lowercase();
        self.length() == 0 || self.words.len() < SHORT && words().contains("html") && 2 * html.length() > 3 * self.length()
    }
}

impl Walk<'_> {
    fn part(&mut self, index: usize, around: Around) -> Found {
        let message = self.message;
        let Some(part) = message.parts.get(index) else { return Found::default() };
        if std::mem::replace(&mut self.seen[index], true) {
            return Found::default();
        }
        let kind = Kind::of(part);
        if let PartType::Multipart(inner) = &part.body {
            let is = |name| kind.subtype == name;
            self.is_sealed |= is("encrypted");
            let around = Around { alternative: is("alternative"), signed: around.signed || is("signed") };
            let inner = inner.iter().filter_map(|id| usize::try_from(*id).ok());
            let found = inner.map(|id| self.part(id, around)).collect();
            return if around.alternative { best(found) } else { joined(found) };
        }
        if kind.is_text_to_read(part) {
            return self.text(part, &kind);
        }
        let is_other_form =
            around.alternative && kind.main == "text" && kind.subtype != "calendar" && part.attachment_name().is_none();
        let is_sign = around.signed && kind.subtype.ends_with("-signature");
        let is_note = kind.subtype == "pgp-encrypted";
        if !is_other_form && !is_sign && !is_note {
            self.file(part, &kind);
        }
        Found::default()
    }

    fn text(&self, part: &MessagePart<'_>, kind: &Kind<'_>) -> Found {
        let is_html = kind.subtype == "html";
        let words = decode(&self.encoded(part).beginning(READ), kind.parameter("charset"), is_html);
        if is_html {
            let (words, quoted_at) = html::to_text(&words);
            return Found { words, quoted_at, is_plain: false };
        }
        let words = with_plain_line_ends(words);
        let is = |name, value: &str| kind.parameter(name).is_some_and(|said| said.eq_ignore_ascii_case(value));
        let words = if is("format", "flowed") { flowed::join(&words, is("delsp", "yes")) } else { words };
        Found { words, quoted_at: None, is_plain: true }
    }

    fn file(&mut self, part: &MessagePart<'_>, kind: &Kind<'_>) {
        let content = self.encoded(part);
        // Signed data is only readable inside its own format.
        self.is_sealed |= kind.subtype.ends_with("pkcs7-mime");
        // The rules of uploads say what becomes of an empty file that somebody attached.
        if part.attachment_name().is_some() || !content.beginning(1).is_empty() {
            let name = old_name(&self.read.bytes, part).unwrap_or_else(|| name(part, kind, self.files.len() + 1));
            self.files.push(File { name, content });
        }
    }

    fn encoded(&self, part: &MessagePart<'_>) -> Encoded {
        Encoded::new(self.read.body(self.raw, part), part)
    }
}

/// The text with `\n` for each line end. A large text is not in memory more than twice.
fn with_plain_line_ends(mut text: String) -> String {
    for end in ["\r\n", "\r"] {
        if text.contains(end) {
            text = text.replace(end, "\n");
        }
    }
    text
}

fn joined(found: Vec<Found>) -> Found {
    let mut all = Found::default();
    found.into_iter().for_each(|one| all.append(one));
    all
}

/// Of several forms of the same text the plain one, unless it says nothing.
fn best(found: Vec<Found>) -> Found {
    let (plain, html): (Vec<_>, Vec<_>) = found.into_iter().filter(|one| one.length() > 0).partition(|one| one.is_plain);
    let (plain, html) = (plain.into_iter().next().unwrap_or_default(), html.into_iter().next_back().unwrap_or_default());
    if html.length() > 0 && plain.gives_way_to(&html) { html } else { plain }
}

/// What a part says it is, in lower case.
struct Kind<'p> {
    main: String,
    subtype: String,
    said: Option<&'p ContentType<'p>>,
}

impl<'p> Kind<'p> {
    fn of(part: &'p MessagePart<'_>) -> Self {
        let said = part.content_type();
        let main = said.map_or("text", |said| said.ctype()).trim().to_ascii_lowercase();
        let subtype = said.and_then(|said| said.subtype()).map(|subtype| subtype.trim().to_ascii_lowercase());
        // Before MIME had subtypes, and without a type, it is plain text. A letter of several parts without any is one, too.
        let is_plain = subtype.is_none() && main == "text" || main == "multipart" && !matches!(part.body, PartType::Multipart(_));
        if is_plain || said.is_none() {
            return Self { main: "text".to_owned(), subtype: "plain".to_owned(), said };
        }
        Self { main, subtype: subtype.unwrap_or_default(), said }
    }

    fn parameter(&self, name: &str) -> Option<&'p str> {
        self.said.and_then(|said| said.attribute(name))
    }

    /// A part with a name is a file.
    fn is_text_to_read(&self, part: &MessagePart<'_>) -> bool {
        let is_attached = part.content_disposition().is_some_and(|disposition| disposition.is_attachment());
        let is_text = self.main == "text" && ["plain", "html", "markdown"].contains(&self.subtype.as_str());
        is_text && !is_attached && part.attachment_name().is_none()
    }
}

/// The name of a file whose program wrote it without naming the character set.
fn old_name(read: &[u8], part: &MessagePart<'_>) -> Option<String> {
    part.attachment_name().filter(|name| name.contains(char::REPLACEMENT_CHARACTER))?;
    let fields =
        part.headers.iter().filter(|header| matches!(header.name, HeaderName::ContentDisposition | HeaderName::ContentType));
    let fields = fields.filter_map(|header| read.get(header.offset_field as usize..header.offset_end as usize));
    let text = guessed(&fields.collect::<Vec<_>>().concat()) + "\n";
    let again = MessageParser::new().parse_headers(&text)?;
    Some(again.parts.first()?.attachment_name()?.to_owned())
}

/// The name of a file. One without a name gets the usual one of its kind, or a number and the ending of its kind.
fn name(part: &MessagePart<'_>, kind: &Kind<'_>, number: usize) -> String {
    if let Some(name) = part.attachment_name().filter(|name| !name.trim().is_empty()) {
        return name.to_owned();
    }
    let ending = match (kind.main.as_str(), kind.subtype.as_str()) {
        (_, "ms-tnef" | "vnd.ms-tnef") => return "winmail.dat".to_owned(),
        (_, "pkcs7-mime" | "x-pkcs7-mime") => return "smime.p7m".to_owned(),
        (_, "rfc822" | "global") => "eml",
        ("text", "html") => "html",
        ("text", "calendar") => "ics",
        ("text", "csv") => "csv",
        ("text", "vcard" | "x-vcard" | "directory") => "vcf",
        ("text" | "message", _) => "txt",
        (_, "jpeg" | "pjpeg") => "jpg",
        (_, "svg+xml") => "svg",
        (_, known @ ("png" | "gif" | "webp" | "bmp" | "tiff" | "heic" | "pdf" | "zip" | "rtf")) => known,
        _ => "bin",
    };
    format!("{number}.{ending}")
}
