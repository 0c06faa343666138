//! Replies to closed tickets, and the tickets that continue them (M-01, D-02).

use super::*;
use crate::id::MessageNumber;
use crate::ticket::Ticket;

fn number(number: i64) -> TicketNumber {
    TicketNumber::new(number).unwrap()
}

impl Site {
    async fn closes(&self, number: TicketNumber) {
        self.helpdesk.desk(&Host::visitor("sara")).await.unwrap().close(number, None).await.unwrap();
    }

    async fn opens(&self, follows: Option<TicketNumber>) -> TicketNumber {
        let portal = self.helpdesk.portal(&Host::visitor("anna")).unwrap();
        let new = NewTicket { subject: "Toner".to_owned(), body: "It is empty".to_owned(), follows, ..NewTicket::default() };
        portal.open(new).await.unwrap().number
    }

    /// The ticket and what it follows; `None` if there is none with this number.
    async fn ticket(&self, number: TicketNumber) -> Option<Ticket> {
        let find = move |unit: &mut dyn Unit| unit.tickets().find(number);
        self.helpdesk.storage().run_read::<_, StorageError, _>(find).await.unwrap()
    }
}

#[tokio::test]
async fn three_replies_to_a_closed_ticket_are_one_new_ticket() {
    let site = Site::new().await;
    let (first, letter) = site.answered().await;
    site.closes(first).await;
    for (text, verdict) in [("Again", Verdict::FollowedUp), ("And here", Verdict::Replied), ("And once more", Verdict::Replied)] {
        assert_eq!(site.receive(&reply(&letter, "anna@x.example", text)).await, verdict, "{text}");
    }
    let new = site.ticket(number(2)).await.unwrap();
    assert_eq!((new.follows, new.last_message.get()), (Some(first), 3));
    assert_eq!(site.ticket(number(3)).await, None);
    assert_eq!(site.ticket(first).await.unwrap().last_message.get(), 2, "the closed ticket is as it was");
    let places: Vec<_> = site.letters(new.number).await.iter().map(|letter| letter.message.unwrap().get()).collect();
    assert_eq!(places, [1, 2, 3]);
    assert_eq!(site.mailed().await, ["sara@x.example"; 3]);
}

/// The ticket that continues a closed one may be closed and continued itself.
#[tokio::test]
async fn a_reply_goes_to_the_newest_open_ticket_of_the_chain() {
    let site = Site::new().await;
    let (first, letter) = site.answered().await;
    site.closes(first).await;
    let other = site.opens(None).await;
    assert_eq!(
        site.receive(&reply(&letter, "anna@x.example", "One")).await,
        Verdict::FollowedUp,
        "the other one is another matter"
    );
    site.closes(number(3)).await;
    let third = site.opens(Some(number(3))).await;
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "Second")).await, Verdict::Replied);
    assert_eq!(site.ticket(third).await.unwrap().last_message.get(), 2);
    // Two continue it, and the newest one counts.
    let newest = site.opens(Some(first)).await;
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "And a third")).await, Verdict::Replied);
    assert_eq!(site.ticket(newest).await.unwrap().last_message.get(), 2);
    for open in [third, newest] {
        site.closes(open).await;
    }
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "And number four")).await, Verdict::FollowedUp);
    assert_eq!(site.ticket(number(6)).await.unwrap().follows, Some(first));
    assert_eq!(site.ticket(other).await.unwrap().last_message, MessageNumber::FIRST);
}

/// M-02: a node died after it had stored the reply.
#[tokio::test]
async fn a_reply_on_a_follow_up_counts_once() {
    let site = Site::new().await;
    let (first, letter) = site.answered().await;
    site.closes(first).await;
    let second = site.opens(Some(first)).await;
    assert_eq!(site.receive(&reply(&letter, "anna@x.example", "Again")).await, Verdict::Replied);
    let stored = site.letters(second).await.remove(0);
    let half = Incoming { verdict: Verdict::Waiting, due_at: Some(site.helpdesk.now()), message: None, ..stored.clone() };
    let forget = move |unit: &mut dyn Unit| unit.incoming().settle(&half);
    assert!(site.helpdesk.storage().run_write::<_, StorageError, _>(forget).await.unwrap());
    assert_eq!(site.helpdesk.work_on_letters().await.unwrap(), None);
    let found = site.letters(second).await.remove(0);
    assert_eq!((found.verdict, found.message), (Verdict::Replied, stored.message));
    assert_eq!(site.ticket(second).await.unwrap().last_message.get(), 2);
}

/// M-05: the letters that come for a closed ticket are counted where they go.
#[tokio::test]
async fn replies_on_a_follow_up_are_counted() {
    let rules = MailIn::new("support+{token}@site.example").unwrap().with_budget(3, 2);
    let site = Site::with(rules).await;
    let (first, letter) = site.answered().await;
    site.closes(first).await;
    for (text, verdict) in [("Again", Verdict::FollowedUp), ("And here", Verdict::Replied), ("Once more", Verdict::TooMany)] {
        assert_eq!(site.receive(&reply(&letter, "anna@x.example", text)).await, verdict, "{text}");
    }
    assert_eq!(site.ticket(number(2)).await.unwrap().last_message.get(), 2);
}
