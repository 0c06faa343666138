//! Splits text into words for searching, and folds different spellings into one form.
//!
//! Case, width, accents, vowel marks and the invisible characters between letters are ignored. German umlauts match both of
//! their other spellings. Text in scripts without spaces, and signs such as `+` and `😀`, are found by any piece of a run.

use std::collections::BTreeSet;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::CodePointMapData;
use icu_properties::props::{CanonicalCombiningClass, GeneralCategory};

use crate::characters::{is_invisible, is_punctuation, joins_words};

/// The number of characters of a word that are compared.
pub(super) const MAX_WORD_CHARS: usize = 64;

/// The length of the pieces that find parts of a run. Longer pieces would make the index larger and improve the search
/// little.
const PIECE: usize = 8;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextPart {
    /// A word, in each of its spellings. It is found by its beginning.
    Word(Vec<String>),
    /// A run of signs, or of letters of a script without spaces. It is found by any piece.
    Run(Vec<char>),
}

impl TextPart {
    /// The index entries for this part.
    pub(super) fn index(self) -> Vec<String> {
        match self {
            Self::Word(spellings) => spellings,
            Self::Run(run) => (0..run.len()).map(|start| piece(&run[start..])).collect(),
        }
    }

    /// The index entries that must all exist to find this part, each in one of its spellings.
    pub(super) fn search(self) -> Vec<Vec<String>> {
        match self {
            Self::Word(spellings) => vec![spellings],
            Self::Run(run) => {
                let last = run.len().saturating_sub(PIECE);
                (0..last).step_by(PIECE).chain([last]).map(|start| vec![piece(&run[start..])]).collect()
            }
        }
    }
}

fn piece(run: &[char]) -> String {
    run.iter().take(PIECE).collect()
}

/// Splits a text into its parts, and returns the characters in it that cannot be searched.
pub(super) fn read(text: &str) -> (Vec<TextPart>, impl Iterator<Item = char>) {
    let mut reader = WordReader::default();
    let mut unread = BTreeSet::new();
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let mut chars = decomposed.chars().peekable();
    while let Some(c) = chars.next() {
        match CharacterKind::of(c, chars.peek().copied()) {
            CharacterKind::Nothing => {}
            CharacterKind::Accent => reader.accent(c),
            CharacterKind::Letter => reader.letter(c),
            CharacterKind::Mark => reader.mark(c),
            CharacterKind::Joined => reader.run(c, false),
            CharacterKind::Sign => reader.run(c, true),
            CharacterKind::Between => {
                reader.end();
                let separates = is_punctuation(c) && !matches!(c, '*' | '\\') || looks_like_punctuation(c);
                if !c.is_whitespace() && !c.is_control() && !separates {
                    unread.insert(c);
                }
            }
        }
    }
    reader.end();
    // Looked up only when it is asked for: a long text of such characters would take milliseconds, and an index does not need them.
    (reader.parts, unread.into_iter().map(move |c| typed(c, text)))
}

/// The character of the text that is or contains this one, such as `～` for `~`.
fn typed(c: char, text: &str) -> char {
    let nfkd = DecomposingNormalizerBorrowed::new_nfkd();
    let contains = |typed: &char| *typed == c || nfkd.normalize(typed.encode_utf8(&mut [0; 4])).contains(c);
    text.chars().find(contains).unwrap_or(c)
}

/// The minus sign and the fraction slash, which `½` contains. They separate words, like the characters that look like them.
fn looks_like_punctuation(c: char) -> bool {
    matches!(c, '\u{2212}' | '\u{2044}')
}

/// Folds letters and digits and keeps all other characters, so that numbers can be found in the result.
pub(crate) fn plain(text: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let mut plain = String::with_capacity(decomposed.len());
    for c in decomposed.chars() {
        match CharacterKind::of(c, None) {
            CharacterKind::Nothing | CharacterKind::Accent => {}
            CharacterKind::Letter => plain.extend(folded(c)),
            CharacterKind::Mark | CharacterKind::Joined | CharacterKind::Sign | CharacterKind::Between => plain.push(c),
        }
    }
    plain
}

