//! The tables of a supporter's figures and of open tickets as CSV (R-18, D-07): RFC 4180 in UTF-8, with headings in the visitor's language.
//! Decimal sign and separator are those that a spreadsheet of the visitor's region expects: a decimal comma goes with semicolons between
//! cells. Timestamps have a machine-readable format. A program that wants fixed signs asks for `?decimal=point` or `?decimal=comma`.

use bytes::Bytes;
use csv::{Terminator, WriterBuilder};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use icu_normalizer::ComposingNormalizerBorrowed;
use muticket_core::backend::{AnswerFilter, AnswerList, Statistics, SupporterReport};
use muticket_core::characters::is_invisible;
use muticket_core::figures::Wait;
use muticket_core::rating::Score;
use muticket_core::storage::{AnsweredTicket, RatedAnswer};
use muticket_core::{Error, SupporterId};

use crate::backend::admin::Admin;
use crate::backend::answers::AnswersQuery;
use crate::backend::open_tickets::{self, CountedBy};
use crate::backend::span::sentence_of;
use crate::backend::supporters::SupporterName;
use crate::context::Context;
use crate::error::Failure;
use crate::frontend::download::disposition;
use crate::query::named;
use crate::response::Response;
use crate::view::TableSigns;

/// How many answers are read in one transaction. Many short transactions are better than one long one.
const AT_ONCE: u32 = 1000;

/// A table to be sent.
#[derive(Debug)]
struct Table {
    name: String,
    rows: Vec<Vec<String>>,
    signs: TableSigns,
}

impl Table {
    /// An empty table with its headings, named after the supporter and its own title.
    fn new(admin: &Admin<'_>, of: &SupporterReport, title: &str, headings: &[&str]) -> Self {
        Self::named(admin, format!("{} - {}.csv", SupporterName::of(of).plain(), admin.say(title)), headings)
    }

    /// An empty table with its headings.
    fn named(admin: &Admin<'_>, name: String, headings: &[&str]) -> Self {
        let context = admin.context;
        let signs = match context.query().value("decimal").as_deref() {
            Some("point") => TableSigns { separator: ',', decimal: '.' },
            Some("comma") => TableSigns { separator: ';', decimal: ',' },
            _ => context.shared.view.table_signs(&context.page_language().locale),
        };
        Self { name, rows: vec![headings.iter().map(|heading| admin.say(heading)).collect()], signs }
    }

    /// A number with at most four decimal places.
    fn short(&self, number: f64) -> String {
        ((number * 10_000.0).round() / 10_000.0).to_string().replace('.', self.signs.decimal.encode_utf8(&mut [0; 4]))
    }

    /// A fraction from 0 to 1; empty if `all` is 0.
    fn part(&self, count: u64, all: u64) -> String {
        if all == 0 { String::new() } else { self.short(count as f64 / all as f64) }
    }

    /// The bytes of the file. They begin with a byte order mark: without it, Excel reads UTF-8 in the computer's own encoding and breaks
    /// every umlaut. Other programs that read CSV skip the mark, or have an option to.
    fn written(&self) -> Vec<u8> {
        let separator = u8::try_from(self.signs.separator).unwrap_or(b',');
        let mut writer =
            WriterBuilder::new().delimiter(separator).terminator(Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell))).expect("a row is as long as its headings");
        }
        writer.into_inner().expect("memory takes everything")
    }
}

/// Defuses formulas in a cell: an apostrophe in front makes a spreadsheet treat the cell as text. A program that is told another separator,
/// or does not know quoted cells, also starts a cell after separators and line breaks, so the text after each of these is checked too. Our
/// own numbers are never negative, so this changes only texts from outside.
fn harmless(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut begins = true;
    for (place, c) in cell.char_indices() {
        let separates = is_separator(c);
        if begins && (place == 0 || !separates) && begins_a_formula(&cell[place..]) {
            text.push('\'');
        }
        text.push(c);
        begins = separates;
    }
    text
}

