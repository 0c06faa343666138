//! What this run did not test, because something is not installed.
//!
//! A test that cannot run passes, because Cargo offers nothing better. So each test program reports it past the harness, and leaves a note
//! that the last program of the run (`tests/tidy/tests/skipped.rs`) reads. All programs of a run are children of the same Cargo process,
//! which tells the notes of different runs apart.

use std::io::Write as _;
use std::path::PathBuf;

/// The file in which the programs of this run note what they skipped; `None` if it cannot be determined.
fn notes() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    Some(program.parent()?.join(format!("skipped-{}", std::os::unix::process::parent_id())))
}

/// Notes that tests on `what` are skipped.
pub(crate) fn note(what: &str) {
    let noted = notes()
        .map(|path| std::fs::File::options().create(true).append(true).open(path)?.write_all(format!("{what}\n").as_bytes()));
    // It was already reported on standard error.
    drop(noted);
}

/// Returns what was skipped in this run, and by how many programs. Deletes the notes.
pub fn skipped() -> Vec<(String, usize)> {
    let Some(notes) = notes() else { return Vec::new() };
    let noted = std::fs::read_to_string(&notes).unwrap_or_default();
    drop(std::fs::remove_file(notes));
    let mut counted = std::collections::BTreeMap::<String, usize>::new();
    for server in noted.lines() {
        *counted.entry(server.to_owned()).or_default() += 1;
    }
    counted.into_iter().collect()
}
