//! The numbers of open tickets, by assignee, label and priority (T-03, T-05, T-06).

use muticket_core::backend::OpenTickets;
use muticket_core::label::sort_labels;
use muticket_core::names::{NameStyle, Names};
use muticket_core::overview::{AssigneeFilter, DeskFilter, Filter};
use muticket_core::storage::Counts;
use muticket_core::{LabelId, UserId};
use serde::Serialize;

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::backend::section::Section;
use crate::context::Context;
use crate::error::Failure;
use crate::links::Links;
use crate::page::{Template, person};
use crate::query::query_of;
use crate::response::Response;

/// By what the tickets are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub(crate) enum CountedBy {
    Assignee,
    Label,
    Priority,
}

impl CountedBy {
    /// All values.
    const ALL: &[Self] = <Self as strum::VariantArray>::VARIANTS;

    /// The word in the key `backend-open-WORD`.
    pub(super) fn as_str(self) -> &'static str {
        self.into()
    }

    /// The key of the heading of the first column.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Assignee => "field-assignee",
            Self::Label => "filter-label",
            Self::Priority => "field-priority",
        }
    }

    /// The same table as CSV.
    fn csv(self) -> Address<'static> {
        match self {
            Self::Assignee => Address::AssigneesTable,
            Self::Label => Address::LabelsTable,
            Self::Priority => Address::PrioritiesTable,
        }
    }
}

/// The model of the page.
#[derive(Debug, Serialize)]
struct OpenTicketsPage {
    tables: Vec<OpenTable>,
}

/// One table.
#[derive(Debug, Serialize)]
struct OpenTable {
    /// `assignee`, `label` or `priority`.
    kind: &'static str,
    /// The heading of the first column.
    heading: String,
    rows: Vec<OpenRow>,
    csv: String,
}

/// One line of a table.
#[derive(Debug, Serialize)]
pub(super) struct OpenRow {
    pub(super) name: String,
    pub(super) count: u32,
    /// Whether there are more tickets than were counted.
    pub(super) many: bool,
    /// The link to the list of these tickets; `None` if there are none, and for administrators who are no supporters.
    link: Option<String>,
}

/// All tables.
pub(crate) async fn show(context: &Context<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let open = admin.backend.open_tickets().await?;
    let table = |kind: &CountedBy| OpenTable {
        kind: kind.as_str(),
        heading: admin.say(kind.heading()),
        rows: rows(&admin, &open, *kind),
        csv: admin.to(kind.csv()),
    };
    let model = OpenTicketsPage { tables: CountedBy::ALL.iter().map(table).collect() };
    let template = Template::new("backend/open_tickets", admin.say("backend-statistics-title"));
    admin.page(Section::Statistics, template, model).await
}

/// The lines of one table: nobody and the supporters in the order of their records, the labels by name, or the most urgent priority first.
pub(super) fn rows(admin: &Admin<'_>, open: &OpenTickets, kind: CountedBy) -> Vec<OpenRow> {
    let links = open.tickets_readable.then(|| admin.context.links());
    let row = |name: String, count: u32, desk: DeskFilter| OpenRow::new(name, count, links, desk);
    match kind {
        CountedBy::Assignee => {
            let names = Names::of(open.assigned.iter().map(|(user, _)| user), NameStyle::Administrator);
            let of = |filter: AssigneeFilter| DeskFilter { assignee: Some(filter), ..DeskFilter::default() };
            let nobody = row(admin.say("assignee-nobody"), open.nobodys, of(AssigneeFilter::Nobody));
            let supporters = open.assigned.iter().map(|(user, count)| {
                let (name, filter) = (name_of(&names, &user.id), AssigneeFilter::User(user.id.clone()));
                row(name, *count, of(filter))
            });
            std::iter::once(nobody).chain(supporters).collect()
        }
        CountedBy::Label => {
            let mut labels: Vec<_> = open.labelled.iter().map(|(label, _)| label.clone()).collect();
            sort_labels(&mut labels, admin.context.language());
            let count = |id: LabelId| open.labelled.iter().find(|(label, _)| label.id == id).map_or(0, |(_, count)| *count);
            let of = |id| DeskFilter { label: Some(id), ..DeskFilter::default() };
            labels.iter().map(|label| row(label.name.as_str().to_owned(), count(label.id), of(label.id))).collect()
        }
        CountedBy::Priority => {
            let say = |word: &str| admin.say(&format!("priority-{word}"));
            let of = |priority| DeskFilter { priority: Some(priority), ..DeskFilter::default() };
            let priorities = open.prioritized.iter().rev();
            priorities.map(|(priority, count)| row(say(priority.as_str()), *count, of(*priority))).collect()
        }
    }
}

/// The name of a supporter. Neither the name nor the id may have a visible character.
fn name_of(names: &Names, id: &UserId) -> String {
    person(names, id).filter(|name| !name.is_empty()).unwrap_or_else(|| "?".to_owned())
}

impl OpenRow {
    /// A line that leads to the open tickets that `desk` selects.
    fn new(name: String, count: u32, links: Option<&Links>, desk: DeskFilter) -> Self {
        let list = |links: &Links| links.tickets() + &query_of(&Filter { desk, ..Filter::default() });
        Self {
            name,
            count: count.min(Counts::MANY - 1),
            many: count >= Counts::MANY,
            link: links.filter(|_| count > 0).map(list),
        }
    }
}

#[cfg(test)]
mod tests {
    use muticket_core::ticket::Priority;

    use super::*;
    use crate::backend::testing::pages;

    fn urgent(count: u32, links: Option<&Links>) -> OpenRow {
        let desk = DeskFilter { priority: Some(Priority::Urgent), ..DeskFilter::default() };
        OpenRow::new("<urgent>".to_owned(), count, links, desk)
    }

    #[test]
    fn a_number_leads_to_its_list_if_the_visitor_can_open_it() {
        let links = Links::new("/s");
        let link = |count, links| urgent(count, links).link;
        assert_eq!(link(7, Some(&links)), Some("/s/tickets?priority=urgent".to_owned()));
        assert_eq!((link(0, Some(&links)), link(7, None)), (None, None));
        let many = [999, 1000].map(|count| urgent(count, None)).map(|row| (row.count, row.many));
        assert_eq!(many, [(999, false), (999, true)]);
    }

    #[test]
    fn the_page_has_all_its_sentences() {
        let links = Links::new("/s");
        let table =
            |kind: CountedBy, rows| OpenTable { kind: kind.as_str(), heading: "One".to_owned(), rows, csv: "/t.csv".to_owned() };
        let rows = || vec![urgent(1000, Some(&links)), urgent(0, Some(&links))];
        let tables =
            vec![table(CountedBy::Assignee, rows()), table(CountedBy::Label, Vec::new()), table(CountedBy::Priority, rows())];
        for html in pages("backend/open_tickets", OpenTicketsPage { tables }) {
            assert_eq!((html.matches("<table").count(), html.matches("class=\"empty\"").count()), (2, 1), "{html}");
            assert!(html.contains(">999+</a>") && html.contains("&lt;urgent&gt;") && html.contains("<td>0</td>"), "{html}");
        }
    }
}
