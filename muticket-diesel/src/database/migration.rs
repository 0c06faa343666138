//! Runs the migrations. Compiled once per database.
//!
//! Diesel's own runner is not used, for two reasons. Its bookkeeping table belongs to the host. It also cannot continue an interrupted
//! migration, which is needed where the database commits each change of a table on its own.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::{Conn, dialect};
use crate::error::ConnectError;
use crate::schema::migration;

/// One migration.
pub(super) struct Migration {
    pub(super) version: &'static str,
    pub(super) up: &'static str,
    /// A step that SQL cannot do. It runs after the statements, and again if it was interrupted.
    pub(super) then: Option<fn(&mut Conn) -> QueryResult<()>>,
    pub(super) down: &'static str,
}

/// Suffix of a migration's version while the migration is reverted. Where each change of a table is committed on its own, an interrupted
/// process leaves it, and the next one continues. Half-dropped tables are therefore never taken for complete ones.
const REVERTING: &str = " is taken back";

/// Why the tables are not up to date.
#[derive(Debug, thiserror::Error)]
pub(super) enum MigrationError {
    /// A newer version of MuTicket created the tables.
    #[error("the tables have the migration {0}, which this version does not know")]
    TooNew(String),
    /// The tables lack a migration, and may not be changed here.
    #[error("the tables lack the migration {0}")]
    TooOld(&'static str),
    /// The database cannot store every text.
    #[error("the database keeps texts as {0}")]
    NarrowEncoding(String),
    /// A statement failed.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

impl MigrationError {
    /// What it means for opening the database.
    pub(super) fn explain(self, failed: impl FnOnce(diesel::result::Error) -> ConnectError) -> ConnectError {
        match self {
            Self::TooNew(version) => ConnectError::SchemaTooNew(version),
            Self::TooOld(version) => ConnectError::SchemaTooOld(version),
            Self::NarrowEncoding(encoding) => ConnectError::NarrowEncoding(encoding),
            Self::Database(error) => failed(error),
        }
    }
}

/// Runs the missing migrations. If two processes start at once, the second waits for the first. The tables of a replica are only checked.
pub(super) fn migrate(conn: &mut Conn, known: &'static [Migration], replica: bool) -> Result<(), MigrationError> {
    if let Some(encoding) = dialect::narrow_encoding(conn)? {
        return Err(MigrationError::NarrowEncoding(encoding));
    }
    if replica {
        let recorded = recorded(conn)?;
        return missing(known, &recorded)?.next().map_or(Ok(()), |missing| Err(MigrationError::TooOld(missing.version)));
    }
    // A user who may write but not create tables can use tables that are up to date.
    if let Ok(recorded) = recorded(conn)
        && missing(known, &recorded)?.next().is_none()
    {
        diesel::delete(migration::table.find("")).execute(conn)?;
        return Ok(());
    }
    alone(conn, |conn| {
        prepare(conn)?;
        let recorded = finish_reverting(conn, known)?;
        for missing in missing(known, &recorded)? {
            run(conn, missing.up)?;
            missing.then.map_or(Ok(()), |then| then(conn))?;
            diesel::insert_into(migration::table).values(migration::version.eq(missing.version)).execute(conn)?;
        }
        Ok(())
    })
}

/// The migrations that are not recorded.
fn missing<'a>(
    known: &'static [Migration],
    recorded: &'a [String],
) -> Result<impl Iterator<Item = &'static Migration> + use<'a>, MigrationError> {
    let name = |version: &str| version.strip_suffix(REVERTING).unwrap_or(version).to_owned();
    match recorded.iter().find(|version| known.iter().all(|migration| migration.version != name(version))) {
        Some(unknown) => Err(MigrationError::TooNew(unknown.clone())),
        None => Ok(known.iter().filter(|migration| recorded.iter().all(|version| version != migration.version))),
    }
}

/// Reverts the migrations, newest first, until the tables and their content are gone.
pub(super) fn revert(conn: &mut Conn, known: &'static [Migration]) -> Result<(), MigrationError> {
    alone(conn, |conn| {
        prepare(conn)?;
        let recorded = finish_reverting(conn, known)?;
        for done in known.iter().rev().filter(|migration| recorded.iter().any(|version| version == migration.version)) {
            let reverting = format!("{}{REVERTING}", done.version);
            diesel::update(migration::table.find(done.version)).set(migration::version.eq(reverting)).execute(conn)?;
            revert_one(conn, done)?;
        }
        Ok(())
    })
}

/// Finishes an interrupted revert, and returns what is recorded after that.
fn finish_reverting(conn: &mut Conn, known: &'static [Migration]) -> QueryResult<Vec<String>> {
    let recorded = recorded(conn)?;
    let reverting =
        |migration: &&Migration| recorded.iter().any(|version| version.strip_suffix(REVERTING) == Some(migration.version));
    known.iter().rev().filter(reverting).try_for_each(|migration| revert_one(conn, migration))?;
    self::recorded(conn)
}

fn revert_one(conn: &mut Conn, migration: &Migration) -> QueryResult<()> {
    run(conn, migration.down)?;
    diesel::delete(migration::table.find(format!("{}{REVERTING}", migration.version))).execute(conn).map(|_| ())
}

fn alone(conn: &mut Conn, change: impl FnOnce(&mut Conn) -> Result<(), MigrationError>) -> Result<(), MigrationError> {
    dialect::begin_migration(conn)?;
    let outcome = change(conn);
    let ended = dialect::end_migration(conn, outcome.is_ok());
    // If the change failed, its error is returned rather than that of the end.
    outcome.and_then(|()| Ok(ended?))
}

fn recorded(conn: &mut Conn) -> QueryResult<Vec<String>> {
    migration::table.select(migration::version).order(migration::version).load(conn)
}

/// Creates the table of recorded migrations if it is missing.
fn prepare(conn: &mut Conn) -> QueryResult<()> {
    conn.batch_execute("CREATE TABLE IF NOT EXISTS muticket_migration (version VARCHAR(50) PRIMARY KEY NOT NULL)")
}

/// Runs the statements of a file one by one. Each ends with a semicolon at the end of its line. Where each change of a table is committed
/// on its own, an interrupted launch may have carried out some of them already.
fn run(conn: &mut Conn, file: &str) -> QueryResult<()> {
    file.split_inclusive(";\n").filter(|statement| statement.contains(';')).try_for_each(|statement| {
        match conn.batch_execute(statement) {
            Err(refused) if dialect::is_done_already(&refused) => Ok(()),
            outcome => outcome,
        }
    })
}
