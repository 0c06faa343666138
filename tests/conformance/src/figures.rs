//! Figures: months, first answers, and the lists behind them.

use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::figures::{FirstAnswer, Period, Wait, WaitTally};
use muticket_core::id::{TicketNumber, UserId};
use muticket_core::rating::{Score, Tally};
use muticket_core::storage::{AnswerCursor, AnsweredTicket, FirstAnswerQuery, RatedQuery, StorageError, Unit};

use crate::Shared;
use crate::material::{answer, at, first, message, new_ticket, opened, rating, read, with, write};

fn sara() -> UserId {
    UserId::new("sara")
}

/// The period between two instants.
fn period(begins: &str, ends: &str) -> Period {
    Period { begins: instant(begins), ends: instant(ends) }
}

/// All days of January 2027, in UTC.
fn january() -> Period {
    period("2027-01-01T00:00:00Z", "2027-01-31T23:59:59.999999Z")
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// All of Sara's rated answers.
pub(crate) fn rated() -> RatedQuery {
    RatedQuery { author: sara(), score: None, period: None, after: None, limit: 100 }
}

/// All of Sara's first answers.
pub(crate) fn firsts() -> FirstAnswerQuery {
    FirstAnswerQuery { author: sara(), wait: None, after: None, limit: 100 }
}

/// An answer by Sara on its own ticket, written and rated at these instants.
fn answered(unit: &mut dyn Unit, written: &str, rated: Option<(u8, &str)>) -> Result<TicketNumber, StorageError> {
    let ticket = unit.tickets().insert(&new_ticket("anna"))?.number;
    unit.messages().insert(&with(answer(ticket, 1, "sara"), |message| message.written_at = instant(written)))?;
    if let Some((stars, rated)) = rated {
        unit.ratings().insert(&rating(ticket, 1, stars, instant(rated)))?;
    }
    Ok(ticket)
}

/// `RatingStore::given_by`: "Counts the ratings that a customer has given on all their tickets".
pub async fn given_ratings_are_counted_by_customer(storage: Shared) {
    write(&storage, |unit| {
        for (customer, stars) in [("anna", 5), ("anna", 5), ("anna", 2), ("Anna", 1)] {
            let ticket = unit.tickets().insert(&new_ticket(customer))?.number;
            unit.messages().insert(&answer(ticket, 1, "sara"))?;
            unit.ratings().insert(&rating(ticket, 1, stars, at(0)))?;
        }
        Ok::<_, StorageError>(())
    })
    .await;
    for (customer, expected) in [("anna", [0, 1, 0, 0, 2]), ("Anna", [1, 0, 0, 0, 0]), ("sara", [0; 5])] {
        let given = read(&storage, move |unit| unit.ratings().given_by(&UserId::new(customer))).await;
        assert_eq!(given, expected, "{customer}");
    }
}

/// `RatingStore::tally_periods` counts for each period "the author's answers written in it, and the ratings last given in it to
/// any of their answers": "Only messages written as a supporter count." An empty period is returned too.
pub async fn periods_count_answers_and_ratings_each_in_its_own(storage: Shared) {
    write(&storage, |unit| {
        answered(unit, "2026-12-24T12:00:00Z", Some((1, "2027-01-05T12:00:00Z")))?;
        answered(unit, "2027-01-06T12:00:00Z", Some((5, "2027-01-07T12:00:00Z")))?;
        answered(unit, "2027-01-08T12:00:00Z", Some((5, "2027-03-01T12:00:00Z")))?;
        let other = unit.tickets().insert(&new_ticket("sara"))?.number;
        unit.messages().insert(&with(message(other, 1), |message| message.author = sara()))?;
        unit.messages().insert(&answer(other, 2, "Sara"))?;
        unit.ratings().insert(&rating(other, 1, 3, at(0)))?;
        unit.ratings().insert(&rating(other, 2, 3, at(0)))
    })
    .await;
    let periods = [
        period("2026-12-01T00:00:00Z", "2026-12-31T23:59:59.999999Z"),
        january(),
        period("2027-02-01T00:00:00Z", "2027-02-28T23:59:59.999999Z"),
        period("2027-03-01T00:00:00Z", "2027-03-31T23:59:59.999999Z"),
    ];
    let of = Tally::new;
    let all = [of(1, [0; 5]), of(2, [1, 0, 0, 0, 1]), of(0, [0; 5]), of(0, [0, 0, 0, 0, 1])];
    let tallies = async |author: &'static str, periods: &[Period]| {
        let periods = periods.to_vec();
        read(&storage, move |unit| unit.ratings().tally_periods(&UserId::new(author), &periods)).await
    };
    assert_eq!(tallies("sara", &periods).await, all);
    assert_eq!(tallies("sara", &periods[1..2]).await, all[1..2]);
    assert_eq!(tallies("sara", &[periods[0], periods[3]]).await, [all[0], all[3]], "what lies between them counts in none");
    assert_eq!(tallies("sara", &[]).await, []);
    assert_eq!(tallies("nobody", &periods).await, [Tally::default(); 4]);
}

