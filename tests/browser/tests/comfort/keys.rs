//! Single-key shortcuts, for supporters who work here all day.

use muticket_browser::{Session, Words};
use serde_json::json;

use crate::{ENTER, ESCAPE, TAB, arrives, focused, nothing_was_wrong, open, value, visit};

const OVERVIEW: &str = "/support/tickets";

/// The keys that the list shows.
const SHOWN: &str = "return [...document.querySelectorAll('dialog.keys[open] dt')].filter((key) => key.checkVisibility())
    .map((key) => key.textContent.trim());";

#[test]
fn j_and_k_go_through_tickets_and_through_messages() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    open(&page, OVERVIEW);
    let at = ["j", "j", "k", "k"].map(|key| press(&page, key, ".row-subject"));
    assert_eq!(at, [0, 1, 0, 0]);
    let second = page.run("return document.querySelectorAll('.row-subject')[1].getAttribute('href')", &[]);
    page.press_keys(&format!("j{ENTER}"));
    arrives(&page, second.as_str().unwrap());
    open(&page, "/support/tickets/2");
    let at = ["j", "j", "k"].map(|key| press(&page, key, ".when"));
    assert_eq!(at, [0, 1, 0]);
    nothing_was_wrong(&page);
}

#[test]
fn n_leads_to_the_next_ticket_that_waits() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    open(&page, OVERVIEW);
    // Through all waiting tickets, each once, to the end of the queue.
    let mut came = vec![OVERVIEW.to_owned()];
    loop {
        page.press_keys("n");
        page.until("another page", || (Some(&page.path()) != came.last()).then_some(()));
        arrives(&page, &page.path());
        if page.path() == OVERVIEW {
            break;
        }
        assert!(!page.all(".status-new, .status-supporter").is_empty(), "it waits: {}", page.words());
        assert!(!came.contains(&page.path()), "{} came before: {came:?}", page.path());
        came.push(page.path());
    }
    assert!(came.len() > 2, "{came:?}");
    assert!(!page.all(".notice [href$='/tickets/next'], [data-done=queue-end]").is_empty(), "{}", page.words());
}

#[test]
fn slash_leads_into_the_search_and_escape_out_of_it() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    open(&page, OVERVIEW);
    page.press_keys("/");
    assert_eq!(focused(&page, "input[name=q]"), 0);
    page.press_keys("jnc?/");
    assert_eq!((value(&page, "input[name=q]"), page.path()), (json!("jnc?/"), OVERVIEW.to_owned()));
    page.press_keys(ESCAPE);
    assert_eq!(press(&page, "j", ".row-subject"), 0);
}

#[test]
fn r_leads_into_the_answer_and_g_o_back_to_the_overview() {
    let Some((_site, page)) = visit("de", "sara") else { return };
    open(&page, "/support/tickets/4");
    page.press_keys("r");
    assert_eq!(focused(&page, ".write textarea"), 0);
    page.press_keys("crn");
    assert_eq!(value(&page, ".write textarea"), "crn");
    page.press_keys(&format!("{ESCAPE}go"));
    arrives(&page, OVERVIEW);
}

#[test]
fn c_asks_before_it_closes() {
    let Some((_site, page)) = visit("de", "sara") else { return };
    open(&page, "/support/tickets/4");
    page.press_keys("c");
    page.one("dialog[open]");
    page.press_keys(ESCAPE);
    page.until("the end of the dialog", || page.all("dialog[open]").is_empty().then_some(()));
    open(&page, "/support/tickets/4");
    assert_eq!(page.all(".status-closed").len(), 0, "it is still open");
    page.press_keys("c");
    page.one("dialog[open]");
    // The focus is on the choice that changes nothing.
    page.press_keys(&format!("{TAB}{ENTER}"));
    page.one(".notice[data-done=closed]");
    nothing_was_wrong(&page);
}

#[test]
fn the_list_shows_what_leads_somewhere_and_has_a_switch() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    let words = Words::of("en");
    open(&page, OVERVIEW);
    page.press_keys("?");
    assert_eq!(page.name(&page.one("dialog.keys[open]")), words.say("keys-title"));
    assert_eq!(page.run(SHOWN, &[]), json!(["j", "k", "Enter", "x", "n", "/", "g o", ".", "?", "Esc"]));
    page.press_keys("j");
    assert_eq!(focused(&page, ".row-subject"), -1, "behind the list no key acts");
    page.click(&page.one("dialog.keys input[type=checkbox]"));
    page.press_keys(ESCAPE);
    assert_eq!(press(&page, "j", ".row-subject"), -1);
    open(&page, "/support/tickets/2");
    assert_eq!(press(&page, "j", ".when"), -1, "the next page knows it, too");
    page.click(&page.one("p.keys button"));
    page.click(&page.one("dialog.keys[open] input[type=checkbox]"));
    page.press_keys(ESCAPE);
    assert_eq!(press(&page, "j", ".when"), 0);
    nothing_was_wrong(&page);
}

#[test]
fn customers_have_no_keys() {
    let Some((_site, page)) = visit("en", "ben") else { return };
    open(&page, OVERVIEW);
    let at = ["j", "n", "?"].map(|key| press(&page, key, ".row-subject"));
    assert_eq!((at, page.path()), ([-1, -1, -1].map(Into::into), OVERVIEW.to_owned()));
    assert_eq!(page.all("dialog").len(), 0);
}

/// Presses a key. Returns which of the elements then has the focus.
fn press(page: &Session, key: &str, css: &str) -> serde_json::Value {
    page.press_keys(key);
    focused(page, css)
}
