//! Text whose lines flow (RFC 3676): its program broke paragraphs into lines, which are joined here.

/// Joins the lines. With `deletes` the blank at the end of a line was added for the break, and goes (`DelSp=yes`).
pub(crate) fn join(text: &str, deletes: bool) -> String {
    let mut joined = String::with_capacity(text.len());
    // The depth of quotation of the line that goes on.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let words = line.trim_start_matches('>');
        let depth = line.len() - words.len();
        // A blank protects lines that begin with a blank, `>` or `From`.
        let words = words.strip_prefix(' ').unwrap_or(words);
        let is_signature = words == "-- ";
        let goes_on = words.ends_with(' ') && !is_signature;
        if open != Some(depth) || is_signature {
            if open.is_some() {
                joined.push('\n');
            }
            joined.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !words.is_empty() {
                joined.push(' ');
            }
        }
        joined.push_str(words.strip_suffix(' ').filter(|_| goes_on && deletes).unwrap_or(words));
        open = goes_on.then_some(depth);
        if !goes_on {
            joined.push('\n');
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_flow_together() {
        for (text, deletes, expected) in [
            ("a \nb\nc\n", false, "a b\nc\n"),
            ("a \nb\n", true, "ab\n"),
            ("> a \n> b\n>c \n\nd", false, "> a b\n> c \n\nd\n"),
            (">> a \n> b\n", false, ">> a \n> b\n"),
            (" >no quote\n From\n", false, ">no quote\nFrom\n"),
            ("a \n-- \nAnna", false, "a \n-- \nAnna\n"),
            ("", false, ""),
        ] {
            assert_eq!(join(text, deletes), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "(a|b|>| |-- |\\n){0,60}", deletes in any::<bool>()) {
            let words = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '>').collect::<String>();
            prop_assert_eq!(words(&join(&text, deletes)), words(&text));
        }
    }
}
