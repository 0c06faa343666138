//! No two files of a crate use each other, neither directly nor through others. So each file can be read after those that it uses.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;

use cargo_metadata::MetadataCommand;
use muticket_tidy::modules::{arrows, circle};
use muticket_tidy::{assert_none, root};

#[test]
fn no_crate_has_a_circle_between_its_files() {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let below_root = |line: String| line.replace(&format!("{}/", root().display()), "");
    let mut offences = Vec::new();
    for package in &metadata.packages {
        let circles = package.targets.iter().filter_map(|target| circle(&arrows(target.src_path.as_std_path())));
        offences.extend(circles.map(|lines| below_root(lines.join("\n    "))));
    }
    assert_none("files use each other in a circle", &offences);
}

/// A crate of three files, whose second and third use each other if `third` does.
fn is_circle(second: &str, third: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let first = folder.path().join("lib.rs");
    fs::write(&first, "mod second; mod third; pub use second::Second; use crate::third as renamed; pub(crate) use third::*;")
        .unwrap();
    fs::write(folder.path().join("second.rs"), format!("pub struct Second; {second}")).unwrap();
    fs::write(folder.path().join("third.rs"), format!("pub struct Third; {third}")).unwrap();
    let found = circle(&arrows(&first));
    if let Some(lines) = &found {
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert!(lines[0].contains("second.rs uses ") && lines[0].contains("third.rs by "), "{lines:?}");
    }
    found.is_some()
}

#[test]
fn a_circle_is_found_whatever_the_path() {
    let ways = [
        "use crate::second::Second;",
        "use crate::Second;",
        "use super::Second as Other;",
        "use super::{second::Second};",
        "use crate::second; type Other = second::Second;",
        "use super::second::*;",
        "fn other() -> crate::second::Second { todo!() }",
        "fn other() { use crate::second::Second; }",
        "fn other() { assert!(matches!(1, crate::second::ONE)) }",
        "#[derive(Other)] #[other(with = crate::second::Second)] struct Fourth;",
        "mod inner { fn other() -> super::super::second::Second { todo!() } }",
        "#[cfg(not(test))] use crate::second::Second;",
        "#[cfg(any(test, feature = \"x\"))] use crate::second::Second;",
    ];
    for way in ways {
        assert!(is_circle("use crate::third::Third;", way), "{way}");
    }
    for way in ["use crate::renamed::Third;", "fn other() { crate::renamed::third() }", "use crate::Third;"] {
        assert!(is_circle(way, "use crate::Second;"), "{way}");
    }
}

#[test]
fn a_declaration_a_re_export_and_a_test_make_no_circle() {
    let ways = [
        "",
        "use std::fmt::Second;",
        "struct Second;",
        "#[cfg(test)] mod tests { use crate::second::Second; }",
        "#[cfg(test)] use crate::second::Second;",
        "#[cfg(all(test, unix))] fn other() -> crate::second::Second { todo!() }",
    ];
    for way in ways {
        assert!(!is_circle("use crate::third::Third;", way), "{way}");
    }
}
