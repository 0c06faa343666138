//! Turns the HTML of a letter into text (M-07). Links are kept, quotations get `>`, and nothing is rendered.

use mail_parser::decoders::html::add_html_token;

/// The deepest nesting of quotations that is shown.
const DEEPEST: usize = 5;

/// Elements whose content is no text.
const SILENT: [&str; 6] = ["head", "style", "script", "template", "title", "noscript"];

/// Elements that are left out if they are hidden: what letters show only in lists of letters, such as the first words.
const HIDEABLE: [&str; 6] = ["div", "span", "p", "table", "td", "tr"];

/// Elements that begin a line.
const BLOCKS: [&str; 22] = [
    "p", "div", "tr", "table", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "dl", "dt", "dd", "section",
    "article", "header", "footer",
];

/// Classes and ids by which mail programs mark what they quote.
const QUOTES: [&str; 17] = [
    "gmail_quote",
    "gmail_quote_container",
    "gmail_attr",
    "isreplycontent",
    "ms-outlook-mobile-reference-message",
    "reply-intro",
    "replybody1",
    "stopspelling",
    "zmail_extra",
    "yahoo_quoted",
    "protonmail_quote",
    "moz-cite-prefix",
    "divrplyfwdmsg",
    "appendonsend",
    "olk_src_body_section",
    "mail-editor-reference-message-container",
    "tutanota_quote",
];

/// The text, and where the part that the mail program marked as quoted begins, in bytes.
pub(crate) fn to_text(html: &str) -> (String, Option<usize>) {
    let mut writer = Writer::default();
    // What is not closed once is not closed further on either, so nobody looks for it again.
    let (mut rest, mut unclosed, mut open) = (html, Vec::new(), Open::default());
    while let Some(at) = rest.find('<') {
        writer.say(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("<!--").filter(|_| !open.comment) {
            match after.find("-->") {
                Some(end) => {
                    rest = &after[end + 3..];
                    continue;
                }
                None => open.comment = true,
            }
        }
        // A lone `<` is text.
        if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            writer.say("<");
            rest = &rest[1..];
            continue;
        }
        let quoted = if open.quote { None } else { end_of_tag(rest) };
        open.quote |= quoted.is_none();
        let Some(end) = quoted.or_else(|| rest.find('>').map(|at| at + 1)) else {
            // The letter was cut in the middle of a tag, or this `<` begins no tag.
            break;
        };
        let silent = writer.tag(&rest[1..end - 1]);
        let hidden = hidden(&rest[1..end - 1]).filter(|name| !unclosed.contains(name));
        rest = &rest[end..];
        if let Some(hidden) = hidden {
            match end_of_nested(rest, hidden) {
                Some(end) => rest = &rest[end..],
                None => unclosed.push(hidden),
            }
            continue;
        }
        if let Some(silent) = silent.filter(|name| !unclosed.contains(name)) {
            match end_of_element(rest, silent) {
                Some(end) => rest = &rest[end..],
                None => unclosed.push(silent),
            }
        }
    }
    writer.say(rest);
    (writer.text, writer.quoted_at)
}

/// What was not closed.
#[derive(Default)]
struct Open {
    comment: bool,
    quote: bool,
}

/// The end of the tag at the start of the text. A `>` in an attribute does not end it. `None` if nothing ends it.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('>', None) => return Some(at + 1),
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

/// The place of the tag that closes an element.
fn end_of_element(text: &str, name: &str) -> Option<usize> {
    let is_end = |at: &usize| {
        let after = text.as_bytes().get(at + 2..at + 2 + name.len());
        after.is_some_and(|after| after.eq_ignore_ascii_case(name.as_bytes()))
    };
    text.match_indices("</").map(|(at, _)| at).find(is_end)
}

/// The element that the tag opens, if readers do not see it.
fn hidden(tag: &str) -> Option<&'static str> {
    let name = HIDEABLE.into_iter().find(|name| {
        let (start, after) = (tag.get(..name.len()), tag.as_bytes().get(name.len()));
        start.is_some_and(|start| start.eq_ignore_ascii_case(name)) && after.is_some_and(u8::is_ascii_whitespace)
    })?;
    let style: String = attribute(tag, "style")?.to_ascii_lowercase().split_whitespace().collect();
    style.contains("display:none").then_some(name)
}

