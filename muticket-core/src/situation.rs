//! The data around tickets that a request needs: settings, staff, categories, and the users behind ids.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::access::User;
use crate::category::{Category, sort_by_name, sort_by_name_of};
use crate::error::Error;
use crate::helpdesk::Helpdesk;
use crate::host::{HostTrouble, both};
use crate::id::{CategoryId, UserId};
use crate::language::Language;
use crate::settings::Settings;
use crate::storage::{KeptCategory, StorageError, Unit};
use crate::supporter::{Staff, Supporter};

/// Settings, supporter records and categories as the storage returned them.
#[derive(Debug)]
pub(crate) struct Known {
    revision: u64,
    settings: Settings,
    records: Vec<Supporter>,
    /// Empty if the host supplies the categories.
    kept: Vec<KeptCategory>,
    /// The administrator's order; empty if there is none.
    order: Vec<CategoryId>,
}

impl Known {
    /// Reads the data, unless `before` is still current.
    fn read(unit: &mut dyn Unit, before: Option<&Arc<Self>>, with_categories: bool) -> Result<Arc<Self>, StorageError> {
        let revision = unit.settings().revision()?;
        if let Some(before) = before.filter(|before| before.revision == revision) {
            return Ok(before.clone());
        }
        let (kept, order) =
            if with_categories { (unit.categories().list()?, unit.categories().order()?) } else { (Vec::new(), Vec::new()) };
        Ok(Arc::new(Self { revision, settings: unit.settings().find()?, records: unit.supporters().list()?, kept, order }))
    }

    /// Whether the unit sees no newer revision. A glance may see an older one.
    pub(crate) fn is_current(&self, unit: &mut dyn Unit) -> Result<bool, StorageError> {
        Ok(unit.settings().revision()? <= self.revision)
    }
}

/// Settings, staff and categories as they were a moment ago. Data that must be current is checked again inside the unit: see
/// [`Situation::recheck`].
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) settings: Settings,
    pub(crate) staff: Staff,
    pub(crate) categories: Categories,
    /// The host's description of all supporters, the visitor, and other users who were asked for at the same time.
    users: Arc<HashMap<UserId, User>>,
    /// The users that the host was asked for.
    asked: BTreeSet<UserId>,
    /// The data from the storage.
    known: Arc<Known>,
    /// Whether the data comes from the cache and was not checked.
    guessed: bool,
}

impl Situation {
    /// Asks the storage once (which reads little if nothing has changed) and the host once (at the same time for its
    /// categories, if it supplies them).
    pub(crate) async fn load(helpdesk: &Helpdesk, visitor: &User) -> Result<Self, Error> {
        let parts = &helpdesk.parts;
        let (before, kept_here) = (parts.remembered(), parts.categories.is_none());
        let known =
            parts.storage.run_read(move |unit| Known::read(unit, before.as_ref(), kept_here)).await.map_err(Error::from)?;
        parts.remember(known.clone());
        Self::of(helpdesk, known, false, visitor, []).await
    }

    /// Like [`load`](Self::load), but uses the cached data of the storage, which saves one unit of work. The host is still
    /// asked.
    ///
    /// The data may be stale. A refusal based on it must be checked again with freshly loaded data. Its [`Recheck`] refuses
    /// inside the unit if anything has changed.
    pub(crate) async fn guess(helpdesk: &Helpdesk, visitor: &User) -> Result<Self, Error> {
        match helpdesk.parts.remembered() {
            Some(known) => Self::of(helpdesk, known, true, visitor, []).await,
            None => Self::load(helpdesk, visitor).await,
        }
    }

    /// Asks the host about the supporters, the visitor, and `others`, who will be shown, all at once.
    pub(crate) async fn of(
        helpdesk: &Helpdesk,
        known: Arc<Known>,
        guessed: bool,
        visitor: &User,
        others: impl IntoIterator<Item = UserId>,
    ) -> Result<Self, Error> {
        let parts = &helpdesk.parts;
        let mut asked: BTreeSet<UserId> = known.records.iter().map(|record| record.user.clone()).chain(others).collect();
        asked.insert(visitor.id.clone());
        let ids: Vec<UserId> = asked.iter().cloned().collect();
        let (users, categories) = match &parts.categories {
            Some(source) => {
                let (users, categories) = both(parts.directory.users(&ids), source.categories()).await;
                (users?, Categories::of_host(categories?))
            }
            None => (parts.directory.users(&ids).await?, Categories::kept(known.kept.clone(), &known.order)),
        };
        let users: HashMap<_, _> = users.into_iter().map(|user| (user.id.clone(), user)).collect();
        let staff = Staff::gather(&known.settings, known.records.clone(), &users);
        let situation =
            Self { settings: known.settings.clone(), staff, categories, users: Arc::new(users), asked, known, guessed };
        situation.tell_troubles(helpdesk, visitor);
        Ok(situation)
    }

    /// The presumed situation, from the cache and the host's description of the visitor. Use it only to decide what to read.
    pub(crate) fn presumed(known: Arc<Known>, visitor: &User) -> Self {
        let users = Arc::new(HashMap::from([(visitor.id.clone(), visitor.clone())]));
        let staff = Staff::gather(&known.settings, known.records.clone(), &users);
        let categories = Categories::kept(known.kept.clone(), &known.order);
        Self { settings: known.settings.clone(), staff, categories, users, asked: BTreeSet::new(), known, guessed: true }
    }

