//! Letters that come in through the door for mail servers.

mod addresses;
mod answers;
mod door;
mod forged;
mod receipts;
mod supporters;
mod waits;

use chrono::TimeDelta;
use muticket_core::mail::Letter;
use muticket_core::{AccessLevel, CategoryId, MailIn};
use muticket_journeys::{Adapter, Answer, Method, Plan, World, in_both};

const KEY: &str = "the key of the mail server";

/// What the relay of the site writes about a sender that it could confirm.
const PASSED: &str = "Authentication-Results: mx.example.org; dmarc=pass header.from=example.org\r\n";

fn rules() -> MailIn {
    MailIn::new("support+{token}@example.org").unwrap().with_key(KEY).with_relay("mx.example.org")
}

async fn world(adapter: Adapter) -> World {
    World::new(Plan::sqlite().over(adapter).without_categories().receiving(rules())).await
}

async fn world_with(adapter: Adapter, rules: MailIn) -> World {
    World::new(Plan::sqlite().over(adapter).receiving(rules)).await
}

/// Hands over a letter as the site's mail server does.
async fn posts(world: &World, letter: &str) -> Answer {
    posts_to(world, "support@example.org", letter).await
}

/// The same for a recipient of the envelope.
async fn posts_to(world: &World, recipient: &str, letter: &str) -> Answer {
    let recipient = recipient.replace('+', "%2B");
    let door = world.guest().sends(Method::POST, &format!("/mail?from=a@example.org&to={recipient}"));
    let door = door.header("Authorization", &format!("Bearer {KEY}")).header("Content-Type", "message/rfc822");
    door.body(letter.as_bytes().to_vec()).go().await
}

/// The verdict of a letter.
async fn arrives(world: &World, letter: &str) -> String {
    posts(world, letter).await.is(200).text().trim().to_owned()
}

/// Works on the letters that wait, until none does. The site works on them, too, so it may have one in its hands.
async fn taken_in(world: &World) {
    for _ in 0..200 {
        if world.helpdesk().work_on_letters().await.unwrap().is_none() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("a letter still waits");
}

/// What a mail program makes of a reply: the quoted letter below the text.
fn reply(to: &Letter, from: &str, head: &str, text: &str) -> String {
    let quoted: String = to.text.lines().map(|line| format!("> {line}\r\n")).collect();
    format!(
        "{head}From: <{from}>\r\nTo: <{}>\r\nSubject: Re: {}\r\nMessage-ID: <{}@mail.example>\r\nIn-Reply-To: <{}>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n\r\nOn Monday, Support wrote:\r\n{quoted}",
        to.reply_to.as_ref().expect("it can be replied to"),
        to.subject,
        text.len(),
        to.message_id,
    )
}

/// What a mail server writes when the recipient of a letter is unknown.
fn came_back(letter: &Letter) -> String {
    let to = letter.to.address();
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@x.example\r\nTo: support@example.org\r\nSubject: Undelivered\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nNot delivered.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\nFinal-Recipient: rfc822; {to}\r\n\
         Action: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b\r\n\
         Content-Type: text/rfc822-headers\r\n\r\nTo: <{to}>\r\nMessage-ID: <{}>\r\n\r\n--b--\r\n",
        letter.message_id
    )
}

/// A ticket of Anna's that Sara answered, and the letter about the answer.
async fn answered(world: &World) -> (u64, Letter) {
    let ticket = world.as_("anna").opens("Printer", "", "It is silent").await;
    world.as_("sara").answers(ticket, "Is it plugged in?").await;
    let mut letters = world.letters().await;
    let at = letters.iter().position(|letter| letter.to.address().as_str() == "anna@example.org").unwrap();
    (ticket, letters.swap_remove(at))
}

