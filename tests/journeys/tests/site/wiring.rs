//! Errors in wiring the module into a site. An error that stops the launch says how to mend it. An error that does not is logged once.
//! The tests run in Rocket, whose fairing logs the error. In axum the site gets it as a value: see `muticket-axum/tests/site/setup.rs`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use muticket_core::blob::MemoryBlobs;
use muticket_core::mail::MemoryMailer;
use muticket_core::storage::MemoryStorage;
use muticket_core::{Helpdesk, HostError, User, Visitor};
use muticket_diesel::DieselStorage;
use muticket_journeys::{Log, People, Reception, rocket};
use muticket_rocket::{Configure, Host, MuTicket, Page};
use rocket::Request;
use rocket::http::Header;
use rocket::local::asynchronous::Client;
use tempfile::TempDir;

fn people() -> Arc<People> {
    Arc::new(People::cast())
}

fn helpdesk() -> Helpdesk {
    Helpdesk::builder(Arc::new(MemoryStorage::new()), people()).blobs(Arc::new(MemoryBlobs::default())).build()
}

fn module() -> MuTicket {
    MuTicket::new(helpdesk(), Reception::new(people()))
}

/// The log lines of a launch, and the client if the launch succeeded.
async fn launch(site: rocket::Rocket<rocket::Build>) -> (Option<Client>, Vec<String>) {
    let log = Log::listen();
    let client = match Client::untracked(site).await {
        Ok(client) => Some(client),
        Err(error) => {
            assert!(matches!(error.kind(), rocket::error::ErrorKind::FailedFairings(_)), "{error}");
            None
        }
    };
    (client, log.lines())
}

/// The single line that says why the launch failed.
async fn refusal(site: rocket::Rocket<rocket::Build>) -> String {
    let (client, lines) = launch(site).await;
    assert!(client.is_none(), "it was launched: {lines:?}");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("ERROR MuTicket at /"), "{lines:?}");
    lines[0].clone()
}

async fn asks(client: &Client, path: &str, person: &str) -> (u16, String) {
    let response = client.get(path.to_owned()).header(Header::new("X-Person", person.to_owned())).dispatch().await;
    (response.status().code, response.into_string().await.unwrap_or_default())
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[tokio::test]
async fn overrides_that_replace_nothing_are_named_at_launch() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "templates/overveiw.html", "x");
    write(folder.path(), "locales/english/web.ftl", "overview-title = x");
    write(folder.path(), "locales/en/web.ftl", "overview-titel = x");
    let (client, lines) = launch(rocket().attach(module().overrides(folder.path()))).await;
    assert!(client.is_some() && lines.len() == 3, "{lines:?}");
    for said in ["is templates/overview.html meant?", "english is not the tag of a language", "is overview-title meant?"] {
        assert!(
            lines.iter().any(|line| line.starts_with("WARN MuTicket at /support: ") && line.contains(said)),
            "{said}: {lines:?}"
        );
    }
}

/// Each page is rendered once at launch, in each language, with the host's files.
#[tokio::test]
async fn a_template_that_cannot_be_shown_stops_the_launch_and_is_named() {
    let cases = [
        ("templates/overview.html", "<h1>{{ page.headign }}</h1>", "overview"),
        ("templates/conversation.html", "{% for item in page.items %}{{ item.boddy }}{% endfor %}", "conversation"),
        ("templates/error.html", "{{ page.wrod }}", "error"),
        ("templates/backend/statistics.html", "{{ nothing.at.all }}", "backend/statistics"),
        ("templates/backend/ticket_delete.html", "{% include \"nowhere.html\" %}", "backend/ticket_delete"),
        ("templates/notice.html", "{{ frame.notize }}", "notice"),
        ("templates/refused.html", "{% if problems %}{{ problems[0].kay }}{% endif %}", "conversation"),
        ("templates/new-ticket.html", "{% if page.problems %}{{ page.reson }}{% endif %}", "new-ticket"),
        ("templates/problem.html", "{{ problms }}", "problem.html"),
        ("templates/backend/ratings_off.html", "{{ nothing.at.all }}", "backend/"),
        ("templates/conversation.html", "{% if page.draft.conflict %}{{ page.draft.conflict.nams }}{% endif %}", "conversation"),
        ("templates/conversation.html", "{% if not page.support_active %}{{ page.activ }}{% endif %}", "conversation"),
        ("templates/overview.html", "{% if not page.rows %}{{ page.emtpy }}{% endif %}", "overview"),
        ("templates/backend/mail.html", "{% for row in page.rows %}{{ row.reazon }}{% endfor %}", "backend/mail"),
        ("templates/error.html", "{% for kept in page.kept %}{{ kept.txt }}{% endfor %}", "error"),
        ("templates/new-ticket.html", "<form method=\"post\"><input name=\"subject\"></form>", "its token"),
        ("templates/backend/settings.html", "<form action=\"/\" METHOD='POST'></form>", "its token"),
        ("locales/en/web.ftl", "overview-title = A\n\nno sentence\n", "line 3"),
        ("locales/nl/mail.ftl", "greeting = Dag { $name }\nno sentence\n", "locales/nl/mail.ftl"),
    ];
    for (file, text, said) in cases {
        let folder = TempDir::new().unwrap();
        write(folder.path(), file, text);
        let mailing = module().public_url("https://example.org").mail(Arc::new(MemoryMailer::default()), "a@x.example");
        let line = refusal(rocket().attach(mailing.overrides(folder.path()))).await;
        assert!(line.contains(said), "{file}: {line}");
    }
}