    /// Reports mistakes of the host that could be misread on the pages.
    fn tell_troubles(&self, helpdesk: &Helpdesk, visitor: &User) {
        let host = &helpdesk.parts.host;
        if !self.users.contains_key(&visitor.id) {
            host.tell(HostTrouble::VisitorUnknown);
        }
        let records = &self.known.records;
        if records.is_empty() || self.settings.supporter_group.is_none() {
            return;
        }
        let known = records.iter().any(|record| self.users.contains_key(&record.user));
        if known {
            host.is_over(HostTrouble::NoSupporterKnown);
        } else {
            host.tell(HostTrouble::NoSupporterKnown);
        }
        if records.iter().any(|record| self.staff.contains(&record.user)) {
            host.is_over(HostTrouble::NoSupporterInGroup);
        } else if known {
            host.tell(HostTrouble::NoSupporterInGroup);
        }
    }

    /// Returns the host's description of the users. Asks only for those that were not asked for yet.
    pub(crate) async fn people(
        &self,
        helpdesk: &Helpdesk,
        ids: impl Iterator<Item = &UserId>,
    ) -> Result<HashMap<UserId, User>, Error> {
        let wanted: BTreeSet<&UserId> = ids.collect();
        let mut found = people(helpdesk, wanted.iter().copied().filter(|id| !self.asked.contains(*id))).await?;
        let asked_before = wanted.into_iter().filter_map(|id| self.users.get(id));
        found.extend(asked_before.map(|user| (user.id.clone(), user.clone())));
        Ok(found)
    }

    /// Whether it is based on unchecked cached data.
    pub(crate) fn is_guess(&self) -> bool {
        self.guessed
    }

    /// Checks settings and staff again inside a unit, with the host's recent description of the users.
    pub(crate) fn recheck(&self) -> Recheck {
        Recheck { users: self.users.clone(), known: self.known.clone(), guessed: self.guessed }
    }
}

/// Reads settings and staff again inside a unit.
#[derive(Clone)]
pub(crate) struct Recheck {
    users: Arc<HashMap<UserId, User>>,
    known: Arc<Known>,
    guessed: bool,
}

impl Recheck {
    /// The settings and the staff.
    ///
    /// # Errors
    /// Storage failure, or the cached data was stale. In that case the error is a refusal, and the caller retries with fresh
    /// data.
    pub(crate) fn settings_and_staff(&self, unit: &mut dyn Unit) -> Result<(Settings, Staff), Error> {
        let known = Known::read(unit, Some(&self.known), false)?;
        if self.guessed && !Arc::ptr_eq(&known, &self.known) {
            return Err(Error::NotFound);
        }
        // A page may be read from a replica that is older than the loaded data. Then the loaded data is used.
        let known = if known.revision < self.known.revision { &self.known } else { &known };
        Ok((known.settings.clone(), Staff::gather(&known.settings, known.records.clone(), &self.users)))
    }
}

/// The current categories, and the removed ones that old tickets still have.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    /// The categories to choose from. If empty, categories are not active.
    active: Vec<Category>,
    /// Removed categories, for their names.
    retired: Vec<Category>,
    /// Whether the host or an administrator determined the order.
    arranged: bool,
}

impl Categories {
    fn of_host(active: Vec<Category>) -> Self {
        Self { active, retired: Vec::new(), arranged: true }
    }

    /// The categories that MuTicket stores, in the administrator's order if there is one.
    pub(crate) fn kept(mut kept: Vec<KeptCategory>, order: &[CategoryId]) -> Self {
        put_in_order(&mut kept, order);
        let (retired, active): (Vec<_>, Vec<_>) = kept.into_iter().partition(|kept| kept.retired);
        let categories = |kept: Vec<KeptCategory>| kept.into_iter().map(|kept| kept.category).collect();
        Self { active: categories(active), retired: categories(retired), arranged: !order.is_empty() }
    }

    /// The categories to choose from. If empty, categories are not active.
    pub fn active(&self) -> &[Category] {
        &self.active
    }

    /// The categories to choose from, in the order of forms and filters (D-17): that of the host or of an administrator,
    /// otherwise sorted [by name](sort_by_name).
    pub fn in_order(&self, language: &Language) -> Vec<Category> {
        let mut categories = self.active.clone();
        if !self.arranged {
            sort_by_name(&mut categories, language);
        }
        categories
    }

    /// Whether the host or an administrator determined the order. Otherwise the categories are sorted by name.
    pub fn are_arranged(&self) -> bool {
        self.arranged
    }

    /// Finds a category by its id, also a removed one.
    pub fn find(&self, id: &CategoryId) -> Option<&Category> {
        self.active.iter().chain(&self.retired).find(|category| category.id == *id)
    }

    pub(crate) fn is_active(&self, id: &CategoryId) -> bool {
        self.active.iter().any(|category| category.id == *id)
    }
}

/// Sorts categories, which come oldest first, in the administrator's order. Categories without a place in it are last.
fn put_in_order(kept: &mut [KeptCategory], order: &[CategoryId]) {
    let places: HashMap<_, _> = order.iter().enumerate().map(|(place, id)| (id, place)).collect();
    kept.sort_by_key(|kept| places.get(&kept.category.id).copied().unwrap_or(usize::MAX));
}

/// All categories, including removed ones, in the order that readers of the language see.
pub(crate) fn all_in_order(mut kept: Vec<KeptCategory>, order: &[CategoryId], language: &Language) -> Vec<KeptCategory> {
    if order.is_empty() {
        sort_by_name_of(&mut kept, language, |kept| &kept.category);
    } else {
        put_in_order(&mut kept, order);
    }
    kept
}

/// The host's description of the users. Duplicate ids are asked for once.
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
