//! How the module becomes part of a site: what stops a launch, what a host can replace, and what the module does not touch.
//! The tests run in Rocket, because they are about its fairing. What axum does there is in `muticket-axum/tests/site`.

use std::path::Path;
use std::sync::Arc;

use muticket_core::blob::{Blobs, MemoryBlobs, ObjectBlobs};
use muticket_core::mail::MemoryMailer;
use muticket_core::storage::MemoryStorage;
use muticket_core::{Helpdesk, Storage};
use muticket_diesel::DieselStorage;
use muticket_journeys::{People, Reception, dump, rocket};
use muticket_rocket::{Configure, MuTicket};
use rocket::http::Header;
use rocket::local::asynchronous::Client;
use tempfile::TempDir;

fn people() -> Arc<People> {
    Arc::new(People::cast())
}

fn helpdesk_over(storage: Arc<dyn Storage>) -> Helpdesk {
    Helpdesk::builder(storage, people()).blobs(Arc::new(MemoryBlobs::default())).build()
}

fn helpdesk() -> Helpdesk {
    helpdesk_over(Arc::new(MemoryStorage::new()))
}

fn module() -> MuTicket {
    MuTicket::new(helpdesk(), Reception::new(people()))
}

async fn launches(module: MuTicket) -> bool {
    match Client::untracked(rocket().attach(module)).await {
        Ok(_) => true,
        // Rocket panics if an error is dropped without being inspected.
        Err(error) => {
            assert!(matches!(error.kind(), rocket::error::ErrorKind::FailedFairings(_)), "{error}");
            false
        }
    }
}

/// A page as Anna gets it: status, headers and text.
async fn page(client: &Client, path: &str) -> (u16, Vec<(String, String)>, String) {
    let response = client.get(path.to_owned()).header(Header::new("X-Person", "anna")).dispatch().await;
    let headers = response.headers().iter().map(|header| (header.name().to_string(), header.value().to_owned())).collect();
    let status = response.status().code;
    let text = response.into_string().await.unwrap_or_default();
    (status, headers, text.replace("&#x2f;", "/"))
}

fn write(folder: &Path, file: &str, text: &str) {
    let path = folder.join(file);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// one fairing over an empty database is enough. The tables are created, and the pages are there.
#[tokio::test]
async fn one_fairing_is_enough() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("new.db");
    for _ in 0..2 {
        let storage = DieselStorage::connect(&format!("sqlite:{}", file.display())).await.unwrap();
        let module = MuTicket::new(helpdesk_over(Arc::new(storage)), Reception::new(people()));
        let client = Client::untracked(rocket().attach(module)).await.unwrap();
        assert_eq!(page(&client, "/support/tickets").await.0, 200);
    }
    assert!(dump(&file).contains("muticket_secret: "), "the key of the forms outlives a restart");
}

#[tokio::test]
async fn a_wrong_base_stops_the_launch() {
    assert!(launches(module()).await);
    assert!(launches(module().at("/help/desk")).await);
    for base in ["", "support", "//", "/a//b", "/a b", "/<id>", "/a?b", "https://example.org"] {
        assert!(!launches(module().at(base)).await, "{base:?}");
    }
    for prefix in ["shop", "/a b"] {
        assert!(!launches(module().path_prefix(prefix)).await, "{prefix:?}");
    }
}

#[tokio::test]
async fn a_login_elsewhere_stops_the_launch() {
    for address in ["//evil.example/", "http://example.org/", "login?", "/\\evil.example", "javascript:", "/a b?", ""] {
        let module = MuTicket::new(helpdesk(), Reception::new(people()).with_sign_in(address));
        assert!(!launches(module).await, "{address:?}");
    }
    let service = MuTicket::new(helpdesk(), Reception::new(people()).with_sign_in("https://login.example.org/?back="));
    assert!(launches(service).await);
}

