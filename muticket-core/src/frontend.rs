//! Portal and desk together, for the pages that customers and supporters share.

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

/// The portal and, for a supporter, the desk of one visitor.
#[derive(Debug)]
pub struct Frontend {
    /// The customers' door, which every user has.
    pub portal: Portal,
    /// The supporters' door; `None` if the visitor is not a supporter.
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
    /// Opens portal and desk. Asks storage and host once.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::Unavailable`].
    pub async fn enter(&self, visitor: &Visitor) -> Result<Frontend, Error> {
        let user = self.known(visitor)?;
        Ok(Frontend::of(self, user, self.situation(user).await?))
    }

    /// Opens portal and desk and lists one page of tickets: all tickets for a supporter, otherwise the visitor's own. Gives
    /// the same result as [`Desk::overview`] or [`Portal::list`] after [`enter`](Self::enter), with half the storage work.
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

    /// Opens portal and desk and shows a ticket, as [`Desk::show`] does for supporters and [`Portal::show`] for the ticket's
    /// customer, who may be a supporter too (D-05). Gives the same result as these after [`enter`](Self::enter), with half
    /// the storage work.
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

    /// Checks access and reads the rows in one unit, with one question to the host, if the cached settings are still
    /// current. The read then relies on the cache and on the host's description of the visitor. Its result is used only if
    /// the host's later answer agrees; otherwise, and after a refusal, everything is loaded and read again. A lagging
    /// replica may return slightly older data; see decisions 0014 and 0015.
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
