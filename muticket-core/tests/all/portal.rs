//! The customers' door.

use muticket_core::conversation::MessagePage;
use muticket_core::history::Change;
use muticket_core::overview::Filter;
use muticket_core::storage::StateFilter;
use muticket_core::ticket::{Priority, State, Waiting};
use muticket_core::viewer::Side;
use muticket_core::{
    AccessLevel, AttachmentId, Denial, Error, Field, NewMessage, NewTicket, Problem, Refusal, TicketNumber, UserId, Visitor,
};
use muticket_world::{Outcome, World, message_number, text};
use uuid::Uuid;

///
#[tokio::test]
async fn a_guest_is_sent_to_sign_in_at_every_door() {
    let world = World::new().await;
    assert!(matches!(world.helpdesk.portal(&Visitor::Guest), Err(Error::SignIn)));
    assert!(matches!(world.helpdesk.desk(&Visitor::Guest).await, Err(Error::SignIn)));
    assert!(matches!(world.helpdesk.enter(&Visitor::Guest).await, Err(Error::SignIn)));
    assert!(matches!(world.helpdesk.backend(&Visitor::Guest), Err(Error::SignIn)));
}

///
#[tokio::test]
async fn opening_a_ticket_needs_the_level_add() {
    let world = World::new().await;
    for level in [AccessLevel::None, AccessLevel::Comment, AccessLevel::Edit] {
        world.people.set_level("anna", level);
        assert_eq!(world.anna().opens("printer", None).await.denial(), Denial::Level(AccessLevel::Add), "{level:?}");
        assert_eq!(world.anna().portal().opening(None).await.denial(), Denial::Level(AccessLevel::Add), "{level:?}");
    }
    world.people.set_level("anna", AccessLevel::Add);
    world.anna().opens("printer", None).await.unwrap();
}

fn of_priority(word: &str) -> NewTicket {
    NewTicket { subject: format!("printer {word}"), body: "a".into(), priority: word.to_owned(), ..Default::default() }
}

/// T-05: customers choose a priority only if the settings let them. Otherwise what their form says is ignored.
#[tokio::test]
async fn customers_choose_a_priority_only_if_the_settings_allow_it() {
    let world = World::new().await;
    let anna = world.anna();
    assert!(!anna.portal().opening(None).await.unwrap().asks_priority);
    for word in ["", "urgent", "nonsense"] {
        let ticket = anna.portal().open(of_priority(word)).await.unwrap();
        assert_eq!(world.ticket(ticket.number).await.priority, Priority::Normal, "{word:?}");
    }
    world.change_settings(|settings| settings.customers_prioritize = true).await;
    assert!(anna.portal().opening(None).await.unwrap().asks_priority);
    for (word, priority) in [("", Priority::Normal), ("low", Priority::Low), ("urgent", Priority::Urgent)] {
        let ticket = anna.portal().open(of_priority(word)).await.unwrap();
        assert_eq!(world.ticket(ticket.number).await.priority, priority, "{word:?}");
        assert_eq!(world.history(ticket.number).await.len(), 1, "no line of its own");
        assert_eq!(anna.sees(&ticket).await.unwrap().ticket.priority, Priority::Normal, "customers do not see it");
    }
    let before = world.dump();
    for word in ["nonsense", "URGENT", "3"] {
        assert_eq!(anna.portal().open(of_priority(word)).await.problems(), [(Field::Priority, Problem::Unknown)], "{word:?}");
    }
    assert_eq!(world.dump(), before);
}

/// D-03
#[tokio::test]
async fn replying_and_rating_need_the_level_comment() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    world.people.set_level("anna", AccessLevel::Read);
    let needed = Denial::Level(AccessLevel::Comment);
    assert_eq!(world.anna().replies(&ticket, "Yes.").await.denial(), needed);
    assert_eq!(world.anna().replies(&ticket, "").await.denial(), needed, "before what is wrong with the text");
    assert_eq!(world.anna().rates(&answer, 5).await.denial(), needed);
    assert_eq!(world.anna().attaches("a.txt", b"a").await.denial(), needed);
    let shown = world.anna().sees(&ticket).await.unwrap();
    assert!(!shown.can.reply && !shown.messages[1].can_rate);
}

