//! What this run of the tests did without, in one line at its end.
//!
//! Cargo runs the test programs of a workspace in the order of the names of packages and programs, and goes on after one that passes: this
//! is the last one before the examples in the documentation. Nothing but the place of that line depends on it.

use std::io::Write as _;

use muticket_test_support::skipped;

#[test]
fn what_was_skipped_is_said_at_the_end() {
    let skipped: Vec<_> = skipped().iter().map(|(server, programs)| format!("{server} (in {programs} test programs)")).collect();
    if !skipped.is_empty() {
        // Past the test harness, which shows what passing tests print to nobody.
        let line = format!("SKIPPED in this run, for lack of a server: {}", skipped.join(", "));
        writeln!(std::io::stderr(), "{line}").unwrap();
    }
}