/// The module's own templates are accepted unchanged when they are copied into a host's folder.
#[tokio::test]
async fn copies_of_the_modules_own_files_are_fine() {
    let folder = TempDir::new().unwrap();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../muticket-web");
    let mut files = vec![own.join("templates"), own.join("assets"), own.join("locales")];
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let name = path.strip_prefix(&own).unwrap().to_str().unwrap().to_owned();
            write(folder.path(), &name, &std::fs::read_to_string(&path).unwrap());
        }
    }
    let (client, lines) = launch(rocket().attach(module().overrides(folder.path()))).await;
    assert!(client.is_some() && lines.is_empty(), "{lines:?}");
}

#[rocket::get("/login")]
fn login() {}

#[rocket::get("/tickets")]
fn tickets() {}

#[rocket::get("/<page>", rank = 3)]
fn page(page: &str) {
    let _ = page;
}

#[tokio::test]
async fn bases_that_collide_are_named() {
    let twice = rocket().attach(module()).attach(module());
    assert!(refusal(twice).await.contains("another MuTicket is at /support already"));
    let nested = rocket().attach(module().at("/a")).attach(module().at("/a/"));
    assert!(refusal(nested).await.contains("another MuTicket is at /a already"));
    let over_own = rocket().mount("/", rocket::routes![tickets]).attach(module().at("/"));
    let line = refusal(over_own).await;
    assert!(line.contains("GET /tickets of MuTicket") && line.contains("site's own route GET /tickets (tickets)"), "{line}");
    let beside = rocket().mount("/", rocket::routes![login, page]).attach(module()).attach(module().at("/help"));
    assert!(launch(beside).await.0.is_some());
}

#[tokio::test]
async fn a_login_below_the_module_stops_the_launch() {
    for (base, address) in
        [("/support", "/support/login?back="), ("/support", "/support?b="), ("/", "/tickets?x="), ("/", "/backend?b=")]
    {
        let module = MuTicket::new(helpdesk(), Reception::new(people()).with_sign_in(address)).at(base);
        assert!(refusal(rocket().attach(module)).await.contains("would be redirected in a loop"), "{base} {address}");
    }
    let behind = MuTicket::new(helpdesk(), Reception::new(people()).with_sign_in("/shop/support/login?b=")).path_prefix("/shop");
    assert!(refusal(rocket().attach(behind)).await.contains("would be redirected in a loop"));
    for (base, address) in
        [("/support", "/supporters/login"), ("/", "/login?back="), ("/support", "https://x.example/support/login")]
    {
        let module = MuTicket::new(helpdesk(), Reception::new(people()).with_sign_in(address)).at(base);
        assert!(launch(rocket().attach(module)).await.0.is_some(), "{base} {address}");
    }
    // The site itself answers at this address.
    let module = MuTicket::new(helpdesk(), Reception::new(people()).with_sign_in("/support/login?b="));
    assert!(launch(rocket().mount("/support", rocket::routes![login]).attach(module)).await.0.is_some());
}

/// A host whose session returns what a test sets.
struct Odd {
    visitor: fn() -> Visitor,
    layout: LayOut,
    hangs: bool,
}

