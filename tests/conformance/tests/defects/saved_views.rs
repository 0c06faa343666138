//! Defects of saved views.

use muticket_core::id::{SavedViewId, UserId};
use muticket_core::saved_view::{FirstView, SavedView};
use muticket_core::storage::{Order, SavedViewStore, SortKey, StorageError};

use crate::defect::Defect;
use crate::store::{Twisted, taken};

impl SavedViewStore for Twisted<'_> {
    fn insert(&mut self, view: &SavedView) -> Result<(), StorageError> {
        let mut new = view.clone();
        match self.store.defect {
            Defect::ForgetsSortsOfViews => (new.filter.sort, new.filter.order) = (SortKey::Activity, Order::Descending),
            Defect::ForgetsTextsOfViews => new.filter.texts = false,
            Defect::ForgetsWhoseTicketsAViewHolds => new.filter.assignee = None,
            Defect::ListsPersonalViewsForAll if new.owner.is_some() => {
                self.store.remains().personal_views.insert(new.id, new.clone());
            }
            _ => {}
        }
        let again = new.clone();
        self.outlives(Defect::SavedViewsOutliveTheirUnit, move |unit| unit.saved_views().insert(&again));
        let result = self.poisoned(Defect::IsPoisonedByDuplicateSavedViews, |unit| unit.saved_views().insert(&new));
        if self.has(Defect::TakesSavedViewsTwice) { taken(result) } else { result }
    }

    fn update(&mut self, view: &SavedView) -> Result<bool, StorageError> {
        let Some(stored) = self.unit.saved_views().find(view.id)? else { return Ok(false) };
        let mut changed = view.clone();
        if self.has(Defect::KeepsOwnersOfViews) {
            changed.owner = stored.owner;
        }
        self.unit.saved_views().update(&changed)
    }

    fn delete(&mut self, id: SavedViewId) -> Result<bool, StorageError> {
        if self.has(Defect::KeepsDeletedSharedViews) {
            let found = self.unit.saved_views().find(id)?;
            self.store.remains().views.extend(found.filter(|view| view.owner.is_none()));
        }
        self.unit.saved_views().delete(id)
    }

    fn find(&mut self, id: SavedViewId) -> Result<Option<SavedView>, StorageError> {
        self.unit.saved_views().find(id)
    }

    fn list(&mut self, user: &UserId) -> Result<Vec<SavedView>, StorageError> {
        let mut views = self.unit.saved_views().list(user)?;
        let remains = self.store.remains();
        views.extend(remains.views.iter().cloned());
        views.extend(remains.personal_views.values().filter(|view| view.owner.as_ref() != Some(user)).cloned());
        views.sort_by_key(|view| view.id);
        if self.has(Defect::ListsTheNewestSavedViewsFirst) {
            views.reverse();
        }
        Ok(views)
    }

    fn first(&mut self, user: &UserId) -> Result<Option<FirstView>, StorageError> {
        if self.has(Defect::KeepsChoicesOfDeletedViews) {
            return Ok(self.store.remains().first_views.get(user).copied());
        }
        self.unit.saved_views().first(user)
    }

    fn set_first(&mut self, user: &UserId, first: Option<FirstView>) -> Result<(), StorageError> {
        let before = self.unit.saved_views().first(user)?;
        match (self.store.defect, first) {
            (Defect::ForgetsFirstViews, _) => return Ok(()),
            (Defect::KeepsTheFirstChoice, Some(_)) if before.is_some() => return Ok(()),
            (Defect::ChoosesViewsThatAreMissing, Some(FirstView::Saved(id))) if self.unit.saved_views().find(id)?.is_none() => {
                return Ok(());
            }
            (Defect::KeepsChoicesOfDeletedViews, Some(first)) => {
                self.store.remains().first_views.insert(user.clone(), first);
            }
            _ => {}
        }
        let user_again = user.clone();
        self.outlives(Defect::FirstViewsOutliveTheirUnit, move |unit| unit.saved_views().set_first(&user_again, first));
        self.unit.saved_views().set_first(user, first)
    }
}
