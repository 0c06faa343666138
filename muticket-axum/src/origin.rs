//! Whether a form was sent by a page of this site (P-08).

use axum::http::request::Parts;
use muticket_web::Head;

/// Whether the browser says that a page of this site sent the request. MuTicket's own forms check this themselves; a host can call it for
/// its login and its other forms. [`muticket_web::is_same_origin`] says how it is decided. axum does not know whether a request came over
/// TLS, so a site that speaks TLS gives its `public_url`.
pub fn is_same_origin(request: &Parts, public_url: Option<&str>) -> bool {
    muticket_web::is_same_origin(&Head::from(request), public_url)
}
