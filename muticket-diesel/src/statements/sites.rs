//! The site that the tables belong to.

use diesel::prelude::*;
use muticket_core::site_address::SiteAddress;
use muticket_core::storage::{SiteAddressStore, StorageError};

use super::{DieselUnit, dialect, insert};
use crate::fragment::WithSuffix;
use crate::schema::site_address;

const TABLE: &str = "muticket_site_address";

/// The table has one row at most.
const ID: i64 = 1;

impl SiteAddressStore for DieselUnit<'_> {
    fn find(&mut self) -> Result<Option<SiteAddress>, StorageError> {
        let query = site_address::table.find(ID).select((site_address::base, site_address::url));
        let row: Option<(String, Option<String>)> = if self.writes() {
            self.run(TABLE, |conn| WithSuffix(query, dialect::LOCKED).get_result(conn).optional())?
        } else {
            self.run(TABLE, |conn| query.get_result(conn).optional())?
        };
        Ok(row.map(|(base, url)| SiteAddress::new(&base, url.as_deref())))
    }

    fn replace(&mut self, from: Option<&SiteAddress>, to: &SiteAddress) -> Result<(), StorageError> {
        let columns = (site_address::base.eq(&to.base), site_address::url.eq(to.url.as_deref()));
        if from.is_none() {
            let row = diesel::insert_into(site_address::table).values((site_address::id.eq(ID), columns));
            return match self.try_to_change(TABLE, |conn| insert(conn, row)) {
                Ok(_) => Ok(()),
                Err(StorageError::Duplicate) => Err(StorageError::Stale),
                Err(error) => Err(error),
            };
        }
        // The row is locked from here on.
        if SiteAddressStore::find(self)?.as_ref() != from {
            return Err(StorageError::Stale);
        }
        let update = diesel::update(site_address::table.find(ID)).set(columns);
        self.change(TABLE, |conn| update.execute(conn))?;
        Ok(())
    }
}
