//! File names. Characters that hide or reorder parts of a name are removed; characters that real scripts need are kept
//! (P-12).

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

use crate::characters::{is_blank, is_invisible, without_escapes};

/// A file name for display: 1 to 240 bytes, one line, no path. Files are never stored under this name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FileName(String);

/// The longest file name in bytes: every file system supports it, with some room for what a browser adds.
const MAX_BYTES: usize = 240;

impl FileName {
    /// Makes a name of any text that the browser sent. Never fails: characters that must not be shown are removed, letters
    /// that a Mac sends decomposed are composed, and a name that ends up empty becomes `file`.
    ///
    /// Changes what file systems treat specially, so that the name is the same on the page and on the reader's disk. Removes
    /// leading dots and spaces, which hide a file, and trailing ones, which Windows drops. Puts `_` in front of the names of
    /// Windows devices, such as `nul.txt`.
    pub fn clean(sent: &str) -> Self {
        let sent = without_escapes(sent);
        let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
        let name = composed(&shown(last));
        let name = name.trim_matches(dropped_outside);
        if is_blank(name) {
            return Self("file".to_owned());
        }
        let mark = if is_device(name) { "_" } else { "" };
        Self(shorten(&format!("{mark}{name}")))
    }

    /// Restores a stored name unchanged; `None` if it cannot be a file name.
    pub fn from_stored(name: String) -> Option<Self> {
        // Earlier versions kept more characters than [`clean`](Self::clean) does, but never one of these.
        let never = |c: char| {
            c.is_control()
                || matches!(c, '/' | '\\' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
        };
        (!name.is_empty() && name.len() <= MAX_BYTES && !name.chars().any(never)).then_some(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character is removed at the beginning and the end of a name.
fn dropped_outside(c: char) -> bool {
    c == '.' || c.is_whitespace()
}

/// Whether Windows opens a device for this name, whatever its extension.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_uppercase();
    if matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$") {
        return true;
    }
    let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    number.is_some_and(|number| matches!(number, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"))
}

/// The displayable part of a name.
fn shown(name: &str) -> String {
    let mut shown = String::with_capacity(name.len());
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        let before = shown.chars().next_back();
        match c {
            ':' => shown.push('_'),
            // A line break or tab between two words becomes one space.
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' if before == Some(' ') => {}
            '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => shown.push(' '),
            // Joiners: Persian, Indian scripts and emoji families need them between two characters. Latin letters do not.
            '\u{200c}' | '\u{200d}' if before.is_some_and(joinable) && rest.peek().copied().is_some_and(joinable) => {
                shown.push(c)
            }
            // The flags of England, Scotland and Wales consist of a black flag and six of these.
            '\u{e0020}'..='\u{e007f}' if follows_black_flag(&shown) => shown.push(c),
            c if selects_form(c) => {
                if before.is_some_and(has_forms) || before.is_some_and(is_key) && rest.peek() == Some(&'\u{20e3}') {
                    shown.push(c);
                }
            }
            c if is_invisible(c) => {}
            c => shown.push(c),
        }
    }
    shown
}

/// Whether a joiner next to the character has an effect. It has none for Latin letters and their marks.
fn joinable(c: char) -> bool {
    c >= '\u{370}'
        && !c.is_whitespace()
        && (selects_form(c) || !is_invisible(c))
        && !matches!(c, '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}')
}

/// Whether this is a variation selector: emoji or text, or a form of a Mongolian or Chinese character.
fn selects_form(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{180b}'..='\u{180d}' | '\u{180f}')
}

/// Whether the character can have several forms: signs and non-Latin scripts, but not spaces.
fn has_forms(c: char) -> bool {
    (c >= '\u{370}' || matches!(c, '©' | '®')) && !c.is_whitespace() && !is_invisible(c)
}

/// Whether there is a keycap emoji for this character.
fn is_key(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '#' | '*')
}

fn follows_black_flag(shown: &str) -> bool {
    let is_tag = |c: &char| matches!(c, '\u{e0020}'..='\u{e007e}');
    let tags = shown.chars().rev().take(6).take_while(is_tag).count();
    shown.chars().rev().nth(tags) == Some('\u{1f3f4}')
}

/// Composes letters and their marks into one character where there is one, as systems other than a Mac do. Changes nothing
/// else: full Unicode composition also replaces some Chinese characters by others, so that people no longer recognise their
/// names.
fn composed(name: &str) -> String {
    let nfc = ComposingNormalizerBorrowed::new_nfc();
    let mut composed = String::with_capacity(name.len());
    for part in characters(name) {
        if part.chars().nth(1).is_some() {
            composed.push_str(&nfc.normalize(part));
        } else {
            composed.push_str(part);
        }
    }
    composed
}

/// Shortens a name in front of its extension until it fits, without splitting a visible character.
fn shorten(name: &str) -> String {
    if name.len() <= MAX_BYTES {
        return name.to_owned();
    }
    let extension = extension(name);
    let stem = &name[..name.len() - extension.len()];
    let mut end = 0;
    for character in characters(stem) {
        if end + character.len() + extension.len() > MAX_BYTES {
            break;
        }
        end += character.len();
    }
    // The first character alone is too long for a name.
    let stem = stem[..end].trim_end();
    let short = format!("{}{extension}", if stem.is_empty() { "file" } else { stem });
    short.trim_end_matches(dropped_outside).to_owned()
}

/// The extension of a name, like `.pdf` or `.tar.gz`. Empty if there is none.
fn extension(name: &str) -> &str {
    let last = |name: &str| {
        let dot = name.rfind('.')?;
        let word = &name[dot + 1..];
        let fits = !word.is_empty() && word.len() <= 48 && word.chars().count() <= 16 && !word.contains(char::is_whitespace);
        fits.then_some(dot)
    };
    let Some(dot) = last(name) else { return "" };
    let packed = name[..dot].len() - if name[..dot].to_ascii_lowercase().ends_with(".tar") { 4 } else { 0 };
    &name[packed..]
}

/// Splits a text into visible characters: a letter with its marks, a syllable, an emoji sequence.
fn characters(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, mut before) = chars.next()?;
        let is_flag = |c: char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
        let mut flags = usize::from(is_flag(before));
        let end = chars.find(|(_, c)| {
            let pair = is_flag(*c) && flags == 1 && is_flag(before);
            flags += usize::from(pair);
            let continues = pair || extends(*c) || before == '\u{200d}';
            before = *c;
            !continues
        });
        let (one, more) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = more;
        Some(one)
    })
}

