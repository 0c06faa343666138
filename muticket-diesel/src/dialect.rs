//! The only file that knows how databases differ. One module for each, with the same names in it.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::query_builder::QueryId;
use diesel::sql_types::SqlType;
use uuid::Uuid;

/// The type of a column that holds a UUID: each database has its own best form.
#[derive(Debug, Clone, Copy, Default, QueryId, SqlType)]
#[cfg_attr(feature = "sqlite", diesel(sqlite_type(name = "Binary")))]
#[cfg_attr(feature = "postgres", diesel(postgres_type(oid = 2950, array_oid = 2951)))]
#[cfg_attr(feature = "mysql", diesel(mysql_type(name = "Blob")))]
pub struct UuidColumn;

/// A UUID as a column holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
#[diesel(sql_type = UuidColumn)]
pub(crate) struct Key(pub(crate) Uuid);

/// SQLite.
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite {
    use diesel::connection::{AnsiTransactionManager, TransactionManager};
    use diesel::deserialize::{self, FromSql};
    use diesel::prelude::*;
    use diesel::query_builder::{QueryFragment, QueryId};
    use diesel::result::{DatabaseErrorKind, Error};
    use diesel::serialize::{self, Output, ToSql};
    use diesel::sql_types::Binary;
    use diesel::sqlite::{Sqlite, SqliteValue};
    use muticket_core::storage::{StorageError, StorageFault};
    use uuid::Uuid;

    use super::{Key, UuidColumn};
    use crate::fragment::ReturningNumber;

    /// Takes the lock for writing at once. A transaction that begins to write later fails when somebody else wrote meanwhile.
    pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
    /// The picture is taken by the first statement and stays.
    pub(crate) const BEGIN_READ: &str = "BEGIN DEFERRED";
    /// Makes an insert do nothing instead of failing; empty where a statement that failed does no harm to its transaction.
    pub(crate) const IF_ABSENT: &str = "";
    /// Locks the rows that are found until the end; empty where units write one after the other.
    pub(crate) const LOCKED: &str = "";
    /// The same, leaving out rows that another unit has locked.
    pub(crate) const SKIP_LOCKED: &str = "";
    /// What makes an instant its month, as in `2027-01`: what stands before the column and after it.
    pub(crate) const MONTH: [&str; 2] = ["substr(", ", 1, 7)"];
    /// The type of a whole number, for a sum whose type is another.
    pub(crate) const WHOLE: &str = "INTEGER";

    impl ToSql<UuidColumn, Sqlite> for Key {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
            <[u8] as ToSql<Binary, Sqlite>>::to_sql(self.0.as_bytes(), out)
        }
    }

    impl FromSql<UuidColumn, Sqlite> for Key {
        fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
            let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
            Ok(Self(Uuid::from_slice(&bytes)?))
        }
    }

    /// Begins a transaction with the given statement.
    pub(crate) fn begin(conn: &mut SqliteConnection, begin: &str) -> QueryResult<()> {
        AnsiTransactionManager::begin_transaction_sql(conn, begin)
    }

    /// Fails if the transaction that the host has begun is not open any more.
    pub(crate) fn still_open(_: &mut SqliteConnection) -> QueryResult<()> {
        // It cannot be asked. The savepoint of the unit would then begin a transaction by itself.
        Ok(())
    }

    /// Begins what nobody else may do at the same time: bringing the tables up to date.
    pub(crate) fn begin_migration(conn: &mut SqliteConnection) -> QueryResult<()> {
        begin(conn, BEGIN_WRITE)
    }

    /// Ends it. What was done by half remains only where the database cannot take back changes of tables.
    pub(crate) fn end_migration(conn: &mut SqliteConnection, done: bool) -> QueryResult<()> {
        match done {
            true => AnsiTransactionManager::commit_transaction(conn),
            false => AnsiTransactionManager::rollback_transaction(conn),
        }
    }

    /// The version of the database if it is older than what is supported: it is built in, and never is.
    pub(crate) fn too_old(_: &mut SqliteConnection) -> QueryResult<Option<String>> {
        Ok(None)
    }

    /// The encoding of the database if it cannot keep every text. All that SQLite has are forms of Unicode.
    pub(crate) fn narrow_encoding(_: &mut SqliteConnection) -> QueryResult<Option<String>> {
        Ok(None)
    }

    /// Inserts a ticket and says which number it got.
    pub(crate) fn insert_ticket(conn: &mut SqliteConnection, insert: impl QueryFragment<Sqlite> + QueryId) -> QueryResult<i64> {
        ReturningNumber(insert).get_result(conn)
    }

    /// What an error of a statement means. Diesel names the violated constraints; the rest SQLite says in words.
    pub(crate) fn classify(error: Error) -> StorageError {
        let Error::DatabaseError(kind, said) = &error else {
            return StorageError::fault(StorageFault::Other, error);
        };
        let said = said.message();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        match kind {
            DatabaseErrorKind::UniqueViolation => StorageError::Duplicate,
            _ if says(&["is locked", "locking protocol"]) => StorageError::Busy(error.into()),
            _ if says(&["readonly", "disk is full"]) => StorageError::fault(StorageFault::NotWritable, error),
            _ if says(&["unable to open", "not a database"]) => StorageError::fault(StorageFault::Connection, error),
            _ => StorageError::fault(StorageFault::Other, error),
        }
    }

    /// Whether a commit that failed was surely rolled back. SQLite keeps the transaction of one that found the file busy.
    pub(crate) fn is_rolled_back(_failed_commit: &Error) -> bool {
        false
    }

    /// Whether the database says that the file is something else.
    pub(crate) fn is_no_database(error: &Error) -> bool {
        matches!(error, Error::DatabaseError(_, said) if said.message().contains("not a database"))
    }
}

