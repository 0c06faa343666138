//! Sender and recipients of a letter, as the server that delivered it wrote them into its header.

use muticket_core::incoming::Envelope;

/// How much of a letter is looked through for the end of its header.
const LONGEST: usize = 256 * 1024;

/// The most recipients.
const RECIPIENTS: usize = 20;

/// The header of a letter, with the empty line. If it has no end, its beginning.
pub(super) fn header(raw: &[u8]) -> &[u8] {
    let beginning = &raw[..raw.len().min(LONGEST)];
    let mut end = 0;
    for line in beginning.split_inclusive(|byte| *byte == b'\n') {
        end += line.len();
        if line.trim_ascii().is_empty() {
            break;
        }
    }
    &beginning[..end]
}

/// The envelope of a letter. The topmost field counts, because the last server writes above the others.
pub(super) fn envelope(raw: &[u8]) -> Envelope {
    let fields = fields(header(raw));
    let address = |value: &str| value.trim().trim_matches(['<', '>']).trim().to_owned();
    let from = fields.iter().find(|(name, _)| name == "return-path").map(|(_, value)| address(value));
    let mut to: Vec<String> = Vec::new();
    for (name, value) in &fields {
        let value = address(value);
        let is_recipient = ["delivered-to", "x-original-to", "envelope-to"].contains(&name.as_str());
        if is_recipient && !value.is_empty() && !to.contains(&value) && to.len() < RECIPIENTS {
            to.push(value);
        }
    }
    Envelope { from, to: to.join(" ") }
}

/// Names in lower case, and values without the ends of their lines.
fn fields(header: &[u8]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in header.split(|byte| *byte == b'\n') {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_end_matches('\r');
        match (line.starts_with([' ', '\t']), fields.last_mut()) {
            (true, Some((_, value))) => value.push_str(line),
            (true, None) => {}
            (false, _) => {
                if let Some((name, value)) = line.split_once(':') {
                    fields.push((name.trim().to_ascii_lowercase(), value.to_owned()));
                }
            }
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_envelope_is_read_from_the_header() {
        let letter = b"Return-Path: <anna@example.org>\r\nDelivered-To: support@example.org\r\nX-Original-To:\r\n <support+t@example.org>\r\n\
            DELIVERED-TO: support@example.org\r\nReturn-Path: <forged@example.org>\r\nSubject: a\r\n\r\nEnvelope-To: text@example.org\r\n";
        let expected =
            Envelope { from: Some("anna@example.org".to_owned()), to: "support@example.org support+t@example.org".to_owned() };
        assert_eq!(envelope(letter), expected);
        assert_eq!(envelope(b"Return-Path: <>\n\nText").from.as_deref(), Some(""));
        assert_eq!(envelope(b"Subject: a\r\n\r\nReturn-Path: <a@example.org>"), Envelope::default());
        assert_eq!(header(b"A: b\r\nC: d\r\n\r\ntext\r\n\r\n"), b"A: b\r\nC: d\r\n\r\n");
        assert_eq!(header(b"A: b"), b"A: b");
    }

    proptest! {
        #[test]
        fn any_bytes_have_an_envelope(raw in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = envelope(&raw);
            prop_assert!(raw.starts_with(header(&raw)));
        }

        /// What follows the header says nothing, and folded fields are read as one line.
        #[test]
        fn the_envelope_is_what_the_server_wrote(
            from in "[a-z+.-]{1,20}@[a-z.-]{1,20}",
            to in proptest::collection::vec("[a-z+.-]{1,20}@[a-z.-]{1,20}", 0..30),
            end in prop::sample::select(vec!["\r\n", "\n"]),
            text in "(Return-Path|Delivered-To|:| |<|>|[a-z@]|\r|\n){0,40}",
        ) {
            let mut raw = format!("Return-Path: <{from}>{end}");
            for address in &to {
                raw.push_str(&format!("Delivered-To:{end} {address}{end}"));
            }
            raw.push_str(&format!("Subject: a{end}{end}{text}"));
            let mut once: Vec<&str> = Vec::new();
            for address in &to {
                if !once.contains(&address.as_str()) && once.len() < RECIPIENTS {
                    once.push(address);
                }
            }
            prop_assert_eq!(envelope(raw.as_bytes()), Envelope { from: Some(from), to: once.join(" ") });
        }
    }
}
