//! What a letter says about itself and about the letters that it answers, for the letter that may answer it (RFC 3834).

use crate::mail::MessageId;

/// The most ids of other letters that are read.
const IDS: usize = 100;

/// The longest id in bytes: a line of a header (RFC 5322, 2.1.1).
const LONGEST: usize = 998;

/// A part of the header of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Identity {
    /// Its own id; `None` if it has none that can be answered.
    pub(crate) message_id: Option<MessageId>,
    /// Whether a MuTicket sent it. Such letters are never answered automatically (M-05).
    pub(crate) has_loop_mark: bool,
    /// The ids of the letters that it answers, without angle brackets, newest first.
    pub(crate) answers: Vec<String>,
}

impl Identity {
    /// What the fields of a header say.
    pub(crate) fn of(fields: &[(&str, &str)]) -> Self {
        let mut head = Self::default();
        for (name, value) in fields {
            match name.to_ascii_lowercase().as_str() {
                "message-id" if head.message_id.is_none() => head.message_id = MessageId::foreign(value),
                "x-muticket-loop" => head.has_loop_mark = true,
                "in-reply-to" => head.answers.splice(0..0, ids(value)).for_each(drop),
                "references" => head.answers.extend(ids(value).into_iter().rev()),
                _ => {}
            }
            head.answers.truncate(IDS);
        }
        head
    }
}

fn ids(value: &str) -> Vec<String> {
    let ids = value.split_whitespace().filter(|id| id.len() <= LONGEST).take(IDS);
    ids.map(|id| id.trim_matches(['<', '>', ',']).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mailroom::head::fields;

    fn identity(raw: &[u8]) -> Identity {
        let fields = fields(raw);
        Identity::of(&fields.iter().map(|(name, value)| (*name, value.as_ref())).collect::<Vec<_>>())
    }

    /// M-05
    #[test]
    fn a_header_is_read() {
        let raw = b"Received: by mx\r\n\tMessage-ID: <x@y>\r\nmessage-id:\r\n <a@m.example>\r\nReferences: <1@m> <2@m>\r\n\
                    In-Reply-To: <3@m>\r\nX-MuTicket-Loop: 1\r\n\r\nMessage-ID: <b@m>\r\n";
        let head = identity(raw);
        assert_eq!(head.message_id.as_ref().map(MessageId::as_str), Some("a@m.example"));
        assert!(head.has_loop_mark);
        assert_eq!(head.answers, ["3@m", "2@m", "1@m"]);
        for raw in [
            "",
            "\r\n\r\nX-MuTicket-Loop: 1",
            "Subject: X-MuTicket-Loop: 1\r\n",
            "Message-ID: <a b@m>\r\n",
            " X-MuTicket-Loop: 1",
        ] {
            assert_eq!(identity(raw.as_bytes()), Identity::default(), "{raw}");
        }
        let many = format!("References: {}\r\n", "<a@b> ".repeat(10_000));
        assert_eq!(identity(many.as_bytes()).answers.len(), IDS);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(raw in prop::collection::vec(any::<u8>(), 0..300)) {
            let head = identity(&raw);
            prop_assert!(head.message_id.is_none_or(|id| id.as_str().bytes().all(|byte| byte.is_ascii_graphic())));
        }
    }
}