/// Whether some program ends a cell at this character.
fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '|' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a spreadsheet reads the text as a formula. Spreadsheets first skip invisible characters and turn full-width characters into
/// ASCII.
fn begins_a_formula(text: &str) -> bool {
    let passed_over = |c: char| c.is_whitespace() || is_invisible(c) || c == '"';
    let Some(first) = text.chars().find(|c| !passed_over(*c)) else { return false };
    let normal = ComposingNormalizerBorrowed::new_nfkc().normalize_iter(std::iter::once(first)).next();
    // U+2212 is not ASCII, but some programs read it as a minus sign.
    [Some(first), normal].into_iter().flatten().any(|c| matches!(c, '=' | '+' | '-' | '@' | '\u{2212}'))
}

impl From<Table> for Response {
    fn from(table: Table) -> Self {
        Self::new(StatusCode::OK, Bytes::from(table.written()))
            .with(CONTENT_TYPE, "text/csv; charset=utf-8; header=present")
            .with(CONTENT_DISPOSITION, &disposition(false, &table.name))
    }
}

/// The numbers of open tickets.
pub(crate) async fn open_tickets(context: &Context<'_>, kind: CountedBy) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let open = admin.backend.open_tickets().await?;
    let name = admin.say(&format!("backend-open-{}", kind.as_str()));
    let mut table = Table::named(&admin, format!("{name}.csv"), &[kind.heading(), "backend-statistics-count"]);
    let rows = open_tickets::rows(&admin, &open, kind);
    table.rows.extend(rows.into_iter().map(|row| vec![row.name, format!("{}{}", row.count, if row.many { "+" } else { "" })]));
    Ok(table.into())
}

/// Number of answers for each number of stars.
pub(crate) async fn distribution(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let statistics = with_ratings(&admin, named(id)?).await?;
    let headings = ["backend-statistics-stars", "backend-statistics-count", "backend-statistics-part"];
    let mut table = Table::new(&admin, &statistics.supporter, "backend-statistics-distribution", &headings);
    let rated = statistics.tally.rated();
    for (score, count) in Score::ALL.into_iter().zip(statistics.tally.distribution).rev() {
        let part = table.part(count, rated);
        table.rows.push(vec![score.to_string(), count.to_string(), part]);
    }
    Ok(table.into())
}

/// The figures of each month.
pub(crate) async fn months(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let statistics = with_ratings(&admin, named(id)?).await?;
    let headings = ["backend-months-month", "backend-statistics-answers", "backend-statistics-rated", "backend-statistics-mean"];
    let mut table = Table::new(&admin, &statistics.supporter, "backend-months", &headings);
    for month in &statistics.months {
        let mean = month.mean().map(|mean| table.short(mean)).unwrap_or_default();
        table.rows.push(vec![month.month.to_string(), month.answers.to_string(), month.rated().to_string(), mean]);
    }
    Ok(table.into())
}

/// How long customers waited for a first answer.
pub(crate) async fn first_answers(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let statistics = admin.backend.statistics(named(id)?).await?;
    let headings = ["backend-waits-wait", "backend-statistics-count", "backend-statistics-part"];
    let mut table = Table::new(&admin, &statistics.supporter, "backend-waits", &headings);
    let all = statistics.waits.answers();
    for (wait, count) in Wait::ALL.into_iter().zip(statistics.waits.counts) {
        let part = table.part(count, all);
        table.rows.push(vec![admin.say(sentence_of(wait)), count.to_string(), part]);
    }
    Ok(table.into())
}

