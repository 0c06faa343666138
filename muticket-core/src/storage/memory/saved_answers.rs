//! Saved answers.

use std::collections::btree_map::Entry;

use crate::id::{SavedAnswerId, UserId};
use crate::saved_answer::{ListedAnswer, SavedAnswer};
use crate::storage::memory::{MemoryUnit, no_owner};
use crate::storage::{SavedAnswerStore, StorageError};

impl SavedAnswerStore for MemoryUnit {
    fn insert(&mut self, answer: &SavedAnswer) -> Result<(), StorageError> {
        match self.change()?.saved_answers.entry(answer.id) {
            Entry::Vacant(place) => {
                place.insert(answer.clone());
                Ok(())
            }
            Entry::Occupied(_) => Err(StorageError::Duplicate),
        }
    }

    fn update(&mut self, answer: &SavedAnswer) -> Result<bool, StorageError> {
        let Some(stored) = self.change()?.saved_answers.get_mut(&answer.id) else { return Ok(false) };
        *stored = SavedAnswer { owner: stored.owner.clone(), ..answer.clone() };
        Ok(true)
    }

    fn delete(&mut self, id: SavedAnswerId) -> Result<bool, StorageError> {
        let tables = self.change()?;
        tables.saved_uses.retain(|(used, _), _| *used != id);
        Ok(tables.saved_answers.remove(&id).is_some())
    }

    fn find(&mut self, id: SavedAnswerId) -> Result<Option<SavedAnswer>, StorageError> {
        Ok(self.tables.saved_answers.get(&id).cloned())
    }

    fn list(&mut self, user: Option<&UserId>) -> Result<Vec<ListedAnswer>, StorageError> {
        let is_for = |answer: &&SavedAnswer| answer.owner.is_none() || answer.owner.as_ref() == user;
        let uses = |id| user.and_then(|user| self.tables.saved_uses.get(&(id, user.clone())).copied()).unwrap_or_default();
        let listed = |answer: &SavedAnswer| ListedAnswer {
            id: answer.id,
            owner: answer.owner.clone(),
            title: answer.title.clone(),
            categories: answer.categories.clone(),
            actions: answer.actions.clone(),
            uses: uses(answer.id),
        };
        Ok(self.tables.saved_answers.values().filter(is_for).map(listed).collect())
    }

    fn count_use(&mut self, id: SavedAnswerId, user: &UserId) -> Result<(), StorageError> {
        let tables = self.change()?;
        if !tables.saved_answers.contains_key(&id) {
            return Err(no_owner());
        }
        let uses = tables.saved_uses.entry((id, user.clone())).or_default();
        *uses = uses.saturating_add(1);
        Ok(())
    }
}
