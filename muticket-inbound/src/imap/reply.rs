//! Reads what the server says. Any bytes can be read; what is not understood is nonsense.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};

use crate::imap::problem::Problem;
use crate::imap::wire::Response;

/// How deep lists may lie in each other.
const DEEPEST: usize = 50;

/// How the server ended a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// It did it. The text behind `OK`.
    Done(String),
    /// It did not: `NO` or `BAD`, and the text behind it.
    Refused(String),
}

/// What the server says about a letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Fetched {
    pub(super) uid: Option<u32>,
    pub(super) size: Option<u64>,
    pub(super) came_at: Option<DateTime<Utc>>,
    /// Its bytes, or those of its header.
    pub(super) bytes: Option<Vec<u8>>,
}

impl Response {
    /// The text, for people and for words that have no other letters.
    pub(super) fn words(&self) -> String {
        String::from_utf8_lossy(&self.text).into_owned()
    }

    /// Whether the server waits for more of the command.
    pub(super) fn wants_more(&self) -> bool {
        self.text.first() == Some(&b'+')
    }

    /// The answer to the command with this tag; `None` if this is none.
    ///
    /// # Errors
    /// It is an answer, and makes no sense.
    pub(super) fn answer(&self, tag: &str) -> Result<Option<Answer>, Problem> {
        let words = self.words();
        let Some(rest) = words.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) else {
            let is_data = self.text.first().is_some_and(|first| matches!(first, b'*' | b'+'));
            return if is_data { Ok(None) } else { Err(no_answer()) };
        };
        let (word, text) = rest.split_once(' ').unwrap_or((rest, ""));
        match word.to_ascii_uppercase().as_str() {
            "OK" => Ok(Some(Answer::Done(text.to_owned()))),
            "NO" | "BAD" => Ok(Some(Answer::Refused(text.to_owned()))),
            _ => Err(no_answer()),
        }
    }

    /// What is behind `* word `, in any case of the word; `None` if this is something else.
    pub(super) fn data(&self, word: &str) -> Option<String> {
        let words = self.words();
        let rest = words.strip_prefix("* ")?;
        let (first, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        first.eq_ignore_ascii_case(word).then(|| rest.to_owned())
    }

    /// The number of `* number word`.
    pub(super) fn count(&self, word: &str) -> Option<u32> {
        let words = self.words();
        let (number, rest) = words.strip_prefix("* ")?.split_once(' ')?;
        rest.trim().eq_ignore_ascii_case(word).then(|| number.parse().ok())?
    }

    /// The number of `* OK [code number]`.
    pub(super) fn code(&self, code: &str) -> Option<u32> {
        let rest = self.data("OK")?;
        let (inside, _) = rest.strip_prefix('[')?.split_once(']')?;
        let (word, number) = inside.split_once(' ')?;
        word.eq_ignore_ascii_case(code).then(|| number.trim().parse().ok())?
    }

    /// What the server says about a letter; `None` if this is something else.
    ///
    /// # Errors
    /// It makes no sense.
    pub(super) fn fetched(self) -> Result<Option<Fetched>, Problem> {
        let Self { text, literals } = self;
        let Some(rest) = text.strip_prefix(b"* ") else { return Ok(None) };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let Some((word, items)) = rest[digits..].split_at_checked(7).filter(|_| digits > 0) else { return Ok(None) };
        if !word.eq_ignore_ascii_case(b" FETCH ") {
            return Ok(None);
        }
        let nonsense = || Problem::nonsense("what the server said about a letter could not be read");
        Items { rest: items, literals }.read().map(Some).ok_or_else(nonsense)
    }
}

/// Does not say what the server said: it may be a piece of a letter.
fn no_answer() -> Problem {
    Problem::nonsense("the server said something that is no answer")
}

/// The abilities in the text of a `CAPABILITY` response, in upper case.
pub(super) fn abilities(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_ascii_uppercase).collect()
}

/// The abilities in a text that begins with `[CAPABILITY ...]`.
pub(super) fn abilities_in_code(text: &str) -> Option<Vec<String>> {
    let (code, _) = text.strip_prefix('[')?.split_once(']')?;
    let (word, list) = code.split_once(' ')?;
    word.eq_ignore_ascii_case("CAPABILITY").then(|| abilities(list))
}

/// The items of a `FETCH` response.
struct Items<'r> {
    rest: &'r [u8],
    literals: VecDeque<Vec<u8>>,
}

/// The value of an item.
enum Value {
    Bytes(Vec<u8>),
    Word(String),
    List,
}

