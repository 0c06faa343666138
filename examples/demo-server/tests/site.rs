//! The demo as a browser sees it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::path::Path;

use muticket_core::{Helpdesk, NewTicket, Visitor};
use muticket_demo::{COOKIE, Mailbox, Options, PEOPLE, Person, SetupError, site};
use rocket::http::{ContentType, Cookie, Header, Status};
use rocket::local::asynchronous::{Client, LocalResponse};
use scraper::{Html, Selector};
use tempfile::TempDir;

fn options(folder: &Path) -> Options {
    Options { database: format!("sqlite:{}", folder.join("muticket-demo.sqlite").display()), ..Options::default() }
}

async fn client(options: &Options) -> Client {
    Client::tracked(site(options).await.unwrap()).await.unwrap()
}

async fn demo() -> (TempDir, Client) {
    let folder = tempfile::tempdir().unwrap();
    let client = client(&options(folder.path())).await;
    (folder, client)
}

async fn get(client: &Client, path: &str) -> String {
    client.get(path.to_owned()).dispatch().await.into_string().await.unwrap()
}

async fn sign_in<'c>(client: &'c Client, body: &str) -> LocalResponse<'c> {
    client.post("/login").header(ContentType::Form).body(body).dispatch().await
}

fn location(response: &LocalResponse<'_>) -> String {
    response.headers().get_one("Location").unwrap().to_owned()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[rocket::async_test]
async fn everybody_signs_in_by_one_click() {
    let (_folder, client) = demo().await;
    for person in PEOPLE {
        let response = sign_in(&client, &format!("user={}&back=/mailbox", person.id)).await;
        assert_eq!((response.status(), location(&response)), (Status::SeeOther, "/mailbox".to_owned()));
        assert!(get(&client, "/").await.contains(person.name));
        let overview = client.get("/support/tickets").dispatch().await;
        assert_eq!(overview.status(), Status::Ok, "{}", person.id);
    }
    assert_eq!(location(&client.post("/logout").dispatch().await), "/");
    assert!(client.cookies().get(COOKIE).is_none());
}

/// P-08, K-17: the link leads to a page with a button, and only the button signs out.
#[rocket::async_test]
async fn looking_at_the_way_out_signs_nobody_out() {
    let (_folder, client) = demo().await;
    sign_in(&client, "user=anna").await;
    for _ in 0..2 {
        let response = client.get("/logout").header(Header::new("Sec-Fetch-Site", "cross-site")).dispatch().await;
        assert_eq!((response.status(), response.headers().get_one("Set-Cookie")), (Status::Ok, None));
        let page = Html::parse_document(&response.into_string().await.unwrap());
        let buttons = Selector::parse("main form[method=post][action='/logout'] button").unwrap();
        assert_eq!(page.select(&buttons).count(), 1);
    }
    assert!(client.cookies().get(COOKIE).is_some());
}

/// P-08, K-18: a form on another site signs nobody in or out, however similar its origin is.
#[rocket::async_test]
async fn forms_elsewhere_sign_nobody_in_or_out() {
    let (_folder, client) = demo().await;
    sign_in(&client, "user=anna").await;
    let foreign = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Origin", "https://127.0.0.1:8000"),
        ("Origin", "http://127.0.0.1:8001"),
        ("Origin", "http://127.0.0.1"),
    ];
    for (name, value) in foreign {
        for (path, body) in [("/login", "user=ben"), ("/logout", "")] {
            let request = client.post(path).header(ContentType::Form).header(Header::new("Host", "127.0.0.1:8000"));
            let response = request.header(Header::new(name, value)).body(body).dispatch().await;
            assert_eq!(
                (response.status(), response.headers().get_one("Set-Cookie")),
                (Status::Forbidden, None),
                "{path} {value}"
            );
        }
    }
    assert_eq!(client.cookies().get(COOKIE).unwrap().value(), "anna");
    let own = client.post("/logout").header(Header::new("Origin", "http://127.0.0.1:8000"));
    assert_eq!(own.dispatch().await.status(), Status::SeeOther);
}

#[rocket::async_test]
async fn the_cookie_is_kept_from_scripts_and_other_sites() {
    let (_folder, client) = demo().await;
    let cookie = sign_in(&client, "user=anna").await.headers().get_one("Set-Cookie").unwrap().to_owned();
    assert_eq!(cookie, "demo-user=anna; HttpOnly; SameSite=Lax; Path=/");
}

