//! Quotes of the contract in the tests of storages. Each test says which sentence it holds, so the sentence has to be there.

use muticket_tidy::{SourceFile, assert_none, files};

/// A doc comment: its first line and its text.
struct Doc {
    line: usize,
    text: String,
}

fn docs(file: &SourceFile) -> Vec<Doc> {
    let mut docs: Vec<Doc> = Vec::new();
    let mut goes_on = false;
    for (index, line) in file.text.lines().enumerate() {
        let line = line.trim_start();
        let said = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
        match (said, docs.last_mut().filter(|_| goes_on)) {
            (Some(said), Some(doc)) => doc.text.push_str(said),
            (Some(said), None) => docs.push(Doc { line: index + 1, text: said.to_owned() }),
            (None, _) => {}
        }
        goes_on = said.is_some();
    }
    docs
}

/// The words of a text without links, marks and capitals, which a quote may change.
fn plain(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once("](") {
        bare.push_str(before);
        rest = link.split_once(')').map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let kept: String = bare.to_lowercase().chars().filter(|c| !matches!(c, '`' | '[' | ']' | '*')).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches(['.', ',', ';']).to_owned()
}

fn quotes(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

#[test]
fn a_quote_is_compared_without_links_marks_and_capitals() {
    let doc = "in the same cases as [`settle`](Self::settle). **Text** stays,\n as `it` is.";
    assert!(
        plain(doc).contains(&plain("In the same cases as `settle`.")) && plain(doc).contains(&plain("text stays, as it is;"))
    );
    assert_eq!(quotes("`A`: \"one\", and \"two\".").collect::<Vec<_>>(), ["one", "two"]);
}

#[test]
fn every_quote_is_a_sentence_of_the_contract() {
    let sources = files("rs");
    let contract: Vec<_> = sources.iter().filter(|file| file.path.starts_with("muticket-core/src/")).flat_map(docs).collect();
    let contract: Vec<_> = contract.iter().map(|doc| plain(&doc.text)).collect();
    let mut found = 0;
    let mut offences = Vec::new();
    for file in sources.iter().filter(|file| file.path.starts_with("tests/conformance/src/")) {
        for doc in docs(file) {
            for quote in quotes(&doc.text) {
                found += 1;
                if !contract.iter().any(|said| said.contains(&plain(quote))) {
                    offences.push(format!("{}:{}: {quote}", file.path, doc.line));
                }
            }
        }
    }
    assert!(found > 50, "the quotes are not found any more");
    assert_none("a quote that the contract does not say", &offences);
}
