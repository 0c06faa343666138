//! When several processes start at once on an empty database, exactly one of them fills it.

use muticket_core::storage::{Reach, Storage, StorageError, Unit, View};
use muticket_diesel::DieselStorage;
use muticket_test_support::{SmtpServer, database};

use crate::node::{Node, free_addresses};

#[rocket::async_test]
async fn four_processes_on_an_empty_file_fill_it_once() {
    let folder = tempfile::tempdir().unwrap();
    four_processes(&format!("sqlite:{}", folder.path().join("muticket-demo.sqlite").display())).await;
}

#[rocket::async_test]
async fn four_processes_on_an_empty_server_fill_it_once() {
    for database in [database::postgres(), database::mysql()].into_iter().flatten() {
        four_processes(database.url()).await;
    }
}

async fn four_processes(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let smtp = SmtpServer::start().await.unwrap();
    let addresses = free_addresses::<4>();
    let start = |(place, address): (usize, &_)| {
        Node::start_filled(&format!("node-{place}.log"), *address, url, &smtp.url(), folder.path())
    };
    let mut nodes: Vec<Node> = addresses.iter().enumerate().map(start).collect();
    for node in &mut nodes {
        node.is_up().await;
    }
    drop(nodes);
    let storage = DieselStorage::connect(url).await.unwrap();
    let counts = |unit: &mut dyn Unit| {
        let tickets = unit.overviews().count(&[View::of(Reach::All)])?;
        Ok::<_, StorageError>((tickets, unit.categories().list()?.len(), unit.supporters().list()?.len()))
    };
    let found = (&storage as &dyn Storage).run_read(counts).await.unwrap();

    let alone = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", alone.path().join("muticket-demo.sqlite").display());
    let mut node = Node::start_filled("alone.log", addresses[0], &file, &smtp.url(), alone.path());
    node.is_up().await;
    drop(node);
    let storage = DieselStorage::connect(&file).await.unwrap();
    assert_eq!(found, (&storage as &dyn Storage).run_read(counts).await.unwrap());
}
