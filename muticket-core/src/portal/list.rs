//! A customer's own tickets (R-21, D-11).

use crate::access::{Action, Subject};
use crate::error::Error;
use crate::overview::{Filter, Overview, Rows};
use crate::portal::Portal;
use crate::storage::{OverviewQuery, Scope, Unit};

impl Portal {
    /// Lists one page of the visitor's own tickets. The filter's customer is ignored.
    ///
    /// # Errors
    /// [`Error::Denied`] below level *Read*; [`Error::Unavailable`].
    pub async fn list(&self, filter: &Filter) -> Result<Overview, Error> {
        let (query, user) = (self.query(filter)?, self.user.id.clone());
        let situation = self.situation().await?;
        let now = self.helpdesk.now();
        let rows = self
            .helpdesk
            .storage()
            .run_glance(move |unit: &mut dyn Unit| Rows::read(unit, &query, &user, &query.scope, now))
            .await;
        rows.map_err(Error::from)?.shown(&self.helpdesk, &self.user, &situation).await
    }

    pub(crate) fn query(&self, filter: &Filter) -> Result<OverviewQuery, Error> {
        self.may(Action::List, Subject::Nothing)?;
        Ok(filter.query(Scope::Customer(self.user.id.clone()), self.helpdesk.limits().page))
    }
}
