//! The settings; there is only one set.

use muticket_core::id::GroupId;
use muticket_core::settings::Settings;
use muticket_core::storage::{SettingsStore, StorageError};
use muticket_core::time_zone::TimeZone;
use serde::{Deserialize, Serialize};

use crate::json::Json;
use crate::unit::JsonUnit;

#[derive(Serialize, Deserialize)]
#[serde(remote = "Settings")]
pub(super) struct SettingsRow {
    #[serde(with = "Json")]
    supporter_group: Option<GroupId>,
    ratings: bool,
    image_limit: Option<u64>,
    supporters_open: bool,
    #[serde(default = "yes")]
    remove_location: bool,
    #[serde(with = "Json", default)]
    time_zone: Option<TimeZone>,
}

/// The default for files that were written before this setting existed.
fn yes() -> bool {
    true
}

impl SettingsStore for JsonUnit {
    fn find(&mut self) -> Result<Settings, StorageError> {
        Ok(self.tables.settings.clone())
    }

    fn update(&mut self, settings: &Settings) -> Result<(), StorageError> {
        self.change()?.revise().settings = settings.clone();
        Ok(())
    }

    fn revision(&mut self) -> Result<u64, StorageError> {
        Ok(self.tables.revision)
    }
}
