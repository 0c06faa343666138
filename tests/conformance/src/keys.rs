//! Ids as keys. They are "compared byte for byte: case, accents and trailing spaces are significant, also where a value must be unique".

use muticket_core::id::{CategoryId, GroupId, UserId};
use muticket_core::rating::Tally;
use muticket_core::settings::Settings;
use muticket_core::storage::{StorageError, Unit};

use crate::Shared;
use crate::everything::{category, supporter};
use crate::material::{answer, new_ticket, read, stored, with, write};

/// All of these are different.
const KEYS: [&str; 16] = [
    "anna", "Anna", "ANNA", "anna ", " anna", "anna\t", "\u{e4}", "a\u{308}", "a", "\u{c4}", "", "ss", "\u{df}", "\u{fb01}",
    "fi", "😀",
];

fn refused(result: Result<(), StorageError>) -> bool {
    matches!(result, Err(StorageError::Duplicate))
}

/// `SupporterStore::insert` is a `Duplicate` "if the user already has a record". A record of a user with a similar name does not count.
pub async fn users_with_similar_names_have_their_own_records(storage: Shared) {
    let all: Vec<_> = (1..).zip(KEYS).map(|(number, user)| supporter(number, user, &KEYS)).collect();
    let new = all.clone();
    write(&storage, move |unit| new.iter().try_for_each(|supporter| unit.supporters().insert(supporter))).await;
    assert_eq!(read(&storage, |unit| unit.supporters().list()).await, all);
    write(&storage, |unit| {
        for (number, user) in (100..).zip(KEYS) {
            assert!(refused(unit.supporters().insert(&supporter(number, user, &[]))), "{user:?}");
        }
        Ok(())
    })
    .await;
}

/// `CategoryStore::insert` is a `Duplicate` "if the id is taken". A similar one does not count. `find` and `update` use exactly
/// the given one.
pub async fn categories_with_similar_identifiers_are_kept_apart(storage: Shared) {
    let all: Vec<_> = KEYS.iter().map(|id| category(id, &[("en", id)])).collect();
    let new = all.clone();
    write(&storage, move |unit| new.iter().try_for_each(|category| unit.categories().insert(category))).await;
    write(&storage, |unit| {
        for id in KEYS {
            assert!(refused(unit.categories().insert(&category(id, &[]))), "{id:?}");
            assert_eq!(unit.categories().find(&CategoryId::new(id))?, Some(category(id, &[("en", id)])));
        }
        assert!(unit.categories().update(&category("anna ", &[("de", "die mit dem Blank")]))?);
        assert!(!unit.categories().update(&category("ANNA ", &[]))?);
        Ok(())
    })
    .await;
    let changed: Vec<_> = all
        .into_iter()
        .map(|kept| if kept.category.id.as_str() == "anna " { category("anna ", &[("de", "die mit dem Blank")]) } else { kept })
        .collect();
    assert_eq!(read(&storage, |unit| unit.categories().list()).await, changed);
}

/// `SecretStore::insert` is a `Duplicate` "if the name exists", and `find` returns the one of exactly that name.
pub async fn secrets_with_similar_names_are_kept_apart(storage: Shared) {
    write(&storage, |unit| {
        for (byte, name) in (1..).zip(KEYS) {
            unit.secrets().insert(name, &[byte; 32])?;
            assert!(refused(unit.secrets().insert(name, &[0; 32])), "{name:?}");
        }
        Ok(())
    })
    .await;
    read(&storage, |unit| {
        for (byte, name) in (1..).zip(KEYS) {
            assert_eq!(unit.secrets().find(name)?, Some([byte; 32]), "{name:?}");
        }
        unit.secrets().find("ANNA ").map(|secret| assert_eq!(secret, None))
    })
    .await;
}

/// `Settings::supporter_group` keeps the host's spelling.
pub async fn a_group_keeps_its_spelling(storage: Shared) {
    for group in KEYS {
        let settings = Settings { supporter_group: Some(GroupId::new(group)), ..Settings::default() };
        let new = settings.clone();
        write(&storage, move |unit| unit.settings().update(&new)).await;
        assert_eq!(read(&storage, |unit| unit.settings().find()).await, settings);
    }
}

/// A category is looked up exactly as given, and so is an author.
pub async fn categories_and_authors_are_looked_up_byte_for_byte(storage: Shared) {
    for key in KEYS {
        let category = Some(CategoryId::new(key));
        let number = stored(&storage, with(new_ticket("anna"), |new| new.category = category)).await.number;
        write(&storage, move |unit| unit.messages().insert(&answer(number, 1, key))).await;
    }
    let none = stored(&storage, new_ticket("anna")).await;
    assert_eq!(none.category, None);
    let look = |unit: &mut dyn Unit| {
        for key in KEYS {
            let category = Some(CategoryId::new(key));
            let found = unit.overviews().list(&crate::overview::of_category(category.clone()))?;
            assert_eq!(found.iter().map(|ticket| ticket.category.clone()).collect::<Vec<_>>(), [category], "{key:?}");
            assert_eq!(unit.ratings().tally(&UserId::new(key))?, Tally::new(1, [0; 5]), "{key:?}");
        }
        Ok(())
    };
    read(&storage, look).await;
}
