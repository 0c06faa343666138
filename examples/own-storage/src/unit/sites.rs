//! Which site the file belongs to.

use muticket_core::site_address::SiteAddress;
use muticket_core::storage::{SiteAddresses, StorageError};

use crate::unit::JsonUnit;

impl SiteAddresses for JsonUnit {
    fn find(&mut self) -> Result<Option<SiteAddress>, StorageError> {
        Ok(self.tables.site_address.clone())
    }

    fn replace(&mut self, from: Option<&SiteAddress>, to: &SiteAddress) -> Result<(), StorageError> {
        if self.tables.site_address.as_ref() != from {
            return Err(StorageError::Stale);
        }
        self.change()?.site_address = Some(to.clone());
        Ok(())
    }
}
