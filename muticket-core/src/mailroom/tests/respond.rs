//! Supporters who answer by mail (M-01).

use super::*;
use crate::ticket::{Message, Role};

/// What the relay says about a letter that it could confirm.
const PASSED: &str = "Authentication-Results: mx.site.example; dmarc=pass\r\n";

fn rules() -> MailIn {
    MailIn::new("support+{token}@site.example").unwrap().with_relay("mx.site.example").with_answers_of_supporters()
}

impl Site {
    /// A ticket of Anna's, and the notice about it to Sara.
    async fn noticed(&self) -> (TicketNumber, Letter) {
        let portal = self.helpdesk.portal(&Host::visitor("anna")).unwrap();
        let new = NewTicket { subject: "Printer".to_owned(), body: "It is silent".to_owned(), ..NewTicket::default() };
        let number = portal.open(new).await.unwrap().number;
        assert_eq!(self.mailed().await, ["sara@x.example"]);
        (number, self.mailer.letters().pop().unwrap())
    }

    async fn messages(&self, number: TicketNumber) -> Vec<Message> {
        let list = move |unit: &mut dyn Unit| unit.messages().list(number, None, 100);
        self.helpdesk.storage().run_read::<_, StorageError, _>(list).await.unwrap()
    }
}

/// Sara's reply to a notice, confirmed by the relay.
fn answer(notice: &Letter, text: &str) -> String {
    format!("{PASSED}{}", reply(notice, "sara@x.example", text))
}

#[tokio::test]
async fn a_supporters_reply_is_an_answer() {
    let site = Site::with(rules()).await;
    let (number, notice) = site.noticed().await;
    assert!(notice.text.starts_with("-=- ") && notice.automatic, "{}", notice.text);
    assert!(notice.text.replace('\n', " ").contains("the customer gets your reply as an answer"), "{}", notice.text);
    assert_eq!(site.receive(&answer(&notice, "Is it plugged in?")).await, Verdict::Replied);
    assert!(site.helpdesk.receive(answer(&notice, "Is it plugged in?"), &Envelope::default()).await.unwrap().came_before);
    let messages = site.messages(number).await;
    let [_, answered] = &messages[..] else { panic!("{messages:?}") };
    assert_eq!((answered.role, answered.author.as_str(), answered.body.as_str()), (Role::Supporter, "sara", "Is it plugged in?"));
    let stored = site.letters(number).await.remove(0);
    assert_eq!((stored.writer, stored.message, stored.new_part), (Some(UserId::new("sara")), Some(answered.number), None));
    // It is assigned to her, as with the form (T-03), and Anna can reply.
    let ticket = move |unit: &mut dyn Unit| unit.tickets().find(number);
    let ticket = site.helpdesk.storage().run_read::<_, StorageError, _>(ticket).await.unwrap().unwrap();
    assert_eq!(ticket.assignee, Some(UserId::new("sara")));
    assert_eq!(site.mailed().await, ["anna@x.example"]);
    let letter = site.mailer.letters().pop().unwrap();
    assert!(!letter.automatic && letter.text.contains("> Is it plugged in?"));
    for text in [&letter.text, &letter.html] {
        assert!(!text.contains("sara@x.example") && !text.contains("support+t"), "{text}");
    }
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "Yes")).await, Verdict::Replied);
}

/// M-02: a node died after it had stored the answer.
#[tokio::test]
async fn an_answer_counts_once() {
    let site = Site::with(rules()).await;
    let (number, notice) = site.noticed().await;
    assert_eq!(site.receive(&answer(&notice, "Is it plugged in?")).await, Verdict::Replied);
    let stored = site.letters(number).await.remove(0);
    let half = Incoming { verdict: Verdict::Waiting, due_at: Some(site.helpdesk.now()), message: None, ..stored.clone() };
    let forget = move |unit: &mut dyn Unit| unit.incoming().settle(&half);
    assert!(site.helpdesk.storage().run_write::<_, StorageError, _>(forget).await.unwrap());
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!(site.letters(number).await, [Incoming { attempts: stored.attempts + 1, claims: stored.claims + 1, ..stored }]);
    assert_eq!(site.messages(number).await.len(), 2);
}

