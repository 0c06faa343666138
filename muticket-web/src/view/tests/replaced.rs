//! A host can replace every template and every sentence, one at a time.

use super::*;
use crate::view::sentences::in_english;

/// A folder of overrides with one file in it.
fn folder_with(path: &str, content: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, content).unwrap();
    folder
}

#[test]
fn every_template_is_replaced_by_itself() {
    let own = |name: &str| TEMPLATES.iter().find(|(known, _)| *known == name).unwrap().1;
    let source = |view: &Renderer, name: &str| view.templates.get_template(name).unwrap().source().to_owned();
    let names: Vec<_> = files("templates", ".html").into_iter().map(|(path, _)| path).collect();
    assert_eq!(names.len(), TEMPLATES.len(), "a template is a file that the module knows");
    for (name, _) in TEMPLATES {
        let folder = folder_with(&format!("templates/{name}"), "<p>The host's</p>");
        let view = Renderer::new(Some(folder.path()), Language::english()).unwrap();
        for (other, _) in TEMPLATES {
            assert_eq!(source(&view, other), if other == name { "<p>The host's</p>" } else { own(other) }, "{name} and {other}");
        }
    }
}

#[test]
fn every_sentence_is_replaced_by_itself() {
    let english = in_english();
    let own: String = english.names().iter().map(|key| format!("{key} = The host's\n")).collect();
    let folder = folder_with("locales/de/host.ftl", &own);
    let view = Renderer::new(Some(folder.path()), Language::english()).unwrap();
    let said = |tag: &str, key: &str| view.say(&Language::parse(tag).unwrap(), key);
    for key in english.names() {
        assert_eq!(said("de", key), "The host's");
        assert_ne!(said("en", key), "The host's");
    }
}