/// The place behind the tag that closes an element, which may hold others of its name.
fn end_of_nested(text: &str, name: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 1_usize;
    for (at, _) in text.match_indices('<') {
        let closes = bytes.get(at + 1) == Some(&b'/');
        let start = at + 1 + usize::from(closes);
        let is_name = bytes.get(start..start + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
            && bytes.get(start + name.len()).is_none_or(|after| !after.is_ascii_alphanumeric());
        if !is_name {
            continue;
        }
        depth = if closes { depth - 1 } else { depth + 1 };
        if depth == 0 {
            return text[at..].find('>').map(|end| at + end + 1);
        }
    }
    None
}

#[derive(Default)]
struct Writer {
    text: String,
    quoted_at: Option<usize>,
    depth: usize,
    /// Whether blanks wait to be written as one.
    blank: bool,
    /// The address of the open link, and where its text begins.
    link: Option<(String, usize)>,
    preformatted: bool,
}

impl Writer {
    fn say(&mut self, words: &str) {
        let mut rest = words;
        while let Some(c) = rest.chars().next() {
            let entity = rest.strip_prefix('&').and_then(|after| after.bytes().take(10).position(|byte| byte == b';'));
            let entity = entity.filter(|end| *end > 0);
            let length = match entity {
                Some(end) => end + 2,
                None => c.len_utf8(),
            };
            let (piece, after) = rest.split_at(length);
            rest = after;
            match piece {
                "\n" if self.preformatted => self.line(),
                // No-break spaces in HTML are for the layout.
                " " | "\t" | "\r" | "\n" | "\u{a0}" | "&nbsp;" | "&#160;" | "&#xa0;" | "&#xA0;" => self.blank = true,
                _ => self.word(piece, entity.is_some()),
            }
        }
    }

    fn word(&mut self, piece: &str, is_entity: bool) {
        if self.is_at_line_start() {
            self.text.push_str(&"> ".repeat(self.depth.min(DEEPEST)));
        } else if self.blank {
            self.text.push(' ');
        }
        self.blank = false;
        if is_entity {
            add_html_token(&mut self.text, piece.as_bytes(), false);
        } else {
            self.text.push_str(piece);
        }
    }

    fn is_at_line_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }

    /// Ends the line, unless it is empty.
    fn line(&mut self) {
        self.blank = false;
        if !self.is_at_line_start() {
            self.text.push('\n');
        }
    }

    /// Reads a tag. Returns the element if its content is no text.
    fn tag(&mut self, tag: &str) -> Option<&'static str> {
        let closes = tag.starts_with('/');
        let tag = tag.trim_start_matches('/').trim_end_matches('/');
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        if !closes {
            self.mark_quote(tag);
        }
        match name.as_str() {
            "br" => {
                self.blank = false;
                self.text.push('\n');
            }
            "blockquote" => {
                self.line();
                self.depth = if closes { self.depth.saturating_sub(1) } else { self.depth + 1 };
            }
            "a" if closes => self.end_link(),
            "a" => self.link = attribute(tag, "href").map(|address| (address, self.text.len())),
            "td" | "th" => self.blank = true,
            // Some programs send smileys as pictures.
            "img" => {
                if let Some(smiley) = attribute(tag, "alt").filter(|alt| !alt.is_ascii() && alt.chars().count() <= 8) {
                    self.word(&smiley, false);
                }
            }
            name if BLOCKS.contains(&name) => {
                self.preformatted = name == "pre" && !closes;
                self.line();
                if name == "p" && closes && !self.text.ends_with("\n\n") {
                    self.text.push('\n');
                }
                if name == "li" && !closes {
                    self.word("-", false);
                    self.blank = true;
                }
            }
            _ => {}
        }
        SILENT.into_iter().find(|silent| !closes && *silent == name)
    }

    /// Writes the address behind the text of a link, unless the text is the address.
    fn end_link(&mut self) {
        let Some((address, start)) = self.link.take() else { return };
        let said = self.text.get(start..).unwrap_or_default().trim().trim_end_matches('/');
        let is_followed = ["http://", "https://", "mailto:"].iter().any(|scheme| address.starts_with(scheme));
        let plain = address.trim_start_matches("mailto:").trim_end_matches('/');
        if is_followed && !said.is_empty() && said != plain && !plain.ends_with(&format!("://{said}")) {
            self.text.push_str(&format!(" <{}>", address.replace(char::is_whitespace, "%20")));
        }
    }

    fn mark_quote(&mut self, tag: &str) {
        let lower = |name| attribute(tag, name).unwrap_or_default().to_ascii_lowercase();
        // Programs put something in front of ids and classes that come from a quoted letter: `x_gmail_quote`. GMX and web.de have a
        // name instead.
        let is_marked = || {
            let marks = format!("{} {}", lower("class"), lower("id"));
            marks.split_whitespace().any(|mark| QUOTES.contains(&mark)) || lower("name") == "quote"
        };
        if self.quoted_at.is_none() && tag.contains('=') && is_marked() {
            self.line();
            self.quoted_at = Some(self.text.len());
        }
    }
}

