//! The site with the support, as a browser sees it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use existing_site::site;
use rocket::http::{ContentType, Header, Status};
use rocket::local::asynchronous::{Client, LocalResponse};
use scraper::{Html, Selector};

fn location(response: &LocalResponse<'_>) -> String {
    response.headers().get_one("Location").unwrap().to_owned()
}

async fn sign_in<'c>(client: &'c Client, login: &str, password: &str, back: &str) -> LocalResponse<'c> {
    let body = format!("login={login}&password={password}&back={back}");
    client.post("/login").header(ContentType::Form).body(body).dispatch().await
}

#[rocket::async_test]
async fn guests_are_led_to_the_sites_login_and_back_into_its_layout() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::tracked(site(folder.path()).await.unwrap()).await.unwrap();

    let guest = client.get("/help/tickets").dispatch().await;
    assert_eq!((guest.status(), location(&guest)), (Status::SeeOther, "/login?back=%2Fhelp%2Ftickets".to_owned()));
    let login = client.get("/login?back=%2Fhelp%2Ftickets").dispatch().await.into_string().await.unwrap();
    let form = Html::parse_document(&login);
    let back = form.select(&Selector::parse("input[name=back]").unwrap()).next().unwrap();
    assert_eq!(back.value().attr("value"), Some("/help/tickets"));

    let wrong = sign_in(&client, "mia", "borrow-a-hammer", "/help/tickets").await;
    assert_eq!(wrong.status(), Status::UnprocessableEntity);
    let right = sign_in(&client, "mia", "borrow-a-drill", "/help/tickets").await;
    assert_eq!((right.status(), location(&right)), (Status::SeeOther, "/help/tickets".to_owned()));

    let overview = client.get("/help/tickets").dispatch().await;
    assert_eq!(overview.status(), Status::Ok);
    let page = Html::parse_document(&overview.into_string().await.unwrap());
    let found = |selector: &str| page.select(&Selector::parse(selector).unwrap()).count();
    let name = page.select(&Selector::parse("header span").unwrap()).next().unwrap().inner_html();
    assert_eq!(name, "Mia Bauer");
    assert_eq!((found("html[lang=de]"), found("header.lane-header"), found("link[href^='/help/assets/']")), (1, 1, 1));

    assert_eq!(location(&client.post("/logout").dispatch().await), "/");
    assert_eq!(client.get("/help/tickets").dispatch().await.status(), Status::SeeOther);
}

#[rocket::async_test]
async fn rights_are_those_of_the_sites_own_table() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::tracked(site(folder.path()).await.unwrap()).await.unwrap();
    for (login, password, backend) in [("oskar", "mend-the-saw", Status::Forbidden), ("edith", "mind-the-shop", Status::Ok)] {
        sign_in(&client, login, password, "/").await;
        let settings = client.get("/help/backend/settings").dispatch().await;
        assert_eq!(settings.status(), backend, "{login}");
    }
}

/// P-08, K-18: a form on another site signs nobody in or out.
#[rocket::async_test]
async fn forms_elsewhere_sign_nobody_in_or_out() {
    let folder = tempfile::tempdir().unwrap();
    let client = Client::tracked(site(folder.path()).await.unwrap()).await.unwrap();
    sign_in(&client, "mia", "borrow-a-drill", "/").await;
    let mia = client.cookies().get("mill-lane-session").unwrap().value().to_owned();
    let foreign = [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
        ("Origin", "https://lane.example"),
        ("Origin", "http://lane.example:8000"),
    ];
    for (name, value) in foreign {
        for (path, body) in [("/login", "login=edith&password=mind-the-shop"), ("/logout", "")] {
            let request = client.post(path).header(ContentType::Form).header(Header::new("Host", "lane.example"));
            let response = request.header(Header::new(name, value)).body(body).dispatch().await;
            assert_eq!(response.status(), Status::Forbidden, "{path} {value}");
        }
    }
    assert_eq!(client.cookies().get("mill-lane-session").unwrap().value(), mia);
    assert_eq!(client.get("/help/tickets").dispatch().await.status(), Status::Ok);
}

/// If an id were given to another person, they would get the tickets of its former owner.
#[rocket::async_test]
async fn a_deleted_users_id_is_never_given_again() {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;

    let folder = tempfile::tempdir().unwrap();
    drop(site(folder.path()).await.unwrap());
    let mut database = SqliteConnection::establish(&folder.path().join("library.sqlite").to_string_lossy()).unwrap();
    let newest = "(SELECT CAST(max(id) AS TEXT) FROM users)";
    let asked = || diesel::select(diesel::dsl::sql::<diesel::sql_types::Text>(newest));
    let before: String = asked().get_result(&mut database).unwrap();
    database
        .batch_execute(
            "DELETE FROM users WHERE login = 'edith';
             INSERT INTO users (login, name, mail, language, is_staff, is_admin, password)
             VALUES ('edith', 'Edith Another', 'x@example.org', 'en', FALSE, FALSE, '-')",
        )
        .unwrap();
    let after: String = asked().get_result(&mut database).unwrap();
    assert_ne!(after, before);
}

/// The README quotes the code of the site exactly, except the two lines for emails.
#[test]
fn the_readme_quotes_the_code() {
    let source =
        [include_str!("../src/support.rs"), include_str!("../src/lib.rs"), include_str!("../assets/library.css")].concat();
    let walk = include_str!("../README.md").split("## Email").next().unwrap();
    let quotes: Vec<_> = walk.split("```").skip(1).step_by(2).filter(|quote| !quote.starts_with("text")).collect();
    assert_eq!(quotes.len(), 6);
    for line in quotes.iter().flat_map(|quote| quote.lines().skip(1)) {
        assert!(source.contains(line.trim()), "the site does not say {line:?}");
    }
}

/// The users of the first version had no id.
#[rocket::async_test]
async fn a_file_of_an_older_version_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let mut old = SqliteConnection::establish(&folder.path().join("library.sqlite").to_string_lossy()).unwrap();
    old.batch_execute(
        "CREATE TABLE users (login TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL); INSERT INTO users VALUES ('mia', 'Mia')",
    )
    .unwrap();
    drop(old);
    let Err(error) = site(folder.path()).await else { panic!("it was opened") };
    let said = format!("{error:?}");
    assert!(said.contains("library.sqlite was made by an older version") && said.contains("delete it"), "{said}");
}
