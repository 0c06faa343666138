//! Brings the tables up to date. Compiled once for each database.
//!
//! Diesel's own runner is not used: its bookkeeping table belongs to the host, and it cannot go on where it was interrupted, which a
//! database needs that commits each change of a table by itself.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::{Conn, dialect};
use crate::schema::migration;

/// One change of the tables.
pub(super) struct Migration {
    pub(super) version: &'static str,
    pub(super) up: &'static str,
    pub(super) down: &'static str,
}

/// Why the tables are not up to date.
#[derive(Debug, thiserror::Error)]
pub(super) enum MigrationError {
    /// A newer version of MuTicket made the tables.
    #[error("the tables have the migration {0}, which this version does not know")]
    TooNew(String),
    /// A statement failed.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
}

/// Runs the migrations that are missing. Of two processes that start at once, the second waits for the first.
pub(super) fn migrate(conn: &mut Conn, known: &[Migration]) -> Result<(), MigrationError> {
    alone(conn, |conn| {
        let recorded = recorded(conn)?;
        let is_known = |version: &String| known.iter().any(|migration| migration.version == version);
        if let Some(unknown) = recorded.iter().find(|version| !is_known(version)) {
            return Err(MigrationError::TooNew(unknown.clone()));
        }
        for missing in known.iter().filter(|migration| !recorded.iter().any(|version| version == migration.version)) {
            run(conn, missing.up)?;
            diesel::insert_into(migration::table).values(migration::version.eq(missing.version)).execute(conn)?;
        }
        Ok(())
    })
}

/// Takes back the migrations, the newest first, until there are no tables left, and all that was in them.
pub(super) fn revert(conn: &mut Conn, known: &[Migration]) -> Result<(), MigrationError> {
    alone(conn, |conn| {
        let recorded = recorded(conn)?;
        for done in known.iter().rev().filter(|migration| recorded.iter().any(|version| version == migration.version)) {
            run(conn, done.down)?;
            diesel::delete(migration::table.find(done.version)).execute(conn)?;
        }
        Ok(())
    })
}

fn alone(conn: &mut Conn, change: impl FnOnce(&mut Conn) -> Result<(), MigrationError>) -> Result<(), MigrationError> {
    dialect::begin_migration(conn)?;
    let outcome = change(conn);
    let ended = dialect::end_migration(conn, outcome.is_ok());
    // If the change failed, that is what there is to say.
    outcome.and_then(|()| Ok(ended?))
}

fn recorded(conn: &mut Conn) -> QueryResult<Vec<String>> {
    conn.batch_execute("CREATE TABLE IF NOT EXISTS muticket_migration (version VARCHAR(50) PRIMARY KEY NOT NULL)")?;
    migration::table.select(migration::version).order(migration::version).load(conn)
}

/// Runs the statements of a file one by one: each ends with a semicolon at the end of its line.
fn run(conn: &mut Conn, file: &str) -> QueryResult<()> {
    file.split_inclusive(";\n")
        .filter(|statement| statement.contains(';'))
        .try_for_each(|statement| conn.batch_execute(statement))
}
