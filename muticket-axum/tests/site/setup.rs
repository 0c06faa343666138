//! A wrong set-up does not launch.

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use muticket_axum::{Configure as _, MuTicket};
use muticket_world::World;

use crate::server::module;

async fn refused(module: MuTicket) -> String {
    module.launch::<()>().await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_wrong_set_up_is_returned_with_what_to_fix() {
    let world = World::new().await;
    assert!(refused(module(&world).at("support")).await.contains("give `at` a path like /support"));
    assert!(refused(module(&world).at("/{a}")).await.contains("give `at` a path like /support"));
    assert!(refused(module(&world).at("/login")).await.contains("sign_in"));
    assert!(refused(module(&world).overrides("/nowhere/at/all")).await.contains("create it, or leave out `overrides`"));
    let mail = Arc::new(muticket_world::MailSink::default());
    let without_url = module(&world).mail(mail, "Support <support@example.org>");
    assert!(refused(without_url).await.contains(".public_url("));
}

#[tokio::test]
async fn two_modules_over_one_database_do_not_launch() {
    let world = World::new().await;
    let (_pages, worker) = module(&world).launch::<()>().await.unwrap();
    assert!(refused(module(&world).at("/other")).await.contains("give each its own database"));
    worker.stop().await;
}

#[tokio::test]
#[should_panic(expected = "/support")]
async fn two_modules_at_one_base_cannot_be_merged() {
    let (first, second) = (World::new().await, World::new().await);
    let (first, _worker) = module(&first).launch::<()>().await.unwrap();
    let (second, _worker) = module(&second).launch::<()>().await.unwrap();
    let _ = Router::new().merge(first).merge(second);
}

#[tokio::test]
#[should_panic(expected = "Overlapping method route")]
async fn a_site_with_a_page_at_an_address_of_the_module_cannot_be_merged() {
    let world = World::new().await;
    let (pages, _worker) = module(&world).at("/").launch::<()>().await.unwrap();
    let _ = Router::new().route("/", get("the page of the host")).merge(pages);
}
