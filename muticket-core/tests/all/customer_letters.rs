//! Letters to customers about their own tickets: the receipt, and that a ticket is closed (D-15).

use chrono::TimeDelta;
use muticket_core::desk::{SelectedTicket, TicketAction};
use muticket_core::draft::AfterAnswer;
use muticket_core::language::Language;
use muticket_core::mail::{Closed, Letter, Letters, Topic};
use muticket_core::notification::{DropReason, LetterState, Notification};
use muticket_core::saved_answer::Actions;
use muticket_core::{AccessLevel, NewMessage, NewTicket, TicketNumber};
use muticket_world::{World, text};

use crate::letter::Case;

/// The usual site, where customers get both letters.
async fn site() -> World {
    let world = World::new().await;
    world.change_settings(|settings| (settings.receipts, settings.closing_letters) = (true, true)).await;
    world
}

/// Sends the due letters, and takes out those to Anna.
async fn to_anna(world: &World) -> Vec<Letter> {
    world.courier().deliver_due().await.unwrap();
    let mut letters = world.mail.take();
    letters.retain(|letter| letter.to.address().as_str() == "anna@example.org");
    letters
}

/// The same after the time in which a closing can be undone.
async fn to_anna_later(world: &World) -> Vec<Letter> {
    world.clock.advance(TimeDelta::minutes(1));
    to_anna(world).await
}

