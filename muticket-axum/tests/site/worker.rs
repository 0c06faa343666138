//! What the worker does without its handle. The journeys show that a stop finishes what is under way.

use std::time::Duration;

use muticket_axum::Configure as _;
use muticket_world::World;
use tokio::time::timeout;

use crate::server::module;

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
