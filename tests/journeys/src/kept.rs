//! The stored data, read from outside: every row of every table as text, and every file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use muticket_core::Storage;
use muticket_core::blob::{Blobs, MemoryBlobs, ObjectBlobs};
use muticket_core::storage::MemoryStorage;
use muticket_diesel::DieselStorage;
use muticket_test_support::database::TestDatabase;
use tempfile::TempDir;

/// The storage and the blob store, with direct access to both that bypasses the module.
pub enum Kept {
    /// Both in memory.
    Memory(Arc<MemoryStorage>, Arc<MemoryBlobs>),
    /// A database file with a folder beside it.
    Sqlite(TempDir, Arc<DieselStorage>),
    /// A database server, with the files in memory.
    Server(TestDatabase, Arc<MemoryBlobs>),
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
}

impl Kept {
    /// Creates both in memory.
    pub fn memory() -> (Self, Arc<dyn Storage>, Arc<dyn Blobs>) {
        let (storage, blobs) = (Arc::new(MemoryStorage::new()), Arc::new(MemoryBlobs::default()));
        (Self::Memory(storage.clone(), blobs.clone()), storage, blobs)
    }

    /// Creates both on the disk.
    pub async fn sqlite() -> (Self, Arc<dyn Storage>, Arc<dyn Blobs>) {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", database(folder.path()).display());
        let storage = Arc::new(DieselStorage::connect(&url).await.unwrap());
        let blobs = Arc::new(ObjectBlobs::folder(folder.path().join("uploads")).unwrap());
        (Self::Sqlite(folder, storage.clone()), storage, blobs)
    }

    /// Creates the tables on a server, and the blob store in memory.
    pub async fn server(database: TestDatabase) -> (Self, Arc<dyn Storage>, Arc<dyn Blobs>) {
        let storage = Arc::new(DieselStorage::connect(database.url()).await.unwrap());
        let blobs = Arc::new(MemoryBlobs::default());
        (Self::Server(database, blobs.clone()), storage, blobs)
    }

    /// Every row of every table, as text. Two dumps are equal exactly if nothing changed in between.
    pub fn dump(&self) -> String {
        match self {
            Self::Memory(storage, _) => format!("{storage:?}"),
            Self::Sqlite(folder, _) => dump(&database(folder.path())),
            Self::Server(database, _) => dump_of_server(database),
        }
    }

    /// The bytes of the database file, including its free pages. Empty for the other kinds.
    pub fn raw(&self) -> Vec<u8> {
        let Self::Sqlite(folder, _) = self else { return Vec::new() };
        let file = database(folder.path());
        let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
        connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        let left = std::fs::metadata(folder.path().join("support.db-wal")).map_or(0, |wal| wal.len());
        assert_eq!(left, 0, "the log could not be emptied");
        std::fs::read(file).unwrap()
    }

    /// Runs a statement on the database file directly, without the module.
    ///
    /// # Panics
    /// If there is no file, or the statement fails.
    pub fn execute(&self, statement: &str) {
        let Self::Sqlite(folder, _) = self else { panic!("only a database file is changed past everything") };
        let mut connection = SqliteConnection::establish(database(folder.path()).to_str().unwrap()).unwrap();
        connection.batch_execute(statement).unwrap();
    }

    /// How many statements ran so far, including those that begin and end transactions.
    ///
    /// # Panics
    /// If there is no database file: only that storage counts them.
    pub fn statements(&self) -> u64 {
        let Self::Sqlite(_, storage) = self else { panic!("only the storage on a file counts its statements") };
        storage.statements()
    }

    /// The number of stored files.
    pub fn files(&self) -> usize {
        match self {
            Self::Memory(_, blobs) | Self::Server(_, blobs) => blobs.count(),
            Self::Sqlite(folder, _) => count(&folder.path().join("uploads")),
        }
    }

    /// The upload folder, if there is one.
    pub fn uploads(&self) -> Option<PathBuf> {
        match self {
            Self::Memory(..) | Self::Server(..) => None,
            Self::Sqlite(folder, _) => Some(folder.path().join("uploads")),
        }
    }
}

fn database(folder: &Path) -> PathBuf {
    folder.join("support.db")
}

/// Every row of every table of a database file.
pub fn dump(file: &Path) -> String {
    let mut connection = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    let mut lines = |query: &str| -> Vec<String> {
        let rows: Vec<Line> = diesel::sql_query(query).load(&mut connection).unwrap();
        rows.into_iter().map(|row| row.text.unwrap_or_default()).collect()
    };
    let mut text = String::new();
    for table in lines("SELECT name AS text FROM sqlite_master WHERE type = 'table' ORDER BY name") {
        let columns = lines(&format!("SELECT 'quote(\"' || name || '\")' AS text FROM pragma_table_info('{table}')"));
        let row = columns.join(" || ' | ' || ");
        for line in lines(&format!("SELECT {row} AS text FROM \"{table}\" ORDER BY 1")) {
            text.push_str(&format!("{table}: {line}\n"));
        }
    }
    text
}

/// Every row of every table of a server. Binary values are written in hex.
fn dump_of_server(database: &TestDatabase) -> String {
    // The tables are the same in every schema of a server, and asking for them takes longer than reading them.
    static POSTGRES: OnceLock<String> = OnceLock::new();
    static MYSQL: OnceLock<String> = OnceLock::new();
    let rows = if database.url().starts_with("mysql") { &MYSQL } else { &POSTGRES };
    database.query(rows.get_or_init(|| query_of_rows(database))).join("\n")
}

/// The query for every row of every table.
fn query_of_rows(database: &TestDatabase) -> String {
    let schema = database.name();
    let columns = format!(
        "SELECT CONCAT(table_name, ' ', column_name, ' ', data_type) FROM information_schema.columns \
         WHERE table_schema = '{schema}' ORDER BY table_name, ordinal_position"
    );
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in database.query(&columns) {
        let mut words = line.split(' ');
        let (Some(table), Some(column), Some(kind)) = (words.next(), words.next(), words.next()) else { panic!("{line}") };
        let value = match kind {
            "binary" | "varbinary" => format!("HEX({column})"),
            _ if database.url().starts_with("mysql") => format!("QUOTE({table}.{column})"),
            _ => format!("quote_nullable({column}::text)"),
        };
        tables.entry(table.to_owned()).or_default().push(value);
    }
    let rows = tables.iter().map(|(table, values)| {
        let values = values.join(", ' | ', ");
        format!("SELECT CONCAT('{table}: ', {values}) FROM {table}")
    });
    let rows: Vec<_> = rows.collect();
    format!("{} ORDER BY 1", rows.join(" UNION ALL "))
}

fn count(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
}