/// D-09: without a public address letters could contain no links, so the launch fails.
#[tokio::test]
async fn letters_without_an_address_stop_the_launch() {
    let from = "Support <support@example.org>";
    let mailer = || Arc::new(MemoryMailer::default());
    assert!(launches(module().mail(mailer(), from).public_url("https://example.org")).await);
    assert!(!launches(module().mail(mailer(), from)).await);
    for url in ["", "example.org", "ftp://example.org", "https://exa mple.org", "javascript:alert(1)"] {
        assert!(!launches(module().mail(mailer(), from).public_url(url)).await, "{url:?}");
    }
    for from in ["", "support", "Support <support>", "a@x.example\r\nBcc: b@x.example", "a@x.example, b@x.example"] {
        assert!(!launches(module().mail(mailer(), from).public_url("https://example.org")).await, "{from:?}");
    }
}

/// an upload folder that cannot be written stops the launch, and the error names the folder.
#[tokio::test]
async fn an_upload_folder_that_cannot_be_written_stops_the_launch() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "file", "in the way");
    let error = ObjectBlobs::folder(folder.path().join("file/uploads")).unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("file/uploads"));

    let uploads = folder.path().join("uploads");
    let blobs: Arc<dyn Blobs> = Arc::new(ObjectBlobs::folder(&uploads).unwrap());
    let site = || {
        let helpdesk = Helpdesk::builder(Arc::new(MemoryStorage::new()), people()).blobs(blobs.clone()).build();
        MuTicket::new(helpdesk, Reception::new(people()))
    };
    assert!(launches(site()).await);
    std::fs::remove_dir_all(&uploads).unwrap();
    std::fs::write(&uploads, "in the way").unwrap();
    assert!(!launches(site()).await);
}

#[tokio::test]
async fn wrong_overrides_stop_the_launch() {
    let folder = TempDir::new().unwrap();
    assert!(!launches(module().overrides(folder.path().join("nowhere"))).await);
    assert!(launches(module().overrides(folder.path())).await);
    write(folder.path(), "templates/overview.html", "{% if %}");
    assert!(!launches(module().overrides(folder.path())).await);
    std::fs::remove_dir_all(folder.path().join("templates")).unwrap();
    write(folder.path(), "locales/en/web.ftl", "overview-title = { $unclosed");
    assert!(!launches(module().overrides(folder.path())).await);
    std::fs::remove_file(folder.path().join("locales/en/web.ftl")).unwrap();
    std::fs::create_dir_all(folder.path().join("assets/muticket.css")).unwrap();
    assert!(!launches(module().overrides(folder.path())).await);
    std::fs::remove_dir_all(folder.path().join("assets")).unwrap();
    let mailer = || Arc::new(MemoryMailer::default());
    let mailing = || module().public_url("https://example.org").mail(mailer(), "a@x.example").overrides(folder.path());
    assert!(launches(mailing()).await);
    for (file, text) in [("locales/fr/mail.ftl", "greeting = Bonjour { $nmae }"), ("templates/mail/layout.txt", "{% if %}")] {
        write(folder.path(), file, text);
        assert!(!launches(mailing()).await, "{file}");
        std::fs::remove_file(folder.path().join(file)).unwrap();
    }
}

/// a database of a newer version is not changed.
#[tokio::test]
async fn a_schema_from_the_future_is_refused() {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;

    let folder = TempDir::new().unwrap();
    let file = folder.path().join("future.db");
    let url = format!("sqlite:{}", file.display());
    drop(DieselStorage::connect(&url).await.unwrap());
    let mut connection = diesel::SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    connection.batch_execute("INSERT INTO muticket_migration (version) VALUES ('99999999999999')").unwrap();
    let before = dump(&file);
    let error = DieselStorage::connect(&url).await.unwrap_err();
    assert!(error.to_string().contains("99999999999999"), "{error}");
    assert_eq!(dump(&file), before);
}

