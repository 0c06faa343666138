//! What supporters do on the page of a ticket with the script: the panel, notes, the command palette.

use serde_json::json;

use crate::{ENTER, ESCAPE, TAB, arrives, focused, nothing_was_wrong, open, visit};

const TICKET: &str = "/support/tickets/4";
const CONTROL: &str = "\u{e009}";
const SHIFT: &str = "\u{e008}";
const UP: &str = "\u{e013}";
const DOWN: &str = "\u{e015}";

/// T-05: one click opens the choices, the second chooses. No button is left to press.
#[test]
fn a_choice_in_the_panel_acts_at_once() {
    let Some((_site, page)) = visit("en", "sara") else { return };
    open(&page, TICKET);
    let visible = "return [...document.querySelectorAll('form[action$=\"/priority\"] button')].filter((one) => one.checkVisibility()).length";
    assert_eq!(page.run(visible, &[]), json!(0));
    let choose = "const choice = document.querySelector('select[name=priority]'); choice.value = 'low'; choice.dispatchEvent(new Event('change'));";
    page.run(choose, &[]);
    page.one("[data-done=prioritized]");
    nothing_was_wrong(&page);
}

/// T-05: by keys one passes over choices. Enter takes the one that one has come to, or Tab, and one goes on from there.
#[test]
fn a_choice_by_keys_waits_until_it_is_made() {
    const HERE: &str =
        "const choice = document.querySelector('select[name=priority]'); choice.focus(); return choice.selectedIndex;";
    let Some((_site, page)) = visit("en", "sara") else { return };
    open(&page, TICKET);
    let place = || page.run(HERE, &[]).as_i64().unwrap();
    let lines = || page.all(".history li").len();
    let (before, told) = (place(), lines());
    let (key, by, back) = if before < 2 { (DOWN, 2, UP) } else { (UP, -2, DOWN) };
    page.press_keys(key);
    page.press_keys(&format!("{key}{ENTER}"));
    page.one("[data-done=prioritized]");
    arrives(&page, TICKET);
    page.until("the focus", || (focused(&page, "select[name=priority]") == 0).then_some(()));
    assert_eq!((place(), lines()), (before + by, told + 1));
    page.press_keys(&format!("{back}{TAB}"));
    page.until("the other choice", || (lines() == told + 2).then_some(()));
    nothing_was_wrong(&page);
}

/// T-01: `m` leads into the field, and Ctrl + Enter saves.
#[test]
fn m_writes_a_note() {
    let Some((_site, page)) = visit("de", "sara") else { return };
    open(&page, TICKET);
    page.press_keys("m");
    assert_eq!(focused(&page, ".note.write textarea"), 0);
    page.press_keys("Bitte anrufen");
    page.press_with(CONTROL, ENTER);
    page.one("[data-done=noted]");
    assert!(page.words().contains("Bitte anrufen"));
    nothing_was_wrong(&page);
}

/// T-10: Ctrl + Shift + Enter sends the answer and closes the ticket.
#[test]
fn one_key_sends_and_closes() {
    let Some((_site, page)) = visit("en", "sara") else { return };
    open(&page, TICKET);
    page.press_keys("rAll good now.");
    page.press_with(&format!("{CONTROL}{SHIFT}"), ENTER);
    page.one("[data-done=answered-and-closed]");
    page.one(".status-closed");
    nothing_was_wrong(&page);
}

/// The palette presses the page's own buttons, and leads to tickets and searches.
#[test]
fn the_palette_finds_by_typing() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    open(&page, TICKET);
    page.press_keys(".");
    page.one("dialog.palette[open]");
    assert_eq!(focused(&page, "dialog.palette input"), 0);
    page.press_keys(&format!("prio low{ENTER}"));
    page.one("[data-done=prioritized]");
    arrives(&page, TICKET);
    page.press_keys(".");
    page.one("dialog.palette[open]");
    page.press_keys("qqqq");
    let shown = "return [...document.querySelectorAll('dialog.palette li')].map((one) => one.textContent)";
    assert_eq!(page.run(shown, &[]), json!(["Search all tickets for \u{201c}qqqq\u{201d}"]));
    page.press_keys(ESCAPE);
    page.until("the end of the dialog", || page.all("dialog[open]").is_empty().then_some(()));
    page.press_with(CONTROL, "k");
    page.one("dialog.palette[open]");
    page.press_keys(&format!("#2{ENTER}"));
    arrives(&page, "/support/tickets/2");
    nothing_was_wrong(&page);
}

/// T-06: the palette puts labels on and takes them off, as the boxes of the page do.
#[test]
fn the_palette_changes_labels() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    open(&page, TICKET);
    let ticked = || page.all("#field-label input:checked").len();
    let before = ticked();
    page.press_keys(".");
    page.one("dialog.palette[open]");
    page.press_keys(&format!("add label{ENTER}"));
    page.one("[data-done=labelled]");
    arrives(&page, &format!("{TICKET}#labels"));
    assert_eq!(ticked(), before + 1);
    page.press_keys(".");
    page.one("dialog.palette[open]");
    page.press_keys(&format!("remove label{ENTER}"));
    page.until("the label is gone", || (ticked() == before).then_some(()));
    nothing_was_wrong(&page);
}

/// The list says what came since it was loaded. No row moves.
#[test]
fn the_list_says_what_is_new() {
    const BY_HAND: &str = "const now = Date.now; window.mutiLater = 0; Date.now = () => now() + mutiLater;";
    const ASK: &str = "window.mutiLater += 31000; dispatchEvent(new Event('visibilitychange'));";
    const PLACES: &str =
        "return [...document.querySelectorAll('.row, .tab, .several-bar')].map((one) => one.getBoundingClientRect().top)";
    let Some((site, page)) = visit("en", "tom") else { return };
    page.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": BY_HAND }));
    open(&page, "/support/tickets");
    let before = page.run(PLACES, &[]);
    site.plant_ticket("anna", &[chrono::TimeDelta::zero()]);
    page.run("dispatchEvent(new Event('visibilitychange'))", &[]);
    assert_eq!(page.all(".news a").len(), 0, "it does not ask twice in half a minute");
    page.run(ASK, &[]);
    let link = page.one(".news a");
    assert_eq!(page.name(&link), "1 new. Show");
    assert_eq!(page.run(PLACES, &[]), before);
    page.click(&link);
    page.until("the new list", || page.all(".news a").is_empty().then_some(()));
    page.until("the new ticket", || page.words().contains("Long ago").then_some(()));
    nothing_was_wrong(&page);
}

#[test]
fn customers_get_no_palette_and_no_script_of_the_desk() {
    let Some((_site, page)) = visit("en", "ben") else { return };
    open(&page, "/support/tickets");
    page.press_keys(".");
    assert_eq!(page.all("dialog").len(), 0);
    assert_eq!(page.all("script[src*=desk]").len(), 0);
}
