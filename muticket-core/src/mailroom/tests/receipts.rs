//! Receipts for tickets that letters open (D-15, M-05, M-10).

use super::*;

/// A site that sends receipts.
async fn site() -> Site {
    let site = Site::new().await;
    site.sends_receipts(true).await;
    site
}

/// A letter of Anna's that the relay confirmed.
fn letter(head: &str, text: &str) -> String {
    format!(
        "Authentication-Results: mx.site.example; dmarc=pass\r\n{head}From: anna@x.example\r\nSubject: Toner\r\n\r\n{text}\r\n"
    )
}

impl Site {
    /// The letters to Anna that were sent since the last call.
    async fn to_anna(&self) -> Vec<Letter> {
        let before = self.mailer.letters().len();
        self.mailed().await;
        let sent = self.mailer.letters().split_off(before);
        sent.into_iter().filter(|letter| letter.to.address().as_str() == "anna@x.example").collect()
    }

    async fn is_present(&self, present: bool) {
        let backend = self.helpdesk.backend(&Host::visitor("ada")).unwrap();
        for report in backend.supporters().await.unwrap().supporters {
            backend.edit_supporter(report.supporter.id, SupporterEdit { present, ..SupporterEdit::default() }).await.unwrap();
        }
    }
}

/// RFC 3834: the receipt answers the letter. A reply to it is a reply on the ticket.
#[tokio::test]
async fn a_letter_that_opened_a_ticket_is_answered() {
    let site = site().await;
    assert_eq!(site.receive(&letter("Message-ID: <a@m.example>\r\n", "It is empty")).await, Verdict::Opened);
    let letters = site.to_anna().await;
    let [receipt] = &letters[..] else { panic!("{letters:?}") };
    assert_eq!((receipt.thread.as_str(), receipt.subject.as_str()), ("a@m.example", "[#1] Toner"));
    assert!(receipt.automatic && receipt.is_answer && receipt.text.contains("\n> It is empty\n"), "{}", receipt.text);
    assert!(receipt.text.contains("reply to this email"), "{}", receipt.text);
    assert_eq!(site.receive(&reply(receipt, "anna@x.example", "The black one")).await, Verdict::Replied);
    assert!(site.to_anna().await.is_empty(), "a reply gets no receipt");
    let stored = site.letters(TicketNumber::new(1).unwrap()).await;
    let mut told: Vec<_> = stored.iter().map(|letter| (letter.message.unwrap().get(), letter.told_at.is_some())).collect();
    told.sort_unstable();
    assert_eq!(told, [(1, true), (2, false)], "it counts for the budget");
}

/// D-02: a reply to a closed ticket opens one that continues it.
#[tokio::test]
async fn a_follow_up_ticket_by_letter_has_a_receipt() {
    let site = site().await;
    let (number, letter) = site.answered().await;
    site.helpdesk.desk(&Host::visitor("sara")).await.unwrap().close(number, None).await.unwrap();
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "It is silent again")).await, Verdict::FollowedUp);
    let subjects: Vec<_> = site.to_anna().await.into_iter().map(|letter| letter.subject).collect();
    assert_eq!(subjects, ["[#2] Email without a subject"]);
}

/// M-05: nobody gets a receipt whose letter a MuTicket sent, whatever it says.
#[tokio::test]
async fn a_letter_with_the_loop_mark_has_no_receipt() {
    let site = site().await;
    assert_eq!(site.receive(&letter("X-MuTicket-Loop: 1\r\n", "We have your ticket")).await, Verdict::Opened);
    assert!(site.to_anna().await.is_empty());
}

