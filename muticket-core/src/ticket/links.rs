//! Finds links in text that people typed. Pure, and the same for pages and letters.

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
/// Punctuation around a link is not part of it: full stops, quotation marks, and brackets without a partner inside the link.
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
            None => stops(c) || joins_links(text, at, c),
        }
    };
    let end = text[host..].char_indices().find(|(at, c)| ends((*at, *c))).map_or(text.len(), |(at, _)| host + at);
    let trimmed = text[host..end].trim_end_matches(|c: char| match bracket(c) {
        // A closing bracket without a partner has already ended the link.
        Some(Bracket::Close) => false,
        Some(Bracket::Open) => true,
        None => matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_') || (!c.is_ascii() && is_punctuation(c)),
    });
    host + trimmed.len()
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

/// Whether the character separates two links. A URL often contains another one, but not after a comma or semicolon.
fn joins_links(text: &str, at: usize, c: char) -> bool {
    matches!(c, ',' | ';') && scheme(&text[at + c.len_utf8()..]).is_some()
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
                None if stops(c) || joins_links(text, at, c) => open.clear(),
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
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<&str> {
        let whole: String = pieces(text)
            .map(|piece| match piece {
                Piece::Text(part) | Piece::Link(part) => part,
            })
            .collect();
        assert_eq!(whole, text);
        assert!(!pieces(text).any(|piece| matches!(piece, Piece::Text("") | Piece::Link(""))), "{text}");
        pieces(text).filter_map(|piece| if let Piece::Link(link) = piece { Some(link) } else { None }).collect()
    }

    #[test]
    fn marks_of_the_sentence_stay_outside() {
        const LINK: &str = "https://a.example/x";
        let around = "„$“ “$” ”$” »$« «$» ‹$› ›$‹ ‘$’ ‚$‘ ’$’ 「$」 『$』 〈$〉 《$》 【$】 〔$〕 （$） ［$］ ｛$｝ ＜$＞ ｢$｣ 〝$〞 ＂$＂ '$' \"$\" \
            `$` ($) [$] {$} <$> ⟨$⟩ ⟦$⟧ ($), [text]($). „$“. („$“) $. $, $; $: $! $? $?! $... $… $。 $、 $， $！ $？ $： $； $． $｡ $､ $، $؛ \
            $؟ $۔ $। $॥ $။ $។ $։ $። $– $— $。そして $，然后 “$”and （$）です ($)です 「$」を見て $…und *$* _$_ **$** 请看$ こちら$ 주소는$ \
            ที่$ ดู$。 ，$ …$ $( $[ $[( $（ $「 $） $）（ $(。)";
        let blanks = [
            "« $ »",
            "$ –",
            "$\u{3000}x",
            "$\u{a0}x",
            "$\u{2028}x",
            "$\u{200b}",
            "$\u{feff}x",
            "$\u{ad}",
            "$\u{2060}",
            "\u{200b}$",
        ];
        for sentence in around.split(' ').filter(|part| !part.is_empty()).chain(blanks) {
            assert_eq!(links(&sentence.replace('$', LINK)), [LINK], "{sentence}");
        }
    }

    #[test]
    fn what_belongs_to_an_address_stays_in_it() {
        let whole = [
            "http://a.example/b_(c)",
            "https://a.example/(a)(b)/[c]",
            "https://zh.example/苹果（公司）",
            "https://ja.example/「あ」",
            "https://bücher.example/straße?q=ä#ö",
            "https://例え.example/テスト",
            "https://[2001:db8::1]:8080/x",
            "http://127.0.0.1:8000/a?b=1&c=2",
            "https://a.example/?to=https://b.example/x",
            "https://a.example/web/2020/http://b.example",
            "https://a.example/a,b;c:d!e'f*g_h~",
            "https://a.example/Hobson’s_choice",
            "https://a.example/Michelson–Morley",
            "https://a.example/x-",
            "https://a.example/%E2%80%9C",
            "Https://a.example/x",
            "HTTPS://A.EXAMPLE",
            "hTTp://a.example",
        ];
        for link in whole {
            assert_eq!(links(link), [link]);
            assert_eq!(links(&format!("({link})")), [link]);
            assert_eq!(links(&format!("a {link} b")), [link]);
        }
    }

    #[test]
    fn two_links_are_two() {
        for between in [",", ", ", ";", "，", "、", " ", "\n", "\u{200b}", ") (", "“, „", "|"] {
            let text = format!("https://a.example/x{between}HTTP://b.example/y");
            assert_eq!(links(&text), ["https://a.example/x", "HTTP://b.example/y"], "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_no_link() {
        for text in [
            "",
            "http",
            "https://",
            "http:// x",
            "https://)",
            "https://[",
            "https://[[((",
            "xhttps://a.example",
            "1http://a.example",
            "https:/a",
            "httpss://a.example",
            "shttp://a.example",
            "ftp://a.example",
            "javascript://a.example",
            "://a.example",
            "ähttps://a.example",
            "https://。",
            "https://“",
            "ſttp://a.example",
            "hßttps://",
        ] {
            assert_eq!(links(text), [""; 0], "{text}");
        }
    }

    /// P-19: each of these texts would take minutes with an algorithm of quadratic time.
    #[test]
    fn a_text_made_to_take_long_does_not() {
        for part in [
            "https://",
            "https://a",
            "https://a.example/",
            "(",
            "https://(",
            "https://a（",
            "https://a(",
            "https://a（)",
            "（https://a",
            "https://[",
            "https://a,",
            "https://a.,;",
            ")",
            "http",
            "://",
            "https://a（]",
            "（https://a）",
            "「",
            "https://a…",
        ] {
            let text = part.repeat(200_000 / part.len());
            assert_eq!(
                pieces(&text)
                    .map(|piece| match piece {
                        Piece::Text(part) | Piece::Link(part) => part.len(),
                    })
                    .sum::<usize>(),
                text.len()
            );
        }
        let closed = format!("https://a.example/{}{}", "(".repeat(50_000), ")".repeat(50_000));
        assert_eq!(links(&closed), [closed.as_str()]);
    }
}
