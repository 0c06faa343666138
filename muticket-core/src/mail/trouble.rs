//! The kind of problem with a letter, as far as it can be detected, so that pages can show it in the reader's language.

use strum::{IntoStaticStr, VariantArray};

/// The kind of problem that kept a letter from being sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[non_exhaustive]
pub enum Trouble {
    /// The mail server cannot be reached.
    Unreachable,
    /// The mail server did not answer in time, or closed the connection.
    NoAnswer,
    /// The connection could not be encrypted: an untrusted certificate, or a server without TLS.
    Insecure,
    /// The mail server refuses the user name or the password, or supports no known login method.
    Login,
    /// The mail server does not accept letters from the site's address.
    Sender,
    /// The mail server does not accept letters for the recipient's address.
    Address,
    /// The recipient's mailbox is full.
    Full,
    /// The letter is too large for the mail server.
    Size,
    /// A policy of the mail server forbids it, such as a spam filter.
    Blocked,
    /// The mail server says that it will accept the letter later.
    Later,
    /// The mail server refused the letter for another reason.
    Refused,
    /// The letter could not be rendered, because of a template or a damaged row.
    Unwritten,
    /// Anything else.
    Other,
}

impl Trouble {
    /// All values.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The name, in lower case, as used in message keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The prefixes of stored problems. The answer of the server, or an error of a library, follows.
pub(crate) const UNCERTAIN: &str = "uncertain, it may have arrived: ";
pub(crate) const UNREACHABLE: &str = "the mail server cannot be reached: ";
pub(crate) const INSECURE: &str = "there is no secure connection to the mail server: ";
pub(crate) const LOGIN: &str = "the mail server did not take the login: ";
pub(crate) const UNWRITTEN: &str = "the letter could not be written: ";
pub(crate) const CLOSED: &str = "the mail server closed the connection or cannot be understood";
pub(crate) const LATE: &str = "the mail server did not answer in time";

/// The parsed form of a stored problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnosis<'a> {
    /// The kind of problem.
    pub trouble: Trouble,
    /// Whether the letter may have arrived: the server's answer is missing (P-22).
    pub may_have_arrived: bool,
    /// The server's answer, or a library's error in English; may be empty.
    pub words: &'a str,
}

impl<'a> Diagnosis<'a> {
    /// Parses the problem of a [`LetterState`](crate::notification::LetterState). Recognises the sentences of the built-in mailer
    /// and SMTP codes (RFC 5321 and RFC 3463). Problems of other mailers are [`Trouble::Other`], unless they begin with a
    /// code.
    ///
    /// ```
    /// use muticket_core::mail::{Diagnosis, Trouble};
    ///
    /// let read = Diagnosis::of("550 5.1.1 no such user");
    /// assert_eq!((read.trouble, read.words), (Trouble::Address, "550 5.1.1 no such user"));
    /// ```
    pub fn of(problem: &'a str) -> Self {
        let (problem, may_have_arrived) = match problem.strip_prefix(UNCERTAIN) {
            Some(rest) => (rest, true),
            None => (problem, false),
        };
        let own = [
            (UNREACHABLE, Trouble::Unreachable),
            (INSECURE, Trouble::Insecure),
            (LOGIN, Trouble::Login),
            (UNWRITTEN, Trouble::Unwritten),
            (CLOSED, Trouble::NoAnswer),
            (LATE, Trouble::NoAnswer),
        ];
        let known = own.into_iter().find_map(|(beginning, trouble)| Some((trouble, problem.strip_prefix(beginning)?)));
        let (trouble, words) = known.unwrap_or_else(|| (of_answer(problem), problem));
        Self { trouble, may_have_arrived, words: words.trim_start_matches(':').trim() }
    }
}

/// Classifies an answer of a mail server. The enhanced code (RFC 3463) is more precise and used if there is one.
fn of_answer(answer: &str) -> Trouble {
    let mut words = answer.split([' ', '-']);
    let code = words.next().filter(|word| word.len() == 3).and_then(|word| word.parse::<u16>().ok()).unwrap_or(0);
    // A report about delivery may know the enhanced code only (RFC 3464).
    let alone = answer.split(' ').next().and_then(enhanced);
    let (code, enhanced) = match alone {
        Some(alone) => (u16::from(alone.0) * 100, Some(alone)),
        None => (code, words.next().and_then(enhanced).filter(|(class, ..)| u16::from(*class) == code / 100)),
    };
    match (code, enhanced) {
        (0..400 | 600.., _) => Trouble::Other,
        (530 | 534 | 535 | 538, _) | (454, Some((_, 7, _))) | (_, Some((_, 7, 8 | 9))) => Trouble::Login,
        (_, Some((_, 1, 7 | 8) | (5, 7, 60))) => Trouble::Sender,
        (500..600, _) if names_the_sender(answer) => Trouble::Sender,
        (_, Some((_, 2, 2))) => Trouble::Full,
        (_, Some((_, 3, 4) | (_, 2, 3))) => Trouble::Size,
        (_, Some((5, 1, _) | (5, 2, 0 | 1))) => Trouble::Address,
        (_, Some((5, 7, _))) => Trouble::Blocked,
        (400..500, _) => Trouble::Later,
        (550 | 551 | 553, None | Some((_, 0, _))) => Trouble::Address,
        (552, None | Some((_, 0, _))) => Trouble::Full,
        _ => Trouble::Refused,
    }
}

