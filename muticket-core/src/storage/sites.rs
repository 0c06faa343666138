//! The address of the site that the storage belongs to.

use crate::site_address::SiteAddress;
use crate::storage::StorageError;

/// The address of the site. At most one is stored.
pub trait SiteAddressStore {
    /// The address; `None` if none was ever stored.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self) -> Result<Option<SiteAddress>, StorageError>;

    /// Replaces the address `from` with `to`; `from` is `None` if there is none yet. If several units replace the same one
    /// at once, one succeeds.
    ///
    /// # Errors
    /// [`StorageError::Stale`] if the stored address is not `from`.
    fn replace(&mut self, from: Option<&SiteAddress>, to: &SiteAddress) -> Result<(), StorageError>;
}
