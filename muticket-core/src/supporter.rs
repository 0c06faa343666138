//! Supporters: who they are, and which of them still count (R-14, D-04).

use std::collections::{BTreeSet, HashMap};

use crate::access::User;
use crate::id::{CategoryId, SupporterId, UserId};
use crate::settings::Settings;

/// The record that makes a member of the supporters' group a supporter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supporter {
    /// Names the record.
    pub id: SupporterId,
    /// The host's user; at most one record each.
    pub user: UserId,
    /// Whether he is present: gets letters about new tickets and replies, and keeps support active.
    pub present: bool,
    /// The categories he takes care of.
    pub categories: BTreeSet<CategoryId>,
}

/// The supporters that count right now: with a record *and* still in the configured group.
/// A record alone is nothing: who lost the group lost his rights and his letters (D-04).
#[derive(Debug, Clone, Default)]
pub struct Staff {
    members: Vec<(Supporter, User)>,
}

impl Staff {
    /// Puts the records and what the host says of their users together. Without a configured group nobody counts;
    /// a user whom the host did not describe does not count.
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

    /// Whether the user is one of them.
    pub fn contains(&self, user: &UserId) -> bool {
        self.members.iter().any(|(record, _)| record.user == *user)
    }

    /// The categories that the user takes care of; none if they are no supporter.
    pub fn categories_of(&self, user: &UserId) -> BTreeSet<CategoryId> {
        let record = self.members.iter().find(|(record, _)| record.user == *user);
        record.map(|(record, _)| record.categories.clone()).unwrap_or_default()
    }

    /// Those who are present.
    pub fn present(&self) -> impl Iterator<Item = &Supporter> {
        self.members.iter().map(|(record, _)| record).filter(|record| record.present)
    }

    /// Whether support is active: somebody is present.
    pub fn support_is_active(&self) -> bool {
        self.present().next().is_some()
    }
}
