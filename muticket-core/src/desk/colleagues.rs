//! Which other supporters have a ticket open (T-14).

use crate::access::Action;
use crate::desk::Desk;
use crate::error::Error;
use crate::id::TicketNumber;
use crate::lookup::ticket_for;
use crate::open_page::{Colleague, OpenPage, colleagues};
use crate::storage::Unit;

impl Desk {
    /// Reports that the supporter has the page of a ticket open, and returns the other supporters who have. A page reports
    /// itself every ten seconds; see [`OpenPage::LASTS`]. It changes nothing of the ticket. It never blocks anyone.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Unavailable`].
    pub async fn report_open(&self, number: TicketNumber, writes: bool) -> Result<Vec<Colleague>, Error> {
        let (actor, now) = (self.actor(), self.parts.now());
        let work = move |unit: &mut dyn Unit| {
            let staff = actor.staff(unit)?;
            let (ticket, _) = ticket_for(unit, staff.viewer(&actor.user), number, Action::Answer)?;
            let page = OpenPage { ticket: ticket.number, user: actor.user.id.clone(), writes, seen_at: now };
            unit.open_pages().report(&page)?;
            let open = unit.open_pages().list(number, now - OpenPage::LASTS)?;
            Ok::<_, Error>(colleagues(open, &staff, &actor.user.id))
        };
        self.parts.storage.run_write(work).await
    }
}
