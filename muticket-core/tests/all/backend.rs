//! The administrators' door: settings, mail and deletion.

use chrono::TimeDelta;
use muticket_core::backend::NewSettings;
use muticket_core::notification::LetterState;
use muticket_core::overview::Filter;
use muticket_core::{
    AccessLevel, Denial, Error, Field, GroupId, LetterId, NewTicket, Problem, Settings, TicketNumber, TimeZone, UserId,
};
use muticket_world::{BlobCall, Outcome, World};
use uuid::Uuid;

/// R-10, D-03
#[tokio::test]
async fn only_the_level_admin_opens_the_backend() {
    let world = World::new().await;
    for (name, level) in [("anna", AccessLevel::Delete), ("sara", AccessLevel::Add), ("anna", AccessLevel::None)] {
        world.people.set_level(name, level);
        let door = world.helpdesk.backend(&world.person(name).visitor());
        assert!(matches!(door, Err(Error::Denied(Denial::Level(AccessLevel::Admin)))), "{name} {level:?}");
    }
    world.people.set_level("anna", AccessLevel::Admin);
    world.helpdesk.backend(&world.anna().visitor()).unwrap();
}

///
#[tokio::test]
async fn settings_come_back_as_they_were_stored() {
    let world = World::new().await;
    let new = NewSettings {
        supporter_group: Some(GroupId::new("sales")),
        ratings: false,
        image_limit: Some(1024),
        supporters_open: true,
        customers_prioritize: true,
        time_zone: Some("Europe/Paris".to_owned()),
        remove_location: false,
        answering_assigns: false,
        assignee_first: false,
        receipts: false,
        closing_letters: true,
        refused: Vec::new(),
    };
    world.backend().update_settings(new).await.unwrap();
    let report = world.backend().settings().await.unwrap();
    let expected = Settings {
        supporter_group: Some(GroupId::new("sales")),
        ratings: false,
        image_limit: Some(1024),
        supporters_open: true,
        customers_prioritize: true,
        time_zone: TimeZone::parse("Europe/Paris"),
        remove_location: false,
        answering_assigns: false,
        assignee_first: false,
        receipts: false,
        closing_letters: true,
    };
    assert_eq!((report.settings, report.default_time_zone), (expected, TimeZone::UTC));
    assert_eq!(report.groups.iter().map(|group| group.id.as_str()).collect::<Vec<_>>(), ["support", "sales"]);
    assert_eq!(world.anna().portal().opening(None).await.refusal(), muticket_core::Refusal::SupportOff, "another group");
}

/// all problems are reported at once, and nothing is stored.
#[tokio::test]
async fn wrong_settings_are_refused() {
    let world = World::new().await;
    let before = world.dump();
    let new = NewSettings { supporter_group: Some(GroupId::new("Support")), image_limit: Some(0), ..Default::default() };
    let new = NewSettings { time_zone: Some("Europe/Atlantis".to_owned()), ..new };
    let problems = world.backend().update_settings(new).await.problems();
    let expected =
        [(Field::SupporterGroup, Problem::Unknown), (Field::ImageLimit, Problem::Empty), (Field::TimeZone, Problem::Unknown)];
    assert_eq!(problems, expected);
    assert_eq!(world.dump(), before);
}

/// a limit without effect is refused.
#[tokio::test]
async fn an_image_limit_is_at_most_that_of_all_files() {
    let world = World::new().await;
    let max = muticket_core::Limits::default().attachment_bytes;
    let limited = |limit| NewSettings { image_limit: Some(limit), ..Default::default() };
    assert_eq!(world.backend().update_settings(limited(max)).await.unwrap().image_limit, Some(max));
    for limit in [max + 1, u64::MAX] {
        let problems = world.backend().update_settings(limited(limit)).await.problems();
        assert_eq!(problems, [(Field::ImageLimit, Problem::TooLarge { max })]);
    }
}

///
#[tokio::test]
async fn the_backend_says_when_support_is_off() {
    let world = World::new().await;
    assert!(world.backend().alerts().await.unwrap().support_active);
    world.everybody_leaves().await;
    assert!(!world.backend().alerts().await.unwrap().support_active);
    assert!(!world.backend().supporters().await.unwrap().support_active);
    assert!(!world.backend().tickets(&Filter::default()).await.unwrap().support_active);
}

///
#[tokio::test]
async fn the_backend_lists_all_tickets_to_find_the_one_to_delete() {
    let world = World::new().await;
    world.anna().opens("printer", None).await.unwrap();
    world.ben().opens("screen", None).await.unwrap();
    let list = world.backend().tickets(&Filter::default()).await.unwrap();
    assert_eq!((list.tickets.len(), list.may_open), (2, false));
    let filter = Filter { customer: Some(UserId::new("ben")), ..Default::default() };
    let list = world.backend().tickets(&filter).await.unwrap();
    assert_eq!(list.tickets.iter().map(|ticket| ticket.subject.as_str()).collect::<Vec<_>>(), ["screen"]);
    assert!(world.backend().ticket(TicketNumber::new(3).unwrap()).await.is_missing());
}

