//! Tools from npm: axe-core, which finds accessibility barriers in a page, and html-validate, which checks HTML.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::chromium::program;

/// The folder with the `package.json` of these tests.
const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// The script of axe-core. If it is missing, this is reported once and gives `None`, or panics if `MUTICKET_REQUIRE` names `chromium`.
pub fn axe() -> Option<&'static str> {
    static FOUND: OnceLock<Option<String>> = OnceLock::new();
    let find = || installed("axe-core/axe.min.js").map(|file| std::fs::read_to_string(file).expect("a script is text"));
    FOUND.get_or_init(find).as_deref()
}

/// The errors in the HTML files of a folder, one per line; `None` if the validator is missing, as in [`axe`].
///
/// # Panics
/// If the validator cannot be run, or does not read the folder.
pub fn problems_of_html(folder: &Path) -> Option<Vec<String>> {
    let (script, node) = (installed("html-validate/bin/html-validate.mjs")?, program("node")?);
    // The validator silently skips files whose names it does not accept, so a file with an error must be reported.
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
