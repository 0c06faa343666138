//! Messages that were read are marked as read, and nothing moves on the page.

use muticket_browser::Session;
use serde_json::{Value, json};

use crate::{nothing_was_wrong, open, visit};

/// The places of all elements once the page has settled, the layout shifts since the given moment, and the moment of this look.
const PLACES: &str = "const [since, done] = arguments;
    setTimeout(() => {
        const moved = [];
        const watch = new PerformanceObserver((list) => moved.push(...list.getEntries()));
        watch.observe({ type: 'layout-shift', buffered: true });
        setTimeout(() => {
            const places = [...document.querySelectorAll('.muticket *:not(svg *)')].map((element) => {
                const { x, y, width, height } = element.getBoundingClientRect();
                return [x, y, width, height];
            });
            const late = moved.concat(watch.takeRecords()).filter((entry) => entry.startTime > since);
            done([performance.now(), late.map((entry) => entry.value), scrollY, places]);
        }, 50);
    }, 200);";

/// Whether the overview shows a ticket as unread.
const UNREAD: &str = "const [path, done] = arguments;
    fetch('/support/tickets').then((answer) => answer.text()).then((text) => {
        const page = new DOMParser().parseFromString(text, 'text/html');
        done(page.querySelector(`.row-subject[href^='${path}#']`).closest('.row').matches('.row-unread'));
    });";

#[test]
fn what_was_in_view_is_marked_as_read_and_the_page_stays_as_it_is() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    let path = "/support/tickets/6";
    open(&page, "/support/tickets");
    assert!(is_unread(&page, path), "Tom has not opened the ticket yet");
    open(&page, path);
    let before = places(&page, &json!(f64::MAX));
    page.until("the mark", || (!is_unread(&page, path)).then_some(()));
    let after = places(&page, &before[0]);
    assert_eq!((&after[1], &after[2], &after[3]), (&json!([]), &before[2], &before[3]));
    assert_eq!(page.run("return document.querySelector('form.seen').checkVisibility()", &[]), false, "no button comes back");
    nothing_was_wrong(&page);
}

#[test]
fn what_was_not_in_view_stays_unread() {
    let Some((site, page)) = visit("en", "ben") else { return };
    let ticket = site.plant_ticket("ben", &[0; 40].map(chrono::TimeDelta::seconds));
    page.is("tom");
    let path = format!("/support/tickets/{ticket}");
    open(&page, &path);
    assert_eq!(page.run("return scrollY", &[]), 0);
    // Three times as long as marking takes.
    page.run_to_end("const done = arguments[0]; setTimeout(done, 4500)", &[]);
    assert!(is_unread(&page, &path));
    page.run("scrollTo(0, document.body.scrollHeight)", &[]);
    page.until("the mark", || (!is_unread(&page, &path)).then_some(()));
}

fn places(page: &Session, since: &Value) -> Value {
    page.run_to_end(PLACES, std::slice::from_ref(since))
}

fn is_unread(page: &Session, path: &str) -> bool {
    page.run_to_end(UNREAD, &[json!(path)]) == true
}