#[rocket::async_trait]
impl Host for Odd {
    async fn visitor(&self, _: &Request<'_>) -> Result<Visitor, HostError> {
        if self.hangs {
            std::future::pending::<()>().await;
        }
        Ok((self.visitor)())
    }

    fn sign_in(&self, _: &str) -> String {
        "/login".to_owned()
    }

    fn page(&self, page: Page<'_>, _: &Request<'_>) -> Option<String> {
        (self.layout)(&page)
    }
}

fn user(id: &str) -> Visitor {
    Visitor::User(User { level: muticket_core::AccessLevel::Admin, ..User::new(id, "Anna") })
}

type LayOut = fn(&Page<'_>) -> Option<String>;

async fn odd(visitor: fn() -> Visitor, layout: LayOut) -> Client {
    Client::untracked(rocket().attach(MuTicket::new(helpdesk(), Odd { visitor, layout, hangs: false }))).await.unwrap()
}

/// P-30: the visitor reads whom to tell, the operator reads once what to mend, and no name is logged.
#[tokio::test]
async fn an_id_that_cannot_be_kept_has_a_clear_page_and_one_line() {
    let visitors: [fn() -> Visitor; 4] =
        [|| user(""), || user("anna\u{0}berg"), || user(&"annaberg".repeat(40)), || user("\u{2003} ")];
    for visitor in visitors {
        let log = Log::listen();
        let client = odd(visitor, |_| None).await;
        for path in
            ["/support/tickets", "/support/tickets/new", "/support/tickets/1", "/support/backend/settings", "/support/tickets"]
        {
            let response = client.get(path).header(Header::new("Accept-Language", "en")).dispatch().await;
            assert_eq!(response.status().code, 500, "{path}");
            assert_eq!(response.headers().get_one("Retry-After"), None);
            assert!(response.into_string().await.unwrap().contains("Your account does not work here"), "{path}");
        }
        let lines = log.lines();
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains("1 to 255 characters") && !lines[0].contains("anna"), "{lines:?}");
    }
}

#[tokio::test]
async fn a_visitor_whom_the_directory_does_not_know_is_one_line() {
    let log = Log::listen();
    let client = odd(|| user("anna@example.org"), |_| None).await;
    for _ in 0..3 {
        assert_eq!(asks(&client, "/support/tickets", "").await.0, 200);
    }
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("WARN MuTicket: ") && lines[0].contains("`Directory::users` does not know"), "{lines:?}");
}

#[tokio::test]
async fn a_layout_that_leaves_something_out_is_told_once() {
    let layouts: [(LayOut, &str); 3] = [
        (|page| Some(format!("<html>{}</html>", page.body)), "`page.head`, so the pages have no style"),
        (|page| Some(format!("<html>{}</html>", page.head)), "`page.body`, so the pages are empty"),
        (|page| Some(format!("<html>{}{}</html>", page.head, page.body.replace('<', "&lt;"))), "`page.body`"),
    ];
    for (layout, said) in layouts {
        let log = Log::listen();
        let client = odd(|| user("ada"), layout).await;
        for _ in 0..3 {
            asks(&client, "/support/tickets", "").await;
        }
        let lines = log.lines();
        assert!(lines.len() == 1 && lines[0].contains(said), "{lines:?}");
    }
}

#[tokio::test]
async fn the_layout_gets_the_visitor() {
    let client = odd(
        || user("ada"),
        |page| Some(format!("{}{}<i>{}</i>", page.head, page.body, page.user().map_or("nobody", |user| user.name.as_str()))),
    )
    .await;
    for path in ["/support/tickets", "/support/tickets/77", "/support/backend/settings"] {
        assert!(asks(&client, path, "").await.1.ends_with("<i>Anna</i>"), "{path}");
    }
}

/// P-19: a host that hangs costs a visitor the time limit once, and the operator reads one line per page.
#[tokio::test]
async fn a_host_that_hangs_is_given_up() {
    let log = Log::listen();
    let host = Odd { visitor: || Visitor::Guest, layout: |_| None, hangs: true };
    let module = MuTicket::new(helpdesk(), host).host_time_limit(Duration::from_millis(50));
    let client = Client::untracked(rocket().attach(module)).await.unwrap();
    for path in ["/support/tickets", "/support/backend/settings", "/support/nowhere"] {
        let (status, _) = tokio::time::timeout(Duration::from_secs(20), asks(&client, path, "")).await.unwrap();
        assert_eq!(status, 503, "{path}");
        let mut lines = log.lines();
        lines.retain(|line| !line.starts_with("INFO "));
        assert_eq!(lines.len(), 1, "{path}: {lines:?}");
        assert!(
            lines[0].contains("MuTicket") && lines[0].contains("`Host::visitor`: it took longer than the time limit"),
            "{lines:?}"
        );
    }
}

