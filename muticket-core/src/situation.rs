//! What a request needs to know besides its ticket: settings, who counts as staff, categories, and the people behind identifiers.

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

/// What the storage says of everything around the tickets.
#[derive(Debug)]
pub(crate) struct Known {
    revision: u64,
    settings: Settings,
    records: Vec<Supporter>,
    /// Empty if the host keeps the categories.
    kept: Vec<KeptCategory>,
    /// The order of an administrator; empty if there is none.
    order: Vec<CategoryId>,
}

impl Known {
    /// Reads it, unless it is what was known before.
    fn read(unit: &mut dyn Unit, before: Option<&Arc<Self>>, with_categories: bool) -> Result<Arc<Self>, StorageError> {
        let revision = unit.settings().revision()?;
        if let Some(before) = before.filter(|before| before.revision == revision) {
            return Ok(before.clone());
        }
        let (kept, order) =
            if with_categories { (unit.categories().list()?, unit.categories().order()?) } else { (Vec::new(), Vec::new()) };
        Ok(Arc::new(Self { revision, settings: unit.settings().find()?, records: unit.supporters().list()?, kept, order }))
    }

    /// Whether the unit knows nothing newer. A glance may know less.
    pub(crate) fn is_current(&self, unit: &mut dyn Unit) -> Result<bool, StorageError> {
        Ok(unit.settings().revision()? <= self.revision)
    }
}

/// The state of the helpdesk around the tickets, as it was a moment ago.
/// What may not be wrong is looked at again inside the unit: see [`Situation::recheck`].
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) settings: Settings,
    pub(crate) staff: Staff,
    pub(crate) categories: Categories,
    /// What the host said of every user with a supporter record, of the visitor, and of whoever else was asked for at once.
    users: Arc<HashMap<UserId, User>>,
    /// Who was asked for.
    asked: BTreeSet<UserId>,
    /// What this was made from.
    known: Arc<Known>,
    /// Whether the storage was not asked whether that is still so.
    guessed: bool,
}

impl Situation {
    /// Asks the storage once (which says little if nothing was changed since the last time) and the host once (and for its categories at
    /// the same time, if it keeps them).
    pub(crate) async fn load(helpdesk: &Helpdesk, visitor: &User) -> Result<Self, Error> {
        let parts = &helpdesk.parts;
        let (before, kept_here) = (parts.remembered(), parts.categories.is_none());
        let known =
            parts.storage.run_read(move |unit| Known::read(unit, before.as_ref(), kept_here)).await.map_err(Error::from)?;
        parts.remember(known.clone());
        Self::of(helpdesk, known, false, visitor, []).await
    }

    /// As [`load`](Self::load), but takes for granted what the storage said the last time: one unit of work less. The host is asked all
    /// the same.
    ///
    /// It may be out of date, so it may say yes only: a no has to be asked again with what was loaded, and its [`Recheck`] says no in
    /// the unit when anything has changed since.
    pub(crate) async fn guess(helpdesk: &Helpdesk, visitor: &User) -> Result<Self, Error> {
        match helpdesk.parts.remembered() {
            Some(known) => Self::of(helpdesk, known, true, visitor, []).await,
            None => Self::load(helpdesk, visitor).await,
        }
    }

    /// Asks the host about what the storage said, about the visitor, and about `others`, who will be shown: all at once.
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

    /// What it will most likely be, by what is remembered and by what the host says of the visitor: to know what to read, and nothing
    /// else.
    pub(crate) fn presumed(known: Arc<Known>, visitor: &User) -> Self {
        let users = Arc::new(HashMap::from([(visitor.id.clone(), visitor.clone())]));
        let staff = Staff::gather(&known.settings, known.records.clone(), &users);
        let categories = Categories::kept(known.kept.clone(), &known.order);
        Self { settings: known.settings.clone(), staff, categories, users, asked: BTreeSet::new(), known, guessed: true }
    }

    /// Mistakes of the host that look like something else on the pages.
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

