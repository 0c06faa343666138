//! For the tests of pages: templates rendered with a sample model in every language that comes with the module, and what holds for all
//! sentences.

use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Value, context};
use muticket_core::Language;

use crate::view::{LOCALES, View};

/// Renders a template in German and in English. Whatever its model or the sentences lack is a panic.
pub(crate) fn in_every_language(template: &str, model: Value) -> [String; 2] {
    let view = View::new(None, Language::english()).unwrap();
    LOCALES.map(|(language, _)| {
        let around =
            context! { language, title => "Title", base => "/support", icons => "/icons.svg", now => 1_800_000_000_000_000_i64 };
        let rendered = view.render(template, context! { ..model.clone(), ..around });
        rendered.unwrap_or_else(|error| panic!("{template} in {language}: {error:#}: {}", crate::setup::with_causes(&error)))
    })
}

/// The names of the sentences of a language, each with the file it is in. In Fluent's format they begin their lines.
fn sentences(files: &[(&'static str, &'static str)]) -> BTreeMap<&'static str, &'static str> {
    let mut names = BTreeMap::new();
    for (file, source) in files {
        let heads = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
        for name in heads.filter_map(|line| line.split_once(" =").map(|(name, _)| name)) {
            let other = names.insert(name, *file);
            assert_eq!(other, None, "{name} is in {file} a second time");
        }
    }
    names
}

#[test]
fn both_languages_have_the_same_sentences_in_the_same_files() {
    let [german, english] = LOCALES.map(|(_, files)| sentences(files));
    let names = |of: &BTreeMap<&'static str, &'static str>| of.clone().into_iter().collect::<BTreeSet<_>>();
    let differing: Vec<_> = names(&german).symmetric_difference(&names(&english)).copied().collect();
    assert_eq!(differing, []);
}

#[test]
fn both_languages_fill_in_the_same_values() {
    let [german, english] = LOCALES.map(|(_, files)| {
        let mut filled: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        let mut current = "";
        for line in files.iter().flat_map(|(_, source)| source.lines()).filter(|line| !line.starts_with('#')) {
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                current = line.split_once(" =").map_or(current, |(name, _)| name);
            }
            let values = line.split('$').skip(1);
            let values = values.map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap());
            filled.entry(current).or_default().extend(values);
        }
        filled
    });
    for (name, values) in german {
        assert_eq!(Some(&values), english.get(name), "{name}");
    }
}
