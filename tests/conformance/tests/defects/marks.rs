//! Defects of marks.

use muticket_core::id::{MessageNumber, TicketNumber, UserId};
use muticket_core::storage::{MarkStore, StorageError};

use crate::defect::Defect;
use crate::store::Twisted;

impl Twisted<'_> {
    /// The user whose mark is stored.
    fn marked(&self, user: &UserId) -> UserId {
        if self.has(Defect::MarksForTheNamesake) { UserId::new(user.as_str().to_lowercase()) } else { user.clone() }
    }
}

impl MarkStore for Twisted<'_> {
    fn mark(&mut self, user: &UserId, ticket: TicketNumber, message: MessageNumber) -> Result<(), StorageError> {
        let user = self.marked(user);
        let again = user.clone();
        self.outlives(Defect::MarksOutliveTheirUnit, move |unit| unit.marks().mark(&again, ticket, message));
        let mut remains = self.store.remains();
        remains.marks.retain(|(whose, on, _)| (whose, *on) != (&user, ticket));
        remains.marks.push((user.clone(), ticket, message));
        drop(remains);
        self.unit.marks().mark(&user, ticket, message)
    }

    fn list(&mut self, user: &UserId, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, MessageNumber)>, StorageError> {
        let user = self.marked(user);
        let kept = self.has(Defect::TakesMarksBack) || self.has(Defect::LeavesMarksBehind);
        if kept || self.has(Defect::ListsAllMarks) {
            let remains = self.store.remains();
            let all = self.has(Defect::ListsAllMarks);
            let own = remains.marks.iter().filter(|(whose, on, _)| *whose == user && (all || tickets.contains(on)));
            return Ok(own.map(|(_, on, message)| (*on, *message)).collect());
        }
        self.unit.marks().list(&user, tickets)
    }
}
