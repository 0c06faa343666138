//! A customer's own tickets (R-21, D-11).

use crate::access::{Action, Subject};
use crate::error::Error;
use crate::overview::{Filter, Overview};
use crate::portal::{Portal, may_open};
use crate::storage::Scope;

impl Portal {
    /// One page of the visitor's own tickets. The filter's customer is ignored: it is he.
    ///
    /// # Errors
    /// [`Error::Denied`] below level *Read*; [`Error::Unavailable`].
    pub async fn list(&self, filter: &Filter) -> Result<Overview, Error> {
        self.may(Action::List, Subject::Nothing)?;
        let situation = self.situation().await?;
        let may_open = may_open(&self.user, &situation.settings, &situation.staff).is_ok();
        Overview::load(&self.helpdesk, &situation, Scope::Customer(self.user.id.clone()), filter, may_open).await
    }
}
