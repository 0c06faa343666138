//! Saved views of the list.

use muticket_core::desk::Desk;
use muticket_core::overview::{AssigneeFilter, Basis, DeskFilter, Filter, FilterPart, NamedView};
use muticket_core::saved_view::FirstView;
use muticket_core::search::Search;
use muticket_core::storage::{Order, SortKey, StateFilter};
use muticket_core::ticket::Priority;
use muticket_core::{AccessLevel, Error, Field, FieldError, MAX_SAVED_VIEWS, Problem, SavedViewId, UserId};
use muticket_world::{Outcome, World};

fn problem<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<FieldError> {
    match result.unwrap_err() {
        Error::Invalid(errors) => errors,
        other => panic!("{other:?}"),
    }
}

fn urgent() -> Filter {
    Filter { desk: DeskFilter { priority: Some(Priority::Urgent), ..DeskFilter::default() }, ..Filter::default() }
}

/// The list of a saved view, with these parts stated on top of it.
fn on(view: SavedViewId, stated: &[FilterPart], filter: Filter) -> Filter {
    let basis = Basis::Asked { view, stated: stated.iter().copied().collect() };
    Filter { desk: DeskFilter { basis, ..filter.desk }, ..filter }
}

fn first() -> Filter {
    Filter { desk: DeskFilter { basis: Basis::First, ..DeskFilter::default() }, ..Filter::default() }
}

async fn sara_as_administrator(world: &World) -> Desk {
    world.people.set_level("sara", AccessLevel::Admin);
    world.sara().desk().await.unwrap()
}

/// T-12: a view keeps every part of the list, and neither its page nor a place in it.
#[tokio::test]
async fn a_view_is_saved_from_any_list() {
    let world = World::new().await;
    let desk = world.sara().desk().await.unwrap();
    let list = Filter {
        state: StateFilter::Closed,
        search: Search::parse("printer"),
        sort: SortKey::Number,
        order: Order::Ascending,
        desk: DeskFilter {
            view: Some(NamedView::Mine),
            assignee: Some(AssigneeFilter::User(UserId::new("tom"))),
            at: Some(51),
            texts: true,
            ..urgent().desk
        },
        ..Filter::default()
    };
    let saved = desk.save_view(" Urgent\n bills", &list).await.unwrap();
    assert_eq!((saved.name.as_str(), saved.owner.as_ref()), ("Urgent  bills", Some(&UserId::new("sara"))));
    let shown = world.sara().lists(&on(saved.id, &[], Filter::default())).await.unwrap();
    let (kept, expected) = (&shown.filter, Filter { desk: DeskFilter { at: None, ..list.desk }, ..list });
    assert_eq!(
        (kept.state, &kept.search, kept.sort, kept.order),
        (expected.state, &expected.search, expected.sort, expected.order)
    );
    assert_eq!(
        (kept.desk.view, &kept.desk.assignee, kept.desk.priority),
        (expected.desk.view, &expected.desk.assignee, Some(Priority::Urgent))
    );
    assert_eq!((kept.desk.texts, kept.desk.at, kept.stated().len()), (true, None, 0));
    let list = shown.desk.unwrap();
    assert_eq!(list.saved, [(saved, None)], "a view with a search is not counted");
}

/// T-12: what is stated on top of a view replaces that part of it, also if it selects everything.
#[tokio::test]
async fn parts_are_stated_on_top_of_a_view() {
    let world = World::new().await;
    let desk = world.sara().desk().await.unwrap();
    let saved = desk.save_view("Urgent", &urgent()).await.unwrap();
    let on_top =
        on(saved.id, &[FilterPart::Priority, FilterPart::State], Filter { state: StateFilter::All, ..Filter::default() });
    let filter = world.sara().lists(&on_top).await.unwrap().filter;
    assert_eq!((filter.desk.priority, filter.state), (None, StateFilter::All));
    assert_eq!(filter.stated(), [FilterPart::State, FilterPart::Priority].into());
    assert_eq!(filter.without_saved(), Filter { state: StateFilter::All, ..Filter::default() });
    desk.replace_view(saved.id, &on_top).await.unwrap();
    let filter = world.sara().lists(&on(saved.id, &[], Filter::default())).await.unwrap().filter;
    assert_eq!((filter.desk.priority, filter.state, filter.stated().len()), (None, StateFilter::All, 0));
    let texts = Filter { desk: DeskFilter { texts: true, ..DeskFilter::default() }, ..Filter::default() };
    let filter = world.sara().lists(&on(saved.id, &[FilterPart::Text], texts.clone())).await.unwrap().filter;
    assert_eq!((filter.desk.texts, filter.state), (true, StateFilter::All));
    assert_eq!((filter.stated(), filter.without_saved()), ([FilterPart::Text].into(), texts));
}

