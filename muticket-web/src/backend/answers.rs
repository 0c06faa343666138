//! The answers behind a figure, page by page (R-18, D-07).

use muticket_core::backend::{AnswerFilter, AnswerList, Answers};
use muticket_core::figures::Wait;
use muticket_core::rating::Score;
use muticket_core::storage::{AnswerCursor, AnsweredTicket, RatedAnswer};
use serde::Serialize;

use crate::address::Address;
use crate::backend::section::Section;
use crate::backend::span::{Span, sentence_of};
use crate::backend::supporters::SupporterName;
use crate::context::Context;
use crate::error::Failure;
use crate::links::Links;
use crate::page::Template;
use crate::query::{Query, named};
use crate::response::Response;

/// The word that selects first answers after any wait.
const EVERY: &str = "all";

/// `stars`, `month`, `first` and `after`, read from the URL. As on the overview, a filter that cannot be read matches nothing (P-13).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AnswersQuery {
    pub(super) filter: AnswerFilter,
    pub(super) after: Option<AnswerCursor>,
    pub(super) unreadable: bool,
}

impl AnswersQuery {
    pub(super) fn of(query: Query<'_>) -> Self {
        let wait = query.narrows("first", |word| match word {
            EVERY => Some(None),
            word => word.parse().ok().map(Some),
        });
        let score = query.narrows("stars", |stars| stars.parse().ok());
        let month = query.narrows("month", |month| month.parse().ok());
        let unreadable = wait.is_unreadable() || score.is_unreadable() || month.is_unreadable();
        let filter = match wait.value() {
            Some(wait) => AnswerFilter::FirstAnswers { wait },
            None => AnswerFilter::Ratings { score: score.value(), month: month.value() },
        };
        Self { filter, after: query.parsed("after"), unreadable }
    }

    /// Starts at the first page.
    pub(super) fn to(filter: AnswerFilter) -> Self {
        Self { filter, after: None, unreadable: false }
    }

    /// The query string of a URL that shows this list.
    pub(super) fn text(self) -> String {
        let mut pairs = match self.filter {
            AnswerFilter::Ratings { score, month } => {
                let stars = score.map(|score| format!("stars={score}"));
                stars.into_iter().chain(month.map(|month| format!("month={month}"))).collect()
            }
            AnswerFilter::FirstAnswers { wait } => vec![format!("first={}", wait.map_or(EVERY, Wait::as_str))],
        };
        // The links of the page show nothing either.
        pairs.extend(self.unreadable.then(|| "month=0".to_owned()));
        pairs.extend(self.after.map(|after| format!("after={after}")));
        if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
    }
}

/// The model of the page.
#[derive(Debug, Serialize)]
struct AnswersPage {
    name: SupporterName,
    /// Whether the page has a list: first answers always have one, rated answers only while ratings are on.
    on: bool,
    /// Whether the list shows first answers instead of ratings.
    first_answers: bool,
    /// Shows only ratings with this many stars; `None` for all.
    stars: Option<u8>,
    /// Shows only ratings of this month; `None` for all.
    month: Option<String>,
    /// Shows only first answers after this wait, in words; `None` for all.
    wait: Option<String>,
    /// Whether the URL has a filter that cannot be read. The list is then empty.
    unreadable: bool,
    rows: Vec<AnswerRow>,
    /// Whether damaged rows are left out.
    damaged: bool,
    /// The link to the first page; `None` if this is the first page.
    first: Option<String>,
    next: Option<String>,
    csv: String,
    back_link: String,
    settings_link: String,
    /// The IANA name of the site's time zone, by which the page counts days and months.
    clock: &'static str,
}

/// One answer.
#[derive(Debug, Serialize)]
pub(super) struct AnswerRow {
    number: i64,
    subject: String,
    /// `None` if the administrator is not a supporter and so could not open the page of the ticket.
    link: Option<String>,
    /// When the answer was rated, or for a first answer when it was given, in microseconds.
    at: i64,
    /// The rating; `None` for a first answer.
    stars: Option<u8>,
    /// How long the customer waited; `None` for a rated answer.
    waited: Option<Span>,
}

/// The answers behind a figure.
pub(crate) async fn list(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let (id, query) = (named(id)?, AnswersQuery::of(context.query()));
    let page = admin.context.shared.helpdesk.limits().page;
    let mut answers = admin.backend.answers(id, query.filter, query.after, page).await?;
    if query.unreadable {
        answers.list = AnswerList::Rated(Vec::new());
        answers.next = None;
    }
    let links = context.links();
    let to = |after| links.answers(id) + &AnswersQuery { after, ..query }.text();
    let (stars, month, wait) = match query.filter {
        AnswerFilter::Ratings { score, month } => (score, month, None),
        AnswerFilter::FirstAnswers { wait } => (None, None, wait),
    };
    let first_answers = matches!(query.filter, AnswerFilter::FirstAnswers { .. });
    let model = AnswersPage {
        name: SupporterName::of(&answers.supporter),
        on: answers.ratings || first_answers,
        first_answers,
        stars: stars.map(Score::stars),
        month: month.map(|month| month.to_string()),
        wait: wait.map(|wait| admin.say(sentence_of(wait))),
        unreadable: query.unreadable,
        rows: rows(&answers, links),
        damaged: answers.damaged,
        first: query.after.map(|_| to(None)),
        next: answers.next.map(|next| to(Some(next))),
        csv: admin.to(Address::AnswersTable(&id.to_string())) + &AnswersQuery::to(query.filter).text(),
        back_link: links.supporter(id),
        settings_link: links.to(Address::Settings),
        clock: answers.time_zone.as_str(),
    };
    let heading = if first_answers { "backend-first-answers" } else { "backend-statistics-latest" };
    let title = format!("{} · {}", model.name.as_str(), admin.say(heading));
    let template = Template::new("backend/answers", title).in_zone(answers.time_zone);
    admin.page(Section::Supporters, template, model).await
}

