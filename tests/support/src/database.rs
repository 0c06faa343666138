//! Database servers for tests. A test uses the server that the environment names, or one on the usual port that accepts a login, or a
//! private one started from the installed programs. Each test gets its own schema there.

mod private;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mysql_async::prelude::Queryable as _;

pub use self::private::PrivateServer;
use crate::require::{self, environment, say};

/// The databases that run as servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// PostgreSQL.
    Postgres,
    /// MariaDB or MySQL.
    Mysql,
}

/// A schema that belongs to one test. It is dropped together with this value.
#[derive(Debug)]
pub struct TestDatabase {
    server: Server,
    admin: String,
    name: String,
    url: String,
}

/// A schema on a PostgreSQL server. If there is no server, this is reported once and gives `None`, or panics if `MUTICKET_REQUIRE` names
/// `postgres`.
pub fn postgres() -> Option<TestDatabase> {
    static FOUND: OnceLock<Option<Found>> = OnceLock::new();
    TestDatabase::on(Server::Postgres, FOUND.get_or_init(|| find(Server::Postgres)).as_ref()?)
}

/// A database on a MariaDB or MySQL server. If there is no server, this is reported once and gives `None`, or panics if `MUTICKET_REQUIRE`
/// names `mysql`.
pub fn mysql() -> Option<TestDatabase> {
    static FOUND: OnceLock<Option<Found>> = OnceLock::new();
    TestDatabase::on(Server::Mysql, FOUND.get_or_init(|| find(Server::Mysql)).as_ref()?)
}

/// A server that was found.
struct Found {
    url: String,
    /// Keeps a private server running.
    _private: Option<PrivateServer>,
}

fn find(server: Server) -> Option<Found> {
    if let Some(url) = environment(server.variable()) {
        // A server that was named on purpose must work; the tests are not skipped.
        run(server, &url, "SELECT 1").unwrap_or_else(|error| panic!("{} does not work: {error}", server.variable()));
        return Some(Found { url, _private: None });
    }
    let local = server.usual().into_iter().find(|url| is_new_enough(server, url));
    if let Some(url) = local {
        return Some(Found { url, _private: None });
    }
    let private = PrivateServer::start(server)?;
    Some(Found { url: private.url().to_owned(), _private: Some(private) })
}

/// Whether MuTicket supports the server's version. A server that is on the machine for other purposes may be older.
fn is_new_enough(server: Server, url: &str) -> bool {
    let least = match server {
        Server::Postgres => "SELECT (current_setting('server_version_num')::int >= 150000)::int::text",
        Server::Mysql => {
            "SELECT IF(VERSION() LIKE '%MariaDB%', \
             CAST(SUBSTRING_INDEX(VERSION(), '.', 1) AS UNSIGNED) * 100 \
             + CAST(SUBSTRING_INDEX(SUBSTRING_INDEX(VERSION(), '.', 2), '.', -1) AS UNSIGNED) >= 1011, \
             CAST(SUBSTRING_INDEX(VERSION(), '.', 1) AS UNSIGNED) >= 8)"
        }
    };
    rows(server, url, least).is_ok_and(|rows| rows == ["1"])
}

/// Reports once that there is no such server, past the test harness.
fn missing(server: Server) {
    let what = format!("{} server", server.name());
    require::missing(server.name(), &what, &format!("Install one or set {}", server.variable()));
}

impl Server {
    fn name(self) -> &'static str {
        match self {
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }

    fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "MUTICKET_POSTGRES_URL",
            Self::Mysql => "MUTICKET_MYSQL_URL",
        }
    }

    /// The addresses of freshly installed servers, without a password.
    fn usual(self) -> Vec<String> {
        let user = environment("USER").unwrap_or_else(|| "root".to_owned());
        match self {
            Self::Postgres => {
                ["postgres", &user].map(|user| format!("postgres://{user}@127.0.0.1:5432/postgres?connect_timeout=2")).into()
            }
            Self::Mysql => ["root", &user].map(|user| format!("mysql://{user}@127.0.0.1:3306/mysql?prefer_socket=false")).into(),
        }
    }
}

impl TestDatabase {
    fn on(server: Server, found: &Found) -> Option<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let moment = std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos() & 0xffff_ffff);
        let name = format!("muticket_test_{}_{moment:x}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let admin = found.url.clone();
        let (create, url) = match server {
            Server::Postgres => {
                let separator = if admin.contains('?') { '&' } else { '?' };
                (format!("CREATE SCHEMA {name}"), format!("{admin}{separator}options=-csearch_path%3D{name}"))
            }
            Server::Mysql => {
                // A limited character set on purpose: the tables must not rely on the default.
                let (server, query) = admin.split_once('?').unwrap_or((&admin, ""));
                let url = format!("{}/{name}?{query}", without_database(server));
                (format!("CREATE DATABASE {name} CHARACTER SET latin1"), url.trim_end_matches('?').to_owned())
            }
        };
        run(server, &admin, &create).unwrap_or_else(|error| panic!("no schema for a test: {error}"));
        Some(Self { server, admin, name, url })
    }

    /// The address of the schema.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The name of the schema.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs statements in the schema directly, without MuTicket.
    ///
    /// # Panics
    /// If they fail.
    pub fn execute(&self, statements: &str) {
        run(self.server, &self.url, statements).unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// The first column of a query's rows, as text.
    ///
    /// # Panics
    /// If it fails.
    pub fn query(&self, query: &str) -> Vec<String> {
        rows(self.server, &self.url, query).unwrap_or_else(|error| panic!("{query}: {error}"))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let name = &self.name;
        let statement = match self.server {
            Server::Postgres => format!("SET client_min_messages = warning; SET lock_timeout = '5s'; DROP SCHEMA {name} CASCADE"),
            Server::Mysql => format!("DROP DATABASE {name}"),
        };
        if let Err(error) = run(self.server, &self.admin, &statement) {
            say(&format!("{name} is left behind on the server: {error}"));
        }
    }
}

/// The address without its path.
fn without_database(server: &str) -> &str {
    let host = server.find("://").map_or(0, |scheme| scheme + 3);
    server[host..].find('/').map_or(server, |path| &server[..host + path])
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn run(server: Server, url: &str, statements: &str) -> Result<(), Failure> {
    rows(server, url, statements).map(|_| ())
}

/// Runs statements on a new connection and a new thread, so that it works inside and outside a runtime.
fn rows(server: Server, url: &str, statements: &str) -> Result<Vec<String>, Failure> {
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

#[cfg(test)]
mod tests {
    use super::without_database;

    #[test]
    fn an_address_may_name_a_database_or_none() {
        for address in ["mysql://root@db.example:3306", "mysql://root@db.example:3306/", "mysql://root@db.example:3306/mysql"] {
            assert_eq!(without_database(address), "mysql://root@db.example:3306");
        }
    }
}
