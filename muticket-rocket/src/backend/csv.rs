//! The tables of a supporter's figures as CSV (R-18, D-07): RFC 4180 in UTF-8, headings in the visitor's language, numbers and instants
//! as machines write them.

use std::io::Cursor;

use csv::{Terminator, WriterBuilder};
use muticket_core::backend::{AnswerList, Behind, Statistics, SupporterReport};
use muticket_core::figures::Wait;
use muticket_core::rating::Score;
use muticket_core::storage::{AnsweredTicket, RatedAnswer};
use muticket_core::{Error, SupporterId};
use rocket::http::Header;
use rocket::response::{Responder, Response};
use rocket::{Request, get, response};

use crate::backend::answers::AnswersQuery;
use crate::backend::statistics::sentence_of;
use crate::backend::supporters::Name;
use crate::error::Failure;
use crate::frontend::download::disposition;
use crate::guards::Admin;
use crate::query::named;

/// How many answers are read at once: many units that are short, and not one that is long.
const AT_ONCE: u32 = 1000;

/// A table on its way out.
#[derive(Debug)]
pub(super) struct Table {
    name: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty table with its headings, named after the supporter and its own title.
    fn new(admin: &Admin<'_>, of: &SupporterReport, title: &str, headings: &[&str]) -> Self {
        let name = format!("{} - {}.csv", Name::of(of).as_str(), admin.say(title));
        Self { name, rows: vec![headings.iter().map(|heading| admin.say(heading)).collect()] }
    }

    /// The bytes of the file. It begins with a byte order mark: without one Excel takes UTF-8 for the alphabet of the computer, and every
    /// umlaut is broken. Everything else that reads CSV passes over it, or can be told to.
    fn written(&self) -> Vec<u8> {
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell))).expect("a row is as long as its headings");
        }
        writer.into_inner().expect("memory takes everything")
    }
}

/// A cell that no program takes for a formula: a quotation mark in front makes it the text that it is. Numbers of ours are never negative,
/// so that nothing but texts from outside is changed.
fn harmless(cell: &str) -> String {
    let begins_a_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if begins_a_formula { format!("'{cell}") } else { cell.to_owned() }
}

impl<'r> Responder<'r, 'static> for Table {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        let bytes = self.written();
        Response::build()
            .header(Header::new("Content-Type", "text/csv; charset=utf-8; header=present"))
            .header(Header::new("Content-Disposition", disposition(false, &self.name)))
            .sized_body(bytes.len(), Cursor::new(bytes))
            .ok()
    }
}

/// How many answers got how many stars.
#[get("/backend/supporters/<id>/distribution.csv")]
pub(super) async fn distribution(admin: Admin<'_>, id: &str) -> Result<Table, Failure> {
    let statistics = with_ratings(&admin, named(id)?).await?;
    let headings = ["backend-statistics-stars", "backend-statistics-count", "backend-statistics-part"];
    let mut table = Table::new(&admin, &statistics.supporter, "backend-statistics-distribution", &headings);
    let rated = statistics.tally.rated();
    for (score, count) in Score::ALL.into_iter().zip(statistics.tally.distribution).rev() {
        table.rows.push(vec![score.to_string(), count.to_string(), part(count, rated)]);
    }
    Ok(table)
}

/// What there was in each month.
#[get("/backend/supporters/<id>/months.csv")]
pub(super) async fn months(admin: Admin<'_>, id: &str) -> Result<Table, Failure> {
    let statistics = with_ratings(&admin, named(id)?).await?;
    let headings = ["backend-months-month", "backend-statistics-answers", "backend-statistics-rated", "backend-statistics-mean"];
    let mut table = Table::new(&admin, &statistics.supporter, "backend-months", &headings);
    for month in &statistics.months {
        let mean = month.mean().map(short).unwrap_or_default();
        table.rows.push(vec![month.month.to_string(), month.answers.to_string(), month.rated().to_string(), mean]);
    }
    Ok(table)
}

