//! A supporter's page: how customers rate their answers, month by month, and how long customers waited for them (R-18, D-07).

use muticket_core::SupporterId;
use muticket_core::backend::{AnswerFilter, Statistics};
use muticket_core::figures::{MonthTally, Wait, WaitTally};
use muticket_core::rating::{Score, Tally};
use serde::Serialize;

use crate::address::Address;
use crate::backend::answers::{AnswerRow, AnswersQuery, row_of_rated};
use crate::backend::drawing::{Bar, MonthColumn, bars, columns};
use crate::backend::section::Section;
use crate::backend::span::{Span, sentence_of};
use crate::backend::supporters::{CategoryChoice, SupporterName, choices};
use crate::context::Context;
use crate::error::Failure;
use crate::links::Links;
use crate::page::Template;
use crate::query::named;
use crate::response::Response;

/// The model of the page.
#[derive(Debug, Serialize)]
struct StatisticsPage {
    name: SupporterName,
    present: bool,
    member: bool,
    categories: Vec<CategoryChoice>,
    edit_link: String,
    list_link: String,
    settings_link: String,
    /// `None` if ratings are off. The page then shows none of these figures.
    ratings: Option<Ratings>,
    waits: Waits,
    /// The IANA name of the site's time zone, by which the page counts days and months.
    clock: &'static str,
    /// Whether the figures leave out damaged data.
    damaged: bool,
}

#[derive(Debug, Serialize)]
struct Ratings {
    answers: u64,
    rated: u64,
    /// In percent; `None` if there are no answers.
    share: Option<f64>,
    /// `None` if there are no ratings.
    mean: Option<f64>,
    /// Best first.
    bars: Vec<Bar>,
    distribution_csv: String,
    months: Vec<MonthColumn>,
    months_csv: String,
    latest: Vec<AnswerRow>,
    /// The most answers that are listed.
    most: u32,
    all_link: String,
}

#[derive(Debug, Serialize)]
struct Waits {
    answers: u64,
    mean: Option<Span>,
    median: Option<Span>,
    /// Shortest first.
    bars: Vec<Bar>,
    csv: String,
}

/// A supporter's page.
pub(crate) async fn show(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let id = named(id)?;
    let statistics = admin.backend.statistics(id).await?;
    let links = context.links();
    let supporter = &statistics.supporter.supporter;
    let mut categories = choices(&statistics.categories, &supporter.categories, admin.context.language());
    categories.retain(|category| category.chosen);
    let model = StatisticsPage {
        name: SupporterName::of(&statistics.supporter),
        present: supporter.present,
        member: statistics.supporter.member,
        categories,
        edit_link: links.to(Address::EditSupporter(&id.to_string())),
        list_link: links.to(Address::Supporters),
        settings_link: links.to(Address::Settings),
        ratings: statistics.ratings.then(|| ratings(links, id, &statistics)),
        waits: waits(links, id, &statistics.waits, |wait| admin.say(sentence_of(wait))),
        clock: statistics.time_zone.as_str(),
        damaged: statistics.damaged,
    };
    let title = format!("{} · {}", model.name.as_str(), admin.say("backend-statistics-title"));
    let template = Template::new("backend/statistics", title).in_zone(statistics.time_zone);
    admin.page(Section::Supporters, template, model).await
}

fn ratings(links: &Links, id: SupporterId, statistics: &Statistics) -> Ratings {
    let tally = &statistics.tally;
    let readable = statistics.tickets_readable.then_some(links);
    Ratings {
        answers: tally.answers,
        rated: tally.rated(),
        share: tally.share().map(|share| share * 100.0),
        mean: tally.mean(),
        bars: bars(distribution(links, id, tally)),
        distribution_csv: links.to(Address::DistributionTable(&id.to_string())),
        months: columns(&statistics.months, |month| behind_month(links, id, month)),
        months_csv: links.to(Address::MonthsTable(&id.to_string())),
        latest: statistics.latest.iter().map(|answer| row_of_rated(answer, readable)).collect(),
        most: Statistics::LATEST,
        all_link: links.answers(id),
    }
}

/// The distribution, best first. Each number of stars links to its answers.
fn distribution(links: &Links, id: SupporterId, tally: &Tally) -> Vec<(String, u64, String)> {
    let of = |(score, count): (Score, u64)| {
        let filter = AnswerFilter::Ratings { score: Some(score), month: None };
        (format!("{score} ★"), count, links.answers(id) + &AnswersQuery::to(filter).text())
    };
    Score::ALL.into_iter().zip(tally.distribution).rev().map(of).collect()
}

fn behind_month(links: &Links, id: SupporterId, month: &MonthTally) -> String {
    let filter = AnswerFilter::Ratings { score: None, month: Some(month.month) };
    links.answers(id) + &AnswersQuery::to(filter).text()
}

