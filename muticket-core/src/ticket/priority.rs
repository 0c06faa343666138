//! The priority of a ticket (T-05).

use strum::{EnumString, IntoStaticStr, VariantArray};

/// How urgent a ticket is. A later variant is more urgent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, IntoStaticStr, EnumString, VariantArray)]
#[strum(serialize_all = "kebab-case")]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Priority {
    /// It can wait.
    Low,
    /// The default.
    #[default]
    Normal,
    /// Before normal ones.
    High,
    /// Before all others.
    Urgent,
}

impl Priority {
    /// All priorities, least urgent first.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word in URLs, templates and histories. `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The stored form: 0 for low to 3 for urgent, so that a database can sort by it.
    pub fn rank(self) -> u8 {
        self as u8
    }

    /// Parses the stored form.
    pub fn from_rank(rank: u8) -> Option<Self> {
        Self::ALL.get(usize::from(rank)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Databases hold these numbers, and histories these words.
    #[test]
    fn the_stored_forms_stay() {
        let stored = [("low", 0), ("normal", 1), ("high", 2), ("urgent", 3)];
        assert_eq!(Priority::ALL.iter().map(|priority| (priority.as_str(), priority.rank())).collect::<Vec<_>>(), stored);
        for (word, rank) in stored {
            assert_eq!(word.parse().ok(), Priority::from_rank(rank));
        }
        assert_eq!(Priority::from_rank(4), None);
    }
}
