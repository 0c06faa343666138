//! Elements of a page.

use scraper::{ElementRef, Selector};

/// Parses a selector.
///
/// # Panics
/// If it is invalid.
pub(crate) fn selector(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

/// The text of an element as a person reads it.
pub(crate) fn text_of(element: ElementRef<'_>) -> String {
    match element.value().name() {
        "input" => element.attr("value").unwrap_or_default().to_owned(),
        "img" => element.attr("alt").unwrap_or_default().to_owned(),
        "textarea" => element.text().collect(),
        _ => element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
