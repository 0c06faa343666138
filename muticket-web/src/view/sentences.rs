//! Checks on all sentences of pages and on the templates that use them.

use std::collections::BTreeSet;
use std::path::Path;

use minijinja::context;
use muticket_core::Language;
use muticket_test_support::words::{Sentences, asked_for, said_by};

use super::testing::{NOW, around};
use super::tests::{files, folder};
use super::*;
use crate::error::ErrorPage;

/// The words of [`muticket_core::mail::Trouble`].
const TROUBLES: [&str; 13] = [
    "unreachable",
    "no-answer",
    "insecure",
    "login",
    "sender",
    "address",
    "full",
    "size",
    "blocked",
    "later",
    "refused",
    "unwritten",
    "other",
];

/// Keys that are composed, with all values of the star. Those of [`ErrorPage`] are not listed. A new word in a template or
/// handler is added here, and then its sentence has to exist. A sentence whose word is no longer listed here counts as unused.
const PUT_TOGETHER: &[(&str, &[&str])] = &[
    ("*", &[]), // The names of problems stand in the code as they are.
    ("backend-categories-*", &["up", "down"]),
    ("backend-categories-*-of", &["up", "down"]),
    (
        "backend-mail-about-*",
        &["ticket-opened", "customer-replied", "supporter-answered", "ticket-assigned", "category-changed", "mentioned"],
    ),
    (
        "backend-mail-about-*",
        &["letter-waits", "letter-refused", "answer-on-page", "letter-not-confirmed", "ticket-received", "ticket-closed"],
    ),
    ("backend-mail-direction-*", &["sent", "received", "senders"]),
    ("backend-mail-group-*", &["held", "parked", "waiting", "done", "ignored", "discarded"]),
    (
        "backend-mail-in-*",
        &[
            "waiting",
            "support-off",
            "replied",
            "opened",
            "followed-up",
            "automatic",
            "bounce",
            "own",
            "discarded",
            "unknown-sender",
            "not-confirmed",
            "from-supporter",
            "not-allowed",
            "needs-category",
            "empty",
            "too-many-parts",
            "too-many",
            "too-large",
            "parked",
        ],
    ),
    (
        "backend-mail-reason-*",
        &["no-access", "unknown-user", "no-address", "own-address", "discarded", "outdated", "undeliverable"],
    ),
    ("backend-mail-state-*", &["failed", "held", "waiting", "sending", "dropped"]),
    ("backend-mail-trouble-*", &TROUBLES),
    (
        "backend-mailbox-*",
        &["unreachable", "no-answer", "insecure", "login", "folder", "refused", "nonsense", "not-stored", "left-out"],
    ),
    ("backend-nav-*", &["supporters", "statistics", "settings", "categories", "labels", "saved-answers", "tickets", "mail"]),
    ("backend-open-*", &["assignee", "label", "priority"]),
    ("backend-colour-*", &["grey", "red", "orange", "yellow", "green", "blue", "violet", "pink"]),
    ("backend-tickets-empty-*", &STATES),
    ("empty-*-text", &EMPTY),
    ("empty-*-title", &EMPTY),
    ("empty-*-title", &EMPTY_TITLES),
    ("error-*-text", &[]),
    ("error-*-title", &[]),
    ("event-*", &["opened", "replied", "answered", "rated", "closed", "reopened"]),
    ("event-*", &["taken", "assigned", "released", "prioritized", "categorized", "noted", "note-edited", "note-deleted"]),
    ("event-*", &["labelled", "unlabelled"]),
    ("customer-language-*", &["de", "en"]),
    ("field-*", &["subject", "body", "category", "attachment", "category-name", "stars", "form", "assignee", "mention", "note"]),
    ("field-*", &["label", "label-name", "priority"]),
    ("field-*", &["saved", "title", "saved-text", "view-name"]),
    ("keys-*", &["next", "previous", "enter", "tick", "waiting", "answer", "saved", "note"]),
    ("keys-*", &["take", "close", "search", "overview", "commands", "these"]),
    ("legend-*", &STATUSES),
    ("notice-*", &["opened", "replied", "answered", "answered-and-closed", "rated", "closed", "reopened"]),
    ("notice-*", &["taken", "assigned", "released", "prioritized", "categorized", "noted", "note-saved", "note-deleted"]),
    ("notice-*", &["labelled", "label-added", "label-saved", "label-removed"]),
    ("notice-*", &["queue-end", "none-waits", "saved-answer-added", "saved-answer-saved", "saved-answer-deleted"]),
    ("notice-*", &["view-saved", "view-renamed", "view-replaced", "view-shared", "view-unshared", "view-deleted"]),
    ("notice-*", &["first-view-chosen", "several-assigned", "several-prioritized", "several-categorized"]),
    ("notice-*", &["several-labelled", "several-unlabelled", "several-closed", "several-reopened"]),
    ("notice-*", &["settings-saved", "supporter-added", "supporter-saved", "supporter-removed", "ticket-deleted"]),
    (
        "notice-*",
        &[
            "category-added",
            "category-saved",
            "category-removed",
            "categories-sorted",
            "letter-retried",
            "letters-released",
            "letters-discarded",
            "letters-resumed",
            "incoming-opened",
            "incoming-repeated",
            "incoming-discarded",
            "sender-assigned",
            "sender-forgotten",
        ],
    ),
    ("overview-heading-*", &SIDES),
    ("placeholder-*", &["customer", "supporter", "number", "subject", "category", "site", "link"]),
    ("priority-*", &["low", "normal", "high", "urgent"]),
    ("rating-word-*", &["1", "2", "3", "4", "5"]),
    ("role-*", &SIDES),
    ("saved-act-*", &["close", "take", "assign", "priority", "category", "label"]),
    ("send-*", &VERBS),
    ("sort-*", &["todo", "-activity", "activity", "-number", "number"]),
    ("status-*", &STATUSES),
    ("status-*", &["new-own", "supporter-own", "customer-own", "closed-own"]),
    ("status-*-own", &STATUSES),
    ("support-off-*", &SIDES),
    ("support-off-title-*", &SIDES),
    ("tab-*", &STATES),
    ("view-*", &["waiting", "mine", "nobody", "categories"]),
    ("your-*", &VERBS),
];

