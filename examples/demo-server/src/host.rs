//! What the shop tells MuTicket about its requests: the three functions of [`Host`].

use muticket_core::{HostError, Visitor};
use muticket_rocket::{Host, Page, percent_encoded};
use rocket::Request;

use crate::layout::Layout;
use crate::session::signed_in;

/// The shop as MuTicket's host.
#[derive(Debug, Clone, Copy)]
pub struct KontorNord;

#[rocket::async_trait]
impl Host for KontorNord {
    async fn visitor(&self, request: &Request<'_>) -> Result<Visitor, HostError> {
        Ok(signed_in(request.cookies()).map_or(Visitor::Guest, |person| Visitor::User(person.user())))
    }

    fn sign_in(&self, back: &str) -> String {
        format!("/login?back={}", percent_encoded(back))
    }

    fn page(&self, page: Page<'_>, request: &Request<'_>) -> Option<String> {
        Some(Layout::of(request).around(&page))
    }
}
