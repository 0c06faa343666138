//! Addresses that an administrator has assigned to users (M-04).

use chrono::{DateTime, Utc};

use crate::id::UserId;

/// An address that the directory does not know, and whose letters count as those of a user. Only letters whose sender is confirmed count,
/// because anybody can write any address into `From`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AssignedSender {
    /// The address, in lower case. Unique. At most 254 characters.
    pub address: String,
    /// The user.
    pub user: UserId,
    /// When it was assigned.
    pub assigned_at: DateTime<Utc>,
}
