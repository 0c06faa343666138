//! Every case is in the list.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use muticket_conformance::CASES;

#[test]
fn every_case_is_in_the_list_once() {
    let mut written = BTreeSet::new();
    for file in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let names = text.lines().filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next());
        written.extend(names.map(str::to_owned));
    }
    let listed: Vec<_> = CASES.iter().map(|case| case.name.to_owned()).collect();
    assert!(!written.is_empty(), "the cases have moved");
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), written);
    assert_eq!(listed.len(), written.len());
}
