//! Reads the queries of URLs. A malformed id gives 404, the same as an unknown one. A filter that cannot be read matches nothing: a request
//! for one customer's tickets must not show all tickets. A sort order or a start that cannot be read is ignored: a bookmarked URL, or one
//! that a mail reader mangled, still shows the list from its beginning (P-13).

use std::str::FromStr;

use muticket_core::conversation::Part;
use muticket_core::overview::Filter;
use muticket_core::search::Search;
use muticket_core::storage::{Order, SortKey, StateFilter};
use muticket_core::ticket::Waiting;
use muticket_core::{CategoryId, Error, UserId};
use rocket::Request;
use rocket::http::RawStr;
use rocket::request::{FromRequest, Outcome};

use crate::links::percent_encoded;

/// `state`, `waiting`, `category`, `customer`, `q`, `sort` and `after`, read from the URL.
pub(crate) struct Query(pub(crate) Filter);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Query {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let text = |name: &str| request.query_value::<&str>(name).and_then(Result::ok).filter(|text| !text.is_empty());
        let waiting = Narrows::read(request, "waiting", waiting_of);
        let category = Narrows::read(request, "category", |id| is_identifier(id).then(|| CategoryId::new(id)));
        let customer = Narrows::read(request, "customer", |id| is_identifier(id).then(|| UserId::new(id)));
        let (sort, order) = text("sort").and_then(sort_of).unwrap_or_default();
        Outcome::Success(Self(Filter {
            state: text("state").and_then(state_of).unwrap_or_default(),
            unreadable: waiting.is_unreadable() || category.is_unreadable() || customer.is_unreadable(),
            waiting: waiting.value(),
            category: category.value(),
            customer: customer.value(),
            search: search_text(request).and_then(|typed| Search::parse(&typed)),
            sort,
            order,
            after: text("after").and_then(|text| text.parse().ok()),
        }))
    }
}

/// `whole`, `before` or `from`, read from the URL of a ticket: which of its messages are shown.
pub(crate) struct Wanted(pub(crate) Part);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Wanted {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let message = |name: &str| request.query_value::<&str>(name).and_then(Result::ok).and_then(|text| text.parse().ok());
        let whole = || message("whole").map(Part::Whole);
        let before = || message("before").map(Part::Before);
        let from = || message("from").map(Part::From);
        Outcome::Success(Self(whole().or_else(before).or_else(from).unwrap_or_default()))
    }
}

/// The text of the search. Bytes that are not UTF-8 are read as Latin-1, which old programs and pages in other encodings send.
fn search_text(request: &Request<'_>) -> Option<String> {
    let query = request.uri().query()?;
    let typed = query.raw_segments().find_map(|pair| pair.as_str().strip_prefix("q="))?;
    let bytes = RawStr::new(typed).url_decode();
    match bytes {
        Ok(text) => Some(text.into_owned()),
        Err(_) => Some(percent_decoded(typed).into_iter().map(char::from).collect()),
    }
}

/// The decoded bytes of a value in a query.
fn percent_decoded(value: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, others @ ..] = rest {
        let encoded = match (first, others) {
            (b'%', [high, low, ..]) => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                digit(*high).zip(digit(*low)).map(|(high, low)| high * 16 + low)
            }
            _ => None,
        };
        match encoded {
            Some(byte) => {
                bytes.push(byte);
                rest = others.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = others;
            }
        }
    }
    bytes
}

/// A parameter that filters a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Narrows<T> {
    /// The parameter is missing or empty: the list is not filtered.
    Not,
    /// The parameter has this value.
    To(T),
    /// The parameter cannot be read: the list is empty.
    Unreadable,
}

impl<T> Narrows<T> {
    pub(crate) fn read(request: &Request<'_>, name: &str, read: impl Fn(&str) -> Option<T>) -> Self {
        match request.query_value::<&str>(name) {
            None | Some(Ok("")) => Self::Not,
            Some(Ok(text)) => read(text).map_or(Self::Unreadable, Self::To),
            Some(Err(_)) => Self::Unreadable,
        }
    }

    pub(crate) fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable)
    }

    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::To(value) => Some(value),
            Self::Not | Self::Unreadable => None,
        }
    }
}

/// The word for a tab in the URL.
pub(crate) fn state_word(state: StateFilter) -> &'static str {
    match state {
        StateFilter::Closed => "closed",
        StateFilter::All => "all",
        _ => "open",
    }
}

fn state_of(word: &str) -> Option<StateFilter> {
    [StateFilter::Open, StateFilter::Closed, StateFilter::All].into_iter().find(|state| state_word(*state) == word)
}

/// The word in the URL for who has to act next.
pub(crate) fn waiting_word(waiting: Waiting) -> &'static str {
    match waiting {
        Waiting::New => "new",
        Waiting::Supporter => "supporter",
        Waiting::Customer => "customer",
    }
}

fn waiting_of(word: &str) -> Option<Waiting> {
    [Waiting::New, Waiting::Supporter, Waiting::Customer].into_iter().find(|waiting| waiting_word(*waiting) == word)
}

/// The word for a sort order in the URL: its key, with a minus in front if the newest come first.
pub(crate) fn sort_word(sort: SortKey, order: Order) -> &'static str {
    match (sort, order) {
        (SortKey::Number, Order::Descending) => "-number",
        (SortKey::Number, Order::Ascending) => "number",
        (_, Order::Descending) => "-activity",
        (_, Order::Ascending) => "activity",
    }
}

fn sort_of(word: &str) -> Option<(SortKey, Order)> {
    let all =
        [SortKey::Activity, SortKey::Number].into_iter().flat_map(|key| [(key, Order::Descending), (key, Order::Ascending)]);
    all.into_iter().find(|(key, order)| sort_word(*key, *order) == word)
}

/// The query of a URL that shows this list. It contains only what differs from the default list.
pub(crate) fn query_of(filter: &Filter) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    if filter.state != StateFilter::default() {
        pairs.push(("state", state_word(filter.state).to_owned()));
    }
    if let Some(waiting) = filter.waiting {
        pairs.push(("waiting", waiting_word(waiting).to_owned()));
    }
    if filter.unreadable {
        // The links of the other tabs show nothing either.
        pairs.push(("customer", "%00".to_owned()));
    }
    if let Some(category) = &filter.category {
        pairs.push(("category", percent_encoded(category.as_str())));
    }
    if let Some(customer) = &filter.customer {
        pairs.push(("customer", percent_encoded(customer.as_str())));
    }
    if let Some(search) = &filter.search {
        pairs.push(("q", percent_encoded(search.as_str())));
    }
    if (filter.sort, filter.order) != Default::default() {
        pairs.push(("sort", sort_word(filter.sort, filter.order).to_owned()));
    }
    if let Some(after) = filter.after {
        pairs.push(("after", after.to_string()));
    }
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// Whether a text from outside can be an id of the host. Some databases do not accept NUL, and no id contains it.
pub(crate) fn is_identifier(text: &str) -> bool {
    !text.is_empty() && !text.contains('\0')
}

/// Parses an id from the URL. A malformed id gives 404, the same as an unknown one (P-02).
pub(crate) fn named<T: FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::NotFound)
}