fn rows(answers: &Answers, links: &Links) -> Vec<AnswerRow> {
    let readable = answers.tickets_readable.then_some(links);
    match &answers.list {
        AnswerList::Rated(rated) => rated.iter().map(|answer| row_of_rated(answer, readable)).collect(),
        AnswerList::First(first) => first.iter().map(|answered| row_of_first(answered, readable)).collect(),
    }
}

/// A rated answer. It links to its ticket if `readable` is given.
pub(super) fn row_of_rated(answer: &RatedAnswer, readable: Option<&Links>) -> AnswerRow {
    let rating = &answer.rating;
    AnswerRow {
        number: rating.ticket.get(),
        subject: answer.subject.as_str().to_owned(),
        link: readable.map(|links| links.message(rating.ticket, rating.message)),
        at: rating.rated_at.timestamp_micros(),
        stars: Some(rating.score.stars()),
        waited: None,
    }
}

fn row_of_first(answered: &AnsweredTicket, readable: Option<&Links>) -> AnswerRow {
    let first = &answered.first;
    AnswerRow {
        number: first.ticket.get(),
        subject: answered.subject.as_str().to_owned(),
        link: readable.map(|links| links.message(first.ticket, first.message)),
        at: first.answered_at.timestamp_micros(),
        stars: None,
        waited: Some(Span::of(first.seconds as f64)),
    }
}

#[cfg(test)]
impl AnswerRow {
    /// A rated answer, or a first answer if `stars` is `None`.
    pub(super) fn sample(subject: &str, stars: Option<u8>) -> Self {
        let waited = stars.is_none().then(|| Span::of(9000.0));
        Self { number: 12, subject: subject.to_owned(), link: Some("/t".to_owned()), at: 0, stars, waited }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::supporters::tests::name;
    use crate::backend::testing::pages;

    fn model(first_answers: bool, rows: Vec<AnswerRow>) -> AnswersPage {
        AnswersPage {
            name: name(Some("Sara")),
            on: true,
            first_answers,
            stars: (!first_answers).then_some(1),
            month: (!first_answers).then(|| "2027-01".to_owned()),
            wait: first_answers.then(|| "<a while>".to_owned()),
            unreadable: rows.is_empty(),
            first: Some("/first".to_owned()),
            next: (!rows.is_empty()).then(|| "/next".to_owned()),
            rows,
            damaged: first_answers,
            csv: "/a.csv".to_owned(),
            back_link: "/back".to_owned(),
            settings_link: "/settings".to_owned(),
            clock: "Europe/Berlin",
        }
    }

    #[test]
    fn an_address_says_what_is_shown() {
        let month = "2027-01".parse().ok();
        let rated = AnswersQuery::to(AnswerFilter::Ratings { score: Score::new(4), month });
        assert_eq!(rated.text(), "?stars=4&month=2027-01");
        assert_eq!(AnswersQuery::to(AnswerFilter::Ratings { score: None, month: None }).text(), "");
        let after = "5-7-2".parse().ok();
        let first = AnswersQuery { filter: AnswerFilter::FirstAnswers { wait: Some(Wait::FourHours) }, after, unreadable: false };
        assert_eq!(first.text(), "?first=four-hours&after=5-7-2");
        assert_eq!(AnswersQuery::to(AnswerFilter::FirstAnswers { wait: None }).text(), "?first=all");
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        for html in pages("backend/answers", model(false, vec![AnswerRow::sample("<Drucker>", Some(1))])) {
            assert!(html.contains("&lt;Drucker&gt;") && html.contains("2027") && html.contains("rel=\"next\""), "{html}");
            assert!(html.contains("Europe&#x2f;Berlin"), "the page says by which clock it counts: {html}");
        }
        for html in pages("backend/answers", model(true, vec![AnswerRow::sample("<Drucker>", None)])) {
            assert!(html.contains("&lt;a while&gt;") && html.contains("href=\"&#x2f;t\""), "{html}");
        }
    }

    #[test]
    fn an_empty_page_says_so() {
        for model in [model(true, Vec::new()), model(false, Vec::new()), AnswersPage { on: false, ..model(false, Vec::new()) }] {
            for html in pages("backend/answers", model) {
                assert!(html.contains("class=\"empty\"") && !html.contains("<table") && !html.contains(".csv"), "{html}");
            }
        }
    }
}
