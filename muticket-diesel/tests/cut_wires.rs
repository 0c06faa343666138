//! Connections that break at any byte. The unit ends, in time and with little memory, and the next unit reconnects.

#![cfg(all(feature = "postgres", feature = "mysql"))]
#![expect(clippy::unwrap_used, reason = "clippy knows the tests, but not what they are made of")]

use std::time::Duration;

use muticket_core::category::Category;
use muticket_core::id::CategoryId;
use muticket_core::language::Language;
use muticket_core::settings::Settings;
use muticket_core::storage::{Storage, StorageError, StoredCategory};
use muticket_diesel::DieselStorage;
use muticket_test_support::database::{self, TestDatabase};
use muticket_test_support::{TcpProxy, Toward};

/// Far more than a unit takes, and far less than the 30 seconds after which a silent server is given up.
const IN_TIME: Duration = Duration::from_secs(10);

/// Far more than the rows of the unit take, and far less than a connection that is read without end takes in a second.
const MEMORY: u64 = 64 * 1024;

/// The memory of this process, in KiB.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Reads a few rows, then changes one.
async fn unit(storage: &DieselStorage) -> Result<usize, StorageError> {
    let work = |unit: &mut dyn muticket_core::storage::Unit| {
        let found = unit.categories().list()?.len();
        unit.settings().update(&Settings::default())?;
        Ok(found)
    };
    (storage as &dyn Storage).run_write(work).await
}

/// P-19, P-28: cuts the connection after 0, 1, 2, .. bytes, until the unit needs fewer than that.
async fn cut_everywhere(server: TestDatabase, toward: Toward) {
    let proxy = TcpProxy::before(server.url()).await.unwrap();
    let storage = DieselStorage::connect(proxy.url()).await.unwrap();
    let begun = memory();
    let mut cuts = 0;
    for bytes in 0.. {
        proxy.cut_after(toward, bytes);
        let ended = tokio::time::timeout(IN_TIME, unit(&storage)).await;
        let outcome = ended.unwrap_or_else(|_| panic!("{toward:?}: after {bytes} bytes the unit does not end"));
        assert!(memory() < begun + MEMORY, "{toward:?}: after {bytes} bytes: {begun} KiB have become {} KiB", memory());
        if proxy.takes_back_the_cut() {
            assert_eq!(outcome.unwrap(), 3);
            break;
        }
        cuts += 1;
    }
    assert!(cuts > 300, "{toward:?}: {cuts} cuts are fewer than a unit has bytes");
}

async fn filled(server: &TestDatabase) {
    let storage = DieselStorage::connect(server.url()).await.unwrap();
    let fill = |unit: &mut dyn muticket_core::storage::Unit| {
        ["billing", "shipping", "returns"].iter().try_for_each(|name| {
            let names = vec![(Language::english(), (*name).to_owned())];
            unit.categories().insert(&StoredCategory { category: Category { id: CategoryId::new(*name), names }, retired: false })
        })
    };
    (&storage as &dyn Storage).run_write(fill).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wire_that_is_cut_on_the_way_to_postgres_ends_the_unit() {
    let Some(server) = database::postgres() else { return };
    filled(&server).await;
    cut_everywhere(server, Toward::Server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wire_that_is_cut_on_the_way_from_postgres_ends_the_unit() {
    let Some(server) = database::postgres() else { return };
    filled(&server).await;
    cut_everywhere(server, Toward::Client).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wire_that_is_cut_on_the_way_to_mariadb_ends_the_unit() {
    let Some(server) = database::mysql() else { return };
    filled(&server).await;
    cut_everywhere(server, Toward::Server).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wire_that_is_cut_on_the_way_from_mariadb_ends_the_unit() {
    let Some(server) = database::mysql() else { return };
    filled(&server).await;
    cut_everywhere(server, Toward::Client).await;
}