/// A period lasts from its first instant to its last microsecond, at any hour of UTC, in figures and in the lists behind them.
pub async fn a_period_ends_with_its_last_microsecond(storage: Shared) {
    const PERIODS: [(&str, &str); 6] = [
        ("1969-12-31T15:00:00Z", "1970-01-31T14:59:59.999999Z"),
        ("2027-01-01T00:00:00Z", "2027-01-31T23:59:59.999999Z"),
        ("2027-02-01T00:00:00Z", "2027-03-31T21:59:59.999999Z"),
        ("2027-03-31T22:00:00Z", "2028-02-29T18:14:59.999999Z"),
        ("2028-02-29T18:15:00Z", "2028-03-31T18:14:59.999999Z"),
        ("9999-12-01T05:00:00Z", "9999-12-31T23:59:59.999999Z"),
    ];
    write(&storage, |unit| {
        for (begins, ends) in PERIODS {
            answered(unit, begins, Some((4, begins)))?;
            answered(unit, ends, Some((5, ends)))?;
        }
        Ok(())
    })
    .await;
    let periods = PERIODS.map(|(begins, ends)| period(begins, ends));
    let tallies = read(&storage, move |unit| unit.ratings().tally_periods(&sara(), &periods)).await;
    assert_eq!(tallies, [Tally::new(2, [0, 0, 0, 1, 1]); 6]);
    for period in periods {
        let query = RatedQuery { period: Some(period), ..rated() };
        let listed = read(&storage, move |unit| unit.ratings().list_by_author(&query)).await;
        let listed: Vec<_> = listed.iter().map(|answer| answer.rating.rated_at).collect();
        assert_eq!(listed, [period.ends, period.begins]);
    }
}

/// `RatingStore::last_active`: "The latest time, not after `until`, at which an author wrote an answer or one of their answers
/// was last rated."
pub async fn the_last_activity_is_an_answer_or_a_rating(storage: Shared) {
    let end = instant("9999-12-31T23:59:59.999999Z");
    let last = move |unit: &mut dyn Unit| unit.ratings().last_active(&sara(), end);
    assert_eq!(read(&storage, last).await, None);
    let ticket = write(&storage, |unit| answered(unit, "2027-01-06T12:00:00Z", None)).await;
    assert_eq!(read(&storage, last).await, Some(instant("2027-01-06T12:00:00Z")));
    write(&storage, move |unit| unit.ratings().insert(&rating(ticket, 1, 5, instant("2027-02-06T12:00:00.000001Z")))).await;
    assert_eq!(read(&storage, last).await, Some(instant("2027-02-06T12:00:00.000001Z")));
    write(&storage, |unit| answered(unit, "2027-03-06T12:00:00Z", None)).await;
    assert_eq!(read(&storage, last).await, Some(instant("2027-03-06T12:00:00Z")));
    for (until, expected) in [
        ("2027-03-06T12:00:00Z", Some("2027-03-06T12:00:00Z")),
        ("2027-03-06T11:59:59.999999Z", Some("2027-02-06T12:00:00.000001Z")),
        ("2027-02-06T12:00:00Z", Some("2027-01-06T12:00:00Z")),
        ("2027-01-06T11:00:00Z", None),
    ] {
        let last = read(&storage, move |unit| unit.ratings().last_active(&sara(), instant(until))).await;
        assert_eq!(last, expected.map(instant), "until {until}");
    }
}

