//! Properties of single characters, from the Unicode tables, and functions that clean text. Pure.

mod escapes;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{
    DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, PrependedConcatenationMark, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

pub(crate) use crate::characters::escapes::without_escapes;

/// Whether a character is invisible: control characters, zero-width characters, marks that change the writing direction,
/// fillers, and code points that are not characters (`U+FFFE`). Spaces do not count; see [`is_blank`].
///
/// ```
/// use muticket_core::characters::is_invisible;
///
/// assert!(['\u{200b}', '\u{ad}', '\u{3164}', '\u{2800}', '\u{0}'].into_iter().all(is_invisible));
/// assert!(!['a', ' ', '\u{301}', '😀'].into_iter().any(is_invisible));
/// ```
pub fn is_invisible(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || is_noncharacter(c)
        || formats(c)
        // Blank symbols, the two line separators, and the placeholder of a picture that was not copied.
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2800}' | '\u{fffc}' | '\u{16fe4}' | '\u{1d159}')
}

/// The 66 code points that Unicode never assigns to a character.
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

/// Whether the character only controls layout. The Arabic signs that span a number are in this category, but are visible.
fn formats(c: char) -> bool {
    CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::Format
        && !CodePointSetData::new::<PrependedConcatenationMark>().contains(c)
}

/// Whether a text cannot be read or clicked on: it is empty or contains only spaces, [invisible](is_invisible) characters
/// and accents without a letter.
///
/// ```
/// use muticket_core::characters::is_blank;
///
/// assert!(["", " \u{3000}", "\u{200b}\u{115f}", "\u{301}"].into_iter().all(is_blank));
/// assert!(!is_blank("."));
/// ```
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c) || combines(c))
}

/// Whether the character combines with the one before it, such as an accent.
pub(crate) fn combines(c: char) -> bool {
    !c.is_ascii() && GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(c))
}

/// Cleans foreign text for use within a line, such as a name or a subject in a letter: one line, single spaces, and nothing
/// that hides or reorders the text around it.
pub(crate) fn within_line(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for c in without_escapes(text).chars() {
        let begins = clean.is_empty() || clean.ends_with(' ');
        let c = match c {
            c if c.is_control() || c.is_whitespace() => ' ',
            c if shapes(c) && !begins => c,
            c if is_invisible(c) => continue,
            c => c,
        };
        if c == ' ' && begins {
            continue;
        }
        if begins && combines(c) {
            // Without it, the mark would combine with the text before it.
            clean.push('◌');
        }
        clean.push(c);
    }
    clean.truncate(clean.trim_end().len());
    clean
}

/// Whether an invisible character only changes the shape of the character before it, as in Persian, Hebrew, emoji and flags.
fn shapes(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200c}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Converts a text to one line: tabs and line breaks become spaces; other control characters, terminal escape sequences
/// such as colours, and surrounding spaces are removed. Pasted text is repaired rather than refused, because people cannot
/// see which character was wrong.
///
/// ```
/// use muticket_core::characters::one_line;
///
/// assert_eq!(one_line("Invoice\t4711\r\n\u{1b}[31mfailed\u{1b}[0m\0 "), "Invoice 4711 failed");
/// ```
pub fn one_line(text: &str) -> String {
    let text = without_escapes(text).replace("\r\n", "\n");
    let repaired = text.chars().filter_map(|c| match c {
        c if breaks_line(c) || matches!(c, '\t' | '\u{2028}' | '\u{2029}') => Some(' '),
        c => (!c.is_control()).then_some(c),
    });
    repaired.collect::<String>().trim().to_owned()
}

/// Cleans a text of several lines: all line breaks become `\n`, and tabs stay. Other control characters, terminal
/// escape sequences such as colours, empty lines before the text and spaces after it are removed.
///
/// ```
/// use muticket_core::characters::many_lines;
///
/// assert_eq!(many_lines("\r\n  one\r\n\ttwo\u{b}three\0 "), "  one\n\ttwo\nthree");
/// ```
pub fn many_lines(text: &str) -> String {
    let text = without_escapes(text).replace("\r\n", "\n");
    let repaired = text.chars().filter_map(|c| match c {
        c if breaks_line(c) => Some('\n'),
        c => (c == '\t' || !c.is_control()).then_some(c),
    });
    repaired.collect::<String>().trim_start_matches('\n').trim_end().to_owned()
}

