//! Saved answers.

use std::collections::BTreeSet;

use muticket_core::backend::LabelEdit;
use muticket_core::desk::Surroundings;
use muticket_core::history::Change;
use muticket_core::label::LabelColour;
use muticket_core::notification::Notification;
use muticket_core::saved_answer::{Actions, Assign, Part, Placeholder};
use muticket_core::ticket::Priority;
use muticket_core::{Error, Field, FieldError, Language, MAX_SAVED_ANSWERS, NewMessage, NewSavedAnswer, Problem, UserId};
use muticket_world::{Outcome, World, text};

fn new(title: &str, text: &str) -> NewSavedAnswer {
    NewSavedAnswer { title: title.to_owned(), texts: vec![(Language::english(), text.to_owned())], ..NewSavedAnswer::default() }
}

fn problem<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<FieldError> {
    match result.unwrap_err() {
        Error::Invalid(errors) => errors,
        other => panic!("{other:?}"),
    }
}

/// T-08
#[tokio::test]
async fn a_placeholder_without_a_value_is_a_gap() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let desk = world.sara().desk().await.unwrap();
    let saved = desk.add_saved_answer(new("All", "{{number}} {{site}} {{link}} {{category}}")).await.unwrap();
    let surroundings = Surroundings { site: None, link: Some("https://example.org/1".to_owned()), language: Language::english() };
    let inserted = desk.insert_saved(ticket.number, saved.id, surroundings).await.unwrap();
    let text = |text: &str| Part::Text(text.to_owned());
    let expected = [
        text(&format!("{} ", ticket.number)),
        Part::Gap(Placeholder::Site),
        text(" https://example.org/1 "),
        Part::Gap(Placeholder::Category),
    ];
    assert_eq!(inserted.parts, expected);
}

/// T-08: the rule does not ask whether a saved answer was used, and binds answers only.
#[tokio::test]
async fn an_answer_with_a_gap_is_refused_and_a_reply_is_not() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let before = world.dump();
    let refused = problem(world.sara().answers(&ticket, "On [[date?]].").await);
    assert_eq!(refused, [FieldError { field: Field::Body, problem: Problem::Gap }]);
    assert_eq!(world.dump(), before);
    world.anna().replies(&ticket, "On [[date?]].").await.unwrap();
}

/// T-08, D-04: an open door gives no rights.
#[tokio::test]
async fn who_is_no_supporter_any_more_has_no_saved_answers() {
    let world = World::new().await;
    let desk = world.sara().desk().await.unwrap();
    let saved = desk.add_saved_answer(new("Hello", "Hello")).await.unwrap();
    world.backend().remove_supporter(world.supporter_id("sara").await).await.unwrap();
    assert!(desk.saved_answers().await.is_missing());
    assert!(desk.saved_answer(saved.id).await.is_missing());
    assert!(desk.add_saved_answer(new("Hi", "Hi")).await.is_missing());
    assert!(desk.edit_saved_answer(saved.id, new("Hi", "Hi")).await.is_missing());
    assert!(desk.delete_saved_answer(saved.id).await.is_missing());
}

#[tokio::test]
async fn there_are_only_so_many() {
    let world = World::new().await;
    let desk = world.sara().desk().await.unwrap();
    for number in 0..MAX_SAVED_ANSWERS {
        desk.add_saved_answer(new(&format!("Number {number}"), "Hello")).await.unwrap();
    }
    let refused = problem(desk.add_saved_answer(new("One more", "Hello")).await);
    assert_eq!(refused, [FieldError { field: Field::Title, problem: Problem::TooMany { max: MAX_SAVED_ANSWERS } }]);
    world.tom().desk().await.unwrap().add_saved_answer(new("Number 1", "Hello")).await.unwrap();
    world.backend().add_saved_answer(new("Number 1", "Hello")).await.unwrap();
}

/// T-09: a label that is not there is refused. One that was removed is left out where it was stored before.
#[tokio::test]
async fn a_label_that_is_gone_is_refused_or_left_out() {
    let world = World::new().await;
    let mut labels = BTreeSet::new();
    for name in ["VIP", "Refund"] {
        let edit = LabelEdit { name: name.to_owned(), colour: LabelColour::Red };
        labels.insert(world.backend().add_label(&edit).await.unwrap().id);
    }
    let desk = world.sara().desk().await.unwrap();
    let with =
        |title| NewSavedAnswer { actions: Actions { labels: labels.clone(), ..Actions::default() }, ..new(title, "Hello") };
    let stored = desk.add_saved_answer(with("Both")).await.unwrap();
    let other = desk.add_saved_answer(new("Neither", "Hello")).await.unwrap();
    world.backend().remove_label(*labels.first().unwrap()).await.unwrap();
    let before = world.dump();
    // An open door knows the labels of the time when it was opened.
    let desk = world.sara().desk().await.unwrap();
    let unknown = [FieldError { field: Field::Label, problem: Problem::Unknown }];
    assert_eq!(problem(desk.add_saved_answer(with("New")).await), unknown);
    assert_eq!(problem(desk.edit_saved_answer(other.id, with("Neither")).await), unknown);
    assert_eq!(world.dump(), before);
    let edited = desk.edit_saved_answer(stored.id, with("Both")).await.unwrap();
    assert_eq!(edited.actions.labels, BTreeSet::from([*labels.last().unwrap()]));
}

/// T-09: the actions are one unit with the answer, in the order assign, priority, close.
#[tokio::test]
async fn actions_are_done_with_the_answer_or_not_at_all() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let desk = world.sara().desk().await.unwrap();
    let actions = Actions {
        close: true,
        assign: Some(Assign::To(UserId::new("tom"))),
        priority: Some(Priority::High),
        ..Actions::default()
    };
    let wrong = Actions { assign: Some(Assign::To(UserId::new("anna"))), ..actions.clone() };
    let before = world.dump();
    let refused = problem(desk.answer(ticket.number, NewMessage { actions: wrong, ..text("Done.") }).await);
    assert_eq!(refused, [FieldError { field: Field::Assignee, problem: Problem::Unknown }]);
    assert_eq!(world.dump(), before);

    let answer = desk.answer(ticket.number, NewMessage { actions, ..text("Done.") }).await.unwrap();
    let changes: Vec<_> = world.history(ticket.number).await.into_iter().map(|entry| entry.change).collect();
    let expected = [
        Change::Opened,
        Change::Answered(answer.number),
        Change::Assigned(Some(UserId::new("tom"))),
        Change::Prioritized(Priority::High),
        Change::Closed,
    ];
    assert_eq!(changes, expected);
    let mut told: Vec<_> = world.unsent().await.into_iter().map(|letter| (letter.notification, letter.recipient)).collect();
    told.retain(|(notification, _)| *notification == Notification::TicketAssigned);
    assert_eq!(told, [(Notification::TicketAssigned, UserId::new("tom"))]);
}
