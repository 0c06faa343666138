//! Users of the host: who they are, and what the host lets them do.

use crate::id::{GroupId, UserId};
use crate::language::Language;
use crate::time_zone::TimeZone;

/// What the host lets a user do, in ascending order (D-03).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the host's words; what each opens is in the table that permission_table() draws")]
pub enum AccessLevel {
    None,
    Overview,
    Read,
    Comment,
    Moderate,
    Edit,
    Add,
    Delete,
    Admin,
}

/// A user of the host, as the host describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The host's id of the user. It is unique and never reused for another user.
    pub id: UserId,
    /// The name other people see.
    pub name: String,
    /// Email address; `None` if the host knows none.
    pub address: Option<String>,
    /// Preferred language. If `None`, pages use the browser's language and letters use the site's default.
    pub language: Option<Language>,
    /// Time zone; `None` shows times in UTC.
    pub time_zone: Option<TimeZone>,
    /// The groups the user is in.
    pub groups: Vec<GroupId>,
    /// What the host lets the user do.
    pub level: AccessLevel,
}

impl User {
    /// A user with no address, no language, no time zone, no groups and no access; set what differs.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: UserId::new(id),
            name: name.into(),
            address: None,
            language: None,
            time_zone: None,
            groups: Vec::new(),
            level: AccessLevel::None,
        }
    }

    /// Whether the user is in the group.
    pub fn is_in(&self, group: &GroupId) -> bool {
        self.groups.contains(group)
    }
}

/// The person who makes a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// Not signed in.
    Guest,
    /// A user of the host.
    User(User),
}
