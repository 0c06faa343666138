//! Events in the past. They are stored directly, because the clock of the pages cannot be turned back.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use muticket_core::{
    Clock, Directory, Group, GroupId, Helpdesk, HostError, NewMessage, NewTicket, SystemClock, TicketNumber, User, UserId,
};
use muticket_demo::{PEOPLE, Person};
use muticket_diesel::DieselStorage;

use crate::site::{Site, visitor};

impl Site {
    /// Stores a ticket with one message of each age, the oldest first.
    ///
    /// # Panics
    /// If the demo refuses it.
    pub fn plant_ticket(&self, customer: &str, ages: &[TimeDelta]) -> TicketNumber {
        let clock = Arc::new(HandClock(Mutex::new(SystemClock.now())));
        let now = clock.now();
        self.wait_for(async {
            let storage = Arc::new(DieselStorage::connect(&self.database()).await.expect("the site has it open, too"));
            let helpdesk = Helpdesk::builder(storage, Arc::new(People)).clock(clock.clone()).build();
            let portal = helpdesk.portal(&visitor(customer)).expect("customers are no guests");
            let mut ages = ages.iter();
            clock.turn(now - *ages.next().expect("a ticket has a first message"));
            let category =
                portal.opening(None).await.expect("tickets can be opened").categories.first().map(|first| first.id.clone());
            let new = NewTicket { subject: "Long ago".to_owned(), body: "A word.".to_owned(), category, ..Default::default() };
            let ticket = portal.open(new).await.expect("it is a ticket").number;
            for age in ages {
                clock.turn(now - *age);
                let message = NewMessage { body: "Another word.".to_owned(), ..Default::default() };
                portal.reply(ticket, message).await.expect("it is a reply");
            }
            ticket
        })
    }
}

/// A clock that the test sets.
struct HandClock(Mutex<DateTime<Utc>>);

impl HandClock {
    fn turn(&self, now: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl Clock for HandClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The people of the demo.
struct People;

#[async_trait]
impl Directory for People {
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError> {
        Ok(ids.iter().filter_map(|id| Person::find(id.as_str())).map(Person::user).collect())
    }

    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError> {
        Ok(PEOPLE.iter().map(Person::user).filter(|user| user.is_in(group)).collect())
    }

    async fn groups(&self) -> Result<Vec<Group>, HostError> {
        Ok(Vec::new())
    }
}
