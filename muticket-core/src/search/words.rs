//! How a text is read for searching: what its words are, in one shape for everything that is meant alike.
//!
//! Letters are compared without case, width, accents and vowel marks, and without the invisible characters between them. German umlauts are
//! found by both of their other spellings. Scripts that leave no blanks between words, and signs such as `+` and `😀`, are found by any
//! piece of what stands together.

use std::collections::BTreeSet;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::CodePointMapData;
use icu_properties::props::{CanonicalCombiningClass, GeneralCategory};

use crate::characters::{is_invisible, is_punctuation, joins_words};

/// The most characters of a word that count.
pub(super) const MAX_WORD_CHARS: usize = 64;

/// The length of the pieces by which what stands together is found. Longer ones would make the index larger, and find hardly less.
const PIECE: usize = 8;

/// What stands together in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A word, in each of its spellings: it is found by how it begins.
    Word(Vec<String>),
    /// Letters of a script without blanks, or signs: they are found by any piece of them.
    Run(Vec<char>),
}

impl Part {
    /// What an index holds of a part.
    pub(super) fn index(self) -> Vec<String> {
        match self {
            Self::Word(spellings) => spellings,
            Self::Run(run) => (0..run.len()).map(|start| piece(&run[start..])).collect(),
        }
    }

    /// What has to be in the index, each of them in one of its spellings, so that a part is found.
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

/// The parts of a text, and the signs in it by which nothing is found.
pub(super) fn read(text: &str) -> (Vec<Part>, BTreeSet<char>) {
    let mut reader = Reader::default();
    let mut unread = BTreeSet::new();
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let mut chars = decomposed.chars().peekable();
    while let Some(c) = chars.next() {
        match Kind::of(c, chars.peek().copied()) {
            Kind::Nothing => {}
            Kind::Accent => reader.accent(c),
            Kind::Letter => reader.letter(c),
            Kind::Mark => reader.mark(c),
            Kind::Joined => reader.run(c, false),
            Kind::Sign => reader.run(c, true),
            Kind::Between => {
                reader.end();
                if !c.is_whitespace() && !c.is_control() && (!is_punctuation(c) || matches!(c, '*' | '\\')) {
                    unread.insert(c);
                }
            }
        }
    }
    reader.end();
    (reader.parts, unread)
}

/// A text as numbers are looked for in it: its letters and digits in their plain shape, and what stands between them as it is.
pub(crate) fn plain(text: &str) -> String {
    let decomposed = DecomposingNormalizerBorrowed::new_nfkd().normalize(text);
    let mut plain = String::with_capacity(decomposed.len());
    for c in decomposed.chars() {
        match Kind::of(c, None) {
            Kind::Nothing | Kind::Accent => {}
            Kind::Letter => plain.extend(folded(c)),
            Kind::Mark | Kind::Joined | Kind::Sign | Kind::Between => plain.push(c),
        }
    }
    plain
}

/// Whether a text is looked for by a character although it is no letter.
pub(super) fn is_sign(c: char) -> bool {
    match c {
        '#' | '$' | '%' | '&' | '+' | '=' | '@' | '§' | '¶' | '†' | '‡' | '‰' | '‱' => true,
        // The minus, and the stroke of a fraction: what else looks like them is a mark between words.
        '\u{2212}' | '\u{2044}' => false,
        _ => {
            !c.is_ascii()
                && matches!(
                    CodePointMapData::<GeneralCategory>::new().get(c),
                    GeneralCategory::MathSymbol | GeneralCategory::CurrencySymbol | GeneralCategory::OtherSymbol
                )
        }
    }
}

/// What a character is to a search.
enum Kind {
    /// It is passed over, and the word goes on behind it.
    Nothing,
    /// It changes the letter before it, and is passed over.
    Accent,
    /// It is a part of the letter before it.
    Mark,
    Letter,
    /// A letter of a script without blanks.
    Joined,
    Sign,
    Between,
}

impl Kind {
    fn of(c: char, next: Option<char>) -> Self {
        if c.is_ascii_alphanumeric() {
            return Self::Letter;
        }
        if c.is_ascii() {
            // In front of a number it says that it is one.
            let numbers = c == '#' && next.is_some_and(|next| digit(next).is_some());
            return if is_sign(c) && !numbers { Self::Sign } else { Self::Between };
        }
        // The Arabic stroke that makes a word longer, and the colours of hands.
        if is_invisible(c) && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
            || matches!(c, '\u{640}' | '\u{1f3fb}'..='\u{1f3ff}')
        {
            return Self::Nothing;
        }
        let category = CodePointMapData::<GeneralCategory>::new().get(c);
        let is_mark =
            matches!(category, GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark);
        match CodePointMapData::<CanonicalCombiningClass>::new().get(c).0 {
            // Above, below and through a letter, and the vowels of Hebrew and Arabic. The others, of Indian scripts, Thai and Japanese,
            // make another letter of it.
            1 | 10..=36 | 200..=240 => return Self::Accent,
            _ => {}
        }
        match c {
            // Apostrophes that count as letters; the usual ones are marks.
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

/// Puts the parts of a text together.
#[derive(Default)]
struct Reader {
    parts: Vec<Part>,
    /// The word that is being read, plain and as German spells it.
    word: [String; 2],
    run: String,
    run_of_signs: bool,
}

impl Reader {
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
            (plain, german) if plain == german => self.parts.push(Part::Word(vec![plain])),
            (plain, german) => self.parts.push(Part::Word(vec![plain, german])),
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        if !run.is_empty() {
            self.parts.push(Part::Run(composed(&run).chars().collect()));
        }
    }
}

fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// A letter in lower case, a digit as one of ours. By way of the upper case, so that `ß` is found by `ss`, a Greek word by each of its two
/// small sigmas, and a Turkish `ı` by `i`.
fn folded(letter: char) -> impl Iterator<Item = char> {
    let letter = digit(letter).unwrap_or(letter);
    letter.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

/// The digit that a character is, in any script.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 19] = [
        0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20, 0x1040,
        0x17e0, 0x1810,
    ];
    let zero = ZEROS.into_iter().find(|zero| (*zero..zero + 10).contains(&u32::from(c)))?;
    char::from_digit(u32::from(c) - zero, 10)
}

/// Letters that Unicode does not take apart, although people write them with others: plain, and as German and its neighbours spell them.
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
        read(text).0.into_iter().flat_map(Part::index).collect()
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
        let pieces = |count: usize| Part::Run(long[..count].to_vec()).search().concat();
        assert_eq!(pieces(8), ["一二三四五六七八"]);
        assert_eq!(pieces(10), ["一二三四五六七八", "三四五六七八九十"]);
        assert_eq!(pieces(1), ["一"]);
    }

    #[test]
    fn what_is_not_read_is_told() {
        let unread = |text: &str| read(text).1.into_iter().collect::<String>();
        assert_eq!(unread("print* | a~b <c>, d. (e) – f_g"), "*<>|~");
        assert_eq!(unread("C++ & 100 % § 5 a@b.example #1 😀 \u{200b}"), "");
    }
}