/// T-12: counts of saved views are those of their lists, whatever list is shown.
#[tokio::test]
async fn views_are_counted_alone() {
    let world = World::new().await;
    let desk = world.sara().desk().await.unwrap();
    for subject in ["one", "two", "three"] {
        world.anna().opens(subject, None).await.unwrap();
    }
    let open = desk.save_view("Open", &Filter { sort: SortKey::Number, ..Filter::default() }).await.unwrap();
    let none = desk.save_view("Urgent", &urgent()).await.unwrap();
    for list in [Filter::default(), urgent(), on(none.id, &[], Filter::default())] {
        let desk = world.sara().lists(&list).await.unwrap().desk.unwrap();
        let counts: Vec<_> = desk.saved.iter().map(|(view, count)| (view.id, *count)).collect();
        let mut expected = vec![(open.id, Some(3)), (none.id, Some(0))];
        expected.sort_unstable();
        assert_eq!(counts, expected);
    }
    let shown = world.sara().lists(&on(none.id, &[], Filter::default())).await.unwrap();
    assert_eq!((shown.tickets.len(), shown.counts.open), (0, 3), "the tabs do not have the filters of the view");
}

/// T-12: names are unique as they look, for each owner, and there are only so many views.
#[tokio::test]
async fn names_and_numbers_have_limits() {
    let world = World::new().await;
    let (sara, tom) = (world.sara().desk().await.unwrap(), world.tom().desk().await.unwrap());
    let view = sara.save_view("Bills", &urgent()).await.unwrap();
    let taken = [FieldError { field: Field::ViewName, problem: Problem::Taken }];
    assert_eq!(problem(sara.save_view("ＢＩＬＬＳ", &urgent()).await), taken);
    tom.save_view("Bills", &urgent()).await.unwrap();
    let other = sara.save_view("Other", &urgent()).await.unwrap();
    assert_eq!(problem(sara.rename_view(other.id, "bills").await), taken);
    sara.rename_view(view.id, "BILLS").await.unwrap();
    let before = world.dump();
    let unreadable = Filter { unreadable: true, ..Filter::default() };
    let wrong = problem(sara.save_view("", &unreadable).await);
    let expected = [(Field::ViewName, Problem::Empty), (Field::ViewFilter, Problem::Unknown)];
    assert_eq!(wrong, expected.map(|(field, problem)| FieldError { field, problem }));
    let long = Filter { customer: Some(UserId::new("a".repeat(300))), ..Filter::default() };
    assert_eq!(
        problem(sara.replace_view(view.id, &long).await),
        [FieldError { field: Field::ViewFilter, problem: Problem::Unknown }]
    );
    assert_eq!(world.dump(), before);
    for number in 2..MAX_SAVED_VIEWS {
        sara.save_view(&format!("View {number}"), &urgent()).await.unwrap();
    }
    let many = Problem::TooMany { max: MAX_SAVED_VIEWS };
    assert_eq!(problem(sara.save_view("More", &urgent()).await), [FieldError { field: Field::ViewName, problem: many }]);
}

/// T-12: somebody else's view looks like one that does not exist, in every verb and in the list.
#[tokio::test]
async fn foreign_views_do_not_exist() {
    let world = World::new().await;
    let saved = world.sara().desk().await.unwrap().save_view("Urgent", &urgent()).await.unwrap().id;
    world.people.set_level("tom", AccessLevel::Admin);
    let tom = world.tom().desk().await.unwrap();
    let before = world.dump();
    let lists = async |id| {
        let shown = world.tom().lists(&on(id, &[], Filter::default())).await.unwrap();
        (shown.filter, shown.tickets.len())
    };
    let missing = SavedViewId(uuid::Uuid::from_u128(7));
    for id in [saved, missing] {
        assert!(tom.view_to_change(id).await.is_missing());
        assert!(tom.rename_view(id, "Mine").await.is_missing());
        assert!(tom.replace_view(id, &urgent()).await.is_missing());
        assert!(tom.delete_view(id).await.is_missing());
        assert!(tom.share_view(id).await.is_missing());
        assert!(tom.unshare_view(id).await.is_missing());
        assert!(tom.open_first(Some(FirstView::Saved(id))).await.is_missing());
    }
    assert_eq!(lists(saved).await, lists(missing).await);
    assert_eq!(tom.views().await.unwrap().own, []);
    assert_eq!(world.dump(), before);
}