/// D-03
#[tokio::test]
async fn reading_needs_the_level_read() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.people.set_level("anna", AccessLevel::Overview);
    let needed = Denial::Level(AccessLevel::Read);
    assert_eq!(world.anna().sees(&ticket).await.denial(), needed);
    assert_eq!(world.anna().lists(&Filter::default()).await.denial(), needed);
}

///
#[tokio::test]
async fn a_new_ticket_is_open_and_waits_for_a_supporter() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    assert_eq!((ticket.state, ticket.waiting(), ticket.version), (State::Open, Some(Waiting::New), 1));
    assert_eq!(ticket, world.ticket(ticket.number).await);
    let history = world.history(ticket.number).await;
    assert_eq!(history.len(), 1);
    assert_eq!((history[0].change.clone(), history[0].by.as_str(), history[0].at), (Change::Opened, "anna", ticket.opened_at));
}

/// every verb gives the same answer for Anna's ticket as for one that never existed.
#[tokio::test]
async fn a_foreign_ticket_is_missing_for_every_verb() {
    let world = World::new().await;
    let file = world.anna().attaches("secret.txt", b"secret").await.unwrap();
    let new = NewTicket { subject: "a".into(), body: "a".into(), attachments: vec![file], ..Default::default() };
    let ticket = world.anna().portal().open(new).await.unwrap();
    world.sara().answers(&ticket, "Yes?").await.unwrap();
    world.sara().closes(&ticket).await.unwrap();
    let files = world.anna().sees(&ticket).await.unwrap().messages.remove(0).attachments;
    let before = world.dump();

    let missing = (TicketNumber::new(999).unwrap(), AttachmentId(Uuid::from_u128(999)));
    let ben = world.ben().portal();
    for (number, file) in [(ticket.number, files[0].id), missing] {
        let score = muticket_core::rating::Score::ALL[4];
        let follow_up = NewTicket { subject: "b".into(), body: "b".into(), follows: Some(number), ..Default::default() };
        assert!(world.ben().shows(number, None).await.is_missing());
        assert!(ben.reply(number, text("Hello")).await.is_missing());
        assert!(ben.reply(number, text("")).await.is_missing(), "whatever is wrong with the text");
        assert!(ben.rate(number, message_number(2), Some(score)).await.is_missing());
        assert!(ben.rate(number, message_number(7), Some(score)).await.is_missing());
        assert!(ben.opening(Some(number)).await.is_missing());
        assert!(ben.open(follow_up).await.is_missing());
        assert!(world.ben().downloads(file).await.is_missing());
    }
    assert_eq!(world.dump(), before);
}

/// an administrator is a customer like any other. At the customers' door, so is a supporter.
#[tokio::test]
async fn a_high_level_opens_no_foreign_ticket() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    assert!(world.person("ada").sees(&ticket).await.is_missing());
    assert!(world.sara().replies(&ticket, "I am a supporter.").await.is_missing());
}

///
#[tokio::test]
async fn the_list_holds_own_tickets_only_whatever_the_filter_says() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.ben().opens("screen", None).await.unwrap();
    let filter = Filter { customer: Some(UserId::new("ben")), state: StateFilter::All, ..Default::default() };
    let list = world.anna().lists(&filter).await.unwrap();
    assert_eq!(list.tickets, [Side::Customer.view(ticket)]);
    assert_eq!((list.counts.open, list.counts.closed), (1, 0));
    assert!(!list.people.contains_key(&UserId::new("ben")));
}

