//! Finds links in text that people typed. Pure, and the same for pages and letters.
//!
//! The crate `linkify` finds links too, but it ends them elsewhere: of the cases in the tests below, half fail with it, among
//! them quotation marks of other languages, a sentence that goes on without a space, and `&gt;` from copied HTML.

use icu_properties::props::{BidiMirroringGlyph, BidiPairedBracketType, QuotationMark, TerminalPunctuation};
use icu_properties::{CodePointMapData, CodePointSetData};

use crate::characters::{is_invisible, is_punctuation, joins_words};

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Text(&'a str),
    /// A URL that begins with `http://` or `https://`, in any case.
    Link(&'a str),
}

/// Splits a text into links and plain text. The pieces in a row are the whole text. Takes linear time.
///
/// Punctuation around a link is not part of it: full stops, quotation marks, and brackets without a partner inside the
/// link. `&gt;` from copied HTML is not part of it either, and neither is text that follows without a space but cannot be
/// part of a URL.
///
/// ```
/// use muticket_core::ticket::{Piece, pieces};
///
/// let found: Vec<_> = pieces("See (https://a.example/b_(c)).").collect();
/// assert_eq!(found, [Piece::Text("See ("), Piece::Link("https://a.example/b_(c)"), Piece::Text(").")]);
/// ```
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    // Most texts have no link and need no further work.
    let pairs = if text.contains("://") { Pairs::of(text) } else { Pairs::default() };
    let mut rest = 0;
    let mut found = None;
    std::iter::from_fn(move || {
        if let Some((start, end)) = found.take() {
            rest = end;
            return Some(Piece::Link(&text[start..end]));
        }
        if rest == text.len() {
            return None;
        }
        found = next_link(text, rest, &pairs);
        let start = found.map_or(text.len(), |(start, _)| start);
        if start == rest {
            let (start, end) = found.take()?;
            rest = end;
            return Some(Piece::Link(&text[start..end]));
        }
        let before = &text[rest..start];
        rest = start;
        Some(Piece::Text(before))
    })
}

/// The length of the scheme at the beginning of a text; `None` without one.
fn scheme(text: &str) -> Option<usize> {
    let begins = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["https://", "http://"].into_iter().find(|scheme| begins(scheme)).map(str::len)
}

/// The start and end of the next link.
fn next_link(text: &str, mut from: usize, pairs: &Pairs) -> Option<(usize, usize)> {
    while let Some(found) = text[from..].find("://") {
        let colon = from + found;
        from = colon + "://".len();
        // Only the letters right before `://` can be the scheme, so both lengths are tried.
        let starts = ["https", "http"].into_iter().filter_map(|name| colon.checked_sub(name.len()));
        let begins = |start: &usize| text.is_char_boundary(*start) && scheme(&text[*start..]) == Some(from - *start);
        let Some(start) = starts.into_iter().find(begins) else { continue };
        let continues_word = |c: char| c.is_alphanumeric() && !joins_words(c) && !is_korean(c);
        if text[..start].chars().next_back().is_some_and(continues_word)
            || !text[from..].starts_with(|c: char| c.is_alphanumeric() || c == '[')
        {
            continue;
        }
        let end = link_end(text, start, from, pairs);
        if end > from {
            return Some((start, end));
        }
    }
    None
}

/// Korean words take their endings without a space.
fn is_korean(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// Finds the end of a link that begins at `start` and whose host begins at `host`.
fn link_end(text: &str, start: usize, host: usize, pairs: &Pairs) -> usize {
    let ends = |(at, c): (usize, char)| {
        let at = host + at;
        match bracket(c) {
            Some(Bracket::Close) => pairs.opener_of(at).is_none_or(|opener| opener < start),
            // A round or square ASCII bracket in a URL may be unpaired.
            Some(Bracket::Open) => !c.is_ascii() && !pairs.is_closed(at),
            None => stops(c) || separates(text, at, c),
        }
    };
    let end = text[host..].char_indices().find(|(at, c)| ends((*at, *c))).map_or(text.len(), |(at, _)| host + at);
    let own = own_part(&text[host..end]);
    let mut trimmed = without_marks(own);
    // A reference at the end, such as `&amp;`, is part of the sentence, too.
    while let Some(at) = reference_at_end(trimmed, own) {
        trimmed = without_marks(&trimmed[..at]);
    }
    host + trimmed.len()
}

/// Removes the marks of a sentence at the end.
fn without_marks(link: &str) -> &str {
    link.trim_end_matches(|c: char| match bracket(c) {
        // A closing bracket without a partner has already ended the link.
        Some(Bracket::Close) => false,
        Some(Bracket::Open) => true,
        None => matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_') || (!c.is_ascii() && is_punctuation(c)),
    })
}

/// The position of the character reference that ends the link, without its semicolon.
fn reference_at_end(link: &str, whole: &str) -> Option<usize> {
    if !whole[link.len()..].starts_with(';') {
        return None;
    }
    const LONGEST: usize = 8;
    let word = link.bytes().rev().take(LONGEST).take_while(u8::is_ascii_alphanumeric).count();
    let before = link[..link.len() - word].strip_suffix('#').unwrap_or(&link[..link.len() - word]);
    (word > 0 && before.ends_with('&')).then(|| before.len() - 1)
}

/// The beginning of a text after `://` that can be part of a URL. In scripts without spaces the sentence goes on right behind it.
///
/// Other programs draw this line in different places: GitHub and Slack take everything up to the next space, X takes no Chinese and no
/// Japanese. But real URLs have both in their paths, so only this is left out: what cannot be part of a host (no top-level domain mixes
/// scripts) or of a port, and hiragana behind a Latin letter or a digit. Japanese particles and endings are written in hiragana. In
/// titles, kanji or katakana follow Latin letters.
fn own_part(text: &str) -> &str {
    let authority = text.find(['/', '?', '#']).unwrap_or(text.len());
    if let Some(end) = authority_end(&text[..authority]) {
        return &text[..end];
    }
    let mut before = '/';
    let particle = text[authority..].char_indices().find(|(_, c)| {
        let begins = before.is_ascii_alphanumeric() && is_hiragana(*c);
        before = *c;
        begins
    });
    particle.map_or(text, |(at, _)| &text[..authority + at])
}

/// Where a host and port end, if the text goes on behind them without a `/`.
fn authority_end(authority: &str) -> Option<usize> {
    let ends_word = |c: char| joins_words(c) || is_korean(c);
    let last = authority.rfind(['.', ':']).map_or(0, |at| at + 1);
    let label = &authority[last..];
    let ascii = label.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(label.len());
    (ascii > 0 && label[ascii..].starts_with(ends_word)).then_some(last + ascii)
}

fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{309f}')
}

