//! The settings (R-11 to R-13, D-05, D-15).

use crate::backend::{Backend, Freshness};
use crate::error::{Error, Problems};
use crate::host::Group;
use crate::id::GroupId;
use crate::problem::{Field, FieldError, Problem};
use crate::settings::Settings;
use crate::storage::Unit;
use crate::time_zone::TimeZone;

/// The settings and the values to choose from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SettingsReport {
    /// The stored settings.
    pub settings: Settings,
    /// The host's groups.
    pub groups: Vec<Group>,
    /// The time zone used if none is set.
    pub default_time_zone: TimeZone,
}

/// New settings as the administrator typed them.
#[derive(Debug, Clone)]
pub struct NewSettings {
    /// The supporters' group; `None` for none.
    pub supporter_group: Option<GroupId>,
    /// Whether customers rate answers.
    pub ratings: bool,
    /// Maximum size of an image in bytes. `None` applies the limit of all files. 0 is refused, and so is more than the limit
    /// of all files.
    pub image_limit: Option<u64>,
    /// Whether supporters open tickets too.
    pub supporters_open: bool,
    /// Whether customers choose a priority when they open a ticket (T-05).
    pub customers_prioritize: bool,
    /// The name of the site's time zone, like `Europe/Berlin`; `None` for the server's time zone.
    pub time_zone: Option<String>,
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
    /// Fields that could not be read. The settings are then refused, with these and all their other problems at once.
    pub refused: Vec<FieldError>,
}

impl Default for NewSettings {
    /// No group, no ratings, no image limit, supporters do not open tickets, customers choose no priority, the server's time
    /// zone, answers assign, replies go to the assignee first, locations are removed from photographs, customers get receipts and
    /// letters about closing.
    fn default() -> Self {
        Self {
            supporter_group: None,
            ratings: false,
            image_limit: None,
            supporters_open: false,
            customers_prioritize: false,
            time_zone: None,
            answering_assigns: true,
            assignee_first: true,
            remove_location: true,
            receipts: true,
            closing_letters: true,
            refused: Vec::new(),
        }
    }
}

impl Backend {
    /// The settings.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn settings(&self) -> Result<SettingsReport, Error> {
        let parts = &self.parts;
        let work = |unit: &mut dyn Unit, _: &Settings| Ok(unit.settings().find()?);
        let (settings, _) = self.read(Freshness::Current, work, |_| Vec::new()).await?;
        Ok(SettingsReport { settings, groups: parts.directory.groups().await?, default_time_zone: parts.time_zone })
    }

    /// Stores new settings. They apply from the next request on. Supporters outside a new group lose their rights (D-04).
    ///
    /// # Errors
    /// [`Error::Invalid`] for a field that could not be read, a group that the host does not have, a time zone that does not
    /// exist, or an image limit that is 0 or above the limit of all files, where it would have no effect; [`Error::Unavailable`].
    pub async fn update_settings(&self, new: NewSettings) -> Result<Settings, Error> {
        let parts = &self.parts;
        let mut problems = Problems::default();
        problems.extend(new.refused);
        if let Some(group) = &new.supporter_group
            && !parts.directory.groups().await?.iter().any(|known| known.id == *group)
        {
            problems.note(Field::SupporterGroup, Problem::Unknown);
        }
        if new.image_limit == Some(0) {
            problems.note(Field::ImageLimit, Problem::Empty);
        }
        let max = self.parts.limits.attachment_bytes;
        if new.image_limit.is_some_and(|limit| limit > max) {
            problems.note(Field::ImageLimit, Problem::TooLarge { max });
        }
        let time_zone = new.time_zone.map(|name| TimeZone::parse(&name).ok_or(Problem::Unknown)).transpose();
        let time_zone = problems.check(Field::TimeZone, time_zone).flatten();
        problems.none()?;
        let settings = Settings {
            supporter_group: new.supporter_group,
            ratings: new.ratings,
            // The databases store this as a signed 64-bit integer.
            image_limit: new.image_limit.map(|limit| limit.min(i64::MAX as u64)),
            supporters_open: new.supporters_open,
            customers_prioritize: new.customers_prioritize,
            time_zone,
            answering_assigns: new.answering_assigns,
            assignee_first: new.assignee_first,
            remove_location: new.remove_location,
            receipts: new.receipts,
            closing_letters: new.closing_letters,
        };
        let stored = settings.clone();
        let work = move |unit: &mut dyn Unit| unit.settings().update(&stored);
        parts.storage.run_write(work).await.map_err(Error::from)?;
        Ok(settings)
    }
}
