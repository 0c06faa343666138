//! The sections of the backend.

use strum::VariantArray;

use crate::address::Address;

/// A section, in the order of the navigation. Its word is in the key of its sentence: `backend-nav-WORD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum Section {
    Supporters,
    Statistics,
    Settings,
    Categories,
    Labels,
    SavedAnswers,
    Tickets,
    Mail,
}

impl Section {
    /// All values.
    pub(crate) const ALL: &[Self] = Self::VARIANTS;

    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        self.into()
    }

    /// Its page.
    pub(crate) fn address(self) -> Address<'static> {
        match self {
            Self::Supporters => Address::Supporters,
            Self::Statistics => Address::Statistics,
            Self::Settings => Address::Settings,
            Self::Categories => Address::Categories,
            Self::Labels => Address::Labels,
            Self::SavedAnswers => Address::SharedAnswers,
            Self::Tickets => Address::AllTickets,
            Self::Mail => Address::Mail,
        }
    }

    /// The name of its icon.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Supporters => "people",
            Self::Statistics => "chart",
            Self::Settings => "settings",
            Self::Categories => "tag",
            Self::Labels => "label",
            Self::SavedAnswers => "edit",
            Self::Tickets => "trash",
            Self::Mail => "mail",
        }
    }
}
