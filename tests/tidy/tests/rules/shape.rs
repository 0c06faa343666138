//! Sizes, names, comments and documents.

use std::collections::BTreeSet;
use std::path::Path;

use muticket_tidy::{assert_none, files, root};

const MAX_LINES: usize = 400;
const MAX_COLUMNS: usize = 140;

#[test]
fn no_file_is_longer_than_400_lines() {
    let long = files("rs").into_iter().map(|file| (file.text.lines().count(), file.path)).filter(|(lines, _)| *lines > MAX_LINES);
    assert_none("a wall is missing", &long.map(|(lines, path)| format!("{path}: {lines} lines")).collect::<Vec<_>>());
}

/// Formatting has a limit of 130 columns for code, but leaves comments as they are.
#[test]
fn no_comment_is_wider_than_140_columns() {
    let mut wide = Vec::new();
    for file in files("rs") {
        let lines = (1..).zip(file.text.lines()).filter(|(_, line)| line.trim_start().starts_with("//"));
        wide.extend(
            lines.filter(|(_, line)| line.chars().count() > MAX_COLUMNS).map(|(number, _)| format!("{}:{number}", file.path)),
        );
    }
    assert_none("a comment does not fit on the screen", &wide);
}

#[test]
fn every_file_says_what_lives_in_it() {
    let silent = files("rs").into_iter().filter(|file| {
        let first = file.text.lines().next().unwrap_or_default();
        !(first.starts_with("//!") || first.starts_with("#![") && first.contains("doc = include_str!"))
    });
    assert_none("a file says nothing about itself", &silent.map(|file| file.path).collect::<Vec<_>>());
}

#[test]
fn nothing_is_called_util_or_helper() {
    let vague = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "handler"];
    let stem = |path: &str| Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
    let found = files("rs").into_iter().map(|file| file.path).filter(|path| vague.contains(&stem(path).as_str()));
    assert_none("a name says nothing", &found.collect::<Vec<_>>());
}

/// A verb has the same file name in the core, on the pages and in the journeys. Replying and answering are sent to one address, so they
/// share one file of the pages.
#[test]
fn a_verb_has_the_same_name_everywhere() {
    let names: BTreeSet<String> = files("rs").into_iter().map(|file| file.path).collect();
    let mut missing = Vec::new();
    for (door, verbs) in [
        ("portal", &["open", "reply", "rate"][..]),
        ("desk", &["answer", "close", "reopen"]),
        ("backend", &["settings", "supporters", "categories", "statistics", "answers", "delete", "mail"]),
    ] {
        for verb in verbs {
            let page = match *verb {
                "reply" | "answer" => "frontend/write".to_owned(),
                verb => format!("{door}/{verb}"),
            };
            let [core, journey] =
                ["muticket-core/src", "tests/journeys/tests/site"].map(|place| format!("{place}/{door}/{verb}.rs"));
            let places = [core, format!("muticket-web/src/{page}.rs"), journey];
            missing.extend(places.into_iter().filter(|path| !names.contains(path)));
        }
    }
    assert_none("a verb has no room", &missing);
}

#[test]
fn every_dependency_says_what_it_is_for() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let listed =
        manifest.lines().skip_while(|line| *line != "[workspace.dependencies]").skip(1).take_while(|line| !line.starts_with('['));
    let silent = listed.filter(|line| {
        line.contains(" = ") && !line.starts_with("muticket-") && !line.contains("} # ") && !line.contains("\" # ")
    });
    assert_none("a dependency without a reason", &silent.map(str::to_owned).collect::<Vec<_>>());
}

/// Every relative link in the documents has a target.
#[test]
fn links_in_documents_lead_somewhere() {
    let mut broken = Vec::new();
    for file in files("md") {
        let folder = root().join(&file.path).parent().unwrap().to_owned();
        for link in file.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            let relative = !target.is_empty() && !target.contains("://") && !target.contains("::") && target.contains(['.', '/']);
            if relative && !target.starts_with('/') && !folder.join(target).exists() {
                broken.push(format!("{}: {link}", file.path));
            }
        }
    }
    assert_none("a link leads nowhere", &broken);
}

/// Decisions are numbered without a gap. Each says what was decided, why, and what would change our minds.
#[test]
fn decisions_are_complete() {
    let pages: Vec<_> = files("md")
        .into_iter()
        .filter(|file| file.path.starts_with("docs/decisions/") && !file.path.ends_with("README.md"))
        .collect();
    assert!(!pages.is_empty(), "there are no decisions");
    let mut wrong = Vec::new();
    for (number, page) in (1..).zip(&pages) {
        if !page.path.starts_with(&format!("docs/decisions/{number:04}-")) {
            wrong.push(format!("{}: expected number {number:04}", page.path));
        }
        for heading in ["## Context", "## Decision", "## What else was possible", "## What would change our minds"] {
            if !page.text.contains(heading) {
                wrong.push(format!("{}: {heading} is missing", page.path));
            }
        }
    }
    assert_none("a decision is incomplete", &wrong);
}

/// Every migration can be reverted.
#[test]
fn migrations_go_both_ways() {
    let ups: Vec<_> = files("sql").into_iter().filter(|file| file.path.ends_with("/up.sql")).collect();
    assert!(!ups.is_empty(), "the migrations have moved");
    let one_way = ups.iter().filter(|file| !root().join(file.path.replace("/up.sql", "/down.sql")).exists());
    assert_none("a migration has no way back", &one_way.map(|file| file.path.clone()).collect::<Vec<_>>());
}

/// What a newcomer needs from a published crate: the licence texts, the keywords that it is found by, and the lines for their
/// `Cargo.toml`. No example contains a line that only rustdoc hides.
#[test]
fn published_crates_are_complete() {
    let mut offences = Vec::new();
    for package in [
        "muticket-core",
        "muticket-diesel",
        "muticket-inbound",
        "muticket-pictures",
        "muticket-web",
        "muticket-rocket",
        "muticket-axum",
        "tests/conformance",
        "tests/world",
    ] {
        let read = |name: &str| std::fs::read_to_string(root().join(package).join(name)).unwrap_or_default();
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            if read(licence) != std::fs::read_to_string(root().join(licence)).unwrap() {
                offences.push(format!("{package}: {licence} is not the one of the project"));
            }
        }
        let manifest = read("Cargo.toml");
        for needed in
            ["description = ", "readme = ", "keywords = ", "categories = ", "[package.metadata.docs.rs]\nall-features = true"]
        {
            if !manifest.contains(needed) {
                offences.push(format!("{package}: {needed} is missing"));
            }
        }
        let readme = read("README.md");
        if !readme.contains("[dependencies]") && !readme.contains("[dev-dependencies]") {
            offences.push(format!("{package}: the README does not say what to write into Cargo.toml"));
        }
        let code = readme.split("```").skip(1).step_by(2).filter(|code| !code.starts_with("sh") && !code.starts_with("toml"));
        offences.extend(code.flat_map(str::lines).filter(|line| line.starts_with("# ")).map(|line| format!("{package}: {line}")));
    }
    assert_none("a published crate is not complete", &offences);
}
