//! Both doors of the frontend at once, for the pages that customers and supporters share.

use std::sync::Arc;

use crate::access::{User, Visitor};
use crate::conversation::{Conversation, Part};
use crate::desk::Desk;
use crate::error::{Denial, Error};
use crate::helpdesk::Helpdesk;
use crate::id::{TicketNumber, UserId};
use crate::overview::{Filter, Overview, Rows};
use crate::portal::Portal;
use crate::situation::Situation;
use crate::storage::{Scope, Unit};

/// The doors of one visitor to the frontend.
#[derive(Debug)]
pub struct Frontend {
    /// What every user has.
    pub portal: Portal,
    /// What only a supporter has.
    pub desk: Option<Desk>,
    situation: Arc<Situation>,
}

impl Frontend {
    fn of(helpdesk: &Helpdesk, user: &User, situation: Situation) -> Self {
        let situation = Arc::new(situation);
        let desk = || Desk::new(helpdesk.clone(), user.clone(), situation.clone());
        Self {
            desk: situation.staff.contains(&user.id).then(desk),
            portal: Portal::new(helpdesk.clone(), user.clone(), Some(situation.clone())),
            situation,
        }
    }
}

impl Helpdesk {
    /// Opens both doors. Asks storage and host once.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::Unavailable`].
    pub async fn enter(&self, visitor: &Visitor) -> Result<Frontend, Error> {
        let user = self.known(visitor)?;
        Ok(Frontend::of(self, user, self.situation(user).await?))
    }

    /// Opens both doors and takes one page of tickets: all of them from behind the desk, else the visitor's own. The same as
    /// [`Desk::overview`] or [`Portal::list`] after [`enter`](Self::enter), and half the work for the storage.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::Denied`] below level *Read*, [`Error::Unavailable`].
    pub async fn overview(&self, visitor: &Visitor, filter: &Filter) -> Result<(Frontend, Overview), Error> {
        let (frontend, rows) = self
            .enter_and_read(
                visitor,
                |rows: &Rows| rows.people().collect(),
                |frontend| {
                    let (query, reach) = match &frontend.desk {
                        Some(desk) => (desk.query(filter), Scope::All),
                        None => {
                            let query = frontend.portal.query(filter)?;
                            let own = query.scope.clone();
                            (query, own)
                        }
                    };
                    let (user, now) = (frontend.portal.user().id.clone(), self.now());
                    Ok(move |unit: &mut dyn Unit| Ok(Rows::read(unit, &query, &user, &reach, now)?))
                },
            )
            .await?;
        let overview = rows.shown(self, frontend.portal.user(), &frontend.situation).await?;
        Ok((frontend, overview))
    }

    /// Opens both doors and takes a ticket, as [`Desk::show`] gives it to a supporter and [`Portal::show`] to its customer, who a
    /// supporter may be too (D-05). The same as these after [`enter`](Self::enter), and half the work for the storage.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::NotFound`], [`Error::Denied`] below level *Read*, [`Error::Unavailable`].
    pub async fn show(
        &self,
        visitor: &Visitor,
        number: TicketNumber,
        part: impl Into<Part> + Send,
    ) -> Result<(Frontend, Conversation), Error> {
        let (part, limits) = (part.into(), *self.limits());
        let (frontend, (rows, from_desk)) = self
            .enter_and_read(
                visitor,
                |(rows, _): &(crate::conversation::Rows, bool)| rows.people().cloned().collect(),
                |frontend| {
                    let user = frontend.desk.is_some().then(|| frontend.portal.user().clone());
                    let customer = frontend.portal.user().clone();
                    Ok(move |unit: &mut dyn Unit| {
                        if let Some(supporter) = &user {
                            match crate::desk::rows(unit, supporter, number, part, &limits) {
                                Err(Error::Denied(Denial::OwnTicket)) => {}
                                rows => return Ok((rows?, true)),
                            }
                        }
                        Ok((crate::portal::rows(unit, &customer, number, part, &limits)?, false))
                    })
                },
            )
            .await?;
        let conversation = match &frontend.desk {
            Some(desk) if from_desk => desk.shown(rows).await?,
            _ => frontend.portal.shown(rows, &frontend.situation).await?,
        };
        Ok((frontend, conversation))
    }

    /// Opens both doors and reads what stands behind them, in one unit and with one question to the host if nothing around the tickets
    /// has changed since the last time. What to read then rests on what is remembered and on what the host said of the visitor. It is
    /// shown only if the host's answer, which comes after it, agrees; and a no is asked again. From a replica that lags behind it may
    /// all be a moment old; see the decisions 0014 and 0015.
    async fn enter_and_read<T, Work>(
        &self,
        visitor: &Visitor,
        named: impl Fn(&T) -> Vec<UserId>,
        prepare: impl Fn(&Frontend) -> Result<Work, Error>,
    ) -> Result<(Frontend, T), Error>
    where
        T: Send + 'static,
        Work: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        let (user, storage) = (self.known(visitor)?, self.storage());
        if let Some(remembered) = self.parts.remembered() {
            let presumed = Frontend::of(self, user, Situation::presumed(remembered.clone(), user));
            if let Ok(mut read) = prepare(&presumed) {
                let known = remembered.clone();
                let work = move |unit: &mut dyn Unit| match known.is_current(unit)? {
                    true => read(unit).map(Some),
                    false => Ok(None),
                };
                if let Ok(Some(value)) = storage.run_glance(work).await {
                    let situation = Situation::of(self, remembered, false, user, named(&value)).await?;
                    let frontend = Frontend::of(self, user, situation);
                    if frontend.desk.is_some() == presumed.desk.is_some() {
                        return Ok((frontend, value));
                    }
                }
            }
        }
        let frontend = self.enter(visitor).await?;
        let value = storage.run_glance(prepare(&frontend)?).await?;
        Ok((frontend, value))
    }
}
