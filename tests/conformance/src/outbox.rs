//! Letters.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use muticket_core::blob::BlobKey;
use muticket_core::id::{LetterId, NoteNumber, TicketNumber, UserId};
use muticket_core::notification::{About, DropReason, LetterState, Notification, OutboxEntry};
use muticket_core::storage::{OutboxCounts, StorageError, Unit};

use crate::Shared;
use crate::material::{at, incoming_id, key, letter, opened, other_error, place, read, uuid, write};

pub(crate) fn id(number: u128) -> LetterId {
    LetterId(uuid(number))
}

pub(crate) fn numbers(letters: &[OutboxEntry]) -> Vec<u128> {
    letters.iter().map(|letter| letter.id.0.as_u128()).collect()
}

/// Stores letters that are due at the given seconds; each has the second as its number.
async fn with_letters(storage: &Shared, due: &'static [i64]) -> TicketNumber {
    let ticket = opened(storage).await.number;
    write(storage, move |unit| {
        let letters: Vec<_> = due.iter().map(|seconds| letter(ticket, seconds.unsigned_abs().into(), at(*seconds))).collect();
        unit.outbox().insert(&letters)
    })
    .await;
    ticket
}

pub(crate) async fn claim(storage: &Shared, now: DateTime<Utc>, until: DateTime<Utc>, limit: u32) -> Vec<OutboxEntry> {
    write(storage, move |unit| unit.outbox().claim(now, until, limit)).await
}

pub(crate) async fn settle(storage: &Shared, number: u128, claims: u32, state: LetterState) -> bool {
    write(storage, move |unit| unit.outbox().settle(id(number), claims, &state)).await
}

fn failed(seconds: i64) -> LetterState {
    LetterState::Failed { at: at(seconds), problem: "550 no such user ✗".to_owned() }
}

/// `OutboxStore::list_unsent` gives letters as `insert` stored them.
pub async fn a_letter_comes_back_in_every_state(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let states = [
        LetterState::Waiting { not_before: at(1), problem: None },
        LetterState::Waiting { not_before: at(1), problem: Some("451 später".to_owned()) },
        LetterState::Dropped { at: at(2), reason: DropReason::NoAccess },
        LetterState::Dropped { at: at(2), reason: DropReason::UnknownUser },
        LetterState::Dropped { at: at(2), reason: DropReason::NoAddress },
        LetterState::Dropped { at: at(2), reason: DropReason::Discarded },
        LetterState::Dropped { at: at(2), reason: DropReason::Outdated },
        failed(3),
        LetterState::Held,
        LetterState::Claimed { until: at(4) },
    ];
    let mut letters: Vec<_> = (1..)
        .zip(states)
        .zip(Notification::ALL.iter().copied().cycle())
        .zip([About::Message, About::Change(4), About::Note(NoteNumber::FIRST)].into_iter().cycle())
        .map(|(((number, state), notification), about)| OutboxEntry {
            about,
            state,
            notification,
            attempts: 3,
            claims: 5,
            ..letter(ticket, number, at(0))
        })
        .collect();
    let (anna, told) = (UserId::new("anna"), Notification::TicketReceived);
    let answering = |number, ticket| OutboxEntry::answering(id(number), told, (incoming_id(number), ticket), &anna, at(0));
    let quoting = OutboxEntry { message: Some(place(1)), ..answering(22, Some(ticket)) };
    letters.extend([answering(20, None), answering(21, Some(ticket)), quoting]);
    let (expected, new) = (letters.clone(), letters);
    write(&storage, move |unit| unit.outbox().insert(&new)).await;
    let mut unsent = read(&storage, |unit| unit.outbox().list_unsent(100)).await;
    unsent.sort_by_key(|letter| letter.id);
    assert_eq!(unsent, expected);
}

