//! The shared saved answers (T-08). Those of single supporters are not read here.

use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::SavedAnswerId;
use crate::language::Language;
use crate::saved_answer::{ListedAnswer, SavedAnswer};
use crate::saved_draft::{self, Around, NewSavedAnswer, SavedChoices, sort};
use crate::settings::Settings;
use crate::situation::Situation;
use crate::storage::Unit;

impl Backend {
    /// Lists the shared saved answers by title, and the values to choose from in their forms.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn saved_answers(&self) -> Result<(Vec<ListedAnswer>, SavedChoices), Error> {
        let work = |unit: &mut dyn Unit, _: &Settings| Ok(unit.saved_answers().list(None)?);
        let (mut answers, situation) = self.read(Freshness::Current, work, |_| Vec::new()).await?;
        sort(&mut answers, &self.user.language.clone().unwrap_or_else(Language::english));
        Ok((answers, Around::of(&situation).choices()))
    }

    /// Finds a shared saved answer.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for one of a single supporter; [`Error::Unavailable`].
    pub async fn saved_answer(&self, id: SavedAnswerId) -> Result<SavedAnswer, Error> {
        self.parts.storage.run_read(move |unit: &mut dyn Unit| shared(unit, id)).await
    }

    /// Adds a shared saved answer.
    ///
    /// # Errors
    /// [`Error::Invalid`], also if there are [too many](crate::MAX_SAVED_ANSWERS); [`Error::Unavailable`].
    pub async fn add_saved_answer(&self, new: NewSavedAnswer) -> Result<SavedAnswer, Error> {
        let situation = Situation::load(&self.parts, &self.user).await?;
        let id = SavedAnswerId(self.parts.ids.next());
        let work = move |unit: &mut dyn Unit| {
            let around = Around::of(&situation);
            saved_draft::add(unit, &new, (id, None), around)
        };
        self.parts.storage.run_write(work).await
    }

    /// Changes a shared saved answer.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for one of a single supporter; [`Error::Invalid`]; [`Error::Unavailable`].
    pub async fn edit_saved_answer(&self, id: SavedAnswerId, new: NewSavedAnswer) -> Result<SavedAnswer, Error> {
        let situation = Situation::load(&self.parts, &self.user).await?;
        let work = move |unit: &mut dyn Unit| {
            let before = shared(unit, id)?;
            saved_draft::edit(unit, &before, &new, Around::of(&situation))
        };
        self.parts.storage.run_write(work).await
    }

    /// Deletes a shared saved answer for all supporters.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for one of a single supporter; [`Error::Unavailable`].
    pub async fn delete_saved_answer(&self, id: SavedAnswerId) -> Result<(), Error> {
        let work = move |unit: &mut dyn Unit| {
            shared(unit, id)?;
            unit.saved_answers().delete(id)?;
            Ok::<_, Error>(())
        };
        self.parts.storage.run_write(work).await
    }
}

fn shared(unit: &mut dyn Unit, id: SavedAnswerId) -> Result<SavedAnswer, Error> {
    unit.saved_answers().find(id)?.filter(|answer| answer.owner.is_none()).ok_or(Error::NotFound)
}
