//! Uploads that stop half-way, and the memory they cost (P-19). Each test runs in a process of its own, so that the memory is its
//! own.

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

use std::process::Command;
use std::time::Duration;

use muticket_journeys::{Adapter, Plan, World, head};

const MIB: usize = 1024 * 1024;

/// The resident memory of this process, in bytes.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// Settings of the allocator of glibc: it returns freed memory at once. With its defaults the same uploads took between 48 and
/// 82 MiB of this process, most of which was free.
const FRUGAL: [(&str, &str); 2] = [("MALLOC_MMAP_THRESHOLD_", "65536"), ("MALLOC_TRIM_THRESHOLD_", "65536")];

/// P-19: such uploads cost a few MiB, end by a time limit with a page that keeps the text, and leave nothing behind.
#[test]
fn a_hundred_uploads_to_rocket_that_stop_half_way_cost_little_and_end() {
    alone("a_hundred_uploads_to_rocket_that_stop_half_way_cost_little_and_end", Adapter::Rocket);
}

/// P-19: the same in axum.
#[test]
fn a_hundred_uploads_to_axum_that_stop_half_way_cost_little_and_end() {
    alone("a_hundred_uploads_to_axum_that_stop_half_way_cost_little_and_end", Adapter::Axum);
}

/// Runs the test of this name in a process of its own.
#[expect(clippy::disallowed_methods, reason = "the settings of the allocator are variables, and say that this is that process")]
fn alone(test: &str, adapter: Adapter) {
    if FRUGAL.iter().all(|(name, value)| std::env::var(name).as_deref() == Ok(*value)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(halted_uploads(adapter));
    }
    // The allocator reads its settings when a process starts.
    let again = Command::new(std::env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]).envs(FRUGAL).status();
    assert!(again.unwrap().success());
}

async fn halted_uploads(adapter: Adapter) {
    let plan = Plan::sqlite().over(adapter).forms_at_once(200, 200).form_patience(Duration::from_secs(8));
    let world = World::new(plan).await;
    let wire = world.wire().await;
    let form = world.as_("anna").drafts("The printer", "Billing", "It is <silent>").await.file("large.bin", &vec![b'x'; 9 * MIB]);
    let (kind, body) = form.sent();
    let head = head("anna", &form.action, &kind, body.len());
    let begins = async |bytes: usize| {
        let mut line = wire.connect().await;
        line.sends(&head).await;
        line.sends(&body[..bytes.min(body.len())]).await;
        line
    };
    // Allocates what is allocated only once, before the memory is measured.
    for _ in 0..4 {
        assert_eq!(begins(usize::MAX).await.answer().await.0, 303);
    }
    let (kept, files) = (world.kept().dump(), world.kept().files());
    let before = memory();
    let mut lines = Vec::new();
    for number in 0..110 {
        lines.push(begins((1 + number % 8) * MIB).await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let grown = memory().saturating_sub(before) / MIB;
    println!("110 halted uploads to {adapter:?}: {grown} MiB");
    assert!(grown < 40, "{grown} MiB");
    for line in lines {
        let (status, page) = line.answer().await;
        assert_eq!(status, 408, "{page}");
        assert!(page.contains("It is &lt;silent&gt;") && page.contains("The printer"), "{page}");
    }
    assert_eq!(world.kept().files(), files, "half a file is no file");
    assert_eq!(world.as_("anna").get("/tickets").await.is(200).all(".row-subject").len(), 1);
    assert_eq!(world.kept().dump(), kept);
    assert_eq!(begins(usize::MAX).await.answer().await.0, 303, "there is room again");
    assert_eq!(world.mailed().await.len(), 1, "the form was sent twice, and counts once");
}
