//! Saved answers, their texts and their uses.

use std::collections::BTreeSet;

use diesel::prelude::*;
use muticket_core::id::{CategoryId, LabelId, SavedAnswerId, UserId};
use muticket_core::language::Language;
use muticket_core::saved_answer::{Actions, Assign, ListedAnswer, SavedAnswer};
use muticket_core::storage::{SavedAnswerStore, StorageError};
use muticket_core::ticket::{Body, Priority};

use super::values::{Column, MaybeInvalid};
use super::{Db, DieselUnit, Key, insert};
use crate::schema::{saved_answer, saved_text, saved_use};

const TABLE: &str = "muticket_saved_answer";
const TEXT: &str = "muticket_saved_text";
const USE: &str = "muticket_saved_use";

#[derive(Queryable, Selectable)]
#[diesel(table_name = saved_answer, check_for_backend(Db))]
struct SavedRow {
    id: MaybeInvalid<Key>,
    owner: Option<MaybeInvalid<String>>,
    title: MaybeInvalid<String>,
    categories: MaybeInvalid<String>,
    closes: bool,
    takes: bool,
    assignee: Option<MaybeInvalid<String>>,
    priority: Option<i64>,
    moves_to: Option<MaybeInvalid<String>>,
    labels: MaybeInvalid<String>,
}

impl SavedRow {
    fn read(self, uses: Option<i64>) -> Result<ListedAnswer, StorageError> {
        let column = |name| Column(TABLE, name);
        let user = |name, text: MaybeInvalid<String>| column(name).string(text).map(UserId::new);
        let priority = |rank: i64| column("priority").read(u8::try_from(rank).ok().and_then(Priority::from_rank), rank);
        let label = |line: &str| column("labels").read(line.parse().ok(), line);
        let assignee = self.assignee.map(|text| user("assignee", text)).transpose()?;
        Ok(ListedAnswer {
            id: SavedAnswerId(column("id").valid(&self.id)?.0),
            owner: self.owner.map(|text| user("owner", text)).transpose()?,
            title: column("title").string(self.title)?,
            categories: column("categories").text(&self.categories)?.lines().map(CategoryId::new).collect(),
            actions: Actions {
                close: self.closes,
                assign: if self.takes { Some(Assign::Sender) } else { assignee.map(Assign::To) },
                priority: self.priority.map(priority).transpose()?,
                category: self.moves_to.map(|text| column("moves_to").string(text)).transpose()?.map(CategoryId::new),
                labels: column("labels").text(&self.labels)?.lines().map(label).collect::<Result<_, _>>()?,
            },
            uses: Column(USE, "uses").count(uses.unwrap_or_default())?,
        })
    }
}

/// The categories, one on each line. No id contains a line feed: see [`CategoryId::check`].
fn lines_of(categories: &BTreeSet<CategoryId>) -> String {
    categories.iter().map(CategoryId::as_str).collect::<Vec<_>>().join("\n")
}

/// The labels, one on each line.
fn lines_of_labels(labels: &BTreeSet<LabelId>) -> String {
    labels.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// The columns that an update may change.
macro_rules! columns {
    ($answer:expr) => {
        (
            saved_answer::title.eq($answer.title.as_str()),
            saved_answer::categories.eq(lines_of(&$answer.categories)),
            saved_answer::closes.eq($answer.actions.close),
            saved_answer::takes.eq($answer.actions.assign == Some(Assign::Sender)),
            saved_answer::assignee.eq(match &$answer.actions.assign {
                Some(Assign::To(user)) => Some(user.as_str()),
                Some(Assign::Sender) | None => None,
            }),
            saved_answer::priority.eq($answer.actions.priority.map(|priority| i64::from(priority.rank()))),
            saved_answer::moves_to.eq($answer.actions.category.as_ref().map(CategoryId::as_str)),
            saved_answer::labels.eq(lines_of_labels(&$answer.actions.labels)),
        )
    };
}

impl DieselUnit<'_> {
    fn insert_texts(&mut self, answer: &SavedAnswer) -> Result<(), StorageError> {
        if answer.texts.is_empty() {
            return Ok(());
        }
        let row = |(position, (language, body)): (i64, &(Language, Body))| {
            (
                saved_text::answer.eq(Key(answer.id.0)),
                saved_text::position.eq(position),
                saved_text::language.eq(language.as_str().to_owned()),
                saved_text::body.eq(body.as_str().to_owned()),
            )
        };
        let rows: Vec<_> = (1..).zip(&answer.texts).map(row).collect();
        let insert = diesel::insert_into(saved_text::table).values(rows);
        self.change(TEXT, |conn| insert.execute(conn))?;
        Ok(())
    }

    fn texts(&mut self, id: SavedAnswerId) -> Result<Vec<(Language, Body)>, StorageError> {
        let query = saved_text::table
            .filter(saved_text::answer.eq(Key(id.0)))
            .order(saved_text::position)
            .select((saved_text::language, saved_text::body));
        let rows: Vec<(MaybeInvalid<String>, MaybeInvalid<String>)> = self.run(TEXT, |conn| query.load(conn))?;
        let read = |(language, body): (MaybeInvalid<String>, MaybeInvalid<String>)| {
            let language = Column(TEXT, "language").parsed(&language, Language::parse)?;
            let body = Column(TEXT, "body").read(body.ok().and_then(Body::from_stored), id)?;
            Ok((language, body))
        };
        // A damaged text must not take the others along.
        Ok(rows.into_iter().filter_map(|row| self.ok_or_note(TEXT, read(row))).collect())
    }
}

