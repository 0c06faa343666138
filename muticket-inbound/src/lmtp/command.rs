//! Commands of a mail server, read from one line (RFC 5321, RFC 2033).

/// A command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// `LHLO`: the client speaks LMTP, so it wants one answer for each recipient.
    Lhlo,
    /// `EHLO`: the client speaks SMTP, and knows extensions.
    Ehlo,
    /// `HELO`: the client speaks SMTP.
    Helo,
    /// `MAIL FROM`.
    Mail(Sender),
    /// `RCPT TO`: the address of a recipient.
    Rcpt(String),
    /// `DATA`.
    Data,
    /// `RSET`.
    Rset,
    /// `NOOP`.
    Noop,
    /// `VRFY`.
    Vrfy,
    /// `QUIT`.
    Quit,
}

/// What `MAIL FROM` says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sender {
    /// The address; empty for a letter that wants no reports.
    pub(crate) address: String,
    /// The octets of the letter, as the client counts them (RFC 1870).
    pub(crate) size: Option<u64>,
    /// Whether addresses may have other letters than ASCII (RFC 6531).
    pub(crate) is_utf8: bool,
}

const LINE_END: &str = "500 5.5.2 a command is one line of text that ends with CR LF";
const UNKNOWN: &str = "500 5.5.1 this command is not known here";
const NOT_SO: &str = "501 5.5.4 this command is not written like that";
const ADDRESS: &str = "553 5.1.3 this address cannot be read";
const UTF8: &str = "553 5.6.7 an address with such letters needs SMTPUTF8";
const PARAMETER: &str = "555 5.5.4 this parameter is not known here";

/// The longest address, in octets.
const MAX_ADDRESS: usize = 320;

/// Reads a line with its line end. `is_utf8` says whether the letter that has begun may have other letters than ASCII in its addresses.
///
/// # Errors
/// The answer to a line that is no command.
pub(crate) fn parse(line: &[u8], is_utf8: bool) -> Result<Command, &'static str> {
    let text = line.strip_suffix(b"\r\n").and_then(|line| std::str::from_utf8(line).ok()).ok_or(LINE_END)?;
    if text.contains(char::is_control) {
        return Err(LINE_END);
    }
    let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
    let rest = rest.trim_matches(' ');
    let alone = |command| if rest.is_empty() { Ok(command) } else { Err(NOT_SO) };
    let named = |command| if rest.is_empty() { Err(NOT_SO) } else { Ok(command) };
    match verb.to_ascii_uppercase().as_str() {
        "LHLO" => named(Command::Lhlo),
        "EHLO" => named(Command::Ehlo),
        "HELO" => named(Command::Helo),
        "MAIL" => mail(rest).map(Command::Mail),
        "RCPT" => rcpt(rest, is_utf8).map(Command::Rcpt),
        "DATA" => alone(Command::Data),
        "RSET" => alone(Command::Rset),
        "QUIT" => alone(Command::Quit),
        "NOOP" => Ok(Command::Noop),
        "VRFY" => named(Command::Vrfy),
        _ => Err(UNKNOWN),
    }
}

fn mail(rest: &str) -> Result<Sender, &'static str> {
    let (address, parameters) = path(rest, "FROM:")?;
    let mut sender = Sender { address, ..Sender::default() };
    for parameter in parameters.split_ascii_whitespace() {
        let (name, value) = parameter.split_once('=').map_or((parameter, None), |(name, value)| (name, Some(value)));
        match (name.to_ascii_uppercase().as_str(), value) {
            ("SIZE", Some(digits)) if !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()) => {
                sender.size = Some(digits.parse().unwrap_or(u64::MAX));
            }
            ("BODY", Some(kind)) if ["7BIT", "8BITMIME"].iter().any(|known| kind.eq_ignore_ascii_case(known)) => {}
            ("SMTPUTF8", None) => sender.is_utf8 = true,
            ("SIZE" | "BODY" | "SMTPUTF8", _) => return Err(NOT_SO),
            _ => return Err(PARAMETER),
        }
    }
    if sender.is_utf8 || sender.address.is_ascii() { Ok(sender) } else { Err(UTF8) }
}

fn rcpt(rest: &str, is_utf8: bool) -> Result<String, &'static str> {
    let (address, parameters) = path(rest, "TO:")?;
    if !parameters.is_empty() {
        return Err(PARAMETER);
    }
    match address {
        address if address.is_empty() => Err(ADDRESS),
        address if is_utf8 || address.is_ascii() => Ok(address),
        _ => Err(UTF8),
    }
}