/// Characters that are not part of a URL: spaces, invisible characters, some characters that the standard excludes, and
/// non-ASCII punctuation. ASCII punctuation is common in URLs and ends one only if nothing else follows.
fn stops(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_whitespace()
            || c.is_ascii_control()
            || matches!(c, '<' | '>' | '"' | '`' | '\\' | '^' | '{' | '|' | '}');
    }
    // The apostrophe may be part of a name.
    let quotes = c != '\u{2019}' && CodePointSetData::new::<QuotationMark>().contains(c);
    let ends_sentence =
        CodePointSetData::new::<TerminalPunctuation>().contains(c) || matches!(c, '…' | '‥' | '⋯' | '᠁' | '＜' | '＞');
    c.is_whitespace() || is_invisible(c) || quotes || ends_sentence
}

/// Whether the character ends a link because of what follows it: another link, or the rest of a character reference.
fn separates(text: &str, at: usize, c: char) -> bool {
    // In text copied from HTML, these stand for characters that are not part of a URL.
    const REFERENCES: [&str; 8] = ["&lt;", "&gt;", "&quot;", "&nbsp;", "&#34;", "&#60;", "&#62;", "&#160;"];
    match c {
        // A URL often contains another one, but not after a comma or semicolon.
        ',' | ';' => scheme(&text[at + c.len_utf8()..]).is_some(),
        '&' => REFERENCES.iter().any(|reference| text[at..].starts_with(reference)),
        _ => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bracket {
    Open,
    Close,
}

fn bracket(c: char) -> Option<Bracket> {
    match c {
        '(' | '[' => Some(Bracket::Open),
        ')' | ']' => Some(Bracket::Close),
        _ if c.is_ascii() => None,
        _ => match CodePointMapData::<BidiMirroringGlyph>::new().get(c).paired_bracket_type {
            BidiPairedBracketType::Open => Some(Bracket::Open),
            BidiPairedBracketType::Close => Some(Bracket::Close),
            _ => None,
        },
    }
}

/// Pairs of brackets with nothing between them that would end a link. Computed once for the whole text: searching for the
/// partner of each bracket would take quadratic time.
#[derive(Debug, Default)]
struct Pairs {
    /// The positions (closing, opening) of all pairs, sorted.
    by_close: Vec<(usize, usize)>,
    /// The positions of the opening brackets, sorted.
    opened: Vec<usize>,
}

impl Pairs {
    fn of(text: &str) -> Self {
        let mut pairs = Self::default();
        let mut open: Vec<(usize, char)> = Vec::new();
        for (at, c) in text.char_indices() {
            match bracket(c) {
                Some(Bracket::Open) => open.push((at, c)),
                Some(Bracket::Close) => match open.pop() {
                    Some((opener, sign)) if is_partner(sign, c) => pairs.by_close.push((at, opener)),
                    _ => open.clear(),
                },
                None if stops(c) || separates(text, at, c) => open.clear(),
                None => {}
            }
        }
        pairs.opened = pairs.by_close.iter().map(|(_, opener)| *opener).collect();
        pairs.opened.sort_unstable();
        pairs
    }

    fn opener_of(&self, close: usize) -> Option<usize> {
        let place = self.by_close.binary_search_by_key(&close, |(close, _)| *close).ok()?;
        self.by_close.get(place).map(|(_, opener)| *opener)
    }

    fn is_closed(&self, opener: usize) -> bool {
        self.opened.binary_search(&opener).is_ok()
    }
}

fn is_partner(open: char, close: char) -> bool {
    CodePointMapData::<BidiMirroringGlyph>::new().get(open).mirroring_glyph == Some(close)
}

#[cfg(test)]
mod tests;
