//! What was not tested in this run, because something is not installed.
//!
//! A test that cannot run passes: Cargo knows no better way. So each program says so past its harness, and leaves a note that the last
//! program of a run (`tests/tidy/tests/skipped.rs`) reads. All programs of one run are children of the same Cargo, which tells the notes
//! of one run from those of another.

use std::io::Write as _;
use std::path::PathBuf;

/// Where the programs of this run note what they skipped; `None` if it cannot be known.
fn notes() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    Some(program.parent()?.join(format!("skipped-{}", std::os::unix::process::parent_id())))
}

/// Notes that tests on something are skipped.
pub(crate) fn note(what: &str) {
    let noted = notes()
        .map(|path| std::fs::File::options().create(true).append(true).open(path)?.write_all(format!("{what}\n").as_bytes()));
    // It was said on the standard error output already.
    drop(noted);
}

/// What programs of this run did without, and how many programs did. The notes are taken away.
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
