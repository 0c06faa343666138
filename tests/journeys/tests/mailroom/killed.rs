//! A node dies at every step of its work on a letter (M-02: "killed at any moment, nothing is lost and nothing doubled").

use chrono::TimeDelta;
use muticket_core::incoming::{Envelope, Verdict};

use crate::mortal::Death;
use crate::post::{Kind, Place};

/// The fewest steps that a letter takes. With fewer, the steps are not counted any more.
const FEWEST: u32 = 12;

/// The node dies while a letter comes in. The sender has no receipt, so they give the letter to another node.
async fn dies_while_it_receives(place: &mut Place, kind: Kind) {
    for step in 1.. {
        let (raw, files) = (place.letter(kind, step), place.files());
        let death = Death::at(step);
        let node = place.node(&death);
        let survived = match death.interrupts(node.helpdesk.receive(raw.clone(), &Envelope::default())).await {
            Some(receipt) => receipt.map(|_| true).unwrap(),
            None => false,
        };
        drop(node);
        if !survived {
            place.node(&Death::never()).helpdesk.receive(raw.clone(), &Envelope::default()).await.unwrap();
        }
        place.has_once(kind, step, files).await;
        if survived {
            assert!(step > FEWEST, "{kind:?} took only {step} steps");
            return;
        }
    }
}

/// The node dies while it works on a letter that waits. Another one takes it over when the claim has ended.
async fn dies_while_it_works(place: &mut Place, kind: Kind) {
    for step in 1.. {
        // Other letters than those above.
        let number = 1000 + step;
        let (raw, files) = (place.letter(kind, number), place.files());
        place.people.fail();
        let receipt = place.node(&Death::never()).helpdesk.receive(raw.clone(), &Envelope::default()).await.unwrap();
        assert_eq!(receipt.verdict, Verdict::Waiting);
        place.people.answer();
        place.later(TimeDelta::minutes(6));
        let death = Death::at(step);
        let node = place.node(&death);
        let survived = match death.interrupts(node.helpdesk.work_on_letters()).await {
            Some(due) => due.map(|_| true).unwrap(),
            None => false,
        };
        drop(node);
        place.has_once(kind, number, files).await;
        if survived {
            assert!(step > FEWEST, "{kind:?} took only {step} steps");
            return;
        }
    }
}

#[tokio::test]
async fn a_letter_that_comes_while_the_node_dies_counts_once() {
    let mut place = Place::in_memory().await;
    for kind in Kind::ALL {
        dies_while_it_receives(&mut place, kind).await;
    }
}

#[tokio::test]
async fn a_waiting_letter_of_a_node_that_dies_counts_once() {
    let mut place = Place::in_memory().await;
    for kind in Kind::ALL {
        dies_while_it_works(&mut place, kind).await;
    }
}

#[tokio::test]
async fn a_letter_that_comes_while_the_node_dies_counts_once_on_sqlite() {
    let mut place = Place::on_sqlite().await;
    dies_while_it_receives(&mut place, Kind::ReplyWithFile).await;
}

#[tokio::test]
async fn a_waiting_letter_of_a_node_that_dies_counts_once_on_sqlite() {
    let mut place = Place::on_sqlite().await;
    dies_while_it_works(&mut place, Kind::ReplyToClosed).await;
}

/// Several doors of several nodes get the same letter at the same moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_letter_that_comes_through_many_doors_at_once_counts_once() {
    let mut place = Place::on_sqlite().await;
    for (number, kind) in (2000..).zip(Kind::ALL) {
        let (raw, files) = (place.letter(kind, number), place.files());
        let nodes = [place.node(&Death::never()), place.node(&Death::never())];
        let doors: Vec<_> = (0..8)
            .map(|door| {
                let (helpdesk, raw) = (nodes[door % 2].helpdesk.clone(), raw.clone());
                tokio::spawn(async move { helpdesk.receive(raw, &Envelope::default()).await })
            })
            .collect();
        let mut first = 0;
        for door in doors {
            first += u32::from(!door.await.unwrap().unwrap().came_before);
        }
        assert_eq!(first, 1, "{kind:?}");
        place.has_once(kind, number, files).await;
    }
}
