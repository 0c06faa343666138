//! Which site the storage belongs to.

use crate::site_address::SiteAddress;
use crate::storage::StorageError;

/// Where the site is whose tickets these are: at most one address.
pub trait SiteAddresses {
    /// The address; `None` if none was ever stored.
    ///
    /// # Errors
    /// The storage failed.
    fn find(&mut self) -> Result<Option<SiteAddress>, StorageError>;

    /// Stores the address `to` in place of `from`, which is `None` if there is none yet. Of several units that replace the same one at once,
    /// one succeeds.
    ///
    /// # Errors
    /// [`StorageError::Stale`] if what is stored is not `from`.
    fn replace(&mut self, from: Option<&SiteAddress>, to: &SiteAddress) -> Result<(), StorageError>;
}
