//! Statistics over time, and the answers behind them (R-18, D-07).

use chrono::TimeDelta;
use muticket_core::backend::{AnswerFilter, AnswerList, Answers, Statistics};
use muticket_core::figures::{FirstAnswer, Wait};
use muticket_core::rating::Score;
use muticket_core::storage::AnswerCursor;
use muticket_core::{Error, SupporterId};
use muticket_world::{Outcome, World, message_number};
use uuid::Uuid;

const ALL: AnswerFilter = AnswerFilter::Ratings { score: None, month: None };

async fn statistics(world: &World, name: &str) -> Statistics {
    world.backend().statistics(world.supporter_id(name).await).await.unwrap()
}

async fn answers(world: &World, filter: AnswerFilter, after: Option<AnswerCursor>) -> Result<Answers, Error> {
    world.backend().answers(world.supporter_id("sara").await, filter, after, 2).await
}

/// The subjects on the page.
fn subjects(answers: &Answers) -> Vec<&str> {
    match &answers.list {
        AnswerList::Rated(rated) => rated.iter().map(|answer| answer.subject.as_str()).collect(),
        AnswerList::First(first) => first.iter().map(|answer| answer.subject.as_str()).collect(),
    }
}

/// Sara answers a ticket after this many minutes, and Anna rates the answer if `stars` is given.
async fn answered(world: &World, subject: &str, minutes: i64, stars: Option<u8>) {
    let ticket = world.anna().opens(subject, None).await.unwrap();
    world.clock.advance(TimeDelta::minutes(minutes));
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    if let Some(stars) = stars {
        world.anna().rates(&answer, stars).await.unwrap();
    }
}

#[tokio::test]
async fn the_first_answer_of_a_ticket_is_counted_and_no_other() {
    let world = World::new().await;
    let ticket = world.anna().opens("printer", None).await.unwrap();
    world.clock.advance(TimeDelta::minutes(90));
    world.anna().replies(&ticket, "Hello?").await.unwrap();
    let answer = world.sara().answers(&ticket, "Is it on?").await.unwrap();
    world.clock.advance(TimeDelta::days(9));
    world.sara().answers(&ticket, "Is it still off?").await.unwrap();
    world.tom().answers(&ticket, "Try the switch.").await.unwrap();
    world.sara().closes(&ticket).await.unwrap();
    world.sara().reopens(&ticket).await.unwrap();
    world.tom().answers(&ticket, "Done?").await.unwrap();

    let waits = statistics(&world, "sara").await.waits;
    assert_eq!((waits.counts, waits.seconds, waits.median), ([0, 1, 0, 0, 0], 5400, Some(5400)));
    assert_eq!(statistics(&world, "tom").await.waits.answers(), 0);
    let behind = answers(&world, AnswerFilter::FirstAnswers { wait: Some(Wait::FourHours) }, None).await.unwrap();
    let AnswerList::First(first) = behind.list else { panic!("{behind:?}") };
    let expected = FirstAnswer {
        ticket: ticket.number,
        message: message_number(3),
        author: answer.author,
        answered_at: answer.written_at,
        seconds: 5400,
    };
    assert_eq!((first[0].first.clone(), first[0].opened_at), (expected, ticket.opened_at));
}

#[tokio::test]
async fn months_without_anything_are_shown_between_those_with_something() {
    let world = World::new().await;
    answered(&world, "printer", 1, Some(5)).await;
    answered(&world, "screen", 1, None).await;
    world.clock.advance(TimeDelta::days(60));
    answered(&world, "mouse", 1, Some(2)).await;
    let months = statistics(&world, "sara").await.months;
    let counts: Vec<_> = months.iter().map(|month| (month.answers, month.rated(), month.mean())).collect();
    assert_eq!(counts, [(2, 1, Some(5.0)), (0, 0, None), (1, 1, Some(2.0))]);
    world.clock.advance(TimeDelta::days(330));
    answered(&world, "keyboard", 1, None).await;
    let months = statistics(&world, "sara").await.months;
    let ends = [months.first(), months.last()].map(|month| month.unwrap().month.to_string());
    assert_eq!(
        (months.len(), ends),
        (12, ["2027-03".to_owned(), "2028-02".to_owned()]),
        "twelve, the last with something at the end"
    );
}

