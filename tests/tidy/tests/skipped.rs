//! Reports in one line, at the end, what this run of the tests skipped.
//!
//! Cargo runs the test programs of a workspace in the order of the names of packages and programs, and goes on after one that passes. This
//! is the last one before the examples in the documentation. Only the place of the line depends on that.

use std::io::Write as _;

use muticket_test_support::skipped;

#[test]
fn what_was_skipped_is_said_at_the_end() {
    let skipped: Vec<_> = skipped().iter().map(|(server, programs)| format!("{server} (in {programs} test programs)")).collect();
    if !skipped.is_empty() {
        // Written past the test harness, which hides the output of tests that pass.
        let line = format!("SKIPPED in this run, for lack of a server: {}", skipped.join(", "));
        writeln!(std::io::stderr(), "{line}").unwrap();
    }
}
