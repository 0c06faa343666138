//! The data around tickets that a request needs: settings, staff, categories, and the users behind ids.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::access::Action;
use crate::categories::Categories;
use crate::configuration::Configuration;
use crate::error::Error;
use crate::host::{HostTrouble, both};
use crate::id::{TicketNumber, UserId};
use crate::label::Label;
use crate::lookup::ticket_for;
use crate::parts::Parts;
use crate::settings::Settings;
use crate::storage::{StorageError, Unit};
use crate::supporter::Staff;
use crate::ticket::Ticket;
use crate::user::User;
use crate::viewer::Side;

/// Settings, staff and categories as they were a moment ago. What must be current is checked again inside the unit: see
/// [`Actor`] and [`Recheck`].
#[derive(Debug)]
pub(crate) struct Situation {
    pub(crate) settings: Settings,
    pub(crate) staff: Staff,
    pub(crate) categories: Categories,
    /// The host's description of all supporters, the visitor, and other users who were asked for at the same time.
    users: Arc<HashMap<UserId, User>>,
    /// The users that the host was asked for.
    asked: BTreeSet<UserId>,
    configuration: Arc<Configuration>,
}

impl Situation {
    /// Asks the storage once (which reads little if nothing has changed) and the host once (at the same time for its
    /// categories, if it supplies them).
    pub(crate) async fn load(parts: &Parts, visitor: &User) -> Result<Self, Error> {
        Self::of(parts, configuration(parts).await?, visitor, []).await
    }

    /// Asks the host about the supporters, the visitor, and `others`, who will be shown, all at once.
    pub(crate) async fn of(
        parts: &Parts,
        configuration: Arc<Configuration>,
        visitor: &User,
        others: impl IntoIterator<Item = UserId>,
    ) -> Result<Self, Error> {
        let supporters = configuration.supporters.iter().map(|record| record.user.clone());
        let mut asked: BTreeSet<UserId> = supporters.chain(others).collect();
        asked.insert(visitor.id.clone());
        let ids: Vec<UserId> = asked.iter().cloned().collect();
        let (users, categories) = match &parts.categories {
            Some(source) => {
                let (users, categories) = both(parts.directory.users(&ids), source.categories()).await;
                (users?, Categories::of_host(categories?))
            }
            None => (parts.directory.users(&ids).await?, ours(&configuration)),
        };
        let users: HashMap<_, _> = users.into_iter().map(|user| (user.id.clone(), user)).collect();
        let staff = Staff::gather(&configuration.settings, configuration.supporters.clone(), &users);
        let settings = configuration.settings.clone();
        let situation = Self { settings, staff, categories, users: Arc::new(users), asked, configuration };
        situation.tell_troubles(parts, visitor);
        parts.remember_staff(situation.staff.ids());
        Ok(situation)
    }

    /// The presumed situation, from the cache, the remembered supporters and the host's description of the visitor. Use it
    /// only to decide what to read.
    pub(crate) fn presumed(parts: &Parts, configuration: Arc<Configuration>, visitor: &User) -> Self {
        let group = &configuration.settings.supporter_group;
        let colleague = |id: UserId| (id.clone(), User { groups: group.iter().cloned().collect(), ..User::new(id.as_str(), "") });
        let mut users: HashMap<_, _> = parts.remembered_staff().into_iter().map(colleague).collect();
        users.insert(visitor.id.clone(), visitor.clone());
        let users = Arc::new(users);
        let staff = Staff::gather(&configuration.settings, configuration.supporters.clone(), &users);
        let (settings, categories) = (configuration.settings.clone(), ours(&configuration));
        Self { settings, staff, categories, users, asked: BTreeSet::new(), configuration }
    }

