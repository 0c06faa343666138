//! A browser that talks to either node. It sends all its cookies to both, whichever node set them.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use muticket_journeys::Form;
use rocket::tokio::io::{AsyncReadExt, AsyncWriteExt};
use rocket::tokio::net::TcpStream;
use rocket::tokio::time::timeout;
use scraper::{Html, Selector};

/// Longer than any page may take: a storage waits up to ten seconds for its turn.
const PATIENCE: Duration = Duration::from_secs(60);

/// A response.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) page: String,
}

impl Answer {
    /// The form whose action ends with `action_end`.
    pub(crate) fn form(&self, action_end: &str) -> Option<Form> {
        let forms = Form::all(&Html::parse_document(&self.page));
        forms.into_iter().find(|form| form.method == "post" && form.action.ends_with(action_end))
    }

    /// The URLs of the page's attachments.
    pub(crate) fn attachments(&self) -> Vec<String> {
        let links = Selector::parse("a[href*='/attachments/']").unwrap();
        let page = Html::parse_document(&self.page);
        page.select(&links).filter_map(|link| link.attr("href")).map(str::to_owned).collect()
    }

    /// The ticket number in the redirect's URL, and the message number if it has one.
    pub(crate) fn leads_to(&self) -> Option<(i64, Option<u32>)> {
        let (path, message) = match self.location.split_once("#message-").or_else(|| self.location.split_once("#rating-")) {
            Some((path, message)) => (path, Some(message.parse().ok()?)),
            None => (self.location.as_str(), None),
        };
        Some((path.strip_prefix("/support/tickets/")?.parse().ok()?, message))
    }
}

/// One person's browser.
#[derive(Clone, Default)]
pub(crate) struct Browser {
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Browser {
    pub(crate) async fn get(&self, node: SocketAddr, path: &str) -> io::Result<Answer> {
        self.exchange(node, "GET", path, None).await
    }

    pub(crate) async fn submit(&self, node: SocketAddr, form: &Form) -> io::Result<Answer> {
        self.exchange(node, "POST", &form.action, Some(form.sent())).await
    }

    pub(crate) async fn sign_in(&self, node: SocketAddr, person: &str) {
        assert!(self.is_guest(node).await);
        let body = format!("user={person}").into_bytes();
        let answer = self.exchange(node, "POST", "/login", Some(("application/x-www-form-urlencoded".to_owned(), body)));
        assert_eq!(answer.await.unwrap().status, 303);
        assert!(self.get(node, "/").await.unwrap().page.contains("/logout"), "{person} is signed in");
    }

    /// Whether no user is signed in.
    pub(crate) async fn is_guest(&self, node: SocketAddr) -> bool {
        !self.get(node, "/").await.unwrap().page.contains("/logout")
    }

    async fn exchange(&self, node: SocketAddr, verb: &str, path: &str, sent: Option<(String, Vec<u8>)>) -> io::Result<Answer> {
        let (kind, body) = sent.unwrap_or_default();
        let cookies: Vec<_> = self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let head = format!(
            "{verb} {path} HTTP/1.1\r\nHost: {node}\r\nConnection: close\r\nAccept-Language: en\r\nCookie: {}\r\n\
             Content-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            cookies.join("; "),
            body.len()
        );
        let mut bytes = Vec::new();
        let conversation = async {
            let mut stream = TcpStream::connect(node).await?;
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await?;
            stream.read_to_end(&mut bytes).await
        };
        timeout(PATIENCE, conversation).await??;
        self.read(&bytes)
    }

    /// Parses a complete response. A response that broke off is an error.
    fn read(&self, bytes: &[u8]) -> io::Result<Answer> {
        let broken = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let text = std::str::from_utf8(bytes).map_err(|_| broken())?;
        let (head, page) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
        let mut answer = Answer { status, location: String::new(), page: page.to_owned() };
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            match name.to_ascii_lowercase().as_str() {
                "content-length" if value.parse() != Ok(page.len()) => return Err(broken()),
                "location" => value.clone_into(&mut answer.location),
                "set-cookie" => {
                    let (name, value) = value.split(';').next().and_then(|pair| pair.split_once('=')).ok_or_else(broken)?;
                    self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        Ok(answer)
    }
}
