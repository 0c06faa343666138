//! What a letter says about itself and about the letters that it answers, for the letter that may answer it (RFC 3834).

use crate::mail::MessageId;
use crate::mailroom::head::fields;

/// The most bytes of a header that are read.
const READ: usize = 200_000;

/// The most ids of other letters that are read.
const IDS: usize = 100;

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
    /// Reads the header of a letter. Any bytes can be read.
    pub(crate) fn of(raw: &[u8]) -> Self {
        let mut head = Self::default();
        for (name, value) in fields(&raw[..raw.len().min(READ)]) {
            match name.to_ascii_lowercase().as_str() {
                "message-id" if head.message_id.is_none() => head.message_id = MessageId::foreign(&value),
                "x-muticket-loop" => head.has_loop_mark = true,
                "in-reply-to" => head.answers.splice(0..0, ids(&value)).for_each(drop),
                "references" => head.answers.extend(ids(&value).into_iter().rev()),
                _ => {}
            }
        }
        head.answers.truncate(IDS);
        head
    }
}

fn ids(value: &str) -> Vec<String> {
    value.split_whitespace().map(|id| id.trim_matches(['<', '>', ',']).to_owned()).take(IDS).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// M-05
    #[test]
    fn a_header_is_read() {
        let raw = b"Received: by mx\r\n\tMessage-ID: <x@y>\r\nmessage-id:\r\n <a@m.example>\r\nReferences: <1@m> <2@m>\r\n\
                    In-Reply-To: <3@m>\r\nX-MuTicket-Loop: 1\r\n\r\nMessage-ID: <b@m>\r\n";
        let head = Identity::of(raw);
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
            assert_eq!(Identity::of(raw.as_bytes()), Identity::default(), "{raw}");
        }
        let many = format!("References: {}\r\n", "<a@b> ".repeat(10_000));
        assert_eq!(Identity::of(many.as_bytes()).answers.len(), IDS);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(raw in prop::collection::vec(any::<u8>(), 0..300)) {
            let head = Identity::of(&raw);
            prop_assert!(head.message_id.is_none_or(|id| id.as_str().bytes().all(|byte| byte.is_ascii_graphic())));
        }
    }
}
