//! The check of the sender, on the whole way of a letter.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use crate::incoming::Verdict;
use crate::mailroom::tests::{Host, Site, undecided};
use crate::mailroom::{Check, CheckError, LetterToCheck, MailIn, SenderCheck};

/// Finds what the test says; `None` if it cannot check now. Counts how often it is asked.
struct Says(Mutex<(Option<Check>, usize)>);

#[async_trait]
impl SenderCheck for Says {
    async fn check(&self, letter: LetterToCheck<'_>) -> Result<Check, CheckError> {
        assert!(letter.sender.as_str().ends_with("a@x.example") && letter.raw.ends_with(b"Hello"));
        let mut says = self.0.lock().unwrap();
        says.1 += 1;
        says.0.ok_or_else(|| CheckError::new("no name server answers"))
    }
}

async fn checking(found: Option<Check>) -> (Site, Arc<Says>) {
    let says = Arc::new(Says(Mutex::new((found, 0))));
    let rules = MailIn::new("support+{token}@site.example").unwrap().with_relay("mx.site.example");
    (Site::with(rules.with_sender_check(says.clone())).await, says)
}

/// M-03, M-04: the site's own check counts where the relay says nothing, and where it can change something.
#[tokio::test]
async fn the_sites_own_check_confirms_a_sender() {
    let relay = |verdict| format!("Authentication-Results: mx.site.example; dmarc={verdict}\r\n");
    for (head, from, found, expected, asked) in [
        ("", "anna", Check::Passed, Verdict::Opened, 1),
        ("", "anna", Check::Unknown, Verdict::NotConfirmed, 1),
        ("", "anna", Check::Failed, Verdict::NotConfirmed, 1),
        (&*relay("none"), "anna", Check::Passed, Verdict::Opened, 1),
        (&*relay("fail"), "anna", Check::Passed, Verdict::NotConfirmed, 0),
        (&*relay("pass"), "anna", Check::Failed, Verdict::Opened, 0),
        ("Auto-Submitted: auto-replied\r\n", "anna", Check::Passed, Verdict::Automatic, 0),
        ("", "who", Check::Passed, Verdict::UnknownSender, 0),
    ] {
        let (site, says) = checking(Some(found)).await;
        assert_eq!(
            site.receive(&format!("{head}From: {from}@x.example\r\n\r\nHello")).await,
            expected,
            "{head} {from} {found:?}"
        );
        assert_eq!(says.0.lock().unwrap().1, asked, "{head} {from} {found:?}");
    }
    let (site, says) = checking(Some(Check::Failed)).await;
    let (_, letter) = site.answered().await;
    let reply = format!("From: anna@x.example\r\nTo: {}\r\n\r\nHello", letter.reply_to.as_ref().unwrap());
    assert_eq!(site.receive(&reply).await, Verdict::NotConfirmed);
    says.0.lock().unwrap().0 = Some(Check::Unknown);
    assert_eq!(site.receive(&format!("Subject: a\r\n{reply}")).await, Verdict::Replied);
}

/// M-01, M-03: a letter waits for a supporter for days, until its signature has expired. What was found at first counts.
#[tokio::test]
async fn a_letter_that_waits_is_checked_once() {
    let (site, says) = checking(Some(Check::Passed)).await;
    site.presence(false).await;
    assert_eq!(site.receive("From: anna@x.example\r\n\r\nHello").await, Verdict::SupportOff);
    assert_eq!(site.mailed().await, ["anna@x.example"], "she was told that it waits");
    for found in [Some(Check::Failed), None] {
        says.0.lock().unwrap().0 = found;
        site.later(3 * 24 * 60);
        assert!(site.helpdesk.work_on_letters().await.unwrap().is_some());
    }
    site.presence(true).await;
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!((site.mailed().await, says.0.lock().unwrap().1), (vec!["sara@x.example".to_owned()], 1));
}

/// M-03, M-09: an administrator lets a letter be worked on again, after the domain of its sender was set right.
#[tokio::test]
async fn a_letter_that_is_worked_on_again_is_checked_again() {
    let (site, says) = checking(Some(Check::Failed)).await;
    assert_eq!(site.receive("From: anna@x.example\r\n\r\nHello").await, Verdict::NotConfirmed);
    says.0.lock().unwrap().0 = Some(Check::Passed);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    backend.work_on_incoming_again(undecided(&backend).await[0].id).await.unwrap();
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!((site.mailed().await, says.0.lock().unwrap().1), (vec!["sara@x.example".to_owned()], 2));
}

/// M-03: a signature expires. What was found while it was valid counts.
#[tokio::test]
async fn a_letter_that_was_confirmed_stays_so_when_it_is_worked_on_again() {
    let (site, says) = checking(Some(Check::Passed)).await;
    assert_eq!(site.receive("From: sara@x.example\r\n\r\nHello").await, Verdict::FromSupporter);
    says.0.lock().unwrap().0 = Some(Check::Failed);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    backend.work_on_incoming_again(undecided(&backend).await[0].id).await.unwrap();
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!((undecided(&backend).await[0].verdict, says.0.lock().unwrap().1), (Verdict::FromSupporter, 1));
}

/// M-02, M-03: a check that cannot be made is not the letter's fault. It does not hold the letter up for ever.
#[tokio::test]
async fn a_letter_waits_for_the_check_of_its_sender() {
    let (site, says) = checking(None).await;
    for subject in ["one", "two"] {
        assert_eq!(site.receive(&format!("From: anna@x.example\r\nSubject: {subject}\r\n\r\nHello")).await, Verdict::Waiting);
        for _ in 0..5 {
            site.later(6);
            assert!(site.helpdesk.work_on_letters().await.unwrap().is_some());
        }
        if subject == "one" {
            says.0.lock().unwrap().0 = Some(Check::Passed);
            site.later(6);
            assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
            assert_eq!(site.mailed().await, ["sara@x.example"]);
            says.0.lock().unwrap().0 = None;
        }
    }
    site.later(240);
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    let held = undecided(&site.helpdesk.backend(&Host::visitor("ada")).unwrap()).await;
    assert_eq!((held.len(), held[0].verdict, held[0].subject.as_deref()), (1, Verdict::NotConfirmed, Some("two")));
}
