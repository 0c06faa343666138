//! Saved answers, found by typing and inserted without loading a page.

use serde_json::json;

use crate::{ENTER, ESCAPE, arrives, focused, nothing_was_wrong, open, value, visit};

const TICKET: &str = "/support/tickets/4";
const BODY: &str = "#field-body";

/// The selected part of the text.
const SELECTED: &str = "const box = document.querySelector('#field-body');
    return box.value.slice(box.selectionStart, box.selectionEnd);";

/// T-08: two keys and typing.
#[test]
fn a_key_and_some_letters_insert_a_saved_answer() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    open(&page, TICKET);
    page.press_keys("s");
    page.one("dialog.saved[open]");
    page.press_keys(&format!("details{ENTER}"));
    page.until("the text", || (value(&page, BODY) != json!("")).then_some(()));
    assert_eq!(page.path(), TICKET, "no page was loaded");
    assert_eq!(focused(&page, BODY), 0);
    let gap = page.run(SELECTED, &[]);
    assert!(gap.as_str().is_some_and(|gap| gap.starts_with("[[") && gap.ends_with("?]]")), "{gap}");
    page.press_keys("which printer");
    assert!(value(&page, BODY).as_str().is_some_and(|text| text.contains("which printer") && !text.contains("[[")));
    assert_eq!(page.all("#saved-used input[name=saved]").len(), 1);
    nothing_was_wrong(&page);
}

/// T-08: the palette inserts one, too.
#[test]
fn the_palette_inserts_a_saved_answer() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    open(&page, TICKET);
    page.press_keys(".");
    page.one("dialog.palette[open]");
    page.press_keys(&format!("insert details{ENTER}"));
    page.until("the text", || (value(&page, BODY) != json!("")).then_some(()));
    assert_eq!(page.all("#saved-used input[name=saved]").len(), 1);
    nothing_was_wrong(&page);
}

/// T-08, T-09: two colons open the search while one writes. What was written stays, and the boxes of the actions appear.
#[test]
fn two_colons_find_one_while_writing() {
    let Some((_site, page)) = visit("en", "tom") else { return };
    open(&page, TICKET);
    page.press_keys("r");
    page.press_keys("Before ::");
    page.one("dialog.saved[open]");
    page.press_keys(ESCAPE);
    page.until("the end of the dialog", || page.all("dialog[open]").is_empty().then_some(()));
    assert_eq!(value(&page, BODY), json!("Before "));
    page.press_keys("::");
    page.one("dialog.saved[open]");
    page.press_keys(&format!("solved{ENTER}"));
    page.until("the boxes", || (!page.all("#saved-used input[name=action][checked]").is_empty()).then_some(()));
    assert!(value(&page, BODY).as_str().is_some_and(|text| text.starts_with("Before ") && text.len() > 20));
    page.click(&page.one("#write .button-primary"));
    arrives(&page, &format!("{TICKET}#message-4"));
    page.one(".status-closed");
    nothing_was_wrong(&page);
}
