//! Ratings and statistics.

use muticket_core::history::Change;
use muticket_core::rating::Score;
use muticket_core::{Refusal, SupporterId};
use muticket_world::{Outcome, World, message_number};
use uuid::Uuid;

fn stars(stars: u8) -> Score {
    Score::new(stars).unwrap()
}

///
#[tokio::test]
async fn a_customer_rates_each_single_answer() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let first = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    let second = world.tom().answers(&ticket, "Is it plugged in?").await.unwrap();
    world.anna().rates(&first, 2).await.unwrap();
    world.anna().rates(&second, 5).await.unwrap();
    let shown = world.anna().sees(&ticket).await.unwrap();
    let scores: Vec<_> = shown.messages.iter().map(|shown| (shown.score, shown.can_rate)).collect();
    assert_eq!(scores, [(None, false), (Some(stars(2)), true), (Some(stars(5)), true)]);
}

/// D-06
#[tokio::test]
async fn a_rating_is_one_and_can_be_changed() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    for given in [1, 4, 4] {
        assert_eq!(world.anna().rates(&answer, given).await.unwrap().score, stars(given));
    }
    let statistics = world.backend().statistics(world.supporter_id("sara").await).await.unwrap();
    assert_eq!(statistics.tally.distribution, [0, 0, 0, 1, 0]);
    let history = world.history(ticket.number).await;
    let rated: Vec<_> = history.iter().map(|entry| entry.change.clone()).skip(3).collect();
    assert_eq!(
        rated,
        [Change::Rated(message_number(2), stars(1)), Change::Rated(message_number(2), stars(4))],
        "the same again is no change"
    );
}

/// D-06
#[tokio::test]
async fn a_closed_ticket_is_rated_with_nobody_present() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    world.sara().closes(&ticket).await.unwrap();
    world.everybody_leaves().await;
    world.anna().rates(&answer, 5).await.unwrap();
    assert!(world.anna().sees(&ticket).await.unwrap().messages[1].can_rate);
}

/// D-06: a rating does not move the ticket up in the lists.
#[tokio::test]
async fn a_rating_does_not_move_the_ticket() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    let before = world.ticket(ticket.number).await;
    world.clock.advance(chrono::TimeDelta::hours(1));
    world.anna().rates(&answer, 5).await.unwrap();
    let after = world.ticket(ticket.number).await;
    assert_eq!((after.last_activity_at, after.version), (before.last_activity_at, before.version + 1));
}

/// R-12, D-06
#[tokio::test]
async fn what_cannot_be_rated_is_refused() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    let reply = world.anna().replies(&ticket, "Yes.").await.unwrap();
    assert_eq!(world.anna().rates(&reply, 5).await.refusal(), Refusal::NotAnAnswer);
    assert!(world.anna().portal().rate(ticket.number, message_number(9), Some(stars(5))).await.is_missing());
    assert!(world.ben().rates(&answer, 1).await.is_missing());
    assert!(world.sara().rates(&answer, 5).await.is_missing());
    world.change_settings(|settings| settings.ratings = false).await;
    assert_eq!(world.anna().rates(&answer, 5).await.refusal(), Refusal::RatingsOff);
    assert!(!world.anna().sees(&ticket).await.unwrap().messages[1].can_rate);
}

/// R-18, D-07
#[tokio::test]
async fn the_statistics_count_a_supporters_own_answers() {
    let world = World::new().await;
    let mut rated = Vec::new();
    for (subject, given) in [("printer", 2), ("screen", 5), ("mouse", 5)] {
        let ticket = world.anna().opens(subject, None).await.unwrap();
        let answer = world.sara().answers(&ticket, "Well...").await.unwrap();
        world.sara().answers(&ticket, "Hm.").await.unwrap();
        let other = world.tom().answers(&ticket, "I say:").await.unwrap();
        world.anna().rates(&other, 1).await.unwrap();
        world.clock.advance(chrono::TimeDelta::minutes(1));
        world.anna().rates(&answer, given).await.unwrap();
        rated.push((subject, given));
    }
    let statistics = world.backend().statistics(world.supporter_id("sara").await).await.unwrap();
    assert!(statistics.ratings);
    assert_eq!((statistics.tally.answers, statistics.tally.rated()), (6, 3));
    assert_eq!(statistics.tally.distribution, [0, 1, 0, 0, 2]);
    assert_eq!((statistics.tally.share(), statistics.tally.mean()), (Some(0.5), Some(4.0)));
    rated.reverse();
    let latest: Vec<_> = statistics.latest.iter().map(|rated| (rated.subject.as_str(), rated.rating.score.stars())).collect();
    assert_eq!(latest, rated);
}

/// D-07
#[tokio::test]
async fn the_statistics_of_somebody_new_hold_no_figures() {
    let world = World::new().await;
    world.change_settings(|settings| settings.ratings = false).await;
    let statistics = world.backend().statistics(world.supporter_id("sara").await).await.unwrap();
    assert!(!statistics.ratings);
    assert_eq!((statistics.tally.answers, statistics.tally.share(), statistics.tally.mean()), (0, None, None));
    assert!(world.backend().statistics(SupporterId(Uuid::nil())).await.is_missing());
}

/// D-01, D-07: ratings stay with the supporter who answered, also if their record is removed and created again.
#[tokio::test]
async fn ratings_outlive_the_record_of_the_supporter() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    world.backend().remove_supporter(world.supporter_id("sara").await).await.unwrap();
    world.anna().rates(&answer, 3).await.unwrap();
    world.add_supporter("sara", true, &[]).await;
    let statistics = world.backend().statistics(world.supporter_id("sara").await).await.unwrap();
    assert_eq!((statistics.tally.answers, statistics.tally.mean()), (1, Some(3.0)));
}

/// D-05
#[tokio::test]
async fn on_their_own_ticket_a_supporter_rates_colleagues_and_not_themselves() {
    let world = World::new().await;
    world.change_settings(|settings| settings.supporters_open = true).await;
    let ticket = world.sara().opens("printer", None).await.unwrap();
    let own = world.sara().replies(&ticket, "Is it on?").await.unwrap();
    assert_eq!(world.sara().rates(&own, 5).await.refusal(), Refusal::NotAnAnswer);
    let answer = world.tom().answers(&ticket, "It is.").await.unwrap();
    world.sara().rates(&answer, 5).await.unwrap();
}
