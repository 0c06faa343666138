//! The pages as an adapter calls them: a request in, a response out, without a framework and without a network.

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use muticket_core::{CategoryId, Helpdesk, HostError, Nonce, TicketNumber, Visitor};
use muticket_web::{Configure as _, Head, Instance, Module, Page, Request, RequestHost, Response, percent_encoded};

use crate::world::People;

/// A site with the module and nothing else. Clones share it.
#[derive(Clone)]
pub(crate) struct Site {
    instance: Instance,
    helpdesk: Helpdesk,
}

/// The session of one person.
struct Session(&'static str);

#[async_trait]
impl RequestHost for Session {
    async fn visitor(&self) -> Result<Visitor, HostError> {
        Ok(Visitor::User(People::user(self.0)))
    }

    fn sign_in(&self, _: &str) -> String {
        "/login".to_owned()
    }

    fn page(&self, _: Page<'_>) -> Option<String> {
        None
    }
}

impl Site {
    /// Launches the module. Its worker does not run, so nothing else uses the storage.
    pub(crate) async fn launch(helpdesk: Helpdesk) -> Self {
        let module = Module::new(helpdesk.clone()).forms_per_minute(u32::MAX).forms_at_once(1000, 1000);
        let (instance, _) = module.launch("/login", &|_| false).await.expect("the set-up is right");
        Self { instance, helpdesk }
    }

    /// A page, as HTML.
    pub(crate) async fn page(&self, user: &'static str, path: &str) -> String {
        let response = self.ask(user, Method::GET, path, Bytes::new()).await;
        assert_eq!(response.status, StatusCode::OK, "{path}");
        let html = response.body.whole().expect("a page is no stream").to_vec();
        let html = String::from_utf8(html).expect("a page is UTF-8");
        assert!(html.len() > 500, "{path} is a page");
        html
    }

    /// The token that a person's forms have.
    pub(crate) async fn token(&self, user: &'static str) -> String {
        let html = self.page(user, "/support/tickets/new").await;
        let token = html.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        token.expect("a form has a token").to_owned()
    }

    /// Opens a ticket with the form of the page.
    pub(crate) async fn open(&self, user: &'static str, token: &str, category: &CategoryId, texts: (&str, &str)) -> TicketNumber {
        let Nonce(nonce) = self.helpdesk.nonce();
        let (subject, body) = (percent_encoded(texts.0), percent_encoded(texts.1));
        let form = format!("token={token}&nonce={nonce}&category={category}&subject={subject}&body={body}&repeated=send");
        let response = self.ask(user, Method::POST, "/support/tickets", form.into()).await;
        assert_eq!(response.status, StatusCode::SEE_OTHER, "the form is right");
        let to = response.headers[header::LOCATION].to_str().expect("a path");
        let number = to.rsplit('/').next().and_then(|number| number.parse().ok()).and_then(TicketNumber::new);
        number.expect("it leads to the ticket")
    }

    /// Hands over a letter as a mail server does. Returns what became of it.
    pub(crate) async fn mail(&self, key: &str, letter: String) -> String {
        let (method, mut headers) = (Method::POST, HeaderMap::new());
        let bearer = HeaderValue::from_str(&format!("Bearer {key}")).expect("a key of plain letters");
        headers.insert(header::AUTHORIZATION, bearer);
        headers.insert(header::CONTENT_LENGTH, letter.len().into());
        let head = Head::new(&method, "/support/mail", &headers);
        let body = Box::pin(stream::iter([Ok(Bytes::from(letter))]));
        let response = self.instance.respond(Request { head, body }, &Session("nobody")).await;
        assert_eq!(response.status, StatusCode::OK, "the letter is stored");
        String::from_utf8(response.body.whole().expect("a word is no stream").to_vec()).expect("a word")
    }

    async fn ask(&self, user: &'static str, method: Method, path: &str, body: Bytes) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let head = Head::new(&method, path, &headers);
        let body = Box::pin(stream::iter([Ok(body)]));
        self.instance.respond(Request { head, body }, &Session(user)).await
    }
}
