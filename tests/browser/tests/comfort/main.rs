//! What the script adds to the pages: docs/guide/comfort.md, sentence by sentence. What the story needs is tested there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod desk;
mod drafts;
mod files;
mod jobs;
mod keys;
mod reading;
mod saved;
mod times;

use muticket_browser::{Chromium, Script, Session, Site, Wishes};
use serde_json::{Value, json};

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const TAB: &str = "\u{e004}";

/// Opens the demo for a person; `None` if there is no browser.
fn visit(language: &'static str, person: &str) -> Option<(Site, Session)> {
    let chromium = Chromium::installed()?;
    let site = Site::new();
    let page = chromium.visit(&site, Wishes { language, script: Script::On });
    page.is(person);
    Some((site, page))
}

/// The index of the focused element; -1 if none of them has the focus.
fn focused(page: &Session, css: &str) -> Value {
    page.run("return [...document.querySelectorAll(arguments[0])].indexOf(document.activeElement)", &[json!(css)])
}

/// The value of a field.
fn value(page: &Session, css: &str) -> Value {
    page.run("return document.querySelector(arguments[0]).value", &[json!(css)])
}

/// Opens a page, and waits until the script has started there.
fn open(page: &Session, path: &str) {
    page.open(path);
    arrives(page, path);
}

/// Waits for a page and its script. The script starts by adding an element for announcements.
fn arrives(page: &Session, path: &str) {
    page.until(path, || (page.path() == path && !page.all(".muticket > [role=status].unseen").is_empty()).then_some(()));
}

/// Asserts that the browser reported no error and no violation of the policy.
fn nothing_was_wrong(page: &Session) {
    assert_eq!(page.run("return window.mutiReports", &[]), json!([]));
    assert_eq!(page.console(), [""; 0]);
}
