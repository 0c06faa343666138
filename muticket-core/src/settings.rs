//! What an administrator sets (R-11 to R-13, D-05).

use crate::id::GroupId;
use crate::time_zone::TimeZone;

/// The configuration of one instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The host's group from which supporters are taken; `None` until an administrator chose one: then there are no supporters.
    pub supporter_group: Option<GroupId>,
    /// Whether customers rate answers.
    pub ratings: bool,
    /// The most bytes an uploaded image may have; `None` leaves it to the limit for all files.
    pub image_limit: Option<u64>,
    /// Whether supporters open tickets too.
    pub supporters_open: bool,
    /// The clock of the site, by which statistics count days and months (D-17); `None` leaves it to the
    /// [helpdesk](crate::helpdesk::Builder::time_zone).
    pub time_zone: Option<TimeZone>,
    /// Whether the place where a photograph was taken is removed from JPEG, PNG and WebP files that are uploaded.
    pub remove_location: bool,
}

impl Default for Settings {
    /// No group, ratings on, images not limited, supporters do not open tickets, the helpdesk's own clock, places are removed from photographs.
    fn default() -> Self {
        Self {
            supporter_group: None,
            ratings: true,
            image_limit: None,
            supporters_open: false,
            time_zone: None,
            remove_location: true,
        }
    }
}
