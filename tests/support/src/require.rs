//! What a machine may lack. Tests that need it are skipped, which is said once and loudly, unless it is required.

use std::io::Write as _;

/// Says that something is missing: a line past the test harness, or a failure if `MUTICKET_REQUIRE` names it.
///
/// # Panics
/// If `MUTICKET_REQUIRE` names it.
pub fn missing(name: &str, what: &str, remedy: &str) {
    let required = environment("MUTICKET_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|required| required.trim() == name),
        "MUTICKET_REQUIRE names {name}, and there is no {what}"
    );
    // Written past the test harness, which shows what passing tests print to nobody.
    let said = writeln!(
        std::io::stderr(),
        "SKIPPED: no {what}: tests on it pass without having run. {remedy}; MUTICKET_REQUIRE={name} makes this a failure.",
    );
    drop(said);
}

/// A variable, if it says anything.
#[expect(clippy::disallowed_methods, reason = "tests are told by their environment what there is")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
