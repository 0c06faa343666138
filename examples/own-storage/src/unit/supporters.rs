//! The supporters' records.

use std::collections::BTreeSet;
use std::slice;

use muticket_core::id::{CategoryId, SupporterId, UserId};
use muticket_core::storage::{StorageError, Supporters};
use muticket_core::supporter::Supporter;
use serde::{Deserialize, Serialize};

use crate::json::{Json, rows};
use crate::unit::{JsonUnit, insert};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Supporter")]
struct SupporterRow {
    #[serde(with = "Json")]
    id: SupporterId,
    #[serde(with = "Json")]
    user: UserId,
    present: bool,
    #[serde(with = "Json")]
    categories: BTreeSet<CategoryId>,
}

rows!(Supporter as SupporterRow);

impl Supporters for JsonUnit {
    fn insert(&mut self, supporter: &Supporter) -> Result<(), StorageError> {
        let supporters = &mut self.change()?.revise().supporters;
        insert(supporters, slice::from_ref(supporter), |stored, new| stored.id == new.id || stored.user == new.user)
    }

    fn update(&mut self, supporter: &Supporter) -> Result<bool, StorageError> {
        let mut supporters = self.change()?.revise().supporters.iter_mut();
        let Some(stored) = supporters.find(|stored| stored.id == supporter.id) else { return Ok(false) };
        stored.present = supporter.present;
        stored.categories = supporter.categories.clone();
        Ok(true)
    }

    fn delete(&mut self, id: SupporterId) -> Result<bool, StorageError> {
        let supporters = &mut self.change()?.revise().supporters;
        let before = supporters.len();
        supporters.retain(|stored| stored.id != id);
        Ok(supporters.len() < before)
    }

    fn find(&mut self, id: SupporterId) -> Result<Option<Supporter>, StorageError> {
        Ok(self.tables.supporters.iter().find(|stored| stored.id == id).cloned())
    }

    fn list(&mut self) -> Result<Vec<Supporter>, StorageError> {
        Ok(self.tables.supporters.clone())
    }
}
