//! Letters that came in (M-02).

use chrono::{DateTime, Utc};
use muticket_core::blob::Digest;
use muticket_core::id::UserId;
use muticket_core::incoming::{Check, Envelope, Incoming, Verdict, VerdictGroup};
use muticket_core::storage::{Counts, StorageError};

use crate::Shared;
use crate::material::{at, incoming, incoming_id, key, opened, place, read, with, write};

fn held(number: u128, verdict: Verdict, at: DateTime<Utc>) -> Incoming {
    with(incoming(number, at), |letter| (letter.verdict, letter.due_at) = (verdict, None))
}

async fn insert(storage: &Shared, letters: Vec<Incoming>) {
    write(storage, move |unit| letters.iter().try_for_each(|letter| unit.incoming().insert(letter))).await;
}

/// `IncomingStore::find`, `find_by_digest` and `list_messages` give a letter as `insert` stored it.
pub async fn a_letter_that_came_in_comes_back_as_it_was_stored(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let full = with(held(1, Verdict::Replied, at(1)), |letter| {
        letter.envelope = Envelope { from: Some("anna@x.example".to_owned()), to: "a@b.example c@d.example".to_owned() };
        (letter.attempts, letter.claims, letter.due_at) = (u32::MAX, u32::MAX - 1, Some(at(9)));
        letter.problem = Some("the host failed: Ä 😀".to_owned());
        letter.sender = Some("anna@x.example".to_owned());
        letter.subject = Some("Grüße".to_owned());
        letter.message_id = Some("a.1$b@mail.example".to_owned());
        (letter.checked, letter.is_exempt) = (Some(Check::Unknown), true);
        (letter.writer, letter.told_at) = (Some(UserId::new("anna 😀")), Some(at(8)));
        (letter.ticket, letter.message, letter.new_part) = (Some(ticket), Some(place(1)), Some(u32::MAX));
        letter.size = i64::MAX.unsigned_abs();
    });
    // What is empty is not missing.
    let empty = with(incoming(2, at(2)), |letter| {
        letter.envelope = Envelope { from: Some(String::new()), to: String::new() };
        (letter.problem, letter.sender, letter.subject) = (Some(String::new()), Some(String::new()), Some(String::new()));
        (letter.message_id, letter.writer) = (Some(String::new()), Some(UserId::new("")));
        letter.new_part = Some(0);
    });
    let letters = vec![full.clone(), empty, incoming(3, at(3))];
    insert(&storage, letters.clone()).await;
    read(&storage, move |unit| {
        for letter in &letters {
            assert_eq!(unit.incoming().find(letter.id)?.as_ref(), Some(letter));
            assert_eq!(unit.incoming().find_by_digest(&letter.digest)?.as_ref(), Some(letter));
        }
        assert_eq!(unit.incoming().find(incoming_id(4))?, None);
        assert_eq!(unit.incoming().find_by_digest(&Digest::of(b"other"))?, None);
        assert_eq!(unit.incoming().list_messages(ticket, place(1), place(1))?, std::slice::from_ref(&full));
        Ok(())
    })
    .await;
}

/// `IncomingStore::insert` is a `Duplicate` "if a letter with this id or this digest is stored", and the unit goes on: a letter that comes
/// twice counts once.
pub async fn a_letter_comes_in_once(storage: Shared) {
    insert(&storage, vec![incoming(1, at(1))]).await;
    write(&storage, |unit| {
        let same_id = with(incoming(2, at(2)), |letter| letter.id = incoming_id(1));
        let same_letter = with(incoming(3, at(3)), |letter| letter.digest = incoming(1, at(1)).digest);
        for letter in [same_id, same_letter] {
            let refused = unit.incoming().insert(&letter);
            assert!(matches!(refused, Err(StorageError::Duplicate)), "{refused:?}");
        }
        unit.incoming().insert(&incoming(4, at(4)))
    })
    .await;
    let stored = read(&storage, |unit| {
        let numbers = 1..=4;
        numbers.map(|number| Ok(unit.incoming().find(incoming_id(number))?.is_some())).collect::<Result<Vec<_>, StorageError>>()
    })
    .await;
    assert_eq!(stored, [true, false, false, true]);
}

