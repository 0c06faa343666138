//! The data that the backend manages, and the secrets.

use std::collections::BTreeSet;

use diesel::prelude::*;
use muticket_core::category::Category;
use muticket_core::id::{CategoryId, GroupId, SupporterId, UserId};
use muticket_core::language::Language;
use muticket_core::settings::Settings;
use muticket_core::storage::{CategoryStore, SecretStore, SettingsStore, StorageError, StoredCategory, SupporterStore};
use muticket_core::supporter::Supporter;
use muticket_core::time_zone::TimeZone;

use super::values::{Column, MaybeInvalid, column_of_size};
use super::{DieselUnit, Key, VALUES, dialect, insert};
use crate::fragment::WithSuffix;
use crate::schema::{category, category_name, category_order, secret, settings, supporter, supporter_category};

const SUPPORTER: &str = "muticket_supporter";
const SUPPORTER_CATEGORY: &str = "muticket_supporter_category";

impl DieselUnit<'_> {
    fn insert_supporter_categories(&mut self, supporter: &Supporter) -> Result<(), StorageError> {
        if supporter.categories.is_empty() {
            return Ok(());
        }
        let row = |id: &CategoryId| {
            (supporter_category::supporter.eq(Key(supporter.id.0)), supporter_category::category.eq(id.as_str().to_owned()))
        };
        let rows: Vec<_> = supporter.categories.iter().map(row).collect();
        let insert = diesel::insert_into(supporter_category::table).values(rows);
        self.change(SUPPORTER_CATEGORY, |conn| insert.execute(conn))?;
        Ok(())
    }

    /// Reads one category of a supporter.
    fn supporter_category(&mut self, id: MaybeInvalid<String>) -> Option<CategoryId> {
        let id = Column(SUPPORTER_CATEGORY, "category").string(id);
        self.ok_or_note(SUPPORTER_CATEGORY, id).map(CategoryId::new)
    }
}

impl SupporterStore for DieselUnit<'_> {
    fn insert(&mut self, supporter: &Supporter) -> Result<(), StorageError> {
        let record = diesel::insert_into(supporter::table).values((
            supporter::id.eq(Key(supporter.id.0)),
            supporter::user_id.eq(supporter.user.as_str()),
            supporter::present.eq(supporter.present),
        ));
        self.try_to_change(SUPPORTER, |conn| insert(conn, record))?;
        self.insert_supporter_categories(supporter)?;
        self.revise()
    }

    fn update(&mut self, supporter: &Supporter) -> Result<bool, StorageError> {
        let stored = supporter::table.filter(supporter::id.eq(Key(supporter.id.0)));
        let update = diesel::update(stored).set(supporter::present.eq(supporter.present));
        if self.change(SUPPORTER, |conn| update.execute(conn))? == 0 {
            return Ok(false);
        }
        let old = supporter_category::table.filter(supporter_category::supporter.eq(Key(supporter.id.0)));
        self.change(SUPPORTER_CATEGORY, |conn| diesel::delete(old).execute(conn))?;
        self.insert_supporter_categories(supporter)?;
        self.revise()?;
        Ok(true)
    }

    fn delete(&mut self, id: SupporterId) -> Result<bool, StorageError> {
        let stored = supporter::table.filter(supporter::id.eq(Key(id.0)));
        let deleted = self.change(SUPPORTER, |conn| diesel::delete(stored).execute(conn))?;
        self.revise()?;
        Ok(deleted > 0)
    }

    fn find(&mut self, id: SupporterId) -> Result<Option<Supporter>, StorageError> {
        let query = supporter::table.filter(supporter::id.eq(Key(id.0))).select((supporter::user_id, supporter::present));
        let row: Option<(String, bool)> = self.run(SUPPORTER, |conn| query.get_result(conn).optional())?;
        let Some((user, present)) = row else { return Ok(None) };
        let query =
            supporter_category::table.filter(supporter_category::supporter.eq(Key(id.0))).select(supporter_category::category);
        let categories: Vec<MaybeInvalid<String>> = self.run(SUPPORTER_CATEGORY, |conn| query.load(conn))?;
        let categories = categories.into_iter().filter_map(|id| self.supporter_category(id)).collect();
        Ok(Some(Supporter { id, user: UserId::new(user), present, categories }))
    }

    fn list(&mut self) -> Result<Vec<Supporter>, StorageError> {
        let of_supporter = supporter_category::supporter.eq(supporter::id);
        let query = supporter::table.left_join(supporter_category::table.on(of_supporter)).order(supporter::position).select((
            supporter::id,
            supporter::user_id,
            supporter::present,
            supporter_category::category.nullable(),
        ));
        type Row = (MaybeInvalid<Key>, MaybeInvalid<String>, bool, Option<MaybeInvalid<String>>);
        let rows: Vec<Row> = self.run(SUPPORTER, |conn| query.load(conn))?;
        let mut supporters: Vec<Supporter> = Vec::new();
        for (id, user, present, category) in rows {
            let read = Column(SUPPORTER, "id").valid(&id).and_then(|id| Ok((id, Column(SUPPORTER, "user_id").string(user)?)));
            let Some((Key(id), user)) = self.ok_or_note(SUPPORTER, read) else { continue };
            let category = category.and_then(|id| self.supporter_category(id));
            // The rows of one supporter are adjacent: one per category, or one without a category.
            if supporters.last().is_none_or(|last| last.id.0 != id) {
                supporters.push(Supporter { id: SupporterId(id), user: UserId::new(user), present, categories: BTreeSet::new() });
            }
            if let Some(last) = supporters.last_mut() {
                last.categories.extend(category);
            }
        }
        Ok(supporters)
    }
}