///
#[tokio::test]
async fn with_nobody_present_a_customer_reads_and_rates_and_neither_opens_nor_replies() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    world.everybody_leaves().await;

    let anna = world.anna();
    assert_eq!(anna.opens("screen", None).await.refusal(), Refusal::SupportOff);
    assert_eq!(anna.portal().opening(None).await.refusal(), Refusal::SupportOff);
    assert_eq!(anna.replies(&ticket, "Yes.").await.refusal(), Refusal::SupportOff);
    assert!(!anna.portal().support_is_active().await.unwrap());
    let shown = anna.sees(&ticket).await.unwrap();
    assert!(!shown.support_active && !shown.can.reply && shown.messages[1].can_rate);
    anna.rates(&answer, 4).await.unwrap();
    let list = anna.lists(&Filter::default()).await.unwrap();
    assert!(!list.support_active && !list.may_open);

    world.edit_supporter("tom", true, &[]).await;
    anna.replies(&ticket, "Yes.").await.unwrap();
}

/// R-15, D-04: a present supporter who left the group does not keep support active.
#[tokio::test]
async fn support_ends_with_the_last_one_in_the_group() {
    let world = World::new().await;
    world.people.set_groups("sara", &[]);
    world.anna().opens("printer", None).await.unwrap();
    world.people.remove("tom");
    assert_eq!(world.anna().opens("screen", None).await.refusal(), Refusal::SupportOff);
}

///
#[tokio::test]
async fn a_customer_reads_the_answer_and_replies_in_turn() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.sara().answers(&ticket, "Is it on?").await.unwrap();
    let shown = world.anna().sees(&ticket).await.unwrap();
    assert!(shown.can.reply && !shown.can.answer && !shown.can.close);
    assert_eq!(shown.messages[1].message.body.as_str(), "Is it on?");
    assert_eq!(shown.people[&UserId::new("sara")].name, "Sara Sand");
    world.anna().replies(&ticket, "Yes.").await.unwrap();
    assert_eq!(world.ticket(ticket.number).await.waiting(), Some(Waiting::Supporter));
}

/// D-02
#[tokio::test]
async fn a_closed_ticket_takes_no_reply_and_leads_to_a_follow_up() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.sara().closes(&ticket).await.unwrap();
    assert_eq!(world.anna().replies(&ticket, "And now?").await.refusal(), Refusal::TicketClosed);
    let shown = world.anna().sees(&ticket).await.unwrap();
    assert!(shown.can.follow_up && !shown.can.reply);

    let opening = world.anna().portal().opening(Some(ticket.number)).await.unwrap();
    assert_eq!(opening.follows.map(|followed| followed.number), Some(ticket.number));
    let new = NewTicket { subject: "again".into(), body: "x".into(), follows: Some(ticket.number), ..Default::default() };
    let second = world.anna().portal().open(new).await.unwrap();
    assert_eq!(world.ticket(second.number).await.follows, Some(ticket.number));
}

/// D-02
#[tokio::test]
async fn only_a_closed_ticket_is_followed() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    assert!(world.anna().portal().opening(Some(ticket.number)).await.is_missing());
    let new = NewTicket { subject: "again".into(), body: "x".into(), follows: Some(ticket.number), ..Default::default() };
    assert!(world.anna().portal().open(new).await.is_missing());
}

/// P-26: a customer's reply never conflicts.
#[tokio::test]
async fn a_reply_does_not_mind_what_was_not_seen() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.sara().answers(&ticket, "Is it on?").await.unwrap();
    let late = NewMessage { seen: Some(message_number(1)), ..text("By the way:") };
    assert_eq!(world.anna().portal().reply(ticket.number, late).await.unwrap().number, message_number(3));
}

/// D-11
#[tokio::test]
async fn the_pages_of_the_list_stay_together_while_tickets_arrive() {
    let world = World::new().await;
    let mut opened = Vec::new();
    for _ in 0..45 {
        opened.push(world.anna().opens("printer", None).await.unwrap().number);
    }
    let mut filter = Filter::default();
    let mut seen = Vec::new();
    let mut lengths = Vec::new();
    loop {
        let page = world.anna().lists(&filter).await.unwrap();
        lengths.push(page.tickets.len());
        seen.extend(page.tickets.iter().map(|ticket| ticket.number));
        filter.after = page.next;
        if filter.after.is_none() {
            break;
        }
        world.clock.advance(chrono::TimeDelta::seconds(1));
        world.anna().opens("screen", None).await.unwrap();
    }
    opened.reverse();
    assert_eq!((lengths, seen), (vec![20, 20, 5], opened));
}

