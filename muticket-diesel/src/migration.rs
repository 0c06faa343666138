//! Brings the tables up to date. Compiled once for each database.
//!
//! Diesel's own runner is not used: its bookkeeping table belongs to the host.

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::EmbeddedMigrations;

use super::{Conn, Db, dialect};
use crate::schema::migration;

/// Why the tables are not up to date.
#[derive(Debug, thiserror::Error)]
pub(super) enum MigrationError {
    /// A newer version of MuTicket made the tables.
    #[error("the tables have the migration {0}, which this version does not know")]
    TooNew(String),
    /// A statement failed.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
    /// A migration failed.
    #[error("migration {0} failed")]
    Migration(String, #[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Runs the migrations that are missing, all of them or none. Of two processes that start at once, the second waits for the first.
pub(super) fn migrate(conn: &mut Conn, source: &EmbeddedMigrations) -> Result<(), MigrationError> {
    AnsiTransactionManager::begin_transaction_sql(conn, dialect::BEGIN_WRITE)?;
    match migrate_inside(conn, source) {
        Ok(()) => Ok(AnsiTransactionManager::commit_transaction(conn)?),
        Err(error) => {
            AnsiTransactionManager::rollback_transaction(conn)?;
            Err(error)
        }
    }
}

fn migrate_inside(conn: &mut Conn, source: &EmbeddedMigrations) -> Result<(), MigrationError> {
    diesel::sql_query("CREATE TABLE IF NOT EXISTS muticket_migration (version VARCHAR(50) PRIMARY KEY NOT NULL)")
        .execute(conn)?;
    let recorded: Vec<String> = migration::table.select(migration::version).order(migration::version).load(conn)?;

    let known: Vec<Box<dyn Migration<Db>>> = source.migrations().map_err(|error| failed("list", error))?;
    let version = |migration: &dyn Migration<Db>| migration.name().version().to_string();
    let is_known = |recorded: &String| known.iter().any(|migration| version(&**migration) == *recorded);
    if let Some(unknown) = recorded.iter().find(|recorded| !is_known(recorded)) {
        return Err(MigrationError::TooNew(unknown.clone()));
    }

    for missing in known.iter().filter(|migration| !recorded.contains(&version(&***migration))) {
        let name = version(&**missing);
        missing.run(conn).map_err(|error| failed(&name, error))?;
        diesel::insert_into(migration::table).values(migration::version.eq(&name)).execute(conn)?;
    }
    Ok(())
}

fn failed(name: &str, error: Box<dyn std::error::Error + Send + Sync>) -> MigrationError {
    MigrationError::Migration(name.to_owned(), error)
}
