//! A person or a program that sends more than a person can.

use muticket_journeys::{Adapter, Plan, World, in_both};

in_both! {
    /// A script that sends too much is stopped, its text is not lost, others do not notice, and in the next minute it can send again.
    async fn too_many_forms_in_a_minute_are_refused_with_the_text_kept(adapter: Adapter) {
        let world = World::new(Plan::memory().forms_per_minute(3).over(adapter)).await;
        let anna = world.as_("anna");
        let number = anna.opens("Printer", "Billing", "It is silent").await;
        for _ in 0..2 {
            anna.replies(number, "And silent").await;
        }
        let reply = anna.sees(number).await.form("/messages").with("body", "Still silent");
        let before = world.kept().dump();
        let refused = anna.submits(&reply).await.is(429);
        assert!(refused.says("Still silent"), "{}", refused.brief());
        let wait: i64 = refused.header("Retry-After").unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait));
        assert_eq!(world.kept().dump(), before);

        world.as_("ben").opens("Screen", "Billing", "It is dark").await;
        world.later(chrono::TimeDelta::seconds(wait));
        assert!(anna.submits(&reply).await.is(303).location().contains("#message-4"));
        assert_eq!(world.mailed().await, ["sara", "sara", "sara", "sara", "sara"]);
    }
}