#[tokio::test]
async fn every_message_of_a_long_ticket_can_be_reached() {
    let world = World::builder().configure(|builder| builder.limits(|limits| limits.messages = 3)).build().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    for _ in 2..=8 {
        world.anna().replies(&ticket, "And?").await.unwrap();
    }
    let numbers = |shown: &muticket_core::conversation::Conversation| -> Vec<u32> {
        shown.messages.iter().map(|shown| shown.message.number.get()).collect()
    };
    let mut shown = world.anna().shows(ticket.number, None).await.unwrap();
    assert_eq!((numbers(&shown), shown.later()), (vec![6, 7, 8], None));
    for expected in [vec![3, 4, 5], vec![1, 2]] {
        shown = world.anna().shows(ticket.number, shown.earlier().unwrap()).await.unwrap();
        assert_eq!(numbers(&shown), expected);
    }
    assert_eq!(shown.earlier(), None);
    let after = world.anna().shows(ticket.number, shown.later().unwrap()).await.unwrap();
    assert_eq!(numbers(&after), [3, 4, 5]);
    let beyond = world.anna().shows(ticket.number, Some(message_number(99))).await.unwrap();
    assert_eq!((numbers(&beyond), beyond.earlier()), (vec![8], Some(MessagePage::Before(message_number(8)))));
    for (part, expected) in
        [(MessagePage::Before(message_number(99)), vec![6, 7, 8]), (MessagePage::Before(message_number(1)), vec![1])]
    {
        assert_eq!(numbers(&world.anna().shows(ticket.number, part).await.unwrap()), expected);
    }
}

/// P-19: the longest messages are folded, and come in small pages. Each can be reached and read to its end.
#[tokio::test]
async fn the_longest_messages_come_in_light_pages() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let longest = "😀".repeat(20_000);
    for _ in 2..=100 {
        world.anna().replies(&ticket, &longest).await.unwrap();
    }
    let (mut part, mut read) = (Some(MessagePage::Newest), Vec::new());
    while let Some(wanted) = part {
        let shown = world.anna().shows(ticket.number, wanted).await.unwrap();
        let bytes: usize = shown.messages.iter().map(|shown| shown.message.body.as_str().len()).sum();
        assert!(bytes < 240_000 && (shown.messages.len() > 10 || shown.earlier().is_none()), "{bytes}");
        read.extend(shown.messages.iter().rev().map(|shown| (shown.message.number.get(), shown.folded)));
        part = shown.earlier();
    }
    let expected = (2..=100).rev().map(|number| (number, Some(20_000))).chain([(1, None)]);
    assert_eq!(read, expected.collect::<Vec<_>>());
    let whole = world.anna().shows(ticket.number, MessagePage::Whole(message_number(50))).await.unwrap();
    assert_eq!((whole.messages[0].message.body.as_str(), whole.messages[0].folded), (longest.as_str(), None));
    assert!(whole.messages[1..].iter().all(|shown| shown.folded.is_some()));
    assert_eq!(whole.earlier(), Some(MessagePage::Before(message_number(50))));
}

#[tokio::test]
async fn without_the_host_nothing_is_done_and_nothing_is_lost() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let (before, portal) = (world.dump(), world.anna().portal());
    world.people.fail();
    portal.reply(ticket.number, text("Hello?")).await.unavailable();
    portal.open(NewTicket { subject: "a".into(), body: "a".into(), ..Default::default() }).await.unavailable();
    world.anna().shows(ticket.number, None).await.unavailable();
    world.sara().desk().await.unavailable();
    assert_eq!(world.dump(), before);
    world.people.answer();
    portal.reply(ticket.number, text("Hello?")).await.unwrap();
}
