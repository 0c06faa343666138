//! Bare statements through Diesel's own SQLite connection, prepared once. One connection writes, and every user has one to read.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use super::{BODY, Bare, NOW, SUBJECT, User, WORDS};

pub(super) struct Connection {
    file: PathBuf,
    category: String,
    writer: Arc<Mutex<Writer>>,
    reader: SqliteConnection,
}

struct Writer {
    conn: SqliteConnection,
    made: u128,
}

/// Opens a connection with the same durability as MuTicket.
fn open(file: &Path) -> SqliteConnection {
    let mut conn = SqliteConnection::establish(&file.to_string_lossy()).expect("the file is there");
    conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON").expect("pragmas");
    conn
}

impl Connection {
    pub(super) fn open(file: &Path, category: &str) -> Self {
        let writer = Arc::new(Mutex::new(Writer { conn: open(file), made: 0 }));
        Self { file: file.to_owned(), category: category.to_owned(), writer, reader: open(file) }
    }
}

impl Bare for Connection {
    async fn another(&self) -> Self {
        let (file, category) = (self.file.clone(), self.category.clone());
        Self { reader: open(&file), file, category, writer: self.writer.clone() }
    }
}

impl User for Connection {
    async fn open(&mut self) {
        self.writer.lock().expect("nobody panicked").ticket(&self.category);
    }

    async fn page(&mut self) -> usize {
        self.reader.transaction(page).expect("a bare page")
    }
}

impl Writer {
    /// Inserts a ticket, its words, its first message, its author's mark, its line of history and two letters.
    fn ticket(&mut self, category: &str) {
        let ids = [self.id(), self.id()];
        self.conn
            .immediate_transaction(|connection| {
                let new = (
                    (ticket::customer.eq("anna"), ticket::subject.eq(SUBJECT), ticket::category.eq(category)),
                    (ticket::state.eq("open"), ticket::turn.eq("new"), ticket::last_message.eq(1), ticket::answers.eq(0)),
                    (
                        ticket::last_role.eq("customer"),
                        ticket::opened_at.eq(NOW),
                        ticket::last_activity_at.eq(NOW),
                        ticket::version.eq(1),
                    ),
                );
                let number: i64 =
                    diesel::insert_into(ticket::table).values(new).returning(ticket::number).get_result(connection)?;
                NewWords(number).execute(connection)?;
                let new =
                    (message::ticket.eq(number), message::number.eq(1), message::author.eq("anna"), message::role.eq("customer"));
                let new = (new, message::body.eq(BODY), message::written_at.eq(NOW));
                diesel::insert_into(message::table).values(new).execute(connection)?;
                let new = (seen::ticket.eq(number), seen::user_id.eq("anna"), seen::message.eq(1));
                diesel::insert_into(seen::table).values(new).execute(connection)?;
                let new = (history::ticket.eq(number), history::version.eq(1), history::at.eq(NOW), history::by_user.eq("anna"));
                diesel::insert_into(history::table).values((new, history::change.eq("opened"))).execute(connection)?;
                for (id, recipient) in ids.into_iter().zip(["sara", "tom"]) {
                    let new = (
                        (outbox::id.eq(id), outbox::notice.eq("ticket-opened"), outbox::ticket.eq(number), outbox::message.eq(1)),
                        (
                            outbox::recipient.eq(recipient),
                            outbox::created_at.eq(NOW),
                            outbox::attempts.eq(0),
                            outbox::claims.eq(0),
                        ),
                        (outbox::state.eq("waiting"), outbox::due_at.eq(NOW)),
                    );
                    diesel::insert_into(outbox::table).values(new).execute(connection)?;
                }
                diesel::QueryResult::Ok(())
            })
            .expect("a bare ticket");
    }

    fn id(&mut self) -> Vec<u8> {
        self.made += 1;
        self.made.to_be_bytes().to_vec()
    }
}

/// Inserts the words of a ticket in one statement.
#[derive(QueryId)]
struct NewWords(i64);

impl RunQueryDsl<SqliteConnection> for NewWords {}

impl QueryFragment<Sqlite> for NewWords {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("INSERT INTO muticket_subject_word (word, ticket) VALUES ");
        for (index, word) in WORDS.iter().enumerate() {
            out.push_sql(if index == 0 { "(" } else { ", (" });
            out.push_bind_param::<Text, _>(word)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(&self.0)?;
            out.push_sql(")");
        }
        Ok(())
    }
}

