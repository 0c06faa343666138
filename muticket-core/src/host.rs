//! What the host supplies: its users and, if it likes, its categories. MuTicket keeps neither users nor rights of its own.

use async_trait::async_trait;

use crate::access::User;
use crate::category::Category;
use crate::id::{GroupId, UserId};

/// The host's users and groups, as they are right now.
///
/// MuTicket asks before each unit of work and does not keep the answers. It asks for many users at once, never one by one.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// The users with these identifiers, in any order; who does not exist (any more) is left out.
    ///
    /// # Errors
    /// The host cannot say. Nobody is then taken for a supporter, and nothing is lost: pages answer "not available just now".
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError>;

    /// The members of a group, in the order the host would show them; empty for an unknown group.
    ///
    /// # Errors
    /// The host cannot say.
    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError>;

    /// The groups an administrator may choose the supporters' group from.
    ///
    /// # Errors
    /// The host cannot say.
    async fn groups(&self) -> Result<Vec<Group>, HostError>;
}

/// A group of the host's users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Names it.
    pub id: GroupId,
    /// What people read.
    pub name: String,
}

/// Categories that the host keeps (D-08). Without one MuTicket keeps categories itself.
#[async_trait]
pub trait CategorySource: Send + Sync + 'static {
    /// All categories, in the order of the form. Empty: categories are not active.
    ///
    /// # Errors
    /// The host cannot say.
    async fn categories(&self) -> Result<Vec<Category>, HostError>;
}

/// The host could not answer. Logged once, with its cause; the visitor reads "not available just now".
#[derive(Debug, thiserror::Error)]
#[error("the host did not answer: {what}")]
pub struct HostError {
    what: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl HostError {
    /// Says what failed, for the operator's log.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), source: None }
    }

    /// Says what failed, and why.
    pub fn because(what: impl Into<String>, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { what: what.into(), source: Some(source.into()) }
    }
}
