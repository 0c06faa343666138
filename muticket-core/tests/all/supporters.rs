//! Supporter records.

use std::collections::BTreeSet;

use muticket_core::backend::{NewSettings, SupporterEdit};
use muticket_core::{CategoryId, Field, Problem, SupporterId, UserId};
use muticket_world::{Outcome, World};
use uuid::Uuid;

///
#[tokio::test]
async fn a_member_of_the_group_becomes_a_supporter() {
    let world = World::new().await;
    world.add_categories(&["billing"]).await;
    let names = |users: &[muticket_core::User]| users.iter().map(|user| user.id.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&world.backend().supporters().await.unwrap().candidates), ["kim", "uwe"]);
    world.add_supporter("uwe", true, &["billing"]).await;

    let team = world.backend().supporters().await.unwrap();
    assert!(team.support_active);
    assert_eq!(names(&team.candidates), ["kim"]);
    assert_eq!(team.group.as_ref().map(|group| group.name.as_str()), Some("Support team"));
    let uwe = team.supporters.last().unwrap();
    assert!(uwe.member && uwe.supporter.present);
    assert_eq!(uwe.supporter.categories, BTreeSet::from([world.category_id("billing").await]));
    assert!(world.person("uwe").desk().await.is_ok());
}

///
#[tokio::test]
async fn who_cannot_become_a_supporter_is_refused() {
    let world = World::new().await;
    let before = world.dump();
    let cases = [
        (None, Problem::Empty),
        (Some("anna"), Problem::Unknown),
        (Some("nobody"), Problem::Unknown),
        (Some("UWE"), Problem::Unknown),
        (Some("sara"), Problem::Taken),
    ];
    for (name, problem) in cases {
        let added = world.backend().add_supporter(name.map(UserId::new), SupporterEdit::default()).await;
        assert_eq!(added.problems(), [(Field::User, problem)], "{name:?}");
    }
    let edit = SupporterEdit { present: true, categories: BTreeSet::from([CategoryId::new("no such")]) };
    let added = world.backend().add_supporter(Some(UserId::new("uwe")), edit).await;
    assert_eq!(added.problems(), [(Field::Category, Problem::Unknown)]);
    assert_eq!(world.dump(), before);
}

///
#[tokio::test]
async fn without_a_group_nobody_is_a_supporter() {
    let world = World::new().await;
    world.backend().update_settings(NewSettings::default()).await.unwrap();
    let added = world.backend().add_supporter(Some(UserId::new("uwe")), SupporterEdit::default()).await;
    assert_eq!(added.problems(), [(Field::User, Problem::Unknown)]);
    let team = world.backend().supporters().await.unwrap();
    assert!(team.group.is_none() && team.candidates.is_empty() && !team.support_active);
    assert!(team.supporters.iter().all(|report| !report.member));
    assert!(world.sara().desk().await.is_missing());
}

///
#[tokio::test]
async fn presence_and_categories_are_edited() {
    let world = World::new().await;
    world.add_categories(&["billing"]).await;
    let edit = SupporterEdit { present: false, categories: BTreeSet::from([world.category_id("billing").await]) };
    let sara = world.supporter_id("sara").await;
    let edited = world.backend().edit_supporter(sara, edit.clone()).await.unwrap();
    assert_eq!((edited.present, edited.categories), (false, edit.categories.clone()));
    assert_eq!(world.supporter_id("sara").await, sara);

    let unknown = SupporterEdit { present: true, categories: BTreeSet::from([CategoryId::new("no such")]) };
    assert_eq!(world.backend().edit_supporter(sara, unknown).await.problems(), [(Field::Category, Problem::Unknown)]);
    let stored = world.backend().supporters().await.unwrap().supporters.remove(0).supporter;
    assert_eq!((stored.present, stored.categories), (false, edit.categories));
    assert!(world.backend().edit_supporter(SupporterId(Uuid::nil()), SupporterEdit::default()).await.is_missing());
}

/// a removed category does not block editing.
#[tokio::test]
async fn a_supporter_keeps_a_removed_category_and_nobody_gets_it_anew() {
    let world = World::new().await;
    world.add_categories(&["billing"]).await;
    let billing = BTreeSet::from([world.category_id("billing").await]);
    world.edit_supporter("sara", true, &["billing"]).await;
    world.backend().remove_category(billing.first().unwrap().clone()).await.unwrap();
    let edit = SupporterEdit { present: false, categories: billing };
    world.backend().edit_supporter(world.supporter_id("sara").await, edit.clone()).await.unwrap();
    let tom = world.backend().edit_supporter(world.supporter_id("tom").await, edit).await;
    assert_eq!(tom.problems(), [(Field::Category, Problem::Unknown)]);
}

/// D-04: the record stays visible, with the reason why it has no effect, and has effect again when its user rejoins the
/// group.
#[tokio::test]
async fn a_supporter_outside_the_group_is_shown_as_such() {
    let world = World::new().await;
    world.people.set_groups("sara", &[]);
    world.people.remove("tom");
    let team = world.backend().supporters().await.unwrap();
    let shown: Vec<_> = team.supporters.iter().map(|report| (report.user.is_some(), report.member)).collect();
    assert_eq!((shown, team.support_active), (vec![(true, false), (false, false)], false));
    world.people.set_groups("sara", &["support"]);
    assert!(world.backend().alerts().await.unwrap().support_active);
}

///
#[tokio::test]
async fn a_removed_supporter_is_a_candidate_again() {
    let world = World::new().await;
    let sara = world.supporter_id("sara").await;
    world.backend().remove_supporter(sara).await.unwrap();
    assert!(world.sara().desk().await.is_missing());
    let team = world.backend().supporters().await.unwrap();
    assert!(team.candidates.iter().any(|user| user.id.as_str() == "sara"));
    assert!(world.backend().remove_supporter(sara).await.is_missing());
}