/// A row of the page, with its instants as text.
#[derive(Queryable)]
#[expect(dead_code, reason = "a page needs them all")]
struct Row {
    number: i64,
    customer: String,
    subject: String,
    category: Option<String>,
    state: String,
    turn: String,
    closed_by: Option<String>,
    last_message: i64,
    answers: i64,
    last_role: String,
    follows: Option<i64>,
    opened_at: String,
    last_activity_at: String,
    version: i64,
}

/// The newest open tickets.
#[derive(QueryId)]
struct Newest;

impl Query for Newest {
    type SqlType = ticket::SqlType;
}

impl RunQueryDsl<SqliteConnection> for Newest {}

impl QueryFragment<Sqlite> for Newest {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(
            "SELECT number, customer, subject, category, state, turn, closed_by, last_message, answers, last_role, follows,",
        );
        out.push_sql(" opened_at, last_activity_at, version FROM muticket_ticket WHERE state = 'open'");
        out.push_sql(" ORDER BY last_activity_at DESC, number DESC LIMIT 21");
        Ok(())
    }
}

/// Counts up to a thousand.
#[derive(QueryId)]
struct CountOf(&'static str);

impl Query for CountOf {
    type SqlType = BigInt;
}

impl RunQueryDsl<SqliteConnection> for CountOf {}

impl QueryFragment<Sqlite> for CountOf {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("SELECT COUNT(*) FROM (SELECT number FROM muticket_ticket WHERE state = ");
        out.push_bind_param::<Text, _>(self.0)?;
        out.push_sql(" LIMIT 1000)");
        Ok(())
    }
}

/// What a user has read of the tickets of a page.
struct MarksOn<'a>(&'a [Row]);

impl QueryId for MarksOn<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for MarksOn<'_> {
    type SqlType = (BigInt, BigInt);
}

impl RunQueryDsl<SqliteConnection> for MarksOn<'_> {}

impl QueryFragment<Sqlite> for MarksOn<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("SELECT ticket, message FROM muticket_seen WHERE user_id = 'sara' AND ticket IN (0");
        for row in self.0 {
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(&row.number)?;
        }
        out.push_sql(")");
        Ok(())
    }
}

fn page(conn: &mut SqliteConnection) -> QueryResult<usize> {
    let tickets: Vec<Row> = Newest.load(conn)?;
    for state in ["open", "closed"] {
        let _: i64 = CountOf(state).get_result(conn)?;
    }
    let _: Vec<(i64, i64)> = MarksOn(&tickets).load(conn)?;
    let whole = tickets.iter().filter(|ticket| ticket.number > 0 && ticket.subject == SUBJECT);
    Ok(whole.count())
}

diesel::table! {
    #[sql_name = "muticket_ticket"]
    ticket (number) {
        number -> BigInt,
        customer -> Text,
        subject -> Text,
        category -> Nullable<Text>,
        state -> Text,
        turn -> Text,
        closed_by -> Nullable<Text>,
        last_message -> BigInt,
        answers -> BigInt,
        last_role -> Text,
        follows -> Nullable<BigInt>,
        opened_at -> Text,
        last_activity_at -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "muticket_message"]
    message (ticket, number) {
        ticket -> BigInt,
        number -> BigInt,
        author -> Text,
        role -> Text,
        body -> Text,
        written_at -> Text,
    }
}

diesel::table! {
    #[sql_name = "muticket_seen"]
    seen (ticket, user_id) {
        ticket -> BigInt,
        user_id -> Text,
        message -> BigInt,
    }
}

diesel::table! {
    #[sql_name = "muticket_history"]
    history (ticket, version) {
        ticket -> BigInt,
        version -> BigInt,
        at -> Text,
        by_user -> Text,
        change -> Text,
    }
}

diesel::table! {
    #[sql_name = "muticket_outbox"]
    outbox (id) {
        id -> Binary,
        notice -> Text,
        ticket -> BigInt,
        message -> BigInt,
        recipient -> Text,
        created_at -> Text,
        attempts -> BigInt,
        claims -> BigInt,
        state -> Text,
        due_at -> Nullable<Text>,
    }
}