/// M-05: at most three letters a day. Forms cannot answer receipts, so they count for nothing.
#[tokio::test]
async fn a_sender_gets_three_receipts_a_day() {
    let site = site().await;
    let portal = site.helpdesk.portal(&Host::visitor("anna")).unwrap();
    for number in 0..5 {
        let new = NewTicket { subject: format!("Form {number}"), body: "Text".to_owned(), ..NewTicket::default() };
        portal.open(new).await.unwrap();
    }
    assert_eq!(site.to_anna().await.len(), 5);
    let mut sent = Vec::new();
    for number in 0..5 {
        assert_eq!(site.receive(&letter("", &format!("Letter {number}"))).await, Verdict::Opened);
        sent.push(site.to_anna().await.len());
    }
    assert_eq!(sent, [1, 1, 1, 0, 0]);
    site.later(25 * 60);
    assert_eq!(site.receive(&letter("", "On the next day")).await, Verdict::Opened);
    assert_eq!(site.to_anna().await.len(), 1);
}

/// M-01, M-04: the customer was told that the letter waits. Then it opens a ticket.
#[tokio::test]
async fn a_letter_that_waited_has_a_receipt() {
    let site = site().await;
    site.is_present(false).await;
    assert_eq!(site.receive(&letter("", "Hello?")).await, Verdict::SupportOff);
    let waits = site.to_anna().await;
    assert!(waits.len() == 1 && waits[0].text.contains("Nobody from support"), "{waits:?}");
    site.is_present(true).await;
    site.later(6);
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    let subjects: Vec<_> = site.to_anna().await.into_iter().map(|letter| letter.subject).collect();
    assert_eq!(subjects, ["[#1] Toner"]);
}

/// M-02: a node died after it had opened the ticket, before it recorded that. The next one sends the receipt.
#[tokio::test]
async fn a_letter_of_a_dead_node_has_one_receipt() {
    let site = Site::new().await;
    assert_eq!(site.receive(&letter("", "It is empty")).await, Verdict::Opened);
    let number = TicketNumber::new(1).unwrap();
    let stored = site.letters(number).await.remove(0);
    let half = Incoming { verdict: Verdict::Waiting, due_at: Some(site.helpdesk.now()), ticket: None, message: None, ..stored };
    let forget = move |unit: &mut dyn Unit| unit.incoming().settle(&half);
    assert!(site.helpdesk.storage().run_write::<_, StorageError, _>(forget).await.unwrap());
    site.sends_receipts(true).await;
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!(site.letters(number).await[0].verdict, Verdict::Opened);
    assert_eq!(site.to_anna().await.len(), 1);
}

/// D-15: "a setting".
#[tokio::test]
async fn receipts_for_letters_are_switched_off() {
    let site = Site::new().await;
    assert_eq!(site.receive(&letter("", "It is empty")).await, Verdict::Opened);
    assert!(site.to_anna().await.is_empty());
    assert_eq!(site.letters(TicketNumber::new(1).unwrap()).await[0].told_at, None);
}

/// M-04: a ticket that an administrator opens with a held letter has a receipt. It goes to the customer, and not to the unknown sender.
#[tokio::test]
async fn a_held_letter_that_opens_a_ticket_has_a_receipt() {
    let site = site().await;
    let raw = "From: who@y.example\r\nMessage-ID: <b@m.example>\r\nSubject: Toner\r\n\r\nIt is empty\r\n";
    assert_eq!(site.receive(raw).await, Verdict::UnknownSender);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let id = undecided(&backend).await[0].id;
    let Taken::Opened(number) = backend.open_ticket_with(id, "anna").await.unwrap() else { panic!("it is open") };
    let mut mailed = site.mailed().await;
    mailed.sort_unstable();
    assert_eq!(mailed, ["anna@x.example", "sara@x.example"]);
    let receipt = site.mailer.letters().into_iter().find(|letter| letter.is_answer).unwrap();
    assert_eq!((receipt.thread.as_str(), receipt.to.address().as_str()), ("b@m.example", "anna@x.example"));
    let letter = site.letters(number).await.remove(0);
    assert_eq!((letter.verdict, letter.due_at, letter.told_at.is_some()), (Verdict::Opened, None, true));
}
