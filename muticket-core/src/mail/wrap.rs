//! Wraps plain text for mail programs that do not.

/// The longest line, including the two characters of a quotation mark. Two further levels of quoting stay below 80
/// characters.
const WIDTH: usize = 76;

/// Wraps lines between words. `first` is put in front of each line, `next` in front of its continuation lines. A word that
/// is too long, such as a link, stays whole on its own line.
pub(crate) fn wrap(text: &str, first: &str, next: &str) -> String {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let (mut mark, mut rest) = (first, line);
        while let Some(end) = end_of_line(rest, WIDTH.saturating_sub(mark.chars().count())) {
            let (line, more) = rest.split_at(end);
            lines.push(format!("{mark}{}", line.trim_end()));
            (mark, rest) = (next, more.trim_start());
        }
        // An empty line has no trailing spaces.
        lines.push(if rest.is_empty() { mark.trim_end().to_owned() } else { format!("{mark}{rest}") });
    }
    lines.join("\n")
}

/// Where to break a line that is too long: at the last space that fits, otherwise at the first one, but not within the
/// indentation.
fn end_of_line(line: &str, room: usize) -> Option<usize> {
    let (limit, _) = line.char_indices().nth(room)?;
    let words = line.len() - line.trim_start().len();
    let blanks = || line.match_indices(' ').map(|(at, _)| at).filter(|at| *at > words);
    let end = blanks().take_while(|at| *at <= limit).last().or_else(|| blanks().next())?;
    // Trailing spaces make no further line.
    (!line[end..].trim().is_empty()).then_some(end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_broken_between_words() {
        let text = format!("{}\n\n  - short", "word ".repeat(20).trim_end());
        let words = |count| "word ".repeat(count).trim_end().to_owned();
        assert_eq!(wrap(&text, "> ", "> "), format!("> {}\n> {}\n>\n>   - short", words(15), words(5)));
        let long = format!("Ticket: {} #12 more", words(14));
        assert_eq!(wrap(&long, "", "  "), format!("Ticket: {}\n  word #12 more", words(13)));
    }

    #[test]
    fn a_link_stays_whole() {
        let link = format!("https://example.org/{}", "a".repeat(100));
        assert_eq!(wrap(&format!("See {link} there"), "", ""), format!("See\n{link}\nthere"));
        assert_eq!(wrap(&link, "> ", "> "), format!("> {link}"));
        let trailing = format!("{}   ", "a".repeat(80));
        assert_eq!(wrap(&trailing, "", ""), trailing);
    }

    proptest! {
        #[test]
        fn no_word_is_lost_and_none_is_broken(text in "[a-zäö😀 \n]{0,400}") {
            let wrapped = wrap(&text, "> ", "> ");
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let unmarked: Vec<_> = wrapped.split('\n').map(|line| line.strip_prefix('>').unwrap_or("not marked")).collect();
            prop_assert_eq!(words(&unmarked.join("\n")), words(&text));
            for line in wrapped.split('\n').filter(|line| line[1..].trim().contains(' ')) {
                prop_assert!(line.trim_end().chars().count() <= WIDTH || line.starts_with(">  "), "{}", line);
            }
        }
    }
}
