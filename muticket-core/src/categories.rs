//! The categories of a site, in the order in which people see them (D-08, D-17).

use std::collections::HashMap;

use crate::category::{Category, sort_by_name, sort_by_name_of};
use crate::id::CategoryId;
use crate::language::Language;
use crate::storage::StoredCategory;

/// The current categories, and the removed ones that old tickets still have.
#[derive(Debug, Clone, Default)]
pub struct Categories {
    /// The categories to choose from. If empty, categories are not active.
    active: Vec<Category>,
    /// Removed categories, for their names.
    retired: Vec<Category>,
    /// Whether the host or an administrator determined the order.
    arranged: bool,
}

impl Categories {
    pub(crate) fn of_host(active: Vec<Category>) -> Self {
        Self { active, retired: Vec::new(), arranged: true }
    }

    /// The categories that MuTicket stores, in the administrator's order if there is one.
    pub(crate) fn kept(mut kept: Vec<StoredCategory>, order: &[CategoryId]) -> Self {
        put_in_order(&mut kept, order);
        let (retired, active): (Vec<_>, Vec<_>) = kept.into_iter().partition(|kept| kept.retired);
        let categories = |kept: Vec<StoredCategory>| kept.into_iter().map(|kept| kept.category).collect();
        Self { active: categories(active), retired: categories(retired), arranged: !order.is_empty() }
    }

    /// The categories to choose from. If empty, categories are not active.
    pub fn active(&self) -> &[Category] {
        &self.active
    }

    /// The categories to choose from, in the order of forms and filters (D-17): that of the host or of an administrator,
    /// otherwise sorted [by name](sort_by_name).
    pub fn in_order(&self, language: &Language) -> Vec<Category> {
        let mut categories = self.active.clone();
        if !self.arranged {
            sort_by_name(&mut categories, language);
        }
        categories
    }

    /// Whether the host or an administrator determined the order. Otherwise the categories are sorted by name.
    pub fn are_arranged(&self) -> bool {
        self.arranged
    }

    /// Finds a category by its id, also a removed one.
    pub fn find(&self, id: &CategoryId) -> Option<&Category> {
        self.active.iter().chain(&self.retired).find(|category| category.id == *id)
    }

    pub(crate) fn is_active(&self, id: &CategoryId) -> bool {
        self.active.iter().any(|category| category.id == *id)
    }
}

/// Sorts categories, which come oldest first, in the administrator's order. Categories without a place in it are last.
fn put_in_order(kept: &mut [StoredCategory], order: &[CategoryId]) {
    let places: HashMap<_, _> = order.iter().enumerate().map(|(place, id)| (id, place)).collect();
    kept.sort_by_key(|kept| places.get(&kept.category.id).copied().unwrap_or(usize::MAX));
}

/// All categories, including removed ones, in the order that readers of the language see.
pub(crate) fn all_in_order(mut kept: Vec<StoredCategory>, order: &[CategoryId], language: &Language) -> Vec<StoredCategory> {
    if order.is_empty() {
        sort_by_name_of(&mut kept, language, |kept| &kept.category);
    } else {
        put_in_order(&mut kept, order);
    }
    kept
}
