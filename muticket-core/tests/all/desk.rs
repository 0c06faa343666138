//! The supporters' door.

use chrono::TimeDelta;
use muticket_core::desk::{Desk, NextWaiting};
use muticket_core::history::Change;
use muticket_core::overview::{Filter, Overview};
use muticket_core::storage::{Order, SortKey, StateFilter};
use muticket_core::ticket::{Role, State, Ticket, Waiting};
use muticket_core::{Denial, Error, GroupId, NewMessage, Refusal, TicketNumber, UserId};
use muticket_world::{Outcome, World, message_number, text};

fn numbers(tickets: &[Ticket]) -> Vec<i64> {
    tickets.iter().map(|ticket| ticket.number.get()).collect()
}

/// R-40, D-04: presence does not matter.
#[tokio::test]
async fn an_absent_supporter_reaches_all_tickets_and_works_on_them() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.everybody_leaves().await;
    let desk = world.sara().desk().await.unwrap();
    assert_eq!(numbers(&world.sara().lists(&Filter::default()).await.unwrap().tickets), [1]);
    assert!(world.sara().shows(ticket.number, None).await.unwrap().can.answer);
    desk.answer(ticket.number, text("Is it on?")).await.unwrap();
    desk.close(ticket.number, None).await.unwrap();
    desk.reopen(ticket.number).await.unwrap();
}

/// D-04
#[tokio::test]
async fn only_a_record_and_the_group_together_open_the_desk() {
    let world = World::new().await;
    for (name, why) in [("anna", "a customer"), ("ada", "an administrator"), ("uwe", "in the group, without a record")] {
        assert!(world.person(name).desk().await.is_missing(), "{why}");
        assert!(world.helpdesk.enter(&world.person(name).visitor()).await.unwrap().desk.is_none(), "{why}");
    }
    world.people.set_groups("sara", &[]);
    assert!(world.sara().desk().await.is_missing(), "a record, without the group");
    assert!(world.helpdesk.enter(&world.tom().visitor()).await.unwrap().desk.is_some());
}

/// D-04: the host's directory counts, not the groups that the visitor claims.
#[tokio::test]
async fn the_group_is_looked_up_and_not_believed() {
    let world = World::new().await;
    let stale = world.sara().visitor();
    world.people.set_groups("sara", &[]);
    assert!(world.helpdesk.desk(&stale).await.is_missing());
}

/// D-04, P-01: an open door gives no rights; each verb checks again in its unit.
#[tokio::test]
async fn a_supporter_whose_record_is_removed_can_do_nothing_with_an_open_door() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let desk = world.sara().desk().await.unwrap();
    world.backend().remove_supporter(world.supporter_id("sara").await).await.unwrap();
    is_shut(&world, &desk, &ticket).await;
}

/// D-04, R-11: a new group ends the rights of all users outside it.
#[tokio::test]
async fn after_another_group_was_chosen_an_open_desk_is_of_no_use() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let desk = world.sara().desk().await.unwrap();
    world.change_settings(|settings| settings.supporter_group = Some(GroupId::new("sales"))).await;
    is_shut(&world, &desk, &ticket).await;
}

async fn is_shut(world: &World, desk: &Desk, ticket: &Ticket) {
    let before = world.dump();
    assert!(world.sara().shows(ticket.number, None).await.is_missing());
    assert!(desk.answer(ticket.number, text("Is it on?")).await.is_missing());
    assert!(desk.answer(ticket.number, text("")).await.is_missing(), "whatever is wrong with the text");
    assert!(desk.close(ticket.number, None).await.is_missing());
    assert!(desk.reopen(ticket.number).await.is_missing());
    assert_eq!(world.dump(), before);
}

///
#[tokio::test]
async fn the_overview_tells_new_from_waiting_for_a_supporter_from_waiting_for_the_customer() {
    let world = World::new().await;
    let fresh = world.anna().opens("printer", None).await.unwrap();
    world.anna().replies(&fresh, "Hello?").await.unwrap();
    let answered = world.anna().opens("screen", None).await.unwrap();
    world.sara().answers(&answered, "Is it on?").await.unwrap();
    let replied = world.ben().opens("mouse", None).await.unwrap();
    world.sara().answers(&replied, "Is it on?").await.unwrap();
    world.ben().replies(&replied, "Yes.").await.unwrap();
    let closed = world.ben().opens("door", None).await.unwrap();
    world.sara().closes(&closed).await.unwrap();

    for (waiting, ticket) in [(Waiting::New, &fresh), (Waiting::Customer, &answered), (Waiting::Supporter, &replied)] {
        let page = world.tom().lists(&Filter { waiting: Some(waiting), ..Default::default() }).await.unwrap();
        assert_eq!(numbers(&page.tickets), [ticket.number.get()], "{waiting:?}");
        assert_eq!(page.tickets[0].waiting(), Some(waiting));
    }
    let page = world.tom().lists(&Filter { state: StateFilter::Closed, ..Default::default() }).await.unwrap();
    assert_eq!((numbers(&page.tickets), page.tickets[0].waiting()), (vec![closed.number.get()], None));
    assert_eq!((page.counts.open, page.counts.closed), (3, 1));
}

