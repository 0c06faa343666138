//! Instants.

use chrono::{DateTime, SubsecRound, TimeDelta};
use muticket_core::history::{Change, HistoryEntry};
use muticket_core::id::LetterId;
use muticket_core::notification::{DropReason, LetterState, OutboxEntry};
use muticket_core::storage::OutboxCounts;
use muticket_core::viewer::Side;

use crate::Shared;
use crate::material::{at, entry, key, letter, message, new_ticket, opened, place, rating, read, stored, uuid, with, write};
use crate::overview::all;

/// Instants with fractions of every length, in order.
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

/// "Times are stored to the microsecond."
pub async fn instants_are_kept_to_the_microsecond(storage: Shared) {
    for opened_at in instants() {
        let number = stored(&storage, with(new_ticket("anna"), |new| new.opened_at = opened_at)).await.number;
        let found = read(&storage, move |unit| unit.tickets().find(number)).await.unwrap();
        assert_eq!((found.opened_at, found.last_activity_at), (opened_at, opened_at));
    }
}

/// "Times are stored to the microsecond", and later ones are later, whatever their fraction looks like as text.
pub async fn instants_are_in_order(storage: Shared) {
    let mut instants = instants();
    // Stores them in an order other than that of their numbers.
    instants.reverse();
    for opened_at in instants.clone() {
        stored(&storage, with(new_ticket("anna"), |new| new.opened_at = opened_at)).await;
    }
    let tickets = read(&storage, |unit| unit.overviews().list(&all())).await;
    assert_eq!(tickets.iter().map(|ticket| ticket.opened_at).collect::<Vec<_>>(), instants);
}

/// "Times are stored to the microsecond", wherever one is stored and comes back.
pub async fn instants_are_kept_in_every_column(storage: Shared) {
    for instant in instants() {
        let ticket = opened(&storage).await;
        let number = ticket.number;
        let changed = with(ticket, |ticket| {
            ticket.last_activity_at = instant;
            ticket.version = 2;
        });
        let written = with(message(number, 2), |message| message.written_at = instant);
        let happened = HistoryEntry { at: instant, ..entry(number, 2, Change::Closed) };
        let states = [
            LetterState::Waiting { not_before: instant, problem: None },
            LetterState::Claimed { until: instant },
            LetterState::Dropped { at: instant, reason: DropReason::NoAccess },
            LetterState::Failed { at: instant, problem: "550".to_owned() },
        ];
        let of = |(id, state)| OutboxEntry { state, created_at: instant, ..letter(number, id, at(0)) };
        let letters: Vec<_> = (1..).zip(states).map(of).collect();
        let expected = (changed.clone(), written.clone(), happened.clone(), letters.clone());
        write(&storage, move |unit| {
            unit.tickets().update(&changed)?;
            unit.messages().insert(&written)?;
            unit.ratings().insert(&rating(number, 2, 1, instant))?;
            unit.histories().insert(&happened)?;
            unit.outbox().insert(&letters)
        })
        .await;
        read(&storage, move |unit| {
            assert_eq!(unit.tickets().find(number)?, Some(expected.0.clone()));
            assert_eq!(unit.messages().find(number, place(2))?, Some(expected.1.clone()));
            assert_eq!(unit.ratings().find(number, place(2))?, Some(rating(number, 2, 1, instant)));
            assert_eq!(unit.histories().list(number, Side::Desk, None)?, std::slice::from_ref(&expected.2));
            let mut letters = unit.outbox().list_unsent(9)?;
            letters.sort_by_key(|letter| letter.id);
            assert_eq!(letters, expected.3);
            assert_eq!(unit.outbox().next_due()?, Some(instant));
            Ok(())
        })
        .await;
        // The next round has letters with the same identifiers.
        assert!(write(&storage, move |unit| unit.tickets().delete(number)).await);
    }
}

/// "Times are stored to the microsecond", also those that only decide whether something is due.
pub async fn what_is_due_is_due_to_the_microsecond(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let tick = TimeDelta::microseconds(1);
    for (round, instant) in (1..).zip(instants().into_iter().skip(1)) {
        let sent = LetterState::Sent { at: instant };
        write(&storage, move |unit| {
            unit.orphans().insert(&[key(round), key(0)], instant)?;
            assert_eq!(unit.orphans().due(instant - tick, 9)?, []);
            let mut due = unit.orphans().due(instant, 9)?;
            due.sort();
            assert_eq!(due, [key(0), key(round)]);
            assert!(!unit.orphans().adopt(&key(0), instant)?);
            assert!(unit.orphans().adopt(&key(0), instant - tick)?);
            unit.orphans().delete(&[key(round)])?;

            unit.outbox().insert(&[letter(ticket, round, instant)])?;
            assert_eq!(unit.outbox().claim(instant - tick, instant, 9)?, []);
            assert_eq!(unit.outbox().claim(instant, instant + tick, 9)?.len(), 1);
            assert_eq!(unit.outbox().claim(instant, instant, 9)?, []);
            assert!(unit.outbox().settle(LetterId(uuid(round)), 1, &sent)?);
            assert_eq!(unit.outbox().delete_ended(instant)?, 0);
            assert_eq!(unit.outbox().count()?, OutboxCounts { sent: 1, ..OutboxCounts::default() });
            assert_eq!(unit.outbox().delete_ended(instant + tick)?, 1);
            Ok(())
        })
        .await;
    }
}

/// "A finer part is kept or truncated, never rounded up": a rounded instant would lie in the future.
pub async fn what_is_finer_than_a_microsecond_is_never_rounded_up(storage: Shared) {
    for nanos in [1, 499, 500, 501, 999] {
        let fine = at(0) + TimeDelta::nanoseconds(123_456_000 + nanos);
        let number = stored(&storage, with(new_ticket("anna"), |new| new.opened_at = fine)).await.number;
        let found = read(&storage, move |unit| unit.tickets().find(number)).await.unwrap();
        for instant in [found.opened_at, found.last_activity_at] {
            assert_eq!(instant.trunc_subsecs(6), fine.trunc_subsecs(6), "{nanos}");
            assert!(instant <= fine);
        }
    }
}