fn waits(links: &Links, id: SupporterId, tally: &WaitTally, say: impl Fn(Wait) -> String) -> Waits {
    let of = |(wait, count): (Wait, u64)| {
        let filter = AnswerFilter::FirstAnswers { wait: Some(wait) };
        (say(wait), count, links.answers(id) + &AnswersQuery::to(filter).text())
    };
    Waits {
        answers: tally.answers(),
        mean: tally.mean().map(Span::of),
        median: tally.median.map(|seconds| Span::of(seconds as f64)),
        bars: bars(Wait::ALL.into_iter().zip(tally.counts).map(of)),
        csv: links.to(Address::FirstAnswersTable(&id.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::supporters::tests::{name, some_choices};
    use crate::backend::testing::pages;

    fn nobody() -> SupporterId {
        "018f2f0e-4c5a-7bcd-8abc-0123456789ab".parse().unwrap()
    }

    fn model(ratings: Option<Ratings>, waited: WaitTally) -> StatisticsPage {
        StatisticsPage {
            name: name(Some("Sara")),
            present: false,
            member: ratings.is_none(),
            categories: some_choices(),
            edit_link: "/e".to_owned(),
            list_link: "/l".to_owned(),
            settings_link: "/settings".to_owned(),
            damaged: ratings.is_none(),
            ratings,
            waits: waits(&Links::new("/support"), nobody(), &waited, |wait| format!("<{}>", wait.as_str())),
            clock: "Europe/Berlin",
        }
    }

    fn of(tally: &Tally, months: &[MonthTally], latest: Vec<AnswerRow>) -> Ratings {
        let links = Links::new("/support");
        Ratings {
            answers: tally.answers,
            rated: tally.rated(),
            share: tally.share().map(|share| share * 100.0),
            mean: tally.mean(),
            bars: bars(distribution(&links, nobody(), tally)),
            distribution_csv: "/d.csv".to_owned(),
            months: columns(months, |month| behind_month(&links, nobody(), month)),
            months_csv: "/m.csv".to_owned(),
            latest,
            most: 10,
            all_link: "/all".to_owned(),
        }
    }

    #[test]
    fn the_distribution_is_best_first_and_leads_to_its_answers() {
        let tally = Tally::new(2000, [1, 0, 0, 250, 500]);
        let bars = bars(distribution(&Links::new("/s"), nobody(), &tally));
        let labels: Vec<_> = bars.iter().map(|bar| (bar.label.as_str(), bar.count)).collect();
        assert_eq!(labels, [("5 ★", 500), ("4 ★", 250), ("3 ★", 0), ("2 ★", 0), ("1 ★", 1)]);
        assert_eq!(bars[4].link, Some(format!("/s/backend/supporters/{}/answers?stars=1", nobody())));
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let tally = Tally::new(8, [1, 0, 0, 1, 2]);
        let months = ["2026-12", "2027-01"].map(|month| MonthTally::empty(month.parse().unwrap()));
        let months = [MonthTally { answers: 8, distribution: tally.distribution, ..months[0] }, months[1]];
        let rated = AnswerRow::sample("<Drucker>", Some(1));
        let waited = WaitTally { counts: [1, 0, 0, 1, 1], seconds: 900_000, median: Some(7200) };
        let [german, english] = pages("backend/statistics", model(Some(of(&tally, &months, vec![rated])), waited));
        assert!(german.contains("3,75") && german.contains("&lt;Drucker&gt;") && german.contains("3,5 Tage"), "{german}");
        assert!(english.contains("3.75") && english.contains("December 2026") && english.contains("2.0 hours"), "{english}");
        for html in [german, english] {
            assert_eq!(html.matches("<svg class=\"chart").count(), 3, "{html}");
            assert_eq!(html.matches("<table").count(), 4, "each drawing has a table beneath: {html}");
            assert!(html.contains("Europe&#x2f;Berlin"), "the page says by which clock it counts: {html}");
            assert!(html.contains("answers?first=three-days") && html.contains("answers?month=2026-12"), "{html}");
        }
    }

    #[test]
    fn without_answers_or_ratings_the_page_says_so_in_place_of_figures() {
        let nothing = Tally::default();
        let unrated = Tally::new(3, [0; 5]);
        let [none, some, off] = [Some(of(&nothing, &[], Vec::new())), Some(of(&unrated, &[], Vec::new())), None];
        for ratings in [none, some, off] {
            let off = ratings.is_none();
            for html in pages("backend/statistics", model(ratings, WaitTally::default())) {
                assert_eq!(html.matches("class=\"empty\"").count(), 2, "one for ratings, one for waits: {html}");
                assert!(!html.contains("<rect") && !html.contains("NaN") && !html.contains(".csv"), "{html}");
                assert_eq!(html.contains("ratings-heading"), !off, "{html}");
            }
        }
    }
}
