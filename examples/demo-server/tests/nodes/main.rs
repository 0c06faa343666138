//! Two nodes of one site: two processes with one database and one folder, each with its own courier.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod client;
mod filling;
mod kept;
mod letters;
mod load;
mod node;
mod outage;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use muticket_test_support::{Point, SmtpServer, Trouble, database};
use rocket::tokio::time::sleep;

use crate::client::Browser;
use crate::kept::Inspector;
use crate::load::Crowd;
use crate::node::{Node, free_addresses};

#[rocket::async_test]
async fn two_nodes_on_one_sqlite_file() {
    let folder = tempfile::tempdir().unwrap();
    two_nodes(&format!("sqlite:{}", folder.path().join("support.sqlite").display())).await;
}

#[rocket::async_test]
async fn two_nodes_on_one_postgresql_server() {
    if let Some(database) = database::postgres() {
        two_nodes(database.url()).await;
    }
}

#[rocket::async_test]
async fn two_nodes_on_one_mariadb_or_mysql_server() {
    if let Some(database) = database::mysql() {
        two_nodes(database.url()).await;
    }
}

/// The whole scenario, on an empty database.
async fn two_nodes(url: &str) {
    let folder = tempfile::tempdir().unwrap();
    let servers = [SmtpServer::start().await.unwrap(), SmtpServer::start().await.unwrap()];
    let addresses = free_addresses();
    let start =
        |place: usize| Node::start(&format!("node-{place}.log"), addresses[place], url, &servers[place].url(), folder.path());

    // Start both at once: they create the tables, and the secret with which both sign their forms.
    let mut nodes = [start(0), start(1)];
    for node in &mut nodes {
        node.is_up().await;
    }
    furnish(addresses).await;
    let inspector = Inspector::new(url).await;
    let crowd = Crowd::new(addresses).await;

    // No node dies: nothing is lost, and nothing is sent twice.
    crowd.work("calm", 12).await;
    all_is_sent(&inspector, &nodes).await;
    assert_eq!(inspector.check(&crowd.log(), &servers).await, [""; 0]);
    assert!(servers.iter().all(|server| !server.received().is_empty()), "both couriers worked");

    // The first node dies while people write, and while its courier waits for the mail server's response to a letter.
    let (before, [first, second]) = (crowd.done(), &servers);
    let dying = async {
        until("forty forms are sent", || crowd.done() >= before + 40).await;
        first.make_trouble(Trouble::Hang(Point::Dot));
        until("the first node speaks of a letter", || first.troubles() == 0).await;
        nodes[0].kill();
        crowd.first_lives(false);
        (crowd.done() - before, second.received().len())
    };
    let ((), (sent_before, letters_before)) = rocket::tokio::join!(crowd.work("wild", 20), dying);
    assert!(sent_before <= 120, "it did not die in the middle: {sent_before} of 160 forms were sent before");
    all_is_sent(&inspector, &nodes).await;
    assert!(second.received().len() > letters_before, "the survivor had nothing left to do");
    let twice = inspector.check(&crowd.log(), &servers).await;
    assert_eq!(twice.len(), 1, "the letter that nobody knew about, and no other: {twice:?}");

    // The first node comes back. Those who were signed in there still are.
    nodes[0] = start(0);
    nodes[0].is_up().await;
    crowd.first_lives(true);
    crowd.work("again", 1).await;
    all_is_sent(&inspector, &nodes).await;
    let log = crowd.log();
    assert_eq!(inspector.check(&log, &servers).await, twice);
    log.has_everything();
    println!("told {}, broken {}, refused {:?}, twice {}", log.told.len(), log.broken, log.refused, twice.len());
}

/// Sets up the support through the backend. Every page comes from one node, and its form goes to the other.
async fn furnish([first, second]: [SocketAddr; 2]) {
    let ada = Browser::default();
    ada.sign_in(first, "ada").await;
    let form = ada.get(second, "/support/backend/settings").await.unwrap().form("/settings").unwrap();
    // With an assignee, who gets a letter about a reply would depend on who answered first. Whether a customer hears of a closing would
    // depend on when the ticket is reopened.
    let form = form.choosing("supporter_group", "Support").without("answering_assigns").without("closing_letters");
    assert_eq!(ada.submit(first, &form).await.unwrap().status, 303);
    for (person, asked, sent) in [("sara", first, second), ("tom", second, first)] {
        let form = ada.get(asked, "/support/backend/supporters/new").await.unwrap().form("/supporters").unwrap();
        let form = form.choosing("user", person).choosing("present", "1");
        assert_eq!(ada.submit(sent, &form).await.unwrap().status, 303);
    }
}

/// Waits until the condition holds, which should be soon.
async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain until {what}");
        sleep(Duration::from_millis(10)).await;
    }
}

/// Waits until the outbox has no waiting letters.
async fn all_is_sent(inspector: &Inspector, nodes: &[Node; 2]) {
    let begun = Instant::now();
    while inspector.outbox().await.waiting > 0 {
        assert!(
            begun.elapsed() < Duration::from_secs(150),
            "letters are stuck: {:?}\n{}",
            inspector.outbox().await,
            nodes.each_ref().map(Node::log).join("\n")
        );
        sleep(Duration::from_millis(100)).await;
    }
}
