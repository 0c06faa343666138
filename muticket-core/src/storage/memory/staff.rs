//! What the backend administers, the secrets, and the address of the site.

use std::collections::btree_map::Entry;

use crate::id::{CategoryId, SupporterId};
use crate::settings::Settings;
use crate::site_address::SiteAddress;
use crate::storage::memory::MemoryUnit;
use crate::storage::{CategoryStore, SecretStore, SettingsStore, SiteAddressStore, StorageError, StoredCategory, SupporterStore};
use crate::supporter::Supporter;

impl SupporterStore for MemoryUnit {
    fn insert(&mut self, supporter: &Supporter) -> Result<(), StorageError> {
        let supporters = &mut self.change()?.revise().supporters;
        if supporters.iter().any(|stored| stored.user == supporter.user || stored.id == supporter.id) {
            return Err(StorageError::Duplicate);
        }
        supporters.push(supporter.clone());
        Ok(())
    }

    fn update(&mut self, supporter: &Supporter) -> Result<bool, StorageError> {
        let Some(stored) = self.change()?.revise().supporters.iter_mut().find(|stored| stored.id == supporter.id) else {
            return Ok(false);
        };
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

impl SettingsStore for MemoryUnit {
    fn find(&mut self) -> Result<Settings, StorageError> {
        Ok(self.tables.settings.clone())
    }

    fn update(&mut self, settings: &Settings) -> Result<(), StorageError> {
        self.change()?.revise().settings = settings.clone();
        Ok(())
    }

    fn revision(&mut self) -> Result<u64, StorageError> {
        Ok(self.tables.revision)
    }
}

impl CategoryStore for MemoryUnit {
    fn insert(&mut self, category: &StoredCategory) -> Result<(), StorageError> {
        let categories = &mut self.change()?.revise().categories;
        if categories.iter().any(|stored| stored.category.id == category.category.id) {
            return Err(StorageError::Duplicate);
        }
        categories.push(category.clone());
        Ok(())
    }

    fn update(&mut self, category: &StoredCategory) -> Result<bool, StorageError> {
        let stored = self.change()?.revise().categories.iter_mut().find(|stored| stored.category.id == category.category.id);
        Ok(stored.map(|stored| *stored = category.clone()).is_some())
    }

    fn find(&mut self, id: &CategoryId) -> Result<Option<StoredCategory>, StorageError> {
        Ok(self.tables.categories.iter().find(|stored| stored.category.id == *id).cloned())
    }

    fn list(&mut self) -> Result<Vec<StoredCategory>, StorageError> {
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

impl SecretStore for MemoryUnit {
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

impl SiteAddressStore for MemoryUnit {
    fn find(&mut self) -> Result<Option<SiteAddress>, StorageError> {
        Ok(self.tables.site_address.clone())
    }

    fn replace(&mut self, from: Option<&SiteAddress>, to: &SiteAddress) -> Result<(), StorageError> {
        let stored = &mut self.change()?.site_address;
        if stored.as_ref() != from {
            return Err(StorageError::Stale);
        }
        *stored = Some(to.clone());
        Ok(())
    }
}
