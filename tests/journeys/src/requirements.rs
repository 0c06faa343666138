//! The requirements as far as they concern the web, and the tests that prove them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every requirement, and every decision where the requirements were silent, with a short title.
pub const REQUIREMENTS: &[(&str, &str)] = &[
    ("R-01", "one dependency, one fairing, migrations run by themselves"),
    ("R-02", "the upload folder is checked at launch"),
    ("R-03", "the host's users, groups and rights"),
    ("R-10", "what the backend does, and nothing else"),
    ("R-11", "the supporters' group"),
    ("R-12", "ratings on or off"),
    ("R-13", "the limit of images"),
    ("R-14", "supporters: create and edit"),
    ("R-15", "support is active while somebody is present"),
    ("R-16", "no categories, no category field"),
    ("R-17", "final deletion, in the backend only"),
    ("R-18", "statistics of a supporter"),
    ("R-20", "guests are locked out"),
    ("R-21", "own tickets only"),
    ("R-22", "opening needs Add"),
    ("R-23", "a new ticket is open and waits"),
    ("R-24", "letters without categories"),
    ("R-25", "letters by category"),
    ("R-26", "letters when nobody has the category"),
    ("R-27", "letters about replies"),
    ("R-28", "letters about answers, and the reply in turn"),
    ("R-29", "rating each answer"),
    ("R-30", "files"),
    ("R-40", "supporters reach all tickets"),
    ("R-41", "supporters answer in the frontend only"),
    ("R-42", "icons with a legend"),
    ("R-43", "closing, by supporters only"),
    ("R-44", "confirmation, and the undo"),
    ("D-01", "states; the role is stored"),
    ("D-02", "POST only; reopening; follow-up tickets"),
    ("D-03", "access levels"),
    ("D-04", "who is a supporter"),
    ("D-05", "supporters do not open tickets"),
    ("D-06", "one to five stars, once an answer"),
    ("D-07", "figures"),
    ("D-08", "where categories come from"),
    ("D-09", "whom letters go to, and how they look"),
    ("D-10", "limits, and nothing typed is lost"),
    ("D-11", "the overview"),
    ("D-12", "German and English"),
    ("D-13", "the history"),
    ("D-17", "one clock for statistics, and the order of categories"),
];

/// The tests whose doc comments name requirements: for each requirement the names of the tests.
pub fn proofs() -> BTreeMap<String, Vec<String>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut proofs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources(&workspace) {
        let text = fs::read_to_string(&file).unwrap();
        for (name, ids) in tests_in(&text) {
            for id in ids {
                proofs.entry(id).or_default().push(format!("{}: {name}", file.display()));
            }
        }
    }
    proofs
}

/// The tests of a source file that name requirements, each with the ids it names.
fn tests_in(text: &str) -> Vec<(String, Vec<String>)> {
    let mut tests = Vec::new();
    let (mut ids, mut is_test) = (Vec::new(), false);
    for line in text.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///") {
            ids.extend(ids_in(doc));
        } else if line.starts_with("#[") {
            is_test |= line.contains("test]") || line.contains("test(");
        } else {
            let name = line.split("fn ").nth(1).and_then(|rest| rest.split('(').next());
            let journey = line.starts_with("async fn ")
                && ["(world: World)", "(adapter: Adapter)"].iter().any(|given| line.contains(given));
            if let Some(name) = name.filter(|_| is_test || journey) {
                tests.push((name.to_owned(), std::mem::take(&mut ids)));
            }
            (ids, is_test) = (Vec::new(), false);
        }
    }
    tests
}

/// Ids such as `R-12` and `D-12`, anywhere in a line.
fn ids_in(line: &str) -> Vec<String> {
    let words = line.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let is_id = |word: &&str| {
        word.len() == 4 && (word.starts_with("R-") || word.starts_with("D-")) && word[2..].bytes().all(|b| b.is_ascii_digit())
    };
    words.filter(is_id).map(str::to_owned).collect()
}

/// All Rust files of the workspace without build output.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(sources(&path));
        } else if name.ends_with(".rs") {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_requirement_is_proved_by_a_test_that_names_it() {
        let proofs = proofs();
        let missing: Vec<_> = REQUIREMENTS.iter().filter(|(id, _)| !proofs.contains_key(*id)).collect();
        assert!(missing.is_empty(), "no test names {missing:?}");
    }

    #[test]
    fn no_test_names_a_requirement_that_there_is_not() {
        let known = |id: &str| REQUIREMENTS.iter().any(|(known, _)| *known == id);
        let unknown: Vec<_> = proofs().into_iter().filter(|(id, _)| !known(id)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn only_tests_are_proofs() {
        let text =
            "/// R-77\nfn helper() {}\n/// R-78, D-79 too.\n#[test]\nfn proof() {}\n/// R-76\nasync fn story(world: World) {";
        let found = tests_in(text);
        let expected = [("proof", vec!["R-78", "D-79"]), ("story", vec!["R-76"])];
        let found: Vec<(&str, Vec<&str>)> =
            found.iter().map(|(name, ids)| (name.as_str(), ids.iter().map(String::as_str).collect())).collect();
        assert_eq!(found, expected);
    }
}
