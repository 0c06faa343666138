//! What a request needs to know besides its ticket: settings, who counts as staff, categories, and the people behind identifiers.

use std::collections::HashMap;
use std::sync::Arc;

use crate::access::User;
use crate::category::Category;
use crate::error::Error;
use crate::helpdesk::Helpdesk;
use crate::id::{CategoryId, UserId};
use crate::settings::Settings;
use crate::storage::{KeptCategory, StorageError, Unit};
use crate::supporter::{Staff, Supporter};

/// The state of the helpdesk around the tickets, as it was a moment ago.
/// What may not be wrong is looked at again inside the unit: see [`Situation::recheck`].
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) settings: Settings,
    pub(crate) staff: Staff,
    pub(crate) categories: Categories,
    /// What the host said of every user with a supporter record.
    users: Arc<HashMap<UserId, User>>,
}

impl Situation {
    /// Asks the storage once and the host once (twice if it keeps the categories).
    pub(crate) async fn load(helpdesk: &Helpdesk) -> Result<Self, Error> {
        let parts = &helpdesk.parts;
        let kept_here = parts.categories.is_none();
        let (settings, records, kept) = parts
            .storage
            .run_read(move |unit| {
                let kept = if kept_here { unit.categories().list()? } else { Vec::new() };
                Ok::<_, StorageError>((unit.settings().find()?, unit.supporters().list()?, kept))
            })
            .await
            .map_err(Error::from)?;
        let categories = match &parts.categories {
            Some(source) => Categories::of_host(source.categories().await?),
            None => Categories::kept(kept),
        };
        let users = Arc::new(people(helpdesk, records.iter().map(|record| &record.user)).await?);
        let staff = Staff::gather(&settings, records, &users);
        Ok(Self { settings, staff, categories, users })
    }

    /// Settings and staff as they are inside the unit, with what the host said a moment ago.
    pub(crate) fn recheck(&self) -> Recheck {
        Recheck { users: self.users.clone() }
    }
}

/// Looks again, inside a unit.
#[derive(Clone)]
pub(crate) struct Recheck {
    users: Arc<HashMap<UserId, User>>,
}

impl Recheck {
    pub(crate) fn settings_and_staff(&self, unit: &mut dyn Unit) -> Result<(Settings, Staff), StorageError> {
        let settings = unit.settings().find()?;
        let records: Vec<Supporter> = unit.supporters().list()?;
        let staff = Staff::gather(&settings, records, &self.users);
        Ok((settings, staff))
    }
}

/// The categories as they are now, and those that old tickets still have.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    /// What a new ticket can be; empty: categories are not active.
    active: Vec<Category>,
    /// Removed ones, for their names.
    retired: Vec<Category>,
}

impl Categories {
    fn of_host(active: Vec<Category>) -> Self {
        Self { active, retired: Vec::new() }
    }

    fn kept(kept: Vec<KeptCategory>) -> Self {
        let (retired, active): (Vec<_>, Vec<_>) = kept.into_iter().partition(|kept| kept.retired);
        let categories = |kept: Vec<KeptCategory>| kept.into_iter().map(|kept| kept.category).collect();
        Self { active: categories(active), retired: categories(retired) }
    }

    /// What a new ticket can be, in the order of the form; empty: categories are not active.
    pub fn active(&self) -> &[Category] {
        &self.active
    }

    /// A category by its identifier, also one that was removed.
    pub fn find(&self, id: &CategoryId) -> Option<&Category> {
        self.active.iter().chain(&self.retired).find(|category| category.id == *id)
    }

    pub(crate) fn is_active(&self, id: &CategoryId) -> bool {
        self.active.iter().any(|category| category.id == *id)
    }
}

/// The host's description of the users, each asked for once.
pub(crate) async fn people(helpdesk: &Helpdesk, ids: impl Iterator<Item = &UserId>) -> Result<HashMap<UserId, User>, Error> {
    let mut wanted: Vec<UserId> = ids.cloned().collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let users = helpdesk.parts.directory.users(&wanted).await?;
    Ok(users.into_iter().map(|user| (user.id.clone(), user)).collect())
}