impl Items<'_> {
    fn read(mut self) -> Option<Fetched> {
        let mut fetched = Fetched::default();
        if !self.skips(b'(') {
            return None;
        }
        loop {
            while self.skips(b' ') {}
            if self.skips(b')') {
                return Some(fetched);
            }
            let name = self.name()?;
            if !self.skips(b' ') {
                return None;
            }
            match (name.as_str(), self.value()?) {
                ("UID", Value::Word(word)) => fetched.uid = Some(word.parse().ok()?),
                ("RFC822.SIZE", Value::Word(word)) => fetched.size = Some(word.parse().ok()?),
                ("INTERNALDATE", Value::Bytes(date)) => fetched.came_at = instant(&date),
                (name, Value::Bytes(bytes)) if name.starts_with("BODY[") => fetched.bytes = Some(bytes),
                _ => {}
            }
        }
    }

    fn skips(&mut self, byte: u8) -> bool {
        let rest = self.rest.strip_prefix(&[byte]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// The name of an item in upper case. Blanks in brackets belong to it.
    fn name(&mut self) -> Option<String> {
        let mut is_inside = false;
        let end = self.rest.iter().position(|byte| {
            match byte {
                b'[' => is_inside = true,
                b']' => is_inside = false,
                _ => {}
            }
            !is_inside && matches!(*byte, b' ' | b')')
        })?;
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(std::str::from_utf8(name).ok()?.to_ascii_uppercase())
    }

    fn value(&mut self) -> Option<Value> {
        match self.rest.first()? {
            b'(' => self.list().map(|()| Value::List),
            b'"' => self.quoted().map(Value::Bytes),
            b'{' => self.literal().map(Value::Bytes),
            _ => {
                let end = self.rest.iter().position(|byte| matches!(byte, b' ' | b')' | b'('))?;
                let (word, rest) = self.rest.split_at(end);
                self.rest = rest;
                Some(Value::Word(std::str::from_utf8(word).ok()?.to_owned()))
            }
        }
    }

    fn quoted(&mut self) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        let mut bytes = self.rest.iter().enumerate().skip(1);
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'"' => {
                    self.rest = &self.rest[at + 1..];
                    return Some(text);
                }
                b'\\' => text.push(*bytes.next()?.1),
                other => text.push(*other),
            }
        }
        None
    }

    /// The mark of a literal, and the literal.
    fn literal(&mut self) -> Option<Vec<u8>> {
        let end = self.rest.iter().position(|byte| *byte == b'}')?;
        self.rest = &self.rest[end + 1..];
        self.literals.pop_front()
    }

    /// Skips a list and what is in it.
    fn list(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.rest.first()? {
                b'"' => drop(self.quoted()?),
                b'{' => drop(self.literal()?),
                byte => {
                    match byte {
                        b'(' => depth += 1,
                        b')' => depth -= 1,
                        _ => {}
                    }
                    self.rest = &self.rest[1..];
                }
            }
            if depth > DEEPEST {
                return None;
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}

/// A date and time as the protocol writes them (RFC 3501, 9.); `None` if it is none.
fn instant(date: &[u8]) -> Option<DateTime<Utc>> {
    let date = std::str::from_utf8(date).ok()?.trim();
    Some(DateTime::parse_from_str(date, "%d-%b-%Y %H:%M:%S %z").ok()?.to_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn response(text: &str, literals: &[&[u8]]) -> Response {
        Response { text: text.as_bytes().to_vec(), literals: literals.iter().map(|literal| literal.to_vec()).collect() }
    }

    fn bytes(text: &str, literals: &[&[u8]]) -> Option<Vec<u8>> {
        response(text, literals).fetched().unwrap().unwrap().bytes
    }

    #[test]
    fn what_is_said_about_a_letter() {
        let said =
            r#"* 3 FETCH (FLAGS (\Seen "a)" {1}) UID 7 RFC822.SIZE 300 INTERNALDATE " 7-Jul-2026 02:44:25 -0700" X ((a) b))"#;
        let fetched = response(said, &[b"x"]).fetched().unwrap().unwrap();
        assert_eq!((fetched.uid, fetched.size, fetched.bytes), (Some(7), Some(300), None));
        assert_eq!(fetched.came_at.unwrap().to_rfc3339(), "2026-07-07T09:44:25+00:00");
        let letter = b"From: anna\r\n\r\n)(\"{5}".as_slice();
        assert_eq!(bytes("* 3 FETCH (BODY[] {20} UID 7)", &[letter]).as_deref(), Some(letter));
        assert_eq!(bytes("* 3 fetch (UID 7 body[header]<0> {20})", &[letter]).as_deref(), Some(letter));
        assert_eq!(bytes("* 3 FETCH (BODY[HEADER.FIELDS (TO CC)] {20})", &[letter]).as_deref(), Some(letter));
        assert_eq!(bytes(r#"* 3 FETCH (UID 7 BODY[] "a \"b\" \\")"#, &[]).as_deref(), Some(br#"a "b" \"#.as_slice()));
        assert_eq!(bytes("* 3 FETCH (UID 7 BODY[] NIL)", &[]), None);
        assert_eq!(bytes("* 3 FETCH ()", &[]), None);
        let other_date = response("* 3 FETCH (UID 7 INTERNALDATE \"yesterday\")", &[]).fetched().unwrap().unwrap();
        assert_eq!((other_date.uid, other_date.came_at), (Some(7), None));
    }

    #[test]
    fn what_makes_no_sense_is_told_apart_from_what_is_something_else() {
        for other in ["* 3 EXISTS", "* OK FETCH (", "a1 OK done", "+ go on", "", "* ", "* FETCH ()", "* 3 FETCHED (UID 7)"] {
            assert_eq!(response(other, &[]).fetched(), Ok(None), "{other}");
        }
        for nonsense in [
            "* 3 FETCH ",
            "* 3 FETCH (",
            "* 3 FETCH (UID",
            "* 3 FETCH (UID x)",
            "* 3 FETCH (UID -1)",
            "* 3 FETCH (UID 4294967296)",
            "* 3 FETCH (UID)",
            "* 3 FETCH (UID 7",
            "* 3 FETCH (BODY[] {3})",
            "* 3 FETCH (BODY[] \"a)",
            "* 3 FETCH (BODY[] \"a\\",
            "* 3 FETCH (FLAGS ((\\Seen)",
            "* 3 FETCH (BODY[ 7)",
        ] {
            assert!(response(nonsense, &[]).fetched().is_err(), "{nonsense}");
        }
        let deep = format!("* 3 FETCH (X {}{})", "(".repeat(1000), ")".repeat(1000));
        assert!(response(&deep, &[]).fetched().is_err());
    }

    #[test]
    fn answers_and_numbers() {
        let answer = |text: &str| response(text, &[]).answer("a1");
        assert_eq!(answer("a1 OK [READ-WRITE] done"), Ok(Some(Answer::Done("[READ-WRITE] done".to_owned()))));
        assert_eq!(answer("a1 no"), Ok(Some(Answer::Refused(String::new()))));
        assert_eq!(answer("a1 BAD what"), Ok(Some(Answer::Refused("what".to_owned()))));
        assert_eq!([answer("* 1 EXISTS"), answer("+ go on")], [Ok(None), Ok(None)]);
        for nonsense in ["a12 OK", "a1", "a1 WELL", "HTTP/1.1 400 Bad Request", ""] {
            assert!(answer(nonsense).is_err(), "{nonsense}");
        }
        assert_eq!(response("* 12 exists", &[]).count("EXISTS"), Some(12));
        assert_eq!(response("* -1 EXISTS", &[]).count("EXISTS"), None);
        assert_eq!(response("* OK [UIDVALIDITY 7] as ever", &[]).code("UIDVALIDITY"), Some(7));
        assert_eq!(response("* OK [UIDVALIDITY] as ever", &[]).code("UIDVALIDITY"), None);
        assert_eq!(response("* bye bye", &[]).data("BYE").as_deref(), Some("bye"));
        assert_eq!(abilities_in_code("[capability IMAP4rev1 Idle] hi").unwrap(), ["IMAP4REV1", "IDLE"]);
        assert_eq!(abilities_in_code("[ALERT] hi"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(text in proptest::collection::vec(any::<u8>(), 0..200), form in "[ ()\"{}\\[\\]\\\\a1]{0,60}") {
            let form = format!("* 1 FETCH {form}").into_bytes();
            for text in [text.clone(), [b"* 1 FETCH (".as_slice(), &text].concat(), form] {
                let response = Response { text: text.clone(), literals: [b"x".to_vec()].into() };
                let _ = (response.answer("a1"), response.code("X"), response.count("X"), response.data("X"));
                let _ = response.fetched();
                let _ = (abilities_in_code(&String::from_utf8_lossy(&text)), instant(&text));
            }
        }

        /// What a server says about a letter is read as it meant it, whether the letter is quoted or announced by its size.
        #[test]
        fn letters_are_read_as_they_were_sent(
            uid in any::<u32>(),
            size in any::<u64>(),
            seconds in 0_i64..4_000_000_000,
            body in proptest::collection::vec(any::<u8>(), 0..60),
        ) {
            let came_at = DateTime::from_timestamp(seconds, 0).unwrap();
            let about = format!("UID {uid} RFC822.SIZE {size} INTERNALDATE \"{}\"", came_at.format("%e-%b-%Y %H:%M:%S +0000"));
            let escaped = body.iter().flat_map(|byte| [b'\\', *byte].into_iter().skip(usize::from(!b"\"\\".contains(byte))));
            let quoted: Vec<u8> = [b'"'].into_iter().chain(escaped).chain([b'"']).collect();
            let expected = Fetched { uid: Some(uid), size: Some(size), came_at: Some(came_at), bytes: Some(body.clone()) };
            for (value, literals) in [(quoted, vec![]), (format!("{{{}}}", body.len()).into_bytes(), vec![body])] {
                let text = [b"* 9 FETCH (FLAGS (\\Seen) BODY[] ".as_slice(), &value, b" ", about.as_bytes(), b")"].concat();
                prop_assert_eq!(Response { text, literals: literals.into() }.fetched(), Ok(Some(expected.clone())));
            }
        }
    }
}
