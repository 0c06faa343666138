//! A person's browser. It keeps cookies, reads forms and follows redirects.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use muticket_web::http::Method;

use crate::answer::Answer;
use crate::form::Form;
use crate::promises;
use crate::request::Request;
use crate::world::World;

impl World {
    /// A person's browser.
    pub fn as_(&self, person: &str) -> Browser {
        assert!(self.people().find(person).is_some(), "nobody is called {person}");
        Browser::new(self.clone(), Some(person))
    }

    /// The browser of a guest.
    pub fn guest(&self) -> Browser {
        Browser::new(self.clone(), None)
    }
}

/// One person's browser, or a guest's if nobody signed in.
#[derive(Clone)]
pub struct Browser {
    pub(crate) world: World,
    pub(crate) person: Option<String>,
    language: Option<String>,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Browser {
    fn new(world: World, person: Option<&str>) -> Self {
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
        self.sends(Method::GET, path).go().await
    }

    /// Gets the headers of a page.
    pub async fn head(&self, path: &str) -> Answer {
        self.sends(Method::HEAD, path).go().await
    }

    /// Sends a form.
    pub async fn submits(&self, form: &Form) -> Answer {
        self.sending(form).go().await
    }

    /// A form, ready to send.
    pub fn sending(&self, form: &Form) -> Sending {
        let (kind, body) = form.sent();
        self.whole(Method::POST, &form.action).header("Content-Type", &kind).body(body)
    }

    /// Follows a redirect.
    pub async fn follows(&self, answer: &Answer) -> Answer {
        let to = answer.location().split('#').next().unwrap_or_default().to_owned();
        self.whole(Method::GET, &to).go().await
    }

    /// A request below the base, ready to send.
    pub fn sends(&self, method: Method, path: &str) -> Sending {
        self.whole(method, &format!("{}{path}", self.world.base()))
    }

    /// A request to an absolute path, ready to send.
    pub fn whole(&self, method: Method, address: &str) -> Sending {
        let headers = [("X-Person", self.person.as_ref()), ("Accept-Language", self.language.as_ref())];
        let headers = headers.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.clone()))).collect();
        let request = Request { method, address: address.to_owned(), headers, body: Vec::new() };
        Sending { browser: self.clone(), request }
    }
}

/// A request that is ready to send.
#[derive(Clone)]
pub struct Sending {
    browser: Browser,
    request: Request,
}

impl Sending {
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.request.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.request.body = body.into();
        self
    }

    /// Sends it, and checks the answer against the promises of all answers.
    pub async fn go(self) -> Answer {
        let world = self.browser.world.clone();
        let base = world.base().to_owned();
        let below = self.request.address.strip_prefix(&base).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        let can_read = world.can_read(&self.request.address);
        let answer = self.raw().await;
        if below && (can_read || answer.is_page()) {
            promises::hold(&answer, &base, world.is_broken());
        }
        answer
    }

    /// Sends it with the cookies of the browser, and keeps those of the answer.
    async fn raw(mut self) -> Answer {
        let jar = &self.browser.cookies;
        let cookies: Vec<_> = jar.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let has_own = self.request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("Cookie"));
        if !cookies.is_empty() && !has_own {
            self.request.headers.push(("Cookie".to_owned(), cookies.join("; ")));
        }
        let answer = self.browser.world.site().answer(&self.request).await;
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("Set-Cookie")) {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let is_gone = attributes.split(';').any(|attribute| attribute.trim().eq_ignore_ascii_case("Max-Age=0"));
            let mut jar = jar.lock().unwrap();
            match is_gone {
                true => jar.remove(name),
                false => jar.insert(name.to_owned(), value.to_owned()),
            };
        }
        answer
    }
}
