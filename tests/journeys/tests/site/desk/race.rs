//! Several requests at once, and the same one twice.

use futures_util::future::join_all;
use muticket_journeys::{Answer, Browser, Form, World, journey, number_in};

/// Sends all forms at once.
async fn at_once(sendings: Vec<(Browser, Form)>) -> Vec<Answer> {
    join_all(sendings.iter().map(|(browser, form)| browser.submits(form))).await
}

fn codes(answers: &[Answer]) -> Vec<u16> {
    let mut codes: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    codes.sort_unstable();
    codes
}

journey! {
    /// D-09: the same form sent twice, or ten times at once, makes one ticket, one message and one set of letters.
    async fn a_form_counts_once(world: World) {
        let anna = world.as_("anna");
        let form = anna.drafts("Printer", "Other", "It is silent").await.file("log.txt", b"jam");
        let first = anna.opens_with(&form).await;
        assert_eq!(anna.opens_with(&form).await, first);
        let twice = at_once(vec![(anna.clone(), anna.drafts("Cable", "Other", "Too short").await); 10]).await;
        let numbers: Vec<_> = twice.iter().map(number_in).collect();
        assert!(numbers.iter().all(|number| *number == numbers[0] && *number != first), "{numbers:?}");
        assert_eq!(anna.lists("?sort=number").await, ["Printer", "Cable"]);
        assert_eq!(world.mailed().await, ["sara", "sara", "tom", "tom"]);
        world.later(chrono::TimeDelta::hours(25));
        world.helpdesk().sweep().await.unwrap();
        assert_eq!(world.kept().files(), 1, "the bytes that came a second time are swept");

        let reply = anna.writes(first, "Hello?").await;
        let answers = at_once(vec![(anna.clone(), reply.clone()); 10]).await;
        assert!(answers.iter().all(|answer| answer.location().ends_with("#message-2")));
        // With another text it is a used form.
        let other = anna.submits(&reply.with("body", "Something else")).await.is(409);
        assert!(other.says("Something else"));
        assert_eq!(anna.sees(first).await.count(".message"), 2);
        assert_eq!(world.mailed().await, ["sara", "tom"]);
    }

    /// D-10: two supporters answer at once. One answer is stored, the other supporter gets a page with both texts.
    async fn of_two_answers_at_once_one_waits(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let (one, two) = (sara.writes(ticket, "Switch it on").await, tom.writes(ticket, "Plug it in").await);
        let answers = at_once(vec![(sara.clone(), one), (tom, two)]).await;
        assert_eq!(codes(&answers), [303, 409]);
        let conflict = answers.iter().find(|answer| answer.status == 409).unwrap();
        assert!(conflict.says("Switch it on") && conflict.says("Plug it in"));
        assert_eq!(anna.sees(ticket).await.count(".message-supporter"), 1);
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// D-02: closing and replying at once. Either the ticket is closed and the reply refused, or the reply is stored and the ticket open.
    async fn a_ticket_is_never_closed_over_a_reply(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        for round in 0..6 {
            let ticket = anna.opens("Printer", "Billing", "It is silent").await;
            let reply = (anna.clone(), anna.writes(ticket, "One more thing").await);
            let close = (sara.clone(), sara.sees(ticket).await.form("/close"));
            let order = if round % 2 == 0 { vec![reply, close] } else { vec![close, reply] };
            let answers = at_once(order).await;
            assert_eq!(codes(&answers), [303, 409]);
            let page = sara.sees(ticket).await;
            let (open, replied) = (page.find_form("/close").is_some(), page.says("One more thing"));
            assert_eq!(open, replied);
        }
        let letters = world.mailed().await;
        assert!(letters.iter().all(|to| to == "sara") && (6..=12).contains(&letters.len()), "{letters:?}");
    }

    /// D-06: twenty ratings at once are one rating. D-13: and the history has the last one.
    async fn many_ratings_at_once_are_one(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let answer = sara.answers(ticket, "Switch it on").await;
        let form = anna.sees(ticket).await.form(&format!("/{answer}/rating"));
        let stars = (0..20).map(|try_| (anna.clone(), form.clone().forced("stars", (1 + try_ % 5).to_string().as_bytes()))).collect();
        let answers = at_once(stars).await;
        assert_eq!(codes(&answers), [303; 20]);
        let tally = world.backend();
        let team = tally.supporters().await.unwrap().supporters;
        let id = team.iter().find(|report| report.supporter.user.as_str() == "sara").unwrap().supporter.id;
        let statistics = tally.statistics(id).await.unwrap();
        assert_eq!(statistics.latest.len(), 1);
        assert_eq!(usize::from(statistics.latest[0].rating.score.stars()), sara.sees(ticket).await.count(".star-given"));
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// a ticket that is deleted while its customer replies leaves neither ticket nor reply.
    async fn a_reply_to_a_ticket_that_is_being_deleted(world: World) {
        let anna = world.as_("anna");
        let ticket = anna.opens("Printer", "Billing", "CANARY-4711").await;
        let reply = anna.writes(ticket, "CANARY-4712").await.file("log.txt", b"jam");
        let backend = world.backend();
        let number = ticket.to_string().parse().unwrap();
        let (answer, deleted) = tokio::join!(anna.submits(&reply), backend.delete(number));
        deleted.unwrap();
        assert!(matches!(answer.status, 303 | 404), "{}", answer.brief());
        assert!(answer.status == 303 || answer.says("CANARY-4712"));
        assert!(!world.kept().dump().contains("CANARY"));
        assert_eq!(world.kept().files(), 0);
    }
}
