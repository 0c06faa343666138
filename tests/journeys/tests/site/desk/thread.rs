//! The messages of a long ticket, and its whole history.

use muticket_journeys::{World, at, journey};

journey! {
    /// T-13: a long ticket opens at its newest message, or at the first that the supporter has not read. Older ones are folded.
    async fn older_messages_of_a_long_ticket_are_folded(world: World) {
        let (anna, sara, tom) = (world.as_("anna"), world.as_("sara"), world.as_("tom"));
        let ticket = anna.opens("Printer", "Billing", "Message 1").await;
        assert_eq!(sara.sees(ticket).await.count("details.older"), 0);
        for round in 1..6 {
            sara.answers(ticket, &format!("Answer {round}")).await;
            anna.replies(ticket, &format!("Reply {round}")).await;
        }
        // Sara has read what came before her last answer. The reply after it is new.
        let page = sara.sees(ticket).await;
        assert_eq!(page.all("details.older > summary"), ["7 older messages"]);
        assert_eq!((page.count("details.older .message"), page.count(".message")), (7, 11), "all of them are on the page");
        assert_eq!(page.attributes("#start + .divider-new + .message", "id"), ["message-11"]);
        // Tom has read nothing, so nothing is folded.
        let page = tom.sees(ticket).await;
        assert_eq!((page.count("details.older"), page.attributes("#start + .message", "id")), (0, vec!["message-1".to_owned()]));
        // A link to a part of the conversation shows that part.
        assert_eq!(sara.get(&format!("{}?from=2", at(ticket))).await.is(200).count("details.older"), 0);
        assert_eq!(anna.sees(ticket).await.count("details.older, #start"), 0, "customers have the whole conversation");
        let rows = sara.get("/tickets").await.is(200);
        assert_eq!(rows.attributes(".row-subject", "href"), [format!("/support{}#start", at(ticket))]);
        let _ = world.mailed().await;
    }

    /// T-13: messages that one person writes in a row are grouped.
    async fn messages_of_one_person_in_a_row_are_grouped(world: World) {
        // Taking the ticket would stand between the messages.
        world.settings(|settings| settings.answering_assigns = false).await;
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        anna.replies(ticket, "And it smells").await;
        sara.answers(ticket, "Switch it on").await;
        sara.answers(ticket, "And open a window").await;
        for person in [&anna, &sara] {
            let page = person.sees(ticket).await;
            assert_eq!(page.attributes(".message-continued", "id"), ["message-2", "message-4"]);
            assert_eq!(page.count(".message .who"), 4, "for screen readers each message says who wrote it");
        }
        let _ = world.mailed().await;
    }

    /// T-13, D-13: supporters read the whole history, latest change first. Customers do not.
    async fn supporters_read_the_whole_history(world: World) {
        let (anna, sara) = (world.as_("anna"), world.as_("sara"));
        let ticket = anna.opens("Printer", "Billing", "It is silent").await;
        let answer = sara.answers(ticket, "Switch it on").await;
        anna.rates(ticket, answer, 5).await;
        sara.closes(ticket).await;
        let page = sara.sees(ticket).await;
        let told = ["Sara Sand closed the ticket", "Anna Berg rated an answer: 5 of 5 stars", "Sara Sand took the ticket", "Sara Sand answered", "Anna Berg opened the ticket"];
        let lines = page.all(".history li");
        assert!(lines.len() == told.len() && lines.iter().zip(told).all(|(line, told)| line.starts_with(told)), "{lines:?}");
        assert_eq!(page.attributes(".history li a", "href"), [format!("/support{}/messages/{answer}", at(ticket))]);
        assert_eq!(anna.sees(ticket).await.count(".history"), 0);
        let _ = world.mailed().await;
    }
}