const SETTINGS: &str = "muticket_settings";

/// The table's only row, which the migration inserts.
const SETTINGS_ID: i64 = 1;

impl SettingsStore for DieselUnit<'_> {
    fn find(&mut self) -> Result<Settings, StorageError> {
        let query = settings::table.find(SETTINGS_ID).select((
            settings::supporter_group,
            settings::ratings,
            settings::image_limit,
            settings::supporters_open,
            settings::time_zone,
            settings::remove_location,
            (settings::answering_assigns, settings::assignee_first, settings::customers_prioritize),
            (settings::receipts, settings::closing_letters),
        ));
        type Switches = (bool, bool, bool);
        type Letters = (bool, bool);
        type Row = (Option<MaybeInvalid<String>>, bool, Option<i64>, bool, Option<MaybeInvalid<String>>, bool, Switches, Letters);
        let (supporter_group, ratings, image_limit, supporters_open, time_zone, remove_location, switches, letters): Row =
            self.run(SETTINGS, |conn| query.get_result(conn))?;
        let (answering_assigns, assignee_first, customers_prioritize) = switches;
        let (receipts, closing_letters) = letters;
        // A single damaged value must not prevent all pages.
        let image_limit = image_limit.and_then(|limit| self.ok_or_note(SETTINGS, Column(SETTINGS, "image_limit").size(limit)));
        let mut text = |column, text| self.ok_or_note(SETTINGS, Column(SETTINGS, column).string(text));
        let supporter_group = supporter_group.and_then(|id| text("supporter_group", id));
        let time_zone = time_zone.and_then(|name| text("time_zone", name));
        Ok(Settings {
            supporter_group: supporter_group.map(GroupId::new),
            ratings,
            image_limit,
            supporters_open,
            customers_prioritize,
            // A time zone that a later version no longer knows must not prevent all pages.
            time_zone: time_zone.and_then(|name| TimeZone::parse(&name)),
            remove_location,
            answering_assigns,
            assignee_first,
            receipts,
            closing_letters,
        })
    }

    fn update(&mut self, new: &Settings) -> Result<(), StorageError> {
        let values = (
            settings::supporter_group.eq(new.supporter_group.as_ref().map(GroupId::as_str)),
            settings::ratings.eq(new.ratings),
            settings::image_limit.eq(new.image_limit.map(column_of_size).transpose()?),
            settings::supporters_open.eq(new.supporters_open),
            settings::time_zone.eq(new.time_zone.map(|zone| zone.as_str())),
            settings::remove_location.eq(new.remove_location),
            settings::answering_assigns.eq(new.answering_assigns),
            settings::assignee_first.eq(new.assignee_first),
            settings::customers_prioritize.eq(new.customers_prioritize),
            settings::receipts.eq(new.receipts),
            settings::closing_letters.eq(new.closing_letters),
        );
        let update =
            diesel::update(settings::table.find(SETTINGS_ID)).set((values, settings::revision.eq(settings::revision + 1)));
        self.change(SETTINGS, |conn| update.execute(conn))?;
        Ok(())
    }

    fn revision(&mut self) -> Result<u64, StorageError> {
        let query = settings::table.find(SETTINGS_ID).select(settings::revision);
        let revision: i64 = self.run(SETTINGS, |conn| query.get_result(conn))?;
        Ok(revision.cast_unsigned())
    }
}

