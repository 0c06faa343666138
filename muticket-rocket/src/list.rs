//! Which list a page was opened from: its links and forms carry the list's query along, so that the way back keeps filter, order, search and
//! page.
//!
//! It comes from the address, so from anywhere. Only what a query of ours can hold is taken, and it is put behind the address of our own
//! overview, so that it never leads to another page (P-16).

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::links::{Links, percent_encoded};

/// The query of a list, without its question mark; empty for the plain list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct List(String);

impl List {
    /// The longest query that is carried along. A search of 255 characters, each of twelve, fits.
    const MAX: usize = 4000;

    /// What an address carries in its `list`; a plain list if that is none of ours.
    pub(crate) fn of(carried: Option<&str>) -> Self {
        carried.and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    /// The address of the list on the overview.
    pub(crate) fn back(&self, links: &Links) -> String {
        self.behind(links.tickets())
    }

    /// The address of the list on a page of ours that shows lists.
    pub(crate) fn behind(&self, page: String) -> String {
        if self.0.is_empty() { page } else { format!("{page}?{}", self.0) }
    }

    /// An address of ours that carries the list along.
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

/// The list that an address of ours shows: the query that `query_of` made, with its question mark or empty.
impl From<String> for List {
    fn from(query: String) -> Self {
        query.trim_start_matches('?').parse().unwrap_or_default()
    }
}

/// It cannot be the query of a list.
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

    /// P-16: whatever the address says, the way back stays on the overview.
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
            assert_eq!(List::of(Some(other)).back(&links), "/support/tickets", "{other:?}");
        }
        assert_eq!(List::of(Some(&"a".repeat(4001))), List::default());
        assert_eq!(List::of(None), List::default());
    }
}
