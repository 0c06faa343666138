//! Errors when a database is opened, one for each cause that an operator can fix.

#[cfg(feature = "sqlite")]
use std::path::Path;
use std::path::PathBuf;

use muticket_core::storage::{StorageError, StorageFault};

/// The address forms of the databases that are built in.
const BUILT_IN: &str = match (cfg!(feature = "sqlite"), cfg!(feature = "postgres"), cfg!(feature = "mysql")) {
    (true, true, true) => "use `sqlite:PATH`, `postgres://USER:PASSWORD@HOST/DATABASE` or `mysql://USER:PASSWORD@HOST/DATABASE`",
    (true, true, false) => "use `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/DATABASE`, or enable the feature `mysql`",
    (true, false, true) => "use `sqlite:PATH` or `mysql://USER:PASSWORD@HOST/DATABASE`, or enable the feature `postgres`",
    (false, true, true) => {
        "use `postgres://USER:PASSWORD@HOST/DATABASE` or `mysql://USER:PASSWORD@HOST/DATABASE`, or enable the feature `sqlite`"
    }
    (false, true, false) => "use `postgres://USER:PASSWORD@HOST/DATABASE`, or enable the feature `sqlite` or `mysql`",
    (false, false, true) => "use `mysql://USER:PASSWORD@HOST/DATABASE`, or enable the feature `sqlite` or `postgres`",
    (true, false, false) => "use `sqlite:PATH`, or enable the feature `postgres` or `mysql`",
    (false, false, false) => "no database is built in: enable the feature `sqlite`, `postgres` or `mysql`",
};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A database could not be opened. `Debug` shows the error with its causes, for a `main` that returns it.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address names a database that is not built in.
    #[error("`{0}` is not the address of a supported database: {built_in}", built_in = BUILT_IN)]
    UnknownAddress(String),
    /// The address of a database server cannot be parsed.
    #[error("`{address}` cannot be read as an address: {what}")]
    WrongAddress {
        /// The address, without its password.
        address: String,
        /// What is wrong with it.
        what: String,
    },
    /// The database server does not answer.
    #[error(
        "the database server at `{server}` does not answer: check the address, that the server runs and can be reached, and with TLS that its certificate is trusted"
    )]
    Unreachable {
        /// The server's address, without its password.
        server: String,
        /// The error of the operating system.
        #[source]
        cause: Cause,
    },
    /// The database server refused the login.
    #[error("the database server at `{server}` refused the login ({said}): check the database name, the user and the password")]
    Denied {
        /// The server's address, without its password.
        server: String,
        /// The server's message.
        said: String,
    },
    /// The user of the database may not create tables, or the database cannot be written.
    #[error(
        "cannot create the tables at `{server}`: grant the user CREATE, REFERENCES and all rights on the tables, and check that the database is not read-only or full"
    )]
    NotAllowed {
        /// The server's address, without its password.
        server: String,
        /// The server's message.
        #[source]
        cause: Cause,
    },
    /// The database server is older than the oldest supported version.
    #[error("the database server is too old ({0}): at least PostgreSQL 15, MariaDB 10.11 or MySQL 8.0.17 is needed")]
    TooOld(String),
    /// The built-in SQLite is older than the statements need.
    #[error(
        "the SQLite that is built into this program is too old ({0}): at least 3.35 is needed; run `cargo update -p libsqlite3-sys`, and if it stays old, `cargo tree -i libsqlite3-sys` names the crate to update"
    )]
    SqliteTooOld(String),
    /// The built-in SQLite lacks a feature that the statements need.
    #[error(
        "the SQLite that is built into this program was built with SQLITE_{0}, which takes away what MuTicket needs: remove it from LIBSQLITE3_FLAGS, unset LIBSQLITE3_SYS_USE_PKG_CONFIG, and build again"
    )]
    SqliteLacks(&'static str),
    /// The host's connections to SQLite lack settings.
    #[error("the host's connections to SQLite lack `{}`: run it on each connection when it is opened", .0.join("; "))]
    PragmasMissing(Vec<&'static str>),
    /// The encoding of the database cannot store every text.
    #[error(
        "the database has the encoding {0}, which cannot store every text: create a new database with `CREATE DATABASE .. ENCODING 'UTF8' TEMPLATE template0`"
    )]
    NarrowEncoding(String),
    /// The host's connections to MariaDB or MySQL truncate values that are too long.
    #[error("the host's connections truncate values that are too long: add STRICT_ALL_TABLES to their `sql_mode`")]
    NotStrict,
    /// An SQLite database in memory would exist once per connection.
    #[error("a database in memory is not supported: use MemoryStorage of muticket-core, or a file")]
    InMemory,
    /// The file's folder does not exist. It is not created, because the path is more likely misspelt.
    #[error("the folder {} does not exist: create it, or correct the address", .0.display())]
    NoFolder(PathBuf),
    /// The file cannot be opened or written.
    #[error("the database {} cannot be opened for writing: check that this process may write the file and its folder, and that the disk is not full", file.display())]
    NotWritable {
        /// The path of the file.
        file: PathBuf,
        /// The database's message.
        #[source]
        cause: Cause,
    },
    /// The file is not a SQLite database.
    #[error("the file {} is not a SQLite database: correct the address", .0.display())]
    NotADatabase(PathBuf),
    /// A newer version of MuTicket created the tables.
    #[error("the tables were created by a newer version of MuTicket (migration {0}): run that version, or restore a backup")]
    SchemaTooNew(String),
    /// The tables of a replica lack a migration.
    #[error(
        "the replica's tables are not up to date (migration {0}): connect to the primary first, and wait until the replica has followed"
    )]
    SchemaTooOld(&'static str),
    /// Another process uses the database.
    #[error("the database is busy: another process is using it")]
    Busy(#[source] Cause),
    /// Any other failure.
    #[error("cannot prepare the database")]
    Failed(#[source] Cause),
}

impl ConnectError {
    /// Converts an error of a server into what it means for starting a site.
    #[cfg(feature = "_server")]
    pub(crate) fn of_server(server: &str, error: StorageError) -> Self {
        let server = server.to_owned();
        match error {
            StorageError::Busy(cause) => Self::Busy(cause),
            StorageError::Failed { kind: StorageFault::NotWritable, cause } => Self::NotAllowed { server, cause },
            StorageError::Failed { kind: StorageFault::Connection, cause } => Self::Unreachable { server, cause },
            other => Self::Failed(other.into()),
        }
    }

    /// What an error on a file means for opening it.
    #[cfg(feature = "sqlite")]
    pub(crate) fn of_file(file: &Path, error: StorageError) -> Self {
        match error {
            StorageError::Busy(cause) => Self::Busy(cause),
            StorageError::Failed { kind: StorageFault::NotWritable | StorageFault::Connection, cause } => {
                Self::NotWritable { file: file.to_owned(), cause }
            }
            other => Self::Failed(other.into()),
        }
    }

    /// The kind of the failure.
    pub fn fault(&self) -> StorageFault {
        match self {
            Self::UnknownAddress(_) | Self::InMemory | Self::NoFolder(_) | Self::NotADatabase(_) | Self::Busy(_) => {
                StorageFault::Connection
            }
            Self::WrongAddress { .. }
            | Self::Unreachable { .. }
            | Self::Denied { .. }
            | Self::TooOld(_)
            | Self::SqliteTooOld(_)
            | Self::SqliteLacks(_)
            | Self::PragmasMissing(_)
            | Self::NotStrict
            | Self::NarrowEncoding(_) => StorageFault::Connection,
            Self::NotWritable { .. } | Self::NotAllowed { .. } => StorageFault::NotWritable,
            Self::SchemaTooNew(_) => StorageFault::SchemaTooNew,
            Self::SchemaTooOld(_) | Self::Failed(_) => StorageFault::Other,
        }
    }
}

impl std::fmt::Debug for ConnectError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&muticket_core::causes::with_causes(self))
    }
}

