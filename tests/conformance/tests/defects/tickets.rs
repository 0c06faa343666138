//! Defects of tickets and what belongs to them.

use std::collections::BTreeSet;

use chrono::SubsecRound;
use muticket_core::blob::Digest;
use muticket_core::history::HistoryEntry;
use muticket_core::id::{AttachmentId, MessageNumber, Nonce, TicketNumber, UserId};
use muticket_core::storage::{AttachmentStore, HistoryStore, MessageStore, Storage, StorageError, TicketStore};
use muticket_core::ticket::{Attachment, Body, FileName, Message, Priority, Subject, Ticket, UnnumberedTicket};
use muticket_core::viewer::Side;

use crate::defect::Defect;
use crate::notes::{as_attachment, as_message};
use crate::store::{Twisted, at_once, cut, normalized, taken, wrong};

fn subject(text: &str) -> Subject {
    Subject::parse(text).expect("it was one before")
}

fn body(text: &str) -> Body {
    Body::parse(text).expect("it was one before")
}

impl TicketStore for Twisted<'_> {
    fn insert(&mut self, ticket: &UnnumberedTicket) -> Result<Ticket, StorageError> {
        let mut new = ticket.clone();
        let customer = ticket.customer.as_str();
        match self.store.defect {
            Defect::ForgetsCategory => new.category = None,
            Defect::ForgetsThePriorityOfANewTicket => new.priority = Priority::default(),
            Defect::CutsSubjects => new.subject = subject(&ticket.subject.as_str().chars().take(50).collect::<String>()),
            Defect::FoldsCase => new.customer = UserId::new(customer.to_lowercase()),
            Defect::TrimsBlanks => new.customer = UserId::new(customer.trim_end()),
            Defect::DropsMicroseconds => new.opened_at = cut(ticket.opened_at),
            Defect::RoundsInstants => new.opened_at = ticket.opened_at.round_subsecs(6),
            Defect::NormalizesSubjects => new.subject = subject(&normalized(ticket.subject.as_str())),
            _ => {}
        }
        let mut stored = self.unit.tickets().insert(&new)?;
        if self.has(Defect::GivesNumbersAgain)
            && let Some(deleted) = self.store.remains().deleted
        {
            stored.number = deleted;
        }
        Ok(stored)
    }

    fn find(&mut self, number: TicketNumber) -> Result<Option<Ticket>, StorageError> {
        if (self.has(Defect::ReadsWhatIsNewer) || self.has(Defect::ReadsStaleWhatIsNewer)) && !self.writing {
            let storage: &dyn Storage = &*self.store.inner;
            return at_once(storage.run_read(move |unit| unit.tickets().find(number)));
        }
        if self.has(Defect::ShowsUnfinishedUnits)
            && !self.writing
            && let Some(ticket) = self.store.remains().unfinished.clone()
        {
            return Ok(Some(ticket));
        }
        let mut found = self.unit.tickets().find(number)?;
        if self.has(Defect::WritesOnWhatIsDeleted) && self.writing {
            found = found.or_else(|| self.store.remains().found.clone());
            self.store.remains().found.clone_from(&found);
        }
        match self.store.defect {
            Defect::TakesEmptyCategoriesForMissing => {
                let missing = |ticket: &mut Ticket| ticket.category.take_if(|category| category.as_str().is_empty());
                found.as_mut().map(missing);
            }
            Defect::TakesEmptyClosersForMissing => {
                let missing = |ticket: &mut Ticket| ticket.closed_by.take_if(|user| user.as_str().is_empty());
                found.as_mut().map(missing);
            }
            _ => {}
        }
        if self.has(Defect::FailsWhenNothingIsFound) && found.is_none() {
            return Err(wrong("no rows"));
        }
        let follows = if self.has(Defect::FollowsTheDeleted) { self.store.remains().deleted } else { None };
        Ok(found.map(|mut ticket| {
            ticket.follows = ticket.follows.or(follows);
            ticket
        }))
    }

    fn find_unlocked(&mut self, number: TicketNumber) -> Result<Option<Ticket>, StorageError> {
        if self.has(Defect::FindsNoTicketWithoutALock) {
            return Ok(None);
        }
        self.unit.tickets().find_unlocked(number)
    }

    fn find_customer(&mut self, number: TicketNumber) -> Result<Option<UserId>, StorageError> {
        if self.has(Defect::FindsNoCustomer) {
            return Ok(None);
        }
        self.unit.tickets().find_customer(number)
    }

    fn list_customers(&mut self, numbers: &[TicketNumber]) -> Result<Vec<(TicketNumber, UserId)>, StorageError> {
        let mut customers = self.unit.tickets().list_customers(numbers)?;
        if self.has(Defect::ListsCustomersInTheOrderAsked) {
            customers.sort_by_key(|(found, _)| numbers.iter().position(|number| number == found));
        }
        Ok(customers)
    }

    fn update(&mut self, ticket: &Ticket) -> Result<(), StorageError> {
        let mut changed = ticket.clone();
        match self.store.defect {
            Defect::ForgetsWhoClosed => changed.closed_by = None,
            Defect::ForgetsAssignees => changed.assignee = None,
            Defect::ForgetsWhoAnswered => changed.last_supporter = None,
            Defect::ForgetsPriorities => changed.priority = Priority::Normal,
            Defect::KeepsCategories => {
                let Some(stored) = self.unit.tickets().find(ticket.number)? else { return Err(StorageError::Stale) };
                changed.category = stored.category;
            }
            Defect::KeepsSmallNumbersOnly => changed.answers = ticket.answers.min(i32::MAX.unsigned_abs()),
            Defect::LetsTheLastWriterWin => {
                let Some(stored) = self.unit.tickets().find(ticket.number)? else { return Ok(()) };
                changed.version = stored.version + 1;
            }
            Defect::ShowsUnfinishedUnits => {
                self.store.remains().unfinished = Some(changed.clone());
                std::thread::park_timeout(std::time::Duration::from_millis(2));
            }
            _ => {}
        }
        let again = changed.clone();
        self.outlives(Defect::TicketsOutliveTheirUnit, move |unit| unit.tickets().update(&again));
        self.unit.tickets().update(&changed)
    }

    fn delete(&mut self, number: TicketNumber) -> Result<bool, StorageError> {
        self.outlives(Defect::DeletionsOutliveTheirUnit, move |unit| unit.tickets().delete(number).map(drop));
        let history = self.unit.histories().list(number, Side::Desk, None)?;
        if self.has(Defect::LeavesLabelsBehind) {
            let labels = self.unit.labels().of(&[number])?;
            self.store.remains().labels.extend(labels);
        }
        let incoming = self.unit.incoming().keys(number)?;
        let before = self.unit.outbox().count()?.waiting;
        let existed = self.unit.tickets().delete(number)?;
        let after = self.unit.outbox().count()?.waiting;
        let mut remains = self.store.remains();
        remains.deleted = Some(number);
        remains.history.extend(history);
        remains.incoming.extend(incoming);
        remains.letters += before - after;
        Ok(existed)
    }
}