/// `OutboxStore::insert` fails if "an id is taken", and then stores none of the letters, however many there are.
pub async fn a_letter_is_inserted_once(storage: Shared) {
    const MANY: u128 = 600;
    let ticket = with_letters(&storage, &[1]).await;
    for last in [2, MANY] {
        let letters = move || (1..=last).rev().map(|number| letter(ticket, number, at(0))).collect::<Vec<_>>();
        let result: Result<(), StorageError> = storage.run_write(move |unit| unit.outbox().insert(&letters())).await;
        assert!(result.is_err(), "{last}");
        assert_eq!(numbers(&read(&storage, |unit| unit.outbox().list_unsent(9)).await), [1]);
    }
    write(&storage, |unit| unit.outbox().insert(&[])).await;
    let new = move |unit: &mut dyn Unit| {
        unit.outbox().insert(&(2..=MANY).map(|number| letter(ticket, number, at(0))).collect::<Vec<_>>())
    };
    write(&storage, new).await;
    assert_eq!(u128::from(read(&storage, |unit| unit.outbox().count()).await.waiting), MANY);
}

/// `OutboxStore::claim` takes "at most `limit` letters that are due at `now`", "the longest due first", and "Returns the letters
/// with the new attempts and claims, but with their previous state".
pub async fn the_longest_due_is_claimed_first(storage: Shared) {
    with_letters(&storage, &[30, 10, 40, 20]).await;
    assert_eq!(read(&storage, |unit| unit.outbox().next_due()).await, Some(at(10)));
    let claimed = claim(&storage, at(30), at(99), 2).await;
    assert_eq!(numbers(&claimed), [10, 20]);
    for letter in &claimed {
        let seconds = i64::try_from(letter.id.0.as_u128()).unwrap();
        let before = LetterState::Waiting { not_before: at(seconds), problem: None };
        assert_eq!((letter.attempts, letter.claims, &letter.state), (1, 1, &before));
    }
    assert_eq!(read(&storage, |unit| unit.outbox().next_due()).await, Some(at(30)));
    assert_eq!(numbers(&claim(&storage, at(30), at(99), 2).await), [30]);
    assert_eq!(numbers(&claim(&storage, at(39), at(99), 2).await), []);
    assert_eq!(read(&storage, |unit| unit.outbox().next_due()).await, Some(at(40)));
    let mut stored = read(&storage, |unit| unit.outbox().list_unsent(9)).await;
    stored.retain(|letter| numbers(&claimed).contains(&letter.id.0.as_u128()));
    stored.sort_by_key(|letter| letter.id);
    let state = LetterState::Claimed { until: at(99) };
    let expected: Vec<_> = claimed.into_iter().map(|letter| OutboxEntry { state: state.clone(), ..letter }).collect();
    assert_eq!(stored, expected);
}

/// `OutboxStore::claim`: "No other courier can claim it before then".
pub async fn two_couriers_never_claim_the_same_letter(storage: Shared) {
    let ticket = opened(&storage).await.number;
    write(&storage, move |unit| {
        let letters: Vec<_> = (1..=600).map(|number| letter(ticket, number, at(0))).collect();
        unit.outbox().insert(&letters)
    })
    .await;
    let couriers: Vec<_> = (0..4)
        .map(|_| {
            let storage = storage.clone();
            tokio::spawn(async move {
                let mut all = Vec::new();
                // The bound ends the loop if a storage hands out the same letters forever.
                for _ in 0..600 {
                    let claimed = claim(&storage, at(0), at(60), 7).await;
                    if claimed.is_empty() {
                        break;
                    }
                    all.extend(numbers(&claimed));
                }
                all
            })
        })
        .collect();
    let mut all = Vec::new();
    for courier in couriers {
        all.extend(courier.await.unwrap());
    }
    assert_eq!(all.len(), 600);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 600);
}

/// `OutboxStore::claim` takes "waiting ones, and ones whose claim has expired".
pub async fn a_lapsed_claim_is_claimed_again(storage: Shared) {
    with_letters(&storage, &[1]).await;
    assert_eq!(numbers(&claim(&storage, at(1), at(60), 9).await), [1]);
    assert_eq!(numbers(&claim(&storage, at(59), at(70), 9).await), []);
    let again = claim(&storage, at(60), at(120), 9).await;
    assert_eq!((numbers(&again), again[0].attempts), (vec![1], 2));
}

