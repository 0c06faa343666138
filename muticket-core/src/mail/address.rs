//! Email addresses, by a rule of our own, and the names in front of them.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::characters::is_invisible;
use crate::mail::words::cut;
use crate::names::readable;

/// An address to which a letter can be sent.
///
/// The rule is narrower than RFC 5321: an address has at most 254 ASCII characters. The local part has 1 to 64 letters,
/// digits and ``!#%&'*+-/=?^_{}~``, may contain single dots, and does not begin with a hyphen. The domain consists of labels
/// of letters, digits and hyphens, and contains at least one dot or is `localhost`.
///
/// Not supported on purpose: quoted local parts and address literals like `a@[127.0.0.1]` (they are not used in practice,
/// and filters reject them), the characters ``$ ` |`` (a host may pass the address to a shell), `=?` (mail programs read it
/// as an encoded word), numeric top-level domains, and non-ASCII local parts, which need a server with SMTPUTF8.
///
/// A domain with non-ASCII letters is converted to its `xn--` form (UTS 46). Spaces around the address are ignored.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress(String);

/// The text is not an address by the rule of [`EmailAddress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid email address")]
pub struct NotAnAddress;

impl EmailAddress {
    /// Parses an address.
    ///
    /// # Errors
    /// [`NotAnAddress`].
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let (local, domain) = text.trim_matches(is_around).split_once('@').ok_or(NotAnAddress)?;
        let domain = ascii_domain(domain).ok_or(NotAnAddress)?;
        let fits = local.len() + 1 + domain.len() <= 254 && is_local_part(local) && is_domain(&domain);
        if fits { Ok(Self(format!("{local}@{domain}"))) } else { Err(NotAnAddress) }
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether both addresses probably reach the same mailbox. The case of ASCII letters is ignored (P-31).
    pub fn reaches_the_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl FromStr for EmailAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        Self::parse(text)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.0)
    }
}

/// Characters that are ignored around an address: spaces, line ends, and zero-width characters that copying adds. With other
/// control characters the address is refused.
pub(super) fn is_around(c: char) -> bool {
    c.is_whitespace() || is_invisible(c) && !c.is_control()
}

/// Converts a domain to ASCII: umlauts become the `xn--` form. Returns `None` if the domain is invalid.
fn ascii_domain(domain: &str) -> Option<Cow<'_, str>> {
    if domain.is_ascii() {
        return Some(Cow::Borrowed(domain));
    }
    idna::domain_to_ascii_strict(domain).ok().map(Cow::Owned)
}

fn is_local_part(local: &str) -> bool {
    let atom =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#%&'*+-/=?^_{}~".contains(&b));
    local.len() <= 64 && !local.starts_with('-') && !local.contains("=?") && local.split('.').all(atom)
}

fn is_domain(domain: &str) -> bool {
    let label = |part: &str| {
        let inner = part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        (1..=63).contains(&part.len()) && inner && !part.starts_with('-') && !part.ends_with('-')
    };
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let top = domain.rsplit('.').next().unwrap_or_default();
    let qualified = domain.contains('.') || domain.eq_ignore_ascii_case("localhost");
    qualified && domain.split('.').all(label) && !numeric(top)
}

/// An address with a display name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    name: String,
    address: EmailAddress,
}

impl Mailbox {
    const MAX_NAME: usize = 100;

    /// Puts a name in front of an address. Never fails, because users choose their names and a letter must not fail because
    /// of one (P-14). The name is cleaned as on pages ([`readable`]) and cut to 100 characters. An unreadable name becomes
    /// empty.
    pub fn new(name: &str, address: EmailAddress) -> Self {
        // Mail programs would show a name of invisible characters instead of the address.
        let name = readable(name).map_or_else(String::new, |name| cut(&name, Self::MAX_NAME));
        Self { name, address }
    }

    /// The display name; may be empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address.
    pub fn address(&self) -> &EmailAddress {
        &self.address
    }
}

impl FromStr for Mailbox {
    type Err = NotAnAddress;

