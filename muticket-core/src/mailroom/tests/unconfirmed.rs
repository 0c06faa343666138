//! Supporters are told about letters whose sender is not confirmed (M-03).

use super::*;

async fn told(site: &Site) -> Vec<Letter> {
    let before = site.mailer.letters().len();
    site.courier.deliver_due().await.unwrap();
    site.mailer.letters().split_off(before)
}

/// M-03: "mails nobody but supporters", and nothing of its text.
#[tokio::test]
async fn supporters_learn_of_a_letter_that_is_not_confirmed() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    let forged = reply(&letter, "who@y.example", "My secret").replace("Message-ID", "Subject: Click here\r\nMessage-ID");
    assert_eq!(site.receive(&forged).await, Verdict::NotConfirmed);
    let letters = told(&site).await;
    let [notice] = &letters[..] else { panic!("{letters:?}") };
    assert_eq!((notice.to.address().as_str(), notice.subject.as_str()), ("sara@x.example", "[#1] Printer"));
    assert!(notice.automatic && notice.reply_to.is_none());
    for text in [&notice.text, &notice.html] {
        assert!(
            text.contains("who@y.example") && text.contains(&format!("https://site.example/support/tickets/{number}")),
            "{text}"
        );
        assert!(!text.contains("secret") && !text.contains("Click here"), "{text}");
    }
    assert!(notice.text.contains("could not be confirmed"), "{}", notice.text);
}

/// M-03: somebody who has a token cannot flood supporters. They get one notice in 24 hours for each ticket.
#[tokio::test]
async fn supporters_are_told_once_a_day_for_each_ticket() {
    let site = Site::new().await;
    let (_, letter) = site.answered().await;
    let (_, other) = site.answered().await;
    let forges = async |letter: &Letter, text: &str| {
        assert_eq!(site.receive(&reply(letter, "who@y.example", text)).await, Verdict::NotConfirmed);
        told(&site).await.len()
    };
    let mut sent = [0; 2];
    for hour in 0..30 {
        sent[usize::from(hour >= 24)] += forges(&letter, &"a".repeat(hour + 1)).await;
        site.later(60);
    }
    assert_eq!(sent, [1, 1]);
    assert_eq!(forges(&other, "About the other").await, 1);
}

/// M-03, P-01: what the notice says is checked when it is sent.
#[tokio::test]
async fn a_notice_is_not_sent_when_it_is_no_longer_so() {
    let site = Site::new().await;
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let (_, letter) = site.answered().await;
    assert_eq!(site.receive(&reply(&letter, "who@y.example", "One")).await, Verdict::NotConfirmed);
    backend.discard_incoming(undecided(&backend).await[0].id).await.unwrap();
    assert!(told(&site).await.is_empty(), "it was discarded");
    site.later(25 * 60);
    assert_eq!(site.receive(&reply(&letter, "who@y.example", "Second")).await, Verdict::NotConfirmed);
    let sara = backend.supporters().await.unwrap().supporters.remove(0).supporter.id;
    backend.remove_supporter(sara).await.unwrap();
    assert!(told(&site).await.is_empty(), "she is no supporter any more");
}

/// Nobody is told of a letter without a ticket to look at, because administrators see it on the page of the mail. A reply to a closed
/// ticket may be a customer's who writes from another address.
#[tokio::test]
async fn supporters_are_told_of_letters_for_a_ticket_only() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    assert_eq!(site.receive("From: anna@x.example\r\nSubject: [#1] Printer\r\n\r\nForged").await, Verdict::NotConfirmed);
    let automatic =
        reply(&letter, "who@y.example", "I am away").replace("Message-ID", "Auto-Submitted: auto-replied\r\nMessage-ID");
    assert_eq!(site.receive(&automatic).await, Verdict::Automatic);
    assert!(told(&site).await.is_empty());
    site.helpdesk.desk(&Host::visitor("sara")).await.unwrap().close(number, None).await.unwrap();
    assert_eq!(site.receive(&reply(&letter, "who@y.example", "It is me")).await, Verdict::NotConfirmed);
    assert_eq!(told(&site).await.len(), 1);
}
