//! What the host supplies: its users and, optionally, its categories and facts about customers. MuTicket stores neither
//! users nor rights.

mod asked;
mod error;
mod facts;
mod trouble;

use async_trait::async_trait;

use crate::category::Category;
use crate::id::{GroupId, UserId};
use crate::user::User;

pub(crate) use self::asked::{AskedCategories, AskedDirectory, AskedFacts, HostCalls, both};
pub use self::error::HostError;
pub use self::facts::{CustomerFact, CustomerFacts};
pub use self::trouble::{HostTrouble, IdOf};

/// The host's current users and groups.
///
/// # How often it is asked
/// MuTicket does not cache the answers, so a change takes effect with the next request. It asks for many users at once,
/// never one by one:
/// - A page with tickets asks [`users`](Self::users) once, for the visitor, the supporters and everyone named on the page.
///   The first page after a change in the backend, and a form that is sent, may ask a second time.
/// - The pages of the backend ask [`groups`](Self::groups) and [`members`](Self::members), once each, where they show them.
/// - The courier asks [`users`](Self::users) once for up to 20 letters.
/// - A letter that comes in asks [`users_with_address`](Self::users_with_address) and [`users`](Self::users), once each.
///
/// An answer from memory or from one indexed query is fast enough. Put a slow directory (LDAP, a remote service) behind a
/// cache of some seconds. A question that takes too long is given up: see
/// [`Helpdesk::limit_host`](crate::Helpdesk::limit_host).
///
/// # Identifiers
/// - The id of a [`User`] is the same here and everywhere the host names the visitor. A user who signs in under an id that
///   [`users`](Self::users) does not know is a "former user" on every page, gets no letters and is never a supporter.
/// - An id is never reused, not even after its user was deleted: the new user could read the tickets of the old one. A row
///   number or a UUID is a good id. A login name or an email address is not, because it can be changed or given away.
/// - An id has 1 to 255 characters, no control characters, and is not blank ([`UserId::check`]).
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// Returns the users with these ids, in any order. Ids of users who do not exist are left out.
    ///
    /// # Errors
    /// The host cannot answer. Pages then show "not available just now", no one counts as a supporter, and nothing is lost.
    async fn users(&self, ids: &[UserId]) -> Result<Vec<User>, HostError>;

    /// Returns the users with this email address, in any order: who wrote a letter that came in (M-03, M-04). The case of letters
    /// does not matter. A letter counts as written by a user only if they alone have the address. Default: nobody, so letters of
    /// customers are held.
    ///
    /// # Errors
    /// The host cannot answer. The letter is worked on later.
    async fn users_with_address(&self, address: &str) -> Result<Vec<User>, HostError> {
        let _ = address;
        Ok(Vec::new())
    }

    /// Returns the members of a group in display order; empty for an unknown group.
    ///
    /// # Errors
    /// The host cannot answer.
    async fn members(&self, group: &GroupId) -> Result<Vec<User>, HostError>;

    /// Returns the groups from which an administrator chooses the supporters' group.
    ///
    /// # Errors
    /// The host cannot answer.
    async fn groups(&self) -> Result<Vec<Group>, HostError>;
}

/// A group of the host's users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The host's id of the group.
    pub id: GroupId,
    /// The name people see.
    pub name: String,
}

/// Categories supplied by the host (D-08). Without a source MuTicket stores the categories.
#[async_trait]
pub trait CategorySource: Send + Sync + 'static {
    /// Returns all categories in display order. If empty, categories are not active.
    ///
    /// # Errors
    /// The host cannot answer.
    async fn categories(&self) -> Result<Vec<Category>, HostError>;
}
