//! Supporters, settings, categories, secrets.

use std::collections::BTreeSet;

use muticket_core::id::{CategoryId, GroupId, LabelId, SupporterId};
use muticket_core::settings::Settings;
use muticket_core::storage::{StorageError, StorageFault, StoredCategory, Unit};
use muticket_core::supporter::Supporter;
use muticket_core::time_zone::TimeZone;

use crate::Shared;
use crate::everything::{category, supporter};
use crate::material::{label, read, uuid, write};

/// `SupporterStore::update` "Stores presence and categories of a record; `false` if it does not exist."
pub async fn a_supporter_comes_back_as_stored(storage: Shared) {
    let sara = supporter(1, "sara", &["b", "a"]);
    let new = sara.clone();
    write(&storage, move |unit| unit.supporters().insert(&new)).await;
    let find = |number| {
        let storage = storage.clone();
        async move { read(&storage, move |unit| unit.supporters().find(SupporterId(uuid(number)))).await }
    };
    assert_eq!(find(1).await, Some(sara.clone()));
    assert_eq!(find(2).await, None);

    let changed = Supporter { present: false, categories: BTreeSet::from([CategoryId::new("c")]), ..sara.clone() };
    let new = changed.clone();
    assert!(write(&storage, move |unit| unit.supporters().update(&new)).await);
    assert_eq!(find(1).await, Some(changed));

    let none = supporter(2, "tom", &[]);
    assert!(!write(&storage, move |unit| unit.supporters().update(&none)).await);
    assert!(write(&storage, move |unit| unit.supporters().delete(sara.id)).await);
    assert!(!write(&storage, move |unit| unit.supporters().delete(sara.id)).await);
    assert_eq!(find(1).await, None);
}

/// `SupporterStore::insert` is a `Duplicate` "if the user already has a record".
pub async fn a_user_has_one_record(storage: Shared) {
    write(&storage, |unit| unit.supporters().insert(&supporter(1, "sara", &[]))).await;
    for again in [supporter(2, "sara", &["a"]), supporter(1, "tom", &["a"])] {
        let result: Result<(), StorageError> = storage.run_write(move |unit| unit.supporters().insert(&again)).await;
        assert!(matches!(result, Err(StorageError::Duplicate)));
    }
    assert_eq!(read(&storage, |unit| unit.supporters().list()).await, [supporter(1, "sara", &[])]);
}

/// `SupporterStore::list`: "all records, oldest first".
pub async fn supporters_come_in_order(storage: Shared) {
    let all = [supporter(3, "zoe", &["a"]), supporter(1, "sara", &[]), supporter(2, "anna", &["b", "a"])];
    let new = all.clone();
    write(&storage, move |unit| new.iter().try_for_each(|supporter| unit.supporters().insert(supporter))).await;
    assert_eq!(read(&storage, |unit| unit.supporters().list()).await, all);
}

/// `SettingsStore::find`: "the default if none were ever stored".
pub async fn settings_are_kept(storage: Shared) {
    assert_eq!(read(&storage, |unit| unit.settings().find()).await, Settings::default());
    let all = [
        Settings {
            supporter_group: Some(GroupId::new("7")),
            ratings: false,
            image_limit: Some(5_000_000),
            supporters_open: true,
            customers_prioritize: true,
            time_zone: TimeZone::parse("America/Argentina/Ushuaia"),
            remove_location: false,
            answering_assigns: false,
            assignee_first: true,
            receipts: false,
            closing_letters: true,
        },
        Settings { image_limit: Some(0), assignee_first: false, closing_letters: false, ..Settings::default() },
        Settings::default(),
    ];
    for settings in all {
        let new = settings.clone();
        write(&storage, move |unit| unit.settings().update(&new)).await;
        assert_eq!(read(&storage, |unit| unit.settings().find()).await, settings);
    }
}

/// `SettingsStore::revision` grows with each committed change of "settings, supporter records, categories and labels".
pub async fn a_revision_is_new_after_every_change(storage: Shared) {
    let revision = || read(&storage, |unit| unit.settings().revision());
    let mut last = revision().await;
    type Change = fn(&mut dyn Unit) -> Result<(), StorageError>;
    let changes: [Change; 10] = [
        |unit| unit.settings().update(&Settings { ratings: false, ..Settings::default() }),
        |unit| unit.supporters().insert(&supporter(1, "sara", &["a"])),
        |unit| unit.supporters().update(&supporter(1, "sara", &[])).map(|_| ()),
        |unit| unit.supporters().delete(SupporterId(uuid(1))).map(|_| ()),
        |unit| unit.categories().insert(&category("c", &[("en", "Bills")])),
        |unit| unit.categories().update(&category("c", &[("en", "Invoices")])).map(|_| ()),
        |unit| unit.categories().arrange(&[CategoryId::new("c")]),
        |unit| unit.labels().insert(&label(1, "VIP")),
        |unit| unit.labels().update(&label(1, "Very important")).map(|_| ()),
        |unit| unit.labels().delete(LabelId(uuid(1))).map(|_| ()),
    ];
    for (place, change) in changes.into_iter().enumerate() {
        write(&storage, change).await;
        let next = revision().await;
        assert!(next > last, "change {place} is none: {last}, {next}");
        last = next;
    }
    let undone = storage.run_write(move |unit| {
        unit.supporters().insert(&supporter(2, "tom", &[]))?;
        Err::<(), _>(StorageError::fault(StorageFault::Other, "no"))
    });
    assert!(undone.await.is_err());
    write(&storage, |unit| unit.secrets().insert("csrf", &[1; 32])).await;
    assert_eq!(revision().await, last, "nothing was changed");
}

