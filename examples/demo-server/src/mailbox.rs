//! Shows every letter that was sent, as its recipient sees it. Anybody may read and answer all of them, because this is a demo.

use std::sync::Arc;
use std::time::Duration;

use minijinja::{Value, context};
use muticket_core::TimeZone;
use muticket_core::mail::{Letter, Mailer, MemoryMailer};
use rocket::http::{ContentType, Header, Status};
use rocket::response::Responder;
use rocket::{State, get};

use crate::layout::{Html, Layout};
use crate::mail_program;
use crate::people::{PEOPLE, Person};

/// The policy of a letter's page. It allows inline styles and nothing else: no scripts and no forms. Links open outside the frame.
const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                             frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation";

/// Why the mail server of `--smtp` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailServerError {
    /// Its address cannot be read.
    #[cfg(feature = "smtp")]
    #[error(transparent)]
    Setup(muticket_core::mail::SmtpSetupError),
    /// The demo was built without its feature `smtp`.
    #[cfg(not(feature = "smtp"))]
    #[error("this build of the demo sends no emails; build it with `--features smtp`")]
    NotBuilt,
}

/// Where letters are sent.
#[derive(Debug)]
pub enum Mailbox {
    /// To the mailbox page.
    Here(Arc<MemoryMailer>),
    /// To a mail server with this name.
    Server(String),
}

impl Mailbox {
    /// The mailbox and the mailer that fills it. Sending a letter takes at most four steps and half of the courier's claim.
    pub(crate) fn new(smtp: Option<&str>, claim: Option<Duration>) -> Result<(Self, Arc<dyn Mailer>), MailServerError> {
        match smtp {
            None => {
                let mailer = Arc::new(MemoryMailer::default());
                Ok((Self::Here(mailer.clone()), mailer))
            }
            Some(url) => Self::server(url, claim),
        }
    }

    #[cfg(feature = "smtp")]
    fn server(url: &str, claim: Option<Duration>) -> Result<(Self, Arc<dyn Mailer>), MailServerError> {
        let mut mailer = muticket_core::mail::SmtpMailer::new(url).map_err(MailServerError::Setup)?;
        if let Some(claim) = claim {
            mailer = mailer.with_timeout(claim / 8);
        }
        // The part before the @ contains a password.
        let server = url.rsplit(['@', '/']).find(|part| !part.is_empty()).unwrap_or_default();
        Ok((Self::Server(server.to_owned()), Arc::new(mailer)))
    }

    #[cfg(not(feature = "smtp"))]
    fn server(_url: &str, _claim: Option<Duration>) -> Result<(Self, Arc<dyn Mailer>), MailServerError> {
        Err(MailServerError::NotBuilt)
    }

    /// The letters, newest first.
    pub fn letters(&self) -> Vec<Letter> {
        match self {
            Self::Here(mailer) => mailer.letters().into_iter().rev().collect(),
            Self::Server(_) => Vec::new(),
        }
    }
}

/// All letters, or the letters to one person.
#[get("/mailbox?<to>")]
pub(crate) fn overview(layout: Layout, mailbox: &State<Mailbox>, to: Option<&str>) -> Html {
    let server = match &**mailbox {
        Mailbox::Here(_) => None,
        Mailbox::Server(name) => Some(name),
    };
    let letters = mailbox.letters();
    let people = PEOPLE.iter().filter(|person| letters.iter().any(|letter| reader(letter).is_some_and(|to| to.id == person.id)));
    let people: Vec<Value> =
        people.map(|person| context! { id => person.id, name => person.name, chosen => to == Some(person.id) }).collect();
    let shown = letters.iter().filter(|letter| to.is_none_or(|to| reader(letter).is_some_and(|person| person.id == to)));
    let zone = layout.person.and_then(|person| person.user().time_zone).unwrap_or(TimeZone::UTC);
    let letters: Vec<Value> = shown.map(|letter| model(letter, zone)).collect();
    let writers: Vec<Value> = PEOPLE.iter().map(|person| context! { id => person.id, name => person.name }).collect();
    let support = mail_program::SUPPORT;
    layout.page(Status::Ok, "mailbox.html", context! { letters, server, people, writers, support, all => to.is_none() })
}

/// The person of the demo to whom the letter is addressed.
pub(crate) fn reader(letter: &Letter) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.user().address.as_deref() == Some(letter.to.address().as_str()))
}

fn model(letter: &Letter, zone: TimeZone) -> Value {
    let mailbox =
        |mailbox: &muticket_core::mail::Mailbox| context! { name => mailbox.name(), address => mailbox.address().as_str() };
    context! {
        id => id(letter),
        // A visitor of this page is rarely the recipient, and only the recipient may open the ticket.
        reader => reader(letter).map(|person| person.id),
        back => ticket_path(&letter.text),
        reply_to => letter.reply_to.as_ref().map(|address| address.as_str()),
        from => mailbox(&letter.from),
        to => mailbox(&letter.to),
        subject => letter.subject.as_str(),
        sent_at => format!("{} ({zone})", zone.at(letter.sent_at).format("%Y-%m-%d %H:%M:%S")),
        sent_at_machine => letter.sent_at.to_rfc3339(),
        text => pieces(&letter.text),
    }
}

/// The id of a letter on this page: the first part of its `Message-ID`, which does not change when other letters arrive.
pub(crate) fn id(letter: &Letter) -> &str {
    letter.message_id.as_str().split('@').next().unwrap_or_default()
}