/// `OutboxStore::settle` "Returns `false` and changes nothing if the letter was deleted", "or was claimed again".
pub async fn only_the_holder_of_a_claim_settles_it(storage: Shared) {
    with_letters(&storage, &[1]).await;
    claim(&storage, at(1), at(60), 9).await;
    claim(&storage, at(60), at(120), 9).await;
    assert!(!settle(&storage, 1, 1, LetterState::Sent { at: at(61) }).await);
    assert!(!settle(&storage, 2, 1, LetterState::Sent { at: at(61) }).await);
    assert_eq!(read(&storage, |unit| unit.outbox().next_due()).await, Some(at(120)));
    assert!(settle(&storage, 1, 2, LetterState::Sent { at: at(62) }).await);
    // A claim that was settled cannot be settled again.
    assert!(!settle(&storage, 1, 2, failed(63)).await);
    assert_eq!(read(&storage, |unit| unit.outbox().next_due()).await, None);
    assert_eq!(read(&storage, |unit| unit.outbox().count()).await, OutboxCounts { sent: 1, ..OutboxCounts::default() });
}

/// `OutboxStore::put_back` "sets this state, and decreases the attempts by one. Returns `false` and changes nothing in the same cases as
/// `settle`."
pub async fn a_letter_that_was_not_tried_is_put_back(storage: Shared) {
    with_letters(&storage, &[1, 2, 3]).await;
    let problem = Some("451 später".to_owned());
    let before = LetterState::Waiting { not_before: at(1), problem: problem.clone() };
    let put_back = async |number, claims| {
        let state = before.clone();
        write(&storage, move |unit| unit.outbox().put_back(id(number), claims, &state)).await
    };
    assert!(!put_back(1, 0).await, "it is not claimed");
    claim(&storage, at(2), at(60), 1).await;
    assert!(!put_back(1, 2).await && !put_back(9, 1).await);
    assert!(put_back(1, 1).await);
    assert!(!put_back(1, 1).await, "the claim has ended");
    let again = claim(&storage, at(2), at(60), 9).await;
    let entry = |letter: &OutboxEntry| (letter.id, letter.attempts, letter.claims, letter.state.clone());
    assert_eq!(
        again.iter().map(entry).collect::<Vec<_>>(),
        [(id(1), 1, 2, before.clone()), (id(2), 1, 1, LetterState::Waiting { not_before: at(2), problem: None }),]
    );
    // A letter whose claim lapsed is due since the instant at which it lapsed.
    let lapsed = claim(&storage, at(60), at(120), 1).await;
    assert_eq!(entry(&lapsed[0]), (id(3), 1, 1, LetterState::Waiting { not_before: at(3), problem: None }));
    let lapsed = claim(&storage, at(60), at(120), 9).await;
    let states: Vec<_> = lapsed.iter().map(|letter| (letter.attempts, letter.state.clone())).collect();
    assert_eq!(states, vec![(2, LetterState::Claimed { until: at(60) }); 2]);
}

/// `OutboxStore::retry`: "Lets a failed letter wait again from `now` on, with no attempts; `false` if it is not failed."
pub async fn a_failed_letter_is_retried(storage: Shared) {
    with_letters(&storage, &[1, 2]).await;
    claim(&storage, at(1), at(60), 1).await;
    assert!(settle(&storage, 1, 1, failed(5)).await);
    assert_eq!(read(&storage, |unit| unit.outbox().next_due()).await, Some(at(2)));
    assert!(!write(&storage, |unit| unit.outbox().retry(id(2), at(9))).await);
    assert!(write(&storage, |unit| unit.outbox().retry(id(1), at(9))).await);
    assert!(!write(&storage, |unit| unit.outbox().retry(id(1), at(9))).await);
    let unsent = read(&storage, |unit| unit.outbox().list_unsent(9)).await;
    let retried = unsent.iter().find(|letter| letter.id == id(1)).unwrap();
    let problem = Some("550 no such user ✗".to_owned());
    assert_eq!((retried.attempts, &retried.state), (0, &LetterState::Waiting { not_before: at(9), problem }));
}

