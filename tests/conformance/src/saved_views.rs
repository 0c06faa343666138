//! Saved views, and the view that each supporter opens first (T-12).

use muticket_core::id::{CategoryId, LabelId, UserId};
use muticket_core::overview::{AssigneeFilter, NamedView};
use muticket_core::saved_view::{FirstView, SavedView, ViewFilter, ViewName};
use muticket_core::search::Search;
use muticket_core::storage::{Order, SortKey, StateFilter, StorageError};
use muticket_core::ticket::{Priority, Waiting};

use crate::Shared;
use crate::material::{read, saved_view, uuid, view_id, with, write};

fn own(number: u128, owner: &str) -> SavedView {
    with(saved_view(number), |view| view.owner = Some(UserId::new(owner)))
}

fn numbers(views: &[SavedView]) -> Vec<u128> {
    views.iter().map(|view| view.id.0.as_u128()).collect()
}

async fn first(storage: &Shared, user: &'static str) -> Option<FirstView> {
    read(storage, move |unit| unit.saved_views().first(&UserId::new(user))).await
}

async fn choose(storage: &Shared, user: &'static str, first: Option<FirstView>) {
    write(storage, move |unit| unit.saved_views().set_first(&UserId::new(user), first)).await;
}

/// `SavedViewStore::find` and `list` give a saved view as `insert` stored it.
pub async fn a_saved_view_comes_back_as_it_was_stored(storage: Shared) {
    let full = with(own(1, "sara "), |view| {
        view.name = ViewName::from_stored(" Ünder <b> \u{1f600}".to_owned()).unwrap();
        view.filter = ViewFilter {
            state: StateFilter::All,
            view: Some(NamedView::Categories),
            waiting: Some(Waiting::Supporter),
            category: Some(CategoryId::new("B ")),
            customer: Some(UserId::new("Anna")),
            assignee: Some(AssigneeFilter::User(UserId::new("me"))),
            priority: Some(Priority::Low),
            label: Some(LabelId(uuid(77))),
            search: Search::parse("Dru\u{308}cker \u{5e9}\u{1f600} #12"),
            sort: SortKey::Number,
            order: Order::Ascending,
            texts: true,
        };
    });
    let bare = with(own(2, "sara "), |view| view.filter = ViewFilter::default());
    let mine = with(own(3, "sara "), |view| {
        view.filter = ViewFilter {
            assignee: Some(AssigneeFilter::Me),
            sort: SortKey::ToDo,
            order: Order::Ascending,
            ..view.filter.clone()
        };
    });
    let nobodys = with(own(4, "sara "), |view| {
        view.filter = ViewFilter { assignee: Some(AssigneeFilter::Nobody), state: StateFilter::Closed, ..ViewFilter::default() };
    });
    let expected = [full, bare, mine, nobodys];
    let new = expected.clone();
    write(&storage, move |unit| new.iter().try_for_each(|view| unit.saved_views().insert(view))).await;
    read(&storage, move |unit| {
        assert_eq!(unit.saved_views().list(&UserId::new("sara "))?, expected);
        for view in &expected {
            assert_eq!(unit.saved_views().find(view.id)?.as_ref(), Some(view));
        }
        assert_eq!(unit.saved_views().find(view_id(5))?, None);
        Ok(())
    })
    .await;
}

/// `SavedViewStore::insert` is a `Duplicate` "if the id is taken", and the unit goes on.
pub async fn the_id_of_a_saved_view_is_taken_once(storage: Shared) {
    write(&storage, |unit| {
        unit.saved_views().insert(&saved_view(1))?;
        let refused = unit.saved_views().insert(&own(1, "tom"));
        assert!(matches!(refused, Err(StorageError::Duplicate)), "{refused:?}");
        unit.saved_views().insert(&saved_view(2))
    })
    .await;
    let stored = read(&storage, |unit| unit.saved_views().list(&UserId::new("tom"))).await;
    assert_eq!(stored, [saved_view(1), saved_view(2)]);
}

