//! What PostgreSQL, and MariaDB or MySQL, do beyond the contract: wrong addresses, and servers that go away and come back.

use std::time::{Duration, Instant};

use muticket_core::settings::Settings;
use muticket_core::storage::{Storage, StorageError, StorageFault};
use muticket_diesel::{ConnectError, DieselStorage};
use muticket_test_support::database::{self, PrivateServer, Server};

async fn settings(storage: &DieselStorage) -> Result<Settings, StorageError> {
    (storage as &dyn Storage).run_read(|unit| unit.settings().find()).await
}

async fn write(storage: &DieselStorage) -> Result<(), StorageError> {
    (storage as &dyn Storage).run_write(|unit| unit.settings().update(&Settings::default())).await
}

/// A private server of each kind that is installed.
fn private() -> impl Iterator<Item = PrivateServer> {
    [Server::Postgres, Server::Mysql].into_iter().filter_map(PrivateServer::start)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_started_again_is_found_again() {
    for mut server in private() {
        let storage = DieselStorage::connect(server.url()).await.unwrap();
        write(&storage).await.unwrap();
        let (_, other) = tokio::join!(settings(&storage), settings(&storage));
        other.unwrap();
        server.stop();
        let begun = Instant::now();
        let error = write(&storage).await.unwrap_err();
        assert!(matches!(&error, StorageError::Failed { kind: StorageFault::Connection, .. }), "{error:?}");
        assert!(begun.elapsed() < Duration::from_secs(5), "it says so instead of hanging");
        server.start_again();
        // No unit fails because of the old connections.
        for _ in 0..4 {
            settings(&storage).await.unwrap();
            write(&storage).await.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_went_away_fails_the_unit_and_nothing_after_it() {
    let Some(server) = database::postgres() else { return };
    let storage = DieselStorage::connect(server.url()).await.unwrap();
    write(&storage).await.unwrap();
    server.execute("ALTER TABLE muticket_settings RENAME TO muticket_away");
    let error = write(&storage).await.unwrap_err();
    assert!(matches!(error, StorageError::Failed { .. }), "{error:?}");
    server.execute("ALTER TABLE muticket_away RENAME TO muticket_settings");
    write(&storage).await.unwrap();
    settings(&storage).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_named_without_the_password() {
    for scheme in ["postgres", "mysql"] {
        let begun = Instant::now();
        let error = DieselStorage::connect(&format!("{scheme}://desk:s3cret@127.0.0.1:9/tickets")).await.unwrap_err();
        assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
        assert!(error.to_string().contains("127.0.0.1:9/tickets") && !error.to_string().contains("s3cret"), "{error}");
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_in_the_address_that_nobody_knows_is_named() {
    for scheme in ["postgres", "mysql"] {
        let error = DieselStorage::connect(&format!("{scheme}://desk:s3cret@127.0.0.1:9/tickets?nonsense=1")).await.unwrap_err();
        assert!(matches!(error, ConnectError::WrongAddress { .. }), "{error:?}");
        assert!(error.to_string().contains("nonsense") && !error.to_string().contains("s3cret"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_not_there_is_denied() {
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        let (place, _) = server.url().split_once('?').unwrap_or((server.url(), ""));
        let (host, _) = place.rsplit_once('/').unwrap();
        let error = DieselStorage::connect(&format!("{host}/muticket_of_nobody")).await.unwrap_err();
        assert!(matches!(error, ConnectError::Denied { .. }), "{error:?}");
    }
}

/// `sslmode=require` uses TLS, and verifies the certificate and the name in it.
#[tokio::test(flavor = "multi_thread")]
async fn a_servers_certificate_is_checked() {
    for kind in [Server::Postgres, Server::Mysql] {
        let Some(server) = PrivateServer::start_with_tls(kind) else { continue };
        let separator = if server.url().contains('?') { '&' } else { '?' };
        let by_name = server.url().replacen("127.0.0.1", "localhost", 1);
        let tls = |url: &str, more: &str| format!("{url}{separator}sslmode=require{more}");
        let authority = format!("&sslrootcert={}", PrivateServer::authority().display());

        let storage = DieselStorage::connect(&tls(&by_name, &authority)).await.unwrap();
        write(&storage).await.unwrap();
        let spoken = match kind {
            Server::Postgres => "SELECT count(*)::text FROM pg_stat_ssl WHERE ssl",
            Server::Mysql => {
                "SELECT CAST(SUM(LENGTH(variable_value) > 0) AS CHAR) FROM information_schema.global_status WHERE variable_name = 'Ssl_accepts'"
            }
        };
        assert_ne!(server.query(spoken), ["0"], "{kind:?} speaks TLS");

        let mut wrong = vec![tls(&by_name, "")];
        if kind == Server::Postgres {
            let elsewhere = server.url().replacen("127.0.0.1", "elsewhere.example", 1);
            wrong.push(tls(&elsewhere, &format!("{authority}&hostaddr=127.0.0.1")));
        }
        for url in wrong {
            let begun = Instant::now();
            let error = DieselStorage::connect(&url).await.unwrap_err();
            let ConnectError::Unreachable { cause, .. } = &error else { panic!("{kind:?}: {error:?}") };
            assert!(format!("{cause:?}").contains("InvalidCertificate"), "{kind:?}: {cause:?}");
            assert!(begun.elapsed() < Duration::from_secs(6), "{kind:?}: {error}");
        }
    }
}

/// If TLS is required, a server without TLS is sent nothing.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_in_the_clear_if_tls_is_asked_for() {
    for kind in [Server::Postgres, Server::Mysql] {
        let Some(server) = PrivateServer::start(kind) else { continue };
        let separator = if server.url().contains('?') { '&' } else { '?' };
        let error = DieselStorage::connect(&format!("{}{separator}sslmode=require", server.url())).await.unwrap_err();
        assert!(matches!(error, ConnectError::Unreachable { .. }), "{kind:?}: {error:?}");
    }
}

/// A user who may write but not create tables can use tables that another user created.
#[tokio::test(flavor = "multi_thread")]
async fn a_user_without_the_right_to_make_tables_needs_them_to_be_there() {
    let Some(mut server) = PrivateServer::start(Server::Postgres) else { return };
    server.execute("CREATE ROLE desk LOGIN");
    let as_desk = server.url().replacen("postgres@", "desk@", 1);
    assert_ne!(as_desk, server.url());
    let error = DieselStorage::connect(&as_desk).await.unwrap_err();
    assert!(matches!(error, ConnectError::NotAllowed { .. }), "{error:?}");
    assert!(error.to_string().contains("grant the user CREATE"), "{error}");

    drop(DieselStorage::connect(server.url()).await.unwrap());
    let error = DieselStorage::connect(&as_desk).await.unwrap_err();
    assert!(matches!(error, ConnectError::NotAllowed { .. }), "it may not even look: {error:?}");
    server.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO desk");
    let storage = DieselStorage::connect(&as_desk).await.unwrap();
    write(&storage).await.unwrap();
    settings(&storage).await.unwrap();
    server.stop();
}

/// The server refuses writes as a replica does. Only reading works.
#[tokio::test(flavor = "multi_thread")]
async fn a_replica_is_for_reading() {
    let Some(server) = database::postgres() else { return };
    let copy = format!("{}%20-c%20default_transaction_read_only%3Don", server.url());
    let error = DieselStorage::connect(&format!("{copy}&replica=true")).await.unwrap_err();
    assert!(matches!(error, ConnectError::Failed(_)), "there are no tables to read yet: {error:?}");

    write(&DieselStorage::connect(server.url()).await.unwrap()).await.unwrap();
    let error = DieselStorage::connect(&copy).await.unwrap_err();
    assert!(matches!(error, ConnectError::NotAllowed { .. }), "{error:?}");
    let replica = DieselStorage::connect(&format!("{copy}&replica=true")).await.unwrap();
    settings(&replica).await.unwrap();
    let error = write(&replica).await.unwrap_err();
    assert!(matches!(error, StorageError::Failed { kind: StorageFault::NotWritable, .. }), "{error:?}");

    server.execute("DELETE FROM muticket_migration");
    let error = DieselStorage::connect(&format!("{copy}&replica=true")).await.unwrap_err();
    assert!(matches!(error, ConnectError::SchemaTooOld(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn units_wait_for_their_turn_when_all_connections_are_in_use() {
    for server in [database::postgres(), database::mysql()].into_iter().flatten() {
        let separator = if server.url().contains('?') { '&' } else { '?' };
        let storage = DieselStorage::connect(&format!("{}{separator}connections=2", server.url())).await.unwrap();
        let storage = std::sync::Arc::new(storage);
        let many: Vec<_> = (0..30)
            .map(|_| {
                let storage = storage.clone();
                tokio::spawn(async move { settings(&storage).await })
            })
            .collect();
        for one in many {
            one.await.unwrap().unwrap();
        }
    }
}
