//! The address of a mailbox as one line of a configuration.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use muticket_core::mail::server_url::{Protocol, Security, ServerUrl};
use muticket_core::mailbox::MailboxState;

const IMAP: Protocol = Protocol {
    scheme: "imap",
    other_scheme: "it must begin with imap://, imap+starttls:// or imaps://",
    other_form: "it must have a host, and may have a port and a folder. Nothing may follow. In a password, write %2F for /, %3F for ? \
                 and %23 for #",
    not_decoded: "the user, the password or the folder is not percent-encoded correctly",
};

/// The address of a mailbox, read from a URL; see [`ImapMailbox::new`](crate::imap::ImapMailbox::new).
#[derive(Clone, PartialEq, Eq)]
pub(super) struct ImapAddress {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) user: String,
    pub(super) password: Option<String>,
    pub(super) folder: String,
}

/// The mailbox cannot be set up as configured. Never contains the URL, because that may contain a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImapSetupError {
    /// The URL is invalid.
    #[error("invalid URL of the mailbox: {0}")]
    Url(&'static str),
    /// Letters and the login would be sent over the network unencrypted.
    #[error("a mailbox needs imaps:// or imap+starttls://, unless its server is on this machine")]
    InClear,
    /// TLS cannot be set up: trusted certificates are missing, or a given one cannot be read.
    #[error("cannot set up TLS for the mailbox: {0}")]
    Tls(String),
}

/// Without the password: for the database, the page and logs.
impl fmt::Display for ImapAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.security {
            Security::Plain => "imap",
            Security::StartTls => "imap+starttls",
            Security::Tls => "imaps",
        };
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        write!(f, "{scheme}://{}@{open}{}{close}", self.user, self.host)?;
        if self.port != usual_port(self.security) {
            write!(f, ":{}", self.port)?;
        }
        write!(f, "/{}", self.folder)
    }
}

impl fmt::Debug for ImapAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl ImapAddress {
    pub(super) fn parse(text: &str) -> Result<Self, ImapSetupError> {
        let url = ServerUrl::parse(text, &IMAP).map_err(ImapSetupError::Url)?;
        let ServerUrl { host, security, password, .. } = url;
        if security == Security::Plain && !url.is_this_machine {
            return Err(ImapSetupError::InClear);
        }
        let user = url.user.ok_or(ImapSetupError::Url("it must have a user"))?;
        let folder = url.path.unwrap_or_else(|| "INBOX".to_owned());
        let address = Self { host, port: url.port.unwrap_or(usual_port(security)), security, user, password, folder };
        if address.to_string().chars().count() > MailboxState::MAX_NAME {
            return Err(ImapSetupError::Url("it is too long"));
        }
        Ok(address)
    }

