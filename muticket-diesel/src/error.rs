//! What can go wrong when a database is opened, by what an operator can mend.

use std::path::PathBuf;

use muticket_core::storage::{StorageError, StorageFault};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// A database could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address is of a database that is not built in.
    #[error("`{0}` is no address of a database that is built in: this one has `sqlite:PATH`")]
    UnknownAddress(String),
    /// SQLite in memory has one database for each connection.
    #[error("a database in memory is not supported: use MemoryStorage of muticket-core, or a file")]
    InMemory,
    /// The file's folder does not exist; it is not made, because it is more likely misspelt.
    #[error("the folder {} does not exist: make it, or correct the address", .0.display())]
    NoFolder(PathBuf),
    /// The file cannot be opened or written.
    #[error("the database {} cannot be opened for writing: check that this process may write the file and its folder, and that the disk is not full", file.display())]
    NotWritable {
        /// The file.
        file: PathBuf,
        /// What the database said.
        #[source]
        cause: Cause,
    },
    /// The file is something else.
    #[error("the file {} is not a SQLite database: correct the address", .0.display())]
    NotADatabase(PathBuf),
    /// The tables were made by a newer version of MuTicket.
    #[error("the tables were made by a newer version of MuTicket (migration {0}): run that version, or restore a backup")]
    SchemaTooNew(String),
    /// Another process holds the database.
    #[error("the database is busy: another process holds it")]
    Busy(#[source] Cause),
    /// Anything else.
    #[error("the database could not be made ready")]
    Failed(#[source] Cause),
}

impl ConnectError {
    /// What sort of failure it is.
    pub fn fault(&self) -> StorageFault {
        match self {
            Self::UnknownAddress(_) | Self::InMemory | Self::NoFolder(_) | Self::NotADatabase(_) | Self::Busy(_) => {
                StorageFault::Connection
            }
            Self::NotWritable { .. } => StorageFault::NotWritable,
            Self::SchemaTooNew(_) => StorageFault::SchemaTooNew,
            Self::Failed(_) => StorageFault::Other,
        }
    }
}

impl From<ConnectError> for StorageError {
    fn from(error: ConnectError) -> Self {
        Self::fault(error.fault(), error)
    }
}

/// An address without its password, for people.
pub(crate) fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // A password may hold any of these signs, so the last @ counts.
    let user_end = rest.rfind('@').filter(|at| *at < authority_end || rest[..*at].contains(':'));
    match user_end {
        Some(at) => {
            let user = rest[..at].split(':').next().unwrap_or_default();
            format!("{scheme}://{user}:***{}", mask_query(&rest[at..]))
        }
        None => format!("{scheme}://{}", mask_query(rest)),
    }
}

/// Some drivers take a password as `?password=..`; whatever stands there is left out.
fn mask_query(rest: &str) -> String {
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
            ("postgres://db.example/tickets", "postgres://db.example/tickets"),
        ];
        for (url, shown) in cases {
            assert_eq!(masked(url), shown);
        }
    }
}
