//! Bare statements through tokio-postgres, prepared once.

use muticket_core::TicketNumber;
use tokio_postgres::{Client, NoTls, Statement};

use super::bare::{Bare, COUNTS, LIST, MARKS, PARTS, Spelling, TICKETS, User};

const SPELLING: Spelling = Spelling { quote: '"', ticket: "$1::int8", id: "gen_random_uuid()" };

pub(super) struct Connection {
    url: String,
    sample: TicketNumber,
    client: Client,
    ticket: Statement,
    parts: Vec<Statement>,
    list: Statement,
    counts: Vec<Statement>,
    marks: Statement,
}

impl Connection {
    pub(super) async fn open(url: &str, sample: TicketNumber) -> Self {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the server is there");
        tokio::spawn(connection);
        let columns = async |table: &str| -> Vec<String> {
            let names = "SELECT column_name::text FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1";
            let rows = client.query(names, &[&table]).await.expect("the columns of a table");
            rows.iter().map(|row| row.get(0)).collect()
        };
        let prepare = async |sql: &str| client.prepare(sql).await.expect("a statement");
        let ticket = prepare(&(SPELLING.ticket(&columns(TICKETS).await, sample) + " RETURNING number")).await;
        let mut parts = Vec::new();
        for table in PARTS {
            parts.push(prepare(&SPELLING.part(table, &columns(table).await, sample)).await);
        }
        let list = prepare(LIST).await;
        let counts = vec![prepare(COUNTS[0]).await, prepare(COUNTS[1]).await];
        let marks = prepare(&format!("{MARKS} = ANY($1)")).await;
        Self { url: url.to_owned(), sample, client, ticket, parts, list, counts, marks }
    }
}

impl Bare for Connection {
    async fn another(&self) -> Self {
        Self::open(&self.url, self.sample).await
    }
}

impl User for Connection {
    async fn open(&mut self) {
        let client = &self.client;
        client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").await.expect("a transaction");
        let number: i64 = client.query_one(&self.ticket, &[]).await.expect("a ticket").get(0);
        for part in &self.parts {
            let rows = client.execute(part, &[&number]).await.expect("rows");
            assert!(rows > 0, "the sample has rows in each table");
        }
        client.batch_execute("COMMIT").await.expect("a commit");
    }

    async fn page(&mut self) -> usize {
        let client = &self.client;
        client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.expect("a transaction");
        let tickets = client.query(&self.list, &[]).await.expect("tickets");
        for count in &self.counts {
            client.query_one(count, &[]).await.expect("a count");
        }
        let numbers: Vec<i64> = tickets.iter().map(|ticket| ticket.get("number")).collect();
        client.query(&self.marks, &[&numbers]).await.expect("marks");
        client.batch_execute("COMMIT").await.expect("an end");
        numbers.len()
    }
}
