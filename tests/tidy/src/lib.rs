//! The house rules of MuTicket as tests, in the folder `tests` beside this file. If a change breaks a rule, either correct the change, or
//! write a decision page and change the rule.

pub mod modules;

use std::fs;
use std::path::{Path, PathBuf};

/// The root of the workspace.
///
/// # Panics
/// If this crate was moved.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("this crate is two folders below the root").to_owned()
}

/// A file of the project.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The path below the root, with slashes.
    pub path: String,
    /// The content.
    pub text: String,
}

impl SourceFile {
    /// The part of a Rust file before its tests, without comments.
    pub fn code(&self) -> String {
        let end = self.text.find("#[cfg(test)]").unwrap_or(self.text.len());
        let lines = self.text[..end].lines().map(|line| line.split_once("//").map_or(line, |(code, _)| code));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// All files with the extension, ordered by path. Build output and the files of version control are left out.
///
/// # Panics
/// If a file cannot be read.
pub fn files(extension: &str) -> Vec<SourceFile> {
    let root = root();
    let mut found = Vec::new();
    walk(&root, &root, extension, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn walk(root: &Path, folder: &Path, extension: &str, found: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).expect("folders of the project can be read") {
        let path = entry.expect("folders of the project can be read").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if path.is_dir() {
            if !matches!(name, "target" | ".git" | "node_modules") {
                walk(root, &path, extension, found);
            }
        } else if path.extension().is_some_and(|known| known == extension) {
            let text = fs::read_to_string(&path).expect("files of the project are text");
            let path = path.strip_prefix(root).expect("walked from there").to_string_lossy().replace('\\', "/");
            found.push(SourceFile { path, text });
        }
    }
}

/// Fails and lists all offences, one per line.
///
/// # Panics
/// If there are any.
pub fn assert_none(rule: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{rule}:\n  {}", offences.join("\n  "));
}
