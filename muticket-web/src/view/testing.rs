//! Test support for pages: renders templates with a sample model in every built-in language.

use chrono::DateTime;
use minijinja::{Value, context};
use muticket_core::{Language, TimeZone};

use crate::view::{LOCALES, PageLanguage, Renderer};

/// The time at which pages are rendered in tests, in microseconds.
pub(crate) const NOW: i64 = 1_800_000_000_000_000;

/// What the model of every page has. The page is in `language`, with the formats of `locale` and the clock of `zone`.
pub(crate) fn around(view: &Renderer, [language, locale]: [&str; 2], zone: &str) -> Value {
    let [words, locale] = [language, locale].map(|tag| Language::parse(tag).unwrap());
    let now = DateTime::from_timestamp_micros(NOW).unwrap();
    let translator = view.translator(&PageLanguage { words, locale }, TimeZone::parse(zone), now);
    context! { language, title => "Title", base => "/support", icons => "/icons.svg", now => NOW, translator }
}

/// Renders a template in German and in English. Panics if the model or the sentences lack something.
pub(crate) fn in_every_language(template: &str, model: Value) -> [String; 2] {
    let view = Renderer::new(None, Language::english()).unwrap();
    LOCALES.map(|(language, _)| {
        let around = around(&view, [language; 2], "UTC");
        let rendered = view.render(template, context! { ..model.clone(), ..around });
        rendered.unwrap_or_else(|error| panic!("{template} in {language}: {error:#}: {}", crate::report::with_causes(&error)))
    })
}
