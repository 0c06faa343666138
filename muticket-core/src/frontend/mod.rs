//! Portal and desk together, for the pages that customers and supporters share. The side from which the visitor sees a
//! ticket decides what such a page does.

mod download;
mod mark;
mod write;

use std::sync::Arc;

use crate::access::{Action, SiteAction, allows_on_site};
use crate::conversation::{self, Conversation, MessagePage};
use crate::desk::Desk;
use crate::error::Error;
use crate::helpdesk::Helpdesk;
use crate::id::{TicketNumber, UserId};
use crate::lookup::ticket_for;
use crate::overview::{self, DeskScope, Filter, Listing, Overview};
use crate::parts::Parts;
use crate::portal::Portal;
use crate::situation::Situation;
use crate::storage::{Reach, Unit};
use crate::user::{User, Visitor};
use crate::viewer::Viewer;

/// The portal and, for a supporter, the desk of one visitor.
#[derive(Debug)]
pub struct Frontend {
    /// The customers' door, which every user has.
    pub portal: Portal,
    /// The supporters' door; `None` if the visitor is not a supporter.
    pub desk: Option<Desk>,
    parts: Arc<Parts>,
    situation: Arc<Situation>,
}

impl Frontend {
    fn of(parts: &Arc<Parts>, user: &User, situation: Situation) -> Self {
        let situation = Arc::new(situation);
        Self {
            desk: Desk::of(parts, user, &situation),
            portal: Portal::new(parts.clone(), user.clone(), Some(situation.clone())),
            parts: parts.clone(),
            situation,
        }
    }

    /// The visitor.
    pub fn viewer(&self) -> Viewer<'_> {
        self.situation.staff.viewer(self.portal.user())
    }
}

impl Helpdesk {
    /// Opens portal and desk. Asks storage and host once.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::Unavailable`].
    pub async fn enter(&self, visitor: &Visitor) -> Result<Frontend, Error> {
        let user = self.signed_in(visitor)?;
        Ok(Frontend::of(&self.parts, user, Situation::load(&self.parts, user).await?))
    }

    /// Opens portal and desk and lists one page of tickets: all tickets for a supporter, otherwise the visitor's own. The filter
    /// is [applied](Filter::applied) to the visitor.
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::Denied`] below level *Read*, [`Error::Unavailable`].
    pub async fn overview(&self, visitor: &Visitor, filter: &Filter) -> Result<(Frontend, Overview), Error> {
        let people = |rows: &overview::TicketRows| rows.people().collect();
        // Which tickets are nobody's depends on all supporters.
        let agrees = |presumed: &Frontend, known: &Frontend| {
            known.desk.is_none() || presumed.situation.staff.ids() == known.situation.staff.ids()
        };
        let (frontend, rows) = self
            .enter_and_read(visitor, people, agrees, |frontend| {
                let viewer = frontend.viewer();
                allows_on_site(viewer, SiteAction::List).obey()?;
                let (situation, user, now) = (frontend.situation.clone(), frontend.portal.user().clone(), self.now());
                let is_supporter = viewer.is_supporter();
                let listing = Listing {
                    filter: filter.clone().applied(is_supporter),
                    reach: if is_supporter { Reach::All } else { Reach::Own(user.id.clone()) },
                    page: if is_supporter { self.limits().desk_page } else { self.limits().page },
                    desk: is_supporter.then(|| DeskScope::of(&situation.staff, &user.id)),
                    has_labels: !situation.labels().is_empty(),
                };
                Ok(move |unit: &mut dyn Unit| Ok(overview::TicketRows::read(unit, &listing, situation.staff.viewer(&user), now)?))
            })
            .await?;
        let overview = rows.shown(&self.parts, frontend.portal.user(), &frontend.situation).await?;
        Ok((frontend, overview))
    }

    /// Opens portal and desk and shows a ticket with one page of its messages. [`Conversation::earlier`] and
    /// [`Conversation::later`] are the neighbouring pages. Supporters see all tickets from the side of the desk, except their
    /// own, which they see as its customer (D-05).
    ///
    /// # Errors
    /// [`Error::SignIn`] for a guest, [`Error::NotFound`], [`Error::Denied`] below level *Read*, [`Error::Unavailable`].
    pub async fn show(
        &self,
        visitor: &Visitor,
        number: TicketNumber,
        page: impl Into<MessagePage> + Send,
    ) -> Result<(Frontend, Conversation), Error> {
        let (page, limits, now) = (page.into(), *self.limits(), self.now());
        let people = |rows: &conversation::ConversationRows| rows.people().cloned().collect();
        let (frontend, rows) = self
            .enter_and_read(
                visitor,
                people,
                |_, _| true,
                |frontend| {
                    let (situation, user) = (frontend.situation.clone(), frontend.portal.user().clone());
                    Ok(move |unit: &mut dyn Unit| {
                        let viewer = situation.staff.viewer(&user);
                        let (ticket, side) = ticket_for(unit, viewer, number, Action::Read)?;
                        Ok(conversation::ConversationRows::load(unit, ticket, side, &user.id, page, &limits, now)?)
                    })
                },
            )
            .await?;
        let conversation = rows.shown(&self.parts, &frontend.situation, frontend.viewer()).await?;
        Ok((frontend, conversation))
    }

    /// Checks access and reads the rows in one unit, with one question to the host, if the cached settings are still
    /// current. The read then relies on the cache and on the host's description of the visitor. Its result is used only if
    /// the host's later answer agrees; otherwise, and after a refusal, everything is loaded and read again. A lagging
    /// replica may return slightly older data; see decisions 0014 and 0015. `agrees` says whether what was presumed and what
    /// is known are the same for this read.
    async fn enter_and_read<T, Work>(
        &self,
        visitor: &Visitor,
        named: impl Fn(&T) -> Vec<UserId>,
        agrees: impl Fn(&Frontend, &Frontend) -> bool,
        prepare: impl Fn(&Frontend) -> Result<Work, Error>,
    ) -> Result<(Frontend, T), Error>
    where
        T: Send + 'static,
        Work: FnMut(&mut dyn Unit) -> Result<T, Error> + Send + 'static,
    {
        let (user, storage) = (self.signed_in(visitor)?, self.storage());
        if let Some(cached) = self.parts.cached() {
            let presumed = Frontend::of(&self.parts, user, Situation::presumed(&self.parts, cached.clone(), user));
            if let Ok(mut read) = prepare(&presumed) {
                let before = cached.clone();
                let work = move |unit: &mut dyn Unit| match before.is_current(unit)? {
                    true => read(unit).map(Some),
                    false => Ok(None),
                };
                if let Ok(Some(value)) = storage.run_read_stale(work).await {
                    let situation = Situation::of(&self.parts, cached, user, named(&value)).await?;
                    let frontend = Frontend::of(&self.parts, user, situation);
                    if frontend.desk.is_some() == presumed.desk.is_some() && agrees(&presumed, &frontend) {
                        return Ok((frontend, value));
                    }
                }
            }
        }
        let frontend = self.enter(visitor).await?;
        let value = storage.run_read_stale(prepare(&frontend)?).await?;
        Ok((frontend, value))
    }
}