/// Whether the words of Postfix or Exim say that the sender is refused. Their codes also stand for other refusals.
fn names_the_sender(answer: &str) -> bool {
    let answer = answer.to_ascii_lowercase();
    ["sender address rejected", "sender verify failed"].into_iter().any(|words| answer.contains(words))
}

/// Parses an enhanced code like `5.1.1`.
fn enhanced(word: &str) -> Option<(u8, u16, u16)> {
    let mut numbers = word.splitn(3, '.');
    let read = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    matches!(read.0, 2 | 4 | 5).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_is_understood() {
        let cases = [
            ("550 5.1.1 no such user", Trouble::Address),
            ("550 No such user here", Trouble::Address),
            ("550 5.2.1 The account is disabled", Trouble::Address),
            ("553 sorry, that domain isn't in my list", Trouble::Address),
            ("552 5.2.2 Over quota", Trouble::Full),
            ("452 4.2.2 The email account is over quota", Trouble::Full),
            ("552 mailbox full", Trouble::Full),
            ("552 5.3.4 Message size exceeds fixed limit", Trouble::Size),
            ("554 5.7.1 Message rejected as spam", Trouble::Blocked),
            ("550 5.7.26 unauthenticated mail is prohibited", Trouble::Blocked),
            ("550 5.7.1 Relaying denied", Trouble::Blocked),
            ("535 5.7.8 Error: authentication failed", Trouble::Login),
            ("530 5.7.0 Must issue a STARTTLS command first", Trouble::Login),
            ("454 4.7.0 Temporary authentication failure", Trouble::Login),
            ("553 5.1.8 nobody there", Trouble::Sender),
            ("553 5.7.1 <a@x.example>: Sender address rejected: not owned by user b", Trouble::Sender),
            ("550 Sender verify failed", Trouble::Sender),
            ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", Trouble::Sender),
            ("450 4.7.1 Sender address rejected: try again later", Trouble::Later),
            ("550 5.1.1 <sender@x.example>: Recipient address rejected", Trouble::Address),
            ("450 4.2.0 greylisted, try again later", Trouble::Later),
            ("421 too many connections", Trouble::Later),
            ("451 4.7.1 Please try again later", Trouble::Later),
            ("452 4.3.1 Insufficient system storage", Trouble::Later),
            ("554 no SMTP service here", Trouble::Refused),
            ("502 not implemented", Trouble::Refused),
            ("550 5.6.0 message looks wrong", Trouble::Refused),
            // The enhanced code alone.
            ("5.1.1 User unknown", Trouble::Address),
            ("5.2.2", Trouble::Full),
            ("4.4.1 no answer", Trouble::Later),
            ("2.0.0 fine", Trouble::Other),
            // No code, or not the code of a refusal.
            ("55", Trouble::Other),
            ("5500 x", Trouble::Other),
            ("250 fine", Trouble::Other),
            ("999 x", Trouble::Other),
            ("", Trouble::Other),
            ("the queue of our own mailer is full", Trouble::Other),
        ];
        for (answer, trouble) in cases {
            let read = Diagnosis::of(answer);
            assert_eq!((read.trouble, read.may_have_arrived, read.words), (trouble, false, answer), "{answer}");
        }
        // If the classes of the two codes differ, the first code counts.
        assert_eq!(Diagnosis::of("450 5.1.1 x").trouble, Trouble::Later);
        assert_eq!(Diagnosis::of("550 5.99999999999.1 x").trouble, Trouble::Address);
    }

    #[test]
    fn what_we_say_ourselves_is_understood() {
        let cases = [
            (
                format!("{UNREACHABLE}Connection refused (os error 111)"),
                Trouble::Unreachable,
                "Connection refused (os error 111)",
            ),
            (format!("{INSECURE}invalid peer certificate: Expired"), Trouble::Insecure, "invalid peer certificate: Expired"),
            (format!("{LOGIN}535 5.7.8 wrong"), Trouble::Login, "535 5.7.8 wrong"),
            (format!("{UNWRITTEN}the template `layout.txt` is wrong"), Trouble::Unwritten, "the template `layout.txt` is wrong"),
            (LATE.to_owned(), Trouble::NoAnswer, ""),
            (CLOSED.to_owned(), Trouble::NoAnswer, ""),
            (format!("{CLOSED}: broken pipe"), Trouble::NoAnswer, "broken pipe"),
        ];
        for (problem, trouble, words) in cases {
            assert_eq!(Diagnosis::of(&problem), Diagnosis { trouble, may_have_arrived: false, words }, "{problem}");
            let uncertain = format!("{UNCERTAIN}{problem}");
            assert_eq!(Diagnosis::of(&uncertain), Diagnosis { trouble, may_have_arrived: true, words }, "{problem}");
        }
    }
}
