//! How much a client may send, how long it may take, and what happens when the site stops.

use std::time::Duration;

use tokio::io::BufReader;
use tokio::net::TcpStream;

use super::{Client, Site, letter};
use crate::lmtp::limits::Limits;

#[tokio::test]
async fn there_are_limits_for_lines_recipients_and_mistakes() {
    let site = Site::new().await;
    let mut client = site.client().await;
    client.talk(&[("LHLO x", "250"), (&format!("NOOP {}", "x".repeat(4089)), "250")]).await;
    client.talk(&[(&format!("NOOP {}", "x".repeat(4090)), "500 5.5.2"), (&"x".repeat(200_000), "500 5.5.2")]).await;
    client.talk(&[("MAIL FROM:<a@x.example>", "250")]).await;
    for number in 0..100 {
        client.talk(&[(&format!("RCPT TO:<b{number}@x.example>"), "250")]).await;
    }
    client.talk(&[("RCPT TO:<b@x.example>", "452 4.5.3"), ("DATA", "354")]).await;
    client.talk(&[(&format!("{}.", letter("x")), &["250"; 100].join("|"))]).await;
    for _ in 0..17 {
        client.talk(&[("what", "500 5.5.1")]).await;
    }
    client.talk(&[("what", "500 5.5.1|421 4.7.0")]).await;
    assert!(client.has_ended().await);
}

#[tokio::test]
async fn the_ninth_connection_is_turned_away() {
    let site = Site::new().await;
    let mut clients = Vec::new();
    for _ in 0..8 {
        clients.push(site.client().await);
    }
    let mut ninth = Client(BufReader::new(TcpStream::connect(&site.address).await.unwrap()));
    ninth.hears("421 4.3.2").await;
    assert!(ninth.has_ended().await);
    clients[0].talk(&[("QUIT", "221")]).await;
    assert!(clients[0].has_ended().await);
    // The place is free a moment after the connection has ended.
    for _ in 0..100 {
        let mut next = Client(BufReader::new(TcpStream::connect(&site.address).await.unwrap()));
        if next.hear().await.starts_with("220") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no place became free");
}

/// Otherwise eight clients could fill the memory.
#[tokio::test]
async fn the_fifth_letter_waits_for_a_place() {
    let site = Site::with(|limits| limits.place = Duration::from_millis(100)).await;
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(site.announced().await);
    }
    let mut fifth = site.client().await;
    let steps = [("LHLO x", "250"), ("MAIL FROM:<a@x.example>", "250"), ("RCPT TO:<b@x.example>", "250"), ("DATA", "451 4.3.2")];
    fifth.talk(&steps).await;
    clients[2].talk(&[(&format!("{}.", letter("x")), "250"), ("NOOP", "250")]).await;
    fifth.talk(&steps[1..3]).await;
    fifth.talk(&[("DATA", "354"), (&format!("{}.", letter("y")), "250")]).await;
}

#[tokio::test]
async fn a_slow_client_has_to_leave() {
    let short = Duration::from_millis(200);
    let site = Site::with(|limits| limits.command = short).await;
    let mut client = site.client().await;
    client.talk(&[("LHLO x", "250")]).await;
    client.send("NOO").await;
    client.hears("421 4.4.2").await;
    assert!(client.has_ended().await);

    for change in [(|limits: &mut Limits| limits.piece = Duration::from_millis(200)) as fn(&mut Limits), |limits| {
        limits.letter = Duration::from_millis(200)
    }] {
        let site = Site::with(change).await;
        let mut client = site.announced().await;
        client.send("From: a").await;
        client.hears("421 4.4.2").await;
        assert!(client.has_ended().await);
        assert_eq!(site.letters().await, []);
    }
}

#[tokio::test]
async fn a_site_that_stops_finishes_its_letters() {
    let site = Site::new().await;
    let (mut idle, mut busy) = (site.client().await, site.announced().await);
    busy.send(&letter("x")).await;
    let Site { world, address, stop, listens } = site;
    stop.send(()).unwrap();
    idle.hears("421 4.3.2").await;
    assert!(idle.has_ended().await);
    assert!(TcpStream::connect(&address).await.is_err(), "no new connections");
    busy.talk(&[(".", "250 2.0.0 taken in|421 4.3.2")]).await;
    listens.await.unwrap();
    assert_eq!(world.blobs.count(), 1);
}

#[tokio::test]
async fn a_site_that_stops_does_not_wait_for_ever() {
    let site = Site::with(|limits| limits.stop = Duration::from_millis(200)).await;
    let mut client = site.announced().await;
    client.send(&letter("x")).await;
    let world = site.stopped().await;
    client.hears("421 4.3.2").await;
    assert_eq!(world.blobs.count(), 0);
}
