//! Answers all failures with one kind of page: it says what happened and what to do next, and shows what the visitor had typed.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::{Method, StatusCode};

use crate::address::Address;
use crate::context::Context;
use crate::error::{ErrorPage, Failure};
use crate::report::with_causes;
use crate::request::Head;
use crate::response::Response;

impl Context<'_> {
    /// The response to a request that failed. `address` is where it was sent; `None` if that is no address of the module.
    pub(crate) fn failed(&self, failure: Failure, address: Option<Address<'_>>) -> Response {
        failure.log();
        let (status, page) = failure.describe();
        let reads = matches!(*self.head.method, Method::GET | Method::HEAD);
        if status == StatusCode::UNAUTHORIZED && reads {
            let Head { path, query, .. } = self.head;
            let asked = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
            return Response::see_other(&self.host.sign_in(&self.links().outside(&asked)));
        }
        // A GET for a form's URL, for example when a response is reloaded, should lead to the page of the form.
        let back = self.retry_link(page, address).filter(|_| !reads || status == StatusCode::METHOD_NOT_ALLOWED);
        match self.error_page((status, page), back, &failure.typed) {
            Ok(response) => match failure.retry_after() {
                Some(seconds) => response.with(RETRY_AFTER, &seconds.to_string()),
                None => response,
            },
            Err(error) => {
                tracing::error!(cause = %with_causes(&error), "MuTicket could not render the error page");
                last_resort(status)
            }
        }
    }

    /// The page of the form, if sending the form again may help. It is made from an address of the module, so it never leads to another
    /// site (P-16). If the visitor may not see that page, there is no link, so that they learn nothing from it (P-02).
    fn retry_link(&self, page: ErrorPage, address: Option<Address<'_>>) -> Option<String> {
        let form = address?.form_page()?;
        page.may_be_retried().then(|| self.links().to(form))
    }
}

/// A response without a page, because the pages are what failed. Its text is the only one that is not in a file.
pub(crate) fn last_resort(status: StatusCode) -> Response {
    Response::new(status, Bytes::from_static(b"This page is temporarily unavailable."))
        .with(CONTENT_TYPE, "text/plain; charset=utf-8")
}