/// The path of the page that a letter links to.
fn ticket_path(text: &str) -> &str {
    // Take the last link: text that people wrote comes before it.
    let link = text.split_whitespace().rfind(|word| is_link(word)).unwrap_or_default();
    link.find("/support/").and_then(|start| link.get(start..)).unwrap_or("/")
}

fn is_link(word: &str) -> bool {
    word.starts_with("http://") || word.starts_with("https://")
}

/// The plain text, split where links begin and end, as mail readers do.
fn pieces(text: &str) -> Vec<Value> {
    let mut pieces = Vec::new();
    for piece in text.split_inclusive(char::is_whitespace) {
        let (word, blank) = piece.split_at(piece.trim_end().len());
        pieces.push(context! { text => word, link => is_link(word) });
        pieces.push(context! { text => blank, link => false });
    }
    pieces
}

/// The HTML of a letter, for its frame.
#[derive(Responder)]
pub(crate) struct LetterPage {
    html: String,
    kind: ContentType,
    policy: Header<'static>,
    sniffing: Header<'static>,
    cache: Header<'static>,
}

/// One letter as HTML.
#[get("/mailbox/<wanted>/html")]
pub(crate) fn letter(wanted: &str, mailbox: &State<Mailbox>) -> Option<LetterPage> {
    let letter = mailbox.letters().into_iter().find(|letter| id(letter) == wanted)?;
    // Mail readers open links outside the letter. A frame needs to be told to.
    let html = letter.html.replacen("<head>", "<head>\n<base target=\"_top\">", 1);
    Some(LetterPage {
        html,
        kind: ContentType::HTML,
        policy: Header::new("Content-Security-Policy", LETTER_POLICY),
        sniffing: Header::new("X-Content-Type-Options", "nosniff"),
        cache: Header::new("Cache-Control", "no-store"),
    })
}

#[cfg(test)]
mod tests {
    use muticket_core::mail::{LetterText, MessageId, MessageIdKey};
    use muticket_core::{Clock, LetterId, SystemClock};
    use rocket::local::blocking::Client;

    use super::*;

    const HOSTILE: &str = "</pre></title><script>alert(1)</script>\"'<img src=x onerror=alert(1)>";

    fn letter() -> Letter {
        let from: muticket_core::mail::Mailbox = "Support <support@kontor-nord.example>".parse().unwrap();
        let to = muticket_core::mail::Mailbox::new(HOSTILE, "sara@kontor-nord.example".parse().unwrap());
        let number: LetterId = "018f2f0e-4c5a-7bcd-8abc-0123456789ab".parse().unwrap();
        let text = LetterText {
            subject: HOSTILE.to_owned(),
            text: format!(
                "Read it here:\n  http://127.0.0.1:8000/support/tickets/1/messages/1\nhttp://x\"onclick=alert(1) {HOSTILE}"
            ),
            html: "<!DOCTYPE html><html><head><title>a</title></head><body>Hello</body></html>".to_owned(),
        };
        let message_id = MessageId::of_letter(number, &MessageIdKey::new([7; 32]), from.address());
        Letter::new(message_id, from, to, text, SystemClock.now())
    }

    fn client() -> Client {
        let mailer = MemoryMailer::default();
        rocket::tokio::runtime::Runtime::new().unwrap().block_on(mailer.send(&letter())).unwrap();
        let site = rocket::build().manage(Mailbox::Here(Arc::new(mailer)));
        Client::untracked(site.mount("/", rocket::routes![overview, super::letter])).unwrap()
    }

    #[test]
    fn what_people_wrote_stays_text() {
        let page = client().get("/mailbox").dispatch().into_string().unwrap();
        assert!(!page.contains("<script") && !page.contains("<img src=x") && !page.contains("\"onclick"), "{page}");
        assert!(page.contains("&lt;script&gt;"));
        let link = page.split("<pre>").nth(1).unwrap().split("href=\"").nth(1).unwrap();
        assert_eq!(link.split('"').next().unwrap().replace("&#x2f;", "/"), "http://127.0.0.1:8000/support/tickets/1/messages/1");
    }

    #[test]
    fn letters_are_shown_by_reader_and_in_the_time_zone_of_the_visitor() {
        let client = client();
        let page = |path: &str| client.get(path.to_owned()).dispatch().into_string().unwrap();
        assert!(page("/mailbox").contains("(UTC)") && page("/mailbox?to=sara").contains("site-letter"));
        assert!(
            !page("/mailbox?to=anna").contains("class=\"site-letter\"")
                && page("/mailbox?to=anna").contains("href=\"/mailbox?to=sara\"")
        );
        assert_eq!(
            model(&letter(), TimeZone::parse("Asia/Tokyo").unwrap())
                .get_attr("sent_at")
                .unwrap()
                .to_string()
                .matches("Tokyo")
                .count(),
            1
        );
    }

    #[test]
    fn the_html_of_a_letter_can_do_nothing() {
        let client = client();
        let response = client.get(format!("/mailbox/{}/html", id(&letter()))).dispatch();
        assert_eq!(response.headers().get_one("Content-Security-Policy"), Some(LETTER_POLICY));
        assert!(response.into_string().unwrap().contains("<base target=\"_top\">"));
        assert_eq!(client.get("/mailbox/1/html").dispatch().status(), Status::NotFound);
    }

    #[test]
    fn a_password_is_not_shown() {
        let (mailbox, _) = Mailbox::new(Some("smtps://user:secret@mail.example.org"), None).unwrap();
        assert!(matches!(mailbox, Mailbox::Server(name) if name == "mail.example.org"));
    }
}