#[rocket::async_test]
async fn nobody_else_signs_in() {
    let (_folder, client) = demo().await;
    for body in ["user=mallory", "user=", "user=Anna", ""] {
        let response = sign_in(&client, body).await;
        assert_eq!(response.status(), Status::UnprocessableEntity, "{body}");
    }
    let elsewhere = client.post("/login").header(ContentType::Form).header(Header::new("Sec-Fetch-Site", "cross-site"));
    assert_eq!(elsewhere.body("user=anna").dispatch().await.status(), Status::Forbidden);
    assert!(client.cookies().get(COOKIE).is_none());
    let forged = client.get("/").cookie(Cookie::new(COOKIE, "mallory")).dispatch().await.into_string().await.unwrap();
    assert!(forged.contains("You are not signed in"));
}

#[rocket::async_test]
async fn guests_are_led_to_the_login_and_back() {
    let (_folder, client) = demo().await;
    let response = client.get("/support/tickets?state=all").dispatch().await;
    let login = location(&response);
    assert_eq!((response.status(), login.as_str()), (Status::SeeOther, "/login?back=%2Fsupport%2Ftickets%3Fstate%3Dall"));
    let page = Html::parse_document(&get(&client, &login).await);
    let back = Selector::parse("input[name=back]").unwrap();
    assert!(page.select(&back).all(|input| input.value().attr("value") == Some("/support/tickets?state=all")));
    assert_eq!(page.select(&back).count(), PEOPLE.len());
}

#[rocket::async_test]
async fn the_way_back_stays_on_this_site() {
    let (_folder, client) = demo().await;
    let elsewhere = [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:evil.example",
        "https:/evil.example",
        "/ok\r\nX-E: 1",
        "/@evil.example/..",
        "%2f%2fevil.example",
        "///evil.example",
    ];
    for back in elsewhere {
        let response = sign_in(&client, &format!("user=anna&back={}", encoded(back))).await;
        assert_eq!((response.status(), location(&response)), (Status::SeeOther, "/".to_owned()), "{back:?}");
        assert!(response.headers().get_one("X-E").is_none());
    }
}

#[rocket::async_test]
async fn the_demo_data_is_there() {
    let (_folder, client) = demo().await;
    sign_in(&client, "user=sara").await;
    let overview = get(&client, "/support/tickets?state=all").await;
    for subject in ["Rechnung 2041 kam zweimal", "Crack in the desk top", "VAT number missing"] {
        assert!(overview.contains(subject), "{subject}");
    }
    sign_in(&client, "user=ben").await;
    let own = get(&client, "/support/tickets?state=all").await;
    assert!(own.contains("Crack in the desk top") && !own.contains("Rechnung 2041"));
}

#[rocket::async_test]
async fn pages_of_the_support_are_in_the_shops_layout() {
    let (_folder, client) = demo().await;
    sign_in(&client, "user=anna").await;
    let page = Html::parse_document(&get(&client, "/support/tickets").await);
    let found = |selector: &str| page.select(&Selector::parse(selector).unwrap()).count();
    assert_eq!(found("html[lang=de]"), 1);
    assert_eq!(found("header.site-header a[href='/mailbox']"), 1);
    assert_eq!(found("head link[href^='/support/assets/']"), 1);
}

#[rocket::async_test]
async fn the_second_start_finds_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path());
    for _ in 0..2 {
        let client = client(&options).await;
        sign_in(&client, "user=sara").await;
        let overview = Html::parse_document(&get(&client, "/support/tickets?state=all").await);
        let subject = Selector::parse(".row-subject").unwrap();
        let found = overview.select(&subject).filter(|subject| subject.text().any(|text| text.contains("Rechnung 2041")));
        assert_eq!(found.count(), 1);
    }
}

#[rocket::async_test]
async fn empty_means_empty_and_fresh_starts_over() {
    let folder = tempfile::tempdir().unwrap();
    let full = options(folder.path());
    // Its courier has to stop before its files are deleted.
    client(&full).await.terminate().await;
    let empty = client(&Options { empty: true, fresh: true, ..full.clone() }).await;
    assert!(get(&empty, "/").await.contains("Support is offline"));
    sign_in(&empty, "user=ada").await;
    assert!(!get(&empty, "/support/tickets?state=all").await.contains("Rechnung"));
    // The courier's own file beside the attachments is not an attachment.
    assert!(blobs(&folder.path().join("muticket-demo-uploads")) <= 1);
    empty.terminate().await;
    let again = client(&Options { fresh: true, ..full }).await;
    assert!(!get(&again, "/").await.contains("Support is offline"));
    // One attachment, and perhaps the file of the courier.
    assert!((1..=2).contains(&blobs(&folder.path().join("muticket-demo-uploads"))));
}

fn blobs(folder: &Path) -> usize {
    let count = |path: std::path::PathBuf| std::fs::read_dir(path).map_or(1, Iterator::count);
    std::fs::read_dir(folder).unwrap().map(|entry| count(entry.unwrap().path())).sum()
}

