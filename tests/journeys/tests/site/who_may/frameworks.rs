//! The same request in Rocket and in axum. The answers must not differ.

use std::collections::BTreeSet;

use muticket_journeys::{Adapter, Answer, Plan, World};

use super::{ASKERS, TABLE, Things, browser, coded, request};

/// Headers that Rocket adds to all responses of a site, and the time.
const OF_THE_FRAMEWORK: [&str; 4] = ["date", "permissions-policy", "server", "x-frame-options"];

/// What both frameworks must answer alike: the status, the headers in alphabetical order, and the page. The names of the `things` are
/// replaced.
fn alike(answer: &Answer, things: &Things) -> (u16, Vec<(String, String)>, String) {
    let names = [
        (things.file.clone(), "FILE"),
        (things.supporter.to_string(), "SUPPORTER"),
        (things.category.clone(), "CATEGORY"),
        (format!("/tickets/{}", things.ticket), "/tickets/TICKET"),
    ];
    let renamed = |text: &str| names.iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, name));
    let headers = answer.headers.iter().map(|(name, value)| (name.to_lowercase(), without_view(&renamed(value))));
    let mut headers: Vec<_> = headers.filter(|(name, _)| !OF_THE_FRAMEWORK.contains(&name.as_str())).collect();
    headers.sort();
    (answer.status, headers, without_nonce(&renamed(&String::from_utf8_lossy(&answer.body))))
}

/// An address without the id of the view that was just saved.
fn without_view(address: &str) -> String {
    address.split_once("?view=").map_or(address, |(path, _)| path).to_owned()
}

/// A page without the value that is another one each time the page is shown.
fn without_nonce(page: &str) -> String {
    let mut parts = page.split("name=\"nonce\" value=\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |page, rest| page + rest.split_once('"').map_or(rest, |(_, rest)| rest))
}

/// a request that changes nothing gets the same answer in both frameworks, byte for byte: each method at each route and at
/// addresses that are no route, for each visitor.
#[tokio::test]
async fn both_frameworks_show_the_same() {
    let rocket = World::new(Plan::memory()).await;
    let axum = rocket.over(Adapter::Axum).await;
    let things = Things::make(&rocket).await;
    let routes = TABLE.iter().map(|(_, route, _)| things.path(route));
    let others =
        ["", "/", "//", "/nowhere", "/tickets/", "/tickets//1", "/%FF", "/tickets/%31", "/backend/a/b/c", "/assets/nothing.css"];
    let paths: BTreeSet<String> = routes.chain(others.map(str::to_owned)).collect();
    let methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"];
    let mut different = Vec::new();
    for path in paths {
        for (asker, method) in ASKERS.iter().flat_map(|asker| methods.map(|method| (asker, method))) {
            let mut answers = Vec::new();
            for world in [&rocket, &axum] {
                let answer = browser(world, asker).sends(method.parse().unwrap(), &path).go().await;
                answers.push(alike(&answer, &things));
            }
            if answers[0] != answers[1] {
                different.push(format!("{method} {path:?} as {asker:?}: {:?}", answers));
            }
        }
    }
    assert!(different.is_empty(), "{} answers differ: {:#?}", different.len(), &different[..different.len().min(5)]);
    assert_eq!(rocket.mailed().await, ["anna", "sara"]);
}

/// a valid form gets the same answer in both frameworks, at each route, from each visitor.
#[tokio::test]
async fn both_frameworks_take_the_same_forms() {
    let worlds = [World::new(Plan::memory()).await, World::new(Plan::memory().over(Adapter::Axum)).await];
    for (method, route, verdicts) in TABLE.iter().filter(|(method, ..)| *method == "POST") {
        let mut made = [Things::make(&worlds[0]).await, Things::make(&worlds[1]).await];
        for (asker, verdict) in ASKERS.iter().zip(verdicts) {
            let mut answers = Vec::new();
            for (world, things) in worlds.iter().zip(&mut made) {
                let answer = request(world, &browser(world, asker), method, route, things).await.go().await;
                let (status, headers, page) = alike(&answer, things);
                // A page that repeats the form has tokens in it.
                answers.push((status, headers, if matches!(*verdict, "200" | "422") { String::new() } else { page }));
                if *verdict == "303" {
                    *things = Things::make(world).await;
                }
            }
            assert_eq!(answers[0], answers[1], "{route} as {asker:?}");
        }
    }
    for world in worlds {
        assert!(!world.mailed().await.is_empty());
    }
}

/// D-02: Rocket takes another method from a form, as no other framework does. Such a form changes nothing.
#[tokio::test]
async fn a_form_with_another_method_changes_nothing_in_rocket() {
    let world = World::new(Plan::memory()).await;
    let things = Things::make(&world).await;
    for (method, route, verdicts) in TABLE.iter().filter(|(method, ..)| *method == "POST") {
        let place = verdicts.iter().position(|verdict| *verdict == "303").unwrap_or(8);
        let asker = world.as_(ASKERS[place]);
        let mut fields = things.fields(&world, route).await;
        fields.push(("token", asker.token().await));
        let before = world.kept().dump();
        for other in ["delete", "put", "patch", "get", "DELETE"] {
            let sending = asker.sends(method.parse().unwrap(), &things.path(route));
            let sending = sending.header("Content-Type", "application/x-www-form-urlencoded");
            let answer = sending.body(format!("_method={other}&{}", coded(&fields))).go().await;
            let looked = other == "get" && matches!(answer.status, 200 | 303);
            assert!(looked || matches!(answer.status, 403..=405), "{route} as {other}: {}", answer.brief());
        }
        assert_eq!(world.kept().dump(), before, "{route}");
    }
    assert_eq!(world.mailed().await, ["anna", "sara"]);
}
