//! What supporters select by a word: the ready views (T-12), and whose tickets (T-03).

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::id::UserId;

/// A ready view of supporters: a name for a selection of tickets (T-12). All of them hold open tickets, unless another state is
/// selected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum NamedView {
    /// Tickets that wait for a supporter, of whatever category.
    Waiting,
    /// Tickets that are assigned to the supporter.
    Mine,
    /// Tickets that are assigned to nobody, or to someone who is no supporter any more.
    Nobody,
    /// Tickets of the supporter's categories.
    Categories,
}

impl NamedView {
    /// All views, in the order in which a page offers them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in URLs and templates. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Selects tickets by their assignee, as a supporter asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum AssigneeFilter {
    /// Tickets of the supporter who asks.
    Me,
    /// Tickets of nobody. An assignee who is no supporter any more counts as nobody (T-03).
    Nobody,
    /// Tickets of this user.
    User(UserId),
}
