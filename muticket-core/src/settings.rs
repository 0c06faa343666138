//! The settings that an administrator can change (R-11 to R-13, D-05, D-15).

use crate::id::GroupId;
use crate::time_zone::TimeZone;

/// The settings of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Settings {
    /// The host's group that supporters belong to. `None` until an administrator chooses one; then there are no supporters.
    pub supporter_group: Option<GroupId>,
    /// Whether customers rate answers.
    pub ratings: bool,
    /// Maximum size of an uploaded image in bytes; `None` applies the limit for all files.
    pub image_limit: Option<u64>,
    /// Whether supporters open tickets too.
    pub supporters_open: bool,
    /// Whether customers choose a priority when they open a ticket (T-05).
    pub customers_prioritize: bool,
    /// The site's time zone, in which statistics count days and months (D-17); `None` applies the
    /// [helpdesk's](crate::helpdesk::Builder::time_zone).
    pub time_zone: Option<TimeZone>,
    /// Whether an answer assigns the ticket to its author if nobody is assigned (T-03).
    pub answering_assigns: bool,
    /// Whether a customer's reply is mailed only to the assignee if they are present (T-04).
    pub assignee_first: bool,
    /// Whether the location is removed from uploaded photographs (JPEG, PNG and WebP).
    pub remove_location: bool,
    /// Whether customers get a receipt for a new ticket (D-15).
    pub receipts: bool,
    /// Whether customers get a letter when their ticket is closed (D-15).
    pub closing_letters: bool,
}

impl Default for Settings {
    /// No group, ratings on, no image limit, supporters do not open tickets, customers choose no priority, the helpdesk's time
    /// zone, answers assign, replies go to the assignee first, locations are removed from photographs, customers get receipts and
    /// letters about closing.
    fn default() -> Self {
        Self {
            supporter_group: None,
            ratings: true,
            image_limit: None,
            supporters_open: false,
            customers_prioritize: false,
            time_zone: None,
            answering_assigns: true,
            assignee_first: true,
            remove_location: true,
            receipts: true,
            closing_letters: true,
        }
    }
}