/// D-11
#[tokio::test]
async fn the_overview_is_filtered_by_category_and_customer_and_sorted_both_ways() {
    let world = World::new().await;
    world.add_categories(&["billing", "technical"]).await;
    for (name, category) in [("anna", "billing"), ("ben", "technical"), ("anna", "technical")] {
        world.person(name).opens("printer", Some(category)).await.unwrap();
        world.clock.advance(chrono::TimeDelta::seconds(1));
    }
    world.sara().answers(&world.ticket(TicketNumber::new(1).unwrap()).await, "Yes?").await.unwrap();
    let shown = async |filter: Filter| numbers(&world.sara().lists(&filter).await.unwrap().tickets);

    assert_eq!(shown(Filter::default()).await, [1, 3, 2], "newest activity first");
    assert_eq!(shown(Filter { sort: SortKey::Number, order: Order::Ascending, ..Default::default() }).await, [1, 2, 3]);
    let technical = Some(world.category_id("technical").await);
    assert_eq!(shown(Filter { category: technical.clone(), ..Default::default() }).await, [3, 2]);
    let customer = Some(UserId::new("anna"));
    assert_eq!(shown(Filter { category: technical, customer, ..Default::default() }).await, [3]);
    assert_eq!(shown(Filter { customer: Some(UserId::new("nobody")), ..Default::default() }).await, [0; 0]);
}

#[tokio::test]
async fn a_customer_whom_the_overview_is_about_has_a_name_even_without_a_ticket_on_it() {
    let world = World::new().await;
    world.anna().opens("printer", None).await.unwrap();
    let anna = UserId::new("anna");
    let of_anna = Filter { customer: Some(anna.clone()), state: StateFilter::Closed, ..Default::default() };
    let overview = world.sara().lists(&of_anna).await.unwrap();
    assert_eq!((overview.tickets.len(), overview.people[&anna].name.as_str()), (0, "Anna Berg"));
}

///
#[tokio::test]
async fn a_supporter_answers_and_closes_and_a_closed_ticket_takes_no_answer() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    assert_eq!((answer.role, answer.number), (Role::Supporter, message_number(2)));
    let closed = world.sara().closes(&ticket).await.unwrap();
    assert_eq!((closed.state, closed.closed_by), (State::Closed, Some(UserId::new("sara"))));
    assert_eq!(world.tom().answers(&ticket, "One more thing:").await.refusal(), Refusal::TicketClosed);
    let can = world.tom().shows(ticket.number, None).await.unwrap().can;
    assert!(can.reopen && !can.answer && !can.close && !can.reply);
}

/// R-44, D-02
#[tokio::test]
async fn reopening_undoes_closing() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.sara().answers(&ticket, "Is it on?").await.unwrap();
    let before = world.ticket(ticket.number).await;
    world.sara().closes(&ticket).await.unwrap();
    let reopened = world.tom().reopens(&ticket).await.unwrap();
    assert_eq!((reopened.state, reopened.closed_by.clone(), reopened.waiting()), (State::Open, None, before.waiting()));
    assert_eq!(world.ticket(ticket.number).await, reopened);
    world.anna().replies(&ticket, "Yes.").await.unwrap();
}

/// D-13
#[tokio::test]
async fn every_change_leaves_one_line_and_what_changes_nothing_leaves_none() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    world.anna().replies(&ticket, "Yes.").await.unwrap();
    world.sara().reopens(&ticket).await.unwrap();
    world.sara().closes(&ticket).await.unwrap();
    world.tom().closes(&ticket).await.unwrap();
    world.anna().rates(&answer, 5).await.unwrap();
    world.tom().reopens(&ticket).await.unwrap();
    world.tom().answers(&ticket, "").await.unwrap_err();

    let history = world.history(ticket.number).await;
    let score = muticket_core::rating::Score::ALL[4];
    let lines: Vec<_> = history.iter().map(|entry| (entry.version, entry.by.as_str(), entry.change.clone())).collect();
    let expected = [
        (1, "anna", Change::Opened),
        (2, "sara", Change::Answered(message_number(2))),
        (3, "sara", Change::Assigned(Some(UserId::new("sara")))),
        (4, "anna", Change::Replied(message_number(3))),
        (5, "sara", Change::Closed),
        (6, "anna", Change::Rated(message_number(2), score)),
        (7, "tom", Change::Reopened),
    ];
    assert_eq!(lines, expected);
    assert_eq!(world.ticket(ticket.number).await.version, 7);
    assert_eq!(world.tom().sees(&ticket).await.unwrap().history, history);
    // The customer learns nothing of the assignee, not even by a gap (T-01).
    let shown = world.anna().sees(&ticket).await.unwrap().history;
    let lines: Vec<_> = shown.iter().map(|entry| (entry.version, entry.by.as_str(), entry.change.clone())).collect();
    let seen = expected.into_iter().filter(|(_, _, change)| change.property().is_none());
    let seen: Vec<_> = (1..).zip(seen).map(|(version, (_, by, change))| (version, by, change)).collect();
    assert_eq!(lines, seen);
}

