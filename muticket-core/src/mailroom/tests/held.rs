//! Held letters: how long they are kept, and whose their addresses are.

use super::*;
use crate::backend::Assignment;

const DAY: i64 = 24 * 60;

fn from(address: &str, text: &str) -> String {
    format!("From: {address}\r\nSubject: Toner\r\n\r\n{text}\r\n")
}

/// M-04: letters of unknown senders are deleted after 180 days, with their bytes. The others wait for an administrator.
#[tokio::test]
async fn letters_of_unknown_senders_are_deleted_after_180_days() {
    let site = Site::new().await;
    let (number, letter) = site.answered().await;
    for (raw, verdict) in [
        (from("who@y.example", "Buy now"), Verdict::UnknownSender),
        (from("anna@x.example", "It is not me"), Verdict::NotConfirmed),
        (reply(&letter, "who@y.example", "It is me"), Verdict::NotConfirmed),
        (
            format!("Authentication-Results: mx.site.example; dmarc=pass\r\n{}", from("sara@x.example", "Mine")),
            Verdict::FromSupporter,
        ),
    ] {
        assert_eq!(site.receive(&raw).await, verdict);
    }
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    for (minutes, kept) in [(180 * DAY, 4), (1, 3), (1000 * DAY, 3)] {
        site.later(minutes);
        site.helpdesk.sweep().await.unwrap();
        assert_eq!((undecided(&backend).await.len(), site.blobs.count()), (kept, kept), "{minutes}");
    }
    assert_eq!(site.letters(number).await.len(), 1);
    // it goes with its ticket.
    backend.delete(number).await.unwrap();
    assert_eq!(site.blobs.count(), 2);
}

/// M-04: a site may keep them longer or shorter. A node that takes no letters does not know how long.
#[tokio::test]
async fn a_site_says_how_long_letters_of_unknown_senders_are_kept() {
    let rules = || MailIn::new("support+{token}@site.example").unwrap();
    for (keep, days) in [(TimeDelta::days(3), 3), (TimeDelta::MIN, 0), (TimeDelta::MAX, 36_500)] {
        let site = Site::with(rules().with_unknown_letters_for(keep)).await;
        assert_eq!(site.receive(&from("who@y.example", "Buy now")).await, Verdict::UnknownSender);
        let bare = Helpdesk::builder(site.helpdesk.storage().clone(), site.host.clone())
            .blobs(site.blobs.clone())
            .clock(site.clock.clone())
            .build();
        for (minutes, kept) in [(days * DAY, 1), (1, 0)] {
            site.later(minutes);
            bare.sweep().await.unwrap();
            assert_eq!(site.blobs.count(), 1, "{keep}");
            site.helpdesk.sweep().await.unwrap();
            assert_eq!(site.blobs.count(), kept, "{keep}");
        }
    }
}

/// M-04: two administrators assign one address at the same moment. It is nobody's in silence.
#[tokio::test]
async fn an_address_is_assigned_to_one_user() {
    let site = Site::new().await;
    assert_eq!(site.receive(&from("who@y.example", "One")).await, Verdict::UnknownSender);
    assert_eq!(site.receive(&from("WHO@Y.example", "Two")).await, Verdict::UnknownSender);
    let backend = site.helpdesk.backend(&Host::visitor("ada")).unwrap();
    let held = undecided(&backend).await;
    let received = backend.received(VerdictGroup::Held, None, 20).await.unwrap();
    assert!(held.iter().all(|letter| received.assignable.get(&letter.id) == Some(&None)), "{received:?}");
    let outcome = tokio::join!(backend.assign_sender(held[0].id, "anna"), backend.assign_sender(held[1].id, "ada@x.example"));
    let (Ok(Assignment::Assigned), Ok(Assignment::AlreadyAssigned(Some(owner)))) = outcome else { panic!("{outcome:?}") };
    assert_eq!(owner.id.as_str(), "anna");
    assert!(matches!(backend.assign_sender(held[0].id, "anna").await, Err(crate::Error::NotFound)), "it is being worked on");
    // Nobody has confirmed the sender, so the letter is held as before.
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    assert_eq!(undecided(&backend).await.len(), 2);
    assert_eq!(backend.assign_sender(held[1].id, " anna ").await.unwrap(), Assignment::Assigned, "it is hers already");
    assert_eq!(backend.senders().await.unwrap().assigned.len(), 1);
}