/// P-32: rows stored while the clock was wrong hide nothing current, in months and in lists.
#[tokio::test]
async fn a_clock_of_the_future_hides_nothing() {
    let world = World::new().await;
    answered(&world, "printer", 1, Some(5)).await;
    let years = TimeDelta::days(5 * 365);
    world.clock.advance(years);
    for subject in ["one", "two", "three"] {
        answered(&world, subject, 1, Some(1)).await;
    }
    world.clock.advance(-years);
    answered(&world, "screen", 1, Some(4)).await;

    let statistics = statistics(&world, "sara").await;
    let months: Vec<_> = statistics.months.iter().map(|month| (month.month.to_string(), month.answers, month.mean())).collect();
    assert_eq!(months, [("2027-01".to_owned(), 2, Some(4.5))]);
    let latest: Vec<_> = statistics.latest.iter().map(|answer| answer.subject.as_str()).collect();
    assert_eq!(latest, ["screen", "printer", "three", "two", "one"]);
    assert_eq!((statistics.waits.counts, statistics.waits.seconds), ([2, 0, 0, 0, 0], 120), "no wait of the future is counted");
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = answers(&world, ALL, after).await.unwrap();
        listed.extend(subjects(&page).into_iter().map(str::to_owned));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, latest, "page by page");
    let first = answers(&world, AnswerFilter::FirstAnswers { wait: None }, None).await.unwrap();
    assert_eq!(subjects(&first), ["screen", "printer"]);
    // Once their time has come they count like all others.
    world.clock.advance(years);
    let later = self::statistics(&world, "sara").await;
    assert_eq!((later.months.last().unwrap().answers, later.waits.answers()), (3, 5));
}

/// D-17: the site's time zone determines the months, in the figures and in the lists behind them.
#[tokio::test]
async fn a_month_is_one_of_the_sites_clock() {
    // It is 15 January 2027, 8:00 UTC.
    for (zone, month) in [("UTC", "2027-03"), ("Europe/Paris", "2027-04"), ("America/New_York", "2027-03")] {
        let world = World::new().await;
        world.change_settings(|settings| settings.time_zone = Some(zone.to_owned())).await;
        world.clock.advance("2027-03-31T22:29:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - world.helpdesk.now());
        answered(&world, "printer", 1, Some(5)).await;
        let statistics = statistics(&world, "sara").await;
        let found = statistics.months[0].month;
        assert_eq!((statistics.months.len(), found.to_string(), statistics.time_zone.as_str()), (1, month.to_owned(), zone));
        let behind = answers(&world, AnswerFilter::Ratings { score: None, month: Some(found) }, None).await.unwrap();
        assert_eq!((subjects(&behind), behind.time_zone.as_str()), (vec!["printer"], zone));
        let other = AnswerFilter::Ratings { score: None, month: Some(found.next()) };
        assert_eq!(subjects(&answers(&world, other, None).await.unwrap()), [""; 0]);
    }
}

#[tokio::test]
async fn somebody_new_has_no_months_and_no_waits() {
    let world = World::new().await;
    let new = statistics(&world, "sara").await;
    assert_eq!((new.months.len(), new.waits.answers(), new.waits.median, new.waits.mean()), (0, 0, None, None));
}

#[tokio::test]
async fn the_answers_behind_a_figure_come_page_by_page() {
    let world = World::new().await;
    for (subject, stars) in [("one", 5), ("two", 1), ("three", 5), ("four", 5)] {
        answered(&world, subject, 1, Some(stars)).await;
    }
    let first = answers(&world, ALL, None).await.unwrap();
    assert_eq!(subjects(&first), ["four", "three"]);
    let second = answers(&world, ALL, first.next).await.unwrap();
    assert_eq!((subjects(&second), second.next), (vec!["two", "one"], None));

    let best = AnswerFilter::Ratings { score: Score::new(5), month: None };
    let first = answers(&world, best, None).await.unwrap();
    assert_eq!(subjects(&first), ["four", "three"]);
    assert_eq!(subjects(&answers(&world, best, first.next).await.unwrap()), ["one"]);

    let month = statistics(&world, "sara").await.months[0].month;
    let later = AnswerFilter::Ratings { score: None, month: Some(month.next()) };
    assert_eq!(subjects(&answers(&world, later, None).await.unwrap()), Vec::<&str>::new());
    let then = AnswerFilter::Ratings { score: Score::new(1), month: Some(month) };
    assert_eq!(subjects(&answers(&world, then, None).await.unwrap()), ["two"]);
    assert!(world.backend().answers(SupporterId(Uuid::nil()), ALL, None, 2).await.is_missing());
}

#[tokio::test]
async fn without_ratings_no_rated_answer_is_listed_and_first_answers_are() {
    let world = World::new().await;
    answered(&world, "printer", 1, Some(5)).await;
    world.change_settings(|settings| settings.ratings = false).await;
    assert_eq!(subjects(&answers(&world, ALL, None).await.unwrap()), Vec::<&str>::new());
    let first = answers(&world, AnswerFilter::FirstAnswers { wait: None }, None).await.unwrap();
    assert_eq!(subjects(&first), ["printer"]);
}