impl DieselUnit<'_> {
    /// Counts a change of supporters, categories or labels.
    pub(super) fn revise(&mut self) -> Result<(), StorageError> {
        let count = diesel::update(settings::table.find(SETTINGS_ID)).set(settings::revision.eq(settings::revision + 1));
        self.change(SETTINGS, |conn| count.execute(conn))?;
        Ok(())
    }

    /// Makes other writing units that call this wait until this one has ended. Every change of a category or a label ends with this row,
    /// so the unit that holds it from the beginning is alone. A reading unit holds nothing.
    pub(super) fn hold_configuration(&mut self) -> Result<(), StorageError> {
        if self.writes() {
            let row = settings::table.find(SETTINGS_ID).select(settings::revision);
            let _: i64 = self.run(SETTINGS, |conn| WithSuffix(row, dialect::LOCKED).get_result(conn))?;
        }
        Ok(())
    }
}

const CATEGORY: &str = "muticket_category";
const CATEGORY_NAME: &str = "muticket_category_name";
const CATEGORY_ORDER: &str = "muticket_category_order";

impl DieselUnit<'_> {
    fn insert_category_names(&mut self, category: &Category) -> Result<(), StorageError> {
        if category.names.is_empty() {
            return Ok(());
        }
        let row = |(position, (language, name)): (i64, &(Language, String))| {
            (
                category_name::category.eq(category.id.as_str().to_owned()),
                category_name::position.eq(position),
                category_name::language.eq(language.as_str().to_owned()),
                category_name::name.eq(name.clone()),
            )
        };
        let rows: Vec<_> = (1..).zip(&category.names).map(row).collect();
        let insert = diesel::insert_into(category_name::table).values(rows);
        self.change(CATEGORY_NAME, |conn| insert.execute(conn))?;
        Ok(())
    }
}

/// Reads one name of a category.
fn name(language: &MaybeInvalid<String>, name: MaybeInvalid<String>) -> Result<(Language, String), StorageError> {
    let language = Column(CATEGORY_NAME, "language").parsed(language, Language::parse)?;
    Ok((language, Column(CATEGORY_NAME, "name").string(name)?))
}

