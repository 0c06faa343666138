//! The lists whose plans are tested on every database: each filter alone, and those that are often set together.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use muticket_core::id::{CategoryId, LabelId, TicketNumber, UserId};
use muticket_core::storage::{
    Among, Assigned, Counts, Cursor, Order, OverviewQuery, Reach, SortKey, StateFilter, View, WaitingFilter,
};
use muticket_core::ticket::{Priority, Waiting};
use uuid::Uuid;

/// The orders of a list, with their names.
pub(crate) const ORDERS: [(&str, SortKey, Order); 5] = [
    ("-activity", SortKey::Activity, Order::Descending),
    ("activity", SortKey::Activity, Order::Ascending),
    ("todo", SortKey::ToDo, Order::Ascending),
    ("-number", SortKey::Number, Order::Descending),
    ("number", SortKey::Number, Order::Ascending),
];

/// The time of every place in a list.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

/// The number of every place in a list.
pub(crate) fn number() -> TicketNumber {
    TicketNumber::new(20_000).unwrap()
}

fn category() -> Among {
    Among::In(BTreeSet::from([CategoryId::new("b")]))
}

fn categories() -> Among {
    Among::In(["a", "b", "c"].map(CategoryId::new).into())
}

fn mine() -> Assigned {
    Assigned::To(UserId::new("sara"))
}

fn nobodys() -> Assigned {
    Assigned::ToNobodyBut(BTreeSet::from([UserId::new("vera")]))
}

fn customer() -> Option<UserId> {
    Some(UserId::new("anna"))
}

/// The label that many tickets have where many have one.
fn label() -> Option<LabelId> {
    Some(LabelId(Uuid::nil()))
}

/// The lists, with their names.
pub(crate) fn lists() -> Vec<(&'static str, View)> {
    let all = || View::of(Reach::All);
    let open = || View { state: StateFilter::Open, ..all() };
    let closed = || View { state: StateFilter::Closed, ..all() };
    let high = Some(Priority::High);
    let for_us = WaitingFilter::ForSupporters;
    // As a supporter asks for it, who has tickets of their own.
    let desk = || View { except: Some(UserId::new("sara")), ..open() };
    vec![
        ("open", open()),
        ("closed", closed()),
        ("all", all()),
        ("own", View::of(Reach::Own(UserId::new("anna")))),
        ("customer", View { customer: customer(), ..all() }),
        ("category", View { categories: category(), ..open() }),
        ("three categories", View { categories: categories(), ..desk() }),
        ("waiting for us", View { waiting: for_us, ..open() }),
        ("waiting for the customer", View { waiting: WaitingFilter::For(Waiting::Customer), ..open() }),
        ("mine", View { assigned: mine(), ..open() }),
        ("nobody's", View { assigned: nobodys(), ..open() }),
        ("priority", View { priority: high, ..open() }),
        ("label", View { label: label(), ..desk() }),
        ("customer and category", View { customer: customer(), categories: category(), ..all() }),
        ("mine, category", View { assigned: mine(), categories: category(), ..open() }),
        ("mine, waiting for us", View { assigned: mine(), waiting: for_us, ..open() }),
        ("mine, priority", View { assigned: mine(), priority: high, ..open() }),
        ("category, waiting for us", View { categories: category(), waiting: for_us, ..open() }),
        ("category, priority", View { categories: category(), priority: high, ..open() }),
        ("priority, waiting for us", View { priority: high, waiting: for_us, ..open() }),
        ("three categories, closed", View { categories: categories(), ..closed() }),
        ("three categories, waiting for us", View { categories: categories(), waiting: for_us, ..desk() }),
        ("three categories, priority", View { categories: categories(), priority: high, ..desk() }),
        ("mine, three categories", View { assigned: mine(), categories: categories(), ..desk() }),
        ("label, all", View { label: label(), ..all() }),
        ("label, customer", View { label: label(), customer: customer(), ..all() }),
        ("label, mine", View { label: label(), assigned: mine(), ..desk() }),
        ("label, nobody's", View { label: label(), assigned: nobodys(), ..desk() }),
        ("label, category", View { label: label(), categories: category(), ..desk() }),
        ("label, three categories", View { label: label(), categories: categories(), ..desk() }),
        ("label, waiting for us", View { label: label(), waiting: for_us, ..desk() }),
        ("label, priority", View { label: label(), priority: high, ..desk() }),
    ]
}

/// The views of one page, counted together: ready views, and saved ones with labels.
pub(crate) fn counted() -> Vec<View> {
    lists().into_iter().filter(|(name, _)| name.contains("label") || name.contains("mine")).map(|(_, view)| view).collect()
}

/// The first page of a list, or the one after a place in the middle of it.
pub(crate) fn page(view: View, sort: SortKey, order: Order, after_a_place: bool) -> OverviewQuery {
    let priority = (sort == SortKey::ToDo).then_some(Priority::High);
    let after = after_a_place.then(|| Cursor { priority, ..Cursor::new(now(), number()) });
    OverviewQuery { view, sort, order, after, limit: 10 }
}

/// What a list is asked for to tell its news: the tickets with activity since a moment.
pub(crate) fn news(view: View) -> OverviewQuery {
    let (sort, order) = (SortKey::Activity, Order::Ascending);
    let after = Cursor::new(now(), TicketNumber::new(i64::MAX).unwrap());
    OverviewQuery { view, sort, order, after: Some(after), limit: Counts::MANY }
}
