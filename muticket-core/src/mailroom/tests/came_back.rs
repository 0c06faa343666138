//! Letters that come back (M-05).

use tokio::sync::Notify;

use super::*;
use crate::mail::{Diagnosis, SendError, Trouble};
use crate::notification::{DropReason, LetterState};
use crate::undeliverable::Undeliverable;

/// A report that the letter was not delivered.
fn report(letter: &Letter, status: &str, action: &str, answer: &str) -> String {
    let to = letter.to.address();
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: support@site.example\r\nSubject: Undelivered\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nNot delivered.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; {to}\r\n\
         Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {answer}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         To: Anna <{to}>\r\nMessage-ID: <{}>\r\n\r\n--b--\r\n",
        letter.message_id
    )
}

const REFUSED: &str = "550 5.1.1 no such user";

fn refused(letter: &Letter) -> String {
    report(letter, "5.1.1", "failed", REFUSED)
}

impl Site {
    /// Another answer on the ticket, and the letter about it.
    async fn answers(&self, number: TicketNumber) -> Letter {
        let answer = NewMessage { body: "And now?".to_owned(), ..NewMessage::default() };
        self.helpdesk.desk(&Host::visitor("sara")).await.unwrap().answer(number, answer).await.unwrap();
        assert_eq!(self.mailed().await, ["anna@x.example"]);
        self.mailer.letters().last().unwrap().clone()
    }

    async fn mark(&self, user: &str) -> Option<Undeliverable> {
        let user = UserId::new(user);
        let find = move |unit: &mut dyn Unit| unit.undeliverable().find(&user);
        self.helpdesk.storage().run_read::<_, StorageError, _>(find).await.unwrap()
    }

    /// What the letters say that are kept and change nothing, the newest first.
    async fn notes(&self) -> Vec<Option<String>> {
        let backend = self.helpdesk.backend(&Host::visitor("ada")).unwrap();
        let ignored = backend.received(VerdictGroup::Ignored, None, 20).await.unwrap().letters;
        ignored.into_iter().map(|letter| letter.problem).collect()
    }

    /// The letters that failed.
    async fn failed(&self) -> Vec<String> {
        let unsent = self.helpdesk.backend(&Host::visitor("ada")).unwrap().mail().await.unwrap().undelivered;
        let failed = unsent.into_iter().filter_map(|letter| match letter.entry.state {
            LetterState::Failed { problem, .. } => Some(problem),
            _ => None,
        });
        failed.collect()
    }
}

/// M-05: "find the letter they are about, mark it and its recipient in the outbox, and never become a message".
#[tokio::test]
async fn a_report_marks_the_letter_and_its_recipient() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    assert_eq!(site.receive(&refused(&letter)).await, Verdict::Bounce);
    let failed = site.failed().await;
    assert_eq!(failed, [REFUSED]);
    assert_eq!(Diagnosis::of(&failed[0]).trouble, Trouble::Address);
    let mark = site.mark("anna").await.unwrap();
    assert_eq!((mark.reports, mark.address.as_str(), mark.problem.as_str()), (1, "anna@x.example", REFUSED));
    // The same report, and another one about the same letter.
    assert_eq!(site.receive(&refused(&letter)).await, Verdict::Bounce);
    assert_eq!(site.receive(&refused(&letter).replace("Undelivered", "Still undelivered")).await, Verdict::Bounce);
    assert_eq!(site.mark("anna").await.unwrap().reports, 1);
    let messages = move |unit: &mut dyn Unit| unit.messages().list(number, None, 9);
    assert_eq!(site.helpdesk.storage().run_read::<_, StorageError, _>(messages).await.unwrap().len(), 2);
    assert_eq!(site.mailed().await, [""; 0]);
}

