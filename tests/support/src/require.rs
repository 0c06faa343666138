//! Things that a machine may lack. Tests that need one are skipped, which is reported once, unless it is required.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

/// Reports that something is missing: once as a line past the test harness, and as a note for the end of the run. If `MUTICKET_REQUIRE`
/// names it, the test fails.
///
/// # Panics
/// If `MUTICKET_REQUIRE` names it.
pub fn missing(name: &str, what: &str, remedy: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let required = environment("MUTICKET_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|required| required.trim() == name),
        "MUTICKET_REQUIRE names {name}, and there is no {what}"
    );
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned()) {
        crate::skipped::note(name);
        say(&format!(
            "SKIPPED: no {what}: tests on it pass without having run. {remedy}; MUTICKET_REQUIRE={name} makes this a failure."
        ));
    }
}

/// Writes past the test harness, which hides the output of tests that pass.
pub(crate) fn say(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// An environment variable; `None` if it is empty or not set.
#[expect(clippy::disallowed_methods, reason = "tests are told by their environment what there is")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
