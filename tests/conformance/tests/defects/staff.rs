//! Defects of supporters, settings, categories, secrets and the site's address.

use muticket_core::id::{CategoryId, GroupId, SupporterId};
use muticket_core::settings::Settings;
use muticket_core::site_address::SiteAddress;
use muticket_core::storage::{
    CategoryStore, Damage, DamageStore, SecretStore, SettingsStore, SiteAddressStore, StorageError, StoredCategory,
    SupporterStore,
};
use muticket_core::supporter::Supporter;

use crate::defect::Defect;
use crate::store::{Twisted, normalized, taken};

impl SupporterStore for Twisted<'_> {
    fn insert(&mut self, supporter: &Supporter) -> Result<(), StorageError> {
        let user = supporter.user.as_str();
        let is_like = |stored: &Supporter| stored.user.as_str().eq_ignore_ascii_case(user);
        if self.has(Defect::FoldsUsers) && self.unit.supporters().list()?.iter().any(is_like) {
            return Err(StorageError::Duplicate);
        }
        let again = supporter.clone();
        self.outlives(Defect::SupportersOutliveTheirUnit, move |unit| unit.supporters().insert(&again));
        let result = self.poisoned(Defect::IsPoisonedByDuplicateSupporters, |unit| unit.supporters().insert(supporter));
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
        if self.has(Defect::AlwaysRemovesLocations) {
            settings.remove_location = true;
        }
        if self.has(Defect::TakesEmptyGroupsForMissing) {
            settings.supporter_group = settings.supporter_group.filter(|group| !group.as_str().is_empty());
        }
        if self.has(Defect::FoldsGroups) {
            settings.supporter_group = settings.supporter_group.map(|group| GroupId::new(group.as_str().to_lowercase()));
        }
        Ok(settings)
    }

    fn update(&mut self, settings: &Settings) -> Result<(), StorageError> {
        let mut new = settings.clone();
        if self.has(Defect::ForgetsTheTimeZone) {
            new.time_zone = None;
        }
        if self.has(Defect::NeverLetsCustomersPrioritize) {
            new.customers_prioritize = false;
        }
        let again = new.clone();
        self.outlives(Defect::SettingsOutliveTheirUnit, move |unit| unit.settings().update(&again));
        self.unit.settings().update(&new)
    }

    fn revision(&mut self) -> Result<u64, StorageError> {
        if self.has(Defect::CountsSupportersOnly) {
            return Ok(self.unit.supporters().list()?.len() as u64);
        }
        self.unit.settings().revision()
    }
}

impl CategoryStore for Twisted<'_> {
    fn insert(&mut self, category: &StoredCategory) -> Result<(), StorageError> {
        let mut new = category.clone();
        let id = category.category.id.as_str();
        match self.store.defect {
            Defect::TrimsCategories => new.category.id = CategoryId::new(id.trim_end()),
            Defect::NormalizesNamesOfCategories => {
                new.category.names.iter_mut().for_each(|(_, name)| *name = normalized(name));
            }
            _ => {}
        }
        let again = new.clone();
        self.outlives(Defect::CategoriesOutliveTheirUnit, move |unit| unit.categories().insert(&again));
        self.poisoned(Defect::IsPoisonedByDuplicateCategories, |unit| unit.categories().insert(&new))
    }

    fn update(&mut self, category: &StoredCategory) -> Result<bool, StorageError> {
        self.unit.categories().update(category)
    }

    fn find(&mut self, id: &CategoryId) -> Result<Option<StoredCategory>, StorageError> {
        self.unit.categories().find(id)
    }

    fn list(&mut self) -> Result<Vec<StoredCategory>, StorageError> {
        let mut categories = self.unit.categories().list()?;
        if self.has(Defect::OrdersCategoriesByName) {
            categories.sort_by_key(|kept| kept.category.id.clone());
        }
        Ok(categories)
    }

    fn order(&mut self) -> Result<Vec<CategoryId>, StorageError> {
        let mut order = self.unit.categories().order()?;
        if self.has(Defect::FoldsIdentifiersInOrders) {
            order.iter_mut().for_each(|id| *id = CategoryId::new(id.as_str().to_lowercase()));
        }
        // As if another unit had stored an order after this one read it.
        if self.has(Defect::LosesPlacesOfCategories) && self.writing && order.len() == 7 {
            order.pop();
        }
        Ok(order)
    }

    fn arrange(&mut self, order: &[CategoryId]) -> Result<(), StorageError> {
        if self.has(Defect::KeepsAnOrderForEver) && order.is_empty() {
            return Ok(());
        }
        let again = order.to_vec();
        self.outlives(Defect::OrdersOutliveTheirUnit, move |unit| unit.categories().arrange(&again));
        self.unit.categories().arrange(order)
    }
}

impl DamageStore for Twisted<'_> {
    fn take_damages(&mut self) -> Vec<Damage> {
        self.unit.damages().take_damages()
    }
}

impl SecretStore for Twisted<'_> {
    fn find(&mut self, name: &str) -> Result<Option<[u8; 32]>, StorageError> {
        let name = if self.has(Defect::TrimsNamesOfSecrets) { name.trim_end() } else { name };
        let found = self.unit.secrets().find(name)?;
        Ok(found.filter(|secret| *secret != [0; 32] || !self.has(Defect::TakesZerosForMissing)))
    }

    fn insert(&mut self, name: &str, secret: &[u8; 32]) -> Result<(), StorageError> {
        let again = (name.to_owned(), *secret);
        self.outlives(Defect::SecretsOutliveTheirUnit, move |unit| unit.secrets().insert(&again.0, &again.1));
        let result = self.poisoned(Defect::IsPoisonedByDuplicateSecrets, |unit| unit.secrets().insert(name, secret));
        if self.has(Defect::TakesSecretsTwice) { taken(result) } else { result }
    }
}

impl SiteAddressStore for Twisted<'_> {
    fn find(&mut self) -> Result<Option<SiteAddress>, StorageError> {
        if self.has(Defect::LetsTheLastSiteWin) && self.writing {
            return Ok(None);
        }
        self.unit.site_address().find()
    }

    fn replace(&mut self, from: Option<&SiteAddress>, to: &SiteAddress) -> Result<(), StorageError> {
        let again = to.clone();
        self.outlives(Defect::SitesOutliveTheirUnit, move |unit| unit.site_address().replace(None, &again));
        match self.store.defect {
            Defect::KeepsTheFirstSite if from.is_some() => Ok(()),
            Defect::ForgetsWhereASiteIsFromOutside => self.unit.site_address().replace(from, &SiteAddress::new(&to.base, None)),
            Defect::TakesAnyAddressForTheOne | Defect::LetsTheLastSiteWin => {
                let stored = self.unit.site_address().find()?;
                self.unit.site_address().replace(stored.as_ref(), to)
            }
            _ => self.unit.site_address().replace(from, to),
        }
    }
}