/// D-01
#[tokio::test]
async fn a_new_role_does_not_change_earlier_messages() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.sara().answers(&ticket, "Is it on?").await.unwrap();
    world.people.set_groups("sara", &[]);
    world.people.set_groups("anna", &["support"]);
    world.add_supporter("anna", true, &[]).await;
    let shown = world.anna().sees(&ticket).await.unwrap();
    let roles: Vec<_> = shown.messages.iter().map(|shown| shown.message.role).collect();
    assert_eq!((roles, shown.ticket.waiting()), (vec![Role::Customer, Role::Supporter], Some(Waiting::Customer)));
}

/// D-05
#[tokio::test]
async fn supporters_open_tickets_only_if_the_settings_allow_it() {
    let world = World::new().await;
    assert_eq!(world.sara().opens("printer", None).await.denial(), Denial::SupportersDoNotOpen);
    assert!(!world.sara().lists(&Filter::default()).await.unwrap().may_open);
    world.change_settings(|settings| settings.supporters_open = true).await;
    world.sara().opens("printer", None).await.unwrap();
    assert!(world.sara().lists(&Filter::default()).await.unwrap().may_open);
}

/// D-05: supporters see their own ticket as its customer, and cannot work on it.
#[tokio::test]
async fn a_supporter_is_the_customer_of_their_own_ticket() {
    let world = World::new().await;
    world.change_settings(|settings| settings.supporters_open = true).await;
    let ticket = world.sara().opens("printer", None).await.unwrap();
    let before = world.dump();
    let desk = world.sara().desk().await.unwrap();
    assert_eq!(desk.answer(ticket.number, text("I answer myself.")).await.denial(), Denial::OnlyTheDesk);
    assert_eq!(desk.close(ticket.number, None).await.denial(), Denial::OnlyTheDesk);
    assert_eq!(desk.reopen(ticket.number).await.denial(), Denial::OnlyTheDesk);
    assert_eq!(world.dump(), before);
    let can = world.sara().sees(&ticket).await.unwrap().can;
    assert!(can.reply && !can.close);
    world.tom().closes(&ticket).await.unwrap();
}

/// P-26
#[tokio::test]
async fn an_answer_conflicts_with_what_its_author_had_not_seen() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.anna().replies(&ticket, "It works again!").await.unwrap();
    let before = world.dump();
    let desk = world.sara().desk().await.unwrap();
    let late = NewMessage { seen: Some(message_number(1)), ..text("Is it on?") };
    let Err(Error::Conflict(conflict)) = desk.answer(ticket.number, late.clone()).await else { panic!("no conflict") };
    assert_eq!(conflict.seen, message_number(1));
    let unseen: Vec<_> = conflict.since.iter().map(|message| message.body.as_str()).collect();
    assert_eq!(unseen, ["It works again!"]);
    assert_eq!(world.dump(), before);
    desk.answer(ticket.number, NewMessage { seen: Some(message_number(2)), ..late }).await.unwrap();
}

/// P-26
#[tokio::test]
async fn closing_conflicts_with_a_reply_that_was_not_seen() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.anna().replies(&ticket, "It smokes!").await.unwrap();
    let desk = world.sara().desk().await.unwrap();
    assert!(matches!(desk.close(ticket.number, Some(message_number(1))).await, Err(Error::Conflict(_))));
    assert_eq!(world.ticket(ticket.number).await.state, State::Open);
    desk.close(ticket.number, Some(message_number(2))).await.unwrap();
    desk.close(ticket.number, Some(message_number(1))).await.unwrap();
}

#[tokio::test]
async fn a_ticket_that_is_not_there_is_missing_at_the_desk_too() {
    let world = World::new().await;
    let number = TicketNumber::new(7).unwrap();
    let desk = world.sara().desk().await.unwrap();
    assert!(world.sara().shows(number, None).await.is_missing());
    assert!(desk.answer(number, text("Hello")).await.is_missing());
    assert!(desk.close(number, None).await.is_missing());
    assert!(desk.reopen(number).await.is_missing());
}

