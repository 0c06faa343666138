//! Heavy tickets. Every page of them is light, every message can be read to its end, and many concurrent readers cost little (P-19).
//! The tests run in Rocket alone, because a page is made before an adapter sees it.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

use std::collections::BTreeSet;

use bytes::Bytes;
use muticket_core::{NewMessage, NewTicket, TicketNumber, Visitor};
use muticket_journeys::{Answer, Browser, Plan, World};

/// The maximum size of a page, in bytes.
const PAGE: usize = 320_000;

/// Texts of the maximum length that take the most bytes as HTML, each in another way.
fn texts() -> Vec<String> {
    let filled = |piece: &str| piece.repeat(20_000 / piece.chars().count());
    let pieces = [
        "a",
        "\"",
        "&'",
        "<b>",
        "😀",
        "http://a.b ",
        "http://a,",
        "A line of a log, and /a/path\n",
        "https://a.b/?a=1&b='2'&c=3 ",
    ];
    pieces.into_iter().map(filled).chain([format!("https://a.b/?{}", "&".repeat(19_900))]).collect()
}

/// A ticket of Anna's with all of these texts, many times, and with files whose names take the most bytes.
async fn heavy(world: &World, messages: usize, files: usize) -> u64 {
    let door = |name: &str| Visitor::User(world.people().find(name).unwrap());
    let anna = world.helpdesk().portal(&door("anna")).unwrap();
    let sara = world.helpdesk().desk(&door("sara")).await.unwrap();
    let category = Some(world.category("Billing").await.id);
    let new = NewTicket { subject: "\"".repeat(255), body: "It is silent".to_owned(), category, ..NewTicket::default() };
    let number = anna.open(new).await.unwrap().number;
    for (place, body) in texts().into_iter().cycle().take(messages).enumerate() {
        let mut attachments = Vec::new();
        for file in 0..files {
            let name = format!("{file}{}.txt", "\"".repeat(110));
            attachments.push(anna.attach(&name, &mut Some(Bytes::from_static(b"x"))).await.unwrap());
        }
        let new = NewMessage { body, attachments, ..NewMessage::default() };
        match place % 2 {
            0 => drop(sara.answer(number, new).await.unwrap()),
            _ => drop(anna.reply(number, new).await.unwrap()),
        }
    }
    u64::try_from(number.get()).unwrap()
}

/// All pages of a ticket from the newest to the first, by the link to earlier messages.
async fn pages(browser: &Browser, ticket: u64) -> Vec<Answer> {
    let mut pages = vec![browser.sees(ticket).await];
    loop {
        let links = pages.last().unwrap().attributes(".pager a", "href");
        let Some(earlier) = links.iter().find(|link| link.contains("?before=")) else { return pages };
        let path = earlier.strip_prefix("/support").unwrap();
        pages.push(browser.get(path).await.is(200));
        assert!(pages.len() < 100, "it never ends");
    }
}

/// P-19: pages are light, by count and by bytes, for both sides. No message is left out, and none is cut without a link to its whole text.
#[tokio::test]
async fn every_page_is_light_and_every_message_can_be_read() {
    let world = World::new(Plan::sqlite()).await;
    for (messages, files) in [(100, 0), (20, 5)] {
        let ticket = heavy(&world, messages, files).await;
        for person in ["anna", "sara"] {
            let browser = world.as_(person);
            let (mut seen, mut read) = (BTreeSet::new(), 0);
            for page in pages(&browser, ticket).await {
                assert!(page.body.len() <= PAGE, "{} bytes for {}", page.body.len(), page.asked);
                seen.extend(page.attributes(".message", "id"));
                for link in page.attributes(".message-body > .hint a", "href") {
                    let whole = browser.get(link.strip_prefix("/support").unwrap().split('#').next().unwrap()).await.is(200);
                    assert!(whole.body.len() <= PAGE, "{} bytes for {}", whole.body.len(), whole.asked);
                    let number: usize = link.rsplit("message-").next().unwrap().parse().unwrap();
                    let text = whole.texts(&format!("#message-{number} .text"));
                    assert_eq!(text, [texts()[(number - 2) % texts().len()].trim_end()], "{link}");
                    read += 1;
                }
            }
            assert_eq!((seen.len(), read > messages / 2), (messages + 1, true), "{person}");
        }
    }
    // A letter's link leads to the whole text of a long message.
    let anna = world.as_("anna");
    assert!(anna.get("/tickets/1/messages/2").await.is(303).location().ends_with("/tickets/1?whole=2#message-2"));
    assert!(anna.get("/tickets/1/messages/1").await.is(303).location().ends_with("/tickets/1?from=1#message-1"));
    world.letters().await;
}

/// P-19: closing and reopening a ticket many times makes no heavy page.
#[tokio::test]
async fn many_events_make_no_heavy_page() {
    let world = World::new(Plan::memory()).await;
    let ticket = world.as_("anna").opens("Printer", "Billing", "It is silent").await;
    let sara = world.helpdesk().desk(&Visitor::User(world.people().find("sara").unwrap())).await.unwrap();
    let number = TicketNumber::new(i64::try_from(ticket).unwrap()).unwrap();
    for _ in 0..300 {
        sara.close(number, None).await.unwrap();
        sara.reopen(number).await.unwrap();
    }
    sara.close(number, None).await.unwrap();
    let page = world.as_("anna").sees(ticket).await;
    let events = page.all(".event");
    assert_eq!(events.len(), 61);
    assert!(events[0].contains("541") && events[60].contains("Sara Sand"), "{events:?}");
    assert!(page.body.len() < 60_000, "{}", page.body.len());
    world.letters().await;
}

/// The peak memory of this process, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// P-19: sixteen concurrent readers of the heaviest ticket.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_readers_cost_little() {
    let world = World::new(Plan::sqlite()).await;
    let ticket = heavy(&world, 100, 0).await;
    let read = |browser: Browser| async move { browser.sees(ticket).await.body.len() };
    let alone = read(world.as_("sara")).await;
    let before = peak();
    let readers: Vec<_> = (0..16).map(|_| tokio::spawn(read(world.as_("sara")))).collect();
    for reader in readers {
        assert_eq!(reader.await.unwrap(), alone);
    }
    let grown = (peak() - before) / 1024;
    assert!(grown < 128, "{grown} MiB for sixteen readers of {alone} bytes");
    world.letters().await;
}
