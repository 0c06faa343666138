//! The installed programs of servers, and the users they run as.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A file beside the sources of this crate.
pub(super) fn certificate(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("certificates").join(name)
}

/// An installed program. PostgreSQL's are in one folder per version; the newest is preferred.
pub(super) fn program(name: &str) -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    versions.sort();
    versions.reverse();
    versions.extend(crate::require::environment("PATH").iter().flat_map(std::env::split_paths));
    versions.push("/usr/sbin".into());
    versions.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The user `nobody`, if this program runs as root. PostgreSQL refuses to run as root, so `nobody` runs it and owns its data.
pub(super) fn other_user() -> Option<u32> {
    const NOBODY: u32 = 65_534;
    let root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    root.then_some(NOBODY)
}

pub(super) fn as_other_user(program: &Path) -> Command {
    let Some(user) = other_user() else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args([format!("--reuid={user}"), format!("--regid={user}"), "--clear-groups".to_owned()]).arg(program);
    command
}

/// The argument that allows MariaDB to run as root.
pub(super) fn us() -> Option<&'static str> {
    other_user().map(|_| "--user=root")
}

/// A folder in memory, if it has room for servers. Creating a table takes a third of the time there.
pub(super) fn in_memory() -> Option<&'static Path> {
    const NEEDED_KIB: u64 = 2 * 1024 * 1024;
    static FOUND: OnceLock<bool> = OnceLock::new();
    let folder = Path::new("/dev/shm");
    let free = || {
        let table = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
        String::from_utf8(table.stdout).ok()?.lines().last()?.split_whitespace().nth(3)?.parse::<u64>().ok()
    };
    FOUND.get_or_init(|| free().is_some_and(|free| free >= NEEDED_KIB)).then_some(folder)
}
