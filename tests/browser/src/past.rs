//! Events in the past. They are stored directly, because the clock of the pages cannot be turned back.

use std::sync::Arc;

use chrono::TimeDelta;
use muticket_core::{Clock, Helpdesk, NewMessage, NewTicket, SystemClock, TicketNumber};
use muticket_diesel::DieselStorage;
use muticket_world::ManualClock;

use crate::site::{Site, visitor};

impl Site {
    /// Stores a ticket with one message of each age, the oldest first.
    ///
    /// # Panics
    /// If the demo refuses it.
    pub fn plant_ticket(&self, customer: &str, ages: &[TimeDelta]) -> TicketNumber {
        let clock = Arc::new(ManualClock::new(SystemClock.now()));
        let now = clock.now();
        self.wait_for(async {
            let storage = Arc::new(DieselStorage::connect(&self.database()).await.expect("the site has it open, too"));
            let helpdesk = Helpdesk::builder(storage, self.helpdesk().directory().clone()).clock(clock.clone()).build();
            let portal = helpdesk.portal(&visitor(customer)).expect("customers are no guests");
            let mut ages = ages.iter();
            clock.set(now - *ages.next().expect("a ticket has a first message"));
            let category =
                portal.opening(None).await.expect("tickets can be opened").categories.first().map(|first| first.id.clone());
            let new = NewTicket { subject: "Long ago".to_owned(), body: "A word.".to_owned(), category, ..Default::default() };
            let ticket = portal.open(new).await.expect("it is a ticket").number;
            for age in ages {
                clock.set(now - *age);
                let message = NewMessage { body: "Another word.".to_owned(), ..Default::default() };
                portal.reply(ticket, message).await.expect("it is a reply");
            }
            ticket
        })
    }
}
