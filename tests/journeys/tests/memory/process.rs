//! A process for one test, and its memory.

use std::process::Command;

/// Settings of the allocator of glibc: it returns freed memory at once. With its defaults the halted uploads took between 48 and
/// 82 MiB of this process, most of which was free.
const FRUGAL: [(&str, &str); 2] = [("MALLOC_MMAP_THRESHOLD_", "65536"), ("MALLOC_TRIM_THRESHOLD_", "65536")];

/// The memory of this process, in bytes: `VmRSS` now, `VmHWM` at most so far.
pub(crate) fn memory(name: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// Runs the test of this name in a process of its own.
#[expect(clippy::disallowed_methods, reason = "the settings of the allocator are variables, and say that this is that process")]
pub(crate) fn alone(test: &str, journey: impl Future<Output = ()>) {
    if FRUGAL.iter().all(|(name, value)| std::env::var(name).as_deref() == Ok(*value)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(journey);
    }
    // The allocator reads its settings when a process starts.
    let again =
        Command::new(std::env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]).envs(FRUGAL).output().unwrap();
    let said = [again.stdout, again.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    println!("{said}");
    assert!(again.status.success() && said.contains("1 passed"), "{test} has failed in its own process");
}