/// `SavedViewStore::update` "replaces owner, name and filter"; both it and `delete` are `false` for a view that does not exist.
pub async fn a_saved_view_is_changed_and_deleted(storage: Shared) {
    let changed = with(own(1, "tom"), |view| {
        view.name = ViewName::parse("Late").unwrap();
        view.filter = ViewFilter { label: Some(LabelId(uuid(5))), ..ViewFilter::default() };
    });
    let new = changed.clone();
    write(&storage, move |unit| {
        unit.saved_views().insert(&saved_view(1))?;
        unit.saved_views().insert(&saved_view(2))?;
        assert!(unit.saved_views().update(&new)?);
        assert!(unit.saved_views().update(&new)?, "an update that changes nothing finds the row, too");
        assert!(!unit.saved_views().update(&saved_view(3))?);
        assert!(!unit.saved_views().delete(view_id(3))?);
        Ok(())
    })
    .await;
    let listed = |user: &'static str| read(&storage, move |unit| unit.saved_views().list(&UserId::new(user)));
    assert_eq!(listed("tom").await, [changed, saved_view(2)]);
    assert_eq!(listed("sara").await, [saved_view(2)]);
    assert!(write(&storage, |unit| unit.saved_views().delete(view_id(2))).await);
    assert_eq!(numbers(&listed("tom").await), [1]);
    assert_eq!(read(&storage, |unit| unit.saved_views().find(view_id(2))).await, None);
}

/// `SavedViewStore::list`: "the shared saved views and those of the user, sorted by id".
pub async fn a_personal_view_is_listed_for_its_owner_only(storage: Shared) {
    write(&storage, |unit| {
        for view in [saved_view(5), own(2, "sara"), own(1, "tom"), saved_view(3), own(4, "Sara"), own(6, "sara ")] {
            unit.saved_views().insert(&view)?;
        }
        Ok(())
    })
    .await;
    for (user, expected) in [("sara", &[2, 3, 5][..]), ("tom", &[1, 3, 5]), ("Sara", &[3, 4, 5]), ("uwe", &[3, 5])] {
        let listed = read(&storage, move |unit| unit.saved_views().list(&UserId::new(user))).await;
        assert_eq!(numbers(&listed), expected, "{user}");
    }
}

/// `SavedViewStore::set_first` stores "the view that the user opens first, in place of the earlier choice", and `first` finds it.
pub async fn a_supporter_has_one_first_view(storage: Shared) {
    write(&storage, |unit| unit.saved_views().insert(&saved_view(1))).await;
    assert_eq!(first(&storage, "sara").await, None);
    let saved = Some(FirstView::Saved(view_id(1)));
    for choice in [Some(FirstView::Ready(NamedView::Mine)), saved, saved, Some(FirstView::Ready(NamedView::Waiting))] {
        choose(&storage, "sara", choice).await;
        assert_eq!(first(&storage, "sara").await, choice);
    }
    choose(&storage, "tom", saved).await;
    choose(&storage, "tom", None).await;
    choose(&storage, "uwe", None).await;
    assert_eq!((first(&storage, "tom").await, first(&storage, "uwe").await), (None, None));
    let waiting = Some(FirstView::Ready(NamedView::Waiting));
    assert_eq!((first(&storage, "sara").await, first(&storage, "Sara").await), (waiting, None));
    let missing = move |unit: &mut dyn muticket_core::storage::Unit| {
        unit.saved_views().set_first(&UserId::new("sara"), Some(FirstView::Saved(view_id(9))))
    };
    let result: Result<(), StorageError> = storage.run_write(missing).await;
    assert!(matches!(result, Err(StorageError::Stale)), "{result:?}");
    assert_eq!(first(&storage, "sara").await, waiting);
}

/// `SavedViewStore::delete`: "Supporters who had chosen it as their first view have none afterwards."
pub async fn a_deleted_view_is_nobodys_first_view(storage: Shared) {
    write(&storage, |unit| {
        unit.saved_views().insert(&saved_view(1))?;
        unit.saved_views().insert(&saved_view(2))
    })
    .await;
    for (user, number) in [("sara", 1), ("tom", 1), ("uwe", 2)] {
        choose(&storage, user, Some(FirstView::Saved(view_id(number)))).await;
    }
    assert!(write(&storage, |unit| unit.saved_views().delete(view_id(1))).await);
    assert_eq!((first(&storage, "sara").await, first(&storage, "tom").await), (None, None));
    assert_eq!(first(&storage, "uwe").await, Some(FirstView::Saved(view_id(2))));
    // Another view with the same id would not get the choices.
    write(&storage, |unit| unit.saved_views().insert(&saved_view(1))).await;
    assert_eq!(first(&storage, "sara").await, None);
}
