//! Letters that came back, and the users whom letters do not reach (M-05).

use muticket_core::id::{LetterId, UserId};
use muticket_core::notification::LetterState;
use muticket_core::storage::StorageError;
use muticket_core::undeliverable::Undeliverable;

use crate::Shared;
use crate::material::{at, letter, opened, read, uuid, with, write};

/// A user whose letters came back.
pub(crate) fn undeliverable(user: &str, reports: u32, last: i64) -> Undeliverable {
    Undeliverable {
        user: UserId::new(user),
        address: "änna@x.example".to_owned(),
        reports,
        since: at(-5),
        last_at: at(last),
        problem: "550 no such user ✗".to_owned(),
    }
}

async fn store(storage: &Shared, all: Vec<Undeliverable>) {
    write(storage, move |unit| all.iter().try_for_each(|one| unit.undeliverable().update(one))).await;
}

/// `UndeliverableStore::update`: "in place of what was stored for them". They are compared byte for byte.
pub async fn what_is_known_of_letters_to_a_user_is_replaced(storage: Shared) {
    let exact = at(7) + chrono::TimeDelta::microseconds(1);
    let last = with(undeliverable("anna", u32::MAX, 7), |one| {
        (one.address, one.problem) = ("anna@y.example".to_owned(), String::new());
        (one.since, one.last_at) = (at(6), exact);
    });
    let all = vec![undeliverable("anna", 1, 1), undeliverable("Anna", 2, 1), undeliverable("anna ", 3, 1), last.clone()];
    store(&storage, all).await;
    let find = |user: &'static str| {
        let storage = storage.clone();
        async move { read(&storage, move |unit| unit.undeliverable().find(&UserId::new(user))).await }
    };
    assert_eq!(find("anna").await, Some(last.clone()));
    assert_eq!(find("Anna").await, Some(undeliverable("Anna", 2, 1)));
    assert_eq!(find("anna ").await, Some(undeliverable("anna ", 3, 1)));
    assert_eq!(find("ANNA").await, None);
    let found = write(&storage, |unit| unit.undeliverable().find(&UserId::new("anna"))).await;
    assert_eq!(found, Some(last));
}

