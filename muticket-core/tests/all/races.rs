//! Several people at once (P-26). Each has their own thread, and all start at the same time.

use std::sync::Barrier;

use muticket_core::ticket::{State, Ticket};
use muticket_core::{Error, NewMessage, NewTicket, Refusal};
use muticket_world::{Person, World, message_number, text};

const ROUNDS: usize = 100;

/// Runs a future to its end on this thread.
fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

/// Runs all functions at once and returns their results.
fn at_once<'w, T: Send>(works: Vec<Box<dyn FnOnce() -> T + Send + 'w>>) -> Vec<T> {
    let start = Barrier::new(works.len());
    std::thread::scope(|scope| {
        let begin = |work: Box<dyn FnOnce() -> T + Send + 'w>| {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                work()
            })
        };
        let threads: Vec<_> = works.into_iter().map(begin).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Checks what must be true of every ticket at any time (P-27).
fn check(world: &World, ticket: &Ticket) {
    let (stored, history) = run(async { (world.ticket(ticket.number).await, world.history(ticket.number).await) });
    assert_eq!(stored.version as usize, history.len());
    assert!(history.iter().map(|entry| entry.version).eq(1..=stored.version));
    let shown = run(world.anna().sees(ticket)).unwrap();
    assert_eq!(shown.messages.len(), stored.last_message.get() as usize);
}

/// K-52 (a)
#[test]
fn of_two_supporters_who_answer_the_same_message_one_is_told() {
    for _ in 0..ROUNDS {
        let world = run(World::new());
        let ticket = run(world.anna().opens("printer", None)).unwrap();
        let answer = |person: Person<'_>| {
            let seen = NewMessage { seen: Some(message_number(1)), ..text("Is it on?") };
            run(async { person.desk().await?.answer(ticket.number, seen).await })
        };
        let said = at_once(vec![Box::new(|| answer(world.sara())), Box::new(|| answer(world.tom()))]);
        assert_eq!(said.iter().filter(|said| said.is_ok()).count(), 1);
        let conflict = said.into_iter().find_map(Result::err);
        assert!(matches!(conflict, Some(Error::Conflict(conflict)) if conflict.since.len() == 1));
        check(&world, &ticket);
    }
}

/// K-52 (b)
#[test]
fn no_reply_is_closed_away_unread() {
    let mut outcomes = [0, 0];
    for _ in 0..ROUNDS {
        let world = run(World::new());
        let ticket = run(world.anna().opens("printer", None)).unwrap();
        let reply = || run(world.anna().replies(&ticket, "It smokes!")).err();
        let close = || run(async { world.sara().desk().await?.close(ticket.number, Some(message_number(1))).await }).err();
        let mut said = at_once(vec![Box::new(reply) as Box<dyn FnOnce() -> Option<Error> + Send>, Box::new(close)]);
        let stored = run(world.ticket(ticket.number));
        match (said.remove(0), said.remove(0)) {
            (None, Some(Error::Conflict(_))) => {
                outcomes[0] += 1;
                assert_eq!((stored.state, stored.last_message), (State::Open, message_number(2)));
            }
            (Some(Error::Refused(Refusal::TicketClosed)), None) => {
                outcomes[1] += 1;
                assert_eq!((stored.state, stored.last_message), (State::Closed, message_number(1)));
            }
            other => panic!("{other:?}"),
        }
        check(&world, &ticket);
    }
    assert_eq!(outcomes[0] + outcomes[1], ROUNDS);
}

/// K-52 (h)
#[test]
fn fifty_ratings_at_once_are_one_rating() {
    let world = run(World::new());
    let ticket = run(world.anna().opens("printer", None)).unwrap();
    let answer = run(world.sara().answers(&ticket, "Is it on?")).unwrap();
    let (world, answer) = (&world, &answer);
    let rate = |number: u8| {
        Box::new(move || run(world.anna().rates(answer, 1 + number % 5)).map(|rating| rating.score))
            as Box<dyn FnOnce() -> _ + Send>
    };
    let said = at_once((0..50).map(rate).collect());
    assert!(said.iter().all(Result::is_ok));
    let tally = run(async { world.backend().statistics(world.supporter_id("sara").await).await }).unwrap().tally;
    assert_eq!((tally.answers, tally.rated()), (1, 1));
    check(world, &ticket);
}

/// K-51
#[test]
fn a_form_sent_twenty_times_at_once_opens_one_ticket() {
    let world = run(World::new());
    let nonce = Some(world.helpdesk.nonce());
    let open = |_| {
        let form = NewTicket { subject: "printer".into(), body: "x".into(), nonce, ..Default::default() };
        let portal = world.anna().portal();
        Box::new(move || run(portal.open(form)).map(|ticket| ticket.number.get())) as Box<dyn FnOnce() -> _ + Send>
    };
    let numbers: Vec<_> = at_once((0..20).map(open).collect()).into_iter().map(Result::unwrap).collect();
    assert_eq!(numbers, [1_i64; 20]);
    assert_eq!(run(world.unsent()).len(), 2);
}

/// K-52 (g)
#[test]
fn a_reply_to_a_ticket_that_is_being_deleted_leaves_nothing() {
    for _ in 0..ROUNDS {
        let world = run(World::new());
        let empty = world.dump();
        let ticket = run(world.anna().opens("printer", None)).unwrap();
        let reply = || run(world.anna().replies(&ticket, "Hello?")).err();
        let delete = || run(world.backend().delete(ticket.number)).err();
        let mut said = at_once(vec![Box::new(reply) as Box<dyn FnOnce() -> Option<Error> + Send>, Box::new(delete)]);
        assert!(said.remove(1).is_none());
        assert!(matches!(said.remove(0), None | Some(Error::NotFound)));
        assert_eq!(world.dump(), empty.replace("last_ticket: 0", "last_ticket: 1"));
    }
}

/// K-53
#[test]
fn no_change_is_lost_when_many_work_on_one_ticket() {
    let world = run(World::new());
    let ticket = run(world.anna().opens("printer", None)).unwrap();
    let (world, ticket) = (&world, &ticket);
    // Otherwise the first answer would be two changes, and the replies after it would have one recipient.
    run(world.change_settings(|settings| settings.answering_assigns = false));
    let work = |number: usize| {
        Box::new(move || {
            for _ in 0..25 {
                match number % 2 {
                    0 => run(world.anna().replies(ticket, "And?")).map(drop),
                    _ => run(world.sara().answers(ticket, "Well.")).map(drop),
                }
                .unwrap();
            }
        }) as Box<dyn FnOnce() + Send>
    };
    at_once((0..8).map(work).collect());
    let stored = run(world.ticket(ticket.number));
    assert_eq!((stored.version, stored.last_message.get(), stored.answers), (201, 201, 100));
    assert_eq!(run(world.history(ticket.number)).len(), 201);
    assert_eq!(run(world.unsent()).len(), 2 + 100 * 2 + 100);
}

/// K-53
#[test]
fn every_ticket_gets_a_number_of_its_own() {
    let world = run(World::new());
    let world = &world;
    let open = |_| {
        let work = move || (0..50).map(|_| run(world.anna().opens("printer", None)).unwrap().number).collect::<Vec<_>>();
        Box::new(work) as Box<dyn FnOnce() -> _ + Send>
    };
    let mut numbers: Vec<_> = at_once((0..8).map(open).collect()).concat();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 400);
}
