//! A month in which programs write to each other (M-05). The people do little: supporters answer each new ticket once, in the first days.

use std::collections::BTreeMap;

use muticket_core::AccessLevel;
use muticket_core::incoming::Verdict;

use crate::room::{Mail, Responder, Room, Site};

const HOURS: u32 = 30 * 24;

/// The days in which supporters answer.
const ANSWERING: u32 = 3;

/// The day from which on all must be quiet.
const QUIET: u32 = 5;

const AWAY: [&str; 3] = ["careful", "careless", "noreply"];

/// Each site is a customer of the other, under the address of its replies. Three customers of both are on vacation.
async fn room() -> Room {
    let customers = |other: &str| {
        let mut customers = vec![("other".to_owned(), format!("support@{other}"))];
        customers.extend(AWAY.map(|id| (id.to_owned(), format!("{id}@away.example"))));
        customers
    };
    let site = async |domain: &'static str, other: &'static str| {
        let customers = customers(other);
        let customers: Vec<_> = customers.iter().map(|(id, at)| (id.as_str(), at.as_str(), AccessLevel::Add)).collect();
        Site::new(domain, &customers).await
    };
    let sites = [site("one.example", "two.example").await, site("two.example", "one.example").await];
    let [careful, careless, noreply] = AWAY.map(|id| format!("{id}@away.example"));
    // The third one answers all, too, but its name says what it is.
    let rules = Responder::Careful(BTreeMap::new());
    let responders = [(careful, rules), (careless, Responder::Careless), (noreply, Responder::Careless)];
    Room::new(sites, responders.into())
}

/// The hour in which supporters close all tickets, if they do.
const CLOSING: u32 = ANSWERING * 24;

/// Lets the month pass, and checks that it ends in peace.
async fn a_month_passes(room: &mut Room, closing: Option<u32>) {
    for hour in 0..HOURS {
        if hour % 24 == 9 && hour / 24 < ANSWERING {
            for site in &room.sites {
                site.answers().await;
            }
        }
        if closing == Some(hour) {
            for site in &room.sites {
                site.closes_all().await;
            }
        }
        room.hour().await;
    }
    println!("{} letters in a month", room.delivered.len());
    let late = room.delivered.iter().find(|(hour, _)| *hour >= QUIET * 24);
    assert!(late.is_none(), "it does not end: {late:?}");
    for site in &room.sites {
        assert!(site.world.unsent().await.is_empty(), "letters are stuck");
        assert_eq!(site.world.helpdesk.work_on_letters().await.unwrap(), None, "letters wait");
    }
}

/// M-05: "Two helpdesks writing to each other stop after three."
#[tokio::test]
async fn two_help_desks_and_three_vacation_responders_end_in_peace() {
    let mut room = room().await;
    for site in &room.sites {
        for customer in AWAY.into_iter().chain(["other"]) {
            site.world.person(customer).opens("the printer", None).await.unwrap();
        }
    }
    a_month_passes(&mut room, None).await;
    assert!(room.most_in_a_thread() <= 3, "{} letters in a thread", room.most_in_a_thread());
    let became = |from: &str, verdict| room.verdicts.iter().filter(|one| one.0 == from && one.2 == verdict).count();
    // Each site got the answers of the other one, and took none of them for its own.
    for domain in ["one.example", "two.example"] {
        let from = format!("support@{domain}");
        assert!(became(&from, Verdict::Opened) > 0 && became(&from, Verdict::Own) == 0, "{:#?}", room.verdicts);
    }
    assert_eq!(became("careful@away.example", Verdict::Automatic), 2, "one for each site");
    assert_eq!(became("careless@away.example", Verdict::Replied), 2, "nothing tells that it is no person");
    assert_eq!(became("noreply@away.example", Verdict::Automatic), 2);
    for site in &room.sites {
        for ticket in site.tickets().await {
            assert!(ticket.last_message.get() <= 3, "{ticket:?}");
        }
    }
}

/// D-15, M-05: receipts and letters about closing, which programs answer, too. Each reply to the letter about closing opens a ticket.
#[tokio::test]
async fn receipts_and_letters_about_closing_keep_no_loop_alive() {
    let mut room = room().await;
    for site in &room.sites {
        site.tells_customers().await;
        for customer in AWAY.into_iter().chain(["other"]) {
            site.world.person(customer).opens("the printer", None).await.unwrap();
        }
    }
    a_month_passes(&mut room, Some(CLOSING)).await;
    let got = |address: &str| room.delivered.iter().filter(|(_, mail)| mail.to == address).count();
    // From each site: the receipt, the answer, that the ticket is closed, and the receipt for the follow-up ticket.
    assert_eq!(got("careless@away.example"), 8);
    let became = |from: &str, verdict| room.verdicts.iter().filter(|one| one.0 == from && one.2 == verdict).count();
    assert_eq!(became("careless@away.example", Verdict::FollowedUp), 2);
    // The receipts and the letters about closing of the other site are automatic, and open nothing.
    for domain in ["one.example", "two.example"] {
        assert!(became(&format!("support@{domain}"), Verdict::Automatic) >= 2, "{:#?}", room.verdicts);
    }
}

/// M-04, M-05, R-41: letters that the site refuses. If it says why, and a program answers that, it stops.
#[tokio::test]
async fn a_site_does_not_argue_with_programs() {
    let mut room = room().await;
    let (reader, tom) = ("reader@away.example", "tom@one.example");
    for address in [reader, tom] {
        room.responders.insert(address.to_owned(), Responder::Careless);
    }
    let people = &room.sites[0].world.people;
    people.add(muticket_core::User {
        address: Some(reader.to_owned()),
        ..muticket_journeys::user("reader", "Reader", AccessLevel::Read, &[])
    });
    let to = room.sites[0].address();
    room.post.extend([Mail::first(reader, &to, "May I?"), Mail::first(tom, &to, "I am here")]);
    room.sites[0].world.person("careless").opens("the printer", None).await.unwrap();
    a_month_passes(&mut room, None).await;
    let got = |address: &str| room.delivered.iter().filter(|(_, mail)| mail.to == address).count();
    assert!(got(reader) <= 3, "{} letters", got(reader));
    // Two notices of tickets and messages, and at most three that say where supporters answer.
    assert!(got(tom) <= 6, "{} letters: {:#?}", got(tom), room.delivered);
    assert!(room.most_in_a_thread() <= 3, "{} letters in a thread", room.most_in_a_thread());
}