/// M-05: after three permanent reports a user gets no more letters, until an administrator or a letter of theirs says otherwise.
#[tokio::test]
async fn three_reports_stop_letters_until_something_says_otherwise() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let mut last = letter;
    for again in 0..2 {
        for _ in 0..3 {
            assert!(backend.mail().await.unwrap().undeliverable.is_empty());
            assert_eq!(site.receive(&refused(&last)).await, Verdict::Bounce);
            if site.mark("anna").await.unwrap().reports < 3 {
                last = site.answers(number).await;
            }
        }
        let listed = backend.mail().await.unwrap().undeliverable;
        assert_eq!(listed.iter().map(|one| one.user.id.as_str()).collect::<Vec<_>>(), ["anna"]);
        let answer = NewMessage { body: "Hello?".to_owned(), ..NewMessage::default() };
        site.helpdesk.desk(&Host::visitor("sara")).await.unwrap().answer(number, answer).await.unwrap();
        assert_eq!(site.mailed().await, [""; 0]);
        let unsent = backend.mail().await.unwrap().undelivered;
        let is_dropped = |state: &LetterState| matches!(state, LetterState::Dropped { reason: DropReason::Undeliverable, .. });
        assert_eq!(unsent.iter().filter(|letter| is_dropped(&letter.entry.state)).count(), again + 1);
        if again == 0 {
            backend.send_again_to(&UserId::new("anna")).await.unwrap();
            assert!(matches!(backend.send_again_to(&UserId::new("anna")).await, Err(crate::Error::NotFound)));
            last = site.answers(number).await;
        }
    }
    assert_eq!(site.receive(&reply(&last, "anna@x.example", "I am here")).await, Verdict::Replied);
    assert_eq!((site.mark("anna").await, site.mailed().await), (None, vec!["sara@x.example".to_owned()]));
    site.answers(number).await;
}

/// M-05: a report that somebody forged marks nothing, and neither does one about a passing problem.
#[tokio::test]
async fn other_reports_change_nothing() {
    let site = Site::new().await;
    let (_, letter) = site.answered().await;
    let id = letter.message_id.to_string();
    let (own, rest) = id.split_once('.').unwrap();
    let other = "0190a1b2-0000-7000-8000-000000000000";
    let forged = refused(&letter).replace(&rest[..rest.find('@').unwrap()], "t1-693-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    let unsigned = refused(&letter).replace(&id, &format!("{own}.00000000000000000000@site.example"));
    let foreign = refused(&letter).replace(&id, &format!("{other}@elsewhere.example"));
    let delayed = report(&letter, "4.4.1", "delayed", "450 4.4.1 try again later");
    let delivered = report(&letter, "2.0.0", "delivered", "250 fine");
    for raw in [&forged, &unsigned, &foreign, &delayed, &delivered] {
        assert_eq!(site.receive(raw).await, Verdict::Bounce, "{raw}");
        assert_eq!((site.mark("anna").await, site.failed().await), (None, vec![]), "{raw}");
    }
    // A person who quotes a letter writes no report.
    let quoted = refused(&letter).replace("MAILER-DAEMON", "ben").replace("Return-Path: <>\r\n", "");
    let quoted = quoted.replace("multipart/report; report-type=delivery-status", "multipart/mixed");
    assert_eq!(site.receive(&quoted).await, Verdict::UnknownSender);
    assert_eq!(site.mark("anna").await, None);
}

/// M-05: a server that gave up says nothing about the address, and a letter to an earlier address says nothing about the present one.
#[tokio::test]
async fn a_report_marks_no_more_than_it_says() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    assert_eq!(site.receive(&report(&letter, "4.4.7", "failed", "delivery time expired")).await, Verdict::Bounce);
    assert_eq!((site.failed().await, site.mark("anna").await), (vec!["4.4.7 delivery time expired".to_owned()], None));
    let second = site.answers(number).await;
    assert_eq!(site.receive(&refused(&second).replace("anna@x.example", "anna@old.example")).await, Verdict::Bounce);
    assert_eq!((site.failed().await.len(), site.mark("anna").await), (2, None));
}

