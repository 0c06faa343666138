//! Relative times such as "5 minutes ago" are updated.

use muticket_browser::Session;
use serde_json::{Value, json};

use crate::{open, visit};

/// Replaces the page's timer: what it does every minute runs when the test says so, at the time that the test sets.
const BY_HAND: &str = "window.mutiTicks = [];
    const every = setInterval;
    window.setInterval = (work, pause) => pause === 60000 ? mutiTicks.push(work) : every(work, pause);
    const now = Date.now;
    window.mutiLater = 0;
    Date.now = () => now() + mutiLater;";

/// The text of every time on the page, as it was sent and as it is after the given milliseconds; empty where there is none.
const AFTER: &str = "window.mutiLater = arguments[0];
    const times = [...document.querySelectorAll('.when time[data-relative] > span')];
    const sent = times.map((time) => time.textContent);
    for (const time of times) time.textContent = '';
    for (const tick of mutiTicks) tick();
    return times.map((time, at) => { const said = time.textContent; time.textContent = sent[at]; return [sent[at], said]; });";

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// In seconds. Each is half a minute more than a whole number, so that none changes while the page loads.
const AGES: [i64; 14] = [
    9 * DAY,
    7 * DAY + 30,
    6 * DAY + 20 * HOUR,
    5 * DAY,
    2 * DAY + HOUR,
    47 * HOUR + 30,
    DAY + 30,
    DAY - 90,
    5 * HOUR + 30,
    2 * HOUR + 30,
    HOUR + 30,
    59 * MINUTE + 30,
    2 * MINUTE + 30,
    MINUTE + 30,
];

#[test]
fn fresh_times_are_the_words_of_the_server_in_german() {
    fresh_times_are_the_words_of_the_server("de", "anna");
}

#[test]
fn fresh_times_are_the_words_of_the_server_in_english() {
    fresh_times_are_the_words_of_the_server("en", "ben");
}

fn fresh_times_are_the_words_of_the_server(language: &'static str, customer: &str) {
    let Some((site, page)) = visit(language, customer) else { return };
    let ticket = site.plant_ticket(customer, &AGES.map(chrono::TimeDelta::seconds));
    page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": BY_HAND }));
    open(&page, &format!("/support/tickets/{ticket}"));

    let at_once = after(&page, 0);
    // Times older than a day show the time of day, which is not updated.
    let young: Vec<i64> = AGES.into_iter().filter(|age| *age < DAY).collect();
    assert_eq!(at_once.len(), young.len());
    for (age, (sent, said)) in young.iter().zip(&at_once) {
        assert_eq!(said, sent, "after {age} seconds");
    }
    // An hour later each time has the text that a time one hour older had before.
    let later = after(&page, HOUR * 1000);
    let words_of = |age: i64| &at_once[young.iter().position(|each| *each == age).unwrap()].0;
    let fresh_of = |age: i64| &later[young.iter().position(|each| *each == age).unwrap()].1;
    assert_eq!([fresh_of(2 * MINUTE + 30), fresh_of(HOUR + 30)], [words_of(HOUR + 30), words_of(2 * HOUR + 30)]);
}

fn after(page: &Session, milliseconds: i64) -> Vec<(String, String)> {
    let times: Value = page.run(AFTER, &[json!(milliseconds)]);
    serde_json::from_value(times).unwrap()
}