///
#[tokio::test]
async fn a_deleted_ticket_leaves_nothing_in_any_table_nor_in_the_blob_store() {
    let world = World::new().await;
    let empty = world.dump();
    let attachments =
        vec![world.anna().attaches("a.txt", b"a").await.unwrap(), world.anna().attaches("b.txt", b"b").await.unwrap()];
    let new = NewTicket { subject: "printer".into(), body: "It is silent.".into(), attachments, ..Default::default() };
    let ticket = world.anna().portal().open(new).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    world.anna().rates(&answer, 2).await.unwrap();
    world.sara().closes(&ticket).await.unwrap();
    assert_eq!((world.blobs.count(), world.unsent().await.len()), (2, 3));

    world.backend().delete(ticket.number).await.unwrap();
    // Only the number stays: no other ticket ever gets it.
    assert_eq!(world.dump(), empty.replace("last_ticket: 0", "last_ticket: 1"));
    assert_eq!(world.blobs.count(), 0);
    assert!(world.backend().delete(ticket.number).await.is_missing());
    assert!(world.anna().sees(&ticket).await.is_missing());
    assert_eq!(world.anna().opens("printer", None).await.unwrap().number.get(), 2);
}

///
#[tokio::test]
async fn deleting_one_ticket_leaves_the_others_whole() {
    let world = World::new().await;
    let first = world.anna().opens("printer", None).await.unwrap();
    world.sara().closes(&first).await.unwrap();
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    let new = NewTicket {
        subject: "again".into(),
        body: "x".into(),
        follows: Some(first.number),
        attachments: vec![file],
        ..Default::default()
    };
    let second = world.anna().portal().open(new).await.unwrap();
    let answer = world.sara().answers(&second, "Is it on?").await.unwrap();
    world.anna().rates(&answer, 2).await.unwrap();
    let (letters, history) = (world.unsent().await.len(), world.history(second.number).await);

    world.backend().delete(first.number).await.unwrap();
    assert_eq!(world.ticket(second.number).await.follows, None);
    assert_eq!((world.unsent().await.len(), world.history(second.number).await), (letters - 2, history));
    let shown = world.anna().sees(&second).await.unwrap();
    assert_eq!((shown.messages.len(), shown.messages[0].attachments.len()), (2, 1));
    assert!(shown.messages[1].score.is_some());
    world.anna().downloads(shown.messages[0].attachments[0].id).await.unwrap();
    world.anna().replies(&second, "Yes.").await.unwrap();
}

/// the rows are gone at once, the bytes as soon as the store works again.
#[tokio::test]
async fn bytes_that_cannot_be_deleted_with_their_ticket_are_swept_later() {
    let world = World::new().await;
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    let new = NewTicket { subject: "a".into(), body: "a".into(), attachments: vec![file], ..Default::default() };
    let ticket = world.anna().portal().open(new).await.unwrap();
    world.blobs.fail(BlobCall::Delete, u32::MAX);
    world.backend().delete(ticket.number).await.unwrap();
    assert!(world.anna().sees(&ticket).await.is_missing());
    world.helpdesk.sweep().await.unavailable();
    assert_eq!(world.blobs.count(), 1);
    world.blobs.mend();
    assert_eq!(world.helpdesk.sweep().await.unwrap(), 1);
    assert_eq!((world.blobs.count(), world.helpdesk.sweep().await.unwrap()), (0, 0));
}

/// P-22
#[tokio::test]
async fn the_mail_page_shows_what_waits_and_for_whom() {
    let world = World::new().await;
    world.anna().opens("printer", None).await.unwrap();
    world.people.remove("tom");
    let report = world.backend().mail().await.unwrap();
    assert_eq!((report.counts.waiting, report.counts.failed), (2, 0));
    let mut known: Vec<_> = report.undelivered.iter().map(|letter| letter.recipient.is_some()).collect();
    known.sort_unstable();
    assert_eq!(known, [false, true]);
}

/// P-23
#[tokio::test]
async fn a_failed_letter_can_be_sent_again_and_only_a_failed_one() {
    let world = World::new().await;
    world.anna().opens("printer", None).await.unwrap();
    let (now, id) = (world.helpdesk.now(), world.unsent().await[0].id);
    assert!(world.backend().retry_letter(id).await.is_missing(), "it still waits");
    let fail = move |unit: &mut dyn muticket_core::storage::Unit| {
        unit.outbox().claim(now, now + TimeDelta::minutes(1), 10)?;
        unit.outbox().settle(id, 1, &LetterState::Failed { at: now, problem: "550".into() })
    };
    let failed = world.helpdesk.storage().run_write(fail).await;
    assert!(failed.map_err(|error: muticket_core::StorageError| error).unwrap());
    world.clock.advance(TimeDelta::hours(1));
    world.backend().retry_letter(id).await.unwrap();
    let letter = world.unsent().await.into_iter().find(|letter| letter.id == id).unwrap();
    let not_before = world.helpdesk.now();
    assert_eq!(letter.state, LetterState::Waiting { not_before, problem: Some("550".into()) });
    assert_eq!(letter.attempts, 0);
    assert!(world.backend().retry_letter(id).await.is_missing());
    assert!(world.backend().retry_letter(LetterId(Uuid::nil())).await.is_missing());
}

/// P-08
#[tokio::test]
async fn the_secrets_of_a_site_stay_the_same_and_differ_by_name() {
    let world = World::new().await;
    let first = world.helpdesk.secret("forms").await.unwrap();
    assert_eq!(world.helpdesk.secret("forms").await.unwrap(), first);
    assert_ne!(world.helpdesk.secret("other").await.unwrap(), first);
}