/// The value of an attribute of a tag, with the entities that addresses have.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let found = lower.match_indices(name).find(|(at, _)| {
        let before = lower[..*at].chars().next_back();
        let after = lower[at + name.len()..].trim_start();
        before.is_some_and(|c| c.is_whitespace() || matches!(c, '"' | '\'')) && after.starts_with('=')
    });
    let (at, _) = found?;
    let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split_whitespace().next()?,
    };
    Some(value.trim().replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// M-07
    #[test]
    fn html_as_text_as_a_table() {
        let cases = [
            ("a <b>b</b>\n c", "a b c"),
            ("<p>a</p><p>b</p>", "a\n\nb\n\n"),
            ("<div>a</div><div>b<br>c</div>", "a\nb\nc\n"),
            ("<div>a</div><div><br></div><div>b</div>", "a\n\nb\n"),
            ("<ul><li>a</li><li>b</li></ul>", "- a\n- b\n"),
            ("a&nbsp;&amp;&#228;&#x41;&lt;b&gt; &unknown; & ;", "a &äA<b> &unknown; & ;"),
            ("<head><title>t</title></head><style>p{}</style><script>a<b</script>x<!-- <p> -->y", "xy"),
            ("<a href=\"https://x.example/a?b=1&amp;c=2\">here</a>.", "here <https://x.example/a?b=1&c=2>."),
            ("<a href='https://x.example/'>x.example</a> <a href=mailto:a@b.example>a@b.example</a>", "x.example a@b.example"),
            ("<a href=\"javascript:x\">here</a>", "here"),
            ("a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e", "a\n> b\n> c\n> > d\ne"),
            ("1 < 2 <3", "1 < 2 <3"),
            ("<img alt=\">\" src=x>a", "a"),
            ("a<p title=\"", "a<p title=\""),
            ("a<p title=\"b>c<b>d", "a\ncd"),
            ("a<!-- b <p>c", "ac"),
            ("Hi <img alt='😀' src=x> <img alt=logo>", "Hi 😀"),
            ("<!--[if mso]><p>x</p><![endif]-->a<![if !mso]>b<![endif]>c", "abc"),
            ("<pre>a\n  b</pre>", "a\nb\n"),
            ("a<div style=\"DISPLAY : none; x: y\">b<div>c</div>d</div>e", "a\ne"),
            ("a<span style='display:none'>b", "ab"),
            ("a<div style=\"display:block\">b</div>", "a\nb\n"),
        ];
        for (html, text) in cases {
            assert_eq!(to_text(html).0, text, "{html}");
        }
    }

    /// M-06
    #[test]
    fn what_a_mail_program_marks_as_quoted_is_told_apart() {
        for mark in [
            "class=\"gmail_quote gmail_x\"",
            "id=divRplyFwdMsg",
            "id='appendonsend'",
            "name=\"quote\"",
            "class=\"x moz-cite-prefix\"",
        ] {
            let (text, at) = to_text(&format!("<p>new</p><div {mark}>old</div>"));
            assert_eq!(at.map(|at| (&text[..at], &text[at..])), Some(("new\n\n", "old\n")), "{mark}");
        }
        for mark in ["class=x_gmail_quote", "class=\"quote\"", "data-class=\"gmail_quote\""] {
            assert_eq!(to_text(&format!("<p>new</p><div {mark}>old</div>")).1, None, "{mark}");
        }
    }

    proptest! {
        #[test]
        fn any_html_has_a_text(html in "(<|>|/|!--|-->|&|;|\"|'|=|a|ä|p|br|blockquote|script|href|class|gmail_quote|#x|\\n| ){0,60}|\\PC{0,200}") {
            let (text, at) = to_text(&html);
            prop_assert!(at.is_none_or(|at| text.is_char_boundary(at)));
        }
    }
}