/// All answers behind a figure.
pub(crate) async fn answers(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let (id, query) = (named(id)?, AnswersQuery::of(context.query()));
    let first_answers = matches!(query.filter, AnswerFilter::FirstAnswers { .. });
    let (title, headings) = match first_answers {
        true => ("backend-first-answers", FIRST),
        false => ("backend-statistics-latest", RATED),
    };
    let mut after = None;
    let mut table: Option<Table> = None;
    loop {
        let page = admin.backend.answers(id, query.filter, after, AT_ONCE).await?;
        if !page.ratings && !first_answers {
            return Err(Error::NotFound.into());
        }
        let table = table.get_or_insert_with(|| Table::new(&admin, &page.supporter, title, &headings));
        if query.unreadable {
            break;
        }
        match &page.list {
            AnswerList::Rated(rated) => table.rows.extend(rated.iter().map(row_of_rated)),
            AnswerList::First(first) => table.rows.extend(first.iter().map(row_of_first)),
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(table.ok_or(Error::NotFound)?.into())
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

/// The statistics. Fails with [`Error::NotFound`] if ratings are off, because the table does not exist then.
async fn with_ratings(admin: &Admin<'_>, id: SupporterId) -> Result<Statistics, Error> {
    let statistics = admin.backend.statistics(id).await?;
    if statistics.ratings { Ok(statistics) } else { Err(Error::NotFound) }
}

fn instant(instant: chrono::DateTime<chrono::Utc>) -> String {
    instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT: TableSigns = TableSigns { separator: ',', decimal: '.' };
    const COMMA: TableSigns = TableSigns { separator: ';', decimal: ',' };

    fn table(signs: TableSigns, cells: &[&str]) -> Table {
        let rows = vec![vec!["A".to_owned(); cells.len()], cells.iter().map(|cell| (*cell).to_owned()).collect()];
        Table { name: String::new(), rows, signs }
    }

    fn written(signs: TableSigns, cells: &[&str]) -> String {
        String::from_utf8(table(signs, cells).written()).unwrap()
    }

    #[test]
    fn a_table_is_as_the_standard_says() {
        let text = written(POINT, &["plain", "a, b", "say \"no\"", "two\nlines", "Ü"]);
        assert_eq!(text, "\u{feff}A,A,A,A,A\r\nplain,\"a, b\",\"say \"\"no\"\"\",\"two\nlines\",Ü\r\n");
        let text = written(COMMA, &["plain", "a; b", "a, b", "4,44"]);
        assert_eq!(text, "\u{feff}A;A;A;A\r\nplain;\"a; b\";a, b;4,44\r\n");
    }

    /// P-09, K-39: checks what a spreadsheet sees, not the bytes.
    #[test]
    fn no_cell_is_a_formula() {
        let hostile = [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            " =1",
            "\u{a0}=1",
            "\u{3000}=1",
            "\t=1",
            "\r=1",
            "\n=1",
            "\0=1",
            "\u{1b}=1",
            "\u{feff}=1",
            "\u{200b}=1",
            "\u{200e}+1",
            "\u{ad}-1",
            "\u{2060}@a",
            "\u{202e}=1",
            "\u{34f}=1",
            "\u{3164}=1",
            "\u{2800}=1",
            "\u{fe0f}=1",
            "\u{e0020}=1",
            "＝1+1",
            "＋1",
            "－1",
            "＠SUM(A1)",
            "﹦1",
            "﹢1",
            "﹣1",
            "﹫a",
            "⁼1",
            "⁺1",
            "⁻1",
            "₌1",
            "₊1",
            "₋1",
            "−1",
            "⩵1",
            "\u{200b} \u{feff}＝1",
            "\"=1\"",
            "\" ＝1",
            "=\u{338}1",
        ];
        for cell in hostile {
            let marked = harmless(cell);
            assert!(marked.starts_with('\'') && marked.replace('\'', "") == cell, "{cell:?} became {marked:?}");
        }
        let inside = [
            ("a;=1", "a;'=1"),
            ("a, =1", "a,' =1"),
            ("a\t+1", "a\t'+1"),
            ("a\",\"b\n=1", "a\",\"b\n'=1"),
            ("a\r\n@x;\u{200b}－1", "a\r\n'@x;'\u{200b}－1"),
            ("a|=1", "a|'=1"),
            ("=a;=b", "'=a;'=b"),
        ];
        for (cell, marked) in inside {
            assert_eq!(harmless(cell), marked, "{cell:?}");
        }
        for cell in [
            "a=1",
            "Drücker & Co",
            "a - b",
            "mail@x.example",
            "1,5",
            "",
            "打印",
            "'=1",
            "a, b; c",
            "Ann-Marie",
            "2027-01-15T08:00:00Z",
            "（=）",
        ] {
            assert_eq!(harmless(cell), cell);
        }
    }

    #[test]
    fn numbers_are_short_and_nothing_is_divided_by_zero() {
        let parts = |signs| [(1, 3), (3, 4), (2, 2), (0, 7), (0, 0)].map(|(count, all)| table(signs, &[]).part(count, all));
        assert_eq!(parts(POINT), ["0.3333", "0.75", "1", "0", ""]);
        assert_eq!(parts(COMMA), ["0,3333", "0,75", "1", "0", ""]);
    }
}