const SIDES: [&str; 2] = ["customer", "supporter"];
const VERBS: [&str; 2] = ["reply", "answer"];
const STATES: [&str; 3] = ["open", "closed", "all"];
const STATUSES: [&str; 4] = ["new", "supporter", "customer", "closed"];
/// Without a second sentence.
const EMPTY_TITLES: [&str; 1] = ["view"];
const EMPTY: [&str; 8] = [
    "customer-open",
    "customer-closed",
    "customer-all",
    "supporter-open",
    "supporter-closed",
    "supporter-all",
    "narrowed",
    "paged",
];
/// Numbers that are not counts: the number of a message, and limits that are never one.
const NOT_COUNTED: [&str; 16] = [
    "letters-unconfirmed-many",
    "problem-label-too-many",
    "problem-tickets-too-many",
    "messages-range",
    "list-range",
    "list-range-of",
    "note-link",
    "message-whole",
    "permalink",
    "problem-too-long",
    "backend-statistics-latest-hint",
    "backend-mail-more",
    "backend-mail-senders-more",
    "backend-labels-on-many",
    "backend-labels-gone-many",
    "news-many",
];

pub(super) fn in_english() -> Sentences<'static> {
    let [_, (language, files)] = LOCALES;
    assert_eq!(language, "en");
    Sentences::read(files.iter().map(|(_, source)| *source))
}

fn in_german() -> Sentences<'static> {
    let [(language, files), _] = LOCALES;
    assert_eq!(language, "de");
    Sentences::read(files.iter().map(|(_, source)| *source))
}

/// The code without its tests.
fn code() -> Vec<String> {
    let sources = files("src", ".rs")
        .into_iter()
        .filter(|(path, _)| !["tests.rs", "testing.rs", "sentences.rs"].iter().any(|name| path.ends_with(name)));
    sources.map(|(_, source)| source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()).collect()
}

/// Every key that the templates and the code use, as far as it is written there.
fn asked() -> BTreeSet<String> {
    let mut asked: BTreeSet<_> = files("templates", ".html").iter().flat_map(|(_, source)| asked_for(source)).collect();
    let (code, english) = (code(), in_english());
    asked.extend(
        english
            .names()
            .into_iter()
            .filter(|name| code.iter().any(|source| source.contains(&format!("\"{name}\""))))
            .map(str::to_owned),
    );
    asked
}

fn put_together() -> BTreeSet<String> {
    let listed = PUT_TOGETHER.iter().flat_map(|(name, words)| words.iter().map(|word| name.replace('*', word)));
    let of_errors = |page: &ErrorPage| ["title", "text"].map(|part| format!("error-{}-{part}", page.as_str()));
    listed.chain(ErrorPage::ALL.iter().flat_map(of_errors)).collect()
}

#[test]
fn both_languages_have_the_same_sentences_in_the_same_files() {
    let names = |files: &[(&'static str, &'static str)]| {
        let of = |(file, source): &(&'static str, &'static str)| {
            let names = Sentences::read([*source]);
            names.names().into_iter().map(|name| (name.to_owned(), *file)).collect::<Vec<_>>()
        };
        files.iter().flat_map(of).collect::<BTreeSet<_>>()
    };
    let [german, english] = LOCALES.map(|(_, files)| names(files));
    assert_eq!(german.symmetric_difference(&english).collect::<Vec<_>>(), Vec::<&(String, &str)>::new());
}

