//! The conditions of a view that are in tables beside the ticket: its search and its label.
//!
//! A label leads to its tickets, or is looked up for each ticket of a list, as the words of a search do. See `words`.

use std::collections::BTreeSet;

use diesel::expression::{AppearsOnTable, Expression, ValidGrouping, is_aggregate};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use muticket_core::id::LabelId;
use muticket_core::storage::{StorageError, View};

use super::values::Column;
use super::words::{COMMON, SearchPlan};
use super::{COMPOSED, Db, DieselUnit, Key};
use crate::dialect::UuidColumn;
use crate::fragment::{Counted, CountedEach, WithLimit};
use crate::schema::{ticket, ticket_label};

const TABLE: &str = "muticket_ticket_label";

/// The conditions, in the form that is fastest for them. There is at least one.
pub(super) struct Conditions {
    search: Option<SearchPlan>,
    label: Option<LabelPlan>,
}

/// The condition that a ticket has a label.
struct LabelPlan {
    label: Key,
    /// Whether few tickets have it. They are then looked up by it.
    rare: bool,
}

impl Conditions {
    /// Whether few tickets can match. Then following an index over all tickets would be slower.
    pub(super) fn is_selective(&self) -> bool {
        self.search.as_ref().is_some_and(SearchPlan::is_selective) || self.label.as_ref().is_some_and(|label| label.rare)
    }
}

impl DieselUnit<'_> {
    /// Plans the conditions of a view; `None` if it has none.
    pub(super) fn conditions(&mut self, view: &View) -> Result<Option<Conditions>, StorageError> {
        let rare = self.rare_labels(view.label)?;
        self.conditions_with(view, &rare)
    }

    /// Plans the conditions of a view whose label, if few tickets have it, is among the `rare` ones.
    pub(super) fn conditions_with(&mut self, view: &View, rare: &BTreeSet<LabelId>) -> Result<Option<Conditions>, StorageError> {
        let search = view.search.as_ref().map(|search| self.plan_search(search)).transpose()?;
        let label = view.label.map(|label| LabelPlan { label: Key(label.0), rare: rare.contains(&label) });
        let is_bare = search.is_none() && label.is_none();
        Ok((!is_bare).then_some(Conditions { search, label }))
    }

    /// Finds the labels that few tickets have. Counts the tickets of all labels up to a bound, in one statement.
    pub(super) fn rare_labels(&mut self, labels: impl IntoIterator<Item = LabelId>) -> Result<BTreeSet<LabelId>, StorageError> {
        let labels: BTreeSet<LabelId> = labels.into_iter().collect();
        let numbered: Vec<(i64, LabelId)> = (0..).zip(labels).collect();
        let mut rare = BTreeSet::new();
        for some in numbered.chunks(COMPOSED) {
            let count = |(place, label): &(i64, LabelId)| {
                let on = ticket_label::table.filter(ticket_label::label.eq(Key(label.0))).select(ticket_label::ticket);
                (*place, Counted(WithLimit(on, COMMON)))
            };
            let statement = CountedEach(some.iter().map(count).collect());
            let rows: Vec<(i64, i64)> = self.run(TABLE, |conn| statement.load(conn))?;
            for (place, number) in rows {
                let is_rare = Column(TABLE, "count").count(number)? < COMMON;
                let label = usize::try_from(place).ok().and_then(|place| numbered.get(place));
                rare.extend(label.filter(|_| is_rare).map(|(_, label)| *label));
            }
        }
        Ok(rare)
    }
}

impl Expression for Conditions {
    type SqlType = Bool;
}

impl AppearsOnTable<ticket::table> for Conditions {}

impl ValidGrouping<()> for Conditions {
    type IsAggregate = is_aggregate::No;
}

impl QueryId for Conditions {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Db> for Conditions {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        if let Some(search) = &self.search {
            search.walk_ast(out.reborrow())?;
        }
        let Some(LabelPlan { label, rare }) = &self.label else { return Ok(()) };
        if self.search.is_some() {
            out.push_sql(" AND ");
        }
        out.push_sql(match rare {
            true => "muticket_ticket.number IN (SELECT ticket FROM muticket_ticket_label WHERE label = ",
            // In this form of the number no database begins with all tickets that have the label.
            false => {
                "EXISTS (SELECT 1 FROM muticket_ticket_label \
                 WHERE ticket = COALESCE(muticket_ticket.number, muticket_ticket.number) AND label = "
            }
        });
        out.push_bind_param::<UuidColumn, _>(label)?;
        out.push_sql(")");
        Ok(())
    }
}
