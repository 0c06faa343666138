//! Categories, stored by MuTicket or supplied by the host.

use std::sync::Arc;

use muticket_core::backend::{CategoryNames, MoveDirection};
use muticket_core::{Category, CategoryId, Field, Language, NewTicket, Problem, Refusal};
use muticket_world::{Outcome, People, World};

fn english(name: &str) -> CategoryNames {
    CategoryNames(vec![(Language::english(), name.to_owned())])
}

fn of(category: Option<&str>) -> NewTicket {
    NewTicket { subject: "a".into(), body: "a".into(), category: category.map(CategoryId::new), ..Default::default() }
}

///
#[tokio::test]
async fn where_there_are_no_categories_none_is_asked_for_or_stored() {
    let world = World::new().await;
    assert!(world.anna().portal().opening(None).await.unwrap().categories.is_empty());
    let ticket = world.anna().portal().open(of(Some("smuggled"))).await.unwrap();
    assert_eq!(ticket.category, None);
}

/// D-08
#[tokio::test]
async fn where_there_are_categories_one_must_be_chosen() {
    let world = World::new().await;
    world.add_categories(&["billing"]).await;
    assert_eq!(world.anna().portal().open(of(None)).await.problems(), [(Field::Category, Problem::Empty)]);
    assert_eq!(world.anna().portal().open(of(Some("billing"))).await.problems(), [(Field::Category, Problem::Unknown)]);
    let ticket = world.anna().opens("invoice", Some("billing")).await.unwrap();
    let shown = world.anna().sees(&ticket).await.unwrap();
    assert_eq!(shown.category.unwrap().name(&Language::german()), "billing");
}

/// D-08
#[tokio::test]
async fn a_removed_category_cannot_be_chosen_and_is_still_named() {
    let world = World::new().await;
    world.add_categories(&["billing", "technical"]).await;
    let billing = world.category_id("billing").await;
    let ticket = world.anna().opens("invoice", Some("billing")).await.unwrap();
    world.backend().remove_category(billing.clone()).await.unwrap();
    let again = NewTicket { category: Some(billing.clone()), ..of(None) };
    assert_eq!(world.anna().portal().open(again).await.problems(), [(Field::Category, Problem::Unknown)]);
    assert_eq!(world.anna().portal().opening(None).await.unwrap().categories.len(), 1);
    assert_eq!(world.anna().sees(&ticket).await.unwrap().category.unwrap().id, billing);
    assert!(world.backend().rename_category(billing.clone(), &english("bills")).await.is_missing());
    assert!(world.backend().remove_category(billing).await.is_missing());
}

/// D-08, R-16
#[tokio::test]
async fn with_the_last_category_removed_there_are_none() {
    let world = World::new().await;
    world.add_categories(&["billing"]).await;
    world.backend().remove_category(world.category_id("billing").await).await.unwrap();
    assert_eq!(world.anna().portal().open(of(None)).await.unwrap().category, None);
}

/// D-08
#[tokio::test]
async fn a_category_is_renamed_for_old_tickets_too() {
    let world = World::new().await;
    world.add_categories(&["billing"]).await;
    let ticket = world.anna().opens("invoice", Some("billing")).await.unwrap();
    let names = CategoryNames(vec![(Language::english(), " Bills ".to_owned()), (Language::german(), "Rechnungen".to_owned())]);
    world.backend().rename_category(ticket.category.clone().unwrap(), &names).await.unwrap();
    let shown = world.anna().sees(&ticket).await.unwrap().category.unwrap();
    assert_eq!((shown.name(&Language::english()), shown.name(&Language::german())), ("Bills", "Rechnungen"));
}

/// D-08
#[tokio::test]
async fn wrong_names_are_refused_with_the_language_they_are_in() {
    let world = World::new().await;
    let before = world.dump();
    let name = |tag: &str| Field::Name(tag.to_owned());
    let named = |names: &[(&str, &str)]| {
        CategoryNames(names.iter().map(|(tag, name)| (Language::parse(tag).unwrap(), (*name).to_owned())).collect())
    };
    let long = "😀".repeat(81);
    let cases = [
        (named(&[]), vec![(name(""), Problem::Empty)]),
        (named(&[("en", " "), ("de", "")]), vec![(name("en"), Problem::Empty)]),
        (named(&[("en", "\u{200b}\0"), ("de", "\u{3164}")]), vec![(name("en"), Problem::Empty)]),
        (named(&[("en", "ok"), ("de", &long)]), vec![(name("de"), Problem::TooLong { max: 80, length: 81 })]),
        (named(&[("en", "one"), ("en", "two")]), vec![(name("en"), Problem::Taken)]),
    ];
    for (names, problems) in cases {
        assert_eq!(world.backend().add_category(&names).await.problems(), problems, "{names:?}");
    }
    assert_eq!(world.dump(), before);
}

/// B8: people cannot choose between two categories that look alike.
#[tokio::test]
async fn no_two_categories_have_one_name() {
    let world = World::new().await;
    world.add_categories(&["Billing", "Technical"]).await;
    let taken = [(Field::Name("en".to_owned()), Problem::Taken)];
    let before = world.dump();
    for name in ["Billing", " billing ", "BILL\u{ad}ING", "Ｂｉｌｌｉｎｇ", "Billing\t\0"] {
        assert_eq!(world.backend().add_category(&english(name)).await.problems(), taken, "{name:?}");
        let technical = world.category_id("Technical").await;
        assert_eq!(world.backend().rename_category(technical, &english(name)).await.problems(), taken, "{name:?}");
    }
    assert_eq!(world.dump(), before);
    let billing = world.category_id("Billing").await;
    world.backend().rename_category(billing.clone(), &english("BILLING")).await.unwrap();
    world.backend().remove_category(billing).await.unwrap();
    world.backend().add_category(&english("Billing")).await.unwrap();
}

