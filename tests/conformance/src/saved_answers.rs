//! Saved answers, and how often supporters used them (T-08).

use muticket_core::id::{CategoryId, LabelId, SavedAnswerId, UserId};
use muticket_core::label::Label;
use muticket_core::saved_answer::{Actions, Assign, ListedAnswer, SavedAnswer};
use muticket_core::storage::StorageError;
use muticket_core::ticket::{Body, Priority};

use crate::Shared;
use crate::material::{read, saved, saved_id, uuid, with, write};

fn own(number: u128, owner: &str) -> SavedAnswer {
    with(saved(number), |answer| answer.owner = Some(UserId::new(owner)))
}

fn listed(answers: &[ListedAnswer]) -> Vec<(SavedAnswerId, u32)> {
    answers.iter().map(|answer| (answer.id, answer.uses)).collect()
}

/// `SavedAnswerStore::find` gives a saved answer as `insert` stored it: "Its texts keep their order." `list` gives all but the texts.
pub async fn a_saved_answer_comes_back_as_it_was_stored(storage: Shared) {
    let full = with(own(1, "sara "), |answer| {
        answer.title = "Ünder <b> \u{1f600}".to_owned();
        answer.texts[0].1 = Body::parse(&"\u{5e9}\u{e4}\u{1f600}\n".repeat(5_000)).unwrap();
        answer.categories = [CategoryId::new("b"), CategoryId::new("a "), CategoryId::new("B")].into();
        answer.actions = Actions {
            close: true,
            assign: Some(Assign::To(UserId::new("Tom"))),
            priority: Some(Priority::Low),
            category: Some(CategoryId::new("c")),
            labels: (1..=Label::MAX_ON_TICKET as u128).map(|number| LabelId(uuid(number))).collect(),
        };
    });
    let taking = with(own(2, "sara "), |answer| answer.actions.assign = Some(Assign::Sender));
    let bare = with(own(3, "sara "), |answer| {
        answer.categories.clear();
        answer.actions = Actions::default();
    });
    let expected = [full, taking, bare];
    let new = expected.clone();
    write(&storage, move |unit| new.iter().try_for_each(|answer| unit.saved_answers().insert(answer))).await;
    read(&storage, move |unit| {
        let all = unit.saved_answers().list(Some(&UserId::new("sara ")))?;
        assert_eq!(all.len(), expected.len());
        for (answer, listed) in expected.iter().zip(all) {
            assert_eq!(unit.saved_answers().find(answer.id)?.as_ref(), Some(answer));
            let SavedAnswer { id, owner, title, categories, actions, .. } = answer.clone();
            assert_eq!(listed, ListedAnswer { id, owner, title, categories, actions, uses: 0 });
        }
        assert_eq!(unit.saved_answers().find(saved_id(4))?, None);
        Ok(())
    })
    .await;
}

/// `SavedAnswerStore::insert` is a `Duplicate` "if the id is taken".
pub async fn the_id_of_a_saved_answer_is_taken_once(storage: Shared) {
    write(&storage, |unit| unit.saved_answers().insert(&saved(1))).await;
    let again = own(1, "tom");
    let result: Result<(), StorageError> = storage.run_write(move |unit| unit.saved_answers().insert(&again)).await;
    assert!(matches!(result, Err(StorageError::Duplicate)));
    assert_eq!(read(&storage, |unit| unit.saved_answers().find(saved_id(1))).await, Some(saved(1)));
}