/// `RatingStore::list_by_author`: "the rated answers that the query selects", by a number of stars, a period, or both.
pub async fn rated_answers_are_filtered(storage: Shared) {
    let numbers = write(&storage, |unit| {
        let best = answered(unit, "2027-01-01T12:00:00Z", Some((5, "2027-01-05T12:00:00Z")))?;
        let worse = answered(unit, "2027-01-01T12:00:00Z", Some((4, "2027-01-06T12:00:00Z")))?;
        let february = answered(unit, "2027-01-01T12:00:00Z", Some((5, "2027-02-05T12:00:00Z")))?;
        Ok([best, worse, february])
    })
    .await;
    let [best, worse, february] = numbers;
    let listed = async |score: Option<u8>, period: Option<Period>| {
        let query = RatedQuery { score: score.and_then(Score::new), period, ..rated() };
        let found = read(&storage, move |unit| unit.ratings().list_by_author(&query)).await;
        found.into_iter().map(|answer| answer.rating.ticket).collect::<Vec<_>>()
    };
    assert_eq!(listed(None, None).await, [february, worse, best]);
    assert_eq!(listed(Some(5), None).await, [february, best]);
    assert_eq!(listed(None, Some(january())).await, [worse, best]);
    assert_eq!(listed(Some(5), Some(january())).await, [best]);
    assert_eq!(listed(Some(3), None).await, []);
    let december = period("2026-12-01T00:00:00Z", "2026-12-31T23:59:59.999999Z");
    assert_eq!(listed(None, Some(december)).await, []);
}

/// `RatedQuery::after`: "Only answers after this place", also among answers that were rated at the same instant.
pub async fn rated_answers_come_in_pages(storage: Shared) {
    write(&storage, |unit| {
        for _ in 0..3 {
            let ticket = unit.tickets().insert(&new_ticket("anna"))?.number;
            for place in 1..=3 {
                unit.messages().insert(&answer(ticket, place, "sara"))?;
                unit.ratings().insert(&rating(ticket, place, 5, at(i64::from(place == 2))))?;
            }
        }
        Ok(())
    })
    .await;
    let all = read(&storage, |unit| unit.ratings().list_by_author(&rated())).await;
    let places: Vec<_> = all.iter().map(|answer| (answer.rating.ticket.get(), answer.rating.message.get())).collect();
    assert_eq!(places, [(3, 2), (2, 2), (1, 2), (3, 3), (3, 1), (2, 3), (2, 1), (1, 3), (1, 1)]);
    for limit in 1..=4 {
        let (mut pages, mut after) = (Vec::new(), None);
        loop {
            let query = RatedQuery { after, limit, ..rated() };
            let page = read(&storage, move |unit| unit.ratings().list_by_author(&query)).await;
            assert!(page.len() <= limit as usize);
            let Some(last) = page.last() else { break };
            after = Some(last.cursor());
            pages.extend(page);
        }
        assert_eq!(pages, all, "in pages of {limit}");
    }
}

/// `FirstAnswerStore::list` gives a first answer as `insert` stored it.
pub async fn a_first_answer_comes_back_as_it_was_stored(storage: Shared) {
    let ticket = opened(&storage).await;
    let answered_at = instant("9999-12-31T23:59:59.123456Z");
    let stored = FirstAnswer { answered_at, ..first(ticket.number, 2, i64::MAX.unsigned_abs()) };
    let new = stored.clone();
    write(&storage, move |unit| {
        unit.messages().insert(&answer(ticket.number, 2, "sara"))?;
        unit.first_answers().insert(&new)
    })
    .await;
    let found = read(&storage, |unit| unit.first_answers().list(&firsts())).await;
    assert_eq!(found, [AnsweredTicket { first: stored, subject: ticket.subject, opened_at: ticket.opened_at }]);
    let tally = read(&storage, |unit| unit.first_answers().tally(&sara(), LATE)).await;
    assert_eq!((tally.seconds, tally.median), (i64::MAX.unsigned_abs(), Some(i64::MAX.unsigned_abs())));
}

/// `FirstAnswerStore::insert` is a `Duplicate` "if the ticket already has one".
pub async fn a_ticket_has_one_first_answer(storage: Shared) {
    let ticket = opened(&storage).await.number;
    write(&storage, move |unit| {
        unit.messages().insert(&answer(ticket, 2, "sara"))?;
        unit.messages().insert(&answer(ticket, 3, "tom"))?;
        unit.first_answers().insert(&first(ticket, 2, 60))
    })
    .await;
    let second = FirstAnswer { author: UserId::new("tom"), ..first(ticket, 3, 90) };
    let again = storage.run_write(move |unit| unit.first_answers().insert(&second)).await;
    assert!(matches!(again, Err(StorageError::Duplicate)), "{again:?}");
}

