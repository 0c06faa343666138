//! Supporters: their records, and which of them have effect (R-14, D-04).

use std::collections::{BTreeSet, HashMap};

use crate::id::{CategoryId, SupporterId, UserId};
use crate::settings::Settings;
use crate::ticket::Ticket;
use crate::user::User;
use crate::viewer::Viewer;

/// The record that makes a member of the supporters' group a supporter.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Supporter {
    /// The id of the record.
    pub id: SupporterId,
    /// The host's user. Each user has at most one record.
    pub user: UserId,
    /// Whether the supporter is present: they get letters about new tickets and replies, and keep support active.
    pub present: bool,
    /// The supporter's categories.
    pub categories: BTreeSet<CategoryId>,
}

/// The current supporters: users with a record who are also in the configured group. A record alone has no effect: a user
/// who leaves the group loses all supporter rights and letters (D-04).
#[derive(Debug, Clone, Default)]
pub struct Staff {
    members: Vec<(Supporter, User)>,
}

impl Staff {
    /// Combines the records with the host's users. Without a configured group there are no supporters; records of users that
    /// the host does not know are left out.
    pub fn gather(settings: &Settings, records: Vec<Supporter>, users: &HashMap<UserId, User>) -> Self {
        let Some(group) = &settings.supporter_group else { return Self::default() };
        let members = records
            .into_iter()
            .filter_map(|record| {
                let user = users.get(&record.user).filter(|user| user.is_in(group))?.clone();
                Some((record, user))
            })
            .collect();
        Self { members }
    }

    /// Whether the user is a current supporter.
    pub fn contains(&self, user: &UserId) -> bool {
        self.members.iter().any(|(record, _)| record.user == *user)
    }

    /// The user as a viewer of tickets: as a supporter if they are one now, otherwise as a customer.
    pub fn viewer<'u>(&self, user: &'u User) -> Viewer<'u> {
        if self.contains(&user.id) { Viewer::supporter(user) } else { Viewer::customer(user) }
    }

    /// The user's categories; empty if they are not a supporter.
    pub fn categories_of(&self, user: &UserId) -> BTreeSet<CategoryId> {
        let record = self.members.iter().find(|(record, _)| record.user == *user);
        record.map(|(record, _)| record.categories.clone()).unwrap_or_default()
    }

    /// The supporter to whom the ticket is assigned. Someone who is no supporter any more counts as none (T-03).
    pub fn assignee(&self, ticket: &Ticket) -> Option<&Supporter> {
        let assignee = ticket.assignee.as_ref()?;
        self.members.iter().map(|(record, _)| record).find(|record| record.user == *assignee)
    }

    /// All supporters as the host describes them, in the order of their records.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.members.iter().map(|(_, user)| user)
    }

    /// The ids of all supporters.
    pub(crate) fn ids(&self) -> BTreeSet<UserId> {
        self.members.iter().map(|(record, _)| record.user.clone()).collect()
    }

    /// The supporters who are present.
    pub fn present(&self) -> impl Iterator<Item = &Supporter> {
        self.members.iter().map(|(record, _)| record).filter(|record| record.present)
    }

    /// Whether support is active: at least one supporter is present.
    pub fn support_is_active(&self) -> bool {
        self.present().next().is_some()
    }
}