    /// The host's description of the users. It is asked only for those about whom it has not been asked yet.
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

    /// Whether it was guessed.
    pub(crate) fn is_guess(&self) -> bool {
        self.guessed
    }

    /// Settings and staff as they are inside the unit, with what the host said a moment ago.
    pub(crate) fn recheck(&self) -> Recheck {
        Recheck { users: self.users.clone(), known: self.known.clone(), guessed: self.guessed }
    }
}

/// Looks again, inside a unit.
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
    /// The storage failed; or it was a wrong guess: then with a no that is asked again, whatever it says.
    pub(crate) fn settings_and_staff(&self, unit: &mut dyn Unit) -> Result<(Settings, Staff), Error> {
        let known = Known::read(unit, Some(&self.known), false)?;
        if self.guessed && !Arc::ptr_eq(&known, &self.known) {
            return Err(Error::NotFound);
        }
        // A page may be shown from a picture that is older than what was loaded for it; that says nothing new.
        let known = if known.revision < self.known.revision { &self.known } else { &known };
        Ok((known.settings.clone(), Staff::gather(&known.settings, known.records.clone(), &self.users)))
    }
}

/// The categories as they are now, and those that old tickets still have.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    /// What a new ticket can be; empty: categories are not active.
    active: Vec<Category>,
    /// Removed ones, for their names.
    retired: Vec<Category>,
    /// Whether they stand in an order that the host or an administrator gave them.
    arranged: bool,
}

impl Categories {
    fn of_host(active: Vec<Category>) -> Self {
        Self { active, retired: Vec::new(), arranged: true }
    }

    /// Those that MuTicket keeps, in the order of an administrator if there is one.
    pub(crate) fn kept(mut kept: Vec<KeptCategory>, order: &[CategoryId]) -> Self {
        put_in_order(&mut kept, order);
        let (retired, active): (Vec<_>, Vec<_>) = kept.into_iter().partition(|kept| kept.retired);
        let categories = |kept: Vec<KeptCategory>| kept.into_iter().map(|kept| kept.category).collect();
        Self { active: categories(active), retired: categories(retired), arranged: !order.is_empty() }
    }

    /// What a new ticket can be; empty: categories are not active.
    pub fn active(&self) -> &[Category] {
        &self.active
    }

    /// What a new ticket can be, in the order of forms and filters (D-17): as the host gave them, or as an administrator arranged them,
    /// else [by name](sort_by_name).
    pub fn in_order(&self, language: &Language) -> Vec<Category> {
        let mut categories = self.active.clone();
        if !self.arranged {
            sort_by_name(&mut categories, language);
        }
        categories
    }

    /// Whether they stand in the order that the host or an administrator gave them; if not, they stand by name.
    pub fn are_arranged(&self) -> bool {
        self.arranged
    }

    /// A category by its identifier, also one that was removed.
    pub fn find(&self, id: &CategoryId) -> Option<&Category> {
        self.active.iter().chain(&self.retired).find(|category| category.id == *id)
    }

    pub(crate) fn is_active(&self, id: &CategoryId) -> bool {
        self.active.iter().any(|category| category.id == *id)
    }
}

/// Puts categories, which come in the order they were made, into that of an administrator. Those that have no place in it stand last.
fn put_in_order(kept: &mut [KeptCategory], order: &[CategoryId]) {
    let places: HashMap<_, _> = order.iter().enumerate().map(|(place, id)| (id, place)).collect();
    kept.sort_by_key(|kept| places.get(&kept.category.id).copied().unwrap_or(usize::MAX));
}

/// All categories in the order in which people who read the language see them, removed ones included.
pub(crate) fn all_in_order(mut kept: Vec<KeptCategory>, order: &[CategoryId], language: &Language) -> Vec<KeptCategory> {
    if order.is_empty() {
        sort_by_name_of(&mut kept, language, |kept| &kept.category);
    } else {
        put_in_order(&mut kept, order);
    }
    kept
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
