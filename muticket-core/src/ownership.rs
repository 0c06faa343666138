//! Checks at launch which site a storage belongs to.

use crate::helpdesk::Helpdesk;
use crate::site_address::SiteAddress;
use crate::storage::{StorageError, Unit, UnitError};

/// Why a site cannot use its storage at its address.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// The storage belongs to a site at another address.
    #[error("the database belongs to the MuTicket at {stored}, and this one is at {here}")]
    OtherSite {
        /// The stored address.
        stored: SiteAddress,
        /// The address of this site.
        here: SiteAddress,
    },
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl UnitError for AddressError {
    fn into_storage(self) -> Result<StorageError, Self> {
        match self {
            Self::Storage(error) => Ok(error),
            other => Err(other),
        }
    }
}

impl Helpdesk {
    /// Checks at launch that the storage belongs to the site at this address. Stores the address the first time. All nodes
    /// of a site have the same address. A site that moved from one of the addresses in `moved_from` takes the storage over.
    ///
    /// # Errors
    /// [`AddressError::OtherSite`] if the storage belongs to another site. Then nothing is changed.
    pub async fn check_address(&self, here: SiteAddress, moved_from: Vec<SiteAddress>) -> Result<(), AddressError> {
        let work = move |unit: &mut dyn Unit| {
            let stored = unit.site_address().find()?;
            if let Some(stored) = &stored {
                let is_here = here.is_same_site(stored);
                if is_here && (stored.url.is_some() || here.url.is_none()) {
                    return Ok(());
                }
                if !is_here && !moved_from.iter().any(|earlier| earlier.is_same_site(stored)) {
                    return Err(AddressError::OtherSite { stored: stored.clone(), here: here.clone() });
                }
            }
            Ok(unit.site_address().replace(stored.as_ref(), &here)?)
        };
        self.storage().run_write(work).await
    }
}
