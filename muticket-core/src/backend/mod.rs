//! The administrators' door: settings, supporters, categories, labels, mail in both directions, and the deletion of tickets. Tickets are
//! not answered or closed here.

mod answers;
mod categories;
mod delete;
#[cfg(feature = "mailroom")]
mod incoming;
mod labels;
mod mail;
mod open_tickets;
#[cfg(feature = "mailroom")]
mod received;
mod saved;
#[cfg(feature = "mailroom")]
mod senders;
mod settings;
mod statistics;
mod supporters;

use std::sync::{Arc, Mutex, PoisonError};

use crate::configuration::Configuration;
use crate::error::Error;
use crate::id::UserId;
use crate::parts::Parts;
use crate::settings::Settings;
use crate::situation::Situation;
use crate::storage::Unit;
use crate::time_zone::TimeZone;
use crate::user::User;

pub use crate::backend::answers::{AnswerFilter, AnswerList, Answers};
pub use crate::backend::categories::{CategoryNames, MoveDirection};
#[cfg(feature = "mailroom")]
pub use crate::backend::incoming::Taken;
pub use crate::backend::labels::{LabelEdit, LabelReport};
pub use crate::backend::mail::{MailReport, UndeliverableUser, Undelivered};
pub use crate::backend::open_tickets::OpenTickets;
#[cfg(feature = "mailroom")]
pub use crate::backend::received::Received;
#[cfg(feature = "mailroom")]
pub use crate::backend::senders::{Assignment, Senders};
pub use crate::backend::settings::{NewSettings, SettingsReport};
pub use crate::backend::statistics::Statistics;
pub use crate::backend::supporters::{SupporterEdit, SupporterReport, Team};

/// The actions of an administrator. Opened for one request by [`Helpdesk::backend`](crate::Helpdesk::backend).
#[derive(Debug, Clone)]
pub struct Backend {
    parts: Arc<Parts>,
    user: User,
    /// The alerts as the last page was read; `None` after they were taken.
    alerts: Arc<Mutex<Option<Alerts>>>,
}

/// What every backend page warns about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alerts {
    /// Whether support is active.
    pub support_active: bool,
    /// The number of letters that are held because the database seems to come from a backup (P-34).
    pub held_letters: u64,
}

/// How current the data of a page must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Freshness {
    /// Forms, and what was just changed.
    Current,
    /// A replica may answer.
    Stale,
}

impl Backend {
    pub(crate) fn new(parts: Arc<Parts>, user: User) -> Self {
        Self { parts, user, alerts: Arc::default() }
    }

    /// The warnings of every backend page. They were read together with this door's last page; without one, they are read now.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn alerts(&self) -> Result<Alerts, Error> {
        let read = self.alerts.lock().unwrap_or_else(PoisonError::into_inner).take();
        match read {
            Some(alerts) => Ok(alerts),
            None => {
                let (_, situation, held_letters) = self.read_all(Freshness::Current, |_, _| Ok(()), |()| Vec::new()).await?;
                Ok(Alerts { support_active: situation.staff.support_is_active(), held_letters })
            }
        }
    }

    /// Reads a page in one unit, with the configuration and the alerts, and asks the host once, also about the users that
    /// `named` returns.
    async fn read<T: Send + 'static>(
        &self,
        freshness: Freshness,
        work: impl FnMut(&mut dyn Unit, &Settings) -> Result<T, Error> + Send + 'static,
        named: impl FnOnce(&T) -> Vec<UserId>,
    ) -> Result<(T, Situation), Error> {
        let (value, situation, held_letters) = self.read_all(freshness, work, named).await?;
        let alerts = Alerts { support_active: situation.staff.support_is_active(), held_letters };
        *self.alerts.lock().unwrap_or_else(PoisonError::into_inner) = Some(alerts);
        Ok((value, situation))
    }

    async fn read_all<T: Send + 'static>(
        &self,
        freshness: Freshness,
        mut work: impl FnMut(&mut dyn Unit, &Settings) -> Result<T, Error> + Send + 'static,
        named: impl FnOnce(&T) -> Vec<UserId>,
    ) -> Result<(T, Situation, u64), Error> {
        let (before, ours) = (self.parts.cached(), self.parts.categories.is_none());
        let work = move |unit: &mut dyn Unit| {
            let read = Configuration::read(unit, before.as_ref(), ours)?;
            let configuration = match &before {
                // A replica may be older than what is known.
                Some(before) if freshness == Freshness::Stale && read.revision < before.revision => before.clone(),
                _ => read,
            };
            // Damaged rows of the configuration are not those of the page.
            unit.damages().take_damages();
            let held = unit.outbox().held()?;
            Ok::<_, Error>((work(unit, &configuration.settings)?, configuration, held))
        };
        let (value, configuration, held) = match freshness {
            Freshness::Current => self.parts.storage.run_read(work).await?,
            Freshness::Stale => self.parts.storage.run_read_stale(work).await?,
        };
        self.parts.cache(configuration.clone());
        let situation = Situation::of(&self.parts, configuration, &self.user, named(&value)).await?;
        Ok((value, situation, held))
    }
}

/// The site's time zone, in which statistics count days and months (D-17).
fn time_zone(parts: &Parts, settings: &Settings) -> TimeZone {
    settings.time_zone.unwrap_or(parts.time_zone)
}
