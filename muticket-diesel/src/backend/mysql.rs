//! MariaDB and MySQL.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel_async::AsyncMysqlConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use muticket_core::storage::StorageError;
use mysql_async::{Opts, OptsBuilder, SslOpts};

use super::address::{Address, OPENING};
use super::migrations;
use super::waiter::Waiter;
use crate::Loan;
use crate::dialect::mysql as dialect;
use crate::error::ConnectError;

#[path = "../host.rs"]
mod host;
#[path = "../lent.rs"]
mod lent;
#[path = "../migration.rs"]
mod migration;
#[path = "../pool.rs"]
mod pool;
#[path = "../statements/mod.rs"]
mod statements;
#[path = "../unit.rs"]
mod unit;

pub(crate) use self::host::Hosted;
use self::lent::Lent;
use self::migration::Migration;
pub(crate) use self::pool::Database;

/// Diesel's blocking statements on an asynchronous driver.
pub(crate) type Conn = AsyncConnectionWrapper<Lent, Waiter>;
type Db = diesel::mysql::Mysql;

const MIGRATIONS: &[Migration] = migrations!("mysql": "0001_tables", "0002_words_and_marks" then statements::words::fill, "0003_first_answers", "0004_digests", "0005_picture_settings", "0006_held_letters",
        "0007_words_anew" then statements::words::fill, "0009_site_clock", "0010_site_address", "0011_category_order");

/// The type of connection that a host lends.
pub(crate) type Raw = AsyncMysqlConnection;

/// Wraps a host's connection for the statements.
fn ready(lent: Loan<Raw>) -> Box<Conn> {
    Box::new(Lent::hosted(lent))
}

/// Converts an error on a host's connection into what it means for starting a site.
fn explain_hosted(error: StorageError) -> ConnectError {
    ConnectError::of_server("the host's connections", error)
}

/// The server's address and connection settings.
struct Server {
    opts: Opts,
    shown: String,
    answer: Duration,
}

impl Server {
    fn at(address: Address) -> Result<Self, ConnectError> {
        let Address { url, shown, tls, answer, .. } = address;
        let wrong = |what: String| ConnectError::WrongAddress { address: shown.clone(), what };
        // The driver knows one scheme for both servers.
        let url = url.replacen("mariadb:", "mysql:", 1);
        let opts = Opts::from_url(&url).map_err(|error| wrong(error.to_string()))?;
        let tls = tls.map(|tls| match tls.roots {
            Some(file) => SslOpts::default().with_root_certs(vec![file.into()]).with_disable_built_in_roots(true),
            None => SslOpts::default(),
        });
        // With `client_found_rows` an update that changes nothing still reports its row. Diesel itself caches prepared statements.
        let opts = OptsBuilder::from_opts(opts).ssl_opts(tls).stmt_cache_size(0).client_found_rows(true).prefer_socket(false);
        Ok(Self { opts: opts.into(), shown, answer })
    }

    fn open(&self) -> Result<Conn, ConnectError> {
        let opening = mysql_async::Conn::new(self.opts.clone());
        let waiter = Waiter::own().map_err(|error| ConnectError::Failed(error.into()))?;
        let opened = waiter.wait(OPENING, opening);
        let unreachable = |cause| ConnectError::Unreachable { server: self.shown.clone(), cause };
        let conn = match opened.map_err(|error| unreachable(error.into()))? {
            Ok(conn) => conn,
            // The server answered with a refusal: no such user, password or database, or not allowed.
            Err(mysql_async::Error::Server(error)) if matches!(error.code, 1044 | 1045 | 1049 | 1698) => {
                return Err(ConnectError::Denied { server: self.shown.clone(), said: error.message });
            }
            Err(error) => return Err(unreachable(error.into())),
        };
        let conn = waiter.block_on(AsyncMysqlConnection::try_from(conn));
        let conn = conn.map_err(|error| ConnectError::Failed(error.into()))?;
        let mut conn = Lent::ready(Box::new(Box::new(conn)), &waiter, self.answer);
        conn.batch_execute(dialect::SETTINGS).map_err(|error| ConnectError::of_server(&self.shown, dialect::classify(error)))?;
        Ok(conn)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use diesel_async::{AnsiTransactionManager, AsyncConnection as _, AsyncMysqlConnection, TransactionManager as _};
    use muticket_test_support::database;

    use super::Lent;

    /// By default the server waits 50 seconds for a lock. A shorter limit would break the host's transaction.
    #[tokio::test]
    async fn in_a_hosts_transaction_the_server_says_when_a_lock_was_waited_for_in_vain() {
        let Some(server) = database::mysql() else { return };
        let mut conn = AsyncMysqlConnection::establish(server.url()).await.unwrap();
        AnsiTransactionManager::begin_transaction(&mut conn).await.unwrap();
        assert!(Lent::hosted(Box::new(Box::new(conn))).usual > Duration::from_secs(50));
    }
}
