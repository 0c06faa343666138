//! All tickets, for supporters (R-40, R-42, D-11).

use crate::desk::Desk;
use crate::error::Error;
use crate::overview::{Filter, Overview};
use crate::portal::may_open;
use crate::storage::Scope;

impl Desk {
    /// One page of all tickets, or of one customer's.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn overview(&self, filter: &Filter) -> Result<Overview, Error> {
        let scope = filter.customer.clone().map_or(Scope::All, Scope::Customer);
        let may_open = may_open(&self.user, &self.situation.settings, &self.situation.staff).is_ok();
        Overview::load(&self.helpdesk, &self.situation, scope, filter, may_open).await
    }
}
