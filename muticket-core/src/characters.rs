//! What single characters are, by the tables of Unicode. Pure.

use icu_properties::props::{DefaultIgnorableCodePoint, GeneralCategory, Script};
use icu_properties::{CodePointMapData, CodePointSetData};

/// Whether a character shows nothing and takes no room: control characters, characters of width zero, the marks that turn the direction of
/// writing, fillers, and what is no character at all. A blank is not meant; see [`is_blank`].
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
        // Signs that are drawn as nothing, the marks around ruby, and the two line separators, which is no reason to show them.
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2800}' | '\u{fff9}'..='\u{fffb}' | '\u{16fe4}' | '\u{1d159}')
        // The last two of each plane are no characters, and neither are those 32.
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(c, '\u{fdd0}'..='\u{fdef}')
}

/// Whether nobody could read a text, or click on it: there are only blanks and [invisible](is_invisible) characters in it, or nothing.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Whether a character belongs to a script that leaves no blanks between words, such as Chinese, Japanese or Thai.
pub fn joins_words(c: char) -> bool {
    // The sign for a long vowel belongs to two scripts, so Unicode gives it none.
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

/// Whether a character is a mark between words, such as a dash, a bracket, a stop or a quotation mark.
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
            '\u{fffa}',
            '\u{ffff}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e01ef}',
            '\u{fdd0}',
        ];
        for c in nothing {
            assert!(is_invisible(c), "{:x}", u32::from(c));
        }
        for c in ['a', '7', '.', 'ß', 'й', '打', 'ก', '\u{e35}', '\u{301}', '\u{600}', '\u{fffd}', '\u{e000}', '😀', '🏽']
        {
            assert!(!is_invisible(c), "{:x}", u32::from(c));
        }
    }

    #[test]
    fn a_text_of_blanks_and_invisible_characters_is_blank() {
        for text in ["", " \t\n", "\u{a0}\u{2003}\u{3000}", "\u{200b} \u{3164}", "\u{2800}\u{115f}\u{feff}", "\u{202e}\u{2066}"] {
            assert!(is_blank(text), "{text:?}");
        }
        for text in [".", "\u{200b}a", "-", "😀", "\u{fffd}"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn scripts_without_blanks_join_their_words() {
        assert!("打印机プリンターぷりんた々เครื่องភាសាမြန်".chars().all(joins_words));
        assert!(!"Printer1über принтер 프린터 مرحبا मुद्रक 😀。".chars().any(joins_words));
    }
}