/// The last instant that every database can store.
const LATE: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 999_999_000) {
    Some(late) => late,
    None => panic!("it is one"),
};

/// Tickets that Sara first answered after these seconds, two in each minute.
async fn waited(storage: &Shared, seconds: &'static [u64]) {
    write(storage, move |unit| {
        for (minute, seconds) in (0..).zip(seconds) {
            let ticket = unit.tickets().insert(&new_ticket("anna"))?.number;
            unit.messages().insert(&answer(ticket, 1, "sara"))?;
            let answered_at = at(60 * (minute / 2));
            unit.first_answers().insert(&FirstAnswer { answered_at, ..first(ticket, 1, *seconds) })?;
        }
        Ok(())
    })
    .await;
}

/// `FirstAnswerStore::tally` counts each wait once, in its range. The median is the middle wait, or the lower of the two.
pub async fn waits_are_counted_in_their_ranges(storage: Shared) {
    let tally = async || read(&storage, |unit| unit.first_answers().tally(&sara(), LATE)).await;
    assert_eq!(tally().await, WaitTally::default());
    waited(&storage, &[259_201, 0, 3600, 3601, 14_400, 14_401, 86_400, 86_401, 259_200]).await;
    let expected = WaitTally { counts: [2, 2, 2, 2, 1], seconds: 727_204, median: Some(14_401) };
    assert_eq!(tally().await, expected);
    waited(&storage, &[1]).await;
    let expected = WaitTally { counts: [3, 2, 2, 2, 1], seconds: 727_205, median: Some(14_400) };
    assert_eq!(tally().await, expected);
    assert_eq!(read(&storage, |unit| unit.first_answers().tally(&UserId::new("SARA"), LATE)).await, WaitTally::default());
}

/// `FirstAnswerStore::tally`: "Answers after `until` are not counted", to the microsecond.
pub async fn waits_are_counted_until_an_instant(storage: Shared) {
    // Two in each minute.
    waited(&storage, &[10, 20, 30, 40_000, 50_000]).await;
    let just_before = at(60) - TimeDelta::microseconds(1);
    for (until, counts, seconds, median) in [
        (at(-1), [0; 5], 0, None),
        (just_before, [2, 0, 0, 0, 0], 30, Some(10)),
        (at(60), [3, 0, 1, 0, 0], 40_060, Some(20)),
        (LATE, [3, 0, 2, 0, 0], 90_060, Some(30)),
    ] {
        let tally = read(&storage, move |unit| unit.first_answers().tally(&sara(), until)).await;
        assert_eq!(tally, WaitTally { counts, seconds, median }, "{until}");
    }
}

/// `FirstAnswerStore::list`: "most recent first", filtered by wait if asked for, and in pages.
pub async fn first_answers_are_filtered_and_come_in_pages(storage: Shared) {
    waited(&storage, &[10, 4000, 20, 30, 4000, 3600]).await;
    let page = async |wait: Option<Wait>, after: Option<AnswerCursor>, limit| {
        let query = FirstAnswerQuery { wait, after, limit, ..firsts() };
        read(&storage, move |unit| unit.first_answers().list(&query)).await
    };
    let numbers = |page: &[AnsweredTicket]| page.iter().map(|answered| answered.first.ticket.get()).collect::<Vec<_>>();
    let all = page(None, None, 100).await;
    assert_eq!(numbers(&all), [6, 5, 4, 3, 2, 1]);
    assert_eq!(numbers(&page(Some(Wait::FourHours), None, 100).await), [5, 2]);
    assert_eq!(numbers(&page(Some(Wait::Longer), None, 100).await), [0; 0]);
    for limit in [1, 2, 5] {
        let second = page(None, Some(all[0].cursor()), limit).await;
        assert_eq!(second, all[1..=limit as usize]);
    }
    let rest = page(Some(Wait::Hour), Some(all[2].cursor()), 100).await;
    assert_eq!(numbers(&rest), [3, 1]);
    assert_eq!(page(None, Some(all[5].cursor()), 100).await, []);
}