#[test]
fn both_languages_fill_in_the_same_values() {
    let (german, english) = (in_german(), in_english());
    for name in german.names() {
        assert_eq!(german.values(name), english.values(name), "{name}");
    }
}

#[test]
fn the_list_of_names_that_are_put_together_is_up_to_date() {
    let asked: BTreeSet<_> = asked().into_iter().filter(|name| name.contains('*')).collect();
    let listed: BTreeSet<_> = PUT_TOGETHER.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(asked.symmetric_difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn every_sentence_that_is_asked_for_is_there() {
    let english = in_english();
    let asked = asked().into_iter().filter(|name| !name.contains('*')).chain(put_together());
    let missing: Vec<_> = asked.filter(|name| !english.names().contains(name.as_str())).collect();
    assert!(missing.is_empty(), "nobody says {missing:?}");
}

#[test]
fn every_sentence_that_is_there_is_asked_for() {
    let used: BTreeSet<_> = asked().into_iter().chain(put_together()).collect();
    let english = in_english();
    let spare: Vec<_> = english.names().into_iter().filter(|name| !used.contains(*name)).collect();
    assert!(spare.is_empty(), "nobody asks for {spare:?}");
}

#[test]
fn no_sentence_stands_in_a_template() {
    for (name, source) in files("templates", ".html") {
        assert_eq!(said_by(&source), [""; 0], "{name} says something by itself");
    }
}

#[test]
fn what_is_counted_has_its_plural() {
    for sentences in [in_german(), in_english()] {
        assert_eq!(sentences.without_plural(), BTreeSet::from(NOT_COUNTED));
    }
}

#[test]
fn one_is_not_many() {
    let view = Renderer::new(None, Language::english()).unwrap();
    let mut templates = Environment::new();
    functions::add(&mut templates);
    let say = |language: &str, n: u32| {
        let model = context! { n, ..around(&view, [language; 2], "UTC") };
        templates.render_str("{{ t('messages-count', n=n) }}", model).unwrap()
    };
    assert_eq!([say("en", 1), say("en", 2), say("en", 1234)], ["1 message", "2 messages", "1,234 messages"]);
    assert_eq!([say("de", 1), say("de", 0), say("de", 1234)], ["1 Nachricht", "0 Nachrichten", "1.234 Nachrichten"]);
}

/// The example of a third language. Its own sentences are used, missing ones come from the default language, and it formats dates, numbers
/// and sizes by its own rules.
#[test]
fn a_third_language_is_one_folder() {
    let folder = folder("../docs/guide/languages");
    let view = Renderer::new(Some(&folder), Language::german()).unwrap();
    let french = view.language(None, Some("fr, en;q=0.8")).words;
    assert_eq!(french, Language::parse("fr").unwrap());
    assert_eq!(view.language(None, Some("fr-CA, en;q=0.8")).locale, Language::parse("fr-ca").unwrap());
    let mut templates = Environment::new();
    functions::add(&mut templates);
    let write = |what: &str| {
        let model = context! { then => NOW - 100_000_000_000, ..around(&view, [french.as_str(); 2], "Europe/Paris") };
        templates.render_str(&format!("{{{{ {what} }}}}"), model).unwrap()
    };
    assert_eq!(write("t('overview-heading-customer')"), "Vos tickets");
    assert_eq!(write("t('filters-apply')"), "Anwenden", "what it does not say is said in the default language");
    assert_eq!([0, 1, 2].map(|n| write(&format!("t('messages-count', n={n})"))), ["0 message", "1 message", "2 messages"]);
    assert_eq!(write("t('messages-count', n=12345)"), "12\u{202f}345 messages");
    assert_eq!(["size(1)", "size(812)", "size(1572864)"].map(write), ["1\u{a0}octet", "812\u{a0}octets", "1,5\u{a0}Mo"]);
    assert_eq!(write("exact(now)"), "15 janv. 2027, 09:00 UTC+1");
    assert_eq!(write("day(now)"), "15 janv. 2027");
    assert!(write("time(then)").ends_with("<span>hier</span></time>"), "{}", write("time(then)"));
}

/// A sentence that nothing uses would never be read, so it is a mistake.
#[test]
fn the_example_says_nothing_that_nobody_asks_for() {
    let own = overrides::sentences(Some(Path::new(&folder("../docs/guide/languages"))), Catalogue::Pages).unwrap();
    let english = in_english();
    for file in own {
        let sentences = Sentences::read([file.text.as_str()]);
        assert_eq!(file.language.as_str(), "fr");
        for name in sentences.names() {
            assert!(english.names().contains(name) && sentences.values(name).is_subset(&english.values(name)), "{name}");
        }
    }
}
