//! How many clicks and keys the most frequent jobs of a supporter take, without the text that they type.

use std::cell::Cell;

use chrono::TimeDelta;
use muticket_browser::Session;
use serde_json::json;

use crate::{ENTER, arrives, nothing_was_wrong, open, value, visit};

const TICKET: &str = "/support/tickets/4";

const CLICK: &str = "const target = document.querySelector(arguments[0]);
    target.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { left, top, width, height } = target.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    if (!target.checkVisibility() || !target.contains(hit)) return false;
    target.click();
    return true;";

/// A hand that counts its clicks and keys.
struct Hand<'a> {
    page: &'a Session,
    clicks: Cell<u32>,
    keys: Cell<u32>,
}

impl<'a> Hand<'a> {
    fn new(page: &'a Session) -> Self {
        Self { page, clicks: Cell::new(0), keys: Cell::new(0) }
    }

    /// Clicks what is visible and not covered. The driver itself takes the panel for hidden, because its `details` are closed and only the
    /// style sheet shows them.
    fn click(&self, css: &str) {
        let _ = self.page.one(css);
        let clicked = self.page.run(CLICK, &[json!(css)]);
        assert_eq!(clicked, json!(true), "{css} cannot be clicked");
        self.clicks.set(self.clicks.get() + 1);
    }

    fn key(&self, key: &str) {
        self.page.press_keys(key);
        self.keys.set(self.keys.get() + 1);
    }

    /// The clicks and the keys.
    fn counted(&self) -> (u32, u32) {
        (self.clicks.get(), self.keys.get())
    }
}

/// T-01, T-03, T-10, T-13
#[test]
fn a_job_on_a_ticket_takes_one_click() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    page.devtools(
        "Emulation.setDeviceMetricsOverride",
        json!({ "width": 1440, "height": 900, "deviceScaleFactor": 1, "mobile": false }),
    );
    open(&page, TICKET);
    let in_view = "const link = document.querySelector('.customer li a[href*=\"/tickets/\"]');
        const place = link?.getBoundingClientRect();
        return Boolean(place) && link.checkVisibility() && place.left < innerWidth;";
    assert_eq!(page.run(in_view, &[]), json!(true), "the customer's other tickets stand beside the conversation");

    let assign = Hand::new(&page);
    assign.click("form[action$='/assignee'] button[name=assignee]");
    page.one("[data-done=taken], [data-done=released]");
    assert_eq!(assign.counted(), (1, 0));

    arrives(&page, TICKET);
    let note = Hand::new(&page);
    note.key("m");
    page.press_keys("They called twice.");
    note.click("#write-note button[type=submit]");
    page.one("[data-done=noted]");
    assert_eq!(note.counted(), (1, 1));

    open(&page, TICKET);
    let insert = Hand::new(&page);
    insert.key("s");
    page.one("dialog.saved[open]");
    page.press_keys("solved");
    insert.key(ENTER);
    page.until("the text", || (value(&page, "#field-body") != json!("")).then_some(()));
    assert_eq!(insert.counted(), (0, 2));

    let close = Hand::new(&page);
    close.click("#write button[name=then][value=close]");
    page.one("[data-done=answered-and-closed]");
    assert_eq!(close.counted(), (1, 0));
    nothing_was_wrong(&page);
}

/// T-11
#[test]
fn forty_tickets_are_closed_with_three_clicks() {
    let Some((site, page)) = visit("en", "tom") else { return };
    for _ in 0..40 {
        let _ = site.plant_ticket("anna", &[TimeDelta::hours(1)]);
    }
    open(&page, "/support/tickets?customer=anna");
    let before = page.all(".tick").len();
    assert!(before >= 40, "{before} tickets");
    let hand = Hand::new(&page);
    hand.click(".tick-all input");
    hand.click("button[name=action][value=close]");
    page.one("[data-done=several-closed]");
    assert!(page.all(".tick").is_empty());
    assert!(hand.counted() <= (3, 0), "{:?}", hand.counted());
    nothing_was_wrong(&page);
}
