//! Database servers for tests. A test uses the server that the environment names, or one on the usual port that accepts a login, or a
//! private one started from the installed programs. Each test gets its own schema there.

mod private;
mod server;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

pub use self::private::PrivateServer;
pub use self::server::Server;
use self::server::{rows, run};
use crate::require::{environment, say};

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