/// Wherever categories are chosen, they are sorted by their names in the reader's language.
#[tokio::test]
async fn categories_stand_in_the_order_of_their_names() {
    let world = World::new().await;
    world.add_categories(&["zebra", "Éclair", "apple", "10 b", "9 a"]).await;
    let names =
        |categories: &[Category]| categories.iter().map(|one| one.name(&Language::english()).to_owned()).collect::<Vec<_>>();
    let expected = ["9 a", "10 b", "apple", "Éclair", "zebra"];
    assert_eq!(names(&world.anna().portal().opening(None).await.unwrap().categories), expected);
    assert_eq!(names(&world.backend().categories().await.unwrap().in_order(&Language::english())), expected);
    assert_eq!(names(&world.backend().supporters().await.unwrap().categories.in_order(&Language::english())), expected);
}

/// The names in the order of the form for a new ticket.
async fn offered(world: &World) -> Vec<String> {
    let opening = world.anna().portal().opening(None).await.unwrap();
    opening.categories.iter().map(|one| one.name(&Language::english()).to_owned()).collect()
}

/// D-17
#[tokio::test]
async fn an_administrator_arranges_the_categories() {
    let world = World::new().await;
    world.add_categories(&["a", "b", "c", "d"]).await;
    let moves = async |name: &str, way| {
        let id = world.category_id(name).await;
        world.backend().move_category(id, way, &Language::english()).await.unwrap();
        offered(&world).await.concat()
    };
    assert_eq!(moves("a", MoveDirection::Up).await, "abcd", "the first stays");
    assert_eq!(moves("d", MoveDirection::Down).await, "abcd", "the last stays");
    assert!(!world.backend().categories().await.unwrap().are_arranged(), "nothing was moved");
    assert_eq!(moves("c", MoveDirection::Up).await, "acbd");
    assert_eq!(moves("c", MoveDirection::Up).await, "cabd");
    assert_eq!(moves("a", MoveDirection::Down).await, "cbad");
    let categories = world.backend().categories().await.unwrap();
    assert!(categories.are_arranged());
    let german: Vec<_> = categories.in_order(&Language::german()).iter().map(|one| one.id.clone()).collect();
    assert_eq!(german.first(), Some(&world.category_id("c").await), "for readers of all languages");

    world.add_categories(&["0"]).await;
    assert_eq!(offered(&world).await.concat(), "cbad0", "a new one stands last");
    world.backend().rename_category(world.category_id("b").await, &english("z")).await.unwrap();
    assert_eq!(offered(&world).await.concat(), "czad0", "a name changes no place");
    world.backend().remove_category(world.category_id("z").await).await.unwrap();
    assert_eq!(moves("a", MoveDirection::Up).await, "acd0", "it changes places with the next that is seen");
    assert_eq!(moves("0", MoveDirection::Up).await, "ac0d");

    world.backend().sort_categories_by_name().await.unwrap();
    assert_eq!(offered(&world).await.concat(), "0acd");
}

/// D-17: the first move keeps the order that was seen, which depends on the language.
#[tokio::test]
async fn a_first_move_keeps_the_order_of_who_moves() {
    let world = World::new().await;
    for (en, de) in [("a", "Zange"), ("b", "Apfel"), ("c", "Motor")] {
        let named = |tag: &str, name: &str| (Language::parse(tag).unwrap(), name.to_owned());
        world.backend().add_category(&CategoryNames(vec![named("en", en), named("de", de)])).await.unwrap();
    }
    world.backend().move_category(world.category_id("a").await, MoveDirection::Up, &Language::german()).await.unwrap();
    assert_eq!(offered(&world).await.concat(), "bac", "Apfel, Zange, Motor");
}

/// D-17
#[tokio::test]
async fn what_is_not_there_is_not_moved() {
    let world = World::new().await;
    world.add_categories(&["a", "b"]).await;
    let removed = world.category_id("a").await;
    world.backend().remove_category(removed.clone()).await.unwrap();
    let before = world.dump();
    for id in [removed, CategoryId::new("nobody")] {
        assert!(world.backend().move_category(id, MoveDirection::Down, &Language::english()).await.is_missing());
    }
    assert_eq!(world.dump(), before);
}

/// D-08
#[tokio::test]
async fn the_hosts_categories_are_used_and_not_edited_here() {
    let people = Arc::new(People::cast());
    people.set_categories(&[("orders", "Orders")]);
    let source = people.clone();
    let world = World::builder().people(people).configure(|builder| builder.categories(source)).build().await;
    assert_eq!(world.anna().portal().open(of(None)).await.problems(), [(Field::Category, Problem::Empty)]);
    let ticket = world.anna().portal().open(of(Some("orders"))).await.unwrap();
    assert_eq!(world.anna().sees(&ticket).await.unwrap().category.unwrap().name(&Language::english()), "Orders");

    let backend = world.backend();
    assert!(!backend.keeps_categories());
    assert_eq!(backend.categories().await.refusal(), Refusal::CategoriesOfTheHost);
    assert_eq!(backend.add_category(&english("a")).await.refusal(), Refusal::CategoriesOfTheHost);
    assert_eq!(backend.rename_category(CategoryId::new("orders"), &english("a")).await.refusal(), Refusal::CategoriesOfTheHost);
    assert_eq!(backend.remove_category(CategoryId::new("orders")).await.refusal(), Refusal::CategoriesOfTheHost);
    let moved = backend.move_category(CategoryId::new("orders"), MoveDirection::Up, &Language::english()).await;
    assert_eq!(moved.refusal(), Refusal::CategoriesOfTheHost);
    assert_eq!(backend.sort_categories_by_name().await.refusal(), Refusal::CategoriesOfTheHost);
}
