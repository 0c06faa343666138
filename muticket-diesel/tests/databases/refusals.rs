//! Databases that do not fit, cannot be written, or are full. The launch fails and says how to mend it; a running site takes no harm.

use std::io::{Seek as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use muticket_core::settings::Settings;
use muticket_core::storage::{Storage, StorageError, StorageFault, Unit};
use muticket_diesel::{ConnectError, DieselStorage};
use muticket_test_support::database::{PrivateServer, Server};

pub(crate) async fn write(storage: &DieselStorage) -> Result<(), StorageError> {
    (storage as &dyn Storage).run_write(|unit| unit.settings().update(&Settings::default())).await
}

pub(crate) async fn read(storage: &DieselStorage) -> Result<Settings, StorageError> {
    (storage as &dyn Storage).run_read(|unit| unit.settings().find()).await
}

pub(crate) fn is_not_writable(outcome: &Result<(), StorageError>) -> bool {
    matches!(outcome, Err(StorageError::Failed { kind: StorageFault::NotWritable, .. }))
}

/// The address of a database on a MariaDB server, for a user with these rights.
fn as_desk(server: &PrivateServer, rights: &str) -> String {
    server.execute("CREATE DATABASE desk");
    server.execute("CREATE USER desk@'%' IDENTIFIED BY 'desk'");
    server.execute(&format!("GRANT {rights} ON desk.* TO desk@'%'"));
    let address = server.url().replacen("root@", "desk:desk@", 1);
    address.replacen("/mysql?", "/desk?", 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_keep_every_text_is_refused() {
    let Some(server) = PrivateServer::start(Server::Postgres) else { return };
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let name = encoding.to_lowercase();
        server.execute(&format!("CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"));
        let (place, _) = server.url().rsplit_once('/').unwrap();
        let address = format!("{place}/{name}");
        let error = DieselStorage::connect(&address).await.unwrap_err();
        assert!(matches!(&error, ConnectError::NarrowEncoding(found) if found == encoding), "{error:?}");
        assert!(error.to_string().contains("ENCODING 'UTF8'"), "it names the mend: {error}");
    }
}

/// Errors of a server that answers in another language are understood.
#[tokio::test(flavor = "multi_thread")]
async fn a_german_server_is_understood() {
    let Some(server) = PrivateServer::start_with(Server::Mysql, &["--lc-messages=de_DE"]) else { return };
    assert!(server.query("SELECT @@GLOBAL.lc_messages") == ["de_DE"]);
    let address = as_desk(&server, "SELECT");
    let error = DieselStorage::connect(&address).await.unwrap_err();
    assert!(matches!(error, ConnectError::NotAllowed { .. }), "{error:?}");
    assert!(error.to_string().contains("grant the user CREATE"), "{error}");

    server.execute("GRANT ALL ON desk.* TO desk@'%'");
    let storage = DieselStorage::connect(&address).await.unwrap();
    write(&storage).await.unwrap();
    // The lock is held longer than one run waits, and shorter than all runs together wait.
    let runs = Arc::new(AtomicU32::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| server.execute("BEGIN; SELECT * FROM desk.muticket_settings FOR UPDATE; DO SLEEP(4); COMMIT"));
        tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(async {
                tokio::time::sleep(Duration::from_millis(500)).await;
                let counted = runs.clone();
                let work = move |unit: &mut dyn Unit| {
                    counted.fetch_add(1, Ordering::SeqCst);
                    unit.settings().update(&Settings::default())
                };
                (&storage as &dyn Storage).run_write(work).await.unwrap();
            });
        });
    });
    assert!(runs.load(Ordering::SeqCst) > 1, "it waited in vain and was run again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mariadb_or_mysql_server_that_is_read_only_is_refused_and_endured() {
    let Some(server) = PrivateServer::start(Server::Mysql) else { return };
    let address = as_desk(&server, "ALL");
    server.execute("SET GLOBAL read_only = 1");
    let error = DieselStorage::connect(&address).await.unwrap_err();
    assert!(matches!(error, ConnectError::NotAllowed { .. }), "{error:?}");
    assert!(error.to_string().contains("not read-only"), "{error}");

    server.execute("SET GLOBAL read_only = 0");
    let storage = DieselStorage::connect(&address).await.unwrap();
    write(&storage).await.unwrap();
    server.execute("SET GLOBAL read_only = 1");
    let outcome = write(&storage).await;
    assert!(is_not_writable(&outcome), "{outcome:?}");
    read(&storage).await.unwrap();
    server.execute("SET GLOBAL read_only = 0");
    write(&storage).await.unwrap();
}

/// Sets the number in the file's header that says who may write it. A program that does not know the number may only read. File
/// permissions would not stop a test that runs as root.
fn make_read_only(file: &str) {
    let mut file = std::fs::File::options().write(true).open(file).unwrap();
    file.seek(std::io::SeekFrom::Start(18)).unwrap();
    file.write_all(&[3]).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_file_that_is_read_only_is_refused_at_launch() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tickets.db").display().to_string();
    write(&DieselStorage::connect(&file).await.unwrap()).await.unwrap();
    make_read_only(&file);
    let error = DieselStorage::connect(&file).await.unwrap_err();
    assert!(matches!(error, ConnectError::NotWritable { .. }), "{error:?}");
    assert!(error.to_string().contains("may write the file"), "{error}");
}