    /// Parses `Support <support@example.org>` or `support@example.org`, as in a configuration.
    fn from_str(text: &str) -> Result<Self, NotAnAddress> {
        let text = text.trim();
        match text.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')) {
            Some((name, address)) => Ok(Self::new(name.trim().trim_matches('"'), EmailAddress::parse(address)?)),
            None => Ok(Self::new("", EmailAddress::parse(text)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_for_addresses_as_a_table() {
        let long = format!("{}@x.example", "a".repeat(65));
        let yes = [
            "a@x.example",
            "A@X.EXAMPLE",
            "a+b@x.example",
            "o'neill@x.example",
            "a.b-c_d=e@sub.x-y.example",
            "a@localhost",
            "a@xn--exmple-cua.org",
            "a@1.example",
        ];
        let no = [
            "",
            "@",
            "a",
            "a@",
            "@x.example",
            "a@b",
            "-f@x.example",
            "danger-$USER@x.example",
            "a`b`@x.example",
            "a|b@x.example",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "\"a b\"@x.example",
            "ü@exämple.org",
            "ü@example.org",
            "=?utf-8?q?a?=@x.example",
            "a@exa mple.org",
            "a@ex\u{e4}mple..org",
            "a@\u{2024}example.org",
            "a@-ä.example",
            "a@xn--ü.example",
            "a\u{ff20}x.example",
            "a..b@x.example",
            ".a@x.example",
            "a.@x.example",
            "a@x.example,b@x.example",
            "a@x.example\r\nBcc: e@x.example",
            "a\0@x.example",
            "a@b@x.example",
            "<a@x.example>",
            "A <a@x.example>",
            "a@x..example",
            "a@.example",
            "a@x.example.",
            "a@-x.example",
            "a@x-.example",
            long.as_str(),
        ];
        for text in yes {
            assert_eq!(EmailAddress::parse(text).map(|a| a.to_string()), Ok(text.to_owned()));
        }
        for text in no {
            assert_eq!(EmailAddress::parse(text), Err(NotAnAddress), "{text:?}");
        }
    }

    #[test]
    fn a_domain_of_other_letters_is_turned_into_ascii() {
        let long = format!("a@{}.example", "ä".repeat(60));
        for (text, read) in [
            ("a@exämple.org", Ok("a@xn--exmple-cua.org")),
            ("Anna.B@EXÄMPLE.org", Ok("Anna.B@xn--exmple-cua.org")),
            ("a@mail.straße.example", Ok("a@mail.xn--strae-oqa.example")),
            ("a@例え.example", Ok("a@xn--r8jz45g.example")),
            ("a@例え。example", Ok("a@xn--r8jz45g.example")),
            ("a@exa\u{308}mple.org", Ok("a@xn--exmple-cua.org")),
            ("ä@exämple.org", Err(NotAnAddress)),
            (long.as_str(), Err(NotAnAddress)),
        ] {
            assert_eq!(EmailAddress::parse(text).map(|address| address.to_string()), read.map(str::to_owned), "{text}");
        }
        let [one, two] = ["s@EXÄMPLE.org", "S@xn--exmple-cua.org"].map(|text| EmailAddress::parse(text).unwrap());
        assert!(one.reaches_the_same(&two));
    }

    #[test]
    fn blanks_around_an_address_are_left_out() {
        for blank in [" ", "\t", "  \t ", "\u{a0}", "\u{3000}", "\u{200b}", "\u{feff}", "\r\n"] {
            for text in [format!("{blank}a@x.example"), format!("a@x.example{blank}"), format!("{blank}a@x.example{blank}")] {
                assert_eq!(
                    EmailAddress::parse(&text).map(|address| address.to_string()),
                    Ok("a@x.example".to_owned()),
                    "{text:?}"
                );
            }
            for text in [format!("a{blank}@x.example"), format!("a@{blank}x.example"), format!("a@x.{blank}example")] {
                // UTS 46 removes zero-width characters from a domain.
                let read = EmailAddress::parse(&text).map(|address| address.to_string());
                assert!(read.is_err() || read.as_deref() == Ok("a@x.example"), "{text:?}: {read:?}");
            }
        }
    }

    #[test]
    fn a_name_is_cleaned_and_never_refused() {
        let address = EmailAddress::parse("a@x.example").unwrap();
        assert_eq!(Mailbox::new("Anna\r\nBcc: e@x.example\0", address.clone()).name(), "Anna Bcc: e@x.example");
        assert_eq!(Mailbox::new(&"ä".repeat(5000), address.clone()).name().chars().count(), 100);
        for nothing in ["", " \t", "\u{200b}\u{200d}", "\u{a0}\u{feff}", "\r\n\u{202e}"] {
            assert_eq!(Mailbox::new(nothing, address.clone()).name(), "", "{nothing:?}");
        }
    }

    #[test]
    fn a_mailbox_is_read_as_people_write_it() {
        let read = |text: &str| text.parse::<Mailbox>().map(|m| (m.name().to_owned(), m.address().to_string()));
        assert_eq!(read("\"Help, Ltd\" <s@x.example>"), Ok(("Help, Ltd".to_owned(), "s@x.example".to_owned())));
        assert_eq!(read("s@x.example"), Ok((String::new(), "s@x.example".to_owned())));
        assert_eq!(read("Support <a@x.example, b@x.example>"), Err(NotAnAddress));
    }

    #[test]
    fn case_does_not_make_another_mailbox() {
        let [one, two] = ["Support@X.example", "support@x.EXAMPLE"].map(|text| EmailAddress::parse(text).unwrap());
        assert!(one.reaches_the_same(&two));
    }
}
