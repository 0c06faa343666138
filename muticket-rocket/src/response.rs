//! Turns the module's responses into those of Rocket.

use std::io::Cursor;

use futures_util::StreamExt as _;
use muticket_web::http::HeaderMap;
use rocket::http::{Header, Status};
use rocket::response::stream::ByteStream;
use rocket::response::{Responder as _, Result};
use rocket::{Request, Response};

/// The security headers for the response to a request. They are added last, where the site has not set them itself.
#[derive(Default)]
struct Defaults(HeaderMap);

/// The response, for Rocket.
pub(crate) fn converted<'r>(response: muticket_web::Response, request: &'r Request<'_>) -> Result<'r> {
    let muticket_web::Response { status, headers, defaults, body, .. } = response;
    let mut sent = match body.whole() {
        Some(bytes) => Response::build().sized_body(bytes.len(), Cursor::new(bytes.clone())).finalize(),
        None => {
            let size = body.size();
            // An error ends the response short of its length. The browser notices that.
            let pieces =
                body.take_while(|piece| std::future::ready(piece.is_ok())).filter_map(|piece| std::future::ready(piece.ok()));
            let mut sent = ByteStream::from(pieces).respond_to(request)?;
            sent.set_header(Header::new("Content-Length", size.to_string()));
            sent
        }
    };
    sent.set_status(Status::new(status.as_u16()));
    sent.remove_header("Content-Type");
    add(&mut sent, &headers);
    request.local_cache(|| Defaults(defaults));
    Ok(sent)
}

/// Adds the security headers to a response of the module. Headers that the response or the host has already set stay.
pub(crate) fn protect(request: &Request<'_>, response: &mut Response<'_>) {
    let Defaults(defaults) = request.local_cache(Defaults::default);
    for (name, value) in defaults {
        if !response.headers().contains(name.as_str()) {
            add(response, &[(name.clone(), value.clone())].into_iter().collect());
        }
    }
}

fn add(response: &mut Response<'_>, headers: &HeaderMap) {
    for (name, value) in headers {
        if let Ok(value) = value.to_str() {
            response.adjoin_raw_header(name.as_str().to_owned(), value.to_owned());
        }
    }
}