/// `OutboxStore::retry`: "so the holder of an earlier claim cannot settle a later one".
pub async fn a_claim_from_before_a_retry_settles_nothing(storage: Shared) {
    with_letters(&storage, &[1]).await;
    claim(&storage, at(1), at(60), 9).await;
    claim(&storage, at(60), at(120), 9).await;
    assert!(settle(&storage, 1, 2, failed(61)).await);
    assert!(write(&storage, |unit| unit.outbox().retry(id(1), at(61))).await);
    // The clocks stand still, so only the number tells the claims apart.
    let again = claim(&storage, at(61), at(120), 9).await;
    assert_eq!((numbers(&again), again[0].attempts, again[0].claims), (vec![1], 1, 3));
    for earlier in [1, 2] {
        assert!(!settle(&storage, 1, earlier, LetterState::Sent { at: at(62) }).await, "claim {earlier}");
    }
    assert!(settle(&storage, 1, 3, LetterState::Sent { at: at(63) }).await);
}

/// A unit that failed leaves no claim, and its letter is available to the next courier.
pub async fn a_claim_that_is_rolled_back_was_none(storage: Shared) {
    with_letters(&storage, &[1, 2]).await;
    let result: Result<(), StorageError> = storage
        .run_write(|unit| {
            assert_eq!(unit.outbox().claim(at(9), at(60), 9)?.len(), 2);
            assert!(unit.outbox().settle(id(2), 1, &LetterState::Sent { at: at(9) })?);
            Err(other_error())
        })
        .await;
    assert!(result.is_err());
    let claimed = claim(&storage, at(9), at(60), 9).await;
    assert_eq!(numbers(&claimed), [1, 2]);
    assert!(claimed.iter().all(|letter| letter.attempts == 1 && letter.claims == 1));
}

/// Letters in all states, in the order in which unsent ones are listed.
pub(crate) async fn in_all_states(storage: &Shared) {
    let ticket = opened(storage).await.number;
    let waiting = || LetterState::Waiting { not_before: at(0), problem: None };
    let dropped = |seconds| LetterState::Dropped { at: at(seconds), reason: DropReason::NoAccess };
    let states = [
        failed(5),
        failed(5),
        waiting(),
        waiting(),
        waiting(),
        LetterState::Claimed { until: at(9) },
        dropped(5),
        dropped(7),
        LetterState::Sent { at: at(5) },
        LetterState::Sent { at: at(6) },
        LetterState::Sent { at: at(7) },
    ];
    write(storage, move |unit| {
        let letters: Vec<_> = (1..)
            .zip(states.clone())
            .map(|(number, state)| {
                let age = i64::try_from(number).unwrap();
                OutboxEntry { state, created_at: at(-age), ..letter(ticket, number, at(0)) }
            })
            .collect();
        unit.outbox().insert(&letters)
    })
    .await;
}