/// `SavedAnswerStore::update`: "everything but the owner"; `delete`: "with its texts and the numbers of its uses". Both are `false` for one
/// that does not exist.
pub async fn a_saved_answer_is_changed_and_deleted(storage: Shared) {
    let changed = with(saved(1), |answer| {
        answer.title = "Goodbye".to_owned();
        answer.texts.remove(0);
        answer.categories = [CategoryId::new("c")].into();
        answer.actions = Actions { close: true, ..Actions::default() };
    });
    let new = changed.clone();
    write(&storage, move |unit| {
        unit.saved_answers().insert(&saved(1))?;
        unit.saved_answers().insert(&saved(2))?;
        let stolen = SavedAnswer { owner: Some(UserId::new("tom")), ..new.clone() };
        assert!(unit.saved_answers().update(&stolen)?);
        assert!(unit.saved_answers().update(&stolen)?, "an update that changes nothing finds the row, too");
        assert!(!unit.saved_answers().update(&saved(3))?);
        assert!(!unit.saved_answers().delete(saved_id(3))?);
        unit.saved_answers().count_use(saved_id(1), &UserId::new("sara"))
    })
    .await;
    assert_eq!(read(&storage, |unit| unit.saved_answers().find(saved_id(1))).await, Some(changed));
    assert!(write(&storage, |unit| unit.saved_answers().delete(saved_id(1))).await);
    let left = || read(&storage, |unit| unit.saved_answers().list(Some(&UserId::new("sara"))));
    assert_eq!(listed(&left().await), [(saved_id(2), 0)]);
    // Nothing is left that another one with the same id would get.
    write(&storage, |unit| unit.saved_answers().insert(&with(saved(1), |answer| answer.texts.truncate(1)))).await;
    assert_eq!(listed(&left().await), [(saved_id(1), 0), (saved_id(2), 0)]);
    let found = read(&storage, |unit| unit.saved_answers().find(saved_id(1))).await;
    assert_eq!(found.map(|answer| answer.texts.len()), Some(1));
}

/// `SavedAnswerStore::list`: "the shared saved answers and those of the user", "sorted by id"; "Without a user it lists the shared ones".
pub async fn a_personal_answer_is_listed_for_its_owner_only(storage: Shared) {
    write(&storage, |unit| {
        for answer in [saved(5), own(2, "sara"), own(1, "tom"), saved(3), own(4, "Sara"), own(6, "sara ")] {
            unit.saved_answers().insert(&answer)?;
        }
        Ok(())
    })
    .await;
    let numbers = |user: Option<&'static str>| {
        let storage = storage.clone();
        async move {
            let user = user.map(UserId::new);
            let all = read(&storage, move |unit| unit.saved_answers().list(user.as_ref())).await;
            all.iter().map(|answer| answer.id.0.as_u128()).collect::<Vec<_>>()
        }
    };
    assert_eq!(numbers(Some("sara")).await, [2, 3, 5]);
    assert_eq!(numbers(Some("tom")).await, [1, 3, 5]);
    assert_eq!(numbers(Some("uwe")).await, [3, 5]);
    assert_eq!(numbers(None).await, [3, 5]);
}

/// `SavedAnswerStore::count_use` "adds one use by the user", and `list` gives "the number of the user's uses".
pub async fn uses_are_counted_for_each_supporter(storage: Shared) {
    write(&storage, |unit| {
        unit.saved_answers().insert(&saved(1))?;
        unit.saved_answers().insert(&saved(2))
    })
    .await;
    for (number, user) in [(1, "sara"), (1, "sara"), (2, "sara"), (1, "tom"), (2, "Sara"), (2, "tom"), (2, "tom"), (1, "sara")] {
        write(&storage, move |unit| unit.saved_answers().count_use(saved_id(number), &UserId::new(user))).await;
    }
    read(&storage, |unit| {
        let mut uses = |user: &str| -> Result<Vec<u32>, StorageError> {
            let all = unit.saved_answers().list(Some(&UserId::new(user)))?;
            Ok(all.iter().map(|answer| answer.uses).collect())
        };
        assert_eq!([uses("sara")?, uses("tom")?, uses("Sara")?, uses("uwe")?], [[3, 1], [1, 2], [0, 1], [0, 0]]);
        let nobodys = unit.saved_answers().list(None)?;
        assert!(nobodys.iter().all(|answer| answer.uses == 0));
        Ok(())
    })
    .await;
}