    /// Reports mistakes of the host that could be misread on the pages.
    fn tell_troubles(&self, parts: &Parts, visitor: &User) {
        let host = &parts.host;
        if !self.users.contains_key(&visitor.id) {
            host.tell(HostTrouble::VisitorUnknown);
        }
        let records = &self.configuration.supporters;
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
    pub(crate) async fn people(&self, parts: &Parts, ids: impl Iterator<Item = &UserId>) -> Result<HashMap<UserId, User>, Error> {
        let wanted: BTreeSet<&UserId> = ids.collect();
        let mut found = people(parts, wanted.iter().copied().filter(|id| !self.asked.contains(*id))).await?;
        let asked_before = wanted.into_iter().filter_map(|id| self.users.get(id));
        found.extend(asked_before.map(|user| (user.id.clone(), user.clone())));
        Ok(found)
    }

    /// The labels of the site, oldest first.
    pub(crate) fn labels(&self) -> &[Label] {
        &self.configuration.labels
    }

    /// Checks settings and staff again inside a unit, with the host's recent description of the users.
    pub(crate) fn recheck(&self) -> Recheck {
        Recheck { users: self.users.clone(), configuration: self.configuration.clone() }
    }

    /// The user of a door, for the inside of a unit.
    pub(crate) fn actor(&self, user: &User) -> Actor {
        Actor { user: user.clone(), recheck: self.recheck() }
    }
}

/// The configuration as it is. It is read only if it has changed.
async fn configuration(parts: &Parts) -> Result<Arc<Configuration>, Error> {
    let (before, ours) = (parts.cached(), parts.categories.is_none());
    let read = move |unit: &mut dyn Unit| Configuration::read(unit, before.as_ref(), ours);
    let configuration = parts.storage.run_read(read).await.map_err(Error::from)?;
    parts.cache(configuration.clone());
    Ok(configuration)
}

/// Whether support is active, asked without a visitor. The host is asked only if somebody is noted as present.
///
/// # Errors
/// The storage or the host failed.
#[cfg(feature = "mailroom")]
pub(crate) async fn support_is_active(parts: &Parts) -> Result<bool, Error> {
    let configuration = configuration(parts).await?;
    let present: Vec<_> = configuration.supporters.iter().filter(|record| record.present).cloned().collect();
    let users = people(parts, present.iter().map(|record| &record.user)).await?;
    Ok(Staff::gather(&configuration.settings, present, &users).support_is_active())
}

/// The categories that MuTicket stores.
fn ours(configuration: &Configuration) -> Categories {
    Categories::kept(configuration.categories.clone(), &configuration.order)
}

/// Reads settings and staff again inside a unit.
#[derive(Clone)]
pub(crate) struct Recheck {
    users: Arc<HashMap<UserId, User>>,
    configuration: Arc<Configuration>,
}

impl Recheck {
    /// The settings and the staff, if they have not changed since the situation was loaded.
    pub(crate) fn if_current(&self, unit: &mut dyn Unit) -> Result<Option<(Settings, Staff)>, StorageError> {
        let Configuration { revision, settings, supporters, .. } = &*self.configuration;
        let is_current = unit.settings().revision()? == *revision;
        Ok(is_current.then(|| (settings.clone(), Staff::gather(settings, supporters.clone(), &self.users))))
    }

    /// The settings and the staff.
    pub(crate) fn settings_and_staff(&self, unit: &mut dyn Unit) -> Result<(Settings, Staff), StorageError> {
        let current = self.current(unit)?;
        let staff = Staff::gather(&current.settings, current.supporters.clone(), &self.users);
        Ok((current.settings.clone(), staff))
    }

    /// The settings, supporter records and labels.
    fn current(&self, unit: &mut dyn Unit) -> Result<Arc<Configuration>, StorageError> {
        let read = Configuration::read(unit, Some(&self.configuration), false)?;
        // A page may be read from a replica that is older than the loaded data. Then the loaded data is used.
        Ok(if read.revision < self.configuration.revision { self.configuration.clone() } else { read })
    }
}

/// What a change of a ticket is checked against, as the unit of the change reads it.
pub(crate) struct CurrentSite {
    configuration: Arc<Configuration>,
    pub(crate) staff: Staff,
    situation: Arc<Situation>,
}

impl CurrentSite {
    /// The categories of the request. A unit does not read them again, because the host may keep them.
    pub(crate) fn categories(&self) -> &Categories {
        &self.situation.categories
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.configuration.settings
    }

    /// The labels of the site, oldest first.
    pub(crate) fn labels(&self) -> &[Label] {
        &self.configuration.labels
    }
}

/// A user who may be a supporter, which is checked again inside each unit.
#[derive(Clone)]
pub(crate) struct Actor {
    pub(crate) user: User,
    recheck: Recheck,
}

impl Actor {
    /// The current staff.
    pub(crate) fn staff(&self, unit: &mut dyn Unit) -> Result<Staff, StorageError> {
        Ok(self.recheck.settings_and_staff(unit)?.1)
    }

    /// What a change of a ticket is checked against.
    pub(crate) fn site(&self, unit: &mut dyn Unit, situation: &Arc<Situation>) -> Result<CurrentSite, StorageError> {
        let configuration = self.recheck.current(unit)?;
        let staff = Staff::gather(&configuration.settings, configuration.supporters.clone(), &self.recheck.users);
        Ok(CurrentSite { configuration, staff, situation: situation.clone() })
    }

    /// Finds a ticket for an action, and the side from which the user sees it.
    ///
    /// # Errors
    /// As [`ticket_for`].
    pub(crate) fn ticket_for(&self, unit: &mut dyn Unit, number: TicketNumber, action: Action) -> Result<(Ticket, Side), Error> {
        let staff = self.staff(unit)?;
        ticket_for(unit, staff.viewer(&self.user), number, action)
    }
}

/// The host's description of the users. Duplicate ids are asked for once.
pub(crate) async fn people(parts: &Parts, ids: impl Iterator<Item = &UserId>) -> Result<HashMap<UserId, User>, Error> {
    let mut wanted: Vec<UserId> = ids.cloned().collect();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let users = parts.directory.users(&wanted).await?;
    Ok(users.into_iter().map(|user| (user.id.clone(), user)).collect())
}
