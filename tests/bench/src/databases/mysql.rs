//! Bare statements through mysql_async, prepared once.

use muticket_core::TicketNumber;
use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts, Row, Statement};

use super::bare::{Bare, COUNTS, LIST, MARKS, PARTS, Spelling, TICKETS, User};

const SPELLING: Spelling = Spelling { quote: '`', ticket: "?", id: "UNHEX(REPLACE(UUID(), '-', ''))" };

pub(super) struct Connection {
    url: String,
    sample: TicketNumber,
    conn: Conn,
    ticket: Statement,
    parts: Vec<Statement>,
    list: Statement,
    counts: Vec<Statement>,
    marks: Statement,
}

impl Connection {
    pub(super) async fn open(url: &str, sample: TicketNumber) -> Self {
        let mut conn = Conn::new(Opts::from_url(url).expect("an address")).await.expect("the server is there");
        conn.query_drop("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await.expect("a setting");
        let ticket = SPELLING.ticket(&columns(&mut conn, TICKETS).await, sample);
        let ticket = conn.prep(ticket).await.expect("a statement");
        let mut parts = Vec::new();
        for table in PARTS {
            let part = SPELLING.part(table, &columns(&mut conn, table).await, sample);
            parts.push(conn.prep(part).await.expect("a statement"));
        }
        let list = conn.prep(LIST).await.expect("a statement");
        let counts = vec![conn.prep(COUNTS[0]).await.expect("a statement"), conn.prep(COUNTS[1]).await.expect("a statement")];
        let marks = conn.prep(format!("{MARKS} IN (?{})", ", ?".repeat(20))).await.expect("a statement");
        Self { url: url.to_owned(), sample, conn, ticket, parts, list, counts, marks }
    }
}

async fn columns(conn: &mut Conn, table: &str) -> Vec<String> {
    let names = "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?";
    conn.exec(names, (table,)).await.expect("the columns of a table")
}

impl Bare for Connection {
    async fn another(&self) -> Self {
        Self::open(&self.url, self.sample).await
    }
}

impl User for Connection {
    async fn open(&mut self) {
        let conn = &mut self.conn;
        conn.query_drop("START TRANSACTION").await.expect("a transaction");
        conn.exec_drop(&self.ticket, ()).await.expect("a ticket");
        let number = conn.last_insert_id().expect("its number");
        for part in &self.parts {
            conn.exec_drop(part, (number,)).await.expect("rows");
            assert!(conn.affected_rows() > 0, "the sample has rows in each table");
        }
        conn.query_drop("COMMIT").await.expect("a commit");
    }

    async fn page(&mut self) -> usize {
        let conn = &mut self.conn;
        conn.query_drop("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.expect("a setting");
        conn.query_drop("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").await.expect("a transaction");
        let tickets: Vec<Row> = conn.exec(&self.list, ()).await.expect("tickets");
        for count in &self.counts {
            let _: Option<i64> = conn.exec_first(count, ()).await.expect("a count");
        }
        let numbers: Vec<i64> = tickets.iter().filter_map(|ticket| ticket.get("number")).collect();
        let _: Vec<Row> = conn.exec(&self.marks, numbers.clone()).await.expect("marks");
        conn.query_drop("COMMIT").await.expect("an end");
        numbers.len()
    }
}
