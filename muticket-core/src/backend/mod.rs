//! The administrators' door: settings, supporters, categories, undelivered mail, and the deletion of tickets. Tickets are
//! not answered or closed here.

mod answers;
mod categories;
mod delete;
mod mail;
mod settings;
mod statistics;
mod supporters;

use std::sync::Arc;

use crate::parts::Parts;
use crate::situation::Situation;
use crate::time_zone::TimeZone;
use crate::user::User;

pub use crate::backend::answers::{AnswerList, Answers, Behind};
pub use crate::backend::categories::{CategoryNames, Way};
pub use crate::backend::mail::{MailReport, Undelivered};
pub use crate::backend::settings::{NewSettings, SettingsReport};
pub use crate::backend::statistics::Statistics;
pub use crate::backend::supporters::{SupporterEdit, SupporterReport, Team};

/// The actions of an administrator. Opened for one request by [`Helpdesk::backend`](crate::Helpdesk::backend).
#[derive(Debug, Clone)]
pub struct Backend {
    parts: Arc<Parts>,
    user: User,
}

impl Backend {
    pub(crate) fn new(parts: Arc<Parts>, user: User) -> Self {
        Self { parts, user }
    }

    /// The site's time zone, in which statistics count days and months (D-17).
    fn time_zone(&self, situation: &Situation) -> TimeZone {
        situation.settings.time_zone.unwrap_or(self.parts.time_zone)
    }

    /// Whether support is active. Every backend page shows when it is not.
    ///
    /// # Errors
    /// [`Error::Unavailable`](crate::Error::Unavailable).
    pub async fn support_is_active(&self) -> Result<bool, crate::Error> {
        Ok(Situation::load(&self.parts, &self.user).await?.staff.support_is_active())
    }
}