/// two instances at two bases do not share tickets, forms or notices.
#[tokio::test]
async fn two_instances_live_side_by_side() {
    let (shop, help) = (helpdesk(), helpdesk());
    let site = rocket()
        .attach(MuTicket::new(shop.clone(), Reception::new(people())).at("/shop/help"))
        .attach(MuTicket::new(help.clone(), Reception::new(people())).at("/help/").language(muticket_core::Language::german()));
    let client = Client::untracked(site).await.unwrap();
    let ada = muticket_core::Visitor::User(people().find("ada").unwrap());
    for (instance, base) in [(&shop, "/shop/help"), (&help, "/help")] {
        let backend = instance.backend(&ada).unwrap();
        let group = Some(muticket_core::GroupId::new("support"));
        let settings = muticket_core::backend::NewSettings { supporter_group: group, ..Default::default() };
        backend.update_settings(settings).await.unwrap();
        let present = muticket_core::backend::SupporterEdit { present: true, ..Default::default() };
        backend.add_supporter(Some(muticket_core::UserId::new("sara")), present).await.unwrap();
        let new =
            muticket_core::NewTicket { subject: format!("Ticket of {base}"), body: "Text".to_owned(), ..Default::default() };
        let anna = muticket_core::Visitor::User(people().find("anna").unwrap());
        instance.portal(&anna).unwrap().open(new).await.unwrap();
    }
    let tokens = [("/shop/help", "en"), ("/help", "de")].map(async |(base, language)| {
        let (code, _, text) = page(&client, &format!("{base}/tickets")).await;
        assert_eq!(code, 200);
        assert!(text.contains(&format!("lang=\"{language}\"")) && text.matches("Ticket of ").count() == 1, "{text}");
        assert!(text.contains(&format!("href=\"{base}/tickets/1\"")), "{text}");
        let (_, _, form) = page(&client, &format!("{base}/tickets/new")).await;
        form.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    });
    let [shop, help] = tokens;
    assert_ne!(shop.await, help.await);
}

#[tokio::test]
async fn a_host_replaces_a_template_a_sentence_and_the_style() {
    let folder = TempDir::new().unwrap();
    write(folder.path(), "templates/error.html", "<div class=\"muticket\"><h1>Ours: {{ page.word }}</h1></div>");
    write(folder.path(), "locales/en/web.ftl", "overview-title = Our questions\n");
    write(folder.path(), "locales/fr/web.ftl", "overview-title = Nos questions\n");
    write(folder.path(), "assets/muticket.css", ".muticket { color: rebeccapurple }");
    let client = Client::untracked(rocket().attach(module().overrides(folder.path()))).await.unwrap();
    assert!(page(&client, "/support/tickets/7").await.2.contains("Ours: not-found"));
    let (code, _, overview) = page(&client, "/support/tickets").await;
    assert!(code == 200 && overview.contains("<title>Our questions</title>"), "{overview}");
    let request = client.get("/support/tickets").header(Header::new("X-Person", "anna"));
    let french = request.header(Header::new("Accept-Language", "fr")).dispatch().await.into_string().await.unwrap();
    assert!(french.contains("Nos questions") && french.contains("lang=\"fr\""), "what is not said in it is said in the default");
    let style = overview.split("<link rel=\"stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let (code, headers, css) = page(&client, style).await;
    assert_eq!((code, css.as_str()), (200, ".muticket { color: rebeccapurple }"));
    let cache = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("Cache-Control")).map(|(_, value)| value.as_str());
    assert_eq!(cache, Some("public, max-age=31536000, immutable"));
}

