//! The folder with the host's own files: finds the sentences and the parts of letters in it.
//!
//! Two crates render pages and letters. They share one folder, so a further language needs only one folder.

mod variables;

use std::io;
use std::path::{Path, PathBuf};

use muticket_core::Language;
use muticket_core::mail::{Letters, Messages};

pub(crate) use self::variables::{Said, said};

/// A set of sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Catalogue {
    /// All files except `mail.ftl`.
    Pages,
    /// `mail.ftl`.
    Letters,
}

/// A file of sentences.
pub(crate) struct Sentences {
    pub(crate) path: PathBuf,
    pub(crate) language: Language,
    pub(crate) text: String,
}

/// A file that could not be read.
pub(crate) type Unread = (PathBuf, io::Error);

/// The sentences in `locales/LANGUAGE/*.ftl`, sorted by file name, so that the same file always wins if two define the same sentence. For
/// letters, languages without `mail.ftl` are skipped, so letters fall back to the default language.
pub(crate) fn sentences(overrides: Option<&Path>, catalogue: Catalogue) -> Result<Vec<Sentences>, Unread> {
    let mut found = Vec::new();
    for folder in entries(overrides, "locales")? {
        let Some(language) = name(&folder).and_then(Language::parse).filter(|_| folder.is_dir()) else { continue };
        for path in entries(Some(&folder), "")? {
            let is_of_letters = name(&path) == Some("mail.ftl");
            if path.extension().is_some_and(|extension| extension == "ftl") && is_of_letters == (catalogue == Catalogue::Letters)
            {
                found.push(Sentences { language: language.clone(), text: read(path.clone())?, path });
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

/// Everything in the module that a host can replace.
pub(crate) struct Replaceable {
    /// Files, as paths relative to the folder.
    pub(crate) files: Vec<String>,
    /// The sentences of pages, with their variables.
    pub(crate) sentences: Said<'static>,
}

/// Files and sentences in the folder that replace nothing, each described for the log.
pub(crate) fn strays(folder: &Path, known: &Replaceable) -> Result<Vec<String>, Unread> {
    let mut files = Vec::new();
    collect(folder, "", &mut files)?;
    let mut found = Vec::new();
    // The host's templates may include other templates of the host, and use their own sentences.
    let mut own_templates = String::new();
    for name in files.iter().filter(|name| name.starts_with("templates/")) {
        own_templates.push_str(&std::fs::read_to_string(folder.join(name)).unwrap_or_default());
    }
    for name in &files {
        let parts: Vec<&str> = name.split('/').collect();
        match parts.as_slice() {
            ["locales", tag, file] if file.ends_with(".ftl") => {
                if !is_language(tag) {
                    found.push(format!("{name}: {tag} is not the tag of a language, such as en or pt-BR"));
                    continue;
                }
                let text = read(folder.join(name))?;
                let letters: Vec<&str> = Letters::message_keys().collect();
                let pages: Vec<&str> = known.sentences.keys().copied().collect();
                let (keys, others, elsewhere) = match *file {
                    "mail.ftl" => (&letters, &pages, "another file than mail.ftl"),
                    _ => (&pages, &letters, "mail.ftl"),
                };
                let is_said = |key: &str| {
                    let quoted = [format!("\"{key}\""), format!("'{key}'"), format!("{{ {key}"), format!("{{{key}")];
                    quoted.iter().any(|quoted| own_templates.contains(quoted) || text.contains(quoted))
                };
                for (key, _) in Messages::keys(&text).filter(|(key, _)| !keys.contains(key) && !is_said(key)) {
                    let meant = match others.contains(&key) {
                        true => format!("; it belongs into {elsewhere}"),
                        false => hint(key, keys.iter().copied()),
                    };
                    found.push(format!("{name}: there is no sentence {key} to replace{meant}"));
                }
                if *file != "mail.ftl" {
                    found.extend(variables::unknown(&text, &known.sentences).map(|said| format!("{name}: {said}")));
                }
            }
            ["templates", "mail", file] if own_templates.contains(&format!("\"{file}\"")) => {}
            _ if known.files.contains(name) => {}
            _ => {
                found.push(format!("{name}: no file of this name is used{}", hint(name, known.files.iter().map(String::as_str))))
            }
        }
    }
    Ok(found)
}

/// All files, as paths relative to the folder. Hidden files, editor backups and texts about the folder are left out.
fn collect(folder: &Path, below: &str, found: &mut Vec<String>) -> Result<(), Unread> {
    /// Deeper than any of the module's folders. The limit ends a circle of symbolic links.
    const DEEPEST: usize = 4;
    for path in entries(Some(folder), below)? {
        let Some(name) = name(&path) else { continue };
        if name.starts_with('.') || name.ends_with('~') || name.ends_with(".md") {
            continue;
        }
        let relative = if below.is_empty() { name.to_owned() } else { format!("{below}/{name}") };
        if !path.is_dir() {
            found.push(relative);
        } else if below.split('/').count() < DEEPEST {
            collect(folder, &relative, found)?;
        } else {
            found.push(format!("{relative}/"));
        }
    }
    Ok(())
}

/// Language tags begin with two or three letters.
fn is_language(tag: &str) -> bool {
    Language::parse(tag).is_some_and(|language| (2..=3).contains(&language.primary().len()))
}

/// A hint with the name that was probably meant: the nearest one in any letter case, or the same file name in another folder.
fn hint<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> String {
    let known: Vec<&str> = known.collect();
    let lower = name.to_ascii_lowercase();
    let nearest = known.iter().map(|known| (distance(&lower, &known.to_ascii_lowercase()), *known)).min();
    let near = nearest.filter(|(distance, known)| *distance <= 1 + known.len() / 8).map(|(_, known)| known);
    let file = |path: &str| path.rsplit('/').next().map(str::to_ascii_lowercase);
    let elsewhere = || known.iter().find(|known| known.contains('/') && file(known) == file(name)).copied();
    near.or_else(elsewhere).map_or_else(String::new, |meant| format!("; is {meant} meant?"))
}

/// The number of letters to add, remove or change (Levenshtein distance).
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], at + 1);
        for (place, rival) in other.bytes().enumerate() {
            let changed = diagonal + usize::from(letter != rival);
            diagonal = row[place + 1];
            row[place + 1] = changed.min(row[place] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

/// The entries of a folder below the overrides, sorted by name; empty if the folder does not exist.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn strays_of(files: &[(&str, &str)]) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let files =
            ["templates/overview.html", "templates/backend/mail.html", "templates/mail/layout.txt", "assets/muticket.css"];
        let sentences = said(["overview-title = Tickets\noverview-heading-customer = { $n } tickets\n"].into_iter());
        let known = Replaceable { files: files.map(str::to_owned).into(), sentences };
        strays(folder.path(), &known).unwrap()
    }

    #[test]
    fn what_replaces_something_is_no_stray() {
        let fine = [
            ("templates/overview.html", "{{ t(\"our-own-sentence\") }}"),
            ("templates/mail/layout.txt", "{% include \"footer.txt\" %}"),
            ("templates/mail/footer.txt", "Bye"),
            ("assets/muticket.css", ""),
            ("locales/pt-BR/pages.ftl", "overview-title = Perguntas\nour-own-sentence = Sim { shared }\nshared = x\n"),
            ("locales/en/mail.ftl", "greeting = Hi { $name }\n"),
            (".gitkeep", ""),
            ("README.md", ""),
            ("templates/overview.html~", ""),
        ];
        assert_eq!(strays_of(&fine), [""; 0]);
    }

    #[test]
    fn whatever_replaces_nothing_is_named_with_what_may_be_meant() {
        for (file, text, said) in [
            (
                "templates/overveiw.html",
                "",
                "templates/overveiw.html: no file of this name is used; is templates/overview.html meant?",
            ),
            (
                "tempaltes/overview.html",
                "",
                "tempaltes/overview.html: no file of this name is used; is templates/overview.html meant?",
            ),
            (
                "templates/Mail/layout.txt",
                "",
                "templates/Mail/layout.txt: no file of this name is used; is templates/mail/layout.txt meant?",
            ),
            ("templates/mail/footer.txt", "", "templates/mail/footer.txt: no file of this name is used"),
            ("overview.html", "", "overview.html: no file of this name is used; is templates/overview.html meant?"),
            ("assets/logo.svg", "", "assets/logo.svg: no file of this name is used"),
            ("locales/web.ftl", "overview-title = x", "locales/web.ftl: no file of this name is used"),
            ("locales/en/web.txt", "", "locales/en/web.txt: no file of this name is used"),
            (
                "locales/english/web.ftl",
                "overview-title = x",
                "locales/english/web.ftl: english is not the tag of a language, such as en or pt-BR",
            ),
            (
                "locales/en/web.ftl",
                "overview-heading-custmer = x",
                "locales/en/web.ftl: there is no sentence overview-heading-custmer to replace; is overview-heading-customer meant?",
            ),
            (
                "locales/en/mail.ftl",
                "overview-title = x",
                "locales/en/mail.ftl: there is no sentence overview-title to replace; it belongs into another file than mail.ftl",
            ),
            (
                "locales/en/web.ftl",
                "greeting = Hello",
                "locales/en/web.ftl: there is no sentence greeting to replace; it belongs into mail.ftl",
            ),
            (
                "locales/en/web.ftl",
                "overview-heading-customer = { $count } tickets",
                "locales/en/web.ftl: the sentence overview-heading-customer asks for $count, but what is filled in there is $n",
            ),
            (
                "templates/overview.htm",
                "",
                "templates/overview.htm: no file of this name is used; is templates/overview.html meant?",
            ),
            (
                "TEMPLATES/Overview.HTML",
                "",
                "TEMPLATES/Overview.HTML: no file of this name is used; is templates/overview.html meant?",
            ),
            (
                "templates/pages/of/overview.html",
                "",
                "templates/pages/of/overview.html: no file of this name is used; is templates/overview.html meant?",
            ),
            ("a/b/c/d/e/f.html", "", "a/b/c/d/e/: no file of this name is used"),
        ] {
            assert_eq!(strays_of(&[(file, text)]), [said]);
        }
    }
}
