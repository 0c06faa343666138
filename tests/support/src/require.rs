//! What a machine may lack. Tests that need it are skipped, which is said once and loudly, unless it is required.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

/// Says that something is missing: once a line past the test harness and a note for the end of the run, or a failure if
/// `MUTICKET_REQUIRE` names it.
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

/// Writes past the test harness, which shows what passing tests print to nobody.
pub(crate) fn say(line: &str) {
    drop(writeln!(std::io::stderr(), "{line}"));
}

/// A variable, if it says anything.
#[expect(clippy::disallowed_methods, reason = "tests are told by their environment what there is")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
