//! Ids of requirements and promises in comments and tests. Each is explained on one page.

use std::collections::{BTreeMap, BTreeSet};

use muticket_tidy::{assert_none, files};

const PAGE: &str = "docs/requirements.md";
/// A file that is left out, because its tests use ids that do not exist.
const WITH_INVENTED_ONES: &str = "tests/journeys/src/requirements.rs";

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

/// A reader of a crate's documentation or of a test can look up every id.
#[test]
fn every_id_is_explained_once() {
    let page = files("md").into_iter().find(|file| file.path == PAGE).expect("the page of the requirements");
    let mut explained = BTreeMap::new();
    for id in page.text.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next()) {
        if ids(id).next() == Some(id) {
            *explained.entry(id.to_owned()).or_insert(0) += 1;
        }
    }
    let mut used = BTreeSet::new();
    let mut offences = Vec::new();
    for extension in ["rs", "md", "toml", "ftl", "html", "css", "js", "mjs", "sql"] {
        for file in files(extension).iter().filter(|file| file.path != WITH_INVENTED_ONES) {
            for id in ids(&file.text) {
                used.insert(id.to_owned());
                if !explained.contains_key(id) {
                    offences.push(format!("{}: {id} is not explained in {PAGE}", file.path));
                }
            }
        }
    }
    assert!(used.len() > 50, "the ids are not found any more: {used:?}");
    offences.extend(explained.iter().filter(|(_, times)| **times > 1).map(|(id, _)| format!("{PAGE}: {id} stands there twice")));
    assert_none("an id that nobody can look up", &offences);
}
