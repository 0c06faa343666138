//! Searching for tickets by the words of their subjects and by their numbers. Pure: every storage finds the same tickets.

mod number;
mod words;

use std::collections::BTreeSet;

use crate::characters::{is_blank, is_invisible};
use crate::id::TicketNumber;
use crate::search::words::{TextPart, read};
use crate::ticket::{Subject, Ticket};

/// A parsed search. It finds a ticket by its number, or if each word of the search is the beginning of a word of the
/// ticket's subject. A search with neither words nor a number finds nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    typed: String,
    words: Vec<Word>,
    number: Option<TicketNumber>,
    names_ticket: bool,
    left_out: Vec<String>,
}

/// A search word in one or more spellings. A subject must contain one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word(Vec<String>);

impl Word {
    /// The spellings, folded like the words of subjects. At least one.
    pub fn spellings(&self) -> &[String] {
        &self.0
    }
}

impl Search {
    /// The most words that are searched for. Further words are ignored.
    pub const MAX_WORDS: usize = 8;

    /// The number of characters of a word that are compared, in a search and in a subject.
    pub const MAX_WORD_CHARS: usize = words::MAX_WORD_CHARS;

    /// The number of characters of a search that are read.
    const MAX_CHARS: usize = 255;

    /// Parses a search; `None` if it is blank.
    ///
    /// ```
    /// use muticket_core::search::Search;
    ///
    /// let search = Search::parse(" Printer, SILENT ").unwrap();
    /// let words: Vec<_> = search.words().iter().flat_map(|word| word.spellings()).collect();
    /// assert_eq!(words, ["printer", "silent"]);
    /// assert_eq!(Search::parse("Re: [#12] Printer").unwrap().number().unwrap().get(), 12);
    /// assert_eq!(Search::parse("print*").unwrap().left_out(), ["*"]);
    /// assert!(Search::parse("  ").is_none());
    /// ```
    pub fn parse(typed: &str) -> Option<Self> {
        let unescaped = without_references(typed);
        if is_blank(&unescaped) {
            return None;
        }
        let mut readable = unescaped.chars().map(|c| if c.is_control() { ' ' } else { c });
        let typed: String = readable.by_ref().take(Self::MAX_CHARS).collect();
        let typed = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        let named = number::read(&typed);
        let mut search = Self {
            number: named.and_then(|named| TicketNumber::new(named.number)),
            names_ticket: named.is_some_and(|named| named.alone),
            words: Vec::new(),
            left_out: Vec::new(),
            typed,
        };
        // A URL is not a subject.
        if !(search.names_ticket && search.typed.contains('/')) {
            search.read_words();
        }
        if let Some(rest) = Some(readable.take(Self::MAX_WORD_CHARS).collect::<String>()).filter(|rest| !is_blank(rest)) {
            search.left_out.push(rest.trim().to_owned());
        }
        Some(search)
    }

    fn read_words(&mut self) {
        for chunk in self.typed.split(' ').filter(|chunk| !is_blank(chunk)) {
            let (parts, unread) = read(chunk);
            if parts.is_empty() {
                self.left_out.push(chunk.chars().filter(|c| !is_invisible(*c)).collect());
                continue;
            }
            self.left_out.extend(unread.map(String::from));
            for word in parts.into_iter().flat_map(TextPart::search).map(Word) {
                if self.words.contains(&word) {
                    continue;
                }
                match self.words.len() < Self::MAX_WORDS {
                    true => self.words.push(word),
                    false => {
                        self.left_out.push(chunk.to_owned());
                        break;
                    }
                }
            }
        }
        let mut known = BTreeSet::new();
        self.left_out.retain(|left_out| known.insert(left_out.clone()));
    }

    /// The typed text, to be shown again in the search field.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The words.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The ticket whose number was typed, in any form that people, pages and letters use: `12`, `#12`, `Ticket 12`, `[#12]
    /// Subject`, or the URL of the ticket.
    pub fn number(&self) -> Option<TicketNumber> {
        self.number
    }

