//! The database server goes away while a node runs, and comes back.

use std::time::{Duration, Instant};

use muticket_test_support::SmtpServer;
use muticket_test_support::database::{PrivateServer, Server};
use rocket::tokio::time::sleep;

use crate::client::Browser;
use crate::furnish;
use crate::kept::Inspector;
use crate::node::{Node, free_addresses};

/// How soon everything works again after the server is back.
const BACK: Duration = Duration::from_secs(5);

#[rocket::async_test]
async fn text_is_kept_while_postgresql_is_away() {
    if let Some(server) = PrivateServer::start(Server::Postgres) {
        away_and_back(server).await;
    }
}

#[rocket::async_test]
async fn text_is_kept_while_mariadb_or_mysql_is_away() {
    if let Some(server) = PrivateServer::start(Server::Mysql) {
        away_and_back(server).await;
    }
}

async fn away_and_back(mut server: PrivateServer) {
    let folder = tempfile::tempdir().unwrap();
    let mail = SmtpServer::start().await.unwrap();
    let [address, _] = free_addresses();
    let mut node = Node::start("node.log", address, server.url(), &mail.url(), folder.path());
    node.is_up().await;
    furnish([address, address]).await;
    let anna = Browser::default();
    anna.sign_in(address, "anna").await;
    let form = anna.get(address, "/support/tickets/new").await.unwrap().form("/support/tickets").unwrap();
    let form = form.with("subject", "Broken desk").with("body", "The third leg is missing.");

    server.stop();
    let begun = Instant::now();
    let answer = anna.submit(address, &form).await.unwrap();
    assert_eq!(answer.status, 503);
    assert!(answer.page.contains("Broken desk") && answer.page.contains("The third leg is missing."), "the text is kept");
    assert_eq!(anna.get(address, "/support/tickets").await.unwrap().status, 503);
    assert!(begun.elapsed() < Duration::from_secs(12), "it says so instead of hanging");

    server.start_again();
    let begun = Instant::now();
    let opened = loop {
        let answer = anna.submit(address, &form).await.unwrap();
        if answer.status == 303 {
            break answer.leads_to().unwrap();
        }
        assert_eq!(answer.status, 503);
        assert!(begun.elapsed() < BACK, "it does not come back: {}", node.log());
        sleep(Duration::from_millis(100)).await;
    };
    // Nothing was stored during the outage: there is only one ticket, and each supporter got one letter about it. Anna has a receipt.
    let page = anna.get(address, "/support/tickets").await.unwrap().page;
    assert_eq!(page.matches("Broken desk").count(), 1, "{opened:?}");
    let begun = Instant::now();
    while mail.received().len() < 3 {
        assert!(begun.elapsed() < Duration::from_secs(60), "no letter came: {}", node.log());
        sleep(Duration::from_millis(50)).await;
    }
    // If there were a fourth letter, it would be sent at once.
    let inspector = Inspector::new(server.url()).await;
    while inspector.outbox().await.waiting > 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "letters are stuck: {}", node.log());
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(inspector.outbox().await.sent, 3);
    assert_eq!(mail.received().len(), 3);
}
