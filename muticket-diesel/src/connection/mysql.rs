//! MariaDB and MySQL.

#[path = "timed.rs"]
mod timed;

pub(crate) use self::timed::{Conn, TimedConnection};

/// The connection of the driver.
pub(crate) type Raw = diesel_async::AsyncMysqlConnection;
pub(crate) type Db = diesel::mysql::Mysql;

#[cfg(feature = "host-connections")]
#[cfg(test)]
mod tests {
    use std::time::Duration;

    use diesel_async::{AnsiTransactionManager, AsyncConnection as _, AsyncMysqlConnection, TransactionManager as _};
    use muticket_test_support::database;

    use super::TimedConnection;

    /// By default the server waits 50 seconds for a lock. A shorter limit would break the host's transaction.
    #[tokio::test]
    async fn in_a_hosts_transaction_the_server_says_when_a_lock_was_waited_for_in_vain() {
        let Some(server) = database::mysql() else { return };
        let mut conn = AsyncMysqlConnection::establish(server.url()).await.unwrap();
        AnsiTransactionManager::begin_transaction(&mut conn).await.unwrap();
        assert!(TimedConnection::of_host(Box::new(Box::new(conn))).usual > Duration::from_secs(50));
    }
}
