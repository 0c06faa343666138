//! Bare statements through Diesel's own SQLite connection, prepared once. One connection writes, and every user has one to read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text, Untyped};
use diesel::sqlite::Sqlite;
use muticket_core::TicketNumber;

use super::bare::{Bare, COUNTS, LIST, MARKS, PARTS, Spelling, TICKETS, User};

const SPELLING: Spelling = Spelling { quote: '"', ticket: "?", id: "randomblob(16)" };

pub(super) struct Connection {
    file: PathBuf,
    writer: Arc<Mutex<Writer>>,
    reader: SqliteConnection,
}

struct Writer {
    conn: SqliteConnection,
    ticket: String,
    parts: Vec<String>,
}

/// Opens a connection with the same durability as MuTicket.
fn open(file: &Path) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(&file.to_string_lossy()).expect("the file is there");
    conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON").expect("pragmas");
    conn
}

impl Connection {
    pub(super) fn open(file: &Path, sample: TicketNumber) -> Self {
        let mut conn = open(file);
        let mut columns = |table: &str| {
            let names = diesel::sql_query(format!("SELECT name FROM pragma_table_info('{table}')")).load::<Column>(&mut conn);
            names.expect("the columns of a table").into_iter().map(|column| column.name).collect::<Vec<_>>()
        };
        let ticket = SPELLING.ticket(&columns(TICKETS), sample) + " RETURNING number";
        let parts = PARTS.iter().map(|table| SPELLING.part(table, &columns(table), sample)).collect();
        let writer = Arc::new(Mutex::new(Writer { conn, ticket, parts }));
        Self { file: file.to_owned(), writer, reader: open(file) }
    }
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
}

impl Bare for Connection {
    async fn another(&self) -> Self {
        Self { reader: open(&self.file), file: self.file.clone(), writer: self.writer.clone() }
    }
}

impl User for Connection {
    async fn open(&mut self) {
        self.writer.lock().expect("nobody panicked").open().expect("a bare ticket");
    }

    async fn page(&mut self) -> usize {
        self.reader.transaction(page).expect("a bare page")
    }
}

impl Writer {
    fn open(&mut self) -> QueryResult<()> {
        let Self { conn, ticket, parts } = self;
        conn.immediate_transaction(|conn| {
            let Number { number } = Statement(ticket, &[]).get_result(conn)?;
            for part in parts {
                let rows = Statement(part, &[number]).execute(conn)?;
                assert!(rows > 0, "the sample has rows in each table");
            }
            Ok(())
        })
    }
}

fn page(conn: &mut SqliteConnection) -> QueryResult<usize> {
    let tickets: Vec<Number> = Statement(LIST, &[]).load(conn)?;
    for count in COUNTS {
        let _: Number = Statement(count, &[]).get_result(conn)?;
    }
    let numbers: Vec<_> = tickets.iter().map(|ticket| ticket.number).collect();
    let marks = format!("{MARKS} IN (?{})", ", ?".repeat(20));
    let _: Vec<Number> = Statement(&marks, &numbers).load(conn)?;
    Ok(numbers.len())
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// A statement with its numbers. Unlike a `sql_query`, it is prepared once.
struct Statement<'a>(&'a str, &'a [i64]);

impl QueryId for Statement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement<'_> {
    type SqlType = Untyped;
}

impl RunQueryDsl<SqliteConnection> for Statement<'_> {}

impl QueryFragment<Sqlite> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let Self(text, numbers) = self;
        let mut pieces = text.split('?');
        out.push_sql(pieces.next().unwrap_or_default());
        for (piece, number) in pieces.zip(*numbers) {
            out.push_bind_param::<BigInt, _>(number)?;
            out.push_sql(piece);
        }
        Ok(())
    }
}
