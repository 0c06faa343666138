//! Horizontal bars and vertical columns as numbers for an SVG. Pure.

use muticket_core::figures::MonthTally;
use serde::Serialize;

/// Width of the longest bar.
const WIDEST: u64 = 200;
/// The y position of the base line, and the height of the highest column.
const GROUND: f64 = 130.0;
const HIGHEST: f64 = 100.0;
/// Width of the space for one month.
const MONTH: f64 = 50.0;

/// One line of a distribution: how many answers are of one kind.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Bar {
    /// The text in front of the bar.
    pub(super) label: String,
    pub(super) count: u64,
    /// In percent of the sum of all bars.
    pub(super) share: f64,
    pub(super) width: u64,
    /// The link to the answers; `None` if there are none.
    pub(super) link: Option<String>,
}

/// The longest bar fills the drawing. Without answers all bars are empty; nothing is divided by zero.
pub(super) fn bars(counted: impl IntoIterator<Item = (String, u64, String)>) -> Vec<Bar> {
    let counted: Vec<_> = counted.into_iter().collect();
    let most = counted.iter().map(|(_, count, _)| *count).max().unwrap_or(0).max(1);
    let all = counted.iter().map(|(_, count, _)| count).sum::<u64>().max(1);
    let bar = |(label, count, link): (String, u64, String)| Bar {
        label,
        count,
        share: count as f64 * 100.0 / all as f64,
        // Even one answer among thousands stays visible.
        width: if count == 0 { 0 } else { (count.saturating_mul(WIDEST) / most).max(1) },
        link: (count > 0).then_some(link),
    };
    counted.into_iter().map(bar).collect()
}

/// One month with two columns side by side: the mean number of stars, and the number of answers.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct MonthColumn {
    /// In the form `2027-01`.
    pub(super) month: String,
    /// The year; only for the first month and for January.
    pub(super) year: Option<String>,
    pub(super) answers: u64,
    pub(super) rated: u64,
    /// `None` if there are no ratings.
    pub(super) mean: Option<f64>,
    /// The x position of the middle of its space.
    pub(super) middle: f64,
    pub(super) stars: ChartBar,
    pub(super) written: ChartBar,
    /// The link to the rated answers; `None` if there are none.
    pub(super) link: Option<String>,
}

/// Top and height of one bar of a column.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct ChartBar {
    pub(super) top: f64,
    pub(super) height: f64,
}

impl ChartBar {
    fn of(part: f64) -> Self {
        let height = (part * HIGHEST).round();
        Self { top: GROUND - height, height }
    }
}

/// The columns of stars are scaled to five stars, the columns of answers to the month with the most answers.
pub(super) fn columns(months: &[MonthTally], link: impl Fn(&MonthTally) -> String) -> Vec<MonthColumn> {
    let most = months.iter().map(|month| month.answers).max().unwrap_or(0).max(1) as f64;
    let mut columns: Vec<MonthColumn> = Vec::with_capacity(months.len());
    for (place, tally) in (0_u32..).zip(months) {
        let month = tally.month.to_string();
        let (year, number) = month.split_once('-').unwrap_or((&month, ""));
        let part = tally.answers as f64 / most;
        columns.push(MonthColumn {
            year: (place == 0 || number == "01").then(|| year.to_owned()),
            answers: tally.answers,
            rated: tally.rated(),
            mean: tally.mean(),
            middle: f64::from(place) * MONTH + MONTH / 2.0,
            stars: ChartBar::of(tally.mean().unwrap_or(0.0) / 5.0),
            // As with the bars, even one answer stays visible.
            written: ChartBar::of(if tally.answers > 0 { part.max(0.01) } else { 0.0 }),
            link: (tally.rated() > 0).then(|| link(tally)),
            month,
        });
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(counts: &[u64]) -> Vec<(String, u64, String)> {
        counts.iter().map(|count| ("A".to_owned(), *count, "/a".to_owned())).collect()
    }

    fn month(name: &str, answers: u64, distribution: [u64; 5]) -> MonthTally {
        MonthTally { answers, distribution, ..MonthTally::empty(name.parse().unwrap()) }
    }

    #[test]
    fn the_longest_bar_fills_the_drawing_and_the_shortest_is_seen() {
        let bars = bars(counted(&[500, 250, 0, 1]));
        let drawn: Vec<_> = bars.iter().map(|bar| (bar.width, bar.link.is_some())).collect();
        assert_eq!(drawn, [(200, true), (100, true), (0, false), (1, true)]);
    }

    #[test]
    fn without_answers_all_bars_are_empty() {
        assert!(bars(counted(&[0, 0])).iter().all(|bar| bar.width == 0 && bar.share == 0.0 && bar.link.is_none()));
    }

    #[test]
    fn columns_stand_on_the_ground() {
        let months = [month("2026-12", 1000, [0, 0, 0, 0, 2]), month("2027-01", 1, [1, 0, 0, 0, 0]), month("2027-02", 0, [0; 5])];
        let columns = columns(&months, |month| format!("/{}", month.month));
        let drawn: Vec<_> = columns.iter().map(|column| (column.middle, column.stars.height, column.written.height)).collect();
        assert_eq!(drawn, [(25.0, 100.0, 100.0), (75.0, 20.0, 1.0), (125.0, 0.0, 0.0)]);
        assert!(columns.iter().all(|column| column.stars.top + column.stars.height == GROUND));
        let years: Vec<_> = columns.iter().map(|column| column.year.as_deref()).collect();
        assert_eq!(years, [Some("2026"), Some("2027"), None]);
        assert_eq!((columns[1].link.as_deref(), columns[2].link.as_deref(), columns[2].mean), (Some("/2027-01"), None, None));
    }
}
