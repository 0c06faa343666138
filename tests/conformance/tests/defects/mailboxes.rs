//! Defects of mailboxes.

use muticket_core::mailbox::{MailboxPlace, MailboxState};
use muticket_core::storage::{MailboxStore, StorageError};

use crate::defect::Defect;
use crate::store::Twisted;

impl MailboxStore for Twisted<'_> {
    fn find(&mut self, name: &str) -> Result<Option<MailboxState>, StorageError> {
        let mut found = self.unit.mailboxes().find(name)?;
        // As if another unit had stored a mailbox after this one read it.
        if self.has(Defect::ReadsMailboxesThatOthersChange)
            && let Some(MailboxPlace { next_uid, .. }) = found.as_mut().and_then(|mailbox| mailbox.place.as_mut())
            && *next_uid == 7
        {
            *next_uid = 6;
        }
        if self.has(Defect::FoldsNamesOfMailboxes) && found.is_none() {
            let all = self.unit.mailboxes().list()?;
            return Ok(all.into_iter().find(|mailbox| mailbox.name.eq_ignore_ascii_case(name)));
        }
        Ok(found)
    }

    fn update(&mut self, mailbox: &MailboxState) -> Result<(), StorageError> {
        let again = mailbox.clone();
        self.outlives(Defect::MailboxesOutliveTheirUnit, move |unit| unit.mailboxes().update(&again));
        let mut new = mailbox.clone();
        match self.store.defect {
            Defect::ForgetsWhenAMailboxWasRead => new.checked_at = None,
            Defect::KeepsProblemsOfMailboxes if new.problem.is_none() => {
                new.problem = self.unit.mailboxes().find(&new.name)?.and_then(|stored| stored.problem);
            }
            Defect::FoldsNamesOfMailboxes => new.name.make_ascii_lowercase(),
            _ => {}
        }
        self.unit.mailboxes().update(&new)
    }

    fn list(&mut self) -> Result<Vec<MailboxState>, StorageError> {
        let mut mailboxes = self.unit.mailboxes().list()?;
        if self.has(Defect::TurnsMailboxesRound) {
            mailboxes.reverse();
        }
        Ok(mailboxes)
    }
}
