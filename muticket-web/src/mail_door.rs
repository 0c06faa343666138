//! The door through which a mail server hands over letters (M-08): `POST {base}/mail` with a key. It has no session and no page. Where the
//! site sets no key, there is no door.

use futures_util::StreamExt as _;
use http::StatusCode;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, WWW_AUTHENTICATE};
use muticket_core::incoming::Envelope;
use muticket_core::mailroom::ReceiveError;

use crate::context::Context;
use crate::form::pace::Paced;
use crate::report::with_causes;
use crate::request::RequestBody;
use crate::response::Response;

/// How many letters are taken in at the same time. Each is in memory meanwhile.
pub(crate) const AT_ONCE: usize = 4;

/// Takes in the letter in the body. 200: it is stored. 413: it is too large and will never be stored. All others: the sender keeps the
/// letter and tries again. With 401 and 404, an administrator has to mend the set-up first. `docs/guide/mail.md` has the list.
pub(crate) async fn take(context: &Context<'_>, body: RequestBody<'_>) -> Response {
    let shared = context.shared;
    let Some(rules) = shared.helpdesk.mail_in().filter(|rules| rules.key_length().is_some()) else {
        return no_door();
    };
    if !rules.is_key(key(context)) {
        return say(StatusCode::UNAUTHORIZED, "the key is missing or wrong").with(WWW_AUTHENTICATE, "Bearer");
    }
    let Ok(_place) = shared.letters_at_once.try_acquire() else {
        return say(StatusCode::SERVICE_UNAVAILABLE, "too many letters at once; try again");
    };
    // One more byte tells that the letter is too long.
    let mut body = Paced::new(body, rules.max_bytes().saturating_add(1), shared.pace);
    // A letter that outgrows its place is copied to a larger one.
    let mut raw = Vec::with_capacity(length(context).min(usize::try_from(rules.max_bytes()).unwrap_or(usize::MAX)));
    while let Some(piece) = body.next().await {
        match piece {
            Ok(piece) => raw.extend_from_slice(&piece),
            Err(_) if body.is_late() => return say(StatusCode::REQUEST_TIMEOUT, "the letter came too slowly"),
            Err(_) => return say(StatusCode::BAD_REQUEST, "the letter did not come to its end"),
        }
        if raw.len() as u64 > rules.max_bytes() {
            body.drain().await;
            return say(StatusCode::PAYLOAD_TOO_LARGE, "the letter is too large");
        }
    }
    let query = context.query();
    let envelope = Envelope { from: query.value("from"), to: query.value("to").unwrap_or_default() };
    match shared.helpdesk.receive(raw, &envelope).await {
        Ok(receipt) => {
            tracing::info!(letter = %receipt.id, verdict = receipt.verdict.as_str(), "MuTicket took in a letter");
            say(StatusCode::OK, receipt.verdict.as_str())
        }
        Err(ReceiveError::NotSetUp) => no_door(),
        Err(ReceiveError::TooLarge { .. }) => say(StatusCode::PAYLOAD_TOO_LARGE, "the letter is too large"),
        Err(error) => {
            tracing::error!(cause = %with_causes(&error), "MuTicket could not take in a letter; the mail server has to try again");
            say(StatusCode::SERVICE_UNAVAILABLE, "try again later")
        }
    }
}

/// The announced length of the body in bytes; 0 if it is not known. It may be wrong.
fn length(context: &Context<'_>) -> usize {
    let header = context.head.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    header.and_then(|length| length.parse().ok()).unwrap_or_default()
}

/// The key of the request; empty without one.
fn key<'r>(context: &Context<'r>) -> &'r str {
    let header = context.head.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match header.split_once(' ') {
        Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim(),
        _ => "",
    }
}

fn no_door() -> Response {
    say(StatusCode::NOT_FOUND, "no letters come in here")
}

fn say(status: StatusCode, words: &str) -> Response {
    Response { status, ..Response::text(format!("{words}\n")) }
}
