//! Saved views, and the view that each supporter opens first.

use diesel::prelude::*;
use muticket_core::id::{CategoryId, LabelId, SavedViewId, UserId};
use muticket_core::overview::AssigneeFilter;
use muticket_core::saved_view::{FirstView, SavedView, ViewFilter, ViewName};
use muticket_core::search::Search;
use muticket_core::storage::{SavedViewStore, StorageError};
use muticket_core::ticket::{Priority, Waiting};

use super::values::{Column, MaybeInvalid};
use super::{Db, DieselUnit, Key, insert};
use crate::schema::{first_view, saved_view};

const TABLE: &str = "muticket_saved_view";
const FIRST: &str = "muticket_first_view";

/// The words of the column `assigned`.
const ME: &str = "me";
const NOBODY: &str = "nobody";
const USER: &str = "user";

#[derive(Queryable, Selectable)]
#[diesel(table_name = saved_view, check_for_backend(Db))]
struct ViewRow {
    id: MaybeInvalid<Key>,
    owner: Option<MaybeInvalid<String>>,
    name: MaybeInvalid<String>,
    state: MaybeInvalid<String>,
    ready: Option<MaybeInvalid<String>>,
    waiting: Option<MaybeInvalid<String>>,
    category: Option<MaybeInvalid<String>>,
    customer: Option<MaybeInvalid<String>>,
    assigned: Option<MaybeInvalid<String>>,
    assignee: Option<MaybeInvalid<String>>,
    priority: Option<i64>,
    label: Option<MaybeInvalid<Key>>,
    search: Option<MaybeInvalid<String>>,
    sort: MaybeInvalid<String>,
    direction: MaybeInvalid<String>,
    texts: bool,
}

impl ViewRow {
    fn read(self) -> Result<SavedView, StorageError> {
        let column = |name| Column(TABLE, name);
        let user = |name, text: Option<MaybeInvalid<String>>| text.map(|text| column(name).string(text)).transpose();
        let id = SavedViewId(column("id").valid(&self.id)?.0);
        let assigned = self.assigned.as_ref().map(|word| column("assigned").text(word)).transpose()?;
        let assignee = match (assigned, user("assignee", self.assignee)?) {
            (None, _) => None,
            (Some(ME), _) => Some(AssigneeFilter::Me),
            (Some(NOBODY), _) => Some(AssigneeFilter::Nobody),
            (Some(USER), Some(user)) => Some(AssigneeFilter::User(UserId::new(user))),
            (Some(other), _) => return Err(column("assigned").corrupt(other)),
        };
        let priority = |rank: i64| column("priority").read(u8::try_from(rank).ok().and_then(Priority::from_rank), rank);
        let filter = ViewFilter {
            state: column("state").word(&self.state)?,
            view: self.ready.as_ref().map(|word| column("ready").word(word)).transpose()?,
            waiting: self.waiting.as_ref().map(|word| column("waiting").word(word)).transpose()?,
            category: user("category", self.category)?.map(CategoryId::new),
            customer: user("customer", self.customer)?.map(UserId::new),
            assignee,
            priority: self.priority.map(priority).transpose()?,
            label: self.label.as_ref().map(|label| column("label").valid(label)).transpose()?.map(|key| LabelId(key.0)),
            search: self.search.as_ref().map(|text| column("search").parsed(text, Search::parse)).transpose()?,
            sort: column("sort").word(&self.sort)?,
            order: column("direction").word(&self.direction)?,
            texts: self.texts,
        };
        let name = column("name").read(self.name.ok().and_then(ViewName::from_stored), id)?;
        Ok(SavedView { id, owner: user("owner", self.owner)?.map(UserId::new), name, filter })
    }
}

/// The columns that an update may change.
macro_rules! columns {
    ($view:expr, $assigned:expr) => {
        (
            saved_view::owner.eq($view.owner.as_ref().map(UserId::as_str)),
            saved_view::name.eq($view.name.as_str()),
            saved_view::state.eq($view.filter.state.as_str()),
            saved_view::ready.eq($view.filter.view.map(|view| view.as_str())),
            saved_view::waiting.eq($view.filter.waiting.map(Waiting::as_str)),
            saved_view::category.eq($view.filter.category.as_ref().map(CategoryId::as_str)),
            saved_view::customer.eq($view.filter.customer.as_ref().map(UserId::as_str)),
            saved_view::assigned.eq($assigned.0),
            saved_view::assignee.eq($assigned.1),
            saved_view::priority.eq($view.filter.priority.map(|priority| i64::from(priority.rank()))),
            saved_view::label.eq($view.filter.label.map(|label| Key(label.0))),
            saved_view::search.eq($view.filter.search.as_ref().map(Search::as_str)),
            saved_view::sort.eq($view.filter.sort.as_str()),
            saved_view::direction.eq($view.filter.order.as_str()),
            saved_view::texts.eq($view.filter.texts),
        )
    };
}