/// The address between angle brackets, and what follows. A route before the address is ignored (RFC 5321, 3.3).
///
/// An envelope is stored as a list of addresses with blanks between them. So an address with a blank is refused, although it can be quoted.
fn path<'l>(rest: &'l str, word: &str) -> Result<(String, &'l str), &'static str> {
    let (found, rest) = rest.split_at_checked(word.len()).ok_or(NOT_SO)?;
    if !found.eq_ignore_ascii_case(word) {
        return Err(NOT_SO);
    }
    let rest = rest.trim_start_matches(' ').strip_prefix('<').ok_or(NOT_SO)?;
    let (address, parameters) = rest.split_once('>').ok_or(NOT_SO)?;
    if !parameters.is_empty() && !parameters.starts_with(' ') {
        return Err(NOT_SO);
    }
    let address = match address.strip_prefix('@') {
        Some(route) => route.split_once(':').ok_or(ADDRESS)?.1,
        None => address,
    };
    if address.len() > MAX_ADDRESS || address.contains(|c: char| c.is_whitespace() || c == '<') {
        return Err(ADDRESS);
    }
    Ok((address.to_owned(), parameters.trim_matches(' ')))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(line: &str) -> Result<Command, &'static str> {
        parse(format!("{line}\r\n").as_bytes(), false)
    }

    fn from(address: &str, size: Option<u64>, is_utf8: bool) -> Result<Command, &'static str> {
        Ok(Command::Mail(Sender { address: address.to_owned(), size, is_utf8 }))
    }

    #[test]
    fn the_commands_that_are_understood() {
        let to = |address: &str| Ok(Command::Rcpt(address.to_owned()));
        let cases = [
            ("LHLO mail.example.org", Ok(Command::Lhlo)),
            ("ehlo [127.0.0.1]", Ok(Command::Ehlo)),
            ("Helo mail", Ok(Command::Helo)),
            ("MAIL FROM:<anna@example.org>", from("anna@example.org", None, false)),
            ("mail from:<>", from("", None, false)),
            ("MAIL FROM: <a@x.example> SIZE=0012 BODY=8bitmime", from("a@x.example", Some(12), false)),
            ("MAIL FROM:<a@x.example> size=99999999999999999999999", from("a@x.example", Some(u64::MAX), false)),
            ("MAIL FROM:<ä@x.example> BODY=7BIT SMTPUTF8", from("ä@x.example", None, true)),
            ("MAIL FROM:<@one.example,@two.example:a@x.example>", from("a@x.example", None, false)),
            ("RCPT TO:<support+t12-abc@example.org>", to("support+t12-abc@example.org")),
            ("rcpt to:<Postmaster> ", to("Postmaster")),
            ("DATA", Ok(Command::Data)),
            ("data ", Ok(Command::Data)),
            ("RSET", Ok(Command::Rset)),
            ("NOOP are you there", Ok(Command::Noop)),
            ("VRFY anna", Ok(Command::Vrfy)),
            ("QUIT", Ok(Command::Quit)),
        ];
        for (line, command) in cases {
            assert_eq!(read(line), command, "{line}");
        }
        assert_eq!(parse("RCPT TO:<ä@x.example>\r\n".as_bytes(), true), to("ä@x.example"));
    }

    #[test]
    fn the_lines_that_are_refused() {
        let long = format!("RCPT TO:<{}@x.example>", "a".repeat(400));
        let cases = [
            ("", UNKNOWN),
            (" QUIT", UNKNOWN),
            ("BDAT 5 LAST", UNKNOWN),
            ("AUTH PLAIN x", UNKNOWN),
            ("STARTTLS", UNKNOWN),
            ("DATAX", UNKNOWN),
            ("GET / HTTP/1.1", UNKNOWN),
            ("LHLO", NOT_SO),
            ("DATA now", NOT_SO),
            ("MAIL", NOT_SO),
            ("MAIL FROM", NOT_SO),
            ("MAIL TO:<a@x.example>", NOT_SO),
            ("MAIL FROM:a@x.example", NOT_SO),
            ("MAIL FROM:<a@x.example", NOT_SO),
            ("MAIL FROM:<a@x.example>SIZE=1", NOT_SO),
            ("MAIL FROM:<a@x.example> SIZE=", NOT_SO),
            ("MAIL FROM:<a@x.example> SIZE=-1", NOT_SO),
            ("MAIL FROM:<a@x.example> SIZE=+1", NOT_SO),
            ("MAIL FROM:<a@x.example> BODY=BINARYMIME", NOT_SO),
            ("MAIL FROM:<a@x.example> SMTPUTF8=yes", NOT_SO),
            ("MAIL FROM:<a@x.example> AUTH=<>", PARAMETER),
            ("MAIL FROM:<ä@x.example>", UTF8),
            ("MAIL FROM:<@one.example>", ADDRESS),
            ("RCPT TO:<>", ADDRESS),
            ("RCPT TO:<a b@x.example>", ADDRESS),
            ("RCPT TO:<a<b@x.example>", ADDRESS),
            ("RCPT TO:<a@x.example> NOTIFY=NEVER", PARAMETER),
            ("RCPT TO:<ä@x.example>", UTF8),
            (long.as_str(), ADDRESS),
            ("NOOP\0", LINE_END),
            ("QUIT\r", LINE_END),
            ("RCPT TO:<a\n@x.example>", LINE_END),
        ];
        for (line, answer) in cases {
            assert_eq!(read(line), Err(answer), "{line:?}");
        }
        for line in [b"QUIT\n".as_slice(), b"QUIT", b"QUIT\r", b"\xff\r\n", b""] {
            assert_eq!(parse(line, true), Err(LINE_END), "{line:?}");
        }
    }

    proptest! {
        #[test]
        fn no_line_stops_it(line in prop::collection::vec(any::<u8>(), 0..200), is_utf8 in any::<bool>()) {
            let _ = parse(&[&line[..], b"\r\n"].concat(), is_utf8);
        }

        /// What is understood as an address is one word in one line.
        #[test]
        fn an_address_is_one_word(inner in "[ -~äé\u{2028}\u{a0}<>@:\"\\\\]{0,40}", is_utf8 in any::<bool>()) {
            for line in [format!("MAIL FROM:<{inner}> SMTPUTF8\r\n"), format!("RCPT TO:<{inner}>\r\n")] {
                if let Ok(Command::Mail(Sender { address, .. }) | Command::Rcpt(address)) = parse(line.as_bytes(), is_utf8) {
                    prop_assert!(address.split_whitespace().count() <= 1 && !address.contains(['<', '>']));
                }
            }
        }
    }
}
