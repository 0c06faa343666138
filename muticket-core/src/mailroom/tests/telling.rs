//! Letters of the mailroom, and letters that several people or programs work on at once.

use super::*;

/// A letter of Anna's that the relay confirmed.
fn confirmed(head: &str, text: &str) -> String {
    format!(
        "Authentication-Results: mx.site.example; dmarc=pass\r\n{head}From: anna@x.example\r\nSubject: Toner\r\n\r\n{text}\r\n"
    )
}

async fn nobody_is_present(site: &Site) {
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    for report in backend.supporters().await.unwrap().supporters {
        backend.edit_supporter(report.supporter.id, SupporterEdit::default()).await.unwrap();
    }
}

/// M-02, M-04: two administrators open one held letter for two users at the same moment.
#[tokio::test]
async fn one_held_letter_opens_one_ticket() {
    let site = Site::new().await;
    assert_eq!(site.receive("From: who@y.example\r\nSubject: Toner\r\n\r\nIt is empty\r\n").await, Verdict::UnknownSender);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let id = undecided(&backend).await[0].id;
    let opened = tokio::join!(backend.open_ticket_with(id, "anna"), backend.open_ticket_with(id, "ada"));
    let (Ok(Taken::Opened(number)), Err(crate::Error::NotFound)) = opened else { panic!("{opened:?}") };
    assert_eq!(number.get(), 1);
    let second = move |unit: &mut dyn Unit| unit.tickets().find(TicketNumber::new(2).unwrap());
    assert_eq!(site.helpdesk.storage().run_read::<_, StorageError, _>(second).await.unwrap(), None);
    assert_eq!(site.letters(number).await[0].verdict, Verdict::Opened);
}

/// M-04: a letter that could not be opened is held as before, and nobody has to wait for it.
#[tokio::test]
async fn a_letter_that_opens_nothing_is_free_again() {
    let site = Site::new().await;
    assert_eq!(site.receive("From: who@y.example\r\nSubject: Toner\r\n\r\nIt is empty\r\n").await, Verdict::UnknownSender);
    nobody_is_present(&site).await;
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let id = undecided(&backend).await[0].id;
    assert_eq!(backend.open_ticket_with(id, "anna").await.unwrap(), Taken::Held(Verdict::SupportOff));
    assert_eq!(backend.open_ticket_with(id, "anna").await.unwrap(), Taken::Held(Verdict::SupportOff));
    let held = undecided(&backend).await;
    assert_eq!((held[0].verdict, held[0].due_at, held[0].writer.as_ref()), (Verdict::UnknownSender, None, None));
    backend.discard_incoming(id).await.unwrap();
}

/// M-01, M-02: killed after the verdict was recorded, nobody is told again. The verdict and the letter are one unit.
#[tokio::test]
async fn a_letter_is_told_about_once() {
    let site = Site::new().await;
    nobody_is_present(&site).await;
    assert_eq!(site.receive(&confirmed("Message-ID: <a@m.example>\r\n", "Hello?")).await, Verdict::SupportOff);
    for _ in 0..3 {
        site.later(6);
        site.helpdesk.work_on_letters().await.unwrap();
    }
    assert_eq!(site.mailed().await, ["anna@x.example"]);
    let letter = site.mailer.letters().pop().unwrap();
    assert_eq!((letter.thread.as_str(), letter.subject.as_str()), ("a@m.example", "Re: Toner"));
    assert!(letter.automatic && letter.envelope_sender().is_none() && letter.reply_to.is_none());
}

/// M-05: two MuTickets whose customers are each other's addresses. The mailroom never answers a letter of a MuTicket.
#[tokio::test]
async fn letters_of_another_mu_ticket_are_never_answered() {
    let site = Site::new().await;
    nobody_is_present(&site).await;
    for (mark, verdict) in [
        // A person's answer, which their MuTicket sent.
        ("X-MuTicket-Loop: 1\r\n", Verdict::SupportOff),
        // A letter of their mailroom.
        ("X-MuTicket-Loop: 1\r\nAuto-Submitted: auto-replied\r\n", Verdict::Automatic),
    ] {
        assert_eq!(site.receive(&confirmed(mark, "We have your email")).await, verdict);
        assert_eq!(site.mailed().await, [""; 0], "{mark}");
    }
}

/// M-05: a letter that answers nothing harmful repeats nothing harmful.
#[tokio::test]
async fn a_hostile_id_is_not_repeated() {
    let site = Site::new().await;
    nobody_is_present(&site).await;
    assert_eq!(site.receive(&confirmed("Message-ID: <a@m>\r\n b: <c@d>\r\n", "Hello?")).await, Verdict::SupportOff);
    assert_eq!(site.mailed().await, ["anna@x.example"]);
    let letter = site.mailer.letters().pop().unwrap();
    assert_eq!(letter.thread, letter.message_id);
}
