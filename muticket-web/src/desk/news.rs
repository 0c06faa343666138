//! How many tickets of a list have news since its page was made. The page asks from time to time while it is visible.

use chrono::{DateTime, Utc};
use muticket_core::overview::Filter;
use muticket_core::storage::Counts;
use serde::Serialize;

use crate::address::Address;
use crate::context::Context;
use crate::error::Failure;
use crate::links::Links;
use crate::query::query_of;
use crate::response::Response;

/// The part of the page that says it.
#[derive(Debug, Serialize)]
struct NewsPart {
    count: u32,
    /// Whether there are more tickets than were counted.
    many: bool,
    /// The link to the same list.
    link: String,
}

/// The address that tells the news of a list since its page was made.
pub(crate) fn address(links: &Links, list: &Filter, since: DateTime<Utc>) -> String {
    let query = query_of(list);
    let mark = if query.is_empty() { '?' } else { '&' };
    format!("{}{query}{mark}since={}", links.to(Address::News), since.timestamp_micros())
}

/// Answers with the part of the page. It is empty without news.
pub(crate) async fn news(context: &Context<'_>) -> Result<Response, Failure> {
    let (desk, query) = (context.desk().await?, context.query());
    let list = query.filter().applied(true);
    let count = match query.parsed("since").and_then(DateTime::from_timestamp_micros) {
        Some(since) => desk.news(&list, since).await?,
        None => 0,
    };
    let link = context.links().tickets() + &query_of(&list);
    context.part("desk/news", NewsPart { count: count.min(Counts::MANY - 1), many: count >= Counts::MANY, link })
}