impl MessageStore for Twisted<'_> {
    fn insert(&mut self, message: &Message) -> Result<(), StorageError> {
        if self.poisoned {
            return Err(wrong("the transaction was aborted"));
        }
        let mut new = message.clone();
        match self.store.defect {
            Defect::LosesEmoji => {
                let text: String = message.body.as_str().chars().map(|c| if u32::from(c) > 0xffff { '?' } else { c }).collect();
                new.body = body(&text);
            }
            Defect::LosesOneCharacter => new.body = body(&message.body.as_str().replace('\u{1fffd}', "?")),
            Defect::DropsMicrosecondsOfMessages => new.written_at = cut(message.written_at),
            Defect::ForgetsNonces | Defect::TakesNoncesTwice => new.nonce = None,
            _ => {}
        }
        let again = new.clone();
        self.outlives(Defect::MessagesOutliveTheirUnit, move |unit| unit.messages().insert(&again));
        let result = self.unit.messages().insert(&new);
        self.poisoned = self.has(Defect::IsPoisonedByDuplicates) && result.is_err();
        if self.has(Defect::TakesPlacesTwice) { taken(result) } else { result }
    }

    fn find(&mut self, ticket: TicketNumber, number: MessageNumber) -> Result<Option<Message>, StorageError> {
        if self.has(Defect::HidesOwnWrites) && self.writing {
            return Ok(None);
        }
        let found = self.unit.messages().find(ticket, number)?;
        if self.has(Defect::FindsNotesAsMessages) && found.is_none() {
            let remains = self.store.remains();
            let note = remains.notes.iter().find(|note| note.ticket == ticket && note.number.get() == number.get());
            return Ok(note.and_then(as_message));
        }
        Ok(found)
    }

    fn find_by_nonce(&mut self, nonce: Nonce) -> Result<Option<Message>, StorageError> {
        self.unit.messages().find_by_nonce(nonce)
    }

    fn list(&mut self, ticket: TicketNumber, after: Option<MessageNumber>, limit: u32) -> Result<Vec<Message>, StorageError> {
        let after = if self.has(Defect::PagesFromTheFirst) { None } else { after };
        let mut messages = self.unit.messages().list(ticket, after, limit)?;
        if self.has(Defect::ListsNotesAmongMessages) {
            let remains = self.store.remains();
            messages.extend(remains.notes.iter().filter(|note| note.ticket == ticket).filter_map(as_message));
        }
        Ok(messages)
    }

    fn beginnings(&mut self, places: &[(TicketNumber, MessageNumber)]) -> Result<Vec<(TicketNumber, String)>, StorageError> {
        match self.store.defect {
            Defect::ReadsBeginningsOfFirstMessages => {
                let firsts: Vec<_> = places.iter().map(|(ticket, _)| (*ticket, MessageNumber::FIRST)).collect();
                self.unit.messages().beginnings(&firsts)
            }
            Defect::BeginsWithWholeMessages => {
                let mut texts = Vec::new();
                for (ticket, number) in places.iter().collect::<BTreeSet<_>>() {
                    let found = self.unit.messages().find(*ticket, *number)?;
                    texts.extend(found.map(|message| (*ticket, message.body.as_str().to_owned())));
                }
                Ok(texts)
            }
            Defect::ReadsBeginningsInTheOrderAsked => {
                let each = places.iter().map(|place| self.unit.messages().beginnings(&[*place]));
                Ok(each.collect::<Result<Vec<_>, _>>()?.concat())
            }
            _ => self.unit.messages().beginnings(places),
        }
    }
}

