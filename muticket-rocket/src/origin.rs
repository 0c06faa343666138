//! Whether a form was sent by a page of this site (P-08).

use rocket::Request;

use crate::request::Converted;

/// Whether the browser says that a page of this site sent the request. MuTicket's own forms check this themselves; a host can call it for
/// its login and its other forms. [`muticket_web::is_same_origin`] says how it is decided.
pub fn is_same_origin(request: &Request<'_>, public_url: Option<&str>) -> bool {
    muticket_web::is_same_origin(&Converted::of(request).head(), public_url)
}
