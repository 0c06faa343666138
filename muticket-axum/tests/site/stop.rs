//! What is under way is finished when the site stops or the browser leaves.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use futures_util::stream;
use muticket_axum::{Configure as _, async_trait};
use muticket_core::TicketNumber;
use muticket_core::mail::{Letter, Mailer, SendError};
use muticket_world::{MailSink, World};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::client::end;
use crate::server::{Site, module};

/// A mail server that takes a letter only when it is told to.
struct SlowMail {
    asked: Semaphore,
    may: Semaphore,
    sink: MailSink,
}

#[async_trait]
impl Mailer for SlowMail {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        self.asked.add_permits(1);
        self.may.acquire().await.unwrap().forget();
        self.sink.send(letter).await
    }
}

const SOON: Duration = Duration::from_millis(300);

#[tokio::test]
async fn the_stop_waits_for_the_letter_under_way() {
    let world = World::new().await;
    let mail = Arc::new(SlowMail { asked: Semaphore::new(0), may: Semaphore::new(0), sink: MailSink::default() });
    let module = module(&world).public_url("https://example.org").mail(mail.clone(), "Support <support@example.org>");
    let site = Site::serve(module).await;
    let _ = world.anna().opens("the printer", None).await.unwrap();
    timeout(Duration::from_secs(5), mail.asked.acquire()).await.expect("the worker sends").unwrap().forget();
    let mut stop = Box::pin(site.stop());
    assert!(timeout(SOON, &mut stop).await.is_err(), "the letter is still under way");
    assert!(mail.sink.recipients().is_empty());
    mail.may.add_permits(100);
    timeout(Duration::from_secs(5), stop).await.expect("the letter is sent");
    assert!(!mail.sink.recipients().is_empty());
    // The letter is noted as sent: nothing sends it again.
    assert_eq!(world.unsent().await.len() + mail.sink.recipients().len(), 2);
}

#[tokio::test]
async fn a_worker_goes_on_without_its_handle() {
    let world = World::new().await;
    let module = module(&world).public_url("https://example.org").mail(world.mail.clone(), "Support <support@example.org>");
    drop(module.launch::<()>().await.unwrap());
    let _ = world.anna().opens("the printer", None).await.unwrap();
    let sent = async {
        while world.mail.letters().len() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), sent).await.expect("both supporters get a letter");
}

#[tokio::test]
async fn a_form_under_way_is_taken_when_the_site_stops() {
    let world = World::new().await;
    let site = Site::serve(module(&world)).await;
    let mut anna = site.client(Some("anna")).await;
    let form = anna.form("/support", "The printer", "log.txt").await;
    let (more, rest) = tokio::sync::mpsc::channel::<String>(1);
    let pieces = stream::unfold(rest, |mut rest| async {
        rest.recv().await.map(|piece| (Ok::<_, std::io::Error>(Bytes::from(piece)), rest))
    });
    let sent = tokio::spawn(async move { anna.posts("/support/tickets", Body::from_stream(pieces)).await });
    more.send(form).await.unwrap();
    tokio::time::sleep(SOON).await;
    let mut stop = Box::pin(site.stop());
    assert!(timeout(SOON, &mut stop).await.is_err(), "the form is still under way");
    more.send(format!("a line of the log{}", end())).await.unwrap();
    drop(more);
    sent.await.unwrap().is(303);
    timeout(Duration::from_secs(5), stop).await.expect("the site has stopped");
    let ticket = world.ticket(TicketNumber::new(1).unwrap()).await;
    assert_eq!(ticket.subject.as_str(), "The printer");
}

#[tokio::test]
async fn a_form_is_taken_although_the_browser_has_left() {
    let world = World::new().await;
    let site = Site::serve(module(&world)).await;
    let mut anna = site.client(Some("anna")).await;
    let form = anna.form("/support", "The printer", "log.txt").await + "a line of the log" + &end();
    let _ = world.people.questions();
    world.people.hang();
    let sent = tokio::spawn(async move { anna.posts("/support/tickets", Body::from(form)).await });
    let asked = async {
        while world.people.questions().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), asked).await.expect("the host is asked about the supporters");
    sent.abort();
    tokio::time::sleep(SOON).await;
    assert!(world.unsent().await.is_empty(), "nothing is stored yet");
    world.people.answer();
    let stored = async {
        while world.unsent().await.len() < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(Duration::from_secs(5), stored).await.expect("the ticket is stored, with a letter for each supporter");
}