/// Whether the character continues the one before it.
fn extends(c: char) -> bool {
    // Marks, joiners, the vowels and final consonants of a Korean syllable, and skin tones.
    !c.is_ascii()
        && (matches!(c, '\u{200c}' | '\u{200d}' | '\u{1160}'..='\u{11ff}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}')
            || matches!(
                CodePointMapData::<GeneralCategory>::new().get(c),
                GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark
            ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P-12
    #[test]
    fn a_file_name_is_only_a_name() {
        let cases = [
            ("../../etc/passwd", "passwd"),
            ("..\\..\\windows\\win.ini", "win.ini"),
            ("\u{200b}.htaccess", "htaccess"),
            (". .htaccess", "htaccess"),
            ("a\r\nX-Evil: 1.pdf", "a X-Evil_ 1.pdf"),
            ("a\0b\u{1b}[2J.png", "ab.png"),
            ("\u{1b}[31mred\u{1b}(B\u{1b}[m.txt", "red.txt"),
            ("one\ttwo\u{2028}three.txt", "one two three.txt"),
            ("invoice\u{202e}gpj.exe", "invoicegpj.exe"),
            ("\u{2066}a\u{2069}\u{200f}\u{61c}\u{feff}\u{ad}b.txt", "ab.txt"),
            ("pay\u{200d}pal\u{200c}.txt", "paypal.txt"),
            ("a\u{e0065}\u{e007f}.txt", "a.txt"),
            ("..", "file"),
            ("   ", "file"),
            ("\u{3164}\u{115f}\u{200d}", "file"),
            ("", "file"),
            ("\u{fe0f}", "file"),
            ("\u{2800}\u{3000}\u{2800}", "file"),
            ("\u{fe0f}.htaccess", "htaccess"),
            (".\u{200b}.\u{2800}. .profile", "profile"),
            ("report.pdf.", "report.pdf"),
            ("report.pdf. . \u{2800}.", "report.pdf"),
            ("Etc...", "Etc"),
            ("...", "file"),
            ("a\u{fe0f}b.e\u{fe0f}xe", "ab.exe"),
            ("a\u{2800}b\u{fdd0}c\u{1fffe}\u{1d159}.txt", "abc.txt"),
            ("❤\u{fe0f}\u{fe0f}\u{fe0e}.txt", "❤\u{fe0f}.txt"),
            (
                "🏴\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}.txt",
                "🏴\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}\u{e0067}.txt",
            ),
            ("CON", "_CON"),
            ("con", "_con"),
            ("nul.txt", "_nul.txt"),
            ("Aux .tar.gz", "_Aux .tar.gz"),
            (" .PRN.", "_PRN"),
            ("COM1.txt", "_COM1.txt"),
            ("com\u{200b}9", "_com9"),
            ("LPT0.pdf", "_LPT0.pdf"),
            ("lpt².pdf", "_lpt².pdf"),
            ("CONOUT$", "_CONOUT$"),
            ("C:\\temp\\NUL", "_NUL"),
            ("NUL:", "NUL_"),
            ("console.log", "console.log"),
            ("COM10.txt", "COM10.txt"),
            ("a.con", "a.con"),
            ("Nul problemo.txt", "Nul problemo.txt"),
        ];
        for (sent, shown) in cases {
            assert_eq!(FileName::clean(sent).as_str(), shown, "{sent:?}");
        }
    }

    /// P-12, P-30
    #[test]
    fn real_writing_is_kept() {
        let kept = [
            "Ä ö 😀 (1).pdf",
            "نمی\u{200c}خواهم.pdf",
            "क्\u{200d}ष और क्\u{200c}ष.docx",
            "ශ්\u{200d}රී ලංකා.txt",
            "👩\u{200d}👩\u{200d}👧\u{200d}👦 ❤\u{fe0f}\u{200d}🔥.png",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🇩🇪.png",
            "葛\u{e0100}飾区 神\u{fa19}.txt",
            "Screenshot 10.00.00\u{202f}AM.png",
            "ภาพถ่าย.jpg",
            "Файл.документ",
            "שָׁלוֹם.txt",
            "1\u{fe0f}\u{20e3} ©\u{fe0f} ᠠ\u{180b}.txt",
            "a.b. c.txt",
            "100 % — “done”? <yes>.txt",
        ];
        for name in kept {
            assert_eq!(FileName::clean(name).as_str(), name);
            assert_eq!(FileName::from_stored(name.to_owned()).unwrap().as_str(), name);
        }
        for (mac, elsewhere) in
            [("Mu\u{308}ller.pdf", "Müller.pdf"), ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}.txt", "한글.txt")]
        {
            assert_eq!(FileName::clean(mac).as_str(), elsewhere);
        }
    }

    /// P-12
    #[test]
    fn a_long_name_is_cut_between_characters_and_keeps_its_extension() {
        let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
        let cases = [
            ("x".repeat(300), ".txt", "x"),
            ("ü".repeat(300), ".txt", "ü"),
            ("日本".repeat(100), ".tar.gz", "日本"),
            (family.repeat(30), ".jpeg", family),
            ("🇩🇪".repeat(60), ".png", "🇩🇪"),
            ("हिन्दी".repeat(30), ".документ", "हि"),
            (format!("{} {}", "x".repeat(236), "y".repeat(50)), ".md", "x"),
        ];
        for (stem, extension, last) in cases {
            let cut = FileName::clean(&format!("{stem}{extension}"));
            let short = cut.as_str().strip_suffix(extension).unwrap_or_else(|| panic!("{} lost {extension}", cut.as_str()));
            assert!(cut.as_str().len() <= 240 && cut.as_str().len() > 200, "{} bytes", cut.as_str().len());
            let whole: Vec<_> = characters(&stem).collect();
            assert!(characters(short).all(|one| whole.contains(&one)), "{short}");
            assert!(short.contains(last) && !short.ends_with(' '), "{short}");
        }
        let sentence = FileName::clean(&format!("{}. And on it goes", "x".repeat(300)));
        assert_eq!(sentence.as_str(), "x".repeat(240));
        assert_eq!(FileName::clean(&"e\u{301}\u{302}".repeat(200)).as_str().chars().next_back(), Some('\u{302}'));
        assert_eq!(FileName::clean(&format!("e{}.txt", "\u{302}".repeat(300))).as_str(), "file.txt");
    }

    #[test]
    fn what_is_taken_back_from_a_storage_is_not_changed_and_not_trusted() {
        assert_eq!(FileName::from_stored("a .txt".to_owned()).unwrap().as_str(), "a .txt");
        assert!(FileName::from_stored("an older\u{ad}name".to_owned()).is_some());
        for text in ["", "a\rb", "a\0b", "a/b", "a\\b", "a\u{202e}b", "a\u{2066}b", &"x".repeat(241)] {
            assert_eq!(FileName::from_stored(text.to_owned()), None, "{text:?}");
        }
    }
}
