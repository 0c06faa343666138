//! Secret keys, each made once.

use std::collections::btree_map::Entry;

use muticket_core::storage::{Secrets, StorageError};

use crate::unit::JsonUnit;

impl Secrets for JsonUnit {
    fn find(&mut self, name: &str) -> Result<Option<[u8; 32]>, StorageError> {
        Ok(self.tables.secrets.get(name).copied())
    }

    fn insert(&mut self, name: &str, secret: &[u8; 32]) -> Result<(), StorageError> {
        match self.change()?.secrets.entry(name.to_owned()) {
            Entry::Occupied(_) => Err(StorageError::Duplicate),
            Entry::Vacant(place) => {
                place.insert(*secret);
                Ok(())
            }
        }
    }
}