/// Line feed, carriage return, vertical tab and form feed (word processors), next line (mainframes).
fn breaks_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}')
}

/// Normalises a name, so that names which look alike become equal: ignores case, width and invisible characters, and
/// collapses spaces. Accents count. Used to compare names that must be unique.
///
/// ```
/// use muticket_core::characters::name_key;
///
/// assert_eq!(name_key(" Ru\u{308}ck\u{ad}gabe "), name_key("ＲÜＣＫＧＡＢＥ"));
/// assert_ne!(name_key("Rückgabe"), name_key("Ruckgabe"));
/// ```
pub fn name_key(name: &str) -> String {
    let visible: String = name.chars().filter(|c| c.is_whitespace() || !is_invisible(*c)).collect();
    let nfkc = ComposingNormalizerBorrowed::new_nfkc();
    // Goes through upper case, where `ß` becomes two letters and the two small Greek sigmas become one.
    let lower: String = nfkc.normalize(&visible).chars().flat_map(char::to_lowercase).collect();
    let folded: String = lower.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    nfkc.normalize(&folded).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character belongs to a script without spaces between words, such as Chinese, Japanese or Thai.
pub fn joins_words(c: char) -> bool {
    // The long vowel mark belongs to two scripts, so Unicode assigns it to neither.
    !c.is_ascii()
        && (matches!(c, '\u{30fc}' | '\u{ff70}')
            || matches!(
                CodePointMapData::<Script>::new().get(c),
                Script::Han
                    | Script::Hiragana
                    | Script::Katakana
                    | Script::Bopomofo
                    | Script::Yi
                    | Script::Thai
                    | Script::Lao
                    | Script::Khmer
                    | Script::Myanmar
                    | Script::Tibetan
                    | Script::NewTaiLue
                    | Script::TaiLe
                    | Script::TaiTham
                    | Script::TaiViet
                    | Script::Javanese
                    | Script::Balinese
            ))
}

/// Whether a character is punctuation, such as a dash, a bracket, a full stop or a quotation mark.
pub(crate) fn is_punctuation(c: char) -> bool {
    matches!(
        CodePointMapData::<GeneralCategory>::new().get(c),
        GeneralCategory::ConnectorPunctuation
            | GeneralCategory::DashPunctuation
            | GeneralCategory::OpenPunctuation
            | GeneralCategory::ClosePunctuation
            | GeneralCategory::InitialPunctuation
            | GeneralCategory::FinalPunctuation
            | GeneralCategory::OtherPunctuation
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_nothing_is_invisible() {
        let nothing = [
            '\0',
            '\t',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180b}',
            '\u{180e}',
            '\u{200b}',
            '\u{200d}',
            '\u{200f}',
            '\u{202e}',
            '\u{2060}',
            '\u{2063}',
            '\u{2069}',
            '\u{206a}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{fffa}',
            '\u{fffb}',
            '\u{fffc}',
            '\u{fffe}',
            '\u{ffff}',
            '\u{fdd0}',
            '\u{fdef}',
            '\u{1ffff}',
            '\u{10fffe}',
            '\u{13437}',
            '\u{1bca2}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e01ef}',
        ];
        for c in nothing {
            assert!(is_invisible(c), "{:x}", u32::from(c));
        }
        for c in [
            'a',
            '7',
            '.',
            'ß',
            'й',
            '打',
            'ก',
            '\u{e35}',
            '\u{301}',
            '\u{600}',
            '\u{6dd}',
            '\u{110bd}',
            '\u{fdcf}',
            '\u{fffd}',
            '\u{e000}',
            '😀',
            '🏽',
        ] {
            assert!(!is_invisible(c), "{:x}", u32::from(c));
        }
    }

    #[test]
    fn a_text_of_blanks_and_invisible_characters_is_blank() {
        for text in ["", " \t\n", "\u{a0}\u{2003}\u{3000}", "\u{200b} \u{3164}", "\u{2800}\u{115f}\u{feff}", "\u{202e}\u{2066}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in ["\u{301}", " \u{308}\u{fe0f}", "\u{93f}", "\u{e31}\u{200b}", "\u{20e3}", "\u{e0100}", "\u{fffc}\n\u{fffe}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in [".", "\u{200b}a", "-", "😀", "\u{fffd}", "e\u{301}", "ก็", "1\u{20e3}", "\u{e000}"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    /// D-10
    #[test]
    fn what_was_pasted_is_repaired() {
        let cases = [
            ("Invoice\t4711\t\t3,50", "Invoice 4711  3,50", "Invoice\t4711\t\t3,50"),
            ("\u{1b}[1;31merror\u{1b}[0m: x\u{1b}[K", "error: x", "error: x"),
            ("a\u{1b}]0;t\u{7}b\u{1b}", "ab", "ab"),
            ("\u{1b}]8;;https://a.example\u{1b}\\x\u{1b}]8;;\u{1b}\\ y", "x y", "x y"),
            ("\u{1b}(B\u{1b}[mok\u{1b}[?25l\u{1b}[38:5:1m!", "ok!", "ok!"),
            ("a\u{1b}[äb\u{1b}[12", "a[äb[12", "a[äb[12"),
            ("a\u{1b}]0;b\nc\u{1b}]\u{1b}[1md\u{1b}(ä", "a]0;b c]d(ä", "a]0;b\nc]d(ä"),
            ("\u{9b}1;31merror\u{9b}0m \u{9b}", "error", "error"),
            ("a\u{b}b\u{c}c\u{85}d\re\r\nf\ng", "a b c d e f g", "a\nb\nc\nd\ne\nf\ng"),
            ("a\0b\u{8}c\u{7f}d\u{9f}e", "abcde", "abcde"),
            ("a\r\n\r\nb", "a  b", "a\n\nb"),
            ("\r\n\u{c} a\u{2028}b \n", "a b", " a\u{2028}b"),
            ("\0\t\u{1b}[31m\r", "", ""),
            ("👩\u{200d}👧 \u{202e}x\u{a0}y", "👩\u{200d}👧 \u{202e}x\u{a0}y", "👩\u{200d}👧 \u{202e}x\u{a0}y"),
        ];
        for (pasted, line, lines) in cases {
            assert_eq!((one_line(pasted).as_str(), many_lines(pasted).as_str()), (line, lines), "{pasted:?}");
            assert_eq!((one_line(line), many_lines(lines)), (line.to_owned(), lines.to_owned()), "twice changes nothing");
        }
    }

    /// P-14
    #[test]
    fn words_within_a_line_neither_end_it_nor_turn_it() {
        let cases = [
            (" a\r\nBcc: b\0\u{85}c\u{2028}d\u{202e}e\t\u{1b}[2J ", "a Bcc: b c de"),
            ("\u{1b}[1;31mAnna\u{1b}[0m \u{9b}4mBerg\u{1b}(B", "Anna Berg"),
            ("\r\n", ""),
            ("\u{200f}\u{202b}a\u{2069}\u{fff9}b\u{feff}c\u{fdd0}", "abc"),
            ("نیم\u{200c}فاصله \u{200d}x", "نیم\u{200c}فاصله x"),
            ("👩\u{200d}🔬 ❤\u{fe0f}", "👩\u{200d}🔬 ❤\u{fe0f}"),
            ("א\u{200f}!", "א\u{200f}!"),
            ("\u{301}a \u{301}b", "◌\u{301}a ◌\u{301}b"),
        ];
        for (text, line) in cases {
            assert_eq!(within_line(text), line, "{text:?}");
            assert_eq!(within_line(line), line, "twice changes nothing");
        }
    }

    #[test]
    fn names_that_look_alike_have_one_key() {
        let alike = [
            ("Billing", " BILLING "),
            ("Ｂｉｌｌｉｎｇ", "billing"),
            ("Rück\u{ad}gabe", "Ru\u{308}ckgabe\u{200b}"),
            ("A  B", "a\u{a0}b"),
            ("A\tB", "a b"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("ﬁx", "FIX"),
            ("ﾌﾟﾘﾝﾀ", "プリンタ"),
        ];
        for (one, other) in alike {
            assert_eq!(name_key(one), name_key(other));
        }
        for (one, other) in [("C", "C++"), ("Zürich", "Zurich"), ("A B", "AB"), ("が", "か")] {
            assert_ne!(name_key(one), name_key(other));
        }
    }

    #[test]
    fn scripts_without_blanks_join_their_words() {
        assert!("打印机プリンターぷりんた々เครื่องភាសាမြန်".chars().all(joins_words));
        assert!(!"Printer1über принтер 프린터 مرحبا मुद्रक 😀。".chars().any(joins_words));
    }
}