/// T-12: an administrator among the supporters shares views, and only they change shared ones.
#[tokio::test]
async fn administrators_share_views() {
    let world = World::new().await;
    let tom = world.tom().desk().await.unwrap();
    let own = tom.save_view("Urgent", &urgent()).await.unwrap().id;
    assert!(matches!(tom.share_view(own).await, Err(Error::Denied(_))));
    let sara = sara_as_administrator(&world).await;
    let shared = sara.save_view("Urgent", &urgent()).await.unwrap().id;
    sara.share_view(shared).await.unwrap();
    sara.share_view(shared).await.unwrap();
    let views = tom.views().await.unwrap();
    assert_eq!((views.own.len(), views.shared[0].id, views.may_share), (1, shared, false));
    for denied in [
        tom.rename_view(shared, "Mine").await,
        tom.replace_view(shared, &Filter::default()).await,
        tom.delete_view(shared).await,
        tom.unshare_view(shared).await,
        tom.view_to_change(shared).await.map(drop),
    ] {
        assert!(matches!(denied, Err(Error::Denied(_))), "{denied:?}");
    }
    let again = sara.save_view("ＵＲＧＥＮＴ", &urgent()).await.unwrap().id;
    assert_eq!(problem(sara.share_view(again).await), [FieldError { field: Field::ViewName, problem: Problem::Taken }]);
    sara.delete_view(again).await.unwrap();
    sara.rename_view(shared, "Late").await.unwrap();
    sara.unshare_view(shared).await.unwrap();
    assert_eq!((tom.views().await.unwrap().shared.len(), sara.views().await.unwrap().own.len()), (0, 1));
}

/// T-12: the chosen view opens first, and one that is gone does not.
#[tokio::test]
async fn a_supporter_chooses_what_opens_first() {
    let world = World::new().await;
    let sara = sara_as_administrator(&world).await;
    let tom = world.tom().desk().await.unwrap();
    let opened = async || world.tom().lists(&first()).await.unwrap();
    assert_eq!(opened().await.filter, Filter::default());
    tom.open_first(Some(FirstView::Ready(NamedView::Waiting))).await.unwrap();
    assert_eq!(opened().await.filter, Filter::of_ready(NamedView::Waiting));
    let shared = sara.save_view("Urgent", &urgent()).await.unwrap().id;
    sara.share_view(shared).await.unwrap();
    tom.open_first(Some(FirstView::Saved(shared))).await.unwrap();
    assert_eq!(opened().await.filter.saved_view().map(|view| view.id), Some(shared));
    assert_eq!(world.tom().lists(&Filter::default()).await.unwrap().filter, Filter::default(), "only without a list");
    sara.unshare_view(shared).await.unwrap();
    let shown = opened().await;
    assert_eq!((shown.filter, shown.desk.unwrap().first), (Filter::default(), None));
    sara.share_view(shared).await.unwrap();
    assert_eq!(opened().await.desk.unwrap().first, Some(FirstView::Saved(shared)));
    sara.delete_view(shared).await.unwrap();
    assert_eq!((opened().await.filter, tom.views().await.unwrap().first), (Filter::default(), None));
    assert_eq!(world.anna().lists(&first()).await.unwrap().filter, Filter::default(), "customers have none");
}

/// D-04: an open door gives no rights.
#[tokio::test]
async fn who_is_no_supporter_any_more_has_no_views() {
    let world = World::new().await;
    let desk = world.sara().desk().await.unwrap();
    let saved = desk.save_view("Urgent", &urgent()).await.unwrap().id;
    world.backend().remove_supporter(world.supporter_id("sara").await).await.unwrap();
    assert!(desk.views().await.is_missing());
    assert!(desk.save_view("Other", &urgent()).await.is_missing());
    assert!(desk.rename_view(saved, "Other").await.is_missing());
    assert!(desk.replace_view(saved, &urgent()).await.is_missing());
    assert!(desk.delete_view(saved).await.is_missing());
    assert!(desk.open_first(None).await.is_missing());
}
