//! Other people's words, made fit for one line of a letter or a report.

/// One line: every control character, line separator and invisible character that turns the direction of writing becomes a blank, and
/// blanks are not repeated.
pub(crate) fn one_line(text: &str) -> String {
    let visible = text.chars().map(|c| if hidden(c) { ' ' } else { c }).collect::<String>();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `max` characters; what was cut is marked by an ellipsis.
pub(crate) fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(one_line(" a\r\nBcc: b\0\u{85}c\u{2028}d\u{202e}e\t\u{1b}[2J "), "a Bcc: b c d e [2J");
        assert_eq!(one_line("\r\n"), "");
    }

    #[test]
    fn a_cut_is_marked_and_counted_in_characters() {
        assert_eq!(cut("grüße", 5), "grüße");
        assert_eq!(cut("grüße!", 5), "grüß…");
        assert_eq!(cut("😀😀", 1), "…");
    }
}
