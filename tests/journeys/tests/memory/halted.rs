//! Uploads that stop half-way (P-19).

use std::time::Duration;

use muticket_journeys::{Adapter, Plan, World, head};

use crate::process::{alone, memory};

const MIB: usize = 1024 * 1024;

/// P-19: such uploads cost a few MiB, end by a time limit with a page that keeps the text, and leave nothing behind.
#[test]
fn a_hundred_uploads_to_rocket_that_stop_half_way_cost_little_and_end() {
    alone("halted::a_hundred_uploads_to_rocket_that_stop_half_way_cost_little_and_end", halted_uploads(Adapter::Rocket));
}

/// P-19: the same in axum.
#[test]
fn a_hundred_uploads_to_axum_that_stop_half_way_cost_little_and_end() {
    alone("halted::a_hundred_uploads_to_axum_that_stop_half_way_cost_little_and_end", halted_uploads(Adapter::Axum));
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
    let before = memory("VmRSS");
    let mut lines = Vec::new();
    for number in 0..110 {
        lines.push(begins((1 + number % 8) * MIB).await);
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let grown = memory("VmRSS").saturating_sub(before) / MIB;
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