/// `CategoryStore::list`: "all categories, including retired ones, oldest first. The names of each keep their order."
pub async fn categories_are_kept(storage: Shared) {
    let all =
        [category("z", &[("en", "Hardware"), ("de", "Geräte")]), category("b", &[("de-at", "Rechnungen")]), category("c", &[])];
    let new = all.clone();
    write(&storage, move |unit| new.iter().try_for_each(|category| unit.categories().insert(category))).await;
    assert_eq!(read(&storage, |unit| unit.categories().list()).await, all);

    let result: Result<(), StorageError> = storage.run_write(|unit| unit.categories().insert(&category("b", &[]))).await;
    assert!(matches!(result, Err(StorageError::Duplicate)));

    let changed = StoredCategory { retired: true, ..category("b", &[("fr", "Factures"), ("de", "Rechnungen")]) };
    let new = changed.clone();
    assert!(write(&storage, move |unit| unit.categories().update(&new)).await);
    assert!(!write(&storage, |unit| unit.categories().update(&category("B", &[]))).await);
    let find = |id| {
        let storage = storage.clone();
        async move { read(&storage, move |unit| unit.categories().find(&CategoryId::new(id))).await }
    };
    assert_eq!(find("b").await.as_ref(), Some(&changed));
    assert_eq!(find("B").await, None);
    assert_eq!(read(&storage, |unit| unit.categories().list()).await, [all[0].clone(), changed, all[2].clone()]);
}

/// `CategoryStore::arrange` "Replaces the order." "An empty list removes the order."
pub async fn an_order_of_categories_is_kept(storage: Shared) {
    let order = || read(&storage, |unit| unit.categories().order());
    assert_eq!(order().await, []);
    let ids = ["a", "B", "A", "a ", "b", "\u{e4}", "a\u{308}", ""];
    write(&storage, move |unit| ids.iter().try_for_each(|id| unit.categories().insert(&category(id, &[])))).await;
    let orders: [&[&str]; 4] = [&["b", "a", "A", "a ", "\u{e4}", "a\u{308}", "", "B"], &["a ", "a"], &[], &["A"]];
    for expected in orders {
        let expected: Vec<_> = expected.iter().copied().map(CategoryId::new).collect();
        let new = expected.clone();
        write(&storage, move |unit| unit.categories().arrange(&new)).await;
        assert_eq!(order().await, expected);
    }
    let made: Vec<_> = read(&storage, |unit| unit.categories().list()).await;
    assert_eq!(
        made.iter().map(|kept| kept.category.id.as_str()).collect::<Vec<_>>(),
        ids,
        "those are in the order they were made"
    );
}

/// `CategoryStore::order`: "the call of another writing unit waits until the first unit has ended".
pub async fn an_arrangement_waits_for_another(storage: Shared) {
    const WRITERS: usize = 8;
    const TIMES: usize = 5;
    let ids = || (0..WRITERS * TIMES).map(|number| CategoryId::new(number.to_string()));
    let all: Vec<_> = ids().map(|id| category(id.as_str(), &[])).collect();
    write(&storage, move |unit| all.iter().try_for_each(|category| unit.categories().insert(category))).await;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (storage, ids) = (storage.clone(), ids().skip(writer * TIMES).take(TIMES).collect::<Vec<_>>());
            tokio::spawn(async move {
                for id in ids {
                    write(&storage, move |unit| {
                        let mut order = unit.categories().order()?;
                        order.push(id.clone());
                        unit.categories().arrange(&order)
                    })
                    .await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let order = read(&storage, |unit| unit.categories().order()).await;
    assert_eq!(order.len(), WRITERS * TIMES, "{order:?}");
    assert_eq!(order.into_iter().collect::<BTreeSet<_>>(), ids().collect::<BTreeSet<_>>());
}

/// `SecretStore::insert` is a `Duplicate` "if the name exists", and the first one stays.
pub async fn a_secret_is_stored_once(storage: Shared) {
    assert_eq!(read(&storage, |unit| unit.secrets().find("csrf")).await, None);
    write(&storage, |unit| unit.secrets().insert("csrf", &[255; 32])).await;
    let result: Result<(), StorageError> = storage.run_write(|unit| unit.secrets().insert("csrf", &[0; 32])).await;
    assert!(matches!(result, Err(StorageError::Duplicate)));
    assert_eq!(read(&storage, |unit| unit.secrets().find("csrf")).await, Some([255; 32]));
    assert_eq!(read(&storage, |unit| unit.secrets().find("CSRF")).await, None);
}
