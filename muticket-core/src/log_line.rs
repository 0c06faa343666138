//! Prepares texts from outside for the log. Pure.

/// Prepares a text from outside for the log: part of one line, cut after `max` characters, without characters that control
/// a terminal (P-17). Control characters, line separators, and invisible characters that change the writing direction are
/// written as their numbers.
///
/// ```
/// use muticket_core::log_line::part_of_a_line;
///
/// assert_eq!(part_of_a_line("a\nERROR all is lost\u{202e}", 10), "a\\u{a}ERROR al…");
/// ```
pub fn part_of_a_line(text: &str, max: usize) -> String {
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

/// Whether a terminal or a reader of the log acts on the character instead of showing it.
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
        assert!(part_of_a_line(&"\0".repeat(100_000), 200).len() < 1100);
    }
}