/// M-05: somebody to whom a customer passed on a letter knows its id and the address for replies. They cannot stop other letters.
#[tokio::test]
async fn a_letter_that_was_passed_on_counts_once() {
    let site = Site::new().await;
    let (_, letter) = site.answered().await;
    let (raw, id) = (refused(&letter), letter.message_id.to_string());
    // Some services replace the id of a letter, too.
    let replaced = format!("0100@service.example>\r\nReply-To: <{}", letter.reply_to.as_ref().unwrap());
    let invented = id.replace(id.split_once('.').unwrap().0, "0190a1b2-0000-7000-8000-000000000000");
    for shown in [replaced, invented] {
        for number in 0..3 {
            let raw = raw.replace(&id, &shown).replace("Undelivered", &format!("Undelivered {number}"));
            assert_eq!(site.receive(&raw).await, Verdict::Bounce);
        }
        assert_eq!((site.mark("anna").await, site.failed().await), (None, vec![]), "{shown}");
    }
    assert_eq!(site.notes().await, vec![Some(REFUSED.to_owned()); 6]);
    for number in 0..3 {
        assert_eq!(site.receive(&raw.replace("Undelivered", &format!("Undelivered {number}"))).await, Verdict::Bounce);
    }
    assert_eq!((site.failed().await.len(), site.mark("anna").await.unwrap().reports), (1, 1));
}

/// M-05: the outbox keeps sent letters for 30 days, and reports count for 90 days.
#[tokio::test]
async fn old_letters_and_old_reports_do_not_count() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    site.later(31 * 24 * 60);
    site.helpdesk.sweep().await.unwrap();
    assert_eq!(site.receive(&refused(&letter)).await, Verdict::Bounce);
    assert_eq!((site.failed().await, site.mark("anna").await), (vec![], None));
    assert_eq!(site.notes().await, [Some(REFUSED.to_owned())]);
    let second = site.answers(number).await;
    assert_eq!(site.receive(&refused(&second)).await, Verdict::Bounce);
    assert_eq!(site.mark("anna").await.unwrap().reports, 1);
    site.later(91 * 24 * 60);
    site.helpdesk.sweep().await.unwrap();
    assert_eq!(site.mark("anna").await, None);
}

/// A mail server that returns each letter before it answers, or before its client dies.
struct Hasty {
    helpdesk: Helpdesk,
    kills: bool,
    killed: Notify,
}

#[async_trait]
impl Mailer for Hasty {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let receipt = self.helpdesk.receive(refused(letter), &Envelope::default()).await.unwrap();
        assert_eq!(receipt.verdict, Verdict::Bounce);
        if self.kills {
            self.killed.notify_one();
            std::future::pending::<()>().await;
        }
        Ok(())
    }
}

/// M-05, P-22: a report counts also if it comes before the courier has recorded that the letter was sent, and if it never does that.
#[tokio::test]
async fn a_report_may_come_before_the_letter_is_settled() {
    for kills in [false, true] {
        let site = Site::new().await;
        let (number, _) = site.answered().await;
        let answer = NewMessage { body: "And now?".to_owned(), ..NewMessage::default() };
        site.helpdesk.desk(&Host::visitor("sara")).await.unwrap().answer(number, answer).await.unwrap();
        let hasty = Arc::new(Hasty { helpdesk: site.helpdesk.clone(), kills, killed: Notify::new() });
        let courier = courier(&site.helpdesk, &site.host, &site.clock, hasty.clone());
        tokio::select! {
            delivery = courier.deliver_due() => assert_eq!(delivery.unwrap().sent, 1),
            () = hasty.killed.notified() => {}
        }
        assert_eq!((site.failed().await, site.mark("anna").await.unwrap().reports), (vec![REFUSED.to_owned()], 1));
        site.later(60);
        assert_eq!(site.mailed().await, [""; 0], "it is not sent again");
    }
}

/// M-05: a letter to a supporter has no token. Its id is signed.
#[tokio::test]
async fn a_letter_to_a_supporter_comes_back() {
    let site = Site::new().await;
    site.answered().await;
    let letters = site.mailer.letters();
    let letter = letters.iter().find(|letter| letter.to.address().as_str() == "sara@x.example").unwrap();
    assert_eq!(site.receive(&refused(letter)).await, Verdict::Bounce);
    assert_eq!((site.failed().await.len(), site.mark("sara").await.unwrap().reports), (1, 1));
}
