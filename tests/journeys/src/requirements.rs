//! The requirements, and the tests that prove them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The requirements (R) and decisions (D) that `docs/requirements.md` explains, each with its meaning.
pub fn requirements() -> Vec<(String, String)> {
    let page = fs::read_to_string(workspace().join("docs/requirements.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    rows.filter(|(id, _)| ids_in(id) == [*id]).map(|(id, meaning)| (id.to_owned(), meaning.to_owned())).collect()
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The tests whose doc comments name requirements: for each requirement the names of the tests.
pub fn proofs() -> BTreeMap<String, Vec<String>> {
    let mut proofs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources(&workspace()) {
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
        let built = requirements().into_iter().filter(|(_, meaning)| !meaning.starts_with("Not built: "));
        let (proved, missing): (Vec<_>, Vec<_>) = built.partition(|(id, _)| proofs.contains_key(id));
        assert!(proved.len() > 30, "the page is not read any more: {proved:?}");
        assert!(missing.is_empty(), "no test names {missing:?}");
    }

    #[test]
    fn no_test_names_a_requirement_that_there_is_not() {
        let requirements = requirements();
        let known = |id: &str| requirements.iter().any(|(known, _)| known == id);
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
