//! Forms that are sent more than once (P-25).

use muticket_core::draft::Repeated;
use muticket_core::{NewMessage, NewTicket, Nonce, Refusal};
use muticket_world::{Outcome, World, text};

fn printer(nonce: Nonce) -> NewTicket {
    NewTicket { subject: "printer".into(), body: "It is silent.".into(), nonce: Some(nonce), ..Default::default() }
}

#[tokio::test]
async fn a_form_sent_twice_opens_one_ticket_and_mails_once() {
    let world = World::new().await;
    let nonce = world.helpdesk.nonce();
    let first = world.anna().portal().open(printer(nonce)).await.unwrap();
    let before = world.dump();
    world.clock.advance(chrono::TimeDelta::hours(25));
    assert_eq!(world.anna().portal().open(printer(nonce)).await.unwrap(), first);
    assert_eq!(world.dump(), before);
}

/// The second click arrives after the last supporter left. The ticket exists, so its customer is not told that it was
/// refused.
#[tokio::test]
async fn a_form_that_was_stored_is_not_refused_the_second_time() {
    let world = World::new().await;
    let (open, reply) = (world.helpdesk.nonce(), world.helpdesk.nonce());
    let ticket = world.anna().portal().open(printer(open)).await.unwrap();
    let again = NewMessage { nonce: Some(reply), ..text("Hello?") };
    let first = world.anna().portal().reply(ticket.number, again.clone()).await.unwrap();
    world.sara().closes(&ticket).await.unwrap();
    world.everybody_leaves().await;
    assert_eq!(world.anna().portal().open(printer(open)).await.unwrap().number, ticket.number);
    assert_eq!(world.anna().portal().reply(ticket.number, again).await.unwrap(), first);
}

#[tokio::test]
async fn a_reply_and_an_answer_sent_twice_count_once() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = NewMessage { nonce: Some(world.helpdesk.nonce()), seen: Some(ticket.last_message), ..text("Is it on?") };
    let reply = NewMessage { nonce: Some(world.helpdesk.nonce()), ..text("Yes.") };
    let desk = world.sara().desk().await.unwrap();
    let answered = desk.answer(ticket.number, answer.clone()).await.unwrap();
    let replied = world.anna().portal().reply(ticket.number, reply.clone()).await.unwrap();
    let before = world.dump();
    assert_eq!(desk.answer(ticket.number, answer).await.unwrap(), answered, "and it does not conflict with itself");
    assert_eq!(world.anna().portal().reply(ticket.number, reply).await.unwrap(), replied);
    assert_eq!(world.dump(), before);
}

#[tokio::test]
async fn a_used_form_with_another_content_is_refused() {
    let world = World::new().await;
    world.add_categories(&["billing", "technical"]).await;
    let nonce = world.helpdesk.nonce();
    let billing = NewTicket { category: Some(world.category_id("billing").await), ..printer(nonce) };
    let portal = world.anna().portal();
    let ticket = portal.open(billing.clone()).await.unwrap();
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    let before = world.dump();
    let others = [
        NewTicket { body: "It is loud.".into(), ..billing.clone() },
        NewTicket { subject: "screen".into(), ..billing.clone() },
        NewTicket { category: Some(world.category_id("technical").await), ..billing.clone() },
        NewTicket { attachments: vec![file], ..billing.clone() },
    ];
    for other in others {
        assert_eq!(portal.open(other).await.refusal(), Refusal::FormUsed);
    }
    assert_eq!(world.dump(), before);
    let elsewhere = NewMessage { nonce: Some(nonce), ..text("It is silent.") };
    let second = world.anna().opens("screen", Some("billing")).await.unwrap();
    assert_eq!(portal.reply(second.number, elsewhere).await.refusal(), Refusal::FormUsed, "on another ticket");
    assert_eq!(world.ticket(ticket.number).await, ticket);
    assert_eq!(world.ticket(second.number).await.version, 1);
}

/// P-25: a form belongs to its author. The same nonce sent by another user is another form.
#[tokio::test]
async fn the_nonce_of_another_user_does_not_count() {
    let world = World::new().await;
    let nonce = world.helpdesk.nonce();
    let of_anna = world.anna().portal().open(printer(nonce)).await.unwrap();
    let of_ben = world.ben().portal().open(printer(nonce)).await.unwrap();
    assert_ne!(of_anna.number, of_ben.number);
    for (person, ticket) in [(world.anna(), of_anna), (world.ben(), of_ben)] {
        assert_eq!(person.portal().open(printer(nonce)).await.unwrap().number, ticket.number);
    }
}

