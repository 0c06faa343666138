//! What administrators have configured, as the storage returned it.

use std::sync::Arc;

use crate::id::CategoryId;
use crate::label::Label;
use crate::settings::Settings;
use crate::storage::{StorageError, StoredCategory, Unit};
use crate::supporter::Supporter;

/// Settings, supporter records, categories and labels of one revision.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) revision: u64,
    pub(crate) settings: Settings,
    pub(crate) supporters: Vec<Supporter>,
    /// Empty if the host supplies the categories.
    pub(crate) categories: Vec<StoredCategory>,
    /// The administrator's order of categories; empty if there is none.
    pub(crate) order: Vec<CategoryId>,
    /// Oldest first.
    pub(crate) labels: Vec<Label>,
}

impl Configuration {
    /// Reads the configuration, unless `before` is still current.
    pub(crate) fn read(
        unit: &mut dyn Unit,
        before: Option<&Arc<Self>>,
        with_categories: bool,
    ) -> Result<Arc<Self>, StorageError> {
        let revision = unit.settings().revision()?;
        if let Some(before) = before.filter(|before| before.revision == revision) {
            return Ok(before.clone());
        }
        let (categories, order) =
            if with_categories { (unit.categories().list()?, unit.categories().order()?) } else { (Vec::new(), Vec::new()) };
        let (settings, supporters, labels) = (unit.settings().find()?, unit.supporters().list()?, unit.labels().list()?);
        Ok(Arc::new(Self { revision, settings, supporters, categories, order, labels }))
    }

    /// Whether the unit sees no newer revision. A stale read may see an older one.
    pub(crate) fn is_current(&self, unit: &mut dyn Unit) -> Result<bool, StorageError> {
        Ok(unit.settings().revision()? <= self.revision)
    }
}
