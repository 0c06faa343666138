//! The states of a ticket, and which side it waits for (D-01).

use strum::{EnumString, IntoStaticStr};

/// Whether a ticket is open. No other state is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, EnumString)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum State {
    /// Open.
    Open,
    /// Closed by a supporter. Supporters may reopen it.
    Closed,
}

/// Which side an open ticket waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, EnumString)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Waiting {
    /// No supporter has answered yet.
    New,
    /// The customer wrote last.
    Supporter,
    /// A supporter wrote last.
    Customer,
}

impl State {
    /// The stored form, also used in URLs. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl Waiting {
    /// The stored form, also used in URLs. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