/// The word of the column `assigned`, and the user.
fn assigned(view: &SavedView) -> (Option<&'static str>, Option<&str>) {
    match &view.filter.assignee {
        None => (None, None),
        Some(AssigneeFilter::Me) => (Some(ME), None),
        Some(AssigneeFilter::Nobody) => (Some(NOBODY), None),
        Some(AssigneeFilter::User(user)) => (Some(USER), Some(user.as_str())),
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = first_view, check_for_backend(Db))]
struct FirstRow {
    ready: Option<MaybeInvalid<String>>,
    saved: Option<MaybeInvalid<Key>>,
}

impl FirstRow {
    fn read(self) -> Result<FirstView, StorageError> {
        let column = |name| Column(FIRST, name);
        match (self.ready, self.saved) {
            (Some(word), _) => Ok(FirstView::Ready(column("ready").word(&word)?)),
            (None, Some(id)) => Ok(FirstView::Saved(SavedViewId(column("saved").valid(&id)?.0))),
            (None, None) => Err(column("ready").corrupt("no view")),
        }
    }
}

impl SavedViewStore for DieselUnit<'_> {
    fn insert(&mut self, view: &SavedView) -> Result<(), StorageError> {
        let assigned = assigned(view);
        let new = diesel::insert_into(saved_view::table).values((saved_view::id.eq(Key(view.id.0)), columns!(view, assigned)));
        self.try_to_change(TABLE, |conn| insert(conn, new))?;
        Ok(())
    }

    fn update(&mut self, view: &SavedView) -> Result<bool, StorageError> {
        let assigned = assigned(view);
        let update = diesel::update(saved_view::table.find(Key(view.id.0))).set(columns!(view, assigned));
        Ok(self.change(TABLE, |conn| update.execute(conn))? > 0)
    }

    fn delete(&mut self, id: SavedViewId) -> Result<bool, StorageError> {
        // The foreign key deletes the choices of it.
        let stored = saved_view::table.find(Key(id.0));
        Ok(self.change(TABLE, |conn| diesel::delete(stored).execute(conn))? > 0)
    }

    fn find(&mut self, id: SavedViewId) -> Result<Option<SavedView>, StorageError> {
        let query = saved_view::table.find(Key(id.0)).select(ViewRow::as_select());
        let row: Option<ViewRow> = self.run(TABLE, |conn| query.get_result(conn).optional())?;
        row.map(ViewRow::read).transpose()
    }

    fn list(&mut self, user: &UserId) -> Result<Vec<SavedView>, StorageError> {
        let query = saved_view::table
            .filter(saved_view::owner.is_null().or(saved_view::owner.eq(user.as_str())))
            .order(saved_view::id)
            .select(ViewRow::as_select());
        let rows: Vec<ViewRow> = self.run(TABLE, |conn| query.load(conn))?;
        Ok(rows.into_iter().filter_map(|row| self.ok_or_note(TABLE, row.read())).collect())
    }

    fn first(&mut self, user: &UserId) -> Result<Option<FirstView>, StorageError> {
        let query = first_view::table.find(user.as_str()).select(FirstRow::as_select());
        let row: Option<FirstRow> = self.run(FIRST, |conn| query.get_result(conn).optional())?;
        Ok(row.and_then(|row| self.ok_or_note(FIRST, row.read())))
    }

    fn set_first(&mut self, user: &UserId, first: Option<FirstView>) -> Result<(), StorageError> {
        let stored = first_view::table.find(user.as_str());
        self.change(FIRST, |conn| diesel::delete(stored).execute(conn))?;
        let Some(first) = first else { return Ok(()) };
        let (ready, saved) = match first {
            FirstView::Ready(view) => (Some(view.as_str()), None),
            FirstView::Saved(id) => (None, Some(Key(id.0))),
        };
        let row = diesel::insert_into(first_view::table).values((
            first_view::user_id.eq(user.as_str()),
            first_view::ready.eq(ready),
            first_view::saved.eq(saved),
        ));
        self.try_to_refer(FIRST, |conn| insert(conn, row)).map_err(|error| match error {
            StorageError::Duplicate => StorageError::Busy("another unit has inserted the row meanwhile".into()),
            other => other,
        })?;
        Ok(())
    }
}
