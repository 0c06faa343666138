//! Migrations run on a host's connection, and the error names what prevents them.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel_async::{AsyncConnection as _, AsyncMysqlConnection, AsyncPgConnection, SimpleAsyncConnection as _};
use muticket_diesel::{ConnectError, DieselStorage};
use muticket_test_support::database::{self, PrivateServer, Server};
use tokio::sync::Mutex;

use crate::host::site::Site;

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_may_not_make_tables_learns_what_to_grant() {
    if let Some(server) = PrivateServer::start(Server::Postgres) {
        server.execute("CREATE ROLE desk LOGIN");
        let conn = AsyncPgConnection::establish(&server.url().replacen("postgres@", "desk@", 1)).await.unwrap();
        let error = DieselStorage::on_postgres(Arc::new(Mutex::new(conn))).migrate().await.unwrap_err();
        is_not_allowed(&error);
    }
    if let Some(server) = PrivateServer::start(Server::Mysql) {
        server.execute("CREATE DATABASE tickets; CREATE USER desk@'%'; GRANT SELECT ON tickets.* TO desk@'%'");
        let url = server.url().replacen("root@", "desk@", 1).replacen("/mysql?", "/tickets?", 1);
        let conn = AsyncMysqlConnection::establish(&url).await.unwrap();
        let error = DieselStorage::on_mysql(Arc::new(Mutex::new(conn))).migrate().await.unwrap_err();
        is_not_allowed(&error);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_only_to_be_read_is_named_as_such() {
    if let Some(server) = database::postgres() {
        let mut conn = AsyncPgConnection::establish(server.url()).await.unwrap();
        conn.batch_execute("SET default_transaction_read_only = on").await.unwrap();
        let error = DieselStorage::on_postgres(Arc::new(Mutex::new(conn))).migrate().await.unwrap_err();
        is_not_allowed(&error);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut conn = SqliteConnection::establish(&folder.path().join("site.db").to_string_lossy()).unwrap();
    conn.batch_execute("PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA query_only = ON")
        .unwrap();
    let error = DieselStorage::on_sqlite(Arc::new(Mutex::new(conn))).migrate().await.unwrap_err();
    assert!(matches!(error, ConnectError::NotWritable { .. }), "{error:?}");
    assert!(error.to_string().contains("the host's connections cannot be opened for writing"), "{error}");
}

fn is_not_allowed(error: &ConnectError) {
    assert!(matches!(error, ConnectError::NotAllowed { .. }), "{error:?}");
    assert!(error.to_string().contains("the host's connections") && error.to_string().contains("CREATE"), "{error}");
}

/// MariaDB and MySQL would commit the host's transaction.
#[tokio::test(flavor = "multi_thread")]
async fn tables_are_not_made_inside_of_the_hosts_transaction() {
    for site in Site::all().await {
        site.conn.execute("DROP TABLE muticket_migration").await.unwrap();
        site.conn.begin().await;
        site.conn.execute("INSERT INTO host_order VALUES (7)").await.unwrap();
        let error = site.storage().migrate().await.unwrap_err();
        assert!(matches!(error, ConnectError::Failed(_)), "{error:?}");
        site.conn.roll_back().await.unwrap();
        assert!(site.orders().is_empty(), "{}", site.url);
    }
}

/// A migration waits for another one that runs at the same time, but not forever. The host can use its connection afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_another_start_in_vain_leaves_no_transaction_open() {
    let Some(site) = Site::postgres().await else { return };
    site.conn.execute("DROP TABLE muticket_migration").await.unwrap();
    site.conn.execute("CREATE TABLE host_connection AS SELECT pg_backend_pid() AS pid").await.unwrap();
    let rival = site.rival().await;
    rival.begin().await;
    rival.execute("SELECT pg_advisory_xact_lock(x'6d757469636b6574'::bigint)").await.unwrap();
    let storage = site.storage();
    let starting = tokio::spawn(async move { storage.migrate().await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    // The server does the same after a minute. Other tests may wait for the same lock.
    rival.execute("SELECT pg_cancel_backend(pid) FROM host_connection").await.unwrap();
    starting.await.unwrap().unwrap_err();
    rival.roll_back().await.unwrap();
    site.conn.begin().await;
    site.conn.execute("INSERT INTO host_order VALUES (7)").await.unwrap();
    site.conn.commit().await.unwrap();
    assert_eq!(site.orders(), ["7"]);
}

/// The pool has no connection left to lend.
#[tokio::test]
async fn a_connection_that_does_not_come_is_not_waited_for_for_ever() {
    let conn = Arc::new(Mutex::new(SqliteConnection::establish(":memory:").unwrap()));
    let _kept = conn.clone().lock_owned().await;
    let error = DieselStorage::on_sqlite(conn).migrate().await.unwrap_err();
    assert!(matches!(error, ConnectError::Busy(_)), "{error:?}");
}
