//! Defects of labels.

use muticket_core::id::{LabelId, TicketNumber};
use muticket_core::label::{Label, LabelColour};
use muticket_core::storage::{LabelStore, StorageError};

use crate::defect::Defect;
use crate::store::{Twisted, taken};

impl LabelStore for Twisted<'_> {
    fn insert(&mut self, label: &Label) -> Result<(), StorageError> {
        let mut new = label.clone();
        if self.has(Defect::ForgetsColours) {
            new.colour = LabelColour::default();
        }
        let again = new.clone();
        self.outlives(Defect::LabelsOutliveTheirUnit, move |unit| unit.labels().insert(&again));
        let result = self.poisoned(Defect::IsPoisonedByDuplicateLabels, |unit| unit.labels().insert(&new));
        if self.has(Defect::TakesLabelsTwice) { taken(result) } else { result }
    }

    fn update(&mut self, label: &Label) -> Result<bool, StorageError> {
        self.unit.labels().update(label)
    }

    fn delete(&mut self, id: LabelId) -> Result<bool, StorageError> {
        if self.has(Defect::KeepsDeletedLabelsOnTickets) {
            let all: Vec<_> = (1..100).filter_map(TicketNumber::new).collect();
            let on = self.unit.labels().of(&all)?.into_iter().filter(|(_, label)| *label == id);
            self.store.remains().labels.extend(on);
        }
        self.unit.labels().delete(id)
    }

    fn list(&mut self) -> Result<Vec<Label>, StorageError> {
        let mut labels = self.unit.labels().list()?;
        if self.has(Defect::OrdersLabelsByName) {
            labels.sort_by_key(|label| label.name.as_str().to_owned());
        }
        Ok(labels)
    }

    fn list_to_change(&mut self) -> Result<Vec<Label>, StorageError> {
        let mut labels = self.unit.labels().list_to_change()?;
        // As if another unit had stored a label after this one read them.
        if self.has(Defect::LosesChangesOfLabels) && labels.len() == 7 {
            labels.pop();
        }
        Ok(labels)
    }

    fn put_on(&mut self, ticket: TicketNumber, label: LabelId) -> Result<(), StorageError> {
        self.outlives(Defect::LabelsOnTicketsOutliveTheirUnit, move |unit| unit.labels().put_on(ticket, label));
        let result = self.poisoned(Defect::IsPoisonedByDuplicateLabelsOnTickets, |unit| unit.labels().put_on(ticket, label));
        match result {
            Err(StorageError::Stale) if self.has(Defect::LabelsWhatIsGone) => Ok(()),
            result if self.has(Defect::PutsLabelsOnTwice) => taken(result),
            result => result,
        }
    }

    fn take_off(&mut self, ticket: TicketNumber, label: LabelId) -> Result<bool, StorageError> {
        match self.has(Defect::LeavesLabelsOn) {
            true => Ok(self.unit.labels().of(&[ticket])?.contains(&(ticket, label))),
            false => self.unit.labels().take_off(ticket, label),
        }
    }

    fn of(&mut self, tickets: &[TicketNumber]) -> Result<Vec<(TicketNumber, LabelId)>, StorageError> {
        let all: Vec<_> = (1..100).filter_map(TicketNumber::new).collect();
        let asked = if self.has(Defect::ReadsLabelsOfAllTickets) { &all } else { tickets };
        let mut labels = self.unit.labels().of(asked)?;
        let left = self.store.remains().labels.clone();
        labels.extend(left.into_iter().filter(|(ticket, _)| tickets.contains(ticket)));
        Ok(labels)
    }

    fn count(&mut self, labels: &[LabelId]) -> Result<Vec<u32>, StorageError> {
        match self.store.defect {
            Defect::CountsLabelsInTheirOwnOrder => {
                let mut sorted = labels.to_vec();
                sorted.sort_unstable();
                self.unit.labels().count(&sorted)
            }
            Defect::CountsLabelsBeyondMany => {
                let all: Vec<_> = (1..5000).filter_map(TicketNumber::new).collect();
                let on = self.unit.labels().of(&all)?;
                let count = |label| u32::try_from(on.iter().filter(|(_, on)| on == label).count()).unwrap_or(u32::MAX);
                Ok(labels.iter().map(count).collect())
            }
            _ => self.unit.labels().count(labels),
        }
    }
}
