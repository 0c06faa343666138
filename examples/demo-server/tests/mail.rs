//! Letters in both directions: a visitor of the mailbox replies as a mail program would, and writes a new letter.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::time::Duration;

use muticket_core::mail::Letter;
use muticket_core::{Helpdesk, NewMessage, NewTicket, TicketNumber, Visitor};
use muticket_demo::{Mailbox, Options, Person, site};
use rocket::http::{ContentType, Header, Status};
use rocket::local::asynchronous::{Client, LocalResponse};
use scraper::{Html, Selector};
use tempfile::TempDir;

async fn demo() -> (TempDir, Client) {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("muticket-demo.sqlite").display());
    let options = Options { database, few: true, ..Options::default() };
    let client = Client::tracked(site(&options).await.unwrap()).await.unwrap();
    (folder, client)
}

fn visitor(id: &str) -> Visitor {
    Visitor::User(Person::find(id).unwrap().user())
}

/// A ticket of this customer that Sara answered, and the letter about the answer.
async fn answered(client: &Client, customer: &str) -> (TicketNumber, Letter) {
    let helpdesk = client.rocket().state::<Helpdesk>().unwrap();
    let portal = helpdesk.portal(&visitor(customer)).unwrap();
    let category = portal.opening(None).await.unwrap().categories[0].id.clone();
    let new =
        NewTicket { subject: "Lampe".into(), body: "Sie ist dunkel.".into(), category: Some(category), ..Default::default() };
    let number = portal.open(new).await.unwrap().number;
    let answer = NewMessage { body: "Is it <plugged> in?".into(), ..Default::default() };
    helpdesk.desk(&visitor("sara")).await.unwrap().answer(number, answer).await.unwrap();
    let mailbox = client.rocket().state::<Mailbox>().unwrap();
    for _ in 0..300 {
        if let Some(letter) = mailbox.letters().into_iter().find(|letter| letter.reply_to.is_some() && !letter.automatic) {
            return (number, letter);
        }
        rocket::tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("no letter came");
}

async fn post<'c>(client: &'c Client, path: String, body: &str) -> LocalResponse<'c> {
    client.post(path).header(ContentType::Form).body(body).dispatch().await
}

async fn get(client: &Client, path: &str) -> String {
    client.get(path.to_owned()).dispatch().await.into_string().await.unwrap()
}

/// The page that tells what became of the letter which was sent just now.
async fn told(client: &Client, sent: LocalResponse<'_>) -> String {
    assert_eq!(sent.status(), Status::SeeOther);
    let location = sent.headers().get_one("Location").unwrap().to_owned();
    get(client, &location).await
}

/// M-01, M-06: text and HTML, with a quotation and without one, all through the real mailroom.
#[rocket::async_test]
async fn a_reply_from_the_mailbox_is_on_the_ticket() {
    let (_folder, client) = demo().await;
    let (number, letter) = answered(&client, "anna").await;
    let page = Html::parse_document(&get(&client, "/mailbox").await);
    let forms = Selector::parse(".site-letter form[action$='/reply']").unwrap();
    let actions: Vec<_> = page.select(&forms).filter_map(|form| form.value().attr("action")).map(str::to_owned).collect();
    assert_eq!(actions.len(), 2, "to the receipt and to the answer; supporters answer on the page");
    let action = format!("/mailbox/{}/reply", letter.message_id.as_str().split('@').next().unwrap());
    assert!(actions.contains(&action), "{actions:?}");
    for (body, text) in [
        ("text=Sch%C3%B6n+dunkel&quote=on", "Schön dunkel"),
        ("text=%3Cb%3Efett%3C/b%3E&html=on&quote=on", "&lt;b&gt;fett"),
        ("text=ohne+Zitat", "ohne Zitat"),
    ] {
        let page = told(&client, post(&client, action.clone(), body).await).await;
        assert!(page.contains("The email is a reply on the ticket.") && page.contains("Anna Lindqvist"), "{page}");
        post(&client, "/login".to_owned(), "user=anna").await;
        let ticket = get(&client, &format!("/support/tickets/{number}")).await;
        assert!(ticket.replace("&#x2f;", "/").contains(text), "{ticket}");
        post(&client, "/logout".to_owned(), "").await;
    }
    post(&client, "/login".to_owned(), "user=anna").await;
    let ticket = Html::parse_document(&get(&client, &format!("/support/tickets/{number}")).await);
    assert_eq!(ticket.select(&Selector::parse(".quoted").unwrap()).count(), 2, "two of the three quote the letter");
    assert_eq!(post(&client, "/mailbox/none/reply".to_owned(), "text=a").await.status(), Status::NotFound);
}

