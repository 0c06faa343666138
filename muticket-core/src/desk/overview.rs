//! All tickets, for supporters (R-40, R-42, D-11).

use crate::desk::Desk;
use crate::error::Error;
use crate::overview::{Filter, Overview, Rows};
use crate::storage::{OverviewQuery, Scope, Unit};

impl Desk {
    /// Lists one page of all tickets, or of one customer's tickets.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn overview(&self, filter: &Filter) -> Result<Overview, Error> {
        let (query, user) = (self.query(filter), self.user.id.clone());
        let now = self.helpdesk.now();
        let rows = self
            .helpdesk
            .storage()
            .run_glance(move |unit: &mut dyn Unit| Rows::read(unit, &query, &user, &Scope::All, now))
            .await;
        rows.map_err(Error::from)?.shown(&self.helpdesk, &self.user, &self.situation).await
    }

    pub(crate) fn query(&self, filter: &Filter) -> OverviewQuery {
        let scope = filter.customer.clone().map_or(Scope::All, Scope::Customer);
        filter.query(scope, self.helpdesk.limits().page)
    }
}