#[rocket::async_test]
async fn the_mailbox_begins_empty() {
    let (_folder, client) = demo().await;
    assert!(get(&client, "/mailbox").await.contains("No email has been sent"));
    assert!(client.rocket().state::<Mailbox>().unwrap().letters().is_empty());
    assert_eq!(client.get("/mailbox/0/html").dispatch().await.status(), Status::NotFound);
}

#[rocket::async_test]
async fn a_letter_leads_its_reader_to_the_ticket() {
    let (_folder, client) = demo().await;
    let anna = Visitor::User(Person::find("anna").unwrap().user());
    let portal = client.rocket().state::<Helpdesk>().unwrap().portal(&anna).unwrap();
    let category = portal.opening(None).await.unwrap().categories[0].id.clone();
    let new = NewTicket {
        subject: "Wo".into(),
        body: "https://evil.example/support/".into(),
        category: Some(category),
        ..Default::default()
    };
    let number = portal.open(new).await.unwrap().number;

    let mailbox = client.rocket().state::<Mailbox>().unwrap();
    // One to Sara, and Anna's receipt.
    for _ in 0..200 {
        if mailbox.letters().len() < 2 {
            rocket::tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    let page = Html::parse_document(&get(&client, "/mailbox?to=sara").await);
    let one = |selector: &str| page.select(&Selector::parse(selector).unwrap()).next().unwrap().value().clone();
    assert_eq!(one(".site-letter button").attr("value"), Some("sara"));
    let back = one(".site-letter input[name=back]").attr("value").unwrap().to_owned();
    assert_eq!(back, format!("/support/tickets/{number}/messages/1"));
    let html = client.get(one("iframe").attr("src").unwrap().to_owned()).dispatch().await;
    assert_eq!(html.status(), Status::Ok);
    assert_eq!(location(&sign_in(&client, &format!("user=sara&back={}", encoded(&back))).await), back);
    let there = format!("/support/tickets/{number}#message-1");
    assert_eq!(location(&client.get(back).dispatch().await), there);
    assert_eq!(client.get(format!("/support/tickets/{number}")).dispatch().await.status(), Status::Ok);
}

#[rocket::async_test]
async fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let options = Options { uploads: Some(file.join("uploads")), ..options(folder.path()) };
    let error = site(&options).await.unwrap_err();
    assert!(matches!(error, SetupError::Uploads { .. }));
    let text = error.to_string();
    assert!(text.contains("file/uploads cannot be written") && text.contains("--uploads DIR"), "{text}");
}

#[rocket::async_test]
async fn a_database_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing").display().to_string();
    let options = Options { database: format!("sqlite:{missing}/a.sqlite"), ..Options::default() };
    let error = site(&options).await.unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(error.to_string().contains("--database") && cause.contains(&missing), "{error}: {cause}");
}

#[rocket::async_test]
async fn no_page_takes_anything_from_elsewhere() {
    let (_folder, client) = demo().await;
    for path in ["/", "/login", "/mailbox", "/nowhere"] {
        let response = client.get(path).dispatch().await;
        let policy = response.headers().get_one("Content-Security-Policy").unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'"), "{policy}");
        let page = response.into_string().await.unwrap();
        assert!(!page.contains("<script") && !page.contains(" style=") && !page.contains("<style"), "{path}");
        assert!(!page.contains("src=\"http"), "{path}");
    }
}

/// With `--smtp`, letters go to a real mail server, and the mailbox page names it.
#[rocket::async_test]
async fn letters_go_out_through_a_mail_server() {
    let server = muticket_test_support::SmtpServer::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let client = client(&Options { smtp: Some(server.url()), ..options(folder.path()) }).await;
    let helpdesk = client.rocket().state::<Helpdesk>().unwrap();
    let portal = helpdesk.portal(&Visitor::User(Person::find("anna").unwrap().user())).unwrap();
    let category = portal.opening(None).await.unwrap().categories[0].id.clone();
    let new = NewTicket { subject: "Lamp".into(), body: "It is dark.".into(), category: Some(category), ..Default::default() };
    portal.open(new).await.unwrap();
    for _ in 0..300 {
        if server.received().len() < 2 {
            rocket::tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    let mut received: Vec<_> = server.received().into_iter().map(|letter| letter.to.concat()).collect();
    received.sort_unstable();
    assert_eq!(received, ["anna@kontor-nord.example", "sara@kontor-nord.example"]);
    sign_in(&client, "user=sara").await;
    assert!(get(&client, "/mailbox").await.contains("127.0.0.1"));
}
