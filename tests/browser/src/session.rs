//! One open browser, driven by WebDriver (<https://www.w3.org/TR/webdriver2/>) and by what chromedriver adds to it.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::chromium::{Chromium, Script, Wishes};
use crate::site::Site;
use crate::wire;

/// How long a page may take to show something, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// The key under which the protocol names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// Records violations of the page's policy, from before its first element on.
const WATCH_POLICY: &str = "window.mutiReports = [];
    addEventListener('securitypolicyviolation', (event) => mutiReports.push(`${event.violatedDirective} ${event.blockedURI}`));";

/// An element of the page that was open when it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element(String);

impl Element {
    /// The element as an argument of a script.
    pub fn argument(&self) -> Value {
        json!({ ELEMENT: self.0 })
    }

    fn from(value: &Value) -> Option<Self> {
        value.get(ELEMENT)?.as_str().map(|id| Self(id.to_owned()))
    }
}

/// The browser. It is closed when this is dropped.
#[derive(Debug)]
pub struct Session {
    chromium: &'static Chromium,
    driver: SocketAddr,
    id: String,
    base: String,
}

impl Chromium {
    /// Opens a browser on a site, with a new profile. Waits while too many others are open.
    ///
    /// # Panics
    /// If it does not open.
    pub fn visit(&'static self, site: &Site, wishes: Wishes) -> Session {
        self.begins();
        let session = Session::start(self, site, &self.options(wishes));
        // The window never has the focus, and without it nothing on the page would be shown as focused.
        session.devtools("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        if wishes.script == Script::Off {
            session.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true }));
        }
        session
    }
}

