//! Defects of saved answers.

use muticket_core::id::{SavedAnswerId, UserId};
use muticket_core::saved_answer::{Actions, ListedAnswer, SavedAnswer};
use muticket_core::storage::{SavedAnswerStore, StorageError};

use crate::defect::Defect;
use crate::store::{Twisted, taken};

/// The user for whom a defective store counts all uses.
fn everybody() -> UserId {
    UserId::new("everybody")
}

impl SavedAnswerStore for Twisted<'_> {
    fn insert(&mut self, answer: &SavedAnswer) -> Result<(), StorageError> {
        let mut new = answer.clone();
        match self.store.defect {
            Defect::TurnsTheTextsRound => new.texts.reverse(),
            Defect::LeavesOutActions => new.actions = Actions::default(),
            _ => {}
        }
        let again = new.clone();
        self.outlives(Defect::SavedAnswersOutliveTheirUnit, move |unit| unit.saved_answers().insert(&again));
        if self.has(Defect::ListsPersonalAnswersForAll) {
            self.store.remains().owners.insert(new.id, new.owner.take());
        }
        let result = self.poisoned(Defect::IsPoisonedByDuplicateSavedAnswers, |unit| unit.saved_answers().insert(&new));
        if self.has(Defect::TakesSavedAnswersTwice) { taken(result) } else { result }
    }

    fn update(&mut self, answer: &SavedAnswer) -> Result<bool, StorageError> {
        let Some(stored) = self.unit.saved_answers().find(answer.id)? else { return Ok(false) };
        let mut changed = answer.clone();
        if self.has(Defect::KeepsOldTexts) {
            changed.texts = stored.texts;
        }
        if self.has(Defect::GivesSavedAnswersAway) {
            self.unit.saved_answers().delete(answer.id)?;
            self.unit.saved_answers().insert(&changed)?;
            return Ok(true);
        }
        self.unit.saved_answers().update(&changed)
    }

    fn delete(&mut self, id: SavedAnswerId) -> Result<bool, StorageError> {
        if self.has(Defect::KeepsUsesOfTheDeleted) {
            self.store.remains().kept_uses = true;
        }
        self.unit.saved_answers().delete(id)
    }

    fn find(&mut self, id: SavedAnswerId) -> Result<Option<SavedAnswer>, StorageError> {
        self.unit.saved_answers().find(id)
    }

    fn list(&mut self, user: Option<&UserId>) -> Result<Vec<ListedAnswer>, StorageError> {
        let everybody = everybody();
        let counted = if self.has(Defect::CountsUsesForEverybody) { user.map(|_| &everybody) } else { user };
        let mut answers = self.unit.saved_answers().list(counted)?;
        if self.has(Defect::ListsTheNewestSavedAnswersFirst) {
            answers.reverse();
        }
        if self.has(Defect::KeepsUsesOfTheDeleted) && self.store.remains().kept_uses {
            answers.iter_mut().for_each(|answer| answer.uses = answer.uses.max(1));
        }
        for answer in &mut answers {
            if let Some(owner) = self.store.remains().owners.get(&answer.id) {
                answer.owner.clone_from(owner);
            }
        }
        Ok(answers)
    }

    fn count_use(&mut self, id: SavedAnswerId, user: &UserId) -> Result<(), StorageError> {
        let used = |answer: &ListedAnswer| answer.id == id && answer.uses > 0;
        if self.has(Defect::CountsOneUseOnly) && self.unit.saved_answers().list(Some(user))?.iter().any(used) {
            return Ok(());
        }
        let everybody = everybody();
        let counted = if self.has(Defect::CountsUsesForEverybody) { &everybody } else { user };
        self.unit.saved_answers().count_use(id, counted)
    }
}
