//! What is answered below the base, and what is not.

use axum::Router;
use axum::body::Body;
use axum::http::Method;
use muticket_axum::Configure as _;
use muticket_world::World;

use crate::client::end;
use crate::server::{Site, module};

#[tokio::test]
async fn a_guest_is_sent_to_sign_in_and_back() {
    let world = World::new().await;
    let site = Site::serve(module(&world)).await;
    let answer = site.client(None).await.gets("/support/tickets?state=all").await.is(303);
    assert_eq!(answer.header("location"), "/login?back=%2Fsupport%2Ftickets%3Fstate%3Dall");
}

#[tokio::test]
async fn a_list_is_a_page_in_the_layout_of_the_host() {
    let world = World::new().await;
    let _ = world.anna().opens("the printer", None).await.unwrap();
    let site = Site::serve(module(&world)).await;
    let list = site.client(Some("anna")).await.gets("/support/tickets").await.is(200);
    assert!(list.text().contains("the printer") && list.text().contains("Seen from 127.0.0.1"), "{}", list.text());
    assert_eq!(list.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(list.header("content-length"), list.body.len().to_string());
    assert_eq!(list.header("cache-control"), "no-store");
    assert!(list.header("content-security-policy").starts_with("default-src 'self'"));
}

#[tokio::test]
async fn a_ticket_is_opened_with_a_file_that_comes_back_as_it_went_in() {
    let world = World::new().await;
    let site = Site::serve(module(&world)).await;
    let mut anna = site.client(Some("anna")).await;
    let bytes: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let form = anna.form("/support", "The printer", "log.bin").await;
    let body = [form.as_bytes(), &bytes, end().as_bytes()].concat();
    let opened = anna.posts("/support/tickets", Body::from(body.clone())).await.is(303);
    let ticket = opened.header("location").split(['?', '#']).next().unwrap().to_owned();
    let page = anna.gets(&ticket).await.is(200);
    assert!(page.text().contains("The printer") && page.text().contains("It is silent"), "{}", page.text());
    let file = anna.gets(&page.file()).await.is(200);
    assert_eq!((file.header("content-length"), file.body.as_ref()), ("300000", &bytes[..]));
    let head = anna.asks(Method::HEAD, &page.file()).await.is(200);
    assert_eq!((head.header("content-length"), head.body.len()), ("300000", 0));
    // The token belongs to Anna.
    site.client(Some("ben")).await.posts("/support/tickets", Body::from(body)).await.is(403);
}

#[tokio::test]
async fn missing_pages_below_the_base_are_of_muticket_and_others_of_the_host() {
    let world = World::new().await;
    let site = Site::serve(module(&world)).await;
    let mut anna = site.client(Some("anna")).await;
    for path in ["/support/nowhere", "/support/tickets/99", "/support/backend/a/b", "/support/%FF", "/support//nowhere"] {
        assert!(anna.gets(path).await.is(404).text().contains("Seen from"), "{path}");
    }
    for method in [Method::DELETE, Method::PUT, Method::OPTIONS, Method::from_bytes(b"PROPFIND").unwrap()] {
        let refused = anna.asks(method, "/support/tickets").await.is(405);
        assert_eq!(refused.header("allow"), "GET, HEAD, POST");
        assert!(refused.text().contains("Seen from"), "{refused:?}");
    }
    for path in ["/support", "/support/", "/support/tickets"] {
        let (get, head) = (anna.gets(path).await, anna.asks(Method::HEAD, path).await);
        assert_eq!((get.status, head.status, head.body.len()), (head.status, get.status, 0), "{path}");
        assert_eq!(get.header("content-length"), head.header("content-length"), "{path}");
    }
    for path in ["/", "/supportx", "/tickets", "/nowhere"] {
        assert_eq!(anna.gets(path).await.is(404).text(), "nothing here, says the host", "{path}");
    }
    assert_eq!(anna.gets("/about").await.is(200).text(), "about the host");
    anna.asks(Method::DELETE, "/about").await.is(405);
}

#[tokio::test]
async fn two_modules_are_in_one_site() {
    let (shop, workshop) = (World::new().await, World::new().await);
    let _ = shop.anna().opens("the parcel", None).await.unwrap();
    let _ = workshop.anna().opens("the drill", None).await.unwrap();
    let (outer, _outer) = module(&shop).launch().await.unwrap();
    let (inner, _inner) = module(&workshop).at("/support/workshop/").launch().await.unwrap();
    let site = Site::serve_router(Router::new().merge(outer).merge(inner)).await;
    let mut anna = site.client(Some("anna")).await;
    for (base, own, other) in [("/support", "the parcel", "the drill"), ("/support/workshop", "the drill", "the parcel")] {
        let list = anna.gets(&format!("{base}/tickets")).await.is(200);
        assert_eq!(list.attributes(".head .button-primary", "href", "class")[0].0, format!("{base}/tickets/new"));
        let page = list.text();
        assert!(page.contains(own) && !page.contains(other), "{base}: {page}");
        anna.gets(&format!("{base}/nowhere")).await.is(404);
    }
}

#[tokio::test]
async fn at_the_root_the_host_keeps_its_pages() {
    let world = World::new().await;
    let site = Site::serve(module(&world).at("/")).await;
    let mut anna = site.client(Some("anna")).await;
    anna.gets("/").await.is(303);
    assert!(anna.gets("/tickets/nowhere/at/all").await.is(404).text().contains("Seen from"));
    anna.asks(Method::PUT, "/tickets").await.is(405);
    assert_eq!(anna.gets("/about").await.is(200).text(), "about the host");
    assert_eq!(anna.gets("/nowhere").await.is(404).text(), "nothing here, says the host");
    let style = anna.gets("/tickets").await.is(200).attributes("link[rel=stylesheet]", "href", "rel").remove(0).0;
    anna.gets(&style).await.is(200);
    anna.asks(Method::HEAD, &style).await.is(200);
}

#[tokio::test]
async fn a_nested_router_is_behind_the_part_that_axum_removes() {
    let world = World::new().await;
    let (pages, _worker) = module(&world).path_prefix("/shop").launch().await.unwrap();
    let site = Site::serve_router(Router::new().nest("/shop", pages)).await;
    let mut anna = site.client(Some("anna")).await;
    let list = anna.gets("/shop/support/tickets").await.is(200);
    assert_eq!(list.attributes(".head .button-primary", "href", "class")[0].0, "/shop/support/tickets/new");
}