/// The queue moves forward: skipped tickets do not come back, the supporter's categories come first, and it ends.
#[tokio::test]
async fn the_queue_goes_forward_and_has_an_end() {
    let world = World::new().await;
    world.add_categories(&["billing", "technical"]).await;
    world.edit_supporter("sara", true, &["billing"]).await;
    let mut numbers = Vec::new();
    for category in ["technical", "billing", "technical", "billing"] {
        numbers.push(world.anna().opens(category, Some(category)).await.unwrap().number);
        world.clock.advance(TimeDelta::minutes(1));
    }
    let sara = world.sara().desk().await.unwrap();
    let place = async |number| world.sara().shows(number, None).await.unwrap().place_in(&Filter::default());
    let (mut after, mut came) = (None, Vec::new());
    while let NextWaiting::Ticket(number) = sara.next_waiting(&Filter::default(), after).await.unwrap() {
        after = Some(place(number).await);
        came.push(number);
    }
    assert_eq!(came, [numbers[1], numbers[3], numbers[0], numbers[2]], "hers first, and each once");
    assert_eq!(sara.next_waiting(&Filter::default(), after).await.unwrap(), NextWaiting::End);
    // Answering and closing do not move the place from which the supporter continues.
    for ends in [false, true] {
        let here = came[usize::from(ends)];
        match ends {
            false => drop(sara.answer(here, text("Done.")).await.unwrap()),
            true => drop(sara.close(here, None).await.unwrap()),
        }
        let next = sara.next_waiting(&Filter::default(), Some(place(here).await)).await.unwrap();
        assert_eq!(next, NextWaiting::Ticket(came[usize::from(ends) + 1]));
    }
    // If only the ticket at the place waits, there is no next one.
    sara.close(came[2], None).await.unwrap();
    assert_eq!(sara.next_waiting(&Filter::default(), Some(place(came[3]).await)).await.unwrap(), NextWaiting::Nothing);
    assert_eq!(sara.next_waiting(&Filter::default(), None).await.unwrap(), NextWaiting::Ticket(came[3]));
    sara.close(came[3], None).await.unwrap();
    assert_eq!(sara.next_waiting(&Filter::default(), None).await.unwrap(), NextWaiting::Nothing);
}

/// P-32: tickets dated in the future by a wrong clock do not come before current ones, and their next message corrects them.
#[tokio::test]
async fn a_clock_of_the_future_hides_no_ticket() {
    let world = World::new().await;
    let old = world.anna().opens("old", None).await.unwrap();
    world.clock.advance(TimeDelta::days(400));
    let mut wrong = Vec::new();
    for subject in ["one", "two"] {
        wrong.push(world.anna().opens(subject, None).await.unwrap());
        world.clock.advance(TimeDelta::minutes(1));
    }
    world.clock.advance(-TimeDelta::days(400));
    let new = world.anna().opens("new", None).await.unwrap();
    let subjects = async || {
        let list = world.sara().lists(&Filter::default()).await.unwrap();
        let own = world.anna().lists(&Filter::default()).await.unwrap();
        let subjects =
            |list: Overview| list.tickets.into_iter().map(|ticket| ticket.subject.as_str().to_owned()).collect::<Vec<_>>();
        let list = subjects(list);
        assert_eq!(subjects(own), list, "the customer's list is the same");
        list
    };
    assert_eq!(subjects().await, ["new", "old", "two", "one"]);
    let sara = world.sara().desk().await.unwrap();
    let place = async |number| world.sara().shows(number, None).await.unwrap().place_in(&Filter::default());
    let (mut after, mut queue) = (None, Vec::new());
    while let NextWaiting::Ticket(number) = sara.next_waiting(&Filter::default(), after).await.unwrap() {
        after = Some(place(number).await);
        queue.push(number);
    }
    assert_eq!(queue, [wrong[0].number, wrong[1].number, old.number, new.number], "what was dated ahead is not kept waiting");
    assert_eq!(sara.next_waiting(&Filter::default(), after).await.unwrap(), NextWaiting::End);
    let oldest = Filter { order: Order::Ascending, ..Filter::default() };
    let list = world.sara().lists(&oldest).await.unwrap().tickets;
    assert_eq!(list.iter().map(|ticket| ticket.number).collect::<Vec<_>>(), queue, "the list begins as the queue does");
    world.clock.advance(TimeDelta::minutes(1));
    world.anna().replies(&wrong[0], "Hello?").await.unwrap();
    assert_eq!(subjects().await, ["one", "new", "old", "two"]);
    assert_eq!(world.ticket(wrong[0].number).await.last_activity_at, world.helpdesk.now());
    assert!(world.ticket(new.number).await.last_activity_at < world.helpdesk.now());
}
