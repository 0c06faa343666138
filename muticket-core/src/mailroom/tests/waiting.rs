//! Letters that wait until a supporter is present.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

impl Site {
    /// Sara comes or goes.
    pub(in crate::mailroom) async fn presence(&self, present: bool) {
        let backend = self.helpdesk.backend(&Host::visitor("ada")).unwrap();
        let sara = backend.supporters().await.unwrap().supporters.remove(0).supporter.id;
        backend.edit_supporter(sara, SupporterEdit { present, ..SupporterEdit::default() }).await.unwrap();
    }
}

/// A letter of Anna's that the relay confirmed.
fn confirmed(text: &str) -> String {
    format!("Authentication-Results: mx.site.example; dmarc=pass\r\nFrom: anna@x.example\r\nSubject: Toner\r\n\r\n{text}\r\n")
}

/// The letters that wait.
async fn waiting(site: &Site) -> Vec<Incoming> {
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    backend.received(VerdictGroup::Waiting, None, 20).await.unwrap().letters
}

/// M-01, R-15: a letter that waits costs little. Its file is gone meanwhile, and the host does not answer, and nobody notices.
#[tokio::test]
async fn a_letter_that_waits_for_a_supporter_is_not_read() {
    let site = Site::new().await;
    site.presence(false).await;
    assert_eq!(site.receive(&confirmed("Hello?")).await, Verdict::SupportOff);
    let key = site.blobs.keys().remove(0);
    let bytes = site.blobs.get(&key).await.unwrap().unwrap().next().await.unwrap();
    site.blobs.delete(&key).await.unwrap();
    *site.host.0.lock().unwrap() = true;
    for _ in 0..5 {
        site.later(6);
        let due = site.helpdesk.work_on_letters().await.unwrap().unwrap();
        let letters = waiting(&site).await;
        let [letter] = &letters[..] else { panic!("{letters:?}") };
        assert_eq!((letter.verdict, letter.attempts, letter.problem.as_deref()), (Verdict::SupportOff, 0, None));
        assert_eq!((letter.due_at, due), (Some(due), site.helpdesk.now() + TimeDelta::minutes(5)));
    }
    site.blobs.put(&key, &mut bytes.clone()).await.unwrap();
    *site.host.0.lock().unwrap() = false;
    site.presence(true).await;
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!(site.mailed().await, ["sara@x.example"]);
}

/// M-01, R-15: "it is taken in when somebody is present again", and not some minutes later.
#[tokio::test]
async fn a_letter_is_taken_in_as_soon_as_a_supporter_is_present() {
    static RINGS: AtomicUsize = AtomicUsize::new(0);
    let site = Site::new().await;
    site.presence(false).await;
    assert_eq!(site.receive(&confirmed("Hello?")).await, Verdict::SupportOff);
    site.helpdesk.on_letters(|| {
        RINGS.fetch_add(1, Ordering::SeqCst);
    });
    site.presence(false).await;
    assert!(site.helpdesk.work_on_letters().await.unwrap().unwrap() > site.helpdesk.now());
    assert_eq!(RINGS.load(Ordering::SeqCst), 0);
    site.presence(true).await;
    assert_eq!(RINGS.load(Ordering::SeqCst), 1);
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!(site.mailed().await, ["sara@x.example"]);
    // The same for a supporter who is new.
    site.presence(false).await;
    assert_eq!(site.receive(&confirmed("Hello again?")).await, Verdict::SupportOff);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let sara = backend.supporters().await.unwrap().supporters.remove(0).supporter;
    backend.remove_supporter(sara.id).await.unwrap();
    let present = SupporterEdit { present: true, ..SupporterEdit::default() };
    backend.add_supporter(Some(sara.user), present).await.unwrap();
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
}

/// M-05, M-09: an administrator lets one of too many letters be taken. It is taken also if it has to wait for a supporter first.
#[tokio::test]
async fn one_of_too_many_letters_is_taken_after_it_has_waited() {
    let rules = MailIn::new("support+{token}@site.example").unwrap().with_relay("mx.site.example");
    let site = Site::with(rules.with_budget(3, 1)).await;
    let (number, letter) = site.answered().await;
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "One")).await, Verdict::Replied);
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "Another")).await, Verdict::TooMany);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let id = undecided(&backend).await[0].id;
    site.presence(false).await;
    backend.work_on_incoming_again(id).await.unwrap();
    assert_eq!(waiting(&site).await[0].verdict, Verdict::Waiting, "the page says that it waits");
    assert!(site.helpdesk.work_on_letters().await.unwrap().is_some());
    assert_eq!(waiting(&site).await[0].verdict, Verdict::SupportOff);
    site.presence(true).await;
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    let verdicts: Vec<_> = site.letters(number).await.iter().map(|letter| letter.verdict).collect();
    assert_eq!(verdicts, [Verdict::Replied, Verdict::Replied]);
}
