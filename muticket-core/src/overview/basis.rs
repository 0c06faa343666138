//! What a list begins with, before the visitor's own filters: nothing, or a view (T-12).

use std::collections::BTreeSet;

use strum::VariantArray;

use crate::id::SavedViewId;
use crate::saved_view::SavedView;

/// What a list begins with.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Basis {
    /// Nothing: the filter says everything itself.
    #[default]
    Nothing,
    /// The view that the supporter opens first, if they chose one. The filter is the default one.
    First,
    /// A saved view that is yet to be read.
    Asked {
        /// The view.
        view: SavedViewId,
        /// The parts that the filter states itself. The others will be those of the view.
        stated: BTreeSet<FilterPart>,
    },
    /// A saved view as it was read. The filter has all parts.
    Saved(Box<SavedView>),
}

/// A part of a filter that a saved view has and a visitor may state otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, VariantArray)]
#[expect(missing_docs, reason = "the fields of Filter and DeskFilter")]
pub enum FilterPart {
    State,
    Waiting,
    Category,
    Customer,
    Assignee,
    Priority,
    Label,
    Search,
    /// The sort key and the order.
    Order,
    /// Whether the rows show texts.
    Text,
}

impl FilterPart {
    /// All parts.
    pub const ALL: &'static [Self] = Self::VARIANTS;
}
