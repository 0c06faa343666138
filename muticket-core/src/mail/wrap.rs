//! Wraps plain text for mail programs that do not.

use std::borrow::Cow;

use textwrap::core::Word;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use crate::characters::joins_words;
use crate::ticket::{Piece, pieces};

/// The most columns of a line, including the two of a quotation mark. Two further levels of quoting stay below 80. A Chinese or Japanese
/// character takes two columns.
const WIDTH: usize = 76;

/// Wraps lines between words. `first` is put in front of each line, `next` in front of its continuation lines. A word that
/// is too long, such as a link, stays whole on its own line. Lines have no trailing spaces.
pub(crate) fn wrap(text: &str, first: &str, next: &str) -> String {
    let options = Options::new(WIDTH)
        .initial_indent(first)
        .subsequent_indent(next)
        .break_words(false)
        .word_separator(WordSeparator::Custom(words))
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines = text.split('\n').flat_map(|line| match line {
        "" => vec![Cow::Borrowed(first)],
        line => textwrap::wrap(line, &options),
    });
    lines.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// Splits a line where it may be broken: behind spaces, and between the characters of scripts without spaces. The Unicode rules keep some
/// of them together, such as a full stop and the character before it. Indentation and links stay whole.
fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let indentation = line.len() - line.trim_start().len();
    let mut end = 0;
    let links = pieces(line).filter_map(|piece| {
        let (Piece::Text(part) | Piece::Link(part)) = piece;
        let start = end;
        end += part.len();
        matches!(piece, Piece::Link(_)).then_some(start..end)
    });
    let links: Vec<_> = links.collect();
    let may_break = move |at: usize| {
        let (before, after) = (line[..at].chars().next_back(), line[at..].chars().next());
        let between_words = before == Some(' ') && at > indentation;
        let has_no_spaces = [before, after].into_iter().flatten().any(joins_words);
        between_words || has_no_spaces && !links.iter().any(|link| link.start < at && at < link.end)
    };
    let (mut start, mut end) = (0, 0);
    let parts = WordSeparator::UnicodeBreakProperties.find_words(line).map(|part| part.len() + part.whitespace.len());
    Box::new(parts.filter_map(move |length| {
        end += length;
        (end == line.len() || may_break(end)).then(|| {
            let word = Word::from(&line[start..end]);
            start = end;
            word
        })
    }))
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
        assert_eq!(wrap(&trailing, "", ""), trailing.trim_end());
        let japanese = format!("こちら{link}を{}", "見".repeat(40));
        assert_eq!(wrap(&japanese, "", ""), format!("こちら\n{link}\nを{}\n{}", "見".repeat(37), "見".repeat(3)));
    }

    #[test]
    fn chinese_and_japanese_lines_are_broken_by_their_width() {
        let text = format!("{}机。終わり", "打印机".repeat(12));
        assert_eq!(wrap(&text, "> ", "> "), format!("> {}\n> 机。終わり", "打印机".repeat(12)));
        let words = "E-Mail/Fax ".repeat(7);
        assert_eq!(wrap(&format!("{words}E-Mail/Fax"), "", ""), format!("{}\nE-Mail/Fax", words.trim_end()));
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
