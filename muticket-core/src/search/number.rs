//! Reads a ticket number from search text, in all the ways in which people, pages and letters write it.

use crate::characters::{is_punctuation, joins_words};
use crate::search::words::{is_sign, plain};

/// A ticket number found in the search text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) number: i64,
    /// Whether the text contains nothing but the number and words that mark it as a ticket number.
    pub(super) alone: bool,
}

/// Words for a ticket.
const TICKET: [&str; 13] = [
    "ticket",
    "tickets",
    "ticketnummer",
    "ticketnr",
    "ticketno",
    "ticketid",
    "tkt",
    "anfrage",
    "vorgang",
    "request",
    "case",
    "demande",
    "incident",
];

/// Words for a number.
const NUMBER: [&str; 9] = ["nr", "no", "n", "num", "nummer", "number", "numero", "id", "nro"];

/// Prefixes that mail programs put in front of a subject.
const REPLY: [&str; 15] =
    ["re", "aw", "antw", "antwort", "fw", "fwd", "wg", "tr", "sv", "vs", "rv", "ref", "betreff", "subject", "objet"];

/// Reads a ticket number.
pub(super) fn read(typed: &str) -> Option<Named> {
    let text = plain(typed);
    in_address(&text).or_else(|| behind_a_mark(&text)).or_else(|| behind_words(&text))
}

/// `https://site.example/support/tickets/11#message-2`
fn in_address(text: &str) -> Option<Named> {
    const FOLDER: &str = "tickets/";
    let mut chunks = text.split_whitespace();
    let (number, chunk) = chunks.find_map(|chunk| {
        let number = chunk.match_indices(FOLDER).find_map(|(at, _)| {
            let begins = at == 0 || chunk[..at].ends_with(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
            begins.then(|| digits(&chunk[at + FOLDER.len()..])).flatten()
        });
        number.map(|(number, _)| (number, chunk))
    })?;
    Some(Named { number, alone: chunk == text.trim() })
}

/// `#11` anywhere
fn behind_a_mark(text: &str) -> Option<Named> {
    text.match_indices('#').find_map(|(at, mark)| {
        let (before, behind) = (&text[..at], text[at + mark.len()..].trim_start());
        if before.ends_with(|c: char| c.is_alphanumeric() && !joins_words(c)) {
            return None;
        }
        let (number, rest) = digits(behind)?;
        let is_known = |word: &str| TICKET.contains(&word) || NUMBER.contains(&word) || REPLY.contains(&word);
        let others = before.split(between).chain(rest.split(between));
        Some(Named { number, alone: others.filter(|word| !word.is_empty()).all(is_known) })
    })
}

/// `Ticket 11`, `No. 11`, `11.`
fn behind_words(text: &str) -> Option<Named> {
    let trimmed = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | '[' | '{') || quotes(c));
    let first = trimmed.find(|c: char| c.is_ascii_digit())?;
    let (before, behind) = trimmed.split_at(first);
    let mut words = before.split(between).filter(|word| !word.is_empty()).peekable();
    let has_words = words.peek().is_some();
    let (mut ticket, mut number) = (false, false);
    for word in words {
        match () {
            () if TICKET.contains(&word) => ticket = true,
            () if NUMBER.contains(&word) => number = true,
            () if REPLY.contains(&word) => {}
            () => return None,
        }
    }
    let (named, rest) = digits(behind)?;
    // A dash or a dot in front of a lone number makes it a different number.
    if !has_words && !before.trim().is_empty() {
        return None;
    }
    let ends = rest.chars().all(|c| c.is_whitespace() || (is_punctuation(c) && !is_sign(c)));
    (ends || ticket).then_some(Named { number: named, alone: ends && (ticket || number) })
}

/// The number at the beginning of a text, and the rest of the text.
fn digits(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let goes_on = rest.starts_with(|c: char| (c.is_alphanumeric() && !joins_words(c)) || c == '_');
    if goes_on { None } else { digits.parse().ok().map(|number| (number, rest)) }
}

fn between(c: char) -> bool {
    !c.is_alphanumeric()
}

fn quotes(c: char) -> bool {
    matches!(c, '"' | '\'' | '„' | '“' | '”' | '‚' | '‘' | '’' | '»' | '«' | '›' | '‹' | '「' | '（' | '<')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_every_way_it_is_written() {
        let alone = [
            "#11",
            " #11 ",
            "[#11]",
            "(#11)",
            "„#11“",
            "#11,",
            "#11.",
            "# 11",
            "＃１１",
            "#１１",
            "#١١",
            "Re: [#11]",
            "AW: #11",
            "Ticket #11",
            "Ticket 11",
            "ticket-11",
            "TICKET_11",
            "ticket:11",
            "Ticket11",
            "Ticket Nr. 11",
            "Ticket-Nr.: 11",
            "Ticketnummer 11",
            "Nr. 11",
            "Nr 11",
            "No. 11",
            "No 11",
            "№ 11",
            "№11",
            "N° 11",
            "nº 11",
            "Numéro 11",
            "numero 11",
            "ID 11",
            "Anfrage 11",
            "Ticket 11.",
            "Ticket „11“",
            "#0011",
            "/tickets/11",
            "tickets/11",
            "https://site.example/support/tickets/11",
            "HTTPS://SITE.EXAMPLE/SUPPORT/TICKETS/11",
            "https://site.example/tickets/11?from=3#message-3",
            "https://site.example/tickets/11/",
            "<https://site.example/tickets/11>",
            "http://127.0.0.1:8000/tickets/11/messages/2/rating",
            "#\u{200b}11",
            "[\u{2068}#11\u{2069}]",
            "ticket/11",
            "Re: Ticket 11",
            "#11#",
        ];
        for typed in alone {
            assert_eq!(read(typed), Some(Named { number: 11, alone: true }), "{typed}");
        }
        let with_others = [
            "11",
            " 11 ",
            "11.",
            "11,",
            "(11)",
            "[11]",
            "„11“",
            "１１",
            "١١",
            "11:",
            "[#11] Printer",
            "Re: [#11] Printer is silent",
            "AW: WG: [#11] Printer",
            "#11 Printer",
            "Printer #11",
            "Printer is silent #11",
            "Printer (#11)",
            "Ticket 11: Printer",
            "Ticket 11 Printer 2",
            "Re: 11",
            "see https://site.example/tickets/11 please",
            "票#11",
            "#11票",
            "Ticket #11 Printer",
        ];
        for typed in with_others {
            assert_eq!(read(typed), Some(Named { number: 11, alone: false }), "{typed}");
        }
    }

    #[test]
    fn what_is_no_number_of_a_ticket_is_none() {
        let none = [
            "",
            "#",
            "##",
            "printer",
            "12a",
            "#12a",
            "1 2",
            "-12",
            "−12",
            ".5",
            "1.5",
            "1,000",
            "11:30",
            "11 %",
            "11%",
            "§ 11",
            "11 €",
            "$11",
            "+49",
            "C#11",
            "C# 11",
            "Invoice 11",
            "Invoice 2027-31",
            "99999999999999999999",
            "#99999999999999999999",
            "tickets/new",
            "/tickets/11a",
            "https://site.example/mytickets/11",
            "11 Printer",
            "No. 11 Printer",
            "11 & 12",
            "a@11",
            "#x11",
            "#message-11",
        ];
        for typed in none {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