/// M-04: the demo plays the mail server that confirms a sender, or does not.
#[rocket::async_test]
async fn a_new_letter_opens_a_ticket_if_its_sender_is_confirmed() {
    let (_folder, client) = demo().await;
    let write = |body: &'static str| post(&client, "/mailbox/new".to_owned(), body);
    let opened = told(&client, write("user=ben&subject=Re:+Shelf&text=It+wobbles&confirmed=on").await).await;
    assert!(opened.contains("The email opened a ticket.") && opened.contains("Ben Okoro"), "{opened}");
    let html = told(&client, write("user=ben&subject=&text=Hello&html=on&confirmed=on").await).await;
    assert!(html.contains("The email opened a ticket."), "{html}");
    let held = told(&client, write("user=ben&subject=Shelf&text=It+wobbles").await).await;
    assert!(
        held.contains("it is not certain") && held.contains("/support/backend/mail/received".replace('/', "&#x2f;").as_str()),
        "{held}"
    );
    let supporter = told(&client, write("user=sara&subject=Shelf&text=I+am+here&confirmed=on").await).await;
    assert!(supporter.contains("Supporters answer on the page"), "{supporter}");
    let blank = told(&client, write("user=ben&subject=Shelf&text=+&confirmed=on").await).await;
    assert!(blank.contains("it has no text and no file"), "{blank}");
    assert_eq!(write("user=mallory&subject=a&text=a").await.status(), Status::UnprocessableEntity);
    for path in ["/sent/1", "/sent/018f2f0e-4c5a-7bcd-8abc-0123456789ab"] {
        assert_eq!(client.get(path).dispatch().await.status(), Status::NotFound);
    }
    post(&client, "/login".to_owned(), "user=ada").await;
    assert!(get(&client, "/support/backend/mail/received").await.contains("It is not certain"));
}

/// P-08: a form on another site writes no letter.
#[rocket::async_test]
async fn forms_elsewhere_write_no_letter() {
    let (_folder, client) = demo().await;
    for path in ["/mailbox/new", "/mailbox/none/reply"] {
        let request = client.post(path).header(ContentType::Form).header(Header::new("Sec-Fetch-Site", "cross-site"));
        let body = "user=ben&subject=a&text=a&confirmed=on";
        assert_eq!(request.body(body).dispatch().await.status(), Status::Forbidden, "{path}");
    }
}

/// M-08: without a key, there is no door for mail servers.
#[rocket::async_test]
async fn without_a_key_there_is_no_door() {
    let (_folder, client) = demo().await;
    let request = client.post("/support/mail").header(Header::new("Authorization", "Bearer "));
    assert_eq!(request.body("From: ben@kontor-nord.example\r\n\r\na").dispatch().await.status(), Status::NotFound);
}

/// M-08: the mail server of this machine hands over a letter.
#[rocket::async_test]
async fn a_mail_server_hands_over_a_letter() {
    use rocket::tokio::io::{AsyncReadExt, AsyncWriteExt};

    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("lmtp");
    let database = format!("sqlite:{}", folder.path().join("muticket-demo.sqlite").display());
    let lmtp = Some(socket.display().to_string());
    let options = Options { database, few: true, lmtp, ..Options::default() };
    let client = Client::tracked(site(&options).await.unwrap()).await.unwrap();
    let mut connection = rocket::tokio::net::UnixStream::connect(&socket).await.unwrap();
    let letter = "LHLO mx\r\nMAIL FROM:<who@x.example>\r\nRCPT TO:<support@kontor-nord.example>\r\nDATA\r\n\
                  From: who@x.example\r\nSubject: By LMTP\r\n\r\nHello\r\n.\r\nQUIT\r\n";
    connection.write_all(letter.as_bytes()).await.unwrap();
    let mut said = String::new();
    connection.read_to_string(&mut said).await.unwrap();
    assert!(said.contains("\r\n354 ") && said.contains("\r\n221 "), "{said}");
    let helpdesk = client.rocket().state::<Helpdesk>().unwrap();
    assert_eq!(helpdesk.backend(&visitor("ada")).unwrap().mail().await.unwrap().undecided, 1);
}

/// What cannot be used is said at the start.
#[rocket::async_test]
async fn a_way_in_that_cannot_be_used_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("muticket-demo.sqlite").display());
    let options = Options { database, empty: true, ..Options::default() };
    for options in [
        Options { imap: Some("imap://mail.example.org/INBOX".to_owned()), ..options.clone() },
        Options { lmtp: Some("0.0.0.0:2424".to_owned()), ..options },
    ] {
        let error = site(&options).await.err().map(|error| error.to_string()).unwrap();
        assert!(error.contains("given by `--imap`") || error.contains("given by `--lmtp`"), "{error}");
    }
}