/// What the two servers have in common: their drivers are asynchronous, and Diesel's statements wait for them.
#[cfg(feature = "_server")]
mod server {
    use diesel::result::{DatabaseErrorKind, Error};
    use muticket_core::storage::{StorageError, StorageFault};

    /// Whether the server says one of these words.
    pub(super) fn says(error: &Error, words: &[&str]) -> bool {
        let Error::DatabaseError(_, said) = error else { return false };
        let said = said.message().to_lowercase();
        words.iter().any(|word| said.contains(word))
    }

    /// What an error means, by the words that the server uses for it.
    pub(super) fn classify(error: Error, lost: &[&str], refused: &[&str], gone: &[&str]) -> StorageError {
        let Error::DatabaseError(kind, _) = &error else {
            return StorageError::fault(StorageFault::Other, error);
        };
        let says = |words| says(&error, words);
        match kind {
            DatabaseErrorKind::UniqueViolation => StorageError::Duplicate,
            DatabaseErrorKind::SerializationFailure => StorageError::Busy(error.into()),
            DatabaseErrorKind::ReadOnlyTransaction => StorageError::fault(StorageFault::NotWritable, error),
            _ if says(lost) => StorageError::Busy(error.into()),
            _ if says(refused) => StorageError::fault(StorageFault::NotWritable, error),
            DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection => {
                StorageError::fault(StorageFault::Connection, error)
            }
            _ if says(gone) => StorageError::fault(StorageFault::Connection, error),
            _ => StorageError::fault(StorageFault::Other, error),
        }
    }
}

/// PostgreSQL.
#[cfg(feature = "postgres")]
pub(crate) mod postgres {
    use diesel::connection::TransactionManager;
    use diesel::deserialize::{self, FromSql};
    use diesel::pg::{Pg, PgValue};
    use diesel::prelude::*;
    use diesel::query_builder::{QueryFragment, QueryId};
    use diesel::result::{DatabaseErrorKind, Error};
    use diesel::serialize::{self, Output, ToSql};
    use diesel::sql_types::{self, Integer, Text};
    use muticket_core::storage::StorageError;
    use uuid::Uuid;

    use super::{Key, UuidColumn, server};
    use crate::backend::postgres::Conn;
    use crate::fragment::ReturningNumber;

    /// Whoever finds a row that another unit changes waits for it, and then finds the row as it has become.
    /// It waits two seconds for a lock each time, and is run five times. On a host's connection this is nobody's setting but the unit's.
    pub(crate) const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '2s'";
    pub(crate) const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = '2s'";
    // A statement that failed ends its transaction.
    pub(crate) const IF_ABSENT: &str = " ON CONFLICT DO NOTHING";
    pub(crate) const LOCKED: &str = " FOR UPDATE";
    pub(crate) const SKIP_LOCKED: &str = " FOR UPDATE SKIP LOCKED";
    pub(crate) const MONTH: [&str; 2] = ["to_char(", ", 'YYYY-MM')"];
    pub(crate) const WHOLE: &str = "BIGINT";

    /// The settings of every connection of ours. What takes longer than anybody waits for it is ended by the server.
    pub(crate) const SETTINGS: &str = "SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '30s'";

    /// Diesel keeps only an error's words, and they are known in English. Not every user may choose the language of the server's words.
    pub(crate) const ENGLISH: &str =
        "SELECT set_config('lc_messages', 'C', false) WHERE has_parameter_privilege('lc_messages', 'SET')";

    /// What the server says of a unit that lost a race: 40P01, 55P03 and 40001.
    const LOST: &[&str] = &["deadlock", "lock timeout", "could not serialize"];

    /// The number of the lock under which tables are brought up to date: the letters `muticket`.
    const MIGRATION_LOCK: i64 = 0x6d75_7469_636b_6574;

