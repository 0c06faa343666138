//! A supporter's reply to a notice, as their answer on the ticket (M-01).

use std::sync::Arc;

use crate::desk::Desk;
use crate::draft::{NewMessage, Repeated};
use crate::error::Error;
use crate::id::TicketNumber;
use crate::incoming::{Incoming, Verdict};
use crate::mail::ReplyPattern;
use crate::mailroom::compose::beginning;
use crate::mailroom::content::File;
use crate::mailroom::head::fields;
use crate::mailroom::open::{nonce, store_in, stored_before, verdict_of};
use crate::mailroom::parsed::Parsed;
use crate::mailroom::quote::certainly_new;
use crate::mailroom::work::SortingDesk;
use crate::refusal::Refusal;
use crate::situation::Situation;
use crate::ticket::Body;
use crate::user::User;

/// The endings of files that may hold the letter that is replied to: letters, and files into which mail programs and mail servers put
/// a text, or the rest of one.
const TEXTS: [&str; 10] = ["eml", "msg", "mht", "mhtml", "p7m", "dat", "txt", "htm", "html", "rtf"];

/// How many bytes of a file are looked through for the header of a letter.
const HEADER: usize = 200_000;

impl SortingDesk<'_> {
    /// The letter as the supporter's answer. A letter that cannot be one is held, and its writer is told to answer on the page.
    ///
    /// # Errors
    /// The letter could not be worked on.
    pub(super) async fn respond(
        &self,
        letter: &mut Incoming,
        parsed: &Parsed,
        user: &User,
        number: TicketNumber,
    ) -> Result<Verdict, Error> {
        if let Some(verdict) = stored_before(self.parts, letter, user, Some(number)).await? {
            // Nothing in an answer is quoted.
            letter.new_part = None;
            return Ok(verdict);
        }
        let situation = Arc::new(Situation::load(self.parts, user).await?);
        let Some(desk) = Desk::of(self.parts, user, &situation) else { return Ok(Verdict::NotAllowed) };
        let Some(body) = answer_in(parsed, &self.rules.pattern) else { return Ok(Verdict::FromSupporter) };
        let (uploads, refused) = store_in(desk.uploads(), parsed, self.parts.limits.attachments).await?;
        if !refused.is_empty() {
            desk.discard(uploads).await?;
            return Ok(Verdict::FromSupporter);
        }
        let new = NewMessage {
            body,
            attachments: uploads.clone(),
            nonce: Some(nonce(letter)),
            repeated: Repeated::Send,
            ..NewMessage::default()
        };
        match desk.answer(number, new).await {
            Ok(message) => {
                (letter.ticket, letter.message, letter.new_part) = (Some(message.ticket), Some(message.number), None);
                Ok(Verdict::Replied)
            }
            Err(error) => {
                desk.discard(uploads).await?;
                match error {
                    Error::Refused(Refusal::TicketClosed) | Error::Invalid(_) => Ok(Verdict::FromSupporter),
                    other => verdict_of(other),
                }
            }
        }
    }
}

/// What the customer gets of the letter; `None` if that is not certain. The notice that a supporter quotes has addresses of supporters,
/// so nothing quoted may reach the customer: neither in the text nor in a file.
fn answer_in(parsed: &Parsed, pattern: &ReplyPattern) -> Option<String> {
    let text = &parsed.text;
    if text.is_passed_on || text.is_sealed || parsed.files.iter().any(may_hold_the_notice) {
        return None;
    }
    let new = certainly_new(beginning(&text.words), text.quoted_at)?;
    // A quotation without marks may have lost its beginning.
    let is_of_notice = |word: &str| pattern.token_in(word.trim_matches(|c: char| !c.is_alphanumeric())).is_some();
    if new.split_whitespace().any(is_of_notice) {
        return None;
    }
    // A text that is too long would lose its end.
    Body::parse(new).is_ok().then(|| new.to_owned())
}

fn may_hold_the_notice(file: &File) -> bool {
    let ending = file.name.rsplit_once('.').map(|(_, ending)| ending.trim().to_ascii_lowercase());
    ending.is_some_and(|ending| TEXTS.contains(&ending.as_str())) || has_message_id(&file.content.beginning(HEADER))
}

fn has_message_id(bytes: &[u8]) -> bool {
    fields(bytes).iter().any(|(name, _)| name.eq_ignore_ascii_case("message-id"))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::incoming::Envelope;
    use crate::mailroom::parsed::parse;
    use crate::mailroom::rules::MailIn;

    fn answer(letter: &str) -> Option<String> {
        let rules = MailIn::new("support+{token}@example.org").unwrap();
        let raw = format!("From: sara@x.example\n{letter}").replace('\n', "\r\n");
        answer_in(&parse(&Bytes::from(raw), &Envelope::default(), &rules).unwrap(), rules.pattern())
    }

    fn with_file(kind: &str, bytes: &str) -> Option<String> {
        let head = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nYes\n--b\n";
        answer(&format!("{head}Content-Type: {kind}\n\n{bytes}\n--b--\n"))
    }

    /// M-01: nothing of the notice reaches the customer.
    #[test]
    fn a_letter_that_may_hold_the_notice_elsewhere_is_no_answer() {
        assert_eq!(answer("Subject: Re: x\n\nYes\n\nOn Monday, Support wrote:\n> Who?\n").as_deref(), Some("Yes"));
        assert_eq!(answer("Subject: Fwd: x\n\nYes\n"), None, "it is passed on");
        assert_eq!(answer(&format!("\n{}\n", "a".repeat(30_000))), None, "it is too long");
        assert_eq!(answer("\n \n"), None, "it is empty");
        assert_eq!(answer("\nYes\n\nReply-To: <support+t12-693-abc@example.org>\n"), None, "it has an address for replies");
        for (kind, bytes) in [
            ("image/png; name=a.png", "x"),
            ("application/pdf; name=a.pdf", "%PDF"),
            ("text/csv; name=a.csv", "From: x\nTo: y\n"),
        ] {
            assert_eq!(with_file(kind, bytes).as_deref(), Some("Yes"), "{kind}");
        }
        for kind in [
            "message/rfc822",
            "message/rfc822; name=\"The printer\"",
            "application/octet-stream; name=a.MSG",
            "application/ms-tnef; name=winmail.dat",
            "text/html; name=ATT00001.htm",
            "text/plain; name=ATT00001.txt",
            "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        ] {
            assert_eq!(with_file(kind, "From: a@x.example\nMessage-ID: <1@x.example>\n\nSecret\n"), None, "{kind}");
        }
    }
}
