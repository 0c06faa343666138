//! Decides what the domain of the sender says about a letter.

use mail_auth::common::crypto::Algorithm;
use mail_auth::dkim::Signature;
use mail_auth::dmarc::Policy;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::{AuthenticatedMessage, DkimOutput, DkimResult, DmarcResult, MessageAuthenticator, SpfOutput};
use muticket_core::mail::EmailAddress;
use muticket_core::mailroom::{Check, CheckError};

use crate::auth::domain::{can_be_related, is_name};

/// The most names of fields in a signature.
const MOST_FIELDS: usize = 200;

/// Judges a letter. `signed` are its bytes, if its signatures can count.
///
/// # Errors
/// A name server did not answer, and its answer could change the verdict.
pub(super) async fn judge(
    names: &MessageAuthenticator,
    signed: Option<&[u8]>,
    sender: &EmailAddress,
) -> Result<Check, CheckError> {
    let domain = sender.domain().to_ascii_lowercase();
    let mut message = signed.and_then(AuthenticatedMessage::parse).unwrap_or_default();
    // Two parsers may read different senders from the same bytes.
    let is_sender = |from: &String| EmailAddress::parse(from).is_ok_and(|from| from.reaches_the_same(sender));
    if signed.is_some() && !matches!(&*message.from, [from] if is_sender(from)) {
        return Ok(Check::Failed);
    }
    message.from = vec![format!("sender@{domain}")];
    message.errors.clear();
    message.dkim_headers.retain(|field| can_count(&field.header, &domain));
    for field in &mut message.dkim_headers {
        // No reports, and no signatures by other domains: both would ask more names.
        (field.header.r, field.header.atps) = (false, None);
    }
    let mut signatures = names.verify_dkim(&message).await;
    signatures.retain(|found| matches!(found.result(), DkimResult::Pass | DkimResult::TempError(_)));
    let is_own = |found: &&DkimOutput<'_>| found.signature().is_some_and(|signature| signature.d.eq_ignore_ascii_case(&domain));
    // The domain itself signed. This passes whatever else it publishes, and also if it publishes nothing.
    if signatures.iter().filter(is_own).any(|found| found.result() == &DkimResult::Pass) {
        return Ok(Check::Passed);
    }
    let is_unanswered = signatures.iter().any(|found| is_own(&found));
    let no_spf = SpfOutput::new(domain.clone());
    let asked = names.verify_dmarc(DmarcParameters::new(&message, &signatures, &domain, &no_spf)).await;
    match asked.dkim_result() {
        DmarcResult::Pass => Ok(Check::Passed),
        DmarcResult::TempError(_) => Err(CheckError::new("the name servers do not say what the domain of the sender asks for")),
        _ if is_unanswered => Err(CheckError::new("the name servers do not have the key of a signature now")),
        DmarcResult::Fail(_) | DmarcResult::PermError(_) | DmarcResult::None => {
            let refuses = asked.dmarc_record().is_some() && matches!(asked.policy(), Policy::Quarantine | Policy::Reject);
            Ok(if refuses { Check::Failed } else { Check::Unknown })
        }
    }
}

/// Whether a signature can say something about the letters of the domain. It has to cover the sender, which the standard asks of those
/// who sign, and SHA-1 counts no more (RFC 8301).
fn can_count(signature: &Signature, domain: &str) -> bool {
    let covers_sender = signature.h.iter().any(|name| name.trim().eq_ignore_ascii_case("from"));
    let has_names = is_name(&signature.s) && is_name(&signature.d) && can_be_related(&signature.d, domain);
    covers_sender && has_names && signature.h.len() <= MOST_FIELDS && signature.a != Algorithm::RsaSha1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_signatures_can_count() {
        let good = Signature {
            d: "mail.x.example".to_owned(),
            s: "key".to_owned(),
            h: vec!["Subject".to_owned(), "FROM".to_owned()],
            ..Signature::default()
        };
        assert!(can_count(&good, "x.example"));
        let bad = [
            Signature { d: "y.example".to_owned(), ..good.clone() },
            Signature { d: "example".to_owned(), ..good.clone() },
            Signature { d: "x.example.".to_owned(), ..good.clone() },
            Signature { s: "a".repeat(64), ..good.clone() },
            Signature { s: String::new(), ..good.clone() },
            Signature { h: vec!["Subject".to_owned()], ..good.clone() },
            Signature { h: vec!["From".to_owned(); 201], ..good.clone() },
            Signature { a: Algorithm::RsaSha1, ..good.clone() },
        ];
        for signature in bad {
            assert!(!can_count(&signature, "x.example"), "{signature:?}");
        }
    }
}