    impl ToSql<UuidColumn, Pg> for Key {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Pg>) -> serialize::Result {
            <Uuid as ToSql<sql_types::Uuid, Pg>>::to_sql(&self.0, out)
        }
    }

    impl FromSql<UuidColumn, Pg> for Key {
        fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
            <Uuid as FromSql<sql_types::Uuid, Pg>>::from_sql(value).map(Self)
        }
    }

    pub(crate) fn begin(conn: &mut Conn, begin: &str) -> QueryResult<()> {
        conn.begin(begin)
    }

    pub(crate) fn still_open(_: &mut Conn) -> QueryResult<()> {
        // A savepoint outside of a transaction is refused.
        Ok(())
    }

    pub(crate) fn begin_migration(conn: &mut Conn) -> QueryResult<()> {
        begin(conn, "BEGIN; SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = 0")?;
        // Whoever starts at the same time waits here; the end of the transaction lets him go on.
        conn.wait_long();
        let lock = diesel::sql_query(format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).execute(conn);
        // The connection may be a host's, who would find his next statements refused.
        lock.map(|_| ()).or_else(|error| end_migration(conn, false).and(Err(error)))
    }

    pub(crate) fn end_migration(conn: &mut Conn, done: bool) -> QueryResult<()> {
        type Manager = <Conn as Connection>::TransactionManager;
        let ended = match done {
            true => Manager::commit_transaction(conn),
            false => Manager::rollback_transaction(conn),
        };
        conn.wait_as_usual();
        ended
    }

    /// The version of the server if it is older than what is supported.
    pub(crate) fn too_old(conn: &mut Conn) -> QueryResult<Option<String>> {
        let number = diesel::dsl::sql::<Integer>("current_setting('server_version_num')::int4");
        let version: i32 = diesel::select(number).get_result(conn)?;
        Ok(is_too_old(version))
    }

    pub(super) fn is_too_old(version: i32) -> Option<String> {
        (version < 150_000).then(|| format!("PostgreSQL {}", version / 10_000))
    }

    pub(crate) fn narrow_encoding(conn: &mut Conn) -> QueryResult<Option<String>> {
        let encoding = diesel::dsl::sql::<Text>("current_setting('server_encoding')");
        let encoding: String = diesel::select(encoding).get_result(conn)?;
        Ok((encoding != "UTF8").then_some(encoding))
    }

    pub(crate) fn insert_ticket(conn: &mut Conn, insert: impl QueryFragment<Pg> + QueryId) -> QueryResult<i64> {
        ReturningNumber(insert).get_result(conn)
    }

    /// Diesel knows 40001 only; the rest is known by the words that PostgreSQL uses.
    pub(crate) fn classify(error: Error) -> StorageError {
        const REFUSED: &[&str] = &["permission denied", "read-only", "no space left", "could not extend"];
        const GONE: &[&str] = &["terminating connection", "shutting down", "starting up", "recovery mode", "connection closed"];
        server::classify(error, LOST, REFUSED, GONE)
    }

    /// Whether a commit that failed was surely rolled back: of what it lost by a race, the server has kept nothing.
    pub(crate) fn is_rolled_back(failed_commit: &Error) -> bool {
        matches!(failed_commit, Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _))
            || server::says(failed_commit, LOST)
    }
}

/// MariaDB and MySQL.
#[cfg(feature = "mysql")]
pub(crate) mod mysql {
    use diesel::connection::SimpleConnection;
    use diesel::deserialize::{self, FromSql};
    use diesel::mysql::{Mysql, MysqlValue};
    use diesel::prelude::*;
    use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
    use diesel::result::{DatabaseErrorKind, Error};
    use diesel::serialize::{self, Output, ToSql};
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use muticket_core::storage::StorageError;
    use uuid::Uuid;

    use super::{Key, UuidColumn, server};
    use crate::backend::mysql::Conn;

    /// Read committed, the setting of the session: it locks the rows it changes and no others.
    pub(crate) const BEGIN_WRITE: &str = "START TRANSACTION";
    pub(crate) const BEGIN_READ: &str =
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";
    pub(crate) const IF_ABSENT: &str = "";
    pub(crate) const LOCKED: &str = " FOR UPDATE";
    pub(crate) const SKIP_LOCKED: &str = " FOR UPDATE SKIP LOCKED";
    pub(crate) const MONTH: [&str; 2] = ["DATE_FORMAT(", ", '%Y-%m')"];
    pub(crate) const WHOLE: &str = "SIGNED";

    /// The settings of every connection. Strict: what does not fit is refused, never cut. Errors are known by their English words.
    pub(crate) const SETTINGS: &str = "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', \
                                       SESSION lc_messages = 'en_US', SESSION innodb_lock_wait_timeout = 2; \
                                       SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";

    /// What the server says of a unit that lost a race: 1213 and 1205.
    const DEADLOCK: &str = "deadlock";
    const LOCK_WAIT: &str = "lock wait timeout";