/// D-12: the folder of the guide's example is a third language, for pages and for letters.
#[tokio::test]
async fn a_third_language_is_one_folder() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/languages");
    let (people, mailer) = (people(), Arc::new(MemoryMailer::default()));
    people.change("anna", |anna| {
        anna.language = muticket_core::Language::parse("fr");
        anna.time_zone = muticket_core::TimeZone::parse("Europe/Paris");
    });
    let desk = Helpdesk::builder(Arc::new(MemoryStorage::new()), people.clone()).build();
    let module = MuTicket::new(desk.clone(), Reception::new(people.clone())).overrides(folder).public_url("https://example.org");
    let site = rocket().attach(module.mail(mailer.clone(), "Support <support@example.org>"));
    let client = Client::untracked(site).await.unwrap();
    let door = |name: &str| muticket_core::Visitor::User(people.find(name).unwrap());

    let backend = desk.backend(&door("ada")).unwrap();
    let group = Some(muticket_core::GroupId::new("support"));
    let settings = muticket_core::backend::NewSettings { supporter_group: group, receipts: false, ..Default::default() };
    backend.update_settings(settings).await.unwrap();
    let present = muticket_core::backend::SupporterEdit { present: true, ..Default::default() };
    backend.add_supporter(Some(muticket_core::UserId::new("sara")), present).await.unwrap();
    let new = muticket_core::NewTicket { subject: "Imprimante".into(), body: "Muette".into(), ..Default::default() };
    let ticket = desk.portal(&door("anna")).unwrap().open(new).await.unwrap();
    let answer = muticket_core::NewMessage { body: "Allumez-la".into(), ..Default::default() };
    desk.desk(&door("sara")).await.unwrap().answer(ticket.number, answer).await.unwrap();

    let (_, _, overview) = page(&client, "/support/tickets").await;
    assert!(
        overview.contains("Vos tickets") && overview.contains("2 messages") && overview.contains("à l&#x27;instant"),
        "{overview}"
    );
    assert!(overview.contains(" UTC+1\"") || overview.contains(" UTC+2\""), "her clock, as French says it: {overview}");
    for _ in 0..500 {
        if mailer.letters().len() < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    let mut texts: Vec<_> = mailer.letters().into_iter().map(|letter| letter.text).collect();
    texts.sort();
    assert!(texts[0].starts_with("Bonjour Anna Berg,\n\nSara Sand a répondu à votre ticket."), "{texts:?}");
    assert!(texts[1].starts_with("Hello Sara Sand,"), "{texts:?}");
    client.terminate().await;
}

#[rocket::get("/")]
fn home() -> rocket::response::content::RawHtml<&'static str> {
    rocket::response::content::RawHtml("<h1>The host</h1>")
}

/// pages are inside the host's layout. The module's headers are on its own answers and on none of the host's.
#[tokio::test]
async fn the_module_fits_in_and_touches_nothing_else() {
    let module = MuTicket::new(helpdesk(), Reception::new(people()).with_layout());
    let client = Client::untracked(rocket().attach(module).mount("/", rocket::routes![home])).await.unwrap();
    let value = |headers: &[(String, String)], name: &str| {
        headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    for path in ["/support/tickets", "/support/tickets/7", "/support/nowhere", "/support/backend"] {
        let (_, headers, text) = page(&client, path).await;
        assert!(text.contains("<nav id=\"host\">") && text.contains("- The Host</title>"), "{text}");
        assert_eq!(value(&headers, "Cache-Control").as_deref(), Some("no-store"));
        assert_eq!(value(&headers, "X-Content-Type-Options").as_deref(), Some("nosniff"));
        assert!(value(&headers, "Content-Security-Policy").is_some_and(|policy| policy.starts_with("default-src 'self'")));
    }
    for path in ["/", "/supporters", "/support-us", "/nowhere"] {
        let (_, headers, text) = page(&client, path).await;
        assert!(!text.contains("muticket"), "{text}");
        for name in ["Content-Security-Policy", "Cache-Control", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Set-Cookie"] {
            assert_eq!(value(&headers, name), None, "{name} on {path}");
        }
    }
}

#[tokio::test]
async fn at_the_root_pages_that_do_not_exist_are_the_hosts() {
    let client = Client::untracked(rocket().attach(module().at("/"))).await.unwrap();
    assert_eq!(page(&client, "/tickets").await.0, 200);
    let (code, headers, _) = page(&client, "/nowhere").await;
    assert_eq!(code, 404);
    assert!(!headers.iter().any(|(name, _)| name == "Content-Security-Policy"));
}

/// D-09: behind a proxy that removes a prefix, every address of a page has the prefix.
#[tokio::test]
async fn addresses_behind_a_proxy_have_its_prefix() {
    let client = Client::untracked(rocket().attach(module().path_prefix("/shop"))).await.unwrap();
    let (code, _, text) = page(&client, "/support/tickets").await;
    assert_eq!(code, 200);
    assert!(text.contains("\"/shop/support/tickets") && !text.contains("\"/support/"), "{text}");
}
