//! Looking for tickets by the words of their subjects and by their numbers. Pure: what is found is the same in every storage.

use std::collections::BTreeSet;

use crate::id::TicketNumber;
use crate::ticket::{Subject, Ticket};

/// What somebody looks for. A ticket is found if its number is the one that was typed, or if every word that was typed begins some word of
/// its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    typed: String,
    words: Vec<String>,
    number: Option<TicketNumber>,
}

impl Search {
    /// The most words that are looked for; what comes after them is left out.
    pub const MAX_WORDS: usize = 8;

    /// The most characters of a word that count, in a search and in a subject.
    pub const MAX_WORD_CHARS: usize = 64;

    /// The most characters of a search that are read.
    const MAX_CHARS: usize = 255;

    /// Reads what was typed; `None` if there is no letter and no digit in it.
    ///
    /// ```
    /// use muticket_core::search::Search;
    ///
    /// let search = Search::parse(" Printer, SILENT ").unwrap();
    /// assert_eq!(search.words(), ["printer", "silent"]);
    /// assert_eq!(Search::parse("#12").unwrap().number().unwrap().get(), 12);
    /// assert!(Search::parse("?!").is_none());
    /// ```
    pub fn parse(typed: &str) -> Option<Self> {
        let readable = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).take(Self::MAX_CHARS).collect::<String>();
        let typed = readable.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut words: Vec<String> = Vec::new();
        for word in folded_words(&typed) {
            if words.len() < Self::MAX_WORDS && !words.contains(&word) {
                words.push(word);
            }
        }
        let number = typed.strip_prefix('#').unwrap_or(&typed).parse().ok();
        (!words.is_empty()).then_some(Self { typed, words, number })
    }

    /// What was typed, for the field in which it is shown again.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The words, folded like those of subjects; at least one.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The ticket whose number was typed, alone or as `#12`.
    pub fn number(&self) -> Option<TicketNumber> {
        self.number
    }

    /// Whether the ticket is found.
    pub fn finds(&self, ticket: &Ticket) -> bool {
        let subject = words_of(&ticket.subject);
        let begins_some = |word: &String| subject.iter().any(|known| known.starts_with(word.as_str()));
        self.number == Some(ticket.number) || self.words.iter().all(begins_some)
    }
}

/// The words of a subject by which it is found, each once. A storage that keeps an index of them writes these.
pub fn words_of(subject: &Subject) -> BTreeSet<String> {
    folded_words(subject.as_str()).collect()
}

/// Words are what stands between characters that are neither letter nor digit.
fn folded_words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().flat_map(folded).take(Search::MAX_WORD_CHARS).collect())
}

/// A letter in lower case. By way of the upper case, so that `ß` is found by `ss`, and a Greek word by each of its two small sigmas.
fn folded(letter: char) -> impl Iterator<Item = char> {
    letter.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::tests::ticket;

    fn finds(typed: &str, subject: &str) -> bool {
        let ticket = Ticket { subject: Subject::parse(subject).unwrap(), ..ticket() };
        Search::parse(typed).unwrap().finds(&ticket)
    }

    #[test]
    fn every_word_begins_a_word_of_the_subject() {
        for typed in ["prin", "PRINTER", "silent printer", "is sil", "print-er's", "the the the"] {
            assert!(finds(typed, "The printer is silent: er, s?"), "{typed}");
        }
        for typed in ["rinter", "printers", "printer loud", "#printer loud"] {
            assert!(!finds(typed, "The printer is silent"), "{typed}");
        }
    }

    #[test]
    fn letters_are_folded_in_every_language() {
        for (typed, subject) in [
            ("ÜBER", "Fragen über Öl"),
            ("ol", "OLÉ"),
            ("strasse", "Straße"),
            ("STRAẞE", "strasse"),
            ("ΟΔΟΣ", "η οδος"),
            ("οδοσ", "ΟΔΟΣ"),
            ("принтер", "ПРИНТЕР"),
            ("打印", "打印机不响"),
            ("i", "İstanbul"),
        ] {
            assert!(finds(typed, subject), "{typed} in {subject}");
        }
        assert!(!finds("uber", "über"), "an umlaut is a letter of its own");
    }

    #[test]
    fn a_number_is_the_ticket_or_a_word() {
        let number = |typed: &str| Search::parse(typed).and_then(|search| search.number()).map(TicketNumber::get);
        assert_eq!([number("12"), number("#12"), number(" #12 ")], [Some(12); 3]);
        for typed in ["12a", "1 2", "-12", "##12", "# 12", "0", "99999999999999999999"] {
            assert_eq!(number(typed), None, "{typed}");
        }
        assert!(finds("1", "The printer is silent"), "its number is 1");
        assert!(finds("20", "Invoice 2027") && !finds("27", "Invoice 2027"));
    }

    #[test]
    fn there_is_an_end_to_words() {
        assert_eq!(Search::parse("a b c d e f g h i j").unwrap().words().len(), Search::MAX_WORDS);
        let long = "x".repeat(70);
        assert_eq!(Search::parse(&long).unwrap().words()[0].chars().count(), Search::MAX_WORD_CHARS);
        assert!(finds(&long, &"x".repeat(64)) && finds(&"x".repeat(64), &long));
        assert_eq!(Search::parse(&"ab ".repeat(1000)).unwrap().as_str().chars().count(), 254);
        assert!(words_of(&Subject::parse(&"ŉ".repeat(255)).unwrap()).iter().all(|word| word.chars().count() <= 64));
    }

    #[test]
    fn what_holds_no_word_is_no_search() {
        for typed in ["", "  ", "?!", "#", "\u{0}", "😀"] {
            assert_eq!(Search::parse(typed), None, "{typed:?}");
        }
        assert_eq!(Search::parse("a\u{0}b\r\nc").unwrap().as_str(), "a b c");
    }
}