/// Whether a character that is not a letter can be searched.
pub(super) fn is_sign(c: char) -> bool {
    match c {
        '#' | '$' | '%' | '&' | '+' | '=' | '@' | '§' | '¶' | '†' | '‡' | '‰' | '‱' => true,
        c if looks_like_punctuation(c) => false,
        _ => {
            !c.is_ascii()
                && matches!(
                    CodePointMapData::<GeneralCategory>::new().get(c),
                    GeneralCategory::MathSymbol | GeneralCategory::CurrencySymbol | GeneralCategory::OtherSymbol
                )
        }
    }
}

/// How the search treats a character.
enum CharacterKind {
    /// Ignored; the word continues after it.
    Nothing,
    /// Ignored, but changes the letter before it.
    Accent,
    /// Part of the letter before it.
    Mark,
    Letter,
    /// A letter of a script without spaces.
    Joined,
    Sign,
    Between,
}

impl CharacterKind {
    fn of(c: char, next: Option<char>) -> Self {
        if c.is_ascii_alphanumeric() {
            return Self::Letter;
        }
        if c.is_ascii() {
            // In front of a digit, `#` marks a number.
            let numbers = c == '#' && next.is_some_and(|next| digit(next).is_some());
            return if is_sign(c) && !numbers { Self::Sign } else { Self::Between };
        }
        // The Arabic tatweel, which lengthens words, and skin tones.
        if is_invisible(c) && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
            || matches!(c, '\u{640}' | '\u{1f3fb}'..='\u{1f3ff}')
        {
            return Self::Nothing;
        }
        let category = CodePointMapData::<GeneralCategory>::new().get(c);
        let is_mark =
            matches!(category, GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark);
        match CodePointMapData::<CanonicalCombiningClass>::new().get(c).0 {
            // Marks above, below and through a letter, and the vowels of Hebrew and Arabic. Other marks, in Indian scripts,
            // Thai and Japanese, make a different letter.
            1 | 10..=36 | 200..=240 => return Self::Accent,
            _ => {}
        }
        match c {
            // Apostrophes that Unicode counts as letters. The usual ones are punctuation.
            '\u{2bb}' | '\u{2bc}' => Self::Between,
            _ if digit(c).is_some() => Self::Letter,
            _ if joins_words(c) && (c.is_alphanumeric() || is_mark) => Self::Joined,
            _ if is_mark => Self::Mark,
            _ if c.is_alphanumeric() => Self::Letter,
            _ if is_sign(c) => Self::Sign,
            _ => Self::Between,
        }
    }
}

/// Collects the parts of a text.
#[derive(Default)]
struct WordReader {
    parts: Vec<TextPart>,
    /// The word being read: plain, and in the German spelling.
    word: [String; 2],
    run: String,
    run_of_signs: bool,
}

impl WordReader {
    fn letter(&mut self, c: char) {
        self.end_run();
        for letter in folded(c) {
            match spellings(letter) {
                Some(spellings) => self.word.iter_mut().zip(spellings).for_each(|(word, letters)| word.push_str(letters)),
                None => self.word.iter_mut().for_each(|word| word.push(letter)),
            }
        }
    }

    fn accent(&mut self, c: char) {
        let extra = match (self.word[0].chars().next_back(), c) {
            (Some('a' | 'o' | 'u'), '\u{308}') => 'e',
            (Some('a'), '\u{30a}') => 'a',
            _ => return,
        };
        self.word[1].push(extra);
    }

    fn mark(&mut self, c: char) {
        if !self.run.is_empty() {
            self.run.push(c);
        } else if !self.word[0].is_empty() {
            self.word.iter_mut().for_each(|word| word.push(c));
        }
    }

    fn run(&mut self, c: char, signs: bool) {
        self.end_word();
        if self.run_of_signs != signs {
            self.end_run();
        }
        self.run_of_signs = signs;
        self.run.push(c);
    }

    fn end(&mut self) {
        self.end_word();
        self.end_run();
    }

