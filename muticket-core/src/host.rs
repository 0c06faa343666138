//! What the host supplies: its users and, if it likes, its categories. MuTicket keeps neither users nor rights of its own.

mod asked;
mod error;
mod trouble;

use async_trait::async_trait;

use crate::access::User;
use crate::category::Category;
use crate::id::{GroupId, UserId};

pub(crate) use self::asked::{Answers, AskedCategories, AskedDirectory, both};
pub use self::error::HostError;
pub use self::trouble::{HostTrouble, IdOf};

/// The host's users and groups, as they are right now.
///
/// # How often it is asked
/// MuTicket does not keep the answers, so a change counts from the next request on. It asks for many users at once, never one by one:
/// - A page with tickets asks [`users`](Self::users) once, for the visitor, the supporters and everybody who is named on the page. The
///   first page after a change in the backend, and a form that is sent, may ask a second time.
/// - The pages of the backend ask [`groups`](Self::groups) and [`members`](Self::members), once each, where they show them.
/// - The courier asks [`users`](Self::users) once for up to 20 letters.
///
/// So an answer from memory or from one indexed query is fine, and a directory that is slow to ask (LDAP, a service elsewhere) belongs
/// behind a cache of some seconds. A question that takes too long is given up: see [`Helpdesk::limit_host`](crate::Helpdesk::limit_host).
///
/// # Identifiers
/// - The id of a [`User`] is the same here and wherever else the host names its visitor. A user who signs in under an id that
///   [`users`](Self::users) does not know is a "former user" on every page, gets no letters and is never a supporter.
/// - An id is never given to somebody else, not even after its user was deleted: whoever has it reads the tickets of whoever had it. A
///   row number or a UUID is a good id; a login or an address that can be changed or given away is not.
/// - It has 1 to 255 characters, no control characters, and is not blank ([`UserId::check`]).
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
