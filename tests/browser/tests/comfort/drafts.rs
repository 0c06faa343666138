//! Text that was typed and not sent.

use muticket_browser::Words;
use serde_json::json;

use crate::{arrives, open, value, visit};

const NEW: &str = "/support/tickets/new";
const TICKET: &str = "/support/tickets/3";
const BODY: &str = "[name=body]";
const SUBJECT: &str = "[name=subject]";

#[test]
fn a_text_comes_back_after_a_closed_tab_until_it_is_discarded() {
    let Some((_site, page)) = visit("en", "ben") else { return };
    let words = Words::of("en");
    page.in_another_tab(|| {
        open(&page, TICKET);
        page.type_into(&page.one(BODY), "The sticker says KN-");
    });
    open(&page, TICKET);
    assert_eq!(value(&page, BODY), "The sticker says KN-");
    assert!(page.words().contains(words.say("text-restored")), "it says where it is from: {}", page.words());
    let discard = page.one(".write .hint button");
    assert_eq!(page.name(&discard), words.say("text-discard"));
    page.click(&discard);
    assert_eq!((value(&page, BODY), page.all(".write .hint button").len()), (json!(""), 0));
    open(&page, TICKET);
    assert_eq!(value(&page, BODY), "");
}

#[test]
fn a_text_comes_back_after_an_expired_login_until_it_is_sent() {
    let Some((_site, page)) = visit("de", "anna") else { return };
    let words = Words::of("de");
    open(&page, NEW);
    page.type_into(&page.one(SUBJECT), "Zu spät");
    page.type_into(&page.one("select[name=category]"), "Technik");
    page.type_into(&page.one(BODY), "Das war eine lange Geschichte.");
    let category = value(&page, "select[name=category]");
    assert_ne!(category, "");
    page.is_nobody();
    page.click(&page.one(".write [type=submit]"));

    let again = page.one(".error .button-primary");
    assert_eq!(page.name(&again), words.say("error-sign-in-again"));
    assert_eq!(value(&page, "textarea[readonly][rows='8']"), "Das war eine lange Geschichte.");
    page.click(&again);
    page.click(&page.one("button[value=anna]"));
    arrives(&page, NEW);
    page.one(".write .hint button");
    let restored = [SUBJECT, "select[name=category]", BODY].map(|field| value(&page, field));
    assert_eq!(restored, [json!("Zu spät"), category, json!("Das war eine lange Geschichte.")]);

    page.click(&page.one(".write [type=submit]"));
    page.one(".notice[data-done=opened]");
    open(&page, NEW);
    assert_eq!([SUBJECT, BODY].map(|field| value(&page, field)), ["", ""]);
}

/// Each tab keeps its own text. The texts of closed tabs come back one after the other.
#[test]
fn tabs_do_not_overwrite_each_other() {
    let Some((_site, page)) = visit("en", "ben") else { return };
    open(&page, NEW);
    page.type_into(&page.one(BODY), "The first tab.");
    page.in_another_tab(|| {
        open(&page, NEW);
        assert_eq!(value(&page, BODY), "", "the first tab's text is its own");
        page.type_into(&page.one(BODY), "The second tab.");
    });
    page.type_into(&page.one(BODY), " And more.");
    open(&page, NEW);
    page.until("its own text", || (value(&page, BODY) == "The first tab. And more.").then_some(()));
    page.in_another_tab(|| {
        open(&page, NEW);
        page.until("the text of the closed tab", || (value(&page, BODY) == "The second tab.").then_some(()));
    });
}

/// P-25: after the browser's *Back* the field is empty.
#[test]
fn what_was_sent_does_not_stand_in_the_field_again() {
    let Some((_site, page)) = visit("en", "ben") else { return };
    open(&page, TICKET);
    page.type_into(&page.one(BODY), "It is the blue one.");
    page.click(&page.one(".write [type=submit]"));
    page.one(".notice[data-done=replied]");
    page.run("history.back()", &[]);
    page.until("the page before", || page.all(".notice[data-done]").is_empty().then_some(()));
    arrives(&page, TICKET);
    page.until("an empty field", || (value(&page, BODY) == "").then_some(()));
}

/// P-25: browsers fill in only some of the fields again.
#[test]
fn what_was_sent_as_a_ticket_does_not_stand_in_the_fields_again() {
    let Some((_site, page)) = visit("en", "ben") else { return };
    open(&page, NEW);
    page.type_into(&page.one(SUBJECT), "A wobbly table");
    page.type_into(&page.one("select[name=category]"), "Technical");
    page.type_into(&page.one(BODY), "It wobbles.");
    page.click(&page.one(".write [type=submit]"));
    page.one(".notice[data-done=opened]");
    page.run("history.back()", &[]);
    page.until("the page before", || page.all(".notice[data-done]").is_empty().then_some(()));
    arrives(&page, NEW);
    page.until("empty fields", || (value(&page, SUBJECT) == "" && value(&page, BODY) == "").then_some(()));
}

#[test]
fn a_text_is_for_nobody_else() {
    let Some((_site, page)) = visit("en", "ben") else { return };
    open(&page, NEW);
    page.type_into(&page.one(BODY), "My secret.");
    page.is("anna");
    open(&page, NEW);
    assert_eq!(value(&page, BODY), "");
    assert_eq!(page.run("return Object.values(localStorage).join().includes('secret')", &[]), false);
    page.is("ben");
    open(&page, NEW);
    assert_eq!(value(&page, BODY), "", "and not for Ben any more either");
}
