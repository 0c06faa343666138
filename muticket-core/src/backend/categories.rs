//! The categories that MuTicket keeps itself (D-08).

use std::collections::BTreeSet;

use crate::backend::Backend;
use crate::category::{Category, parse_name, sort_by_name};
use crate::characters::is_blank;
use crate::error::{Error, Field, Problem, Problems, Refusal};
use crate::id::CategoryId;
use crate::language::Language;
use crate::storage::{KeptCategory, StorageError, Unit};

/// The names of a category as they were typed, one for each language. An empty one is left out; all empty, or two for one language, is
/// refused.
#[derive(Debug, Clone, Default)]
pub struct CategoryNames(pub Vec<(Language, String)>);

impl CategoryNames {
    fn parse(&self) -> Result<Vec<(Language, String)>, Error> {
        let mut problems = Problems::default();
        let mut names: Vec<(Language, String)> = Vec::new();
        for (language, typed) in &self.0 {
            if is_blank(typed) {
                continue;
            }
            let taken = names.iter().any(|(named, _)| named == language);
            let name = if taken { Err(Problem::Taken) } else { parse_name(typed) };
            let name = problems.check(Field::Name(language.to_string()), name);
            names.extend(name.map(|name| (language.clone(), name)));
        }
        if self.0.iter().all(|(_, typed)| is_blank(typed)) {
            let first = self.0.first().map_or_else(String::new, |(language, _)| language.to_string());
            problems.note(Field::Name(first), Problem::Empty);
        }
        problems.none()?;
        Ok(names)
    }
}

/// People choose by the name, so no two categories that can be chosen look alike.
fn has_names_of_its_own(unit: &mut dyn Unit, category: &Category) -> Result<(), Error> {
    let mut alike = BTreeSet::new();
    for other in unit.categories().list()?.into_iter().filter(|other| !other.retired && other.category.id != category.id) {
        alike.extend(category.names_like(&other.category));
    }
    let mut problems = Problems::default();
    alike.iter().for_each(|language| problems.note(Field::Name(language.to_string()), Problem::Taken));
    problems.none()
}

impl Backend {
    /// Whether MuTicket keeps the categories itself; if not, the host does, and there is nothing to edit here.
    pub fn keeps_categories(&self) -> bool {
        self.helpdesk.category_source().is_none()
    }

    /// The categories one can choose, [by name](crate::category::sort_by_name) in the administrator's
    /// language if the host says it, else in English.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::Unavailable`].
    pub async fn categories(&self) -> Result<Vec<Category>, Error> {
        self.own_categories()?;
        let kept = self.helpdesk.parts.storage.run_read(|unit| unit.categories().list()).await.map_err(Error::from)?;
        let mut categories: Vec<_> = kept.into_iter().filter(|kept| !kept.retired).map(|kept| kept.category).collect();
        sort_by_name(&mut categories, self.user.language.as_ref().unwrap_or(&Language::english()));
        Ok(categories)
    }

    /// Adds a category. With the first one, categories become active.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::Invalid`] for names; [`Error::Unavailable`].
    pub async fn add_category(&self, names: &CategoryNames) -> Result<Category, Error> {
        self.own_categories()?;
        let parts = &self.helpdesk.parts;
        let id = CategoryId::new(parts.ids.next().to_string());
        let kept = KeptCategory { category: Category { id, names: names.parse()? }, retired: false };
        let category = kept.category.clone();
        let work = move |unit: &mut dyn Unit| {
            has_names_of_its_own(unit, &kept.category)?;
            Ok::<_, Error>(unit.categories().insert(&kept)?)
        };
        parts.storage.run_write(work).await?;
        Ok(category)
    }

    /// Gives a category other names.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::NotFound`]; [`Error::Invalid`] for names; [`Error::Unavailable`].
    pub async fn rename_category(&self, id: CategoryId, names: &CategoryNames) -> Result<(), Error> {
        let names = names.parse()?;
        self.change_category(id, move |kept| kept.category.names.clone_from(&names)).await
    }

    /// Removes a category: nobody can choose it any more. Tickets that have it keep it, and show its name.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn remove_category(&self, id: CategoryId) -> Result<(), Error> {
        self.change_category(id, |kept| kept.retired = true).await
    }

    async fn change_category(
        &self,
        id: CategoryId,
        mut change: impl FnMut(&mut KeptCategory) + Send + 'static,
    ) -> Result<(), Error> {
        self.own_categories()?;
        let work = move |unit: &mut dyn Unit| {
            let found = unit.categories().find(&id)?;
            let mut kept = found.filter(|kept| !kept.retired).ok_or(Error::NotFound)?;
            change(&mut kept);
            if !kept.retired {
                has_names_of_its_own(unit, &kept.category)?;
            }
            match unit.categories().update(&kept) {
                Ok(true) => Ok(()),
                Ok(false) | Err(StorageError::Duplicate) => Err(Error::NotFound),
                Err(error) => Err(error.into()),
            }
        };
        self.helpdesk.parts.storage.run_write(work).await
    }

    fn own_categories(&self) -> Result<(), Error> {
        if self.keeps_categories() { Ok(()) } else { Err(Refusal::CategoriesOfTheHost.into()) }
    }
}
