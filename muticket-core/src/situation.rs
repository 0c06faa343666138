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

/// What the storage says of everything around the tickets.
#[derive(Debug, PartialEq)]
pub(crate) struct Known {
    settings: Settings,
    records: Vec<Supporter>,
    /// `None` if the host keeps the categories, or nobody wants to know.
    kept: Option<Vec<KeptCategory>>,
}

impl Known {
    fn read(unit: &mut dyn Unit, with_categories: bool) -> Result<Self, StorageError> {
        let kept = if with_categories { Some(unit.categories().list()?) } else { None };
        Ok(Self { settings: unit.settings().find()?, records: unit.supporters().list()?, kept })
    }
}

/// The state of the helpdesk around the tickets, as it was a moment ago.
/// What may not be wrong is looked at again inside the unit: see [`Situation::recheck`].
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) settings: Settings,
    pub(crate) staff: Staff,
    pub(crate) categories: Categories,
    /// What the host said of every user with a supporter record.
    users: Arc<HashMap<UserId, User>>,
    /// What this was guessed from; `None` if the storage was asked.
    guessed: Option<Arc<Known>>,
}

impl Situation {
    /// Asks the storage once and the host once (twice if it keeps the categories).
    pub(crate) async fn load(helpdesk: &Helpdesk) -> Result<Self, Error> {
        let parts = &helpdesk.parts;
        let kept_here = parts.categories.is_none();
        let known = parts.storage.run_read(move |unit| Known::read(unit, kept_here)).await.map_err(Error::from)?;
        let known = Arc::new(known);
        parts.remember(known.clone());
        Self::of(helpdesk, &known, None).await
    }

    /// As [`load`](Self::load), but takes for granted what the storage said the last time: one unit of work less. The host is asked all
    /// the same.
    ///
    /// It may be out of date, so it may say yes only: a no has to be asked again with what was loaded, and its [`Recheck`] says no in
    /// the unit when anything has changed since.
    pub(crate) async fn guess(helpdesk: &Helpdesk) -> Result<Self, Error> {
        match helpdesk.parts.remembered() {
            Some(known) => Self::of(helpdesk, &known, Some(known.clone())).await,
            None => Self::load(helpdesk).await,
        }
    }

    async fn of(helpdesk: &Helpdesk, known: &Known, guessed: Option<Arc<Known>>) -> Result<Self, Error> {
        let categories = match &helpdesk.parts.categories {
            Some(source) => Categories::of_host(source.categories().await?),
            None => Categories::kept(known.kept.clone().unwrap_or_default()),
        };
        let users = Arc::new(people(helpdesk, known.records.iter().map(|record| &record.user)).await?);
        let staff = Staff::gather(&known.settings, known.records.clone(), &users);
        Ok(Self { settings: known.settings.clone(), staff, categories, users, guessed })
    }

    /// Whether it was guessed.
    pub(crate) fn is_guess(&self) -> bool {
        self.guessed.is_some()
    }

    /// Settings and staff as they are inside the unit, with what the host said a moment ago.
    pub(crate) fn recheck(&self) -> Recheck {
        Recheck { users: self.users.clone(), guessed: self.guessed.clone() }
    }
}

/// Looks again, inside a unit.
#[derive(Clone)]
pub(crate) struct Recheck {
    users: Arc<HashMap<UserId, User>>,
    guessed: Option<Arc<Known>>,
}

impl Recheck {
    /// The settings and the staff.
    ///
    /// # Errors
    /// The storage failed; or it was a wrong guess: then with a no that is asked again, whatever it says.
    pub(crate) fn settings_and_staff(&self, unit: &mut dyn Unit) -> Result<(Settings, Staff), Error> {
        let known = Known::read(unit, self.guessed.as_ref().is_some_and(|guessed| guessed.kept.is_some()))?;
        if self.guessed.as_ref().is_some_and(|guessed| **guessed != known) {
            return Err(Error::NotFound);
        }
        let staff = Staff::gather(&known.settings, known.records, &self.users);
        Ok((known.settings, staff))
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