/// An answer reaches the customer. In doubt it is held, and its writer is told.
#[tokio::test]
async fn what_is_not_certain_is_no_answer() {
    let site = Site::with(rules().with_budget(100, 20)).await;
    let (number, notice) = site.noticed().await;
    let address = notice.reply_to.as_ref().unwrap().to_string();
    let copy = format!("{PASSED}From: sara@x.example\r\nTo: tom@x.example\r\nCc: support@site.example\r\n");
    let plain = |text: &str| format!("{PASSED}From: sara@x.example\r\nTo: {address}\r\n\r\n{text}\r\n");
    for (what, letter) in [
        ("not confirmed", reply(&notice, "sara@x.example", "Is it plugged in?")),
        ("to a colleague", format!("{copy}In-Reply-To: <{}>\r\n\r\nWhat a customer!\r\n", notice.message_id)),
        ("below the quotation", plain("On Monday, Support wrote:\r\n> It is silent\r\n\r\nIs it plugged in?")),
        ("between the quotation", plain("Hi\r\n\r\n> It is silent\r\n\r\nReally?\r\n\r\n> Bye\r\n\r\nBye")),
        ("nothing new", plain("On Monday, Support wrote:\r\n> It is silent")),
        ("empty", plain("")),
        ("passed on", plain("Look\r\n\r\n---------- Forwarded message ---------\r\nFrom: x <a@b.example>\r\n\r\nHello")),
        ("a gap", plain("Your [[category?]] is here.")),
    ] {
        assert_eq!(site.receive(&letter).await, Verdict::FromSupporter, "{what}");
        assert_eq!(site.mailed().await, ["sara@x.example"], "{what}");
        let told = site.mailer.letters().pop().unwrap();
        assert!(told.text.contains("Your email could not become an answer."), "{what}: {}", told.text);
    }
    assert_eq!(site.messages(number).await.len(), 1);
    site.helpdesk.desk(&Host::visitor("sara")).await.unwrap().close(number, None).await.unwrap();
    assert_eq!(site.receive(&answer(&notice, "Too late")).await, Verdict::FromSupporter);
    assert_eq!(site.mailed().await, ["sara@x.example"]);
    assert_eq!(site.messages(number).await.len(), 1);
}

/// M-05: "a cap per thread and per sender".
#[tokio::test]
async fn answers_that_come_too_often_are_held() {
    let site = Site::with(rules().with_budget(3, 2)).await;
    let (number, notice) = site.noticed().await;
    for (text, verdict) in [("One", Verdict::Replied), ("Second", Verdict::Replied), ("And a third", Verdict::TooMany)] {
        assert_eq!(site.receive(&answer(&notice, text)).await, verdict, "{text}");
    }
    assert_eq!(site.messages(number).await.len(), 3);
    assert_eq!(site.mailed().await, ["anna@x.example"; 2]);
}

/// M-07: files come along. With one that the rules of uploads refuse, the form would be refused, so the letter is held.
#[tokio::test]
async fn files_of_an_answer_come_along() {
    let site = Site::with(rules()).await;
    let (number, notice) = site.noticed().await;
    let address = notice.reply_to.as_ref().unwrap();
    let letter = |parts: usize| {
        let part = "--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n";
        let head = format!("{PASSED}From: sara@x.example\r\nTo: {address}\r\nContent-Type: multipart/mixed; boundary=b\r\n");
        format!("{head}\r\n--b\r\n\r\nLook\r\n{}--b--\r\n", part.repeat(parts))
    };
    assert_eq!(site.receive(&letter(1)).await, Verdict::Replied);
    let files = move |unit: &mut dyn Unit| unit.attachments().list(number);
    assert_eq!(site.helpdesk.storage().run_read::<_, StorageError, _>(files).await.unwrap().len(), 1);
    assert_eq!(site.receive(&letter(50)).await, Verdict::FromSupporter);
    assert_eq!(site.messages(number).await.len(), 2);
    assert_eq!(site.blobs.count(), 3, "two letters and a file");
}

/// without the setting a supporter's letter is no answer, and notices say so.
#[tokio::test]
async fn without_the_setting_a_supporters_reply_is_no_answer() {
    let site = Site::new().await;
    let (number, notice) = site.noticed().await;
    assert!(notice.reply_to.is_none() && notice.text.contains("Replies to this email are not read."), "{}", notice.text);
    // The setting was on when she got the notice.
    let with_address = Letter { reply_to: Some(site.address_of("sara", number).await), ..notice };
    assert_eq!(site.receive(&answer(&with_address, "Is it plugged in?")).await, Verdict::FromSupporter);
    assert_eq!(site.mailed().await, ["sara@x.example"]);
    assert!(site.mailer.letters().pop().unwrap().text.contains("Supporters answer on the page, not by email:"));
    assert_eq!(site.messages(number).await.len(), 1);
}

impl Site {
    /// The address that a letter to the user has for replies.
    async fn address_of(&self, user: &str, number: TicketNumber) -> crate::mail::EmailAddress {
        use crate::mail::ReplyKey;
        use crate::secret::shared_secret;
        let storage = self.helpdesk.storage();
        let key = ReplyKey::new(shared_secret(&**storage, ReplyKey::SECRET, [0; 32]).await.unwrap());
        let token = key.token(number, &UserId::new(user), self.helpdesk.now());
        rules().pattern().address(&token).unwrap()
    }
}
