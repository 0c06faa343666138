//! The sections of the backend.

use crate::address::Address;
use crate::words::words;

words! {
    /// A section, in the order of the navigation. Its word is in the key of its sentence: `backend-nav-WORD`.
    Section {
        Supporters = "supporters",
        Settings = "settings",
        Categories = "categories",
        Tickets = "tickets",
        Mail = "mail",
    }
}

impl Section {
    /// Its page.
    pub(crate) fn address(self) -> Address<'static> {
        match self {
            Self::Supporters => Address::Supporters,
            Self::Settings => Address::Settings,
            Self::Categories => Address::Categories,
            Self::Tickets => Address::AllTickets,
            Self::Mail => Address::Mail,
        }
    }

    /// The name of its icon.
    pub(crate) fn icon(self) -> &'static str {
        match self {
            Self::Supporters => "people",
            Self::Settings => "settings",
            Self::Categories => "tag",
            Self::Tickets => "trash",
            Self::Mail => "mail",
        }
    }
}
