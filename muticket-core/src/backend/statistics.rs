//! What customers think of a supporter's answers (R-18, D-07).

use crate::backend::Backend;
use crate::backend::supporters::{SupporterReport, report};
use crate::error::Error;
use crate::id::SupporterId;
use crate::rating::Tally;
use crate::situation::{Categories, people};
use crate::storage::{RatedAnswer, Unit};

/// A supporter and the ratings of his answers.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Statistics {
    /// The supporter.
    pub supporter: SupporterReport,
    /// Whether ratings are on; if not, a page says so and shows no figures.
    pub ratings: bool,
    /// The figures.
    pub tally: Tally,
    /// The rated answers, the last rated first, at most [`Statistics::LATEST`].
    pub latest: Vec<RatedAnswer>,
    /// The categories, for their names.
    pub categories: Categories,
    /// Whether the administrator is a supporter too, and so can follow links to the tickets; the backend itself shows none.
    pub tickets_readable: bool,
}

impl Statistics {
    /// How many rated answers are listed.
    pub const LATEST: u32 = 50;
}

impl Backend {
    /// A supporter's statistics.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn statistics(&self, id: SupporterId) -> Result<Statistics, Error> {
        let situation = self.helpdesk.situation().await?;
        let work = move |unit: &mut dyn Unit| {
            let supporter = unit.supporters().find(id)?.ok_or(Error::NotFound)?;
            let tally = unit.ratings().tally(&supporter.user)?;
            let latest = unit.ratings().list_by_author(&supporter.user, Statistics::LATEST)?;
            Ok::<_, Error>((supporter, tally, latest))
        };
        let (supporter, tally, latest) = self.helpdesk.parts.storage.run_glance(work).await?;
        let users = people(&self.helpdesk, [&supporter.user].into_iter()).await?;
        Ok(Statistics {
            supporter: report(supporter, &users, &situation.settings),
            ratings: situation.settings.ratings,
            tally,
            latest,
            tickets_readable: situation.staff.contains(&self.user.id),
            categories: situation.categories,
        })
    }
}
