//! The only file that knows how databases differ. One module for each, with the same names in it.

/// SQLite.
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite {
    use diesel::deserialize::{self, FromSql, FromSqlRow};
    use diesel::expression::AsExpression;
    use diesel::prelude::*;
    use diesel::result::{DatabaseErrorKind, Error};
    use diesel::serialize::{self, Output, ToSql};
    use diesel::sql_types::Binary;
    use diesel::sqlite::{Sqlite, SqliteValue};
    use muticket_core::storage::{StorageError, StorageFault};
    use uuid::Uuid;

    use crate::backend::sqlite::NewTicketRow;
    use crate::schema::ticket;

    /// Takes the lock for writing at once. A transaction that begins to write later fails when somebody else wrote meanwhile.
    pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";
    /// The picture is taken by the first statement and stays.
    pub(crate) const BEGIN_READ: &str = "BEGIN DEFERRED";

    /// A UUID as the database keeps it: 16 bytes.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, AsExpression, FromSqlRow)]
    #[diesel(sql_type = Binary)]
    pub(crate) struct Key(pub(crate) Uuid);

    impl ToSql<Binary, Sqlite> for Key {
        fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, Sqlite>) -> serialize::Result {
            <[u8] as ToSql<Binary, Sqlite>>::to_sql(self.0.as_bytes(), out)
        }
    }

    impl FromSql<Binary, Sqlite> for Key {
        fn from_sql(value: SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
            let bytes = <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value)?;
            Ok(Self(Uuid::from_slice(&bytes)?))
        }
    }

    /// Inserts a ticket and says which number it got.
    pub(crate) fn insert_ticket(conn: &mut SqliteConnection, row: &NewTicketRow<'_>) -> QueryResult<i64> {
        diesel::insert_into(ticket::table).values(row).returning(ticket::number).get_result(conn)
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

    /// Whether the database says that the file is something else.
    pub(crate) fn is_no_database(error: &Error) -> bool {
        matches!(error, Error::DatabaseError(_, said) if said.message().contains("not a database"))
    }
}
