//! What npm gives: axe-core, which finds barriers in a page, and html-validate, which knows the grammar of HTML.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::chromium::program;

/// The folder with our `package.json`.
const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// The script of axe-core; `None` if it is not there, which is said once, and is a panic if `MUTICKET_REQUIRE` names `chromium`.
pub fn axe() -> Option<&'static str> {
    static FOUND: OnceLock<Option<String>> = OnceLock::new();
    let find = || installed("axe-core/axe.min.js").map(|file| std::fs::read_to_string(file).expect("a script is text"));
    FOUND.get_or_init(find).as_deref()
}

/// What is wrong with the HTML files of a folder, one problem a line; `None` if the validator is not there, see [`axe`].
///
/// # Panics
/// If the validator cannot be run, or does not read the folder.
pub fn problems_of_html(folder: &Path) -> Option<Vec<String>> {
    let (script, node) = (installed("html-validate/bin/html-validate.mjs")?, program("node")?);
    // It passes over what it does not like the name of without a word: so it has to find something.
    let wrong = folder.join("wrong.html");
    std::fs::write(&wrong, "<p>").expect("the folder can be written");
    let mut validator = Command::new(node);
    validator.arg(script).arg("--config").arg(Path::new(HERE).join("html-validate.mjs")).args(["--formatter", "text"]);
    let output = validator.arg(folder).output().expect("an installed program runs");
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    let (on_purpose, problems): (Vec<_>, Vec<_>) = said.lines().map(str::to_owned).partition(|line| line.contains("wrong.html"));
    assert!(!on_purpose.is_empty(), "the validator reads nothing: {said}");
    Some(problems)
}

fn installed(file: &str) -> Option<PathBuf> {
    static SAID: OnceLock<()> = OnceLock::new();
    let path = Path::new(HERE).join("node_modules").join(file);
    if path.is_file() && program("node").is_some() {
        return Some(path);
    }
    SAID.get_or_init(|| {
        muticket_test_support::missing("chromium", "axe-core and html-validate", "Run `npm ci` in tests/browser");
    });
    None
}
