//! The kinds of servers, and statements that run on one directly.

use std::time::Duration;

use mysql_async::prelude::Queryable as _;

use crate::require::{self, environment};

/// The databases that run as servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// PostgreSQL.
    Postgres,
    /// MariaDB or MySQL.
    Mysql,
}

impl Server {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    pub(super) fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "MUTICKET_POSTGRES_URL",
            Self::Mysql => "MUTICKET_MYSQL_URL",
        }
    }

    /// The addresses of freshly installed servers, without a password.
    pub(super) fn usual(self) -> Vec<String> {
        let user = environment("USER").unwrap_or_else(|| "root".to_owned());
        match self {
            Self::Postgres => {
                ["postgres", &user].map(|user| format!("postgres://{user}@127.0.0.1:5432/postgres?connect_timeout=2")).into()
            }
            Self::Mysql => ["root", &user].map(|user| format!("mysql://{user}@127.0.0.1:3306/mysql?prefer_socket=false")).into(),
        }
    }
}

/// Reports once that there is no such server, past the test harness.
pub(super) fn missing(server: Server) {
    let what = format!("{} server", server.name());
    require::missing(server.name(), &what, &format!("Install one or set {}", server.variable()));
}

pub(super) type Failure = Box<dyn std::error::Error + Send + Sync>;

pub(super) fn run(server: Server, url: &str, statements: &str) -> Result<(), Failure> {
    rows(server, url, statements).map(|_| ())
}

/// Runs statements on a new connection and a new thread, so that it works inside and outside a runtime.
pub(super) fn rows(server: Server, url: &str, statements: &str) -> Result<Vec<String>, Failure> {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let work = async {
                match server {
                    Server::Postgres => postgres_rows(url, statements).await,
                    Server::Mysql => mysql_rows(url, statements).await,
                }
            };
            runtime.block_on(async { tokio::time::timeout(Duration::from_secs(20), work).await })?
        });
        thread.join().expect("the drivers do not panic")
    })
}

async fn postgres_rows(url: &str, statements: &str) -> Result<Vec<String>, Failure> {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
    let driver = tokio::spawn(connection);
    let messages = client.simple_query(statements).await?;
    drop(client);
    driver.await??;
    let text = |message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
        _ => None,
    };
    Ok(messages.into_iter().filter_map(text).collect())
}

async fn mysql_rows(url: &str, statements: &str) -> Result<Vec<String>, Failure> {
    let mut connection = mysql_async::Conn::new(mysql_async::Opts::from_url(url)?).await?;
    let rows: Vec<mysql_async::Row> = connection.query(statements).await?;
    connection.disconnect().await?;
    let text = |row: &mysql_async::Row| row.get::<Option<String>, _>(0).flatten().unwrap_or_default();
    Ok(rows.iter().map(text).collect())
}
