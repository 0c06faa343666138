//! Bare statements through tokio-postgres, prepared once.

use tokio_postgres::{Client, NoTls, Statement};

use super::{BODY, Bare, COLUMNS, NOW, SUBJECT, User, WORDS};

pub(super) struct Connection {
    url: String,
    category: String,
    client: Client,
    statements: Statements,
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
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.expect("the server is there");
        tokio::spawn(connection);
        let prepare = async |sql: String| client.prepare(&sql).await.expect("a statement");
        let statements = Statements {
            ticket: prepare(format!(
                "INSERT INTO muticket_ticket (customer, subject, category, state, turn, last_message, answers, last_role, opened_at, \
                 last_activity_at, version) VALUES ('anna', $1, $2, 'open', 'new', 1, 0, 'customer', '{NOW}', '{NOW}', 1) RETURNING number"
            ))
            .await,
            words: prepare(
                "INSERT INTO muticket_subject_word (word, ticket) VALUES ($2, $1), ($3, $1), ($4, $1), ($5, $1)".to_owned(),
            )
            .await,
            message: prepare(format!(
                "INSERT INTO muticket_message (ticket, number, author, role, body, written_at) \
                 VALUES ($1, 1, 'anna', 'customer', $2, '{NOW}')"
            ))
            .await,
            mark: prepare("INSERT INTO muticket_seen (ticket, user_id, message) VALUES ($1, 'anna', 1)".to_owned()).await,
            marks: prepare(
                "SELECT ticket, message FROM muticket_seen WHERE user_id = 'sara' AND ticket = ANY($1)".to_owned(),
            )
            .await,
            history: prepare(format!(
                "INSERT INTO muticket_history (ticket, version, at, by_user, change) VALUES ($1, 1, '{NOW}', 'anna', 'opened')"
            ))
            .await,
            letter: prepare(format!(
                "INSERT INTO muticket_outbox (id, notice, ticket, message, recipient, created_at, attempts, claims, state, due_at) \
                 VALUES (gen_random_uuid(), 'ticket-opened', $1, 1, $2, '{NOW}', 0, 0, 'waiting', '{NOW}')"
            ))
            .await,
            list: prepare(format!(
                "SELECT {COLUMNS} FROM muticket_ticket WHERE state = 'open' ORDER BY last_activity_at DESC, number DESC LIMIT 21"
            ))
            .await,
            count: prepare(
                "SELECT COUNT(*) FROM (SELECT number FROM muticket_ticket WHERE state = $1 LIMIT 1000) AS counted".to_owned(),
            )
            .await,
        };
        Self { url: url.to_owned(), category: category.to_owned(), client, statements }
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
        let client = &self.client;
        client.batch_execute("BEGIN").await.expect("a transaction");
        let number: i64 = client.query_one(ticket, &[&SUBJECT, &self.category]).await.expect("a ticket").get(0);
        let [first, second, third, fourth] = WORDS;
        client.execute(words, &[&number, &first, &second, &third, &fourth]).await.expect("words");
        client.execute(message, &[&number, &BODY]).await.expect("a message");
        client.execute(mark, &[&number]).await.expect("a mark");
        client.execute(history, &[&number]).await.expect("a line of history");
        for recipient in ["sara", "tom"] {
            client.execute(letter, &[&number, &recipient]).await.expect("a letter");
        }
        client.batch_execute("COMMIT").await.expect("a commit");
    }

    async fn page(&mut self) -> usize {
        let Statements { list, count, marks, .. } = &self.statements;
        let client = &self.client;
        client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.expect("a transaction");
        let tickets = client.query(list, &[]).await.expect("tickets");
        for state in ["open", "closed"] {
            let _: i64 = client.query_one(count, &[&state]).await.expect("a count").get(0);
        }
        let numbers: Vec<i64> = tickets.iter().map(|ticket| ticket.get(0)).collect();
        client.query(marks, &[&numbers]).await.expect("marks");
        client.batch_execute("COMMIT").await.expect("an end");
        let whole = tickets.iter().filter(|ticket| ticket.get::<_, i64>(0) > 0 && ticket.get::<_, &str>(2) == SUBJECT);
        whole.count()
    }
}
