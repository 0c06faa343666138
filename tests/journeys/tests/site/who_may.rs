//! Who may do what: one line per route, and one result per visitor. Every route must be in the table, and every line must be a route.

mod frameworks;
mod things;

use std::collections::BTreeSet;

use muticket_journeys::{Answer, Browser, Method, Sending, World, journey};
use muticket_web::Endpoint;

use self::things::{MISSING_ID, Things, coded};

/// The visitors, in the order of the table's columns. Anna is the customer of the ticket that the routes are about.
const ASKERS: [&str; 9] = ["", "rita", "anna", "ben", "sara", "uwe", "vera", "kim", "ada"];

/// `login`: a redirect to the host's login. Anything else is a status.
#[rustfmt::skip]
const TABLE: &[(&str, &str, [&str; 9])] = &[
    // method, route                                         guest    reader owner  other  supp.  absent former member admin
    ("GET",  "/",                                           ["login", "303", "303", "303", "303", "303", "303", "303", "303"]),
    ("GET",  "/tickets",                                    ["login", "200", "200", "200", "200", "200", "200", "200", "200"]),
    ("GET",  "/tickets/new",                                ["login", "403", "200", "200", "403", "403", "403", "403", "200"]),
    ("POST", "/tickets/new",                                ["401",   "403", "200", "200", "403", "403", "403", "403", "200"]),
    ("POST", "/tickets",                                    ["401",   "403", "303", "303", "403", "403", "403", "403", "303"]),
    ("POST", "/tickets/actions",                            ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("GET",  "/tickets/news",                               ["login", "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/tickets/next",                               ["login", "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("GET",  "/tickets/<number>",                           ["login", "404", "200", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/tickets/<number>/messages/<message>",        ["login", "404", "303", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/messages",                  ["401",   "404", "303", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/seen",                      ["401",   "404", "303", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/close",                     ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/reopen",                    ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/assignee",                  ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/priority",                  ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/category",                  ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/presence",                  ["401",   "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("POST", "/tickets/<number>/labels",                    ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/saved-answers",             ["401",   "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/saved-answers",                              ["login", "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("POST", "/saved-answers",                              ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("GET",  "/saved-answers/new",                          ["login", "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/saved-answers/<id>",                         ["login", "404", "404", "404", "200", "404", "404", "404", "404"]),
    ("POST", "/saved-answers/<id>",                         ["401",   "404", "404", "404", "303", "404", "404", "404", "404"]),
    ("GET",  "/saved-answers/<id>/delete",                  ["login", "404", "404", "404", "200", "404", "404", "404", "404"]),
    ("POST", "/saved-answers/<id>/delete",                  ["401",   "404", "404", "404", "303", "404", "404", "404", "404"]),
    ("GET",  "/views",                                      ["login", "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("POST", "/views",                                      ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/views/first",                                ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/views/<id>",                                 ["401",   "404", "404", "404", "303", "404", "404", "404", "404"]),
    ("POST", "/views/<id>/filter",                          ["401",   "404", "404", "404", "303", "404", "404", "404", "404"]),
    ("POST", "/views/<id>/share",                           ["401",   "404", "404", "404", "403", "404", "404", "404", "404"]),
    ("POST", "/views/<id>/unshare",                         ["401",   "404", "404", "404", "403", "404", "404", "404", "404"]),
    ("GET",  "/views/<id>/remove",                          ["login", "404", "404", "404", "200", "404", "404", "404", "404"]),
    ("POST", "/views/<id>/remove",                          ["401",   "404", "404", "404", "303", "404", "404", "404", "404"]),
    ("POST", "/tickets/<number>/notes",                     ["401",   "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("GET",  "/tickets/<number>/notes/<note>",              ["login", "404", "404", "404", "303", "303", "404", "404", "404"]),
    ("POST", "/tickets/<number>/notes/<note>",              ["401",   "404", "404", "404", "303", "403", "404", "404", "404"]),
    ("POST", "/tickets/<number>/notes/<note>/remove",       ["401",   "404", "404", "404", "303", "403", "404", "404", "404"]),
    ("GET",  "/tickets/<number>/letters/<id>",              ["login", "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/tickets/<number>/letters/<id>/text",         ["login", "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/tickets/<number>/notes/<note>/files/<id>",   ["login", "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/tickets/<number>/notes/<note>/files/<id>/small", ["login", "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/tickets/<number>/notes/<note>/files/<id>/large", ["login", "404", "404", "404", "200", "200", "404", "404", "404"]),
    ("POST", "/tickets/<number>/messages/<message>/rating", ["401",   "404", "303", "404", "404", "404", "404", "404", "404"]),
    ("GET",  "/attachments/<id>/file/<name>",               ["login", "404", "200", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/attachments/<id>/<name>",                    ["login", "404", "200", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/attachments/<id>/thumbnail",                 ["login", "404", "200", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/pictures/<id>/small",                        ["login", "404", "200", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/pictures/<id>/large",                        ["login", "404", "200", "404", "200", "200", "404", "404", "404"]),
    ("GET",  "/assets/<file>",                              ["200",   "200", "200", "200", "200", "200", "200", "200", "200"]),
    // Letters do not come in here, so the door for mail servers is missing. Elsewhere only who knows its key hands over letters.
    ("POST", "/mail",                                       ["404",   "404", "404", "404", "404", "404", "404", "404", "404"]),
    ("GET",  "/backend",                                    ["login", "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/supporters",                         ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/supporters/new",                     ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/supporters",                         ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/supporters/<id>",                    ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/supporters/<id>/answers",            ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/supporters/<id>/answers.csv",        ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/supporters/<id>/distribution.csv",   ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/supporters/<id>/first-answers.csv",  ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/supporters/<id>/months.csv",         ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/supporters/<id>/edit",               ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/supporters/<id>",                    ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/supporters/<id>/remove",             ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/statistics",                         ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/statistics/assignees.csv",           ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/statistics/labels.csv",              ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/statistics/priorities.csv",          ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/settings",                           ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/settings",                           ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/categories",                         ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/categories",                         ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/categories/<id>",                    ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/categories/<id>/remove",             ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/categories/<id>/up",                 ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/categories/<id>/down",               ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/category-order",                     ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/labels",                             ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/labels",                             ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/labels/<id>",                        ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/labels/<id>/remove",                 ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/labels/<id>/remove",                 ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/saved-answers",                      ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/saved-answers",                      ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/saved-answers/new",                  ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/saved-answers/<id>",                 ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/saved-answers/<id>",                 ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/saved-answers/<id>/delete",          ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/saved-answers/<id>/delete",          ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/tickets",                            ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/tickets/<number>/delete",            ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/tickets/<number>/delete",            ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("GET",  "/backend/mail",                               ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/mail/received",                      ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("GET",  "/backend/mail/senders",                       ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    ("POST", "/backend/mail/senders/forget",                ["401",   "403", "403", "403", "403", "403", "403", "403", "404"]),
    ("POST", "/backend/mail/<id>/retry",                    ["401",   "403", "403", "403", "403", "403", "403", "403", "404"]),
    ("POST", "/backend/mail/release",                       ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/mail/discard",                       ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/mail/resume",                        ["401",   "403", "403", "403", "403", "403", "403", "403", "404"]),
    ("GET",  "/backend/mail/<id>/original",                 ["login", "403", "403", "403", "403", "403", "403", "403", "200"]),
    // Nobody was named for the ticket.
    ("POST", "/backend/mail/<id>/take",                     ["401",   "403", "403", "403", "403", "403", "403", "403", "422"]),
    ("POST", "/backend/mail/<id>/again",                    ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
    ("POST", "/backend/mail/<id>/discard",                  ["401",   "403", "403", "403", "403", "403", "403", "403", "303"]),
];

async fn request(world: &World, asker: &Browser, method: &str, route: &str, things: &Things) -> Sending {
    let sending = asker.sends(method.parse().unwrap(), &things.path(route));
    if method != "POST" {
        return sending;
    }
    let mut fields = things.fields(world, route).await;
    fields.push(("token", asker.token().await));
    sending.header("Content-Type", "application/x-www-form-urlencoded").body(coded(&fields))
}

fn browser(world: &World, asker: &str) -> Browser {
    if asker.is_empty() { world.guest() } else { world.as_(asker) }
}

fn verdict(answer: &Answer) -> String {
    if answer.header("Location").is_some_and(|to| to.starts_with("/login")) {
        "login".to_owned()
    } else {
        answer.status.to_string()
    }
}

#[test]
fn every_route_is_in_the_table_and_nothing_else() {
    let routes: BTreeSet<_> = Endpoint::all().map(|endpoint| endpoint.to_string()).collect();
    let known: BTreeSet<_> = TABLE.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
    assert_eq!(routes.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "these routes are not in the table");
    assert_eq!(known.difference(&routes).collect::<Vec<_>>(), Vec::<&String>::new(), "there are no such routes");
    assert!(routes.len() > 25);
}

journey! {
    /// D-03, D-04: every visitor at every route. A refused visitor changes nothing and reads nothing.
    async fn everybody_gets_what_the_table_says(world: World) {
        let mut wrong = Vec::new();
        // An accepted request may change nothing, because it may have been carried out already.
        let accepted = |status: &str| matches!(status, "200" | "303");
        for (method, route, verdicts) in TABLE {
            let mut things = Things::make(&world).await;
            // What is stored, after a request that changed nothing. The next one is compared with it.
            let mut stored = None;
            for (asker, expected) in ASKERS.iter().zip(verdicts) {
                let asking = browser(&world, asker);
                let sending = request(&world, &asking, method, route, &things).await;
                let before = (!accepted(expected)).then(|| stored.take().unwrap_or_else(|| world.kept().dump()));
                let answer = sending.go().await;
                stored = before.is_some().then(|| world.kept().dump());
                let (got, unchanged) = (verdict(&answer), stored.is_some() && stored == before);
                let refused = !accepted(&got);
                if got != *expected || (refused && !unchanged) || (refused && answer.text().contains("CANARY")) {
                    wrong.push(format!("{method} {route} as {asker:?}: {got}, not {expected}; unchanged: {unchanged}"));
                }
                if !unchanged && *method == "POST" {
                    things = Things::make(&world).await;
                    stored = None;
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(!world.mailed().await.is_empty());
    }

    /// another customer's data and missing data get the same answer, byte for byte.
    async fn foreign_and_missing_are_the_same(world: World) {
        let things = Things::make(&world).await;
        let saved = [MISSING_ID; 3].map(str::to_owned);
        let [file, note_file, letter] = [MISSING_ID; 3].map(str::to_owned);
        let missing = Things { ticket: 999_999_999, file, note_file, saved, letter, ..things.clone() };
        let mut compared = 0;
        for (method, route, _) in TABLE.iter().filter(|(_, route, _)| !route.starts_with("/backend") && route.contains('<')) {
            for asker in ["ben", "rita", "vera", "ada"] {
                let asker = world.as_(asker);
                let answers = [
                    request(&world, &asker, method, route, &things).await.go().await,
                    request(&world, &asker, method, route, &missing).await.go().await,
                ];
                let [foreign, missing] = answers.map(|answer| {
                    let mut headers = answer.headers.clone();
                    headers.retain(|(name, _)| name != "Set-Cookie" && name != "Date");
                    headers.sort();
                    let mut body = String::from_utf8(answer.body).unwrap();
                    // The page shows again what was typed, which has the id in it.
                    for id in things.saved.iter().map(String::as_str).chain([MISSING_ID, &things.letter]) {
                        body = body.replace(id, "");
                    }
                    (answer.status, headers, body)
                });
                assert_eq!(foreign, missing, "{method} {route}");
                compared += usize::from(foreign.0 == 404);
            }
        }
        assert_eq!(compared, 4 * 37);
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// R-20, P-17, K-19: an address that only accepts a form says so to a signed-in visitor, and links to the page of the form.
    async fn the_address_of_a_form_cannot_be_opened(world: World) {
        let things = Things::make(&world).await;
        for (_, route, _) in TABLE.iter().filter(|(method, route, _)| *method == "POST" && !TABLE.iter().any(|(other, same, _)| *other == "GET" && same == route)) {
            let path = things.path(route);
            for asker in ["anna", "sara", "ada"] {
                let answer = world.as_(asker).get(&path).await.is(405);
                assert_eq!(answer.header("Allow"), Some("POST"), "{route}");
                assert!(answer.count("a.button") > 0);
            }
            assert_eq!(verdict(&world.guest().get(&path).await), "login", "{route}");
        }
        for (method, code) in [(Method::PUT, 405), (Method::DELETE, 405), (Method::OPTIONS, 405)] {
            let answer = world.as_("anna").sends(method.clone(), "/tickets").go().await.is(code);
            assert_eq!(answer.header("Allow"), Some("GET, HEAD, POST"));
            let _ = world.as_("anna").sends(method.clone(), "/nowhere").go().await.is(404);
            let _ = world.guest().sends(method, "/tickets").go().await.is(401);
        }
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// D-02: GET and HEAD change nothing, for any visitor and any query.
    async fn asking_changes_nothing(world: World) {
        let things = Things::make(&world).await;
        // The small picture is made on the first request. It is a file, not a row.
        let before = world.kept().dump();
        for (_, route, _) in TABLE {
            for asker in ASKERS {
                for method in [Method::GET, Method::HEAD] {
                    let path = format!("{}?token=x&stars=1&_method=post&present=1&body=x", things.path(route));
                    let _ = browser(&world, asker).sends(method, &path).go().await;
                }
            }
            assert_eq!(world.kept().dump(), before, "{route}");
        }
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }

    /// D-02: a form from elsewhere is refused, however it looks, and nothing changes.
    async fn a_form_from_elsewhere_is_refused(world: World) {
        let things = Things::make(&world).await;
        let stranger = world.as_("ben").token().await;
        let mut tried = 0;
        // The door for mail servers has a key and no session.
        for (method, route, verdicts) in TABLE.iter().filter(|(method, route, _)| *method == "POST" && *route != "/mail") {
            let place = verdicts.iter().position(|verdict| *verdict == "303").unwrap_or(8);
            let asker = world.as_(ASKERS[place]);
            let own = asker.token().await;
            assert_ne!(own, stranger);
            let fields = things.fields(&world, route).await;
            let with = |token: &str| coded(&[fields.clone(), vec![("token", token.to_owned())]].concat());
            let path = things.path(route);
            let to = |path: &str| asker.sends(method.parse().unwrap(), path).header("Content-Type", "application/x-www-form-urlencoded");
            let forged = [
                to(&path).body(coded(&fields)),
                to(&path).body(with("")),
                to(&path).body(with(&stranger)),
                to(&path).body(with(&own.replace('.', "0."))),
                to(&format!("{path}?token={own}")).body(coded(&fields)),
                to(&path).header("X-CSRF-Token", &own).body(coded(&fields)),
                to(&path).header("Origin", "https://evil.example").header("Host", "example.org").body(with(&own)),
                to(&path).header("Origin", "null").body(with(&own)),
                to(&path).header("Origin", "http://example.org").header("Host", "example.org").body(with(&own)),
                to(&path).header("Origin", "https://example.org:8443").header("Host", "example.org").body(with(&own)),
                to(&path).header("Sec-Fetch-Site", "cross-site").body(with(&own)),
                to(&path).header("Sec-Fetch-Site", "same-site").body(with(&own)),
            ];
            let before = world.kept().dump();
            for (number, sending) in forged.into_iter().enumerate() {
                let answer = sending.go().await;
                assert_eq!(answer.status, 403, "{route} forged in way {number}: {}", answer.brief());
                tried += 1;
            }
            for kind in ["text/plain", "application/json", "text/html", ""] {
                let sending = asker.sends(Method::POST, &path).header("Content-Type", kind).body(with(&own));
                assert_eq!(sending.go().await.status, 400, "{route} as {kind}");
            }
            assert_eq!(world.kept().dump(), before, "{route}");
        }
        assert_eq!(tried, 52 * 12);
        assert_eq!(world.mailed().await, ["anna", "sara"]);
    }
}
