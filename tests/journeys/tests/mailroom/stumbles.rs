//! Every call fails once while a letter is worked on (M-02). The node lives on, and the sender tries again if they were told to.

use chrono::TimeDelta;
use muticket_core::incoming::{Envelope, Verdict};
use muticket_world::BlobCall;
use muticket_world::fault::{self, Fault};

use crate::mortal::Death;
use crate::post::{Kind, Place};

async fn every_call_fails_once(kind: Kind, fault: Fault) {
    let mut place = Place::in_memory().await;
    for call in 1.. {
        let (raw, files) = (place.letter(kind, call), place.files());
        let node = place.node(&Death::never());
        node.storage.fail_nth(call, fault);
        let outcome = node.helpdesk.receive(raw.clone(), &Envelope::default()).await;
        let failed = node.storage.mend() > 0;
        if outcome.is_err() {
            assert!(failed, "{kind:?}: {outcome:?}");
            node.helpdesk.receive(raw.clone(), &Envelope::default()).await.unwrap();
        }
        place.has_once(kind, call, files).await;
        if !failed {
            assert!(call > 30, "{kind:?} made only {call} calls");
            return;
        }
    }
}

#[tokio::test]
async fn a_call_that_fails_loses_and_doubles_nothing() {
    for kind in Kind::ALL {
        every_call_fails_once(kind, fault::broken).await;
    }
}

#[tokio::test]
async fn a_database_that_goes_away_loses_and_doubles_nothing() {
    for kind in [Kind::ReplyWithFile, Kind::ReplyToClosed] {
        every_call_fails_once(kind, fault::away).await;
    }
}

#[tokio::test]
async fn a_unit_that_lost_a_race_loses_and_doubles_nothing() {
    for kind in [Kind::ReplyWithFile, Kind::ReplyToClosed] {
        every_call_fails_once(kind, fault::busy).await;
    }
}

/// The files fail: when the letter comes, when it is read again, and when its file is stored.
#[tokio::test]
async fn files_that_fail_lose_and_double_nothing() {
    let mut place = Place::in_memory().await;
    let cases =
        [(1, BlobCall::Put, 1), (2, BlobCall::Put, 2), (3, BlobCall::Get, 1), (4, BlobCall::Get, 5), (5, BlobCall::Put, 5)];
    for (number, call, times) in cases {
        let (raw, files) = (place.letter(Kind::ReplyWithFile, number), place.files());
        let node = place.node(&Death::never());
        if number <= 2 {
            node.blobs.fail(call, times);
            for _ in 0..times {
                node.helpdesk.receive(raw.clone(), &Envelope::default()).await.unwrap_err();
            }
        }
        // Now it is stored, and the host fails until the files do.
        place.people.fail();
        assert_eq!(node.helpdesk.receive(raw.clone(), &Envelope::default()).await.unwrap().verdict, Verdict::Waiting);
        place.people.answer();
        if number > 2 {
            node.blobs.fail(call, times);
            for _ in 0..times {
                node.clock.advance(TimeDelta::minutes(6));
                place.later(TimeDelta::minutes(6));
                assert!(node.helpdesk.work_on_letters().await.unwrap().is_some(), "{call:?}: it still waits");
            }
        }
        place.has_once(Kind::ReplyWithFile, number, files).await;
    }
}
