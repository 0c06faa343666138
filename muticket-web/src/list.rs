//! The list from which a page was opened. The links and forms of the page carry the query of that list along, so that the way back keeps
//! filter, order, search and page.
//!
//! The value comes from the URL, so it may come from anyone. Only what a query of MuTicket can contain is accepted, and it is always
//! appended to the overview's own URL, so it never leads to another page (P-16).

use std::fmt;
use std::str::FromStr;

use muticket_core::overview::Filter;
use serde::{Serialize, Serializer};

use crate::address::percent_encoded;
use crate::links::Links;
use crate::query::Query;

/// The query of a list, without its question mark; empty for the default list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct List(String);

impl List {
    /// The longest query that is carried along. A search of 255 characters of twelve bytes each fits.
    const MAX: usize = 4000;

    /// Reads the parameter `list` of a URL. An invalid value gives the default list.
    pub(crate) fn of(query: Query<'_>) -> Self {
        query.parsed("list").unwrap_or_default()
    }

    /// What the list selects, for a supporter.
    pub(crate) fn filter(&self) -> Filter {
        Query::new(Some(&self.0)).filter().applied(true)
    }

    /// The URL of the list on the overview.
    pub(crate) fn back(&self, links: &Links) -> String {
        self.behind(links.tickets())
    }

    /// The URL of the list on the page `page`, which shows lists.
    pub(crate) fn behind(&self, page: String) -> String {
        if self.0.is_empty() { page } else { format!("{page}?{}", self.0) }
    }

    /// Adds the list as a parameter to a URL of the module.
    pub(crate) fn on(&self, address: impl Into<String>) -> String {
        let address = address.into();
        if self.0.is_empty() {
            return address;
        }
        let (page, place) = address.find('#').map_or((address.as_str(), ""), |at| address.split_at(at));
        let mark = if page.contains('?') { '&' } else { '?' };
        format!("{page}{mark}list={}{place}", percent_encoded(&self.0))
    }
}

/// Converts the result of `query_of`: a query with its question mark, or an empty text.
impl From<String> for List {
    fn from(query: String) -> Self {
        query.trim_start_matches('?').parse().unwrap_or_default()
    }
}

/// The text cannot be the query of a list.
#[derive(Debug)]
pub(crate) struct NoList;

impl FromStr for List {
    type Err = NoList;

    fn from_str(text: &str) -> Result<Self, NoList> {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%=&".contains(&byte);
        if text.len() <= Self::MAX && text.bytes().all(fits) { Ok(Self(text.to_owned())) } else { Err(NoList) }
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for List {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_goes_along_and_leads_back() {
        let links = Links::new("/support");
        let list = List::from("?state=all&q=%C3%A4%20b&sort=-number&after=1800000000123456-7".to_owned());
        assert_eq!(list.back(&links), "/support/tickets?state=all&q=%C3%A4%20b&sort=-number&after=1800000000123456-7");
        let carried = list.on("/support/tickets/7?from=3#message-3");
        let (before, value) = carried.split_once("&list=").unwrap();
        assert_eq!(before, "/support/tickets/7?from=3");
        assert_eq!(value, format!("{}#message-3", percent_encoded(&list.to_string())));
        assert_eq!(List::default().on("/support/tickets/7#x"), "/support/tickets/7#x");
        assert_eq!(List::default().back(&links), "/support/tickets");
        assert_eq!(List::from("?a=1".to_owned()).on("/t"), "/t?list=a%3D1");
    }

    /// P-16: for any value in the URL, the way back stays on the overview.
    #[test]
    fn what_is_no_query_of_ours_leads_to_the_plain_list() {
        let links = Links::new("/support");
        let others = [
            "//evil.example",
            "https://evil.example/",
            "/../../logout",
            "\\evil",
            "a b",
            "a\r\nLocation: x",
            "a#b",
            "a?b",
            "\"><script>",
            "ä",
            "javascript:alert(1)",
            "\0",
        ];
        for other in others {
            let query = format!("list={}", percent_encoded(other));
            assert_eq!(List::of(Query::new(Some(&query))).back(&links), "/support/tickets", "{other:?}");
        }
        assert_eq!(List::of(Query::new(Some(&format!("list={}", "a".repeat(4001))))), List::default());
        assert_eq!(List::of(Query::new(None)), List::default());
    }
}
