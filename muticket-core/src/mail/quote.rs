//! Converts text that people typed to HTML for letters, with the same line breaks, spaces and links as on the page.

use crate::ticket::{Piece, pieces};

/// The width of a tab, as on the page.
const TAB: usize = 8;
/// A no-break space, which mail programs neither merge nor drop.
const FIXED: char = '\u{a0}';

/// Escapes all text. Spaces become no-break spaces where HTML would drop or merge them, because not every mail program
/// supports `white-space`. If the text was cut, an address at its end is not linked, because its end may be missing.
pub(crate) fn html(text: &str, cut: bool) -> String {
    let mut writer = QuoteWriter { html: String::with_capacity(text.len() + text.len() / 4), column: 0, blanks: 0, begun: false };
    let mut end = 0;
    for piece in pieces(text) {
        match piece {
            Piece::Text(part) => {
                end += part.len();
                writer.text(part);
            }
            Piece::Link(part) => {
                end += part.len();
                if cut && end == text.len() { writer.text(part) } else { writer.link(part) }
            }
        }
    }
    writer.html
}

struct QuoteWriter {
    html: String,
    /// The column of the next character.
    column: usize,
    /// Spaces that were read but not yet written.
    blanks: usize,
    /// Whether the line has any text yet.
    begun: bool,
}

impl QuoteWriter {
    fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\n' => {
                    self.html.push_str("<br>\n");
                    (self.column, self.blanks, self.begun) = (0, 0, false);
                }
                ' ' => self.blank(1),
                '\t' => self.blank(TAB - self.column % TAB),
                c => self.character(c),
            }
        }
    }

    fn link(&mut self, link: &str) {
        self.write_blanks();
        self.html.push_str("<a class=\"link\" href=\"");
        link.chars().for_each(|c| self.escaped(c));
        self.html.push_str("\" style=\"color: #2753c9;\">");
        link.chars().for_each(|c| self.character(c));
        self.html.push_str("</a>");
    }

    fn blank(&mut self, width: usize) {
        self.blanks += width;
        self.column += width;
    }

    /// Writes the last of several spaces as an ordinary one, so that the line can be broken there.
    fn write_blanks(&mut self) {
        let ordinary = usize::from(self.begun && self.blanks > 0);
        self.html.extend(std::iter::repeat_n(FIXED, self.blanks - ordinary));
        if ordinary > 0 {
            self.html.push(' ');
        }
        self.blanks = 0;
    }

    fn character(&mut self, c: char) {
        self.write_blanks();
        self.escaped(c);
        self.column += 1;
        self.begun = true;
    }

    /// Escapes fewer characters than the engine does. It would also escape slashes, and a link in a letter would look hidden to filters.
    fn escaped(&mut self, c: char) {
        match c {
            '<' => self.html.push_str("&lt;"),
            '>' => self.html.push_str("&gt;"),
            '&' => self.html.push_str("&amp;"),
            '"' => self.html.push_str("&quot;"),
            '\'' => self.html.push_str("&#x27;"),
            c => self.html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The HTML with visible no-break spaces.
    fn shown(text: &str) -> String {
        html(text, false).replace(FIXED, "~")
    }

    #[test]
    fn blanks_stay_as_the_page_shows_them() {
        for (text, written) in [
            ("Name      Wert\nAB        12", "Name~~~~~ Wert<br>\nAB~~~~~~~ 12"),
            ("a b", "a b"),
            ("  - a", "~~- a"),
            ("a\tb", "a~~~~~~ b"),
            ("1234567\tb", "1234567 b"),
            ("12345678\tb", "12345678~~~~~~~ b"),
            ("\ta\n \tb", "~~~~~~~~a<br>\n~~~~~~~~b"),
            ("a  \n\n  \nb", "a<br>\n<br>\n<br>\nb"),
            ("ä\u{a0}b", "ä~b"),
        ] {
            assert_eq!(shown(text), written, "{text:?}");
        }
    }

    #[test]
    fn links_are_links_and_everything_is_escaped() {
        let link =
            |address: &str, shown: &str| format!("<a class=\"link\" href=\"{address}\" style=\"color: #2753c9;\">{shown}</a>");
        let one = link("https://a.example/b?c=1&amp;d", "https://a.example/b?c=1&amp;d");
        assert_eq!(shown("See  (https://a.example/b?c=1&d)."), format!("See~ ({one})."));
        assert_eq!(shown("  HTTP://a.example  x"), format!("~~{}~ x", link("HTTP://a.example", "HTTP://a.example")));
        assert_eq!(shown("<b>\"x\" & 'y'</b>"), "&lt;b&gt;&quot;x&quot; &amp; &#x27;y&#x27;&lt;/b&gt;");
        assert_eq!(shown("javascript:alert(1) mailto:a@x.example"), "javascript:alert(1) mailto:a@x.example");
    }

    #[test]
    fn an_address_that_was_cut_is_no_link() {
        assert_eq!(html("x https://a.example/ab", true), "x https://a.example/ab");
        assert!(html("x https://a.example/ab y", true).contains("href"));
    }

    proptest! {
        /// P-09, P-14
        #[test]
        fn whatever_is_typed_makes_no_other_element(text in "(\\PC|[<>\"'& \\t\\n]|https?://|javascript:){0,200}") {
            let html = html(&text, false);
            let rest = html.replace("<br>", "").replace("</a>", "");
            for part in rest.split('<').skip(1) {
                prop_assert!(part.starts_with("a class=\"link\" href=\"http") || part.starts_with("a class=\"link\" href=\"HTTP")
                    || part.to_ascii_lowercase().starts_with("a class=\"link\" href=\"http"), "{}", html);
            }
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            let plain = html.split('<').enumerate().map(|(place, part)| if place == 0 { part } else { part.split_once('>').map_or("", |(_, text)| text) });
            let plain: String = plain.collect::<String>();
            let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")]
                .iter().fold(plain, |plain, (escaped, c)| plain.replace(escaped, c));
            prop_assert_eq!(words(&plain), words(&text));
        }
    }
}