in_both! {
    /// M-01, M-03, M-06, M-10: a customer replies to a letter. The reply is on the ticket, supporters hear of it, the quoted part is
    /// folded, and supporters can see the original.
    async fn a_reply_to_a_letter_is_a_reply_on_the_ticket(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        assert!(letter.text.starts_with("-=- ") && !letter.text.contains("not read"), "{}", letter.text);
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "Yes, it is.")).await, "replied");
        assert_eq!(world.mailed().await, ["sara"], "it is assigned to her");
        let page = world.as_("anna").sees(ticket).await;
        assert_eq!(page.texts("#message-3 .message-body > .text"), ["Yes, it is."]);
        assert!(page.texts("#message-3 .quoted .text")[0].contains("Is it plugged in?"));
        assert!(page.says("Sent by email.") && page.count("#message-3 a[href*='/letters/']") == 0);
        let original = world.as_("sara").sees(ticket).await.attributes("#message-3 a[href*='/letters/']", "href").remove(0);
        let file = world.as_("sara").whole(Method::GET, &original).go().await.is(200);
        assert!(file.text().contains("In-Reply-To: <") && file.header("Content-Type").unwrap().starts_with("text/plain"));
        assert!(file.header("Content-Disposition").unwrap().starts_with("attachment"));
        let _ = world.as_("anna").whole(Method::GET, &original).go().await.is(404);
        world.ends().await;
    }

    /// M-02: "a letter delivered twice counts once", also if another server passed it on.
    async fn the_same_letter_twice_counts_once(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        let reply = reply(&letter, "anna@example.org", "", "Yes");
        for again in [reply.clone(), reply.clone(), format!("Received: by mx2\r\n\tat noon\r\n{reply}")] {
            assert_eq!(arrives(&world, &again).await, "replied");
        }
        assert_eq!(world.as_("anna").sees(ticket).await.count(".message"), 3);
        assert_eq!(world.mailed().await, ["sara"]);
        world.ends().await;
    }

    /// M-03: nothing but the token of the sender names a ticket.
    async fn a_forged_letter_is_nobodys_message(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        let address = letter.reply_to.as_ref().unwrap().to_string();
        let plain = reply(&letter, "anna@example.org", "", "Forged");
        let (subject, id) = (plain.replace(&address, "support@example.org"), letter.message_id.to_string());
        let without = |letter: &str| letter.replace(&format!("In-Reply-To: <{id}>\r\n"), "");
        let other = address.replace(&format!("+t{ticket}-"), "+t999-");
        for (letter, verdict) in [
            // The number in the subject, and the id of the thread, say nothing.
            (without(&subject), "not-confirmed"),
            (without(&subject).replace("Subject:", &format!("References: <{}>\r\nSubject:", letter.thread)), "not-confirmed"),
            // The token of another recipient.
            (reply(&letter, "ben@example.org", "", "Forged"), "not-confirmed"),
            (reply(&letter, "ben@example.org", PASSED, "Forged, too"), "not-confirmed"),
            (reply(&letter, "nobody@x.example", "", "Forged"), "not-confirmed"),
            // The token of another ticket.
            (without(&plain).replace(&address, &other), "not-confirmed"),
            // The relay says that it is forged. What another server says does not count.
            (reply(&letter, "anna@example.org", &PASSED.replace("pass", "fail"), "Forged"), "not-confirmed"),
            (without(&subject).replace("From:", &format!("{}From:", PASSED.replace("mx.", "evil."))), "not-confirmed"),
        ] {
            assert_eq!(arrives(&world, &letter).await, verdict, "{letter}");
        }
        let page = world.as_("anna").sees(ticket).await;
        assert!(page.count(".message") == 2 && !page.says("Forged") && page.count("a[href*='/letters/']") == 0);
        let shown = world.as_("sara").sees(ticket).await;
        assert!(shown.count(".message") == 2 && shown.says("not confirmed"), "{}", shown.words());
        let text = shown.attributes("a[href*='/letters/'][href$='/text']", "href").remove(0);
        let answer = world.as_("sara").whole(Method::GET, &text).go().await.is(200);
        assert!(answer.text().starts_with("Forged") && answer.header("Content-Disposition") == Some("inline"));
        let _ = world.as_("anna").whole(Method::GET, &text).go().await.is(404);
        assert_eq!(world.mailed().await, ["sara"], "once");
        world.ends().await;
    }

    /// M-03: mail systems change the case of addresses, and some mail programs lose the address and keep the id.
    async fn a_token_survives_mail_systems(adapter: Adapter) {
        let world = world(adapter).await;
        let (_, letter) = answered(&world).await;
        let address = letter.reply_to.as_ref().unwrap().to_string();
        let upper = reply(&letter, "ANNA@example.org", "", "One").replace(&address, &address.to_uppercase());
        let lost = reply(&letter, "anna@example.org", "", "Second").replace(&address, "support@example.org");
        assert_eq!([arrives(&world, &upper).await, arrives(&world, &lost).await], ["replied", "replied"]);
        assert_eq!(world.mailed().await, ["sara", "sara"]);
        world.later(TimeDelta::days(800));
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "An old key")).await, "not-confirmed");
        world.ends().await;
    }

    /// M-05: automatic letters, reports and our own letters change nothing and mail nobody.
    async fn what_no_person_wrote_changes_nothing(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        let before = world.as_("sara").sees(ticket).await.all(".message, .event");
        for (head, from, verdict) in [
            ("Auto-Submitted: auto-replied\r\n", "anna@example.org", "automatic"),
            ("Precedence: bulk\r\n", "anna@example.org", "automatic"),
            ("Return-Path: <>\r\n", "mailer-daemon@x.example", "bounce"),
            ("", "support@example.org", "own"),
        ] {
            assert_eq!(arrives(&world, &reply(&letter, from, head, "I am away")).await, verdict);
        }
        assert_eq!(world.as_("sara").sees(ticket).await.all(".message, .event"), before);
        let page = world.as_("ada").get("/backend/mail/received").await.is(200);
        assert_eq!(page.count("a[href$='/original']"), 0, "nobody has to decide about them");
        world.ends().await;
    }

    /// M-05: a report about delivery marks the letter and its recipient. After three, the person gets no letters until an administrator or
    /// a letter of theirs says otherwise.
    async fn letters_that_come_back_stop_until_somebody_says_otherwise(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, mut letter) = answered(&world).await;
        let (ada, sara) = (world.as_("ada"), world.as_("sara"));
        for text in ["One", "Two", ""] {
            assert_eq!(arrives(&world, &came_back(&letter)).await, "bounce");
            assert_eq!(ada.get("/backend/mail").await.is(200).count("form[action$='/mail/resume']"), usize::from(text.is_empty()));
            if !text.is_empty() {
                sara.answers(ticket, text).await;
                letter = world.letters().await.remove(0);
            }
        }
        let page = ada.get("/backend/mail").await.is(200);
        assert_eq!(page.count("form[action$='/retry']"), 3);
        assert!(page.says("anna@example.org") && page.says("550 5.1.1 no such user"), "{}", page.words());
        assert_eq!(sara.sees(ticket).await.count(".message"), 4, "no report is a message");
        sara.answers(ticket, "Three").await;
        assert_eq!(world.mailed().await, [""; 0]);
        assert!(ada.get("/backend/mail").await.says("Emails to this address came back several times."));

        let resume = page.form("/mail/resume");
        let done = ada.submits(&resume).await.is(303);
        assert!(ada.follows(&done).await.says("Emails are sent to this address again."));
        let _ = ada.submits(&resume).await.is(404);
        sara.answers(ticket, "Four").await;
        assert_eq!(world.mailed().await, ["anna"]);
        world.ends().await;
    }

    /// M-01, D-02: a reply to a closed ticket opens one that continues it. Further ones are replies on that.
    async fn a_letter_to_a_closed_ticket_opens_a_follow_up(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        world.as_("sara").closes(ticket).await;
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "It is silent again")).await, "followed-up");
        let page = world.as_("anna").sees(ticket + 1).await;
        assert!(page.says("It is silent again") && page.count(&format!("a[href$='/tickets/{ticket}']")) > 0, "{}", page.words());
        assert_eq!(world.as_("anna").sees(ticket).await.count(".message"), 2);
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        for text in ["And hot", "And it smells"] {
            assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", text)).await, "replied");
            assert!(world.as_("anna").sees(ticket + 1).await.says(text));
        }
        assert_eq!(world.mailed().await, ["sara", "sara", "tom", "tom"]);
        world.ends().await;
    }

    /// M-01, R-15: with nobody present a reply waits, and is taken in when somebody is back.
    async fn a_reply_waits_for_a_supporter(adapter: Adapter) {
        let world = world(adapter).await;
        let (ticket, letter) = answered(&world).await;
        world.everybody_leaves().await;
        assert_eq!(arrives(&world, &reply(&letter, "anna@example.org", "", "Hello?")).await, "support-off");
        assert_eq!(world.mailed().await, ["anna"]);
        for _ in 0..5 {
            world.later(TimeDelta::minutes(10));
            assert!(world.helpdesk().work_on_letters().await.unwrap().is_some(), "it still waits");
        }
        world.presence("tom", true).await;
        world.later(TimeDelta::minutes(10));
        taken_in(&world).await;
        assert!(world.as_("anna").sees(ticket).await.says("Hello?"));
        assert_eq!(world.mailed().await, ["tom"]);
        world.ends().await;
    }

    /// M-04: a confirmed letter of a customer opens a ticket; one that is not confirmed, and one of somebody unknown, is held.
    async fn a_letter_opens_a_ticket_or_is_held(adapter: Adapter) {
        let world = world(adapter).await;
        let letter = |head: &str, from: &str, text: &str| {
            format!("{head}From: {from}\r\nTo: support@example.org\r\nSubject: Re: Toner\r\n\r\n{text}\r\n")
        };
        assert_eq!(arrives(&world, &letter(PASSED, "anna@example.org", "It is empty")).await, "opened");
        assert!(world.as_("anna").get("/tickets").await.says("Toner"));
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        assert_eq!(arrives(&world, &letter("", "anna@example.org", "Not me")).await, "not-confirmed");
        assert_eq!(arrives(&world, &letter("", "who@x.example", "Please help")).await, "unknown-sender");
        world.people().set_level("ben", AccessLevel::Read);
        assert_eq!(arrives(&world, &letter(PASSED, "ben@example.org", "Me, too")).await, "not-allowed");
        assert_eq!(world.mailed().await, ["ben"], "only he is known and confirmed");

        let ada = world.as_("ada");
        let page = ada.get("/backend/mail/received").await.is(200);
        assert_eq!(page.count("a[href$='/original']"), 3, "{}", page.words());
        assert!(page.says("No account has this address.") && page.says("It is not certain"));
        let originals = page.attributes("a[href$='/original']", "href");
        assert!(ada.whole(Method::GET, &originals[1]).go().await.is(200).text().contains("Please help"));
        // The newest one is first: Ben's, the unknown sender's, Anna's.
        let actions = page.attributes("form[action$='/take']", "action");
        let take = |action: &str, user: &str| page.form(action).with("user", user);
        let nobody = ada.submits(&take(&actions[1], "who@x.example")).await.is(422);
        assert!(nobody.says("No account has this ID or address") && nobody.count("input[value='who@x.example']") == 1);
        let opened = ada.submits(&take(&actions[1], "anna@example.org")).await.is(303);
        assert!(ada.follows(&opened).await.says("The ticket was opened."));
        let refused = ada.submits(&take(&actions[0], "ben")).await.is(422);
        assert!(refused.says("may not open tickets at the moment") && refused.count("input[value='ben']") == 1);
        let discard = ada.get("/backend/mail/received").await.form(&actions[2].replace("/take", "/discard"));
        let discarded = ada.submits(&discard).await.is(303);
        assert_eq!(ada.follows(&discarded).await.count("a[href$='/original']"), 1);
        let _ = ada.submits(&discard).await.is(404);
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        world.ends().await;
    }

    /// M-09: the backend lists what came in by what became of it, in pages, and counts it. Only supporters get links to tickets.
    async fn what_came_in_is_listed_by_what_became_of_it(adapter: Adapter) {
        let world = world(adapter).await;
        let letter = |head: &str, from: &str, text: &str| format!("{head}From: {from}\r\nSubject: Toner\r\n\r\n{text}\r\n");
        assert_eq!(arrives(&world, &letter(PASSED, "anna@example.org", "It is empty")).await, "opened");
        assert_eq!(arrives(&world, &letter("Precedence: bulk\r\n", "anna@example.org", "News")).await, "automatic");
        for number in 0..25 {
            assert_eq!(arrives(&world, &letter("", "who@x.example", &number.to_string())).await, "unknown-sender");
            world.later(TimeDelta::seconds(1));
        }
        let ada = world.as_("ada");
        let page = ada.get("/backend/mail/received").await.is(200);
        assert_eq!(page.texts("nav.tabs .count"), ["25", "25", "0", "0", "1", "1", "0"], "{}", page.words());
        let (mut seen, mut next) = (Vec::new(), Some("/backend/mail/received".to_owned()));
        while let Some(address) = next {
            let page = match address.as_str() {
                "/backend/mail/received" => ada.get(&address).await.is(200),
                whole => ada.whole(Method::GET, whole).go().await.is(200),
            };
            seen.extend(page.attributes("a[href$='/original']", "href"));
            next = page.attributes("a[rel=next]", "href").pop();
        }
        let different: std::collections::BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), different.len()), (25, 25));
        let done = ada.get("/backend/mail/received?group=done").await.is(200);
        assert!(done.says("It opened the ticket.") && done.says("Ticket #1") && done.count("td a[href*='/tickets/']") == 0);
        assert_eq!(done.count("form[action$='/take']"), 0);
        let ignored = ada.get("/backend/mail/received?group=ignored").await.is(200);
        assert!(ignored.says("A program wrote it") && ignored.says("30 days"), "{}", ignored.words());
        assert_eq!(ada.get("/backend/mail").await.is(200).texts("nav.tabs .count"), ["25"]);
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        world.ends().await;
    }

    /// M-04, D-08: where categories are active, a letter opens a ticket only in the one that is set up.
    async fn a_ticket_by_mail_has_the_category_that_is_set_up(adapter: Adapter) {
        let letter = format!("{PASSED}From: anna@example.org\r\nSubject: Toner\r\n\r\nIt is empty\r\n");
        let held = world_with(adapter, rules()).await;
        assert_eq!(arrives(&held, &letter).await, "needs-category");
        assert_eq!(held.mailed().await, ["anna"]);
        held.ends().await;
        let unknown = world_with(adapter, rules().with_category(CategoryId::new("none"))).await;
        assert_eq!(arrives(&unknown, &letter).await, "needs-category");
        assert_eq!(unknown.mailed().await, ["anna"]);
        unknown.ends().await;
    }

    /// M-07: the files of a letter are those of the message. One that is refused is named.
    async fn files_come_along(adapter: Adapter) {
        let plan = Plan::sqlite().over(adapter).without_categories().receiving(rules()).files_of(100);
        let world = World::new(plan).await;
        let part = |name: &str, text: &str| {
            format!("--b\r\nContent-Type: application/pdf; name=\"{name}\"\r\nContent-Disposition: attachment\r\n\r\n{text}\r\n")
        };
        let letter = format!(
            "{PASSED}From: anna@example.org\r\nSubject: Files\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee\r\n{}{}--b--\r\n",
            part("small.pdf", "%PDF-1"),
            part("large.pdf", &"x".repeat(200)),
        );
        assert_eq!(arrives(&world, &letter).await, "opened");
        let page = world.as_("anna").sees(1).await;
        assert_eq!(page.count(".attachments a[download]"), 1);
        assert!(page.says("The file large.pdf was not stored: it is too large."), "{}", page.words());
        assert_eq!(world.mailed().await, ["sara", "tom"]);
        world.ends().await;
    }
}
