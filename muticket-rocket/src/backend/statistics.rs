//! What customers think of one supporter's answers (R-18, D-07).

use muticket_core::backend::Statistics;
use muticket_core::rating::{Score, Tally};
use rocket::get;
use rocket::http::Status;
use serde::Serialize;

use crate::backend::Section;
use crate::backend::supporters::{CategoryChoice, Name, choices};
use crate::error::Failure;
use crate::guards::Admin;
use crate::page::Rendered;
use crate::query::named;

/// How wide the longest bar of the drawing is.
const WIDEST: u64 = 200;

/// What the page shows.
#[derive(Debug, Serialize)]
struct Model {
    name: Name,
    present: bool,
    member: bool,
    categories: Vec<CategoryChoice>,
    edit_link: String,
    list_link: String,
    settings_link: String,
    /// `None` if ratings are off: then no figure is shown.
    figures: Option<Figures>,
}

#[derive(Debug, Serialize)]
struct Figures {
    answers: u64,
    rated: u64,
    /// In percent; `None` without answers.
    share: Option<f64>,
    /// `None` without ratings.
    mean: Option<f64>,
    /// Best first.
    bars: Vec<Bar>,
    latest: Vec<Rated>,
    /// How many are listed at most.
    most: u32,
}

/// How many answers got so many stars.
#[derive(Debug, PartialEq, Serialize)]
struct Bar {
    stars: u8,
    count: u64,
    /// In percent of the rated answers.
    share: f64,
    width: u64,
}

#[derive(Debug, Serialize)]
struct Rated {
    stars: u8,
    number: i64,
    subject: String,
    /// `None` for an administrator who is no supporter: the page of the ticket would not exist for him.
    link: Option<String>,
    rated_at: i64,
}

/// A supporter's page.
#[get("/backend/supporters/<id>")]
pub(super) async fn show(admin: Admin<'_>, id: &str) -> Result<Rendered, Failure> {
    let id = named(id)?;
    let statistics = admin.backend.statistics(id).await?;
    let links = &admin.site.links;
    let supporter = &statistics.supporter.supporter;
    let mut categories = choices(&statistics.categories, &supporter.categories, &admin.frame().asker.language);
    categories.retain(|category| category.chosen);
    let model = Model {
        name: Name::of(&statistics.supporter),
        present: supporter.present,
        member: statistics.supporter.member,
        categories,
        edit_link: links.supporter(id) + "/edit",
        list_link: links.backend(Section::Supporters.path()),
        settings_link: links.backend(Section::Settings.path()),
        figures: statistics.ratings.then(|| figures(&admin, &statistics)),
    };
    let title = format!("{} · {}", model.name.as_str(), admin.say("backend-statistics-title"));
    admin.page(Status::Ok, "backend/statistics", (Section::Supporters, title), model).await
}

fn figures(admin: &Admin<'_>, statistics: &Statistics) -> Figures {
    let tally = &statistics.tally;
    let latest = statistics.latest.iter().map(|answer| Rated {
        stars: answer.rating.score.stars(),
        number: answer.rating.ticket.get(),
        subject: answer.subject.as_str().to_owned(),
        link: statistics.tickets_readable.then(|| admin.site.links.message(answer.rating.ticket, answer.rating.message)),
        rated_at: answer.rating.rated_at.timestamp_micros(),
    });
    Figures {
        answers: tally.answers,
        rated: tally.rated(),
        share: tally.share().map(|share| share * 100.0),
        mean: tally.mean(),
        bars: bars(tally),
        latest: latest.collect(),
        most: Statistics::LATEST,
    }
}

/// The distribution, best first. Nothing is divided by zero: without ratings all bars are empty.
fn bars(tally: &Tally) -> Vec<Bar> {
    let most = tally.distribution.iter().copied().max().unwrap_or(0).max(1);
    let rated = tally.rated().max(1);
    let bar = |(score, count): (Score, u64)| Bar {
        stars: score.stars(),
        count,
        share: count as f64 * 100.0 / rated as f64,
        // One answer among thousands is still to be seen.
        width: if count == 0 { 0 } else { (count.saturating_mul(WIDEST) / most).max(1) },
    };
    Score::ALL.into_iter().zip(tally.distribution).rev().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::supporters::tests::{name, some_choices};
    use crate::backend::tests::pages;

    fn model(figures: Option<Figures>) -> Model {
        Model {
            name: name(Some("Sara")),
            present: false,
            member: figures.is_none(),
            categories: some_choices(),
            edit_link: "/e".to_owned(),
            list_link: "/l".to_owned(),
            settings_link: "/settings".to_owned(),
            figures,
        }
    }

    fn of(tally: &Tally, latest: Vec<Rated>) -> Figures {
        let share = tally.share().map(|share| share * 100.0);
        Figures { answers: tally.answers, rated: tally.rated(), share, mean: tally.mean(), bars: bars(tally), latest, most: 50 }
    }

    #[test]
    fn the_bars_are_best_first_and_the_longest_fills_the_drawing() {
        let bars = bars(&Tally { answers: 2000, distribution: [1, 0, 0, 250, 500] });
        let widths: Vec<_> = bars.iter().map(|bar| (bar.stars, bar.width)).collect();
        assert_eq!(widths, [(5, 200), (4, 100), (3, 0), (2, 0), (1, 1)]);
    }

    #[test]
    fn without_ratings_all_bars_are_empty() {
        assert!(bars(&Tally::default()).iter().all(|bar| bar.width == 0 && bar.share == 0.0));
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let tally = Tally { answers: 8, distribution: [1, 0, 0, 1, 2] };
        let rated = Rated { stars: 1, number: 12, subject: "<Drucker>".to_owned(), link: Some("/t".to_owned()), rated_at: 0 };
        let [german, english] = pages("backend/statistics", model(Some(of(&tally, vec![rated]))));
        assert!(german.contains("3,75") && german.contains("&lt;Drucker&gt;") && german.contains("<rect"), "{german}");
        assert!(english.contains("3.75"), "{english}");
    }

    #[test]
    fn without_answers_or_ratings_the_page_says_so_in_place_of_figures() {
        let nothing = Tally::default();
        let unrated = Tally { answers: 3, ..nothing };
        for figures in [Some(of(&nothing, Vec::new())), Some(of(&unrated, Vec::new())), None] {
            let off = figures.is_none();
            for html in pages("backend/statistics", model(figures)) {
                assert!(html.contains("class=\"empty\"") && !html.contains("<rect") && !html.contains("NaN"), "{html}");
                assert_eq!(html.contains("class=\"figures\""), !off, "{html}");
            }
        }
    }
}
