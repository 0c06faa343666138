//! Test support for pages: renders templates with a sample model in every built-in language.

use minijinja::{Value, context};
use muticket_core::Language;

use crate::view::{LOCALES, View};

/// Renders a template in German and in English. Panics if the model or the sentences lack something.
pub(crate) fn in_every_language(template: &str, model: Value) -> [String; 2] {
    let view = View::new(None, Language::english()).unwrap();
    LOCALES.map(|(language, _)| {
        let around =
            context! { language, title => "Title", base => "/support", icons => "/icons.svg", now => 1_800_000_000_000_000_i64 };
        let rendered = view.render(template, context! { ..model.clone(), ..around });
        rendered.unwrap_or_else(|error| panic!("{template} in {language}: {error:#}: {}", crate::report::with_causes(&error)))
    })
}