/// `IncomingStore::claim`: "the longest due first", and "no other node can claim them before then".
pub async fn letters_that_wait_are_claimed_once(storage: Shared) {
    let ended = with(incoming(4, at(0)), |letter| letter.due_at = None);
    insert(&storage, vec![incoming(1, at(3)), incoming(2, at(1)), incoming(3, at(9)), ended]).await;
    let claim = |now, until, limit| write(&storage, move |unit| unit.incoming().claim(at(now), at(until), limit));
    let claimed = |number, due, until| {
        with(incoming(number, at(due)), |letter| {
            (letter.attempts, letter.claims, letter.due_at) = (1, 1, Some(at(until)));
        })
    };
    assert_eq!(read(&storage, |unit| unit.incoming().next_due()).await, Some(at(1)));
    assert_eq!(claim(5, 20, 1).await, [claimed(2, 1, 20)]);
    assert_eq!(claim(5, 20, 9).await, [claimed(1, 3, 20)]);
    assert_eq!(claim(8, 20, 9).await, []);
    assert_eq!(read(&storage, |unit| unit.incoming().next_due()).await, Some(at(9)));
    let again = with(claimed(1, 3, 40), |letter| (letter.attempts, letter.claims) = (2, 2));
    let ids: Vec<_> = claim(20, 40, 9).await.into_iter().filter(|letter| letter.id == again.id).collect();
    assert_eq!(ids, [again], "a claim that has lapsed");
}

/// `IncomingStore::claim_one`: "if its claims are still `claims`. Then they are increased by one, the attempts stay, and no other node can
/// claim it before then."
pub async fn one_letter_is_claimed_by_one(storage: Shared) {
    insert(&storage, vec![held(1, Verdict::UnknownSender, at(1))]).await;
    let claim = |id, claims| write(&storage, move |unit| unit.incoming().claim_one(incoming_id(id), claims, at(20)));
    assert!(!claim(1, 1).await && !claim(2, 0).await);
    assert!(claim(1, 0).await);
    assert!(!claim(1, 0).await, "somebody else was faster");
    let claimed = with(held(1, Verdict::UnknownSender, at(1)), |letter| (letter.claims, letter.due_at) = (1, Some(at(20))));
    let stored = read(&storage, |unit| unit.incoming().find(incoming_id(1))).await;
    assert_eq!(stored.as_ref(), Some(&claimed));
    assert_eq!(write(&storage, |unit| unit.incoming().claim(at(19), at(40), 9)).await, []);
    let late = held(1, Verdict::Discarded, at(1));
    assert!(!write(&storage, move |unit| unit.incoming().settle(&late)).await, "it has been claimed since");
}

/// `IncomingStore::bring_forward` "Sets `due_at` to `due` for letters with this verdict that are due later. Those that are not due
/// stay so."
pub async fn letters_of_a_verdict_are_brought_forward(storage: Shared) {
    let off = |number, due_at| with(held(number, Verdict::SupportOff, at(0)), |letter| letter.due_at = due_at);
    let letters = vec![
        off(1, Some(at(9))),
        off(2, Some(at(5))),
        off(3, Some(at(4))),
        off(4, None),
        incoming(5, at(9)),
        off(6, Some(at(9))),
    ];
    insert(&storage, letters).await;
    write(&storage, |unit| unit.incoming().bring_forward(Verdict::SupportOff, at(5))).await;
    let due = read(&storage, |unit| {
        let letters = (1..=6).map(|number| unit.incoming().find(incoming_id(number)));
        letters.map(|letter| Ok(letter?.unwrap().due_at)).collect::<Result<Vec<_>, StorageError>>()
    });
    assert_eq!(due.await, [Some(at(5)), Some(at(5)), Some(at(4)), None, Some(at(9)), Some(at(5))]);
    assert_eq!(write(&storage, |unit| unit.incoming().claim(at(5), at(20), 9)).await.len(), 4);
}

