//! Makes texts from outside safe for the log: each is one line of limited length, without characters that control a terminal (P-17).

/// The most characters of a URL that are logged.
pub(crate) const ADDRESS: usize = 200;
/// The most characters of an error and its causes that are logged.
pub(crate) const REPORT: usize = 2000;

/// The text as part of a line, cut after `max` characters. Control characters, line separators and invisible characters that change the
/// writing direction are escaped.
pub(crate) fn part_of_a_line(text: &str, max: usize) -> String {
    let mut line = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == max {
            line.push('…');
            break;
        }
        if acts(c) {
            line.extend(c.escape_unicode());
        } else {
            line.push(c);
        }
    }
    line
}

/// The error with all its causes, in one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        // Some errors repeat their causes.
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    part_of_a_line(&text, REPORT)
}

/// Whether the character does something in a terminal or log viewer other than being shown.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P-17
    #[test]
    fn a_text_stays_one_bounded_line() {
        let cases = [
            ("/support/nowhere", "/support/nowhere"),
            ("a\r\nERROR all is lost", "a\\u{d}\\u{a}ERROR all is lost"),
            ("\u{1b}[2J\u{7f}\u{85}", "\\u{1b}[2J\\u{7f}\\u{85}"),
            ("a\u{2028}b\u{202e}c\u{2066}d\u{200f}\u{feff}", "a\\u{2028}b\\u{202e}c\\u{2066}d\\u{200f}\\u{feff}"),
            ("Drücker 打印", "Drücker 打印"),
            ("12345678901234567890123456789", "1234567890123456789012345678…"),
        ];
        for (text, line) in cases {
            assert_eq!(part_of_a_line(text, 28), line, "{text:?}");
        }
        assert!(part_of_a_line(&"\0".repeat(100_000), ADDRESS).len() < 1100);
    }

    #[test]
    fn an_error_is_told_with_its_causes() {
        let source = std::io::Error::other("no\nroom");
        let error = muticket_core::HostError::because("users", source);
        assert_eq!(with_causes(&*error), "the host did not answer: users: no\\u{a}room");
    }
}