/// P-35: two modules on one database by mistake are noticed at launch, in one process and in several.
#[tokio::test]
async fn two_modules_over_one_database_are_named_at_launch() {
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("tickets.db").display());
    let over = async || {
        let storage = Arc::new(DieselStorage::connect(&url).await.unwrap());
        MuTicket::new(Helpdesk::builder(storage, people()).build(), Reception::new(people()))
    };
    let shared = helpdesk();
    let twice = |base: &str| MuTicket::new(shared.clone(), Reception::new(people())).at(base);
    for site in [
        rocket().attach(twice("/support")).attach(twice("/workshop/help")),
        rocket().attach(over().await.at("/support")).attach(over().await.at("/workshop/help")),
    ] {
        let line = refusal(site).await;
        assert!(line.starts_with("ERROR MuTicket at /workshop/help cannot be launched: ") && line.contains("/support"), "{line}");
        assert!(line.contains("give each its own database"), "{line}");
    }
}

/// P-35: a database belongs to the site that was first launched on it. Nodes of one site may start together, and a site that moves takes
/// its database with it.
#[tokio::test]
async fn a_database_belongs_to_one_site_and_moves_with_it() {
    // The public address and the base of the first launch and of the second, and the line's name for the first.
    let cases = [
        (("https://a.example", "/support"), ("https://a.example", "/support"), None),
        (("https://a.example", "/support"), ("http://A.example/", "/support/"), None),
        (("http://localhost:8000", "/support"), ("http://127.0.0.1:8001", "/support"), None),
        (("", "/support"), ("", "/support"), None),
        (("", "/support"), ("https://a.example", "/support"), None),
        (("https://a.example", "/support"), ("", "/support"), None),
        (("https://a.example", "/support"), ("https://b.example", "/support"), Some("https://a.example/support")),
        (("https://a.example", "/support"), ("https://a.example", "/help"), Some("https://a.example/support")),
        (("https://a.example", "/support"), ("", "/help"), Some("https://a.example/support")),
        (("http://localhost:8000", "/support"), ("https://a.example", "/support"), Some("http://localhost:8000/support")),
        (("", "/support"), ("", "/help"), Some("/support")),
        (("", "/support"), ("https://a.example", "/help"), Some("/support")),
    ];
    for (first, second, named) in cases {
        let storage: Arc<dyn muticket_core::Storage> = Arc::new(MemoryStorage::new());
        let site = |(url, base): (&str, &str)| {
            let module = MuTicket::new(Helpdesk::builder(storage.clone(), people()).build(), Reception::new(people())).at(base);
            if url.is_empty() { module } else { module.public_url(url) }
        };
        let node = launch(rocket().attach(site(first))).await.0.expect("the first one is launched");
        let Some(named) = named else {
            let (client, lines) = launch(rocket().attach(site(second))).await;
            assert!(client.is_some(), "{first:?} {second:?}: {lines:?}");
            continue;
        };
        let line = refusal(rocket().attach(site(second))).await;
        assert!(line.contains(&format!("belongs to the MuTicket at {named}, ")), "{line}");
        assert!(line.contains(&format!(".moved_from(\"{named}\")")), "{line}");
        refusal(rocket().attach(site(second).moved_from("https://elsewhere.example/other"))).await;
        assert!(launch(rocket().attach(site(first))).await.0.is_some(), "what was refused has changed nothing");

        for _ in 0..2 {
            let (client, lines) = launch(rocket().attach(site(second).moved_from(named))).await;
            assert!(client.is_some(), "{first:?} {second:?}: {lines:?}");
        }
        assert!(launch(rocket().attach(site(second))).await.0.is_some(), "it has moved");
        refusal(rocket().attach(site(first))).await;
        drop(node);
    }
    let line = refusal(rocket().attach(module().moved_from("old.example.org"))).await;
    assert!(line.contains("\"old.example.org\" cannot be where a site was"), "{line}");
}