/// `IncomingStore::taken` counts letters "that became messages and came after the first instant, until the second". `IncomingStore::told`
/// counts letters "about which this writer was told after `since`". Neither counts "further than `most`".
pub async fn letters_of_a_writer_are_counted(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    let of = |number, writer: &str, ticket, message: Option<u32>, seconds| {
        with(held(number, Verdict::Replied, at(seconds)), |letter| {
            (letter.writer, letter.ticket, letter.message) = (Some(UserId::new(writer)), Some(ticket), message.map(place));
            letter.told_at = Some(at(seconds + 100)).filter(|_| message.is_none());
        })
    };
    let letters = vec![
        of(1, "anna", ticket, Some(1), 1),
        of(2, "anna", ticket, Some(2), 2),
        of(3, "anna", ticket, Some(3), 3),
        of(4, "anna", ticket, None, 3),
        of(5, "anna", other, Some(7), 3),
        of(6, "ben", ticket, Some(4), 3),
        of(7, "Anna", ticket, Some(5), 3),
        of(8, "anna", ticket, Some(6), 9),
        of(9, "anna", ticket, None, 9),
        of(10, "ben", other, None, 9),
        with(held(11, Verdict::Replied, at(3)), |letter| (letter.ticket, letter.message) = (Some(ticket), Some(place(8)))),
    ];
    insert(&storage, letters).await;
    read(&storage, move |unit| {
        let anna = UserId::new("anna");
        for (ticket, since, until, most, expected) in [
            (Some(ticket), 0, 9, 9, 4),
            (Some(ticket), 1, 9, 9, 3),
            (Some(ticket), 0, 8, 9, 3),
            (Some(ticket), 0, 9, 2, 2),
            (Some(ticket), 0, 9, 0, 0),
            (Some(other), 0, 9, 9, 1),
            (None, 0, 9, 9, 1),
            (None, 1, 9, 9, 0),
        ] {
            let taken = unit.incoming().taken(&anna, ticket, (at(since), at(until)), most)?;
            assert_eq!(taken, expected, "{ticket:?} {since} {until} {most}");
        }
        for (since, most, expected) in [(0, 9, 2), (102, 9, 2), (103, 9, 1), (109, 9, 0), (0, 1, 1), (0, 0, 0)] {
            assert_eq!(unit.incoming().told(&anna, at(since), most)?, expected, "{since} {most}");
        }
        Ok(())
    })
    .await;
}

/// `IncomingStore::told_supporters`: "after `since` about a letter of this ticket, which has no writer".
pub async fn supporters_are_told_about_letters_without_a_writer(storage: Shared) {
    let mut tickets = Vec::new();
    for _ in 0..4 {
        tickets.push(opened(&storage).await.number);
    }
    let told = |number, ticket: usize, writer: Option<&str>, seconds: Option<i64>| {
        with(held(number, Verdict::NotConfirmed, at(1)), |letter| {
            (letter.ticket, letter.writer) = (Some(tickets[ticket]), writer.map(UserId::new));
            letter.told_at = seconds.map(at);
        })
    };
    let letters = vec![
        told(1, 0, None, Some(5)),
        told(2, 0, None, None),
        told(3, 1, Some("anna"), Some(9)),
        told(4, 2, None, None),
        told(5, 0, None, Some(3)),
        with(held(6, Verdict::NotConfirmed, at(1)), |letter| letter.told_at = Some(at(9))),
    ];
    insert(&storage, letters).await;
    read(&storage, move |unit| {
        for (ticket, since, expected) in [(0, 4, true), (0, 5, false), (1, 4, false), (2, 4, false), (3, 4, false)] {
            assert_eq!(unit.incoming().told_supporters(tickets[ticket], at(since))?, expected, "{ticket} {since}");
        }
        Ok(())
    })
    .await;
}

