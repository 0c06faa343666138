//! Saved views.

use std::collections::btree_map::Entry;

use crate::id::{SavedViewId, UserId};
use crate::saved_view::{FirstView, SavedView};
use crate::storage::memory::MemoryUnit;
use crate::storage::{SavedViewStore, StorageError};

impl SavedViewStore for MemoryUnit {
    fn insert(&mut self, view: &SavedView) -> Result<(), StorageError> {
        match self.change()?.saved_views.entry(view.id) {
            Entry::Vacant(place) => {
                place.insert(view.clone());
                Ok(())
            }
            Entry::Occupied(_) => Err(StorageError::Duplicate),
        }
    }

    fn update(&mut self, view: &SavedView) -> Result<bool, StorageError> {
        let Some(stored) = self.change()?.saved_views.get_mut(&view.id) else { return Ok(false) };
        stored.clone_from(view);
        Ok(true)
    }

    fn delete(&mut self, id: SavedViewId) -> Result<bool, StorageError> {
        let tables = self.change()?;
        tables.first_views.retain(|_, first| *first != FirstView::Saved(id));
        Ok(tables.saved_views.remove(&id).is_some())
    }

    fn find(&mut self, id: SavedViewId) -> Result<Option<SavedView>, StorageError> {
        Ok(self.tables.saved_views.get(&id).cloned())
    }

    fn list(&mut self, user: &UserId) -> Result<Vec<SavedView>, StorageError> {
        Ok(self.tables.saved_views.values().filter(|view| view.is_for(user)).cloned().collect())
    }

    fn first(&mut self, user: &UserId) -> Result<Option<FirstView>, StorageError> {
        Ok(self.tables.first_views.get(user).copied())
    }

    fn set_first(&mut self, user: &UserId, first: Option<FirstView>) -> Result<(), StorageError> {
        let tables = self.change()?;
        match first {
            Some(FirstView::Saved(id)) if !tables.saved_views.contains_key(&id) => return Err(StorageError::Stale),
            Some(first) => tables.first_views.insert(user.clone(), first),
            None => tables.first_views.remove(user),
        };
        Ok(())
    }
}
