//! What fails on command fails, and works again.

use muticket_core::{Directory, GroupId, Unavailable, UserId, Visitor};
use muticket_world::{BlobCall, Outcome, People, Question, World, fault};

#[tokio::test]
async fn people_fail_hang_and_are_forgotten() {
    let people = People::cast();
    let ids = [UserId::new("anna"), UserId::new("ben")];
    people.remove("ben");
    assert_eq!(people.users(&ids).await.unwrap().len(), 1);
    people.fail();
    people.members(&GroupId::new("support")).await.unwrap_err();
    people.hang();
    let (groups, ()) = tokio::join!(people.groups(), async { people.answer() });
    assert_eq!(groups.unwrap().len(), 2);
    assert_eq!(people.questions(), [Question::Users(2), Question::Members, Question::Groups]);
}

#[test]
fn a_session_that_fails_makes_nobody_a_guest() {
    let people = People::cast();
    assert!(matches!(people.session(Some("anna")), Ok(Visitor::User(_))));
    assert!(matches!(people.session(Some("nobody")), Ok(Visitor::Guest)));
    people.fail_sessions(true);
    people.session(None).unwrap_err();
}

#[tokio::test]
async fn the_storage_fails_at_the_call_that_a_test_names() {
    let world = World::new().await;
    world.storage.fail_next("tickets.insert", fault::broken);
    let failed = world.anna().opens("the printer", None).await.unavailable();
    assert!(matches!(failed, Unavailable::Storage(_)), "{failed:?}");
    assert_eq!(world.storage.mend(), 1);
    world.storage.go_away_after(0);
    world.anna().opens("the printer", None).await.unavailable();
    assert!(world.storage.mend() > 0);
    world.anna().opens("the printer", None).await.unwrap();
}

#[tokio::test]
async fn blobs_fail_as_often_as_a_test_says() {
    let world = World::new().await;
    world.blobs.fail(BlobCall::Put, 1);
    world.anna().attaches("a.txt", b"a").await.unavailable();
    world.anna().attaches("a.txt", b"a").await.unwrap();
    assert_eq!(world.blobs.count(), 1);
}

#[cfg(feature = "mail")]
#[tokio::test]
async fn letters_wait_while_the_mail_server_is_down() {
    let world = World::new().await;
    world.anna().opens("the printer", None).await.unwrap();
    world.mail.go_down();
    assert_eq!(world.courier().deliver_due().await.unwrap().sent, 0);
    world.mail.come_back();
    assert_eq!(world.courier().deliver_due().await.unwrap().sent, 2);
    assert_eq!(world.mail.recipients(), ["sara@example.org", "tom@example.org"]);
}
