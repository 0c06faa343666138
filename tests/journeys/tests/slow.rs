//! Forms that stop half-way, that arrive very slowly, or that are too many at once, over real sockets (P-19).

#![expect(clippy::unwrap_used, reason = "a journey that stumbles has failed")]

use std::time::{Duration, Instant};

use muticket_journeys::{Adapter, Form, Plan, World, in_both};

const MIB: usize = 1024 * 1024;

async fn form(world: &World, person: &str, text: &str, file: usize) -> Form {
    let form = world.as_(person).drafts("The printer", "Billing", text).await;
    if file == 0 { form } else { form.file("large.bin", &vec![b'x'; file]) }
}

in_both! {
    /// P-19: the page shows the part of the text that arrived, for both kinds of forms.
    async fn a_form_that_trickles_is_given_up_with_the_text_so_far(adapter: Adapter) {
        let world = World::new(Plan::memory().form_patience(Duration::from_millis(600)).over(adapter)).await;
        let wire = world.wire().await;
        let long = format!("It began on Monday{}", ", and on".repeat(500));
        for multipart in [true, false] {
            let mut form = form(&world, "anna", &long, 0).await;
            form.multipart = multipart;
            let (_, body) = form.sent();
            let middle = body.windows(6).position(|window| window == b"Monday").unwrap();
            let begin = Instant::now();
            let mut line = wire.begins("anna", &form, middle + 40).await;
            line.trickles(&body[middle + 40..], Duration::from_millis(50)).await;
            let (status, page) = line.answer().await;
            assert_eq!(status, 408, "{page}");
            assert!(page.contains("It began on Monday, and on"), "{page}");
            assert!(begin.elapsed() < Duration::from_secs(10), "it trickled for {:?}", begin.elapsed());
        }
        assert!(world.as_("anna").get("/tickets").await.is(200).all(".row-subject").is_empty());
        assert_eq!(world.mailed().await.len(), 0);
    }
}

in_both! {
    /// P-19: one visitor cannot take all slots, all visitors together cannot take more than there are, and nobody loses their text.
    async fn too_many_forms_at_once_are_refused_with_the_text_kept(adapter: Adapter) {
        let world = World::new(Plan::memory().forms_at_once(2, 3).form_patience(Duration::from_secs(6)).over(adapter)).await;
        let wire = world.wire().await;
        let of_anna = form(&world, "anna", "First", 2 * MIB).await;
        let of_ben = form(&world, "ben", "Second", 2 * MIB).await;
        let mut held = Vec::new();
        for _ in 0..2 {
            held.push(wire.begins("anna", &of_anna, MIB).await);
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
        // The whole form is sent before the answer is read, as a browser does, so the connection is not reset.
        let third = form(&world, "anna", "A third one", 8 * MIB).await;
        let (status, page) = wire.begins("anna", &third, usize::MAX).await.answer().await;
        assert!(status == 429 && page.contains("A third one") && page.to_lowercase().contains("retry-after: 10"), "{page}");
        // A form that stands still is answered too.
        let begin = Instant::now();
        let (status, page) = wire.begins("anna", &third, 4 * MIB).await.answer().await;
        assert!(status == 429 && page.contains("A third one"), "{page}");
        assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());

        held.push(wire.begins("ben", &of_ben, MIB).await);
        tokio::time::sleep(Duration::from_millis(200)).await;
        let of_sara = form(&world, "ben", "A fourth one", 8 * MIB).await;
        let (status, page) = wire.begins("ben", &of_sara, usize::MAX).await.answer().await;
        assert!(status == 503 && page.contains("A fourth one") && page.to_lowercase().contains("retry-after: 10"), "{page}");
        for line in held {
            assert_eq!(line.answer().await.0, 408);
        }
        assert_eq!(wire.begins("ben", &of_sara, usize::MAX).await.answer().await.0, 303);
        assert_eq!(world.kept().files(), 1);
        assert_eq!(world.mailed().await.len(), 1);
    }
}

in_both! {
    /// P-19: a form that is refused while its files are still arriving is answered with a page, and the connection does not break.
    async fn a_large_form_that_is_refused_early_gets_its_page(adapter: Adapter) {
        let world = World::new(Plan::memory().over(adapter)).await;
        let wire = world.wire().await;
        let large = form(&world, "anna", "It is silent", 9 * MIB).await;
        let forged = large.clone().with("token", "none");
        let (status, page) = wire.begins("anna", &forged, usize::MAX).await.answer().await;
        assert!(status == 403 && page.contains("It is silent"), "{page}");
        let (status, page) = wire.begins("nobody", &large, usize::MAX).await.answer().await;
        assert!(status == 401 && page.contains("It is silent"), "{page}");
        assert_eq!((world.kept().files(), world.mailed().await.len()), (0, 0));
    }
}