impl SavedAnswerStore for DieselUnit<'_> {
    fn insert(&mut self, answer: &SavedAnswer) -> Result<(), StorageError> {
        let owner = saved_answer::owner.eq(answer.owner.as_ref().map(UserId::as_str));
        let new =
            diesel::insert_into(saved_answer::table).values((saved_answer::id.eq(Key(answer.id.0)), owner, columns!(answer)));
        self.try_to_change(TABLE, |conn| insert(conn, new))?;
        self.insert_texts(answer)
    }

    fn update(&mut self, answer: &SavedAnswer) -> Result<bool, StorageError> {
        let update = diesel::update(saved_answer::table.find(Key(answer.id.0))).set(columns!(answer));
        if self.change(TABLE, |conn| update.execute(conn))? == 0 {
            return Ok(false);
        }
        let old = saved_text::table.filter(saved_text::answer.eq(Key(answer.id.0)));
        self.change(TEXT, |conn| diesel::delete(old).execute(conn))?;
        self.insert_texts(answer)?;
        Ok(true)
    }

    fn delete(&mut self, id: SavedAnswerId) -> Result<bool, StorageError> {
        let stored = saved_answer::table.find(Key(id.0));
        Ok(self.change(TABLE, |conn| diesel::delete(stored).execute(conn))? > 0)
    }

    fn find(&mut self, id: SavedAnswerId) -> Result<Option<SavedAnswer>, StorageError> {
        let query = saved_answer::table.find(Key(id.0)).select(SavedRow::as_select());
        let Some(row) = self.run(TABLE, |conn| query.get_result(conn).optional())? else { return Ok(None) };
        let ListedAnswer { owner, title, categories, actions, .. } = row.read(None)?;
        Ok(Some(SavedAnswer { id, owner, title, texts: self.texts(id)?, categories, actions }))
    }

    fn list(&mut self, user: Option<&UserId>) -> Result<Vec<ListedAnswer>, StorageError> {
        let user = user.map(UserId::as_str);
        let of_answer = saved_use::answer.eq(saved_answer::id).and(saved_use::user_id.nullable().eq(user));
        let query = saved_answer::table
            .left_join(saved_use::table.on(of_answer))
            .filter(saved_answer::owner.is_null().or(saved_answer::owner.eq(user)))
            .order(saved_answer::id)
            .select((SavedRow::as_select(), saved_use::uses.nullable()));
        let rows: Vec<(SavedRow, Option<i64>)> = self.run(TABLE, |conn| query.load(conn))?;
        Ok(rows.into_iter().filter_map(|(row, uses)| self.ok_or_note(TABLE, row.read(uses))).collect())
    }

    fn count_use(&mut self, id: SavedAnswerId, user: &UserId) -> Result<(), StorageError> {
        let stored = saved_use::table.find((Key(id.0), user.as_str()));
        let count = diesel::update(stored).set(saved_use::uses.eq(saved_use::uses + 1));
        if self.change(USE, |conn| count.execute(conn))? > 0 {
            return Ok(());
        }
        let first = (saved_use::answer.eq(Key(id.0)), saved_use::user_id.eq(user.as_str()), saved_use::uses.eq(1));
        let insert = diesel::insert_into(saved_use::table).values(first);
        self.change(USE, |conn| insert.execute(conn))?;
        Ok(())
    }
}