impl CategoryStore for DieselUnit<'_> {
    fn insert(&mut self, new: &StoredCategory) -> Result<(), StorageError> {
        let row = diesel::insert_into(category::table)
            .values((category::id.eq(new.category.id.as_str()), category::retired.eq(new.retired)));
        self.try_to_change(CATEGORY, |conn| insert(conn, row))?;
        self.insert_category_names(&new.category)?;
        self.revise()
    }

    fn update(&mut self, new: &StoredCategory) -> Result<bool, StorageError> {
        let id = new.category.id.as_str();
        let update = diesel::update(category::table.filter(category::id.eq(id))).set(category::retired.eq(new.retired));
        if self.change(CATEGORY, |conn| update.execute(conn))? == 0 {
            return Ok(false);
        }
        let old = category_name::table.filter(category_name::category.eq(id));
        self.change(CATEGORY_NAME, |conn| diesel::delete(old).execute(conn))?;
        self.insert_category_names(&new.category)?;
        self.revise()?;
        Ok(true)
    }

    fn find(&mut self, id: &CategoryId) -> Result<Option<StoredCategory>, StorageError> {
        let query = category::table.filter(category::id.eq(id.as_str())).select(category::retired);
        let Some(retired) = self.run(CATEGORY, |conn| query.get_result(conn).optional())? else { return Ok(None) };
        let query = category_name::table
            .filter(category_name::category.eq(id.as_str()))
            .order(category_name::position)
            .select((category_name::language, category_name::name));
        let rows: Vec<(MaybeInvalid<String>, MaybeInvalid<String>)> = self.run(CATEGORY_NAME, |conn| query.load(conn))?;
        let read = |(language, text): (_, _)| self.ok_or_note(CATEGORY_NAME, name(&language, text));
        let names = rows.into_iter().filter_map(read).collect();
        Ok(Some(StoredCategory { category: Category { id: id.clone(), names }, retired }))
    }

    fn list(&mut self) -> Result<Vec<StoredCategory>, StorageError> {
        let of_category = category_name::category.eq(category::id);
        let query = category::table
            .left_join(category_name::table.on(of_category))
            .order((category::position, category_name::position))
            .select((category::id, category::retired, category_name::language.nullable(), category_name::name.nullable()));
        type Row = (MaybeInvalid<String>, bool, Option<MaybeInvalid<String>>, Option<MaybeInvalid<String>>);
        let rows: Vec<Row> = self.run(CATEGORY, |conn| query.load(conn))?;
        let mut categories: Vec<StoredCategory> = Vec::new();
        for (id, retired, language, text) in rows {
            let Some(id) = self.ok_or_note(CATEGORY, Column(CATEGORY, "id").string(id)) else { continue };
            // The rows of one category are adjacent: one per name, or one without a name.
            if categories.last().is_none_or(|last| last.category.id.as_str() != id) {
                categories.push(StoredCategory { category: Category { id: CategoryId::new(id), names: Vec::new() }, retired });
            }
            if let (Some(last), Some(language), Some(text)) = (categories.last_mut(), language, text) {
                last.category.names.extend(self.ok_or_note(CATEGORY_NAME, name(&language, text)));
            }
        }
        Ok(categories)
    }

    fn order(&mut self) -> Result<Vec<CategoryId>, StorageError> {
        self.hold_configuration()?;
        let query = category_order::table.order(category_order::position).select(category_order::category);
        let ids: Vec<MaybeInvalid<String>> = self.run(CATEGORY_ORDER, |conn| query.load(conn))?;
        let read = |id| self.ok_or_note(CATEGORY_ORDER, Column(CATEGORY_ORDER, "category").string(id)).map(CategoryId::new);
        Ok(ids.into_iter().filter_map(read).collect())
    }

    fn arrange(&mut self, order: &[CategoryId]) -> Result<(), StorageError> {
        self.change(CATEGORY_ORDER, |conn| diesel::delete(category_order::table).execute(conn))?;
        let row = |(position, id): &(i64, &CategoryId)| {
            (category_order::category.eq(id.as_str().to_owned()), category_order::position.eq(*position))
        };
        let rows: Vec<_> = (1..).zip(order).collect();
        for some in rows.chunks(VALUES / 2) {
            let some: Vec<_> = some.iter().map(row).collect();
            let insert = diesel::insert_into(category_order::table).values(some);
            self.change(CATEGORY_ORDER, |conn| insert.execute(conn))?;
        }
        self.revise()
    }
}

const SECRET: &str = "muticket_secret";

impl SecretStore for DieselUnit<'_> {
    fn find(&mut self, name: &str) -> Result<Option<[u8; 32]>, StorageError> {
        let query = secret::table.find(name).select(secret::bytes);
        let stored: Option<Vec<u8>> = self.run(SECRET, |conn| query.get_result(conn).optional())?;
        // The value is never shown, not even a damaged one.
        stored.map(|bytes| bytes.try_into().map_err(|_| Column(SECRET, "secret").corrupt(name))).transpose()
    }

    fn insert(&mut self, name: &str, secret: &[u8; 32]) -> Result<(), StorageError> {
        let row = diesel::insert_into(secret::table).values((secret::name.eq(name), secret::bytes.eq(secret.as_slice())));
        self.try_to_change(SECRET, |conn| insert(conn, row))?;
        Ok(())
    }
}
