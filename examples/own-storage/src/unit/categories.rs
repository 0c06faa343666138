//! The categories that MuTicket itself stores.

use std::slice;

use muticket_core::category::Category;
use muticket_core::id::CategoryId;
use muticket_core::language::Language;
use muticket_core::storage::{Categories, KeptCategory, StorageError};
use serde::{Deserialize, Serialize};

use crate::json::{Json, rows};
use crate::unit::{JsonUnit, insert};

#[derive(Serialize, Deserialize)]
#[serde(remote = "KeptCategory")]
struct KeptCategoryRow {
    #[serde(with = "CategoryRow")]
    category: Category,
    retired: bool,
}

rows!(KeptCategory as KeptCategoryRow);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Category")]
struct CategoryRow {
    #[serde(with = "Json")]
    id: CategoryId,
    #[serde(with = "Json")]
    names: Vec<(Language, String)>,
}

impl Categories for JsonUnit {
    fn insert(&mut self, category: &KeptCategory) -> Result<(), StorageError> {
        let categories = &mut self.change()?.revise().categories;
        insert(categories, slice::from_ref(category), |stored, new| stored.category.id == new.category.id)
    }

    fn update(&mut self, category: &KeptCategory) -> Result<bool, StorageError> {
        let mut categories = self.change()?.revise().categories.iter_mut();
        let stored = categories.find(|stored| stored.category.id == category.category.id);
        Ok(stored.map(|stored| *stored = category.clone()).is_some())
    }

    fn find(&mut self, id: &CategoryId) -> Result<Option<KeptCategory>, StorageError> {
        Ok(self.tables.categories.iter().find(|stored| stored.category.id == *id).cloned())
    }

    fn list(&mut self) -> Result<Vec<KeptCategory>, StorageError> {
        Ok(self.tables.categories.clone())
    }

    fn order(&mut self) -> Result<Vec<CategoryId>, StorageError> {
        Ok(self.tables.category_order.clone())
    }

    fn arrange(&mut self, order: &[CategoryId]) -> Result<(), StorageError> {
        self.change()?.revise().category_order = order.to_vec();
        Ok(())
    }
}
