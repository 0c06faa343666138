//! Pages of tickets that supporters have open (T-14).

use chrono::TimeDelta;
use muticket_core::id::TicketNumber;
use muticket_core::open_page::OpenPage;
use muticket_core::storage::StorageError;

use crate::Shared;
use crate::material::{at, open_page, opened, read, write};

fn open(ticket: TicketNumber, user: &str, writes: bool, seconds: i64) -> OpenPage {
    OpenPage { writes, ..open_page(ticket, user, seconds) }
}

/// `OpenPageStore::report` stores a page "in place of what was stored for this ticket and supporter"; `list` gives "the pages of a ticket
/// that were last reported at this time or later, sorted by supporter".
pub async fn an_open_page_is_the_last_that_was_reported(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    let pages = [
        open(ticket, "tom", true, 1),
        open(ticket, "sara", false, 1),
        open(ticket, "Sara", false, 5),
        open(other, "uwe", false, 9),
        open(ticket, "tom", false, 7),
        open(ticket, "sara", true, 6),
    ];
    write(&storage, move |unit| pages.iter().try_for_each(|page| unit.open_pages().report(page))).await;
    for (since, expected) in [
        (0, vec![open(ticket, "Sara", false, 5), open(ticket, "sara", true, 6), open(ticket, "tom", false, 7)]),
        (6, vec![open(ticket, "sara", true, 6), open(ticket, "tom", false, 7)]),
        (8, vec![]),
    ] {
        let listed = read(&storage, move |unit| unit.open_pages().list(ticket, at(since))).await;
        assert_eq!(listed, expected, "since {since}");
    }
}

/// `OpenPageStore::delete_before`: "the pages, of all tickets, that were last reported before this time".
pub async fn old_open_pages_are_deleted(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    let pages = [open(ticket, "tom", true, 1), open(ticket, "uwe", true, 5), open(other, "sara", false, 4)];
    write(&storage, move |unit| {
        pages.iter().try_for_each(|page| unit.open_pages().report(page))?;
        unit.open_pages().delete_before(at(5))
    })
    .await;
    let left = read(&storage, move |unit| {
        let since = at(0) - TimeDelta::days(9);
        Ok::<_, StorageError>([unit.open_pages().list(ticket, since)?, unit.open_pages().list(other, since)?])
    })
    .await;
    assert_eq!(left, [vec![open(ticket, "uwe", true, 5)], vec![]]);
}
