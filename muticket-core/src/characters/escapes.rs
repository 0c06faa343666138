//! Removes the escape sequences that programs send to a terminal.

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Removes terminal escape sequences (ECMA-48): colours, titles of windows, links, and character sets. An incomplete sequence stays as
/// text.
pub(crate) fn without_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains([ESCAPE, SHORT]) {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([ESCAPE, SHORT]) {
        kept.push_str(&rest[..at]);
        rest = after_escape(&rest[at..]);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

const ESCAPE: char = '\u{1b}';

/// An escape and `[` in one character.
const SHORT: char = '\u{9b}';

/// What follows the escape sequence at the beginning of a text.
fn after_escape(text: &str) -> &str {
    let mut chars = text.chars();
    let kind = match chars.next() {
        Some(SHORT) => Some('['),
        _ => chars.next(),
    };
    let body = chars.as_str();
    let end = match kind {
        Some('[') => ends_at(body, '@'..='~'),
        Some(' '..='/') => ends_at(body, '0'..='~'),
        // A string for the terminal, up to a bell or to an escape and `\`. It has one line.
        Some(']' | 'P' | 'X' | '^' | '_') => body.find([ESCAPE, '\u{7}', '\n', '\r']).and_then(|end| match &body[end..] {
            rest if rest.starts_with('\u{7}') => Some(end + 1),
            rest => rest.starts_with("\u{1b}\\").then_some(end + 2),
        }),
        _ => None,
    };
    // Without an end, only the escape is removed.
    let first = text.chars().next().map_or(0, char::len_utf8);
    end.map_or(&text[first..], |end| &body[end..])
}

/// The end of a sequence that has parameters, and then one of these characters.
fn ends_at(body: &str, last: RangeInclusive<char>) -> Option<usize> {
    let parameters = if last.contains(&'0') { ' '..='/' } else { ' '..='?' };
    let end = body.find(|c: char| !parameters.contains(&c))?;
    body[end..].starts_with(|c: char| last.contains(&c)).then_some(end + 1)
}