#[tokio::test]
async fn files_are_part_of_the_form() {
    let world = World::new().await;
    let nonce = world.helpdesk.nonce();
    let mut numbers = Vec::new();
    for _ in 0..2 {
        // The browser uploads the files again, and they are stored again before the form is checked.
        let attachments =
            vec![world.anna().attaches("b.txt", b"b").await.unwrap(), world.anna().attaches("a.txt", b"aa").await.unwrap()];
        let ticket = world.anna().portal().open(NewTicket { attachments, ..printer(nonce) }).await.unwrap();
        numbers.push(ticket.number);
    }
    assert_eq!(numbers[0], numbers[1]);
    let longer = vec![world.anna().attaches("b.txt", b"b").await.unwrap(), world.anna().attaches("a.txt", b"aaa").await.unwrap()];
    let other = NewTicket { attachments: longer, ..printer(nonce) };
    assert_eq!(world.anna().portal().open(other).await.refusal(), Refusal::FormUsed);

    world.clock.advance(chrono::TimeDelta::hours(24));
    assert_eq!(world.helpdesk.sweep().await.unwrap(), 4, "the bytes that came again");
    assert_eq!(world.blobs.count(), 2);
}

/// P-25: the browser's *Back* makes another form with the same text. The author is asked, and it is stored if they confirm.
#[tokio::test]
async fn what_was_just_said_is_asked_about_and_not_said_twice() {
    let world = World::new().await;
    let another = || Some(world.helpdesk.nonce());
    let (anna, desk) = (world.anna().portal(), world.sara().desk().await.unwrap());
    let ticket = anna.open(printer(world.helpdesk.nonce())).await.unwrap();
    let before = world.dump();
    assert_eq!(anna.open(printer(world.helpdesk.nonce())).await.refusal(), Refusal::SameAgain);
    assert_eq!(world.dump(), before);
    for other in [
        NewTicket { subject: "screen".into(), ..printer(world.helpdesk.nonce()) },
        NewTicket { body: "It is loud.".into(), ..printer(world.helpdesk.nonce()) },
        NewTicket { repeated: Repeated::Send, ..printer(world.helpdesk.nonce()) },
    ] {
        anna.open(other).await.unwrap();
    }

    let said = |body: &str| NewMessage { nonce: another(), ..text(body) };
    anna.reply(ticket.number, said("Hello?")).await.unwrap();
    assert_eq!(anna.reply(ticket.number, said("Hello?")).await.refusal(), Refusal::SameAgain);
    let file = world.anna().attaches("a.txt", b"a").await.unwrap();
    anna.reply(ticket.number, NewMessage { attachments: vec![file], ..said("Hello?") }).await.unwrap();
    anna.reply(ticket.number, NewMessage { repeated: Repeated::Send, ..said("Hello?") }).await.unwrap();
    desk.answer(ticket.number, said("Is it on?")).await.unwrap();
    assert_eq!(desk.answer(ticket.number, said("Is it on?")).await.refusal(), Refusal::SameAgain);
    world.tom().desk().await.unwrap().answer(ticket.number, said("Is it on?")).await.unwrap();
    anna.reply(ticket.number, said("Hello?")).await.unwrap();
    assert_eq!(world.ticket(ticket.number).await.last_message.get(), 7);
}

#[tokio::test]
async fn without_a_nonce_every_form_counts() {
    let world = World::new().await;
    let first = world.anna().opens("printer", None).await.unwrap();
    let second = world.anna().opens("printer", None).await.unwrap();
    assert_ne!(first.number, second.number);
}

/// P-25: with the same nonce, a file of the same name and length is another file unless its bytes are the same.
#[tokio::test]
async fn the_same_form_with_another_file_of_equal_name_and_length_is_another_form() {
    let world = World::new().await;
    let nonce = world.helpdesk.nonce();
    let portal = world.anna().portal();
    let with = async |bytes: &[&'static [u8]]| {
        let mut attachments = Vec::new();
        for bytes in bytes {
            attachments.push(world.anna().attaches("scan.pdf", bytes).await.unwrap());
        }
        NewTicket { attachments, ..printer(nonce) }
    };
    let ticket = portal.open(with(&[b"page 1", b"page 2"]).await).await.unwrap();
    assert_eq!(portal.open(with(&[b"page 2", b"page 1"]).await).await.unwrap(), ticket);
    for other in [&[&b"page 1"[..], b"page 3"][..], &[b"page 1", b"page 1"], &[b"page 1"], &[b"page 1", b"page 2", b"page 2"]] {
        assert_eq!(portal.open(with(other).await).await.refusal(), Refusal::FormUsed, "{other:?}");
    }
}

/// P-25: a form of one user has no effect on the forms of others.
#[tokio::test]
async fn a_form_belongs_to_its_person() {
    let world = World::new().await;
    let nonce = world.helpdesk.nonce();
    let of_anna = world.anna().portal().open(printer(nonce)).await.unwrap();
    let of_ben = world.ben().portal().open(printer(nonce)).await.unwrap();
    assert_ne!(of_anna.number, of_ben.number);
    assert_eq!(world.ben().portal().open(printer(nonce)).await.unwrap(), of_ben);
    let reply = NewMessage { nonce: Some(nonce), ..text("Hello?") };
    assert_eq!(world.anna().portal().reply(of_anna.number, reply).await.refusal(), Refusal::FormUsed, "anna's own is used");
}
