//! Letters that come in while a supporter reads: how long a thousand of them take, and how long the supporter waits for their pages.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use muticket_core::blob::ObjectBlobs;
use muticket_core::mail::ReplyKey;
use muticket_core::{MailIn, NewTicket, UserId, Visitor};
use muticket_diesel::DieselStorage;
use tokio::sync::Mutex;

use crate::figure::Figure;
use crate::pages::{processor_ms, processor_time_ms};
use crate::site::Site;
use crate::world::{People, helpdesk_with};

const LETTERS: usize = 3000;
const TICKETS: usize = 300;
/// How many letters the mail server hands over at once: as many as the door takes.
const AT_ONCE: usize = 4;
/// How long the supporter looks at a page before they ask for the next one.
const PAUSE: Duration = Duration::from_millis(20);
/// What the supporter asks for in turn: the list, and a ticket that gets replies meanwhile.
const PAGES: [(&str, &str); 2] = [("list", "/support/tickets"), ("ticket", "/support/tickets/1")];
const KEY: &str = "the key of the mail server";

pub(crate) async fn figures() -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("letters.sqlite").display());
    let storage = Arc::new(DieselStorage::connect(&url).await.expect("a fresh database"));
    let blobs = Arc::new(ObjectBlobs::folder(folder.path().join("uploads")).expect("a folder for files"));
    let rules = MailIn::new("support+{token}@example.org").expect("a pattern").with_key(KEY);
    let (helpdesk, category) = helpdesk_with(storage, |builder| builder.blobs(blobs).mail_in(rules.clone())).await;
    let site = Site::launch(helpdesk.clone()).await;

    let portal = helpdesk.portal(&Visitor::User(People::user("anna"))).expect("anna is a user");
    // The name of the secret of the site with which the courier makes addresses.
    let key = ReplyKey::new(helpdesk.secret("replies").await.expect("a secret"));
    let mut letters = VecDeque::new();
    for ticket in 0..TICKETS {
        let (subject, category) = (format!("Question {ticket}"), Some(category.clone()));
        let new = NewTicket { subject, body: "Why?".into(), category, ..Default::default() };
        let number = portal.open(new).await.expect("a ticket").number;
        let token = key.token(number, &UserId::new("anna"), helpdesk.now());
        let address = rules.pattern().address(&token).expect("an address");
        for reply in 0..LETTERS / TICKETS {
            letters.push_back(letter(address.as_str(), ticket, reply));
        }
    }
    let size: usize = letters.iter().map(String::len).sum();
    println!("{LETTERS} letters of {:.1} KB on average", size as f64 / LETTERS as f64 / 1000.0);

    let quiet = waits(&site, &AtomicBool::new(false), 100).await;
    let (letters, done) = (Arc::new(Mutex::new(letters)), Arc::new(AtomicBool::new(false)));
    let reader = tokio::spawn({
        let (site, done) = (site.clone(), done.clone());
        async move { waits(&site, &done, usize::MAX).await }
    });
    let (begun, processor) = (Instant::now(), processor_time_ms());
    let doors: Vec<_> = (0..AT_ONCE).map(|_| tokio::spawn(hands_over(site.clone(), letters.clone()))).collect();
    for door in doors {
        door.await.expect("letters come in");
    }
    let (took, processor) = (begun.elapsed().as_secs_f64(), processor_time_ms() - processor);
    done.store(true, Ordering::SeqCst);
    let busy = reader.await.expect("pages come");

    println!("letters in a minute: {:.0}", LETTERS as f64 * 60.0 / took);
    println!("processor time of a letter, with the pages meanwhile: {:.1} ms", processor / LETTERS as f64);
    let mut figures = vec![Figure {
        name: "a thousand letters of 20 KB come in".into(),
        value: took * 1000.0 / LETTERS as f64,
        bound: 60.0,
        unit: "s",
    }];
    for (((page, path), quiet), busy) in PAGES.into_iter().zip(&quiet).zip(&busy) {
        for (when, times) in [("without letters", quiet), ("while letters come", busy)] {
            let [half, most, nearly_all] = [50, 95, 99].map(|percent| percentile(times, percent));
            println!(
                "the {page} {when}: half within {half:.1} ms, 95 % within {most:.1} ms, 99 % within {nearly_all:.1} ms, {} pages",
                times.len()
            );
        }
        println!("the {page} while letters come, as a multiple of without: {:.2}", percentile(busy, 50) / percentile(quiet, 50));
        println!("processor time of the {page}: {:.2} ms", processor_ms(&site, "sara", path, 500).await);
        let name = format!("the {page} of a supporter meanwhile: 99 % within");
        figures.push(Figure { name, value: percentile(busy, 99), bound: 20.0, unit: "ms" });
    }
    figures
}

/// Asks for the pages in turn until all letters are there, at most so often. Returns the milliseconds of each, sorted.
async fn waits(site: &Site, done: &AtomicBool, most: usize) -> [Vec<f64>; PAGES.len()] {
    let mut times = [const { Vec::new() }; PAGES.len()];
    for _ in 0..most {
        for ((_, path), times) in PAGES.into_iter().zip(&mut times) {
            let begun = Instant::now();
            site.page("sara", path).await;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
            tokio::time::sleep(PAUSE).await;
        }
        if done.load(Ordering::SeqCst) {
            break;
        }
    }
    times.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
    times
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

async fn hands_over(site: Site, letters: Arc<Mutex<VecDeque<String>>>) {
    loop {
        let letter = letters.lock().await.pop_front();
        let Some(letter) = letter else { return };
        assert_eq!(site.mail(KEY, letter).await.trim(), "replied");
    }
}

/// A reply of about 20 KB: in two forms with a quotation, and with a file.
fn letter(address: &str, ticket: usize, reply: usize) -> String {
    let said = format!("This is reply {reply}. It did not help, and the lamp is still red.\r\n");
    let quoted = "> Please turn it off, wait for a minute, and turn it on again. Then tell us what it shows.\r\n".repeat(45);
    let html =
        "<p style=\"margin:0\">Please turn it off, wait for a minute, and turn it on again. Then tell us.</p>\r\n".repeat(65);
    let file = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n".repeat(110);
    format!(
        "From: Anna <anna@example.org>\r\nTo: <{address}>\r\nSubject: Re: Question {ticket}\r\n\
         Message-ID: <{ticket}.{reply}@mail.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\
         Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n\r\n\
         {said}\r\nOn Monday, Support wrote:\r\n{quoted}\r\n--c\r\n\
         Content-Type: text/html\r\n\r\n<p>{said}</p><div class=\"gmail_quote\">{html}</div>\r\n--c--\r\n--b\r\n\
         Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment; filename=reply-{reply}.pdf\r\n\r\n{file}--b--\r\n"
    )
}