/// `UndeliverableStore::of`: "what is stored for these users, sorted by user".
pub async fn what_is_known_is_read_of_some_users(storage: Shared) {
    store(&storage, ["tom", "anna", "sara"].map(|user| undeliverable(user, 1, 1)).into()).await;
    let of = async |users: &[&str]| {
        let users: Vec<_> = users.iter().copied().map(UserId::new).collect();
        let found = read(&storage, move |unit| unit.undeliverable().of(&users)).await;
        found.iter().map(|one| one.user.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of(&["tom", "ben", "anna", "tom"]).await, ["anna", "tom"]);
    assert_eq!(of(&[]).await, [""; 0]);
    // Also among very many.
    let many: Vec<_> = (0..1200).map(|number| format!("n{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).chain(["sara"]).collect();
    assert_eq!(of(&many).await, ["sara"]);
}

/// `UndeliverableStore::list`: "with at least this number of reports whose last report came after this time, the last one first, then by
/// user, at most `limit`".
pub async fn the_undeliverable_are_listed_last_first(storage: Shared) {
    let all = [("tom", 3, 5), ("anna", 4, 5), ("sara", 3, 9), ("ben", 2, 9), ("uwe", 9, 2)];
    store(&storage, all.map(|(user, reports, last)| undeliverable(user, reports, last)).into()).await;
    let list = async |reports, after, limit| {
        let listed = read(&storage, move |unit| unit.undeliverable().list(reports, at(after), limit)).await;
        listed.iter().map(|one| one.user.as_str().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(list(3, 2, 9).await, ["sara", "anna", "tom"]);
    assert_eq!(list(3, 1, 9).await, ["sara", "anna", "tom", "uwe"]);
    assert_eq!(list(2, 2, 2).await, ["ben", "sara"]);
    assert_eq!(list(1, 9, 9).await, [""; 0]);
}

/// `UndeliverableStore::delete` is "`false` if nothing is" stored, and `delete_before` deletes those "whose last report came before this
/// time".
pub async fn what_is_known_of_letters_to_a_user_is_deleted(storage: Shared) {
    let all = [("tom", 4), ("anna", 5), ("sara", 6)];
    store(&storage, all.map(|(user, last)| undeliverable(user, 1, last)).into()).await;
    write(&storage, |unit| {
        assert!(unit.undeliverable().delete(&UserId::new("sara"))?);
        assert!(!unit.undeliverable().delete(&UserId::new("sara"))?);
        assert!(!unit.undeliverable().delete(&UserId::new("Tom"))?);
        unit.undeliverable().delete_before(at(5))
    })
    .await;
    let left = read(&storage, |unit| unit.undeliverable().list(0, at(0), 9)).await;
    assert_eq!(left, [undeliverable("anna", 1, 5)]);
}

/// `OutboxStore::find`: "in any state". `OutboxStore::came_back`: "`false` and changes nothing if the letter does not exist or has another
/// state".
pub async fn a_sent_letter_comes_back(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let id = |number| LetterId(uuid(number));
    let letters = [letter(ticket, 1, at(1)), letter(ticket, 2, at(2))];
    let stored = letters.clone();
    write(&storage, move |unit| {
        unit.outbox().insert(&stored)?;
        unit.outbox().claim(at(1), at(60), 1)?;
        assert!(unit.outbox().settle(id(1), 1, &LetterState::Sent { at: at(1) })?);
        Ok(())
    })
    .await;
    write(&storage, move |unit| {
        assert!(!unit.outbox().came_back(id(2), at(9), "no")?);
        assert!(!unit.outbox().came_back(id(3), at(9), "no")?);
        assert!(unit.outbox().came_back(id(1), at(9), "550 no such user ✗")?);
        assert!(!unit.outbox().came_back(id(1), at(10), "again")?);
        Ok(())
    })
    .await;
    let found = read(&storage, move |unit| {
        Ok::<_, StorageError>([unit.outbox().find(id(1))?, unit.outbox().find(id(2))?, unit.outbox().find(id(3))?])
    })
    .await;
    let failed = with(letters[0].clone(), |letter| {
        (letter.attempts, letter.claims) = (1, 1);
        letter.state = LetterState::Failed { at: at(9), problem: "550 no such user ✗".to_owned() };
    });
    assert_eq!(found, [Some(failed), Some(letters[1].clone()), None]);
}

/// `OutboxStore::came_back`: "if it is sent or claimed", "Its claim then has ended, and can no longer be settled."
pub async fn a_letter_comes_back_before_it_is_settled(storage: Shared) {
    let ticket = opened(&storage).await.number;
    let id = LetterId(uuid(1));
    write(&storage, move |unit| {
        unit.outbox().insert(&[letter(ticket, 1, at(1))])?;
        unit.outbox().claim(at(1), at(60), 1)?;
        Ok(())
    })
    .await;
    write(&storage, move |unit| {
        assert!(unit.outbox().came_back(id, at(2), "550 no such user")?);
        assert!(!unit.outbox().came_back(id, at(3), "again")?);
        Ok(())
    })
    .await;
    let claimed = write(&storage, move |unit| {
        assert!(!unit.outbox().settle(id, 1, &LetterState::Sent { at: at(4) })?);
        assert!(!unit.outbox().put_back(id, 1, &LetterState::Waiting { not_before: at(4), problem: None })?);
        unit.outbox().claim(at(99), at(199), 9)
    })
    .await;
    assert_eq!(claimed, []);
    let found = read(&storage, move |unit| unit.outbox().find(id)).await;
    let failed = with(letter(ticket, 1, at(1)), |letter| {
        (letter.attempts, letter.claims) = (1, 1);
        letter.state = LetterState::Failed { at: at(2), problem: "550 no such user".to_owned() };
    });
    assert_eq!(found, Some(failed));
}
