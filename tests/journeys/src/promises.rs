//! What every answer of the module promises, whatever was asked. Each answer of each journey is checked against it.

use std::collections::BTreeSet;

use scraper::{ElementRef, Html};

use crate::answer::Answer;
use crate::page::selector;

/// Elements that no page of the module contains, and that a text from outside might bring in.
const NEVER: [&str; 12] = [
    "iframe",
    "object",
    "embed",
    "base",
    "meta[http-equiv]",
    "style",
    "math",
    "template",
    "link[rel=import]",
    "frame",
    "applet",
    "marquee",
];
/// Attributes that hold an address.
const ADDRESSES: [&str; 6] = ["href", "src", "action", "formaction", "poster", "data"];

/// Checks an answer against the promises.
///
/// # Panics
/// If one is broken.
#[track_caller]
pub fn hold(answer: &Answer, base: &str, breakdown: bool) {
    let Answer { status, asked, .. } = answer;
    let brief = || format!("{asked}: {}", answer.brief());
    assert!(breakdown || *status < 500, "nothing is broken, and still: {}", brief());
    assert!(*status < 500 || *status == 503, "503 is the only failure there is: {}", brief());
    let asset = asked.contains("/assets/") && *status == 200;
    let cached = answer.header("Cache-Control").unwrap_or_default();
    // P-18
    assert_eq!(cached.contains("no-store"), !asset, "only assets are kept: {}", brief());
    assert_eq!(answer.header("X-Content-Type-Options"), Some("nosniff"), "{}", brief());
    assert_eq!(answer.header("Referrer-Policy"), Some("same-origin"), "{}", brief());
    for (name, value) in &answer.headers {
        assert!(!value.contains(['\r', '\n', '\0']), "the header {name} is one line: {}", brief());
        if name.eq_ignore_ascii_case("Set-Cookie") {
            // P-05
            let fits = value.contains("HttpOnly") && value.contains("SameSite=Lax") && value.contains("Path=");
            assert!(fits && !asset, "the cookie {value:?}: {}", brief());
        }
    }
    if let Some(location) = answer.header("Location") {
        assert!(location.starts_with('/') && !location[1..].starts_with(['/', '\\']), "leads away: {}", brief());
    }
    if answer.is_page() {
        // P-10, P-11
        let policy = answer.header("Content-Security-Policy").unwrap_or_default();
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{}", brief());
        for promise in ["object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'self'"] {
            assert!(policy.contains(promise), "{promise}: {}", brief());
        }
        assert_eq!(answer.header("Cross-Origin-Opener-Policy"), Some("same-origin"), "{}", brief());
        page(answer, base);
    }
}

/// Whether this is a link that somebody typed into a message. It may lead anywhere, shows its target, and passes nothing on.
fn is_typed_link(link: ElementRef<'_>) -> bool {
    let href = link.attr("href").unwrap_or_default();
    let rel = link.attr("rel").unwrap_or_default();
    let shows = link.text().collect::<String>() == href;
    let within = link.ancestors().filter_map(ElementRef::wrap).any(|element| element.attr("class") == Some("text"));
    let web = href.starts_with("https://") || href.starts_with("http://");
    link.value().name() == "a" && web && shows && within && rel.contains("noopener noreferrer nofollow")
}

/// Checks that no element of a page came from a text from outside.
#[track_caller]
fn page(answer: &Answer, base: &str) {
    // The parser adds a body to every page, so this also covers the empty answer to HEAD.
    let tree = answer.page();
    for never in NEVER {
        assert_eq!(tree.select(&selector(never)).count(), 0, "<{never}> on {}:\n{}", answer.asked, answer.text());
    }
    for element in tree.select(&selector("*")) {
        let name = element.value().name();
        for (attribute, value) in element.value().attrs() {
            let ours = |start: &str| value.starts_with(start) || value.starts_with(['#', '?']);
            let runs = attribute.starts_with("on") || attribute == "style" || attribute == "srcdoc";
            assert!(!runs, "<{name} {attribute}={value:?}> on {}", answer.asked);
            if ADDRESSES.contains(&attribute) && !is_typed_link(element) {
                assert!(ours("/") && !value.starts_with("//"), "<{name} {attribute}={value:?}> on {}", answer.asked);
                let own = matches!(name, "script" | "link" | "use" | "img" | "form");
                assert!(!own || ours(base), "<{name} {attribute}={value:?}> on {}", answer.asked);
            }
        }
    }
    accessible(answer, &tree);
    let scripts: Vec<ElementRef<'_>> = tree.select(&selector("script")).collect();
    let inline = scripts.iter().filter(|script| script.attr("src").is_none() || script.text().next().is_some()).count();
    assert_eq!(inline, 0, "a script inside {}:\n{}", answer.asked, answer.text());
}

/// Checks what every reader needs: one heading of the page, ids that occur once, references that lead to them, a label for each field,
/// and a scope for each heading of a table.
#[track_caller]
fn accessible(answer: &Answer, tree: &Html) {
    let attributes = |name: &str| -> Vec<String> {
        tree.select(&selector(&format!("[{name}]"))).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
    };
    if answer.body.is_empty() {
        return;
    }
    assert_eq!(tree.select(&selector("h1")).count(), 1, "the heading of {}", answer.asked);
    let ids = attributes("id");
    let unique: BTreeSet<_> = ids.iter().map(String::as_str).collect();
    assert_eq!(unique.len(), ids.len(), "an id occurs twice on {}: {ids:?}", answer.asked);
    for name in ["aria-describedby", "aria-labelledby", "for"] {
        for reference in attributes(name).iter().flat_map(|ids| ids.split(' ')) {
            assert!(unique.contains(reference), "{name}={reference} on {}", answer.asked);
        }
    }
    let labelled = attributes("for");
    for field in tree.select(&selector(".field input[id], .field select[id], .field textarea[id]")) {
        let id = field.attr("id").unwrap_or_default();
        assert!(labelled.iter().any(|label| label == id), "no label for {id} on {}", answer.asked);
    }
    assert_eq!(tree.select(&selector("th:not([scope])")).count(), 0, "a heading without a scope on {}", answer.asked);
}
