//! The whole story, as the people of a site experience it.

use std::sync::Arc;
use std::time::Duration;

use muticket_core::mail::SmtpMailer;
use muticket_journeys::bytes::PNG;
use muticket_journeys::{Adapter, Method, Plan, World, at, in_both, journey};
use muticket_test_support::{Received, SmtpServer};

/// Where letters are received.
trait Post {
    /// Waits for this many letters. Returns their recipients, sorted.
    async fn mailed(&mut self, world: &World, count: usize) -> Vec<String>;
}

/// The journey takes the letters out of the outbox itself.
struct ByHand;

impl Post for ByHand {
    async fn mailed(&mut self, world: &World, _: usize) -> Vec<String> {
        world.mailed().await
    }
}

/// The module sends the letters to a mail server by SMTP.
struct OverSmtp {
    server: SmtpServer,
    read: usize,
}

impl Post for OverSmtp {
    async fn mailed(&mut self, _: &World, count: usize) -> Vec<String> {
        let wanted = self.read + count;
        let arrived = async {
            while self.server.received().len() < wanted {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), arrived).await.expect("the letters do not come");
        // Waits a moment longer, because one letter too many is an error too.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let letters = self.server.received().split_off(self.read);
        self.read += letters.len();
        let mut to: Vec<_> = letters.iter().map(recipient).collect();
        to.sort();
        to
    }
}

fn recipient(letter: &Received) -> String {
    assert_eq!(letter.to.len(), 1, "one recipient a letter");
    letter.to[0].trim_end_matches("@example.org").to_owned()
}

async fn story(world: &World, post: &mut impl Post) {
    let (anna, sara, ada) = (world.as_("anna"), world.as_("sara"), world.as_("ada"));
    // A guest is sent to the login.
    assert!(world.guest().get("/").await.is(303).location().starts_with("/login?back="));

    // Anna opens a ticket with a picture. Sara gets a letter, and nobody else does.
    let form = anna.drafts("CANARY printer", "Billing", "CANARY it is silent").await.file("CANARY.png", PNG);
    let ticket = anna.opens_with(&form).await;
    assert_eq!(post.mailed(world, 1).await, ["sara"]);

    // Sara sees the ticket marked as new, looks at the picture, and answers. Anna gets a letter.
    assert_eq!(sara.get("/tickets").await.count(".row .state-new"), 1);
    let picture = sara.sees(ticket).await.attributes(".picture img", "src");
    let _ = sara.whole(Method::GET, &picture[0]).go().await.is(200);
    let answer = sara.answers(ticket, "CANARY switch it on").await;
    assert_eq!(post.mailed(world, 1).await, ["anna"]);

    // Anna reads the answer, rates it with four stars, and replies. Sara gets a letter, and sees that the ticket waits for a supporter.
    assert!(anna.sees(ticket).await.says("CANARY switch it on"));
    assert_eq!(anna.rates(ticket, answer, 4).await.count("[data-done=rated]"), 1);
    anna.replies(ticket, "CANARY it is on").await;
    assert_eq!(post.mailed(world, 1).await, ["sara"]);
    assert_eq!(sara.get("/tickets").await.count(".row .state-supporter"), 1);

    // Sara closes the ticket, undoes that, and closes it again.
    assert_eq!(sara.sees(ticket).await.attributes("form[action$='/close']", "data-confirm-yes").len(), 1);
    let closed = sara.closes(ticket).await;
    let undone = sara.submits(&closed.form("/reopen")).await.is(303);
    assert_eq!(sara.follows(&undone).await.count(".status-supporter"), 1);
    sara.closes(ticket).await;
    assert!(sara.lists("").await.is_empty());

    // Ada sees Sara's statistics, and marks all supporters as absent.
    let team = ada.get("/backend/supporters").await.is(200);
    let records = team.attributes("tbody th a", "href");
    let statistics = ada.whole(Method::GET, &records[0]).go().await.is(200);
    assert!(statistics.says("Sara Sand") && statistics.all(".figures dd")[2].starts_with("4.00"), "{}", statistics.words());
    for record in &records {
        let form = ada.whole(Method::GET, &format!("{record}/edit")).go().await.is(200).form(record);
        let _ = ada.submits(&form.without("present")).await.is(303);
    }

    // Anna is told that support is off, and cannot open a ticket.
    assert_eq!(anna.get("/tickets").await.is(200).count(".notice-warning"), 1);
    let _ = anna.get("/tickets/new").await.is(409);

    // Ada deletes the ticket for good. A running courier keeps a file of its own beside the picture and its small version.
    let files = world.kept().files();
    assert!(world.kept().dump().contains("CANARY") && (2..=3).contains(&files));
    let question = ada.get(&format!("/backend{}/delete", at(ticket))).await.is(200);
    let _ = ada.submits(&question.form("/delete")).await.is(303);
    assert!(anna.does_not_find(ticket).await && sara.does_not_find(ticket).await);
    let left = world.kept().dump();
    assert!(!left.contains("CANARY"), "{left}");
    assert_eq!(world.kept().files(), files - 2);
}

journey! {
    /// from the first ticket of a site to the last.
    async fn the_whole_story(world: World) {
        story(&world, &mut ByHand).await;
    }
}

in_both! {
    /// the same story, with letters that the module sends by SMTP.
    async fn the_whole_story_with_a_mail_server(adapter: Adapter) {
        let server = SmtpServer::start().await.unwrap();
        let mailer = Arc::new(SmtpMailer::new(&server.url()).unwrap());
        let world = World::new(Plan::sqlite().sending(mailer).over(adapter)).await;
        let mut post = OverSmtp { server, read: 0 };
        story(&world, &mut post).await;
        for letter in post.server.received() {
            let message = mail_parser::MessageParser::default().parse(&letter.message).unwrap();
            let (text, html) = (message.body_text(0).unwrap(), message.body_html(0).unwrap());
            assert!(text.contains("https://example.org/support/tickets/") && html.contains("https://example.org/support/tickets/"));
            // M-10: a supporter's answer is not marked as an automatic letter.
            let to = message.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap();
            let automatic = (!to.starts_with("anna")).then_some("auto-generated");
            assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), automatic, "{to}");
        }
    }
}
