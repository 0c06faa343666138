//! Conversion of values to and from columns.

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use muticket_core::id::{MessageNumber, NoteNumber, TicketNumber};
use muticket_core::storage::{StorageError, StorageFault};

/// An instant as a column holds it: UTC, whole microseconds.
pub(super) fn column_of(instant: DateTime<Utc>) -> NaiveDateTime {
    instant.naive_utc().trunc_subsecs(6)
}

/// A size as a column holds it.
pub(super) fn column_of_size(size: u64) -> Result<i64, StorageError> {
    i64::try_from(size).map_err(|error| StorageError::fault(StorageFault::Other, error))
}

/// The value of a column, if it is valid. SQLite stores anything in any column, and a value that fails to load fails all rows of its
/// statement. That includes text that is not UTF-8.
#[derive(Debug, FromSqlRow)]
pub(super) struct MaybeInvalid<T>(Result<T, String>);

impl<T, ST, DB> FromSql<ST, DB> for MaybeInvalid<T>
where
    DB: Backend,
    T: FromSql<ST, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(T::from_sql(bytes).map_err(|error| error.to_string())))
    }
}

impl<T> MaybeInvalid<T> {
    /// The value; `None` if it is not valid.
    pub(super) fn ok(self) -> Option<T> {
        self.0.ok()
    }
}

impl MaybeInvalid<NaiveDateTime> {
    /// The instant; `None` if the value is not one.
    pub(super) fn instant(&self) -> Option<DateTime<Utc>> {
        self.0.as_ref().ok().map(NaiveDateTime::and_utc)
    }
}

/// A table and its column whose value is being read, for errors.
#[derive(Clone, Copy)]
pub(super) struct Column(pub(super) &'static str, pub(super) &'static str);

impl Column {
    /// The error for a value that this column cannot have.
    pub(super) fn corrupt(self, value: impl ToString) -> StorageError {
        StorageError::Corrupt { table: self.0, column: self.1, value: value.to_string() }
    }

    /// The value, or an error if reading gave none.
    pub(super) fn read<T>(self, read: Option<T>, key: impl ToString) -> Result<T, StorageError> {
        read.ok_or_else(|| self.corrupt(key))
    }

    /// The value of a column, or an error if it is not valid.
    pub(super) fn valid<T: Copy>(self, MaybeInvalid(value): &MaybeInvalid<T>) -> Result<T, StorageError> {
        value.as_ref().copied().map_err(|cause| self.corrupt(cause))
    }

    /// The text of a column, or an error if it is not UTF-8.
    pub(super) fn text(self, MaybeInvalid(text): &MaybeInvalid<String>) -> Result<&str, StorageError> {
        text.as_deref().map_err(|cause| self.corrupt(cause))
    }

    /// The same, for a type that keeps the text.
    pub(super) fn string(self, MaybeInvalid(text): MaybeInvalid<String>) -> Result<String, StorageError> {
        text.map_err(|cause| self.corrupt(cause))
    }

    /// The value of a text, or an error if the text has none.
    pub(super) fn parsed<T>(self, text: &MaybeInvalid<String>, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, StorageError> {
        let text = self.text(text)?;
        self.read(parse(text), text)
    }

    /// The value of a word, or an error if the word has none.
    pub(super) fn word<T: FromStr>(self, word: &MaybeInvalid<String>) -> Result<T, StorageError> {
        self.parsed(word, |word| word.parse().ok())
    }

    pub(super) fn instant(self, instant: &MaybeInvalid<NaiveDateTime>) -> Result<DateTime<Utc>, StorageError> {
        Ok(self.valid(instant)?.and_utc())
    }

    pub(super) fn ticket(self, number: i64) -> Result<TicketNumber, StorageError> {
        self.read(TicketNumber::new(number), number)
    }

    pub(super) fn message(self, number: i64) -> Result<MessageNumber, StorageError> {
        self.read(MessageNumber::new(self.count(number)?), number)
    }

    pub(super) fn note(self, number: i64) -> Result<NoteNumber, StorageError> {
        self.read(NoteNumber::new(self.count(number)?), number)
    }

    pub(super) fn count(self, count: i64) -> Result<u32, StorageError> {
        u32::try_from(count).map_err(|_| self.corrupt(count))
    }

    pub(super) fn size(self, size: i64) -> Result<u64, StorageError> {
        u64::try_from(size).map_err(|_| self.corrupt(size))
    }
}
