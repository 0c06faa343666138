//! Values come back as they were stored.

use chrono::{DateTime, TimeDelta};
use muticket_core::id::{TicketNumber, UserId};
use muticket_core::storage::{Order, OverviewQuery, Scope, SortKey, StateFilter};
use muticket_core::ticket::{Attachment, Body, Message, Subject, Ticket, UnnumberedTicket};

use crate::Shared;
use crate::material::{at, attachment, message, new_ticket, opened, place, read, stored, write};

const TEXTS: [&str; 10] = [
    "plain",
    "emoji 😀 👨‍👩‍👧 \u{1f1e9}\u{1f1ea}",
    "NFC \u{e9} and NFD e\u{301}",
    "עברית ועربي \u{202e}turned",
    "quotes ' \" ` \\ %_ ; -- $1 ? :x",
    "a\u{a0}b\u{2028}c\u{200b}d",
    "\u{fffe}\u{ffff}\u{10ffff}",
    "ß ẞ ſ İ ı",
    "日本語 𠮷",
    "<script>alert(1)</script> {{ 7*7 }}",
];

/// "Texts come back exactly as they were stored", and "nothing is ever cut".
pub async fn texts_come_back_exactly(storage: Shared) {
    let longest_subject = "😀".repeat(Subject::MAX_CHARS);
    let longest_body = "😀".repeat(Body::MAX_CHARS);
    let texts = TEXTS.iter().map(|text| (*text).to_owned()).zip(TEXTS.iter().map(|text| format!("  {text}\n\t{text}")));
    for (subject, body) in texts.chain([(longest_subject, longest_body)]) {
        let subject = Subject::parse(&subject).unwrap();
        let body = Body::parse(&body).unwrap();
        let (new_subject, new_body) = (subject.clone(), body.clone());
        let number = write(&storage, move |unit| {
            let new = UnnumberedTicket { subject: new_subject.clone(), ..new_ticket("anna") };
            let number = unit.tickets().insert(&new)?.number;
            unit.messages().insert(&Message { body: new_body.clone(), ..message(number, 1) })?;
            Ok(number)
        })
        .await;
        let found = read(&storage, move |unit| {
            Ok((unit.tickets().find(number)?.unwrap().subject, unit.messages().find(number, place(1))?.unwrap().body))
        });
        assert_eq!(found.await, (subject, body));
    }
}

/// "Identifiers are compared byte for byte: case, accents and trailing blanks make a difference."
pub async fn identifiers_are_compared_byte_for_byte(storage: Shared) {
    let customers =
        ["anna", "Anna", "ANNA", "anna ", " anna", "ann\u{e4}", "anna\u{308}", "ann\u{61}\u{308}x", "", "1", "01", "1.0", "😀"];
    for customer in customers {
        stored(&storage, new_ticket(customer)).await;
    }
    for customer in customers {
        let tickets = read(&storage, move |unit| {
            unit.overviews().list(&OverviewQuery {
                scope: Scope::Customer(UserId::new(customer)),
                state: StateFilter::All,
                waiting: None,
                category: None,
                sort: SortKey::Activity,
                order: Order::Descending,
                after: None,
                limit: 100,
            })
        })
        .await;
        let found: Vec<_> = tickets.iter().map(|ticket| ticket.customer.as_str()).collect();
        assert_eq!(found, [customer]);
    }
}

/// Instants with every sort of fraction, in order.
fn instants() -> Vec<DateTime<chrono::Utc>> {
    let micros =
        [0, 1, 9, 10, 999, 1_000, 1_001, 10_000, 100_000, 123_000, 123_456, 500_000, 999_000, 999_999, 1_000_000, 1_000_001];
    let years = ["1970-01-01T00:00:00Z", "1999-12-31T23:59:59Z", "2027-01-15T08:00:09Z", "9999-12-31T23:59:58Z"];
    let mut all = Vec::new();
    for year in years {
        let year: DateTime<chrono::Utc> = year.parse().unwrap();
        all.extend(micros.iter().map(|micros| year + TimeDelta::microseconds(*micros)));
    }
    all
}

/// "Instants are kept to the microsecond."
pub async fn instants_are_kept_to_the_microsecond(storage: Shared) {
    for opened_at in instants() {
        let number = stored(&storage, UnnumberedTicket { opened_at, ..new_ticket("anna") }).await.number;
        let found = read(&storage, move |unit| unit.tickets().find(number)).await.unwrap();
        assert_eq!((found.opened_at, found.last_activity_at), (opened_at, opened_at));
    }
}

/// "Instants are kept to the microsecond", and later ones are later, whatever their fraction looks like as text.
pub async fn instants_are_in_order(storage: Shared) {
    let mut instants = instants();
    // Not in the order of their numbers.
    instants.reverse();
    for opened_at in instants.clone() {
        stored(&storage, UnnumberedTicket { opened_at, ..new_ticket("anna") }).await;
    }
    let tickets = read(&storage, |unit| {
        unit.overviews().list(&OverviewQuery {
            scope: Scope::All,
            state: StateFilter::Open,
            waiting: None,
            category: None,
            sort: SortKey::Activity,
            order: Order::Descending,
            after: None,
            limit: 1000,
        })
    })
    .await;
    assert_eq!(tickets.iter().map(|ticket| ticket.opened_at).collect::<Vec<_>>(), instants);
}

/// "Nothing is ever cut": neither is a number.
pub async fn large_numbers_are_kept(storage: Shared) {
    let ticket = opened(&storage).await;
    let number: TicketNumber = ticket.number;
    let file = Attachment { size: 1 << 62, ..attachment(number, 1, u128::MAX) };
    let expected = file.clone();
    write(&storage, move |unit| {
        unit.messages().insert(&message(number, u32::MAX))?;
        unit.attachments().insert(std::slice::from_ref(&file))?;
        unit.tickets().update(&Ticket {
            answers: u32::MAX,
            last_message: place(u32::MAX),
            last_activity_at: at(1),
            version: 2,
            ..ticket.clone()
        })
    })
    .await;
    let (found, files) = read(&storage, move |unit| {
        let last = unit.messages().list(number, Some(place(u32::MAX - 1)), 9)?;
        assert_eq!(last, [message(number, u32::MAX)]);
        Ok((unit.tickets().find(number)?.unwrap(), unit.attachments().list(number)?))
    })
    .await;
    assert_eq!((found.answers, found.last_message), (u32::MAX, place(u32::MAX)));
    assert_eq!(files, [expected]);
}
