//! The host's folder of files in place of the module's own: which of them are sentences, and which are parts of letters.
//!
//! Pages and letters are written by different crates; one folder serves both, so that a further language is one folder.

use std::io;
use std::path::{Path, PathBuf};

use muticket_core::Language;

/// What sentences are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// All files but the one below.
    Pages,
    /// `mail.ftl`.
    Letters,
}

/// A file that could not be read.
pub(crate) type Unread = (PathBuf, io::Error);

/// The sentences in `locales/LANGUAGE/*.ftl`, in the order of the files' names: if two hold the same sentence, it is always the same one
/// that counts. A language that says nothing in letters is not among theirs: a letter in a language, but for its sentences, would be none.
pub(crate) fn sentences(overrides: Option<&Path>, part: Part) -> Result<Vec<(Language, String)>, Unread> {
    let mut found = Vec::new();
    for folder in entries(overrides, "locales")? {
        let Some(language) = name(&folder).and_then(Language::parse).filter(|_| folder.is_dir()) else { continue };
        for path in entries(Some(&folder), "")? {
            let is_of_letters = name(&path) == Some("mail.ftl");
            if path.extension().is_some_and(|extension| extension == "ftl") && is_of_letters == (part == Part::Letters) {
                found.push((language.clone(), read(path)?));
            }
        }
    }
    Ok(found)
}

/// The templates in `templates/mail/`, with their names.
pub(crate) fn letter_templates(overrides: Option<&Path>) -> Result<Vec<(String, String)>, Unread> {
    let mut found = Vec::new();
    for path in entries(overrides, "templates/mail")? {
        if let Some(name) = name(&path).filter(|name| name.ends_with(".html") || name.ends_with(".txt")) {
            found.push((name.to_owned(), read(path.clone())?));
        }
    }
    Ok(found)
}

/// What is in a folder below the overrides, which need not be there, in the order of the names.
fn entries(overrides: Option<&Path>, below: &str) -> Result<Vec<PathBuf>, Unread> {
    let Some(folder) = overrides.map(|overrides| overrides.join(below)) else { return Ok(Vec::new()) };
    let Ok(entries) = std::fs::read_dir(&folder) else { return Ok(Vec::new()) };
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(|error| (folder, error))?;
    paths.sort_unstable();
    Ok(paths)
}

fn name(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}

fn read(path: PathBuf) -> Result<String, Unread> {
    std::fs::read_to_string(&path).map_err(|error| (path, error))
}