/// `OutboxStore::list_unsent`: "failed, held, waiting, claimed and dropped ones, in this order, newest first within each".
pub async fn unsent_letters_are_listed_and_counted(storage: Shared) {
    in_all_states(&storage).await;
    let listed = |limit| {
        let storage = storage.clone();
        async move { numbers(&read(&storage, move |unit| unit.outbox().list_unsent(limit)).await) }
    };
    assert_eq!(listed(100).await, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(listed(4).await, [1, 2, 3, 4]);
    assert_eq!(listed(0).await, []);
    let counts = read(&storage, |unit| unit.outbox().count()).await;
    assert_eq!(counts, OutboxCounts { waiting: 4, sent: 3, dropped: 2, failed: 2, held: 0 });
}

/// `OutboxStore::delete_ended` deletes what was "sent or dropped before the given time, and returns their number".
pub async fn ended_letters_are_deleted(storage: Shared) {
    in_all_states(&storage).await;
    // Failed letters stay, because an administrator may send them again.
    assert_eq!(write(&storage, |unit| unit.outbox().delete_ended(at(6))).await, 2);
    let counts = read(&storage, |unit| unit.outbox().count()).await;
    assert_eq!(counts, OutboxCounts { waiting: 4, sent: 2, dropped: 1, failed: 2, held: 0 });
    assert_eq!(write(&storage, |unit| unit.outbox().delete_ended(at(99))).await, 3);
}

/// The number of letters, and of orphans, in the case with many workers.
const CROWD: u128 = 300;

/// Inserts letters, one per unit, while others claim them.
async fn write_letters(storage: Shared, ticket: TicketNumber, crowd: Arc<Crowd>) {
    for number in 1..=CROWD {
        write(&storage, move |unit| unit.outbox().insert(&[letter(ticket, number, at(0))])).await;
    }
    crowd.all_written.store(true, Ordering::SeqCst);
}

/// What the couriers share.
#[derive(Default)]
struct Crowd {
    all_written: AtomicBool,
    sent: Mutex<Vec<u128>>,
}

/// Claims letters and settles them until all were written and several claims found none. Every third claim is rolled back.
async fn deliver(storage: Shared, crowd: Arc<Crowd>) {
    let (mut round, mut idle) = (0_u32, 0);
    while idle < 5 {
        round += 1;
        let work = move |unit: &mut dyn Unit| {
            let claimed = unit.outbox().claim(at(0), at(60), 5)?;
            if round.is_multiple_of(3) { Err(other_error()) } else { Ok(claimed) }
        };
        let claimed = storage.run_write(work).await;
        if round.is_multiple_of(3) {
            assert!(claimed.is_err());
            continue;
        }
        let claimed = claimed.unwrap();
        idle += u32::from(claimed.is_empty() && crowd.all_written.load(Ordering::SeqCst));
        for letter in claimed {
            assert!(settle(&storage, letter.id.0.as_u128(), letter.claims, LetterState::Sent { at: at(1) }).await);
            crowd.sent.lock().unwrap().push(letter.id.0.as_u128());
        }
        tokio::task::yield_now().await;
    }
}

/// Deletes ended letters and orphans, as the helpdesk does, until no orphan is left.
async fn sweep(storage: Shared) -> Vec<BlobKey> {
    let mut swept = Vec::new();
    for _ in 0..CROWD {
        write(&storage, |unit| unit.outbox().delete_ended(at(1))).await;
        let due = write(&storage, |unit| {
            let due = unit.orphans().due(at(0), 7)?;
            unit.orphans().delete(&due)?;
            Ok(due)
        })
        .await;
        swept.extend(due);
        if read(&storage, |unit| unit.orphans().due(at(0), 1)).await.is_empty() {
            break;
        }
    }
    swept
}

/// Nothing is lost and nothing is done twice while letters are written, claimed, settled and swept at the same time.
pub async fn couriers_and_sweepers_lose_nothing(storage: Shared) {
    let ticket = opened(&storage).await.number;
    write(&storage, |unit| unit.orphans().insert(&(1..=CROWD).map(key).collect::<Vec<_>>(), at(0))).await;
    let crowd = Arc::<Crowd>::default();
    let writer = tokio::spawn(write_letters(storage.clone(), ticket, crowd.clone()));
    let couriers: Vec<_> = (0..2).map(|_| tokio::spawn(deliver(storage.clone(), crowd.clone()))).collect();
    let sweepers: Vec<_> = (0..2).map(|_| tokio::spawn(sweep(storage.clone()))).collect();
    writer.await.unwrap();
    for courier in couriers {
        courier.await.unwrap();
    }
    let mut swept = Vec::new();
    for sweeper in sweepers {
        swept.extend(sweeper.await.unwrap());
    }
    swept.sort();
    assert!(swept == (1..=CROWD).map(key).collect::<Vec<_>>(), "{} orphans were swept", swept.len());
    let mut sent = std::mem::take(&mut *crowd.sent.lock().unwrap());
    sent.sort_unstable();
    assert!(sent == (1..=CROWD).collect::<Vec<_>>(), "{} letters were sent", sent.len());
    let all_sent = OutboxCounts { sent: 300, ..OutboxCounts::default() };
    assert_eq!(read(&storage, |unit| unit.outbox().count()).await, all_sent);
}
