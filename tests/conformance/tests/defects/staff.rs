//! What can be wrong with supporters, settings, categories and secrets.

use muticket_core::id::{CategoryId, SupporterId};
use muticket_core::settings::Settings;
use muticket_core::storage::{Categories, KeptCategory, Secrets, SettingsStore, StorageError, Supporters};
use muticket_core::supporter::Supporter;

use crate::Defect;
use crate::store::{Twisted, taken};

impl Supporters for Twisted<'_> {
    fn insert(&mut self, supporter: &Supporter) -> Result<(), StorageError> {
        let result = self.unit.supporters().insert(supporter);
        if self.has(Defect::TakesUsersTwice) { taken(result) } else { result }
    }

    fn update(&mut self, supporter: &Supporter) -> Result<bool, StorageError> {
        let present = supporter.present || self.has(Defect::IgnoresPresence);
        self.unit.supporters().update(&Supporter { present, ..supporter.clone() })
    }

    fn delete(&mut self, id: SupporterId) -> Result<bool, StorageError> {
        self.unit.supporters().delete(id)
    }

    fn find(&mut self, id: SupporterId) -> Result<Option<Supporter>, StorageError> {
        self.unit.supporters().find(id)
    }

    fn list(&mut self) -> Result<Vec<Supporter>, StorageError> {
        let mut supporters = self.unit.supporters().list()?;
        if self.has(Defect::OrdersSupportersByName) {
            supporters.sort_by_key(|supporter| supporter.user.clone());
        }
        Ok(supporters)
    }
}

impl SettingsStore for Twisted<'_> {
    fn find(&mut self) -> Result<Settings, StorageError> {
        let mut settings = self.unit.settings().find()?;
        if self.has(Defect::ForgetsTheLimitNothing) {
            settings.image_limit = settings.image_limit.filter(|limit| *limit > 0);
        }
        Ok(settings)
    }

    fn update(&mut self, settings: &Settings) -> Result<(), StorageError> {
        self.unit.settings().update(settings)
    }

    fn revision(&mut self) -> Result<u64, StorageError> {
        if self.has(Defect::CountsSupportersOnly) {
            return Ok(self.unit.supporters().list()?.len() as u64);
        }
        self.unit.settings().revision()
    }
}

impl Categories for Twisted<'_> {
    fn insert(&mut self, category: &KeptCategory) -> Result<(), StorageError> {
        self.unit.categories().insert(category)
    }

    fn update(&mut self, category: &KeptCategory) -> Result<bool, StorageError> {
        self.unit.categories().update(category)
    }

    fn find(&mut self, id: &CategoryId) -> Result<Option<KeptCategory>, StorageError> {
        self.unit.categories().find(id)
    }

    fn list(&mut self) -> Result<Vec<KeptCategory>, StorageError> {
        let mut categories = self.unit.categories().list()?;
        if self.has(Defect::OrdersCategoriesByName) {
            categories.sort_by_key(|kept| kept.category.id.clone());
        }
        Ok(categories)
    }
}

impl Secrets for Twisted<'_> {
    fn find(&mut self, name: &str) -> Result<Option<[u8; 32]>, StorageError> {
        self.unit.secrets().find(name)
    }

    fn insert(&mut self, name: &str, secret: &[u8; 32]) -> Result<(), StorageError> {
        let result = self.unit.secrets().insert(name, secret);
        if self.has(Defect::TakesSecretsTwice) { taken(result) } else { result }
    }
}