/// The words of a letter, without its line ends.
fn words(letter: &Letter) -> String {
    letter.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The tickets with a receipt that was not sent, each with the recipient.
async fn receipts(world: &World) -> Vec<(TicketNumber, String)> {
    let mut letters = world.unsent().await;
    letters.retain(|letter| letter.notification == Notification::TicketReceived);
    letters.sort_by_key(|letter| letter.ticket);
    letters.into_iter().map(|letter| (letter.ticket.unwrap(), letter.recipient.to_string())).collect()
}

/// Why the letter to Anna was not sent.
async fn drop_reason(world: &World) -> Option<DropReason> {
    let unsent = world.unsent().await;
    match unsent.into_iter().find(|letter| letter.recipient.as_str() == "anna")?.state {
        LetterState::Dropped { reason, .. } => Some(reason),
        _ => None,
    }
}

/// M-10: a receipt says that we have the ticket, and it is automatic mail.
#[tokio::test]
async fn a_receipt_has_the_ticket_its_text_and_its_files() {
    let world = site().await;
    let attachments =
        vec![world.anna().attaches("a.txt", b"a").await.unwrap(), world.anna().attaches("b.txt", b"b").await.unwrap()];
    let (subject, body) = ("Printer".to_owned(), "It is silent.".to_owned());
    world.anna().portal().open(NewTicket { subject, body, attachments, ..Default::default() }).await.unwrap();
    let letters = to_anna(&world).await;
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    assert_eq!(letter.subject, "[#1] Printer");
    assert!(letter.automatic && !letter.is_answer && letter.reply_to.is_none());
    assert!(letter.text.contains("\nTicket: #1 Printer\nFiles: a.txt, b.txt\n\n> It is silent.\n"), "{}", letter.text);
    let said = words(letter);
    assert!(said.starts_with("Hello Anna Berg, We have received your ticket. You get an email when we answer."), "{said}");
    let next = "If you want to add something, please write on the ticket: https://example.org/support/tickets/1/messages/1 --";
    assert!(said.contains(&format!("Replies to this email are not read. {next}")), "{said}");
    let who = "You get another one when it is closed. Only you and support get emails about this ticket.";
    assert!(said.ends_with(who), "{said}");
    world.change_settings(|settings| settings.receipts = true).await;
    world.anna().opens("Toner", None).await.unwrap();
    let said = words(&to_anna(&world).await.remove(0));
    assert!(!said.contains("when it is closed") && !said.contains("Files"), "{said}");
}

/// D-15: "once". P-25: the same form is the same ticket.
#[tokio::test]
async fn each_ticket_has_one_receipt() {
    let world = site().await;
    world.change_settings(|settings| (settings.receipts, settings.supporters_open) = (true, true)).await;
    let (subject, body) = ("Printer".to_owned(), "It is silent.".to_owned());
    let form = NewTicket { subject, body, nonce: Some(world.helpdesk.nonce()), ..Default::default() };
    let first = world.anna().portal().open(form.clone()).await.unwrap();
    assert_eq!(world.anna().portal().open(form.clone()).await.unwrap().number, first.number);
    world.sara().closes(&first).await.unwrap();
    let follows = NewTicket { follows: Some(first.number), nonce: None, ..form };
    let second = world.anna().portal().open(follows).await.unwrap();
    // D-05: on their own ticket a supporter is its customer.
    let third = world.sara().opens("screen", None).await.unwrap();
    let to = |ticket: TicketNumber, recipient: &str| (ticket, recipient.to_owned());
    let expected = [to(first.number, "anna"), to(second.number, "anna"), to(third.number, "sara")];
    assert_eq!(receipts(&world).await, expected);
}

/// D-15: "both settings".
#[tokio::test]
async fn each_letter_has_its_own_switch() {
    for (receipt, closing) in [(true, false), (false, true)] {
        let world = site().await;
        world.change_settings(|settings| (settings.receipts, settings.closing_letters) = (receipt, closing)).await;
        let ticket = world.anna().opens("printer", None).await.unwrap();
        assert_eq!(to_anna(&world).await.len(), usize::from(receipt));
        world.sara().closes(&ticket).await.unwrap();
        assert_eq!(to_anna_later(&world).await.len(), usize::from(closing));
    }
}

/// P-01
#[tokio::test]
async fn who_may_not_see_the_ticket_any_more_gets_neither() {
    let world = site().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.people.set_level("anna", AccessLevel::Overview);
    assert!(to_anna(&world).await.is_empty());
    assert_eq!(drop_reason(&world).await, Some(DropReason::NoAccess));
    world.people.set_level("anna", AccessLevel::Add);
    world.clock.advance(TimeDelta::hours(1));
    world.sara().closes(&ticket).await.unwrap();
    world.people.set_level("anna", AccessLevel::Overview);
    assert!(to_anna_later(&world).await.is_empty());
    assert_eq!(drop_reason(&world).await, Some(DropReason::NoAccess));
}

/// D-15, M-10: the letter says who closed the ticket, as customers see supporters, and quotes nothing.
#[tokio::test]
async fn a_letter_says_who_closed_the_ticket() {
    let world = site().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    to_anna(&world).await;
    world.sara().closes(&ticket).await.unwrap();
    world.tom().closes(&ticket).await.unwrap();
    assert!(to_anna(&world).await.is_empty(), "it can still be undone");
    let letters = to_anna_later(&world).await;
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    assert!(letter.automatic && !letter.is_answer && letter.subject == "[#1] printer");
    assert!(
        letter.text.starts_with("Hello Anna Berg,\n\nSara Sand has closed your ticket.\n\nTicket: #1 printer\n"),
        "{}",
        letter.text
    );
    assert!(!letter.text.contains("\n> ") && !letter.html.contains("class=\"quote\""), "{}", letter.text);
    assert!(letter.text.contains("\nhttps://example.org/support/tickets/1/messages/1\n"), "{}", letter.text);
}

/// nobody is told of a closing that was undone. If the ticket is closed again, that is told once.
#[tokio::test]
async fn a_closing_that_is_undone_mails_nobody() {
    let world = site().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    to_anna(&world).await;
    world.sara().closes(&ticket).await.unwrap();
    world.sara().reopens(&ticket).await.unwrap();
    assert!(to_anna_later(&world).await.is_empty());
    assert_eq!(drop_reason(&world).await, Some(DropReason::Outdated));
    world.sara().closes(&ticket).await.unwrap();
    world.sara().reopens(&ticket).await.unwrap();
    world.tom().closes(&ticket).await.unwrap();
    let letters = to_anna_later(&world).await;
    let [letter] = &letters[..] else { panic!("{letters:?}") };
    assert!(letter.text.contains("Tom Tal has closed your ticket."), "{}", letter.text);
}

/// D-15, T-09, T-10: one letter, not two. It is a person's answer (M-10).
#[tokio::test]
async fn an_answer_that_closes_the_ticket_says_so_itself() {
    let at_once = NewMessage { then: AfterAnswer::Close, ..text("Switch it on.") };
    let by_action = NewMessage { actions: Actions { close: true, ..Actions::default() }, ..text("Switch it on.") };
    for answer in [at_once, by_action] {
        let world = site().await;
        let ticket = world.anna().opens("printer", None).await.unwrap();
        to_anna(&world).await;
        world.sara().desk().await.unwrap().answer(ticket.number, answer).await.unwrap();
        let letters = to_anna_later(&world).await;
        let [letter] = &letters[..] else { panic!("{letters:?}") };
        assert!(!letter.automatic);
        let words = words(letter);
        let heading =
            "Hello Anna Berg, Sara Sand has answered your ticket. The ticket is closed now. Ticket: #1 printer > Switch it on.";
        assert!(words.starts_with(heading) && words.contains("Then open a follow-up ticket on the page"), "{words}");
    }
    let world = site().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    to_anna(&world).await;
    let answer = NewMessage { then: AfterAnswer::Close, ..text("Switch it on.") };
    world.sara().desk().await.unwrap().answer(ticket.number, answer).await.unwrap();
    world.sara().reopens(&ticket).await.unwrap();
    let letter = to_anna(&world).await.remove(0);
    assert!(!letter.text.contains("closed") && words(&letter).contains("Please reply on the ticket:"), "{}", letter.text);
}

/// T-11
#[tokio::test]
async fn of_several_tickets_each_has_its_own_letter() {
    let world = site().await;
    let mut tickets = Vec::new();
    for subject in ["one", "two"] {
        let number = world.anna().opens(subject, None).await.unwrap().number;
        tickets.push(SelectedTicket { number, seen: None });
    }
    to_anna(&world).await;
    world.sara().desk().await.unwrap().several(&tickets, &TicketAction::Close).await.unwrap();
    let subjects: Vec<_> = to_anna_later(&world).await.into_iter().map(|letter| letter.subject).collect();
    assert_eq!(subjects, ["[#1] one", "[#2] two"]);
}

/// D-02, D-06, D-15: it says what the customer may do.
#[tokio::test]
async fn a_letter_about_closing_promises_only_what_is_possible() {
    let follow_up = "Then open a follow-up ticket on the page of the ticket.";
    let (reply, rate, look) =
        ("Then reply to this email.", "You can rate our answers on the ticket:", "You find the ticket here:");
    let cases = [
        (AccessLevel::Add, false, true, true, vec![follow_up, rate]),
        (AccessLevel::Add, true, true, true, vec![reply, rate]),
        (AccessLevel::Add, true, false, true, vec![reply, look]),
        (AccessLevel::Add, true, true, false, vec![reply, look]),
        (AccessLevel::Comment, true, true, true, vec![rate]),
        (AccessLevel::Read, true, true, true, vec![look]),
    ];
    for (level, letters_come_in, is_answered, ratings, said) in cases {
        let world = site().await;
        world.change_settings(|settings| (settings.closing_letters, settings.ratings) = (true, ratings)).await;
        let ticket = world.anna().opens("printer", None).await.unwrap();
        if is_answered {
            world.sara().answers(&ticket, "Is it on?").await.unwrap();
        }
        world.sara().closes(&ticket).await.unwrap();
        world.people.set_level("anna", level);
        // D-02: a reply waits until somebody is present again.
        world.everybody_leaves().await;
        world.clock.advance(TimeDelta::minutes(1));
        let courier = match letters_come_in {
            true => world.courier().with_replies("support+{token}@example.org".parse().unwrap()),
            false => world.courier(),
        };
        courier.deliver_due().await.unwrap();
        let letters = world.mail.take();
        let letter = letters.into_iter().find(|letter| letter.text.contains("has closed your ticket.")).unwrap();
        let words = words(&letter);
        let found: Vec<_> = [reply, follow_up, rate, look].into_iter().filter(|sentence| words.contains(sentence)).collect();
        assert_eq!(found, said, "{level:?} {words}");
        assert_eq!(letter.reply_to.is_some(), said.contains(&reply), "{level:?}");
    }
}

/// D-15: what comes next stands before the link, in every letter to the customer of a closed ticket.
#[test]
fn a_letter_about_a_closed_ticket_says_what_comes_next() {
    let mut case = Case::new();
    case.recipient.language = Some(Language::english());
    let letters = Letters::builder().build().unwrap();
    let (more, not_read) = ("Do you need more help? Then", "Replies to this email are not read.");
    let (rate, look) = ("You can rate our answers on the ticket:", "You find the ticket here:");
    for (can_reply, may_follow, may_rate, sentences) in [
        (true, true, true, format!("{more} reply to this email. Your reply becomes a follow-up ticket. {rate}")),
        (false, true, false, format!("{not_read} {more} open a follow-up ticket on the page of the ticket. {look}")),
        (false, false, true, format!("{not_read} {rate}")),
        (false, false, false, format!("{not_read} {look}")),
    ] {
        let closed = Some(Closed { may_follow, may_rate });
        for notification in [Notification::TicketClosed, Notification::SupporterAnswered, Notification::TicketReceived] {
            let letter = letters.write(&Topic { closed, can_reply, ..case.topic(notification) }).unwrap();
            let text = letter.text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains(&format!(" {sentences} https://example.org/support/tickets/12/messages/3 --")), "{text}");
            assert!(letter.html.split_once("<a href=").unwrap().0.contains(&format!(">{sentences}<")), "{}", letter.html);
            assert_eq!(text.contains("The ticket is closed now."), notification == Notification::SupporterAnswered);
        }
    }
}