    impl ToSql<UuidColumn, Mysql> for Key {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Mysql>) -> serialize::Result {
            <[u8] as ToSql<Binary, Mysql>>::to_sql(self.0.as_bytes(), out)
        }
    }

    impl FromSql<UuidColumn, Mysql> for Key {
        fn from_sql(value: MysqlValue<'_>) -> deserialize::Result<Self> {
            let bytes = <Vec<u8> as FromSql<Binary, Mysql>>::from_sql(value)?;
            Ok(Self(Uuid::from_slice(&bytes)?))
        }
    }

    pub(crate) fn begin(conn: &mut Conn, begin: &str) -> QueryResult<()> {
        conn.begin(begin)
    }

    pub(crate) fn still_open(conn: &mut Conn) -> QueryResult<()> {
        // Outside of a transaction a savepoint is made without a word, and gone at once.
        conn.batch_execute("SAVEPOINT muticket; RELEASE SAVEPOINT muticket")
    }

    #[derive(QueryableByName)]
    struct Number {
        #[diesel(sql_type = Nullable<BigInt>)]
        number: Option<i64>,
    }

    /// There is no transaction: each statement on a table is committed by itself, and can be run twice.
    pub(crate) fn begin_migration(conn: &mut Conn) -> QueryResult<()> {
        conn.wait_long();
        let lock = "SELECT CAST(GET_LOCK(CONCAT('muticket:', MD5(DATABASE())), 60) AS SIGNED) AS number";
        let locked: Number = diesel::sql_query(lock).get_result(conn)?;
        match locked.number {
            Some(1) => Ok(()),
            _ => Err(Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new("lock wait timeout exceeded".to_owned()))),
        }
    }

    pub(crate) fn end_migration(conn: &mut Conn, _done: bool) -> QueryResult<()> {
        conn.wait_as_usual();
        conn.batch_execute("DO RELEASE_LOCK(CONCAT('muticket:', MD5(DATABASE())))")
    }

    /// The version of the server if it is older than what is supported.
    pub(crate) fn too_old(conn: &mut Conn) -> QueryResult<Option<String>> {
        let version: String = diesel::select(diesel::dsl::sql::<Text>("VERSION()")).get_result(conn)?;
        Ok(is_too_old(&version))
    }

    pub(super) fn is_too_old(version: &str) -> Option<String> {
        let mut numbers = version.split(['.', '-']).map_while(|number| number.parse::<u32>().ok());
        let mut next = || numbers.next().unwrap_or_default();
        let found = (next(), next(), next());
        let (name, least) = match version.contains("MariaDB") {
            true => ("MariaDB", (10, 11, 0)),
            false => ("MySQL", (8, 0, 17)),
        };
        (found < least).then(|| format!("{name} {}.{}.{}", found.0, found.1, found.2))
    }

    // The tables say their own.
    pub(crate) fn narrow_encoding(_conn: &mut Conn) -> QueryResult<Option<String>> {
        Ok(None)
    }

    /// MySQL cannot give the number back with the insert.
    pub(crate) fn insert_ticket(conn: &mut Conn, insert: impl QueryFragment<Mysql> + QueryId) -> QueryResult<i64> {
        conn.execute_returning_count(&insert)?;
        LastNumber.get_result(conn)
    }

    /// The number that the last insert of this connection has made.
    #[derive(QueryId)]
    struct LastNumber;

    impl Query for LastNumber {
        type SqlType = BigInt;
    }

    impl RunQueryDsl<Conn> for LastNumber {}

    impl QueryFragment<Mysql> for LastNumber {
        fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Mysql>) -> QueryResult<()> {
            out.push_sql("SELECT CAST(LAST_INSERT_ID() AS SIGNED)");
            Ok(())
        }
    }

    /// Diesel knows the violated constraints only; the rest is known by the words that the server uses.
    pub(crate) fn classify(error: Error) -> StorageError {
        const LOST: &[&str] = &[DEADLOCK, LOCK_WAIT, "record has changed"];
        const REFUSED: &[&str] = &["command denied", "read-only", "read only", "is full", "no space left"];
        const GONE: &[&str] = &["input/output", "gone away", "connection", "shutdown", "broken pipe", "killed", "wsrep"];
        server::classify(error, LOST, REFUSED, GONE)
    }

    /// Whether a commit that failed was surely rolled back: the server says 1213 and 1205 only of what it took back. A node of a cluster
    /// that lost the others ("WSREP") does not know.
    pub(crate) fn is_rolled_back(failed_commit: &Error) -> bool {
        server::says(failed_commit, &[DEADLOCK, LOCK_WAIT])
    }
}

#[cfg(all(test, feature = "postgres", feature = "mysql"))]
#[path = "dialect/tests.rs"]
mod tests;