/// The tables do not exist on a host's connections.
#[derive(Debug, thiserror::Error)]
#[error("MuTicket's tables are missing: call `DieselStorage::migrate` once, before the site is launched")]
pub(crate) struct TablesMissing(#[source] diesel::result::Error);

impl TablesMissing {
    /// Converts the error of a statement if it says that one of MuTicket's tables is missing.
    pub(crate) fn explain(error: diesel::result::Error) -> Result<StorageError, diesel::result::Error> {
        let missing = match &error {
            diesel::result::Error::DatabaseError(_, said) => {
                let said = said.message();
                let gone = ["no such table", "does not exist", "doesn't exist"].iter().any(|words| said.contains(words));
                gone && said.contains("muticket_") && !said.contains("column")
            }
            _ => false,
        };
        if missing { Ok(StorageError::fault(StorageFault::Other, Self(error))) } else { Err(error) }
    }
}

impl From<ConnectError> for StorageError {
    fn from(error: ConnectError) -> Self {
        Self::fault(error.fault(), error)
    }
}

/// The address without its password, for messages to people.
pub(crate) fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        // A path is shown even if SQLite is not built in.
        if url.matches(':').count() < 2 && !url.contains(['@', '?']) {
            return url.to_owned();
        }
        // An invalid address is not taken apart, because a password may be anywhere in it.
        return format!("{}***", url.find(':').map_or("", |colon| &url[..=colon]));
    };
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // A password may contain any of these characters, so the last @ counts.
    let user_end = rest.rfind('@').filter(|at| *at < authority_end || rest[..*at].contains(':'));
    match user_end {
        Some(at) => {
            let user = rest[..at].split(':').next().unwrap_or_default();
            // The last @ may be in the query, and so may a password.
            let shown = match rest[..at].split_once('?') {
                Some((_, query)) if query.contains('=') => "",
                _ => &rest[at..],
            };
            format!("{scheme}://{user}:***{}", mask_query(shown))
        }
        None => format!("{scheme}://{}", mask_query(rest)),
    }
}

/// Hides the query, because some drivers read a password from `?password=..`.
pub(crate) fn mask_query(rest: &str) -> String {
    match rest.split_once('?') {
        Some((before, _)) => format!("{before}?***"),
        None => rest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_password_is_never_shown() {
        let cases = [
            ("postgres://desk:s3cret@db.example/tickets", "postgres://desk:***@db.example/tickets"),
            ("postgres://desk:s3/c@r?et@db.example/tickets", "postgres://desk:***@db.example/tickets"),
            ("postgres://db.example/tickets?user=desk&password=s3cret", "postgres://db.example/tickets?***"),
            ("postgres://db.example:5432/tickets?user=a@b&password=s3cret", "postgres://db.example:***"),
            ("postgres://db.example/tickets", "postgres://db.example/tickets"),
            ("postgres:desk:s3cret@db.example/tickets", "postgres:***"),
            ("mysql:/desk:s3cret@db.example/tickets", "mysql:***"),
            ("desk:s3cret@db.example/tickets", "desk:***"),
            ("postgres:desk:s3cret", "postgres:***"),
            ("s3cret@db.example/tickets", "***"),
            ("sqlite:tickets.db", "sqlite:tickets.db"),
        ];
        for (url, shown) in cases {
            assert_eq!(masked(url), shown);
        }
    }
}