impl AttachmentStore for Twisted<'_> {
    fn insert(&mut self, attachments: &[Attachment]) -> Result<(), StorageError> {
        if self.has(Defect::RefusesManyFiles) && attachments.len() > 999 {
            return Err(wrong("too many parameters"));
        }
        if self.has(Defect::StoresSomeFilesOfARefusedInsert) {
            return attachments.chunks(1).try_for_each(|attachment| self.unit.attachments().insert(attachment));
        }
        let mut new = attachments.to_vec();
        for file in &mut new {
            match self.store.defect {
                Defect::ForgetsDigests => file.digest = None,
                Defect::KeepsSmallSizesOnly => file.size = file.size.min(1 << 53),
                Defect::NormalizesFileNames => {
                    file.name = FileName::from_stored(normalized(file.name.as_str())).expect("it was one before");
                }
                _ => {}
            }
        }
        let again = new.clone();
        self.outlives(Defect::FilesOutliveTheirUnit, move |unit| unit.attachments().insert(&again));
        self.poisoned(Defect::IsPoisonedByDuplicateFiles, |unit| unit.attachments().insert(&new))
    }

    fn find(&mut self, id: AttachmentId) -> Result<Option<Attachment>, StorageError> {
        let found = self.unit.attachments().find(id)?;
        if self.has(Defect::FindsFilesOfNotesAsAttachments) && found.is_none() {
            let remains = self.store.remains();
            return Ok(remains.note_files.iter().find(|file| file.id.0 == id.0).and_then(as_attachment));
        }
        Ok(found)
    }

    fn without_digest(&mut self, after: Option<AttachmentId>, limit: u32) -> Result<Vec<Attachment>, StorageError> {
        let after = after.filter(|_| !self.has(Defect::FindsFilesWithoutADigestFromTheFirst));
        let limit = if self.has(Defect::FindsAllFilesWithoutADigest) { u32::MAX } else { limit };
        self.unit.attachments().without_digest(after, limit)
    }

    fn set_digest(&mut self, id: AttachmentId, digest: &Digest) -> Result<bool, StorageError> {
        let set = self.unit.attachments().set_digest(id, digest)?;
        Ok(set || self.has(Defect::SetsEveryDigest))
    }

    fn list(&mut self, ticket: TicketNumber) -> Result<Vec<Attachment>, StorageError> {
        let mut files = self.unit.attachments().list(ticket)?;
        if self.has(Defect::ListsFilesFromBefore) && self.writing {
            files.retain(|file| file.message == MessageNumber::FIRST);
        }
        if self.has(Defect::ListsFilesOfNotesAmongAttachments) {
            let remains = self.store.remains();
            files.extend(remains.note_files.iter().filter(|file| file.ticket == ticket).filter_map(as_attachment));
        }
        if self.has(Defect::TurnsFilesRound) {
            files.reverse();
        }
        Ok(files)
    }
}

impl HistoryStore for Twisted<'_> {
    fn insert(&mut self, entry: &HistoryEntry) -> Result<(), StorageError> {
        let mut new = entry.clone();
        if self.has(Defect::DropsMicrosecondsOfHistories) {
            new.at = cut(entry.at);
        }
        let again = new.clone();
        self.outlives(Defect::HistoriesOutliveTheirUnit, move |unit| unit.histories().insert(&again));
        match self.poisoned(Defect::IsPoisonedByDuplicateHistories, |unit| unit.histories().insert(&new)) {
            Err(StorageError::Failed { .. }) if self.has(Defect::TakesHistoryOfNothing) => Ok(()),
            result => result,
        }
    }

    fn list(&mut self, ticket: TicketNumber, side: Side, after: Option<u32>) -> Result<Vec<HistoryEntry>, StorageError> {
        let side = if self.has(Defect::ShowsCustomersTheHistoryOfTheDesk) { Side::Desk } else { side };
        let after = after.filter(|_| !self.has(Defect::ReadsHistoriesFromTheFirst));
        let mut entries = self.unit.histories().list(ticket, side, after)?;
        if self.has(Defect::ListsHistoryNewestFirst) {
            entries.reverse();
        }
        if self.has(Defect::LeavesHistoryBehind) {
            entries.extend(self.store.remains().history.iter().filter(|entry| entry.ticket == ticket).cloned());
        }
        Ok(entries)
    }
}