    fn end_word(&mut self) {
        let [plain, german]: [String; 2] =
            std::mem::take(&mut self.word).map(|word| composed(&word).chars().take(MAX_WORD_CHARS).collect());
        match (plain, german) {
            (plain, _) if plain.is_empty() => {}
            (plain, german) if plain == german => self.parts.push(TextPart::Word(vec![plain])),
            (plain, german) => self.parts.push(TextPart::Word(vec![plain, german])),
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        if !run.is_empty() {
            self.parts.push(TextPart::Run(composed(&run).chars().collect()));
        }
    }
}

fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// Folds a letter to lower case and a digit to ASCII. Goes through upper case, so that `ss` finds `ß`, either form of the
/// Greek sigma finds the other, and `i` finds the Turkish `ı`.
fn folded(letter: char) -> impl Iterator<Item = char> {
    let letter = digit(letter).unwrap_or(letter);
    letter.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// The ASCII digit for a digit of any script.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 19] = [
        0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
        0x17e0, 0x1810,
    ];
    let zero = ZEROS.into_iter().find(|zero| (*zero..zero + 10).contains(&u32::from(c)))?;
    char::from_digit(u32::from(c) - zero, 10)
}

/// Letters that Unicode does not decompose but people write with other letters: the plain spelling, and that of German and
/// its neighbours.
fn spellings(letter: char) -> Option<[&'static str; 2]> {
    Some(match letter {
        'æ' => ["ae"; 2],
        'œ' => ["oe"; 2],
        'ø' => ["o", "oe"],
        'đ' | 'ð' => ["d"; 2],
        'ħ' => ["h"; 2],
        'ł' => ["l"; 2],
        'ŋ' => ["n"; 2],
        'ŧ' => ["t"; 2],
        'þ' => ["th"; 2],
        'ة' => ["ه"; 2],
        'ى' | 'ی' => ["ي"; 2],
        'ک' => ["ك"; 2],
        'ٱ' => ["ا"; 2],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(text: &str) -> BTreeSet<String> {
        read(text).0.into_iter().flat_map(TextPart::index).collect()
    }

    #[track_caller]
    fn index_is(text: &str, expected: &[&str]) {
        assert_eq!(index(text), expected.iter().map(|word| (*word).to_owned()).collect(), "{text}");
    }

    #[test]
    fn words_stand_between_what_is_no_letter() {
        index_is("The printer's SILENT, no. 3/4_b", &["the", "printer", "s", "silent", "no", "3", "4", "b"]);
        index_is("geht´s nicht…", &["geht", "s", "nicht"]);
        index_is("हिन्दी में", &["हिन्दी", "में"]);
        index_is("한국어 프린터가", &["한국어", "프린터가"]);
    }

    #[test]
    fn words_have_the_spellings_that_people_use() {
        index_is("Müller Straße", &["muller", "mueller", "strasse"]);
        index_is("Ørsted Århus", &["orsted", "oersted", "arhus", "aarhus"]);
        index_is("Mueller", &["mueller"]);
        index_is("façade Œuvre Łódź ÞÓR", &["facade", "oeuvre", "lodz", "thor"]);
    }

    #[test]
    fn what_stands_together_is_kept_in_pieces() {
        index_is("打印机", &["打印机", "印机", "机"]);
        index_is("C++", &["c", "++", "+"]);
        assert!(index(&"打印机不响了".repeat(3)).iter().all(|piece| piece.chars().count() <= PIECE));
        let long: Vec<char> = "一二三四五六七八九十".chars().collect();
        let pieces = |count: usize| TextPart::Run(long[..count].to_vec()).search().concat();
        assert_eq!(pieces(8), ["一二三四五六七八"]);
        assert_eq!(pieces(10), ["一二三四五六七八", "三四五六七八九十"]);
        assert_eq!(pieces(1), ["一"]);
    }

    #[test]
    fn what_is_not_read_is_told() {
        let unread = |text: &str| read(text).1.collect::<String>();
        assert_eq!(unread("print* | a~b <c>, d. (e) – f_g"), "*<>|~");
        assert_eq!(unread("10～20 ｜ ＊"), "＊｜～");
        assert_eq!(unread("½ 2⅓ ⅟ 3⁄4 −5 ↉ № 7 ℀ ㏂ ㈱ ⑴ ﬁ ㎏ … ´ ¨ ﷺ"), "");
        assert_eq!(unread("C++ & 100 % § 5 a@b.example #1 😀 \u{200b}"), "");
    }
}
