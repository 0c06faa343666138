//! A person's browser. It keeps cookies, reads forms and follows redirects.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use rocket::http::{Cookie, Header, Method};

use crate::answer::Answer;
use crate::form::Form;
use crate::promises;
use crate::world::World;

/// One person's browser, or a guest's if nobody signed in.
#[derive(Clone)]
pub struct Browser {
    pub(crate) world: World,
    pub(crate) person: Option<String>,
    language: Option<String>,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Browser {
    pub(crate) fn new(world: World, person: Option<&str>) -> Self {
        Self { world, person: person.map(str::to_owned), language: None, cookies: Arc::default() }
    }

    /// The same browser in another language.
    #[must_use]
    pub fn speaking(mut self, accepted: &str) -> Self {
        self.language = Some(accepted.to_owned());
        self
    }

    /// Gets a page of the module. The path is relative to the base.
    pub async fn get(&self, path: &str) -> Answer {
        self.sends(Method::Get, path).go().await
    }

    /// Gets the headers of a page.
    pub async fn head(&self, path: &str) -> Answer {
        self.sends(Method::Head, path).go().await
    }

    /// Sends a form.
    pub async fn submits(&self, form: &Form) -> Answer {
        self.sending(form).go().await
    }

    /// A form, ready to send.
    pub fn sending(&self, form: &Form) -> Sending {
        let (kind, body) = form.sent();
        self.whole(Method::Post, &form.action).header("Content-Type", &kind).body(body)
    }

    /// Follows a redirect.
    pub async fn follows(&self, answer: &Answer) -> Answer {
        let to = answer.location().split('#').next().unwrap_or_default().to_owned();
        self.whole(Method::Get, &to).go().await
    }

    /// A request below the base, ready to send.
    pub fn sends(&self, method: Method, path: &str) -> Sending {
        self.whole(method, &format!("{}{path}", self.world.base()))
    }

    /// A request to an absolute path, ready to send.
    pub fn whole(&self, method: Method, address: &str) -> Sending {
        let headers = [("X-Person", self.person.as_ref()), ("Accept-Language", self.language.as_ref())];
        let headers = headers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.clone()))).collect();
        Sending { browser: self.clone(), method, address: address.to_owned(), headers, body: Vec::new() }
    }
}

/// A request that is ready to send.
#[derive(Clone)]
pub struct Sending {
    browser: Browser,
    method: Method,
    address: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Sending {
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Sends it, and checks the answer against the promises of all answers.
    pub async fn go(self) -> Answer {
        let world = self.browser.world.clone();
        let base = world.base().to_owned();
        let below = self.address.strip_prefix(&base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        let readable = rocket::http::uri::Origin::parse(&self.address).is_ok();
        let answer = self.raw().await;
        if below && readable {
            promises::hold(&answer, &base, world.is_broken());
        }
        answer
    }

    /// Sends it.
    async fn raw(self) -> Answer {
        let client = self.browser.world.client();
        let mut request = client.req(self.method, self.address.as_str()).body(&self.body);
        for (name, value) in &self.headers {
            request.add_header(Header::new(name.clone(), value.clone()));
        }
        for (name, value) in &*self.browser.cookies.lock().unwrap() {
            request = request.cookie(Cookie::new(name.clone(), value.clone()));
        }
        let response = request.dispatch().await;
        let mut cookies = BTreeMap::new();
        for cookie in response.cookies().iter() {
            let gone = cookie.max_age().is_some_and(|age| age.whole_seconds() <= 0);
            cookies.insert(cookie.name().to_owned(), (!gone).then(|| cookie.value().to_owned()));
        }
        for (name, value) in cookies {
            let mut jar = self.browser.cookies.lock().unwrap();
            match value {
                Some(value) => jar.insert(name, value),
                None => jar.remove(&name),
            };
        }
        let headers = response.headers().iter().map(|header| (header.name().to_string(), header.value().to_owned())).collect();
        let status = response.status();
        let asked = format!("{} {}", self.method, self.address);
        let body = response.into_bytes().await.unwrap_or_default();
        Answer { status, headers, body, asked }
    }
}
