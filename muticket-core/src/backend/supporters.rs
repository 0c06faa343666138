//! Supporters: creating, editing and removing their records.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::backend::{Backend, Freshness};
use crate::categories::Categories;
use crate::error::{Error, Problems};
use crate::host::{Group, HostTrouble, both};
use crate::id::{CategoryId, SupporterId, UserId};
use crate::incoming::Verdict;
use crate::problem::{Field, Problem};
use crate::settings::Settings;
use crate::situation::{Situation, people};
use crate::storage::{StorageError, Unit};
use crate::supporter::Supporter;
use crate::user::User;

/// All supporters, and the users who could become one.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Team {
    /// The records, oldest first.
    pub supporters: Vec<SupporterReport>,
    /// The members of the supporters' group who have no record yet.
    pub candidates: Vec<User>,
    /// The supporters' group; `None` if none is chosen or the host no longer has it.
    pub group: Option<Group>,
    /// The categories to choose from.
    pub categories: Categories,
    /// Whether a supporter whose record has effect is present.
    pub support_active: bool,
}

/// A supporter record and its user.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SupporterReport {
    /// The record.
    pub supporter: Supporter,
    /// The user; `None` if the host no longer knows them.
    pub user: Option<User>,
    /// Whether the user is still in the supporters' group. If not, the record has no effect (D-04).
    pub member: bool,
}

/// A supporter record as the administrator typed it.
#[derive(Debug, Clone, Default)]
pub struct SupporterEdit {
    /// Whether the supporter is present.
    pub present: bool,
    /// The supporter's categories.
    pub categories: BTreeSet<CategoryId>,
}

impl Backend {
    /// Lists all supporters and the group members who could become one.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn supporters(&self) -> Result<Team, Error> {
        let parts = &self.parts;
        let work = |unit: &mut dyn Unit, _: &Settings| Ok(unit.supporters().list()?);
        let users = |records: &Vec<Supporter>| records.iter().map(|record| record.user.clone()).collect();
        let (records, situation) = self.read(Freshness::Current, work, users).await?;
        let users = situation.people(&self.parts, records.iter().map(|record| &record.user)).await?;
        let (group, candidates) = match &situation.settings.supporter_group {
            None => (None, Vec::new()),
            Some(id) => {
                let (groups, members) = both(parts.directory.groups(), parts.directory.members(id)).await;
                let (group, mut members) = (groups?.into_iter().find(|group| group.id == *id), members?);
                match members.is_empty() {
                    true => parts.host.tell(HostTrouble::GroupEmpty),
                    false => parts.host.is_over(HostTrouble::GroupEmpty),
                }
                members.retain(|member| !records.iter().any(|record| record.user == member.id));
                (group, members)
            }
        };
        let supporters = records.into_iter().map(|record| report(record, &users, &situation.settings)).collect();
        Ok(Team {
            supporters,
            candidates,
            group,
            categories: situation.categories.clone(),
            support_active: situation.staff.support_is_active(),
        })
    }

    /// Makes a member of the supporters' group a supporter.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the user is not in the group, already has a record, or a category does not exist; [`Error::Unavailable`].
    pub async fn add_supporter(&self, user: Option<UserId>, edit: SupporterEdit) -> Result<Supporter, Error> {
        let parts = &self.parts;
        let situation = Situation::load(&self.parts, &self.user).await?;
        let mut problems = Problems::default();
        check_categories(&mut problems, &situation.categories, &edit, &BTreeSet::new());
        let user = match (user, &situation.settings.supporter_group) {
            (Some(user), Some(group)) => {
                let known = people(&self.parts, [&user].into_iter()).await?;
                if !known.contains_key(&user) {
                    parts.host.tell(HostTrouble::MemberUnknown);
                }
                let member = known.get(&user).is_some_and(|user| user.is_in(group));
                problems.check(Field::User, if member { Ok(user) } else { Err(Problem::Unknown) })
            }
            (Some(_), None) => problems.check(Field::User, Err(Problem::Unknown)),
            (None, _) => problems.check(Field::User, Err(Problem::Empty)),
        };
        let Some(user) = user else { return Err(problems.into_error()) };
        problems.none()?;
        let id = SupporterId(parts.ids.next());
        let supporter = Supporter { id, user, present: edit.present, categories: edit.categories };
        let (record, now) = (supporter.clone(), parts.now());
        let work = move |unit: &mut dyn Unit| match unit.supporters().insert(&record) {
            Err(StorageError::Duplicate) => {
                let mut problems = Problems::default();
                problems.note(Field::User, Problem::Taken);
                Err(problems.into_error())
            }
            other => {
                other?;
                Ok(takes_up_letters(unit, &record, now)?)
            }
        };
        parts.storage.run_write(work).await?;
        if supporter.present {
            parts.ring();
        }
        Ok(supporter)
    }

    /// Changes a supporter's presence and categories.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for a category that does not exist; [`Error::Unavailable`].
    pub async fn edit_supporter(&self, id: SupporterId, edit: SupporterEdit) -> Result<Supporter, Error> {
        let situation = Situation::load(&self.parts, &self.user).await?;
        let (categories, now) = (situation.categories, self.parts.now());
        let work = move |unit: &mut dyn Unit| {
            let mut supporter = unit.supporters().find(id)?.ok_or(Error::NotFound)?;
            let mut problems = Problems::default();
            check_categories(&mut problems, &categories, &edit, &supporter.categories);
            problems.none()?;
            supporter.present = edit.present;
            supporter.categories = edit.categories.clone();
            if !unit.supporters().update(&supporter)? {
                return Err(Error::NotFound);
            }
            takes_up_letters(unit, &supporter, now)?;
            Ok(supporter)
        };
        let supporter = self.parts.storage.run_write(work).await?;
        if supporter.present {
            self.parts.ring();
        }
        Ok(supporter)
    }

    /// Removes a supporter's record. Their answers and ratings stay.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn remove_supporter(&self, id: SupporterId) -> Result<(), Error> {
        let work = move |unit: &mut dyn Unit| {
            if unit.supporters().delete(id)? { Ok(()) } else { Err(Error::NotFound) }
        };
        self.parts.storage.run_write(work).await
    }
}

/// If the supporter is present, letters that wait for one are due at once (M-01, R-15). After the unit, the caller rings the bell.
fn takes_up_letters(unit: &mut dyn Unit, supporter: &Supporter, now: DateTime<Utc>) -> Result<(), StorageError> {
    if supporter.present { unit.incoming().bring_forward(Verdict::SupportOff, now) } else { Ok(()) }
}

/// Combines a record with its user.
pub(super) fn report(supporter: Supporter, users: &HashMap<UserId, User>, settings: &Settings) -> SupporterReport {
    let user = users.get(&supporter.user).cloned();
    let group = settings.supporter_group.as_ref();
    let member = group.is_some_and(|group| user.as_ref().is_some_and(|user| user.is_in(group)));
    SupporterReport { supporter, user, member }
}

/// A category must exist or be the supporter's already, so that a removed category does not block editing.
fn check_categories(problems: &mut Problems, categories: &Categories, edit: &SupporterEdit, before: &BTreeSet<CategoryId>) {
    if edit.categories.iter().any(|id| !categories.is_active(id) && !before.contains(id)) {
        problems.note(Field::Category, Problem::Unknown);
    }
}
