//! What is under way is finished when the site stops, also if the browser has left.

use std::sync::Arc;
use std::time::Duration;

use muticket_core::mail::{Letter, Mailer, SendError};
use muticket_journeys::{Adapter, Form, Mount, Plan, Reception, Wire, World, in_both};
use muticket_web::Configure as _;
use muticket_world::MailSink;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

/// A mail server that takes a letter only when it is told to.
struct SlowMail {
    asked: Semaphore,
    may: Semaphore,
    sink: MailSink,
}

#[muticket_axum::async_trait]
impl Mailer for SlowMail {
    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        self.asked.add_permits(1);
        self.may.acquire().await.unwrap().forget();
        self.sink.send(letter).await
    }
}

/// How long something is watched that must not end yet.
const SOON: Duration = Duration::from_millis(300);
/// How long the end of something is waited for. Rocket looks after two seconds, and then after five, whether requests are under way.
const LATER: Duration = Duration::from_secs(20);

async fn form(world: &World) -> Form {
    world.as_("anna").drafts("The printer", "Billing", "It is silent").await
}

in_both! {
    async fn the_stop_waits_for_the_letter_under_way(adapter: Adapter) {
        // A helpdesk of its own: the site of a journey's world would ring its own worker.
        let world = muticket_world::World::new().await;
        let mail = Arc::new(SlowMail { asked: Semaphore::new(0), may: Semaphore::new(0), sink: MailSink::default() });
        let mailer = mail.clone();
        let mount = Mount::new(&world.helpdesk, Reception::new(world.people.clone()), |settings| {
            let _ = settings.public_url("https://example.org").mail(mailer, "Support <support@example.org>");
        });
        let wire = Wire::serve(adapter, mount).await;
        let _ = world.anna().opens("the printer", None).await.unwrap();
        timeout(LATER, mail.asked.acquire()).await.expect("the worker sends").unwrap().forget();
        let mut stop = Box::pin(wire.stop());
        assert!(timeout(SOON, &mut stop).await.is_err(), "the letter is still under way");
        assert!(mail.sink.recipients().is_empty());
        mail.may.add_permits(100);
        timeout(LATER, stop).await.expect("the letter is sent");
        assert!(!mail.sink.recipients().is_empty());
        // The letter is noted as sent: nothing sends it again.
        assert_eq!(world.unsent().await.len() + mail.sink.recipients().len(), 2);
    }
}

in_both! {
    async fn a_form_under_way_is_taken_when_the_site_stops(adapter: Adapter) {
        let world = World::new(Plan::memory().over(adapter)).await;
        let (wire, form) = (world.wire().await, form(&world).await);
        let (_, body) = form.sent();
        let half = body.len() / 2;
        let mut line = wire.begins("anna", &form, half).await;
        sleep(SOON).await;
        let mut stop = Box::pin(wire.stop());
        assert!(timeout(SOON, &mut stop).await.is_err(), "the form is still under way");
        line.sends(&body[half..]).await;
        let (status, answer) = line.answer().await;
        assert_eq!(status, 303, "{answer}");
        timeout(LATER, stop).await.expect("the site has stopped");
        assert_eq!(world.as_("anna").lists("").await, ["The printer"]);
        assert_eq!(world.mailed().await, ["sara"]);
    }
}

/// Sends a form, and leaves while the host is asked about the supporters.
async fn sends_and_leaves(world: &World, wire: &Wire) {
    let form = form(world).await;
    let _ = world.people().questions();
    world.people().hang();
    let line = wire.begins("anna", &form, usize::MAX).await;
    let asked = async {
        while world.people().questions().is_empty() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LATER, asked).await.expect("the host is asked");
    drop(line);
    sleep(SOON).await;
}

in_both! {
    async fn a_form_is_taken_although_the_browser_has_left(adapter: Adapter) {
        let world = World::new(Plan::memory().over(adapter)).await;
        let wire = world.wire().await;
        sends_and_leaves(&world, &wire).await;
        assert!(world.mailed().await.is_empty(), "nothing is stored yet");
        world.people().answer();
        let stored = async {
            while world.mailed().await != ["sara"] {
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(LATER, stored).await.expect("the ticket is stored, with a letter");
    }
}

in_both! {
    async fn the_stop_waits_for_a_form_whose_browser_has_left(adapter: Adapter) {
        let world = World::new(Plan::memory().over(adapter)).await;
        let wire = world.wire().await;
        sends_and_leaves(&world, &wire).await;
        let mut stop = Box::pin(wire.stop());
        assert!(timeout(SOON, &mut stop).await.is_err(), "the form is still under way");
        world.people().answer();
        timeout(LATER, stop).await.expect("the site has stopped");
        assert_eq!(world.mailed().await, ["sara"]);
    }
}