/// `IncomingStore::settle` stores "everything but id, arrival, blob, digest, envelope and claims", and `false` "if its claims are no longer
/// those of `letter`".
pub async fn only_the_holder_of_a_letter_settles_it(storage: Shared) {
    let ticket = opened(&storage).await.number;
    insert(&storage, vec![incoming(1, at(1))]).await;
    let first = write(&storage, |unit| unit.incoming().claim(at(1), at(5), 1)).await.remove(0);
    let second = write(&storage, |unit| unit.incoming().claim(at(5), at(9), 1)).await.remove(0);
    let done = with(second.clone(), |letter| {
        (letter.verdict, letter.due_at, letter.attempts) = (Verdict::Replied, None, 1);
        (letter.ticket, letter.message, letter.new_part) = (Some(ticket), Some(place(1)), Some(7));
        (letter.sender, letter.subject) = (Some("anna@x.example".to_owned()), Some("Hello".to_owned()));
        letter.problem = Some("at first".to_owned());
        letter.message_id = Some("a@mail.example".to_owned());
        (letter.checked, letter.is_exempt) = (Some(Check::Passed), true);
        (letter.writer, letter.told_at) = (Some(UserId::new("anna")), Some(at(7)));
    });
    let (late, expected) = (with(first, |letter| letter.verdict = Verdict::Parked), done.clone());
    let settled = write(&storage, move |unit| {
        let moved = with(done.clone(), |letter| (letter.key, letter.size, letter.received_at) = (key(99), 1, at(99)));
        let gone = with(done.clone(), |letter| letter.id = incoming_id(9));
        Ok([&late, &moved, &done, &gone].map(|letter| unit.incoming().settle(letter).unwrap()))
    })
    .await;
    assert_eq!(settled, [false, true, true, false]);
    let stored = read(&storage, |unit| unit.incoming().find(incoming_id(1))).await;
    assert_eq!(stored, Some(expected));
}

/// `IncomingStore::list_recent`: "the letters whose verdict is of the group, by time of arrival and then by id, newest first, at most
/// `limit`", and "`before` leaves out the letter that came at this time and has this id, and all newer ones". `count`: "the letters of each
/// group".
pub async fn letters_are_listed_by_group_newest_first(storage: Shared) {
    let verdicts = Verdict::ALL.iter().chain(Verdict::ALL);
    let letters: Vec<_> =
        (1..).zip(verdicts).map(|(number, verdict)| held(number, *verdict, at(i64::try_from(number % 5).unwrap()))).collect();
    insert(&storage, letters.clone()).await;
    let mut counts = Vec::new();
    for group in VerdictGroup::ALL.iter().copied() {
        let mut expected: Vec<_> = letters.iter().filter(|letter| letter.verdict.group() == group).cloned().collect();
        expected.sort_by_key(|letter| std::cmp::Reverse((letter.received_at, letter.id)));
        counts.push(u32::try_from(expected.len()).unwrap());
        assert_eq!(read(&storage, move |unit| unit.incoming().list_recent(group, None, 100)).await, expected, "{group:?}");
        let (mut paged, mut before) = (Vec::new(), None);
        loop {
            let page = read(&storage, move |unit| unit.incoming().list_recent(group, before, 3)).await;
            before = page.last().map(|letter| (letter.received_at, letter.id));
            assert!(page.len() <= 3, "{group:?}");
            paged.extend(page);
            if before.is_none() || paged.len() > expected.len() {
                break;
            }
        }
        assert_eq!(paged, expected, "{group:?}");
    }
    assert_eq!(read(&storage, |unit| unit.incoming().count()).await, counts);
}

/// `IncomingStore::count`: "Counting a group stops at `Counts::MANY`."
pub async fn many_letters_are_counted_as_many(storage: Shared) {
    let many = u128::from(Counts::MANY);
    let letters = (1..=many).map(|number| held(number, Verdict::Automatic, at(1)));
    insert(&storage, letters.chain([held(many + 1, Verdict::Own, at(1)), held(many + 2, Verdict::Parked, at(1))]).collect())
        .await;
    assert_eq!(read(&storage, |unit| unit.incoming().count()).await, [0, 1, 0, 0, Counts::MANY, 0]);
}

/// `IncomingStore::delete_useless`: letters "of no further use" that "came before this time", and the keys of their blobs.
pub async fn useless_letters_are_deleted(storage: Shared) {
    let letters = vec![
        held(1, Verdict::Automatic, at(1)),
        held(2, Verdict::Bounce, at(5)),
        held(3, Verdict::Discarded, at(2)),
        held(4, Verdict::NotConfirmed, at(1)),
        held(5, Verdict::Replied, at(1)),
        incoming(6, at(1)),
        held(7, Verdict::Own, at(4)),
    ];
    let kept = [2, 4, 5, 6];
    insert(&storage, letters).await;
    let mut keys = write(&storage, |unit| unit.incoming().delete_useless(at(5), 2)).await;
    assert_eq!(keys.len(), 2);
    keys.extend(write(&storage, |unit| unit.incoming().delete_useless(at(5), 9)).await);
    keys.sort();
    assert_eq!(keys, [1, 3, 7].map(|number| incoming(number, at(0)).key));
    for number in 1..=7 {
        let found = read(&storage, move |unit| unit.incoming().find(incoming_id(number))).await;
        assert_eq!(found.is_some(), kept.contains(&number), "{number}");
    }
}

