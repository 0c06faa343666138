//! Bare statements through mysql_async, prepared once.

use mysql_async::prelude::Queryable as _;
use mysql_async::{Conn, Opts, Row, Statement};

use super::{BODY, Bare, COLUMNS, NOW, SUBJECT, User, WORDS};

pub(super) struct Connection {
    url: String,
    category: String,
    conn: Conn,
    statements: Statements,
    made: u64,
}

struct Statements {
    ticket: Statement,
    words: Statement,
    message: Statement,
    mark: Statement,
    marks: Statement,
    history: Statement,
    letter: Statement,
    list: Statement,
    count: Statement,
}

impl Connection {
    pub(super) async fn open(url: &str, category: &str) -> Self {
        let mut conn = Conn::new(Opts::from_url(url).expect("an address")).await.expect("the server is there");
        conn.query_drop("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await.expect("a setting");
        let made = u64::from(conn.id());
        let mut prepare = async |sql: String| conn.prep(sql).await.expect("a statement");
        let statements = Statements {
            ticket: prepare(format!(
                "INSERT INTO muticket_ticket (customer, subject, category, state, turn, last_message, answers, last_role, opened_at, \
                 last_activity_at, version) VALUES ('anna', ?, ?, 'open', 'new', 1, 0, 'customer', '{NOW}', '{NOW}', 1)"
            ))
            .await,
            words: prepare("INSERT INTO muticket_subject_word (word, ticket) VALUES (?, ?), (?, ?), (?, ?), (?, ?)".to_owned()).await,
            message: prepare(format!(
                "INSERT INTO muticket_message (ticket, number, author, role, body, written_at) \
                 VALUES (?, 1, 'anna', 'customer', ?, '{NOW}')"
            ))
            .await,
            mark: prepare("INSERT INTO muticket_seen (ticket, user_id, message) VALUES (?, 'anna', 1)".to_owned()).await,
            marks: prepare(format!(
                "SELECT ticket, message FROM muticket_seen WHERE user_id = 'sara' AND ticket IN (?{})",
                ", ?".repeat(20)
            ))
            .await,
            history: prepare(format!(
                "INSERT INTO muticket_history (ticket, version, at, by_user, `change`) VALUES (?, 1, '{NOW}', 'anna', 'opened')"
            ))
            .await,
            letter: prepare(format!(
                "INSERT INTO muticket_outbox (id, notice, ticket, message, recipient, created_at, attempts, claims, state, due_at) \
                 VALUES (?, 'ticket-opened', ?, 1, ?, '{NOW}', 0, 0, 'waiting', '{NOW}')"
            ))
            .await,
            list: prepare(format!(
                "SELECT {COLUMNS} FROM muticket_ticket WHERE state = 'open' ORDER BY last_activity_at DESC, number DESC LIMIT 21"
            ))
            .await,
            count: prepare("SELECT COUNT(*) FROM (SELECT number FROM muticket_ticket WHERE state = ? LIMIT 1000) AS counted".to_owned())
                .await,
        };
        Self { url: url.to_owned(), category: category.to_owned(), conn, statements, made: made << 32 }
    }
}

impl Bare for Connection {
    async fn another(&self) -> Self {
        Self::open(&self.url, &self.category).await
    }
}

impl User for Connection {
    async fn open(&mut self) {
        let Statements { ticket, words, message, mark, history, letter, .. } = &self.statements;
        let conn = &mut self.conn;
        conn.query_drop("START TRANSACTION").await.expect("a transaction");
        conn.exec_drop(ticket, (SUBJECT, &self.category)).await.expect("a ticket");
        let number = conn.last_insert_id().expect("its number");
        let [first, second, third, fourth] = WORDS;
        conn.exec_drop(words, (first, number, second, number, third, number, fourth, number)).await.expect("words");
        conn.exec_drop(message, (number, BODY)).await.expect("a message");
        conn.exec_drop(mark, (number,)).await.expect("a mark");
        conn.exec_drop(history, (number,)).await.expect("a line of history");
        for recipient in ["sara", "tom"] {
            self.made += 1;
            let id = u128::from(self.made).to_be_bytes();
            conn.exec_drop(letter, (&id[..], number, recipient)).await.expect("a letter");
        }
        conn.query_drop("COMMIT").await.expect("a commit");
    }

    async fn page(&mut self) -> usize {
        let Statements { list, count, marks, .. } = &self.statements;
        let conn = &mut self.conn;
        conn.query_drop("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.expect("a setting");
        conn.query_drop("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").await.expect("a transaction");
        let tickets: Vec<Row> = conn.exec(list, ()).await.expect("tickets");
        for state in ["open", "closed"] {
            let _: Option<i64> = conn.exec_first(count, (state,)).await.expect("a count");
        }
        let numbers: Vec<_> = tickets.iter().filter_map(|ticket| ticket.get::<i64, _>(0)).collect();
        let _: Vec<Row> = conn.exec(marks, numbers).await.expect("marks");
        conn.query_drop("COMMIT").await.expect("an end");
        let whole = tickets.iter().filter(|ticket| {
            ticket.get::<i64, _>(0).is_some_and(|number| number > 0) && ticket.get::<String, _>(2).as_deref() == Some(SUBJECT)
        });
        whole.count()
    }
}