    /// The name of the folder as the protocol writes it (RFC 3501, 5.1.3).
    pub(super) fn encoded_folder(&self) -> String {
        let (mut encoded, mut others) = (String::new(), Vec::new());
        for c in self.folder.chars().chain(['\0']) {
            let is_plain = (' '..='~').contains(&c) || c == '\0';
            if is_plain && !others.is_empty() {
                let bytes: Vec<u8> = std::mem::take(&mut others).iter().flat_map(|unit: &u16| unit.to_be_bytes()).collect();
                encoded.push('&');
                encoded.push_str(&STANDARD_NO_PAD.encode(bytes).replace('/', ","));
                encoded.push('-');
            }
            match c {
                '\0' => {}
                '&' => encoded.push_str("&-"),
                c if is_plain => encoded.push(c),
                c => others.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
        encoded
    }
}

fn usual_port(security: Security) -> u16 {
    match security {
        Security::Plain | Security::StartTls => 143,
        Security::Tls => 993,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Reads the name of a folder as a server does.
    fn read_folder(mut written: &str) -> String {
        let mut folder = String::new();
        while let Some((plain, rest)) = written.split_once('&') {
            let (encoded, rest) = rest.split_once('-').unwrap();
            let bytes = STANDARD_NO_PAD.decode(encoded.replace(',', "/")).unwrap();
            let units: Vec<u16> = bytes.chunks(2).map(|unit| u16::from_be_bytes(unit.try_into().unwrap())).collect();
            folder.push_str(plain);
            folder.push_str(&if encoded.is_empty() { "&".to_owned() } else { String::from_utf16(&units).unwrap() });
            written = rest;
        }
        folder + written
    }

    #[test]
    fn the_urls_that_are_understood() {
        let cases = [
            ("imaps://support@example.org:secret@mail.example.org/INBOX", "imaps://support@example.org@mail.example.org/INBOX"),
            ("imaps://support%40example.org:a:b%2F@mail.example.org", "imaps://support@example.org@mail.example.org/INBOX"),
            ("imap+starttls://u:p@m.example:1143/A/B%20c", "imap+starttls://u@m.example:1143/A/B c"),
            ("imap://u:p@127.0.0.1", "imap://u@127.0.0.1/INBOX"),
            ("imap://u@[::1]:1/", "imap://u@[::1]:1/INBOX"),
            ("imap://u:p@localhost/Antr%C3%A4ge", "imap://u@localhost/Anträge"),
        ];
        for (url, read_as) in cases {
            let address = ImapAddress::parse(url).unwrap();
            assert_eq!((address.to_string(), format!("{address:?}")), (read_as.to_owned(), read_as.to_owned()));
        }
        let address = ImapAddress::parse("imaps://u:a:b%2F%C3%A4%25@m.example").unwrap();
        assert_eq!((address.port, address.password.as_deref()), (993, Some("a:b/ä%")));
    }

    #[test]
    fn the_urls_that_are_refused() {
        let wrong = [
            "",
            "mail.example",
            "https://u:p@m.example",
            "imaps://",
            "imaps://m.example",
            "imaps://:p@m.example",
            "imaps://u:p@",
            "imaps://u:p@m.example:0",
            "imaps://u:p@m.example/INBOX?a=b",
            "imaps://u:p@m.example/#x",
            "imaps://u:p@m.example\r\n",
            "imaps://u:%zz@m.example",
            "imaps://u:%ff@m.example",
            "imaps://u:%0d%0a@m.example",
            "imaps://u:p@m.example/%0a",
        ];
        for url in wrong {
            assert!(matches!(ImapAddress::parse(url), Err(ImapSetupError::Url(_))), "{url:?}");
        }
        assert!(ImapAddress::parse(&format!("imaps://u:p@m.example/{}", "a".repeat(300))).is_err());
        assert_eq!(ImapAddress::parse("imap://u:secret@mail.example"), Err(ImapSetupError::InClear));
    }

    /// RFC 3501, 5.1.3, and an example of RFC 2152.
    #[test]
    fn folders_are_written_as_the_protocol_wants() {
        let cases = [
            ("INBOX", "INBOX"),
            ("A & B", "A &- B"),
            ("Anträge", "Antr&AOQ-ge"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("📮", "&2D3c7g-"),
        ];
        for (folder, written) in cases {
            let address = ImapAddress { folder: folder.to_owned(), ..ImapAddress::parse("imaps://u:p@m.example").unwrap() };
            assert_eq!(address.encoded_folder(), written);
        }
    }

    proptest! {
        #[test]
        fn any_folder_is_read_as_it_was_written(folder in "[ -~äß台📮&-]{0,20}", other in "\\PC{0,20}") {
            for folder in [folder, other] {
                let address = ImapAddress { folder: folder.clone(), ..ImapAddress::parse("imaps://u:p@m.example").unwrap() };
                let written = address.encoded_folder();
                prop_assert!(written.bytes().all(|byte| matches!(byte, b' '..=b'~')));
                prop_assert_eq!(read_folder(&written), folder);
            }
        }

        /// A password is in no message, and what is shown is one line.
        #[test]
        fn any_url_is_read(rest in "[ -~ä\u{0}\r\n]{0,60}", password in "[A-Z]{8}") {
            for text in [format!("imaps://{rest}"), format!("imaps://anna:{password}@{rest}")] {
                let shown = match ImapAddress::parse(&text) {
                    Ok(address) => format!("{address} {address:?}"),
                    Err(error) => format!("{error} {error:?}"),
                };
                prop_assert!(!shown.contains(&password) && !shown.contains(char::is_control), "{}", shown);
            }
        }
    }
}
