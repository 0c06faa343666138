//! The categories that MuTicket stores (D-08).

use std::collections::BTreeSet;

use crate::backend::{Backend, Freshness};
use crate::categories::{Categories, all_in_order};
use crate::category::{Category, parse_name};
use crate::characters::is_blank;
use crate::error::{Error, Problems};
use crate::id::CategoryId;
use crate::language::Language;
use crate::problem::{Field, Problem};
use crate::refusal::Refusal;
use crate::settings::Settings;
use crate::storage::{StorageError, StoredCategory, Unit};

/// The names of a category as the administrator typed them, one for each language. Empty names are skipped. It is an error
/// if all are empty, or if one language has two names.
#[derive(Debug, Clone, Default)]
pub struct CategoryNames(pub Vec<(Language, String)>);

/// The direction in which a category is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveDirection {
    /// Swaps places with the previous category.
    Up,
    /// Swaps places with the next category.
    Down,
}

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

/// Refuses names that look like those of another active category, because people choose categories by name.
fn has_names_of_its_own(unit: &mut dyn Unit, category: &Category) -> Result<(), Error> {
    // Until this unit ends, no other unit gets the order. So two people cannot give out one name at the same time.
    unit.categories().order()?;
    let mut alike = BTreeSet::new();
    for other in unit.categories().list()?.into_iter().filter(|other| !other.retired && other.category.id != category.id) {
        alike.extend(category.names_like(&other.category));
    }
    let mut problems = Problems::default();
    alike.iter().for_each(|language| problems.note(Field::Name(language.to_string()), Problem::Taken));
    problems.none()
}

impl Backend {
    /// Whether MuTicket stores the categories. If not, the host supplies them, and they cannot be edited here.
    pub fn keeps_categories(&self) -> bool {
        self.parts.categories.is_none()
    }

    /// Lists the categories, in the order of forms and filters.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::Unavailable`].
    pub async fn categories(&self) -> Result<Categories, Error> {
        self.own_categories()?;
        let work =
            |unit: &mut dyn Unit, _: &Settings| Ok(Categories::kept(unit.categories().list()?, &unit.categories().order()?));
        let (categories, _) = self.read(Freshness::Current, work, |_| Vec::new()).await?;
        Ok(categories)
    }

    /// Adds a category. The first one activates categories. In an arranged list the new category is last.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::Invalid`] for names; [`Error::Unavailable`].
    pub async fn add_category(&self, names: &CategoryNames) -> Result<Category, Error> {
        self.own_categories()?;
        let parts = &self.parts;
        let id = CategoryId::new(parts.ids.next().to_string());
        let kept = StoredCategory { category: Category { id, names: names.parse()? }, retired: false };
        let category = kept.category.clone();
        let work = move |unit: &mut dyn Unit| {
            has_names_of_its_own(unit, &kept.category)?;
            Ok::<_, Error>(unit.categories().insert(&kept)?)
        };
        parts.storage.run_write(work).await?;
        Ok(category)
    }

    /// Changes the names of a category.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::NotFound`]; [`Error::Invalid`] for names; [`Error::Unavailable`].
    pub async fn rename_category(&self, id: CategoryId, names: &CategoryNames) -> Result<(), Error> {
        let names = names.parse()?;
        self.change_category(id, move |kept| kept.category.names.clone_from(&names)).await
    }

    /// Removes a category: it can no longer be chosen. Tickets that have it keep it and show its name.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn remove_category(&self, id: CategoryId) -> Result<(), Error> {
        self.change_category(id, |kept| kept.retired = true).await
    }

    /// Moves a category one place up or down among the active ones, for all readers. If the categories were sorted by name,
    /// the order that readers of `language` saw becomes the arranged order. Moving the first one up or the last one down has
    /// no effect.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn move_category(&self, id: CategoryId, direction: MoveDirection, language: &Language) -> Result<(), Error> {
        self.own_categories()?;
        let language = language.clone();
        let work = move |unit: &mut dyn Unit| {
            // Read the order first: until this unit ends, no other unit can change it.
            let order = unit.categories().order()?;
            let kept = all_in_order(unit.categories().list()?, &order, &language);
            let shown: Vec<usize> = (0..kept.len()).filter(|place| !kept[*place].retired).collect();
            let from = shown.iter().position(|place| kept[*place].category.id == id).ok_or(Error::NotFound)?;
            let to = match direction {
                MoveDirection::Up => from.checked_sub(1),
                MoveDirection::Down => Some(from + 1),
            };
            let Some(neighbour) = to.and_then(|to| shown.get(to)) else { return Ok(()) };
            let mut order: Vec<_> = kept.into_iter().map(|kept| kept.category.id).collect();
            order.swap(shown[from], *neighbour);
            Ok::<_, Error>(unit.categories().arrange(&order)?)
        };
        self.parts.storage.run_write(work).await
    }

    /// Sorts the categories by name again, for each reader in their language.
    ///
    /// # Errors
    /// [`Refusal::CategoriesOfTheHost`]; [`Error::Unavailable`].
    pub async fn sort_categories_by_name(&self) -> Result<(), Error> {
        self.own_categories()?;
        let work = |unit: &mut dyn Unit| unit.categories().arrange(&[]);
        Ok(self.parts.storage.run_write::<_, StorageError, _>(work).await?)
    }

    async fn change_category(
        &self,
        id: CategoryId,
        mut change: impl FnMut(&mut StoredCategory) + Send + 'static,
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
        self.parts.storage.run_write(work).await
    }

    fn own_categories(&self) -> Result<(), Error> {
        if self.keeps_categories() { Ok(()) } else { Err(Refusal::CategoriesOfTheHost.into()) }
    }
}
