//! Letters that wait until a supporter is present.

use std::sync::{Arc, Mutex};

use muticket_core::async_trait::async_trait;
use muticket_core::mailroom::{Check, CheckError, LetterToCheck, SenderCheck};

use super::*;

/// A check of senders that finds what a test says; `None` if no name server answers.
struct Names(Mutex<Option<Check>>);

#[async_trait]
impl SenderCheck for Names {
    async fn check(&self, _: LetterToCheck<'_>) -> Result<Check, CheckError> {
        self.0.lock().unwrap().ok_or_else(|| CheckError::new("no name server answers"))
    }
}

fn signed(text: &str) -> String {
    format!("From: <anna@example.org>\r\nTo: support@example.org\r\nSubject: Toner\r\n\r\n{text}\r\n")
}

/// Presses *Again* at the first letter on hold.
async fn again(world: &World) {
    let held = world.as_("ada").get("/backend/mail/received").await.is(200);
    let again = held.attributes("form[action$='/again']", "action").remove(0);
    let _ = world.as_("ada").submits(&held.form(&again)).await.is(303);
}

in_both! {
    /// M-01, R-15: a letter that waits is taken in as soon as a supporter is present.
    async fn a_letter_is_taken_in_when_a_supporter_comes(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        world.everybody_leaves().await;
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "Hello?")).await, "support-off");
        assert!(world.helpdesk().work_on_letters().await.unwrap().unwrap() > world.helpdesk().now());
        world.presence("tom", true).await;
        taken_in(&world).await;
        assert!(world.as_("anna").sees(ticket).await.says("Hello?"));
        assert_eq!(world.mailed().await, ["tom"]);
        world.ends().await;
    }

    /// M-01, M-03: who was told that their letter waits finds it on the ticket later, although their signature has expired meanwhile.
    async fn what_was_found_about_a_sender_counts_later(adapter: Adapter) {
        let names = Arc::new(Names(Mutex::new(Some(Check::Passed))));
        let rules = rules().with_sender_check(names.clone());
        let world = World::new(Plan::sqlite().over(adapter).without_categories().receiving(rules)).await;
        world.everybody_leaves().await;
        assert_eq!(arrives(&world, &signed("It is empty")).await, "support-off");
        assert_eq!(world.mailed().await, ["anna"]);
        for found in [Some(Check::Failed), None] {
            *names.0.lock().unwrap() = found;
            world.later(TimeDelta::days(3));
            assert!(world.helpdesk().work_on_letters().await.unwrap().is_some(), "it still waits");
        }
        world.presence("tom", true).await;
        taken_in(&world).await;
        assert!(world.as_("anna").sees(1).await.says("It is empty"));
        assert_eq!(world.mailed().await, ["tom"]);
        // *Again* asks anew.
        *names.0.lock().unwrap() = Some(Check::Failed);
        assert_eq!(arrives(&world, &signed("It is still empty")).await, "not-confirmed");
        *names.0.lock().unwrap() = Some(Check::Passed);
        again(&world).await;
        taken_in(&world).await;
        assert!(world.as_("anna").sees(2).await.says("It is still empty"));
        let _ = world.mailed().await;
        world.ends().await;
    }

    /// M-05, M-09: one of too many letters that an administrator lets be taken waits for a supporter like the others, and is taken.
    async fn one_of_too_many_letters_waits_and_is_taken(adapter: Adapter) {
        let plan = Plan::sqlite().over(adapter).without_categories().receiving(rules().with_budget(3, 1));
        let world = World::new(plan).await;
        let (ticket, letter) = answered(&world).await;
        for (text, verdict) in [("One", "replied"), ("Another", "too-many")] {
            assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", text)).await, verdict);
        }
        let _ = world.mailed().await;
        world.everybody_leaves().await;
        again(&world).await;
        let page = world.as_("ada").get("/backend/mail/received?group=waiting").await.is(200);
        assert!(page.says("Re: [#1] Printer"), "{}", page.words());
        assert!(world.helpdesk().work_on_letters().await.unwrap().is_some());
        // The site may have it in its hands just now.
        let mut told = world.mailed().await;
        for _ in 0..200 {
            if !told.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            told = world.mailed().await;
        }
        assert_eq!(told, ["anna"], "she is told that it waits");
        world.presence("tom", true).await;
        taken_in(&world).await;
        assert!(world.as_("anna").sees(ticket).await.says("Another"));
        assert_eq!(world.mailed().await, ["tom"]);
        world.ends().await;
    }
}
