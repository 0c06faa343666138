//! Ids of requirements and promises in comments and tests. Each is explained on one page.

use std::collections::BTreeMap;

use muticket_tidy::{assert_none, files};

const PAGE: &str = "docs/requirements.md";
/// How the line of an id begins if MuTicket does not have it yet.
const NOT_BUILT: &str = "Not built: ";
/// Files that are left out, because their tests use ids as examples.
const WITH_EXAMPLES: [&str; 2] = ["tests/journeys/src/requirements.rs", "tests/tidy/tests/rules/ids.rs"];

/// The ids in a text: one of the letters, a hyphen and two digits, not next to another letter, digit or hyphen.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter(|word| match word.as_bytes() {
        [letter, b'-', digits @ ..] => b"RDPKTMS".contains(letter) && digits.len() == 2 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    })
}

#[test]
fn an_id_is_a_letter_and_two_digits() {
    let text = "/// R-21, P-02: (D-10); `K-52 (a)`. UTF-16, SHA-256, R-1, R-100, X-12, 2026-11-28, T-14-days, A R-07b.";
    assert_eq!(ids(text).collect::<Vec<_>>(), ["R-21", "P-02", "D-10", "K-52"]);
}

/// The ids that the page explains, in its order, each with the rest of its line.
fn explained() -> Vec<(String, String)> {
    let page = files("md").into_iter().find(|file| file.path == PAGE).expect("the page of the requirements");
    let rows = page.text.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
    rows.filter(|(id, _)| ids(id).next() == Some(id)).map(|(id, meaning)| (id.to_owned(), meaning.to_owned())).collect()
}

/// The ids that files of this kind use, each with the path of one of them.
fn used(extension: &str) -> BTreeMap<String, String> {
    let files = files(extension);
    let files = files.iter().filter(|file| !WITH_EXAMPLES.contains(&file.path.as_str()));
    files.flat_map(|file| ids(&file.text).map(|id| (id.to_owned(), file.path.clone()))).collect()
}

/// A reader of a crate's documentation or of a test can look up every id.
#[test]
fn every_id_is_explained_once() {
    let mut times = BTreeMap::new();
    for (id, _) in explained() {
        *times.entry(id).or_insert(0) += 1;
    }
    let extensions = ["rs", "md", "toml", "ftl", "html", "css", "js", "mjs", "sql"];
    let used: BTreeMap<String, String> = extensions.into_iter().flat_map(used).collect();
    assert!(used.len() > 50, "the ids are not found any more: {used:?}");
    let unknown = used.iter().filter(|(id, _)| !times.contains_key(*id));
    let mut offences: Vec<_> = unknown.map(|(id, path)| format!("{path}: {id} is not explained in {PAGE}")).collect();
    offences.extend(times.iter().filter(|(_, times)| **times > 1).map(|(id, _)| format!("{PAGE}: {id} stands there twice")));
    assert_none("an id that nobody can look up", &offences);
}

/// Code or a test names every id of the page, and the page says which ones MuTicket does not have yet.
#[test]
fn every_explained_id_is_named_in_code() {
    let used = used("rs");
    let mut offences = Vec::new();
    for (id, meaning) in explained() {
        match (used.get(&id), meaning.starts_with(NOT_BUILT)) {
            (None, false) => offences.push(format!("{id}: no code and no test names it")),
            (Some(path), true) => offences.push(format!("{id}: {path} names it, but the page says that it is not built")),
            (None, true) | (Some(_), false) => {}
        }
    }
    assert_none("an id that the product does not know", &offences);
}