/// `IncomingStore::delete_unknown` deletes "at most `limit` letters of unknown senders that nobody works on and that came before this
/// time".
pub async fn letters_of_unknown_senders_are_deleted(storage: Shared) {
    let letters = vec![
        held(1, Verdict::UnknownSender, at(1)),
        held(2, Verdict::UnknownSender, at(5)),
        held(3, Verdict::NotConfirmed, at(4)),
        held(4, Verdict::TooLarge, at(2)),
        held(5, Verdict::TooManyParts, at(3)),
        held(6, Verdict::UnknownSender, at(3)),
        held(7, Verdict::UnknownSender, at(4)),
        with(held(8, Verdict::UnknownSender, at(1)), |letter| letter.due_at = Some(at(9))),
        held(9, Verdict::Parked, at(1)),
        held(10, Verdict::Discarded, at(1)),
        incoming(11, at(1)),
    ];
    insert(&storage, letters).await;
    let mut keys = write(&storage, |unit| unit.incoming().delete_unknown(at(5), 2)).await;
    assert_eq!(keys.len(), 2);
    keys.extend(write(&storage, |unit| unit.incoming().delete_unknown(at(5), 9)).await);
    keys.sort();
    assert_eq!(keys, [1, 6, 7].map(|number| incoming(number, at(0)).key));
    for number in 1..=11 {
        let found = read(&storage, move |unit| unit.incoming().find(incoming_id(number))).await;
        assert_eq!(found.is_none(), [1, 6, 7].contains(&number), "{number}");
    }
}

/// `IncomingStore::list_messages`: "the letters that became the messages of a ticket from the first to the last of these, sorted by
/// message". `list_of_ticket`: "by time of arrival and then by id, newest first, at most `limit`". `keys`: those "of all letters of a
/// ticket".
pub async fn letters_of_a_ticket_are_listed_by_message_and_by_verdict(storage: Shared) {
    let (ticket, other) = (opened(&storage).await.number, opened(&storage).await.number);
    let became = |number, on, message| {
        with(held(number, Verdict::Replied, at(1)), |letter| (letter.ticket, letter.message) = (Some(on), Some(place(message))))
    };
    let unconfirmed =
        |number, on, seconds| with(held(number, Verdict::NotConfirmed, at(seconds)), |letter| letter.ticket = Some(on));
    let messages = [became(1, ticket, 4), became(2, ticket, 3), became(3, ticket, 2), became(4, ticket, 1), became(5, other, 3)];
    let held = [unconfirmed(6, ticket, 2), unconfirmed(7, ticket, 9), unconfirmed(8, ticket, 2), unconfirmed(9, other, 5)];
    insert(&storage, messages.iter().chain(&held).cloned().collect()).await;
    read(&storage, move |unit| {
        let those = unit.incoming().list_messages(ticket, place(2), place(3))?;
        assert_eq!(those, [messages[2].clone(), messages[1].clone()]);
        assert_eq!(unit.incoming().list_messages(ticket, place(5), place(9))?, []);
        let newest = unit.incoming().list_of_ticket(ticket, Verdict::NotConfirmed, 2)?;
        assert_eq!(newest, [held[1].clone(), held[2].clone()]);
        assert_eq!(unit.incoming().list_of_ticket(ticket, Verdict::NotConfirmed, 9)?.len(), 3);
        assert_eq!(unit.incoming().list_of_ticket(ticket, Verdict::Parked, 9)?, []);
        let mut keys = unit.incoming().keys(ticket)?;
        keys.sort();
        assert_eq!(keys, [1, 2, 3, 4, 6, 7, 8].map(|number| incoming(number, at(0)).key));
        Ok(())
    })
    .await;
}
