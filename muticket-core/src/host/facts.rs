//! What the host tells supporters about a customer (T-13).

use async_trait::async_trait;

use crate::host::HostError;
use crate::id::UserId;
use crate::language::Language;

/// What the host knows about its users: their orders, their plan, a link to their account. Supporters read it beside a
/// ticket. Customers never see it.
///
/// MuTicket asks once for each page of a ticket that a supporter opens, at the same time as it asks the [directory]. It does
/// not cache the answer. If the host fails, or takes longer than [`limit_host`] allows, the page says that the facts are not
/// available, and shows everything else.
///
/// ```
/// use std::sync::Arc;
/// use async_trait::async_trait;
/// use muticket_core::{CustomerFact, CustomerFacts, Directory, Helpdesk, HostError, Language, Storage, UserId};
///
/// struct Plans;
///
/// #[async_trait]
/// impl CustomerFacts for Plans {
///     async fn facts(&self, customer: &UserId, language: &Language) -> Result<Vec<CustomerFact>, HostError> {
///         let label = if language.primary() == "de" { "Tarif" } else { "Plan" };
///         // Your site looks this up in its own database.
///         Ok(vec![CustomerFact::new(label, "Pro").linked(format!("/accounts/{customer}"))])
///     }
/// }
///
/// fn helpdesk(storage: Arc<dyn Storage>, users: Arc<dyn Directory>) -> Helpdesk {
///     Helpdesk::builder(storage, users).customer_facts(Arc::new(Plans)).build()
/// }
/// ```
///
/// [directory]: crate::Directory
/// [`limit_host`]: crate::Helpdesk::limit_host
#[async_trait]
pub trait CustomerFacts: Send + Sync + 'static {
    /// Returns facts about a customer in display order, if possible in the language of the supporter who reads them. A page
    /// shows the first [`CustomerFact::MOST`].
    ///
    /// # Errors
    /// The host cannot answer. The error is logged.
    async fn facts(&self, customer: &UserId, language: &Language) -> Result<Vec<CustomerFact>, HostError>;
}

/// One fact about a customer, such as *Plan: Pro*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerFact {
    /// What it is about, such as *Plan*.
    pub label: String,
    /// What is known, such as *Pro*.
    pub value: String,
    link: Option<String>,
}

impl CustomerFact {
    /// The most facts that a page shows.
    pub const MOST: usize = 20;

    /// Creates a fact without a link.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), link: None }
    }

    /// Adds a link to the value: `https://..`, `http://..`, or a path of the site such as `/orders/1042`. Any other address
    /// is left out, because a link on a page must not run a script.
    #[must_use]
    pub fn linked(mut self, address: impl Into<String>) -> Self {
        self.link = Some(address.into()).filter(|address| leads_to_a_page(address));
        self
    }

    /// The address of the link.
    pub fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }
}

fn leads_to_a_page(address: &str) -> bool {
    let is_plain = !address.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    let is_path = address.starts_with('/') && !address.starts_with("//");
    is_plain && (is_path || address.starts_with("https://") || address.starts_with("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_page_or_is_left_out() {
        let link = |address: &str| CustomerFact::new("Order", "1042").linked(address).link().map(str::to_owned);
        for good in ["/orders/1042", "/", "https://shop.example/o?id=1&x=\"", "http://127.0.0.1:8000/"] {
            assert_eq!(link(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "orders",
            "javascript:alert(1)",
            "//evil.example",
            "/\\evil",
            "data:text/html,x",
            " /x",
            "/a b",
            "/a\n",
            "HTTPS:x",
        ] {
            assert_eq!(link(bad), None, "{bad:?}");
        }
    }
}