impl Session {
    fn start(chromium: &'static Chromium, site: &Site, options: &Value) -> Self {
        let driver = chromium.driver();
        let wanted = json!({ "capabilities": { "alwaysMatch": options } });
        let started = call(driver, "POST", "/session", &wanted).unwrap_or_else(|error| panic!("no browser: {error}"));
        let id = started["sessionId"].as_str().expect("a session has a name").to_owned();
        let session = Self { chromium, driver, id, base: site.url() };
        session.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH_POLICY }));
        session
    }

    /// Opens an address of the site, and waits until it is loaded.
    pub fn open(&self, path: &str) {
        self.post("/url", &json!({ "url": format!("{}{path}", self.base) }));
    }

    /// Signs in a person of the demo, from the next page on.
    pub fn is(&self, person: &str) {
        let cookie = json!({ "name": muticket_demo::COOKIE, "value": person, "url": self.base });
        self.devtools("Network.setCookie", cookie);
    }

    /// Signs out, as after a login that expired.
    pub fn is_nobody(&self) {
        self.devtools("Network.deleteCookies", json!({ "name": muticket_demo::COOKIE, "url": self.base }));
    }

    /// Runs `work` in a new tab, which is closed afterwards.
    pub fn in_another_tab(&self, work: impl FnOnce()) {
        let this = json!({ "handle": self.get("/window") });
        let other = self.post("/window/new", &json!({ "type": "tab" }));
        self.post("/window", &json!({ "handle": other["handle"] }));
        self.devtools("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        work();
        self.call("DELETE", "/window", &Value::Null);
        self.post("/window", &this);
    }

    /// The path of the open page on the site.
    ///
    /// # Panics
    /// If the browser has left the site.
    pub fn path(&self) -> String {
        let address = self.get("/url");
        let address = address.as_str().unwrap_or_default();
        address.strip_prefix(&self.base).unwrap_or_else(|| panic!("{address} is elsewhere")).to_owned()
    }

    /// Waits until the question is answered.
    ///
    /// # Panics
    /// If it is not answered in time.
    pub fn until<T>(&self, what: &str, question: impl Fn() -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(answer) = question() {
                return answer;
            }
            assert!(begun.elapsed() < PATIENCE, "{what} does not come. {}\n{}", self.path(), self.words());
            pause();
        }
    }

    /// The first element that matches. Waits for it.
    pub fn one(&self, css: &str) -> Element {
        self.until(css, || self.all(css).into_iter().next())
    }

    /// All elements that match now.
    pub fn all(&self, css: &str) -> Vec<Element> {
        let found = self.post("/elements", &json!({ "using": "css selector", "value": css }));
        found.as_array().into_iter().flatten().filter_map(Element::from).collect()
    }

    /// All text on the page.
    pub fn words(&self) -> String {
        self.run("return document.body ? document.body.innerText : ''", &[]).as_str().unwrap_or_default().to_owned()
    }

    /// Clicks in the middle of an element, which no other element may cover.
    pub fn click(&self, element: &Element) {
        self.post(&format!("/element/{}/click", element.0), &json!({}));
    }

    /// Types into an element. In a file field, the text is the path of the file to choose.
    pub fn type_into(&self, element: &Element, text: &str) {
        self.post(&format!("/element/{}/value", element.0), &json!({ "text": text }));
    }

    /// Presses keys one after the other, wherever the focus is.
    pub fn press_keys(&self, keys: &str) {
        let both = |key: char| ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key }));
        let keys: Vec<_> = keys.chars().flat_map(both).collect();
        self.post("/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": keys }] }));
    }

    /// Presses a key while others are held down, wherever the focus is.
    pub fn press_with(&self, held: &str, key: &str) {
        let step = |kind: &str, key: char| json!({ "type": kind, "value": key });
        let down = held.chars().chain(key.chars()).map(|key| step("keyDown", key));
        let up = key.chars().chain(held.chars().rev()).map(|key| step("keyUp", key));
        let keys: Vec<_> = down.chain(up).collect();
        self.post("/actions", &json!({ "actions": [{ "type": "key", "id": "keys", "actions": keys }] }));
    }

    /// The accessible name of the element.
    pub fn name(&self, element: &Element) -> String {
        self.get(&format!("/element/{}/computedlabel", element.0)).as_str().unwrap_or_default().to_owned()
    }

    /// Runs a script. It is not subject to the page's policy, and also runs where pages may run none.
    pub fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("/execute/sync", &json!({ "script": script, "args": arguments }))
    }

    /// Runs a script that calls its last argument when it is done.
    pub fn run_to_end(&self, script: &str, arguments: &[Value]) -> Value {
        self.post("/execute/async", &json!({ "script": script, "args": arguments }))
    }

    /// The element that a script finds, if any.
    pub fn find_by(&self, script: &str, arguments: &[Value]) -> Option<Element> {
        Element::from(&self.run(script, arguments))
    }

    /// Sends a command of the developer tools.
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// What the browser wrote to its console since the last call, without messages about its own start page.
    pub fn console(&self) -> Vec<String> {
        let lines = self.post("/se/log", &json!({ "type": "browser" }));
        let ours = |line: &&Value| !line["message"].as_str().is_some_and(|message| message.starts_with("chrome:"));
        lines
            .as_array()
            .into_iter()
            .flatten()
            .filter(ours)
            .map(|line| format!("{}: {}", line["level"], line["message"]))
            .collect()
    }

    fn get(&self, what: &str) -> Value {
        self.call("GET", what, &Value::Null)
    }

    fn post(&self, what: &str, body: &Value) -> Value {
        self.call("POST", what, body)
    }

    fn call(&self, method: &str, what: &str, body: &Value) -> Value {
        let answer = call(self.driver, method, &format!("/session/{}{what}", self.id), body);
        answer.unwrap_or_else(|error| panic!("{what} {body:.300}: {error}"))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A session that is gone already needs no closing.
        drop(call(self.driver, "DELETE", &format!("/session/{}", self.id), &Value::Null));
        self.chromium.ended();
    }
}

/// Sends one command and returns its value.
fn call(driver: SocketAddr, method: &str, path: &str, body: &Value) -> Result<Value, String> {
    let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
    let reply = wire::exchange(driver, method, path, "Content-Type: application/json\r\n", &body);
    let mut answer: Value = match reply {
        Ok(reply) => serde_json::from_slice(&reply.body).map_err(|error| error.to_string())?,
        Err(error) => return Err(error.to_string()),
    };
    match answer["value"].take() {
        Value::Object(value) if value.contains_key("error") => Err(format!("{}: {}", value["error"], value["message"])),
        value => Ok(value),
    }
}

#[expect(clippy::disallowed_methods, reason = "a page says nothing when it changes")]
fn pause() {
    std::thread::sleep(Duration::from_millis(25));
}