    /// Whether only the number of a ticket was typed, as in `#12`. A lone `12` does not count, because it may be a word of a
    /// subject.
    pub fn names_ticket(&self) -> bool {
        self.number.is_some() && self.names_ticket
    }

    /// Parts of the typed text that are not searched for, because there are too many words or because they are not indexed.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }

    /// Whether the search finds the ticket.
    pub fn finds(&self, ticket: &Ticket) -> bool {
        if self.number == Some(ticket.number) {
            return true;
        }
        let subject = words_of(&ticket.subject);
        let begins_some = |word: &Word| word.0.iter().any(|word| subject.iter().any(|known| known.starts_with(word.as_str())));
        !self.words.is_empty() && self.words.iter().all(begins_some)
    }
}

/// The index words of a subject, without duplicates. A storage with an index stores these.
pub fn words_of(subject: &Subject) -> BTreeSet<String> {
    read(subject.as_str()).0.into_iter().flat_map(TextPart::index).collect()
}

/// Replaces character references such as `&#128512;`, which browsers send for characters that the page's encoding lacks.
fn without_references(typed: &str) -> String {
    let mut text = String::with_capacity(typed.len());
    let mut rest = typed;
    while let Some(start) = rest.find("&#") {
        let (before, from_start) = rest.split_at(start);
        text.push_str(before);
        // The longest possible reference is &#1114111;
        let end = from_start.bytes().take("&#1114111;".len()).position(|byte| byte == b';');
        let referred = end.and_then(|end| {
            let number = &from_start["&#".len()..end];
            if !number.chars().all(|c| c.is_ascii_alphanumeric()) {
                return None;
            }
            let number = match number.strip_prefix(['x', 'X']) {
                Some(number) => u32::from_str_radix(number, 16),
                None => number.parse(),
            };
            let c = number.ok().and_then(char::from_u32).filter(|c| !c.is_control())?;
            Some((c, end + 1))
        });
        let (c, length) = referred.unwrap_or(('&', 1));
        text.push(c);
        rest = &from_start[length..];
    }
    text + rest
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
        for typed in
            ["prin", "PRINTER", "silent printer", "is sil", "print-er's", "the the the", "printer ?", "print*", ">printer<"]
        {
            assert!(finds(typed, "The printer is silent: er, s?"), "{typed}");
        }
        for typed in ["rinter", "printers", "printer loud", "#printer loud", "?!", "*", "printer +"] {
            assert!(!finds(typed, "The printer is silent"), "{typed}");
        }
    }

    /// In each pair, each text finds the other.
    #[test]
    fn letters_are_folded_in_every_language() {
        for (one, other) in [
            ("Müller", "Mu\u{308}ller"),
            ("MÜLLER", "müller"),
            ("Muller", "Müller"),
            ("Mueller", "Müller"),
            ("Ärger", "Aerger"),
            ("ol", "ÖL"),
            ("Öl", "OEL"),
            ("STRAẞE", "strasse"),
            ("Straße", "STRASSE"),
            ("OLÉ", "ole"),
            ("cafe\u{301}", "café"),
            ("ŒUVRE", "oeuvre"),
            ("Łódź", "lodz"),
            ("Việt Nam", "viet nam"),
            ("Žižkov", "zizkov"),
            ("ΟΔΟΣ", "οδος"),
            ("οδοσ", "ΟΔΌΣ"),
            ("принтер", "ПРИНТЕР"),
            ("Ёлка", "елка"),
            ("İade", "iade"),
            ("ISPARTA", "ısparta"),
            ("istanbul", "İSTANBUL"),
            ("ＡＢＣ１２", "abc12"),
            ("ﬁnal", "final"),
            ("m²", "m2"),
            ("ﾌﾟﾘﾝﾀ", "プリンタ"),
            ("か\u{3099}", "が"),
            ("한글", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}"),
            ("مُحَمَّد", "محمد"),
            ("شَـــكر", "شكر"),
            ("أحمد", "احمد"),
            ("کتابی", "كتابي"),
            ("می\u{200c}خواهم", "میخواهم"),
            ("שָׁלוֹם", "שלום"),
            ("٤٧١١", "4711"),
            ("क़लम", "क\u{93c}लम"),
            ("Druck\u{ad}er", "Drucker"),
            ("Dru\u{200b}ck\u{2060}er\u{feff}", "Drucker"),
            ("dr\u{34f}ucker", "Drucker"),
            ("👍🏽", "👍"),
            ("❤\u{fe0f}", "❤"),
        ] {
            assert!(finds(one, other), "{one} in {other}");
            assert!(finds(other, one), "{other} in {one}");
        }
        for (typed, subject) in [("Ol", "Al"), ("ハハ", "パパ"), ("กา", "กี"), ("की", "का"), ("Mueler", "Müller")]
        {
            assert!(!finds(typed, subject), "{typed} in {subject}");
        }
    }

    #[test]
    fn what_stands_together_without_blanks_is_found_by_its_pieces() {
        for (typed, subject) in [
            ("不响", "打印机不响了"),
            ("响", "打印机不响了"),
            ("打印机不响了", "打印机不响了"),
            ("机 打印", "打印机不响了"),
            ("HGST", "一部販売店がHGST製品"),
            ("販売店がHGST製", "一部販売店がHGST製品"),
            ("プリンター", "新しいプリンターが動かない"),
            ("動かない", "新しいプリンターが動かない"),
            ("ไม่ทำงาน", "เครื่องพิมพ์ไม่ทำงาน"),
            ("ບໍ່", "ເຄື່ອງພິມບໍ່ເຮັດວຽກ"),
            ("អត់", "ម៉ាស៊ីនអត់ដើរ"),
            ("七八九十甲乙", "一二三四五六七八九十甲乙丙丁"),
            ("一二三四五六七八九十甲乙丙丁", "一二三四五六七八九十甲乙丙丁"),
        ] {
            assert!(finds(typed, subject), "{typed} in {subject}");
        }
        for (typed, subject) in [("响不", "打印机不响了"), ("一二三四五六七八十", "一二三四五六七八九十")]
        {
            assert!(!finds(typed, subject), "{typed} in {subject}");
        }
    }

    #[test]
    fn signs_are_looked_for() {
        for (typed, subject) in [
            ("C++", "Crash in a C++ program"),
            ("c++", "C/C++17"),
            ("+", "C++"),
            ("C#", "Visual C#, again"),
            (".NET", "No ASP.NET here"),
            ("R&D", "The R & D department"),
            ("&", "R&D"),
            ("§5", "§ 5 BGB"),
            ("§ 5", "nach §5"),
            ("100%", "100 % CPU"),
            ("100 %", "at 100%"),
            ("a@b.example", "Mail to a@b.example bounces"),
            ("@", "a@b.example"),
            ("😀", "Thanks 🎉😀"),
            ("👨\u{200d}👩\u{200d}👧", "my 👨\u{200d}👩\u{200d}👧"),
            ("5€", "5 €"),
            ("&#128512;", "😀"),
            ("&#x1F600; thanks", "Thanks 😀"),
            ("&#1055;ринтер", "Принтер"),
        ] {
            assert!(finds(typed, subject), "{typed} in {subject}");
        }
        for (typed, subject) in [("C++", "C program"), ("C#", "C++"), ("😀", "🎉"), ("R&D", "R D"), ("&", "and"), ("100%", "100")]
        {
            assert!(!finds(typed, subject), "{typed} in {subject}");
        }
    }

    #[test]
    fn a_number_is_the_ticket_or_a_word() {
        let number = |typed: &str| Search::parse(typed).and_then(|search| search.number()).map(TicketNumber::get);
        assert_eq!(["12", "#12", "Re: [#12] It", "https://a.example/tickets/12"].map(number), [Some(12); 4]);
        assert_eq!(["12a", "1 2", "-12", "0", "#0", "99999999999999999999"].map(number), [None; 6]);
        let alone = |typed: &str| Search::parse(typed).unwrap().names_ticket();
        assert!(alone("#12") && alone("Ticket 12") && !alone("12") && !alone("[#12] It") && !alone("#0"));
        for typed in ["1", "[#1] Something else", "Ticket 1", "https://a.example/tickets/1#message-2"] {
            assert!(finds(typed, "The printer is silent"), "its number is 1, and that is {typed}");
        }
        assert!(finds("20", "Invoice 2027") && finds("#4711", "Order 4711") && !finds("27", "Invoice 2027"));
        assert!(!finds("https://a.example/tickets/7", "https a example tickets 7"), "an address is no subject");
    }

    #[test]
    fn there_is_an_end_to_words_and_what_comes_after_it_is_told() {
        let many = Search::parse("a b c d e f g h i j a").unwrap();
        assert_eq!((many.words().len(), many.left_out()), (Search::MAX_WORDS, ["i", "j"].map(String::from).as_slice()));
        let long = "x".repeat(70);
        assert_eq!(Search::parse(&long).unwrap().words()[0].spellings()[0].chars().count(), Search::MAX_WORD_CHARS);
        assert!(finds(&long, &"x".repeat(64)) && finds(&"x".repeat(64), &long));
        let longer = Search::parse(&"ab ".repeat(1000)).unwrap();
        assert_eq!((longer.as_str().chars().count(), longer.left_out().len()), (254, 1));
        for letter in ["ŉ", "\u{fdfa}", "打", "+", "ü", "\u{1e9b}\u{323}"] {
            let subject: String = letter.repeat(255).chars().take(255).collect();
            let words = words_of(&Subject::parse(&subject).unwrap());
            assert!(words.iter().all(|word| word.chars().count() <= 64) && words.len() <= 300, "{letter}");
        }
    }

    #[test]
    fn what_cannot_be_looked_for_is_told_and_finds_nothing() {
        for typed in ["?!", "-", "...", "„“", "*", "~"] {
            let search = Search::parse(typed).unwrap();
            assert!(search.words().is_empty() && search.number().is_none() && search.left_out() == [typed], "{typed:?}");
            assert!(!finds(typed, "?! - ... *"), "{typed:?}");
        }
        let left_out = |typed: &str| Search::parse(typed).unwrap().left_out().concat();
        assert_eq!(["print* ?", "a|b ~ a|c", "Printer, silent!", "C++ .NET", "[#12] It"].map(left_out), ["*?", "|~", "", "", ""]);
        for typed in ["", "  ", "\u{0}", "\u{200b}\u{3164}", "\u{2800}", "\u{301}", "\u{fe0f}\u{e0041}", "&#8203; &#x3164;"] {
            assert_eq!(Search::parse(typed), None, "{typed:?}");
        }
        assert_eq!(Search::parse("a\u{0}b\r\nc").unwrap().as_str(), "a b c");
    }

    #[test]
    fn references_of_browsers_are_characters() {
        for (typed, read) in [
            ("&#128512;", "😀"),
            ("a&#x41;b&#66;c", "aAbBc"),
            ("&#;&#x;&#1114112;&#55296;&amp;&# 1;&#+1;&", "&#;&#x;&#1114112;&#55296;&amp;&# 1;&#+1;&"),
            ("&#1;", "&#1;"),
            ("&#99999999999;&#35", "&#99999999999;&#35"),
            ("&&#65;é&#ü;", "&Aé&#ü;"),
        ] {
            assert_eq!(without_references(typed), read);
        }
    }
}