/// How long customers waited for a first answer.
#[get("/backend/supporters/<id>/first-answers.csv")]
pub(super) async fn first_answers(admin: Admin<'_>, id: &str) -> Result<Table, Failure> {
    let statistics = admin.backend.statistics(named(id)?).await?;
    let headings = ["backend-waits-wait", "backend-statistics-count", "backend-statistics-part"];
    let mut table = Table::new(&admin, &statistics.supporter, "backend-waits", &headings);
    let all = statistics.waits.answers();
    for (wait, count) in Wait::ALL.into_iter().zip(statistics.waits.counts) {
        table.rows.push(vec![admin.say(sentence_of(wait)), count.to_string(), part(count, all)]);
    }
    Ok(table)
}

/// The answers behind a figure, all of them.
#[get("/backend/supporters/<id>/answers.csv")]
pub(super) async fn answers(admin: Admin<'_>, id: &str, query: AnswersQuery) -> Result<Table, Failure> {
    let id = named(id)?;
    let first_answers = matches!(query.behind, Behind::FirstAnswers { .. });
    let (title, headings) = match first_answers {
        true => ("backend-first-answers", FIRST),
        false => ("backend-statistics-latest", RATED),
    };
    let mut after = None;
    let mut table: Option<Table> = None;
    loop {
        let page = admin.backend.answers(id, query.behind, after, AT_ONCE).await?;
        if !page.ratings && !first_answers {
            return Err(Error::NotFound.into());
        }
        let table = table.get_or_insert_with(|| Table::new(&admin, &page.supporter, title, &headings));
        match &page.list {
            AnswerList::Rated(rated) => table.rows.extend(rated.iter().map(row_of_rated)),
            AnswerList::First(first) => table.rows.extend(first.iter().map(row_of_first)),
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    table.ok_or_else(|| Error::NotFound.into())
}

const RATED: [&str; 5] = [
    "backend-answers-ticket",
    "backend-answers-message",
    "backend-tickets-subject",
    "backend-statistics-stars",
    "backend-statistics-when",
];

const FIRST: [&str; 5] = [
    "backend-answers-ticket",
    "backend-answers-message",
    "backend-tickets-subject",
    "backend-answers-seconds",
    "backend-answers-given",
];

fn row_of_rated(answer: &RatedAnswer) -> Vec<String> {
    let rating = &answer.rating;
    let (ticket, message, subject) = (rating.ticket.to_string(), rating.message.to_string(), answer.subject.as_str().to_owned());
    vec![ticket, message, subject, rating.score.to_string(), instant(rating.rated_at)]
}

fn row_of_first(answered: &AnsweredTicket) -> Vec<String> {
    let first = &answered.first;
    let (ticket, message, subject) = (first.ticket.to_string(), first.message.to_string(), answered.subject.as_str().to_owned());
    vec![ticket, message, subject, first.seconds.to_string(), instant(first.answered_at)]
}

/// The statistics, if there are ratings in them: with ratings off there is no such table.
async fn with_ratings(admin: &Admin<'_>, id: SupporterId) -> Result<Statistics, Error> {
    let statistics = admin.backend.statistics(id).await?;
    if statistics.ratings { Ok(statistics) } else { Err(Error::NotFound) }
}

/// A part of a whole, 0 to 1; empty if there is no whole.
fn part(count: u64, all: u64) -> String {
    if all == 0 { String::new() } else { short(count as f64 / all as f64) }
}

/// A number with a point, and at most four digits after it.
fn short(number: f64) -> String {
    ((number * 10_000.0).round() / 10_000.0).to_string()
}

fn instant(instant: chrono::DateTime<chrono::Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let rows = vec![vec!["A".to_owned(); cells.len()], cells.iter().map(|cell| (*cell).to_owned()).collect()];
        String::from_utf8(Table { name: String::new(), rows }.written()).unwrap()
    }

    #[test]
    fn a_table_is_as_the_standard_says() {
        let text = written(&["plain", "a, b", "say \"no\"", "two\nlines", "Ü"]);
        assert_eq!(text, "\u{feff}A,A,A,A,A\r\nplain,\"a, b\",\"say \"\"no\"\"\",\"two\nlines\",Ü\r\n");
    }

    #[test]
    fn no_cell_is_a_formula() {
        let hostile = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a=1"];
        assert_eq!(hostile.map(harmless), ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "a=1"]);
    }

    #[test]
    fn numbers_are_short_and_nothing_is_divided_by_zero() {
        assert_eq!([part(1, 3), part(3, 4), part(2, 2), part(0, 7), part(0, 0)], ["0.3333", "0.75", "1", "0", ""]);
    }
}
