//! Reads the queries of URLs. A malformed id gives 404, the same as an unknown one. A filter that cannot be read matches nothing: a request
//! for one customer's tickets must not show all tickets. A sort order or a start that cannot be read is ignored: a bookmarked URL, or one
//! that a mail reader mangled, still shows the list from its beginning (P-13).

use std::collections::BTreeSet;
use std::str::FromStr;

use muticket_core::conversation::MessagePage;
use muticket_core::overview::{AssigneeFilter, Basis, DeskFilter, Filter, FilterPart};
use muticket_core::search::Search;
use muticket_core::storage::{Order, SortKey};
use muticket_core::{CategoryId, Error, SavedViewId, UserId};
use percent_encoding::percent_decode_str;

use crate::address::percent_encoded;

/// The query of a request.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Query<'r>(&'r str);

impl<'r> Query<'r> {
    /// `query` is what follows the question mark.
    pub(crate) fn new(query: Option<&'r str>) -> Self {
        Self(query.unwrap_or_default())
    }

    /// The first value of that name, decoded; `None` without one. Bytes that are not UTF-8 become replacement characters.
    pub(crate) fn value(self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.0.as_bytes());
        pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    /// The value of that name, read; `None` if it is missing or cannot be read.
    pub(crate) fn parsed<T: FromStr>(self, name: &str) -> Option<T> {
        self.value(name)?.parse().ok()
    }

    /// The list that was asked for: [`filter`](Self::filter), or without any parameter the view that a supporter opens first.
    pub(crate) fn opened(self) -> Filter {
        let filter = self.filter();
        match self.0 {
            "" => Filter { desk: DeskFilter { basis: Basis::First, ..filter.desk }, ..filter },
            _ => filter,
        }
    }

    /// `state`, `waiting`, `category`, `customer`, `q`, `sort` and `after`, and what only supporters select: `view`, `assignee`,
    /// `priority`, `label`, `text`, `before` and `at`. `view` is the word of a ready view, or the id of a saved one. The other parameters
    /// are then stated on top of it, also the empty ones. `text` is 1, or anything else for no texts.
    pub(crate) fn filter(self) -> Filter {
        let text = |name: &str| self.value(name).unwrap_or_default();
        let waiting = self.narrows("waiting", |word| word.parse().ok());
        let category = self.narrows("category", |id| is_identifier(id).then(|| CategoryId::new(id)));
        let customer = self.narrows("customer", |id| is_identifier(id).then(|| UserId::new(id)));
        let saved = self.parsed::<SavedViewId>("view");
        let view = if saved.is_some() { Narrows::Not } else { self.narrows("view", |word| word.parse().ok()) };
        let basis = saved.map_or(Basis::Nothing, |view| Basis::Asked { view, stated: self.stated() });
        let assignee = self.narrows("assignee", |id| is_identifier(id).then(|| assignee_of(id)));
        let priority = self.narrows("priority", |word| word.parse().ok());
        let label = self.narrows("label", |id| id.parse().ok());
        let (sort, order) = sort_of(&text("sort")).unwrap_or_else(|| Filter::default_order(view.value()));
        Filter {
            state: text("state").parse().unwrap_or_default(),
            unreadable: waiting.is_unreadable() || category.is_unreadable() || customer.is_unreadable(),
            waiting: waiting.value(),
            category: category.value(),
            customer: customer.value(),
            search: self.search().and_then(|typed| Search::parse(&typed)),
            sort,
            order,
            after: self.parsed("after"),
            desk: DeskFilter {
                view: view.value(),
                basis,
                unreadable: view.is_unreadable() || assignee.is_unreadable() || priority.is_unreadable() || label.is_unreadable(),
                assignee: assignee.value(),
                priority: priority.value(),
                label: label.value(),
                texts: text("text") == "1",
                before: self.parsed("before"),
                at: self.parsed("at"),
            },
        }
    }

    /// The parts of a filter that the query states. A word for the order that cannot be read states none.
    fn stated(self) -> BTreeSet<FilterPart> {
        let is_stated = |part: &FilterPart| {
            let value = self.value(parameter(*part));
            value.is_some_and(|value| *part != FilterPart::Order || sort_of(&value).is_some())
        };
        FilterPart::ALL.iter().copied().filter(is_stated).collect()
    }

    /// `whole`, `before` or `from`: which messages of a ticket are shown.
    pub(crate) fn page(self) -> MessagePage {
        let whole = || self.parsed("whole").map(MessagePage::Whole);
        let before = || self.parsed("before").map(MessagePage::Before);
        let from = || self.parsed("from").map(MessagePage::From);
        whole().or_else(before).or_else(from).unwrap_or_default()
    }

    /// A parameter that filters a list.
    pub(crate) fn narrows<T>(self, name: &str, read: impl Fn(&str) -> Option<T>) -> Narrows<T> {
        match self.value(name).as_deref() {
            None | Some("") => Narrows::Not,
            Some(text) => read(text).map_or(Narrows::Unreadable, Narrows::To),
        }
    }

    /// The text of the search. Bytes that are not UTF-8 are read as Latin-1, which old programs and pages in other encodings send.
    fn search(self) -> Option<String> {
        let typed = self.0.split('&').find_map(|pair| pair.strip_prefix("q="))?.replace('+', " ");
        let bytes: Vec<u8> = percent_decode_str(&typed).collect();
        Some(String::from_utf8(bytes).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect()))
    }
}

/// A parameter that filters a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Narrows<T> {
    /// The parameter is missing or empty: the list is not filtered.
    Not,
    /// The parameter has this value.
    To(T),
    /// The parameter cannot be read: the list is empty.
    Unreadable,
}

impl<T> Narrows<T> {
    pub(crate) fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable)
    }

    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::To(value) => Some(value),
            Self::Not | Self::Unreadable => None,
        }
    }
}

/// The word for a sort order in the URL: its key, with a minus in front if the newest come first.
pub(crate) fn sort_word(sort: SortKey, order: Order) -> &'static str {
    match (sort, order) {
        (SortKey::ToDo, _) => "todo",
        (SortKey::Number, Order::Descending) => "-number",
        (SortKey::Number, Order::Ascending) => "number",
        (_, Order::Descending) => "-activity",
        (_, Order::Ascending) => "activity",
    }
}

/// All orders of a list. The first is only for supporters, and only for open tickets.
pub(crate) const ORDERS: [(SortKey, Order); 5] = [
    (SortKey::ToDo, Order::Ascending),
    (SortKey::Activity, Order::Descending),
    (SortKey::Activity, Order::Ascending),
    (SortKey::Number, Order::Descending),
    (SortKey::Number, Order::Ascending),
];

fn sort_of(word: &str) -> Option<(SortKey, Order)> {
    ORDERS.into_iter().find(|(key, order)| sort_word(*key, *order) == word)
}

/// The word for an assignee in the URL: `me`, `none` or an id. An id that could be taken for one of the words has an equals sign in front.
pub(crate) fn assignee_word(assignee: &AssigneeFilter) -> String {
    match assignee {
        AssigneeFilter::Me => "me".to_owned(),
        AssigneeFilter::Nobody => "none".to_owned(),
        AssigneeFilter::User(id) => match id.as_str() {
            id if ["me", "none"].contains(&id) || id.starts_with('=') => format!("={id}"),
            id => id.to_owned(),
        },
    }
}

fn assignee_of(word: &str) -> AssigneeFilter {
    match word {
        "me" => AssigneeFilter::Me,
        "none" => AssigneeFilter::Nobody,
        id => AssigneeFilter::User(UserId::new(id.strip_prefix('=').unwrap_or(id))),
    }
}

/// The parameter of a part of a filter.
fn parameter(part: FilterPart) -> &'static str {
    match part {
        FilterPart::State => "state",
        FilterPart::Waiting => "waiting",
        FilterPart::Category => "category",
        FilterPart::Customer => "customer",
        FilterPart::Assignee => "assignee",
        FilterPart::Priority => "priority",
        FilterPart::Label => "label",
        FilterPart::Search => "q",
        FilterPart::Order => "sort",
        FilterPart::Text => "text",
    }
}

/// The value of that parameter; empty if the part selects everything.
fn stated_value(filter: &Filter, part: FilterPart) -> String {
    let DeskFilter { assignee, priority, label, texts, .. } = &filter.desk;
    let value = match part {
        FilterPart::State => Some(filter.state.as_str().to_owned()),
        FilterPart::Waiting => filter.waiting.map(|waiting| waiting.as_str().to_owned()),
        FilterPart::Category => filter.category.as_ref().map(|category| percent_encoded(category.as_str())),
        FilterPart::Customer => filter.customer.as_ref().map(|customer| percent_encoded(customer.as_str())),
        FilterPart::Assignee => assignee.as_ref().map(|assignee| percent_encoded(&assignee_word(assignee))),
        FilterPart::Priority => priority.map(|priority| priority.as_str().to_owned()),
        FilterPart::Label => label.map(|label| label.to_string()),
        FilterPart::Search => filter.search.as_ref().map(|search| percent_encoded(search.as_str())),
        FilterPart::Order => Some(sort_word(filter.sort, filter.order).to_owned()),
        FilterPart::Text => texts.then(|| "1".to_owned()),
    };
    value.unwrap_or_default()
}

/// The query of a URL that shows this list. It contains only what differs from the default list, or from the saved view that the list
/// begins with.
pub(crate) fn query_of(filter: &Filter) -> String {
    let mut pairs: Vec<(&str, String)> = Vec::new();
    let DeskFilter { view, basis, before, at, unreadable, .. } = &filter.desk;
    let saved = match basis {
        Basis::Saved(view) => Some(view.id),
        Basis::Asked { view, .. } => Some(*view),
        Basis::Nothing | Basis::First => None,
    };
    if let Some(view) = saved {
        pairs.push(("view", view.to_string()));
    } else if let Some(view) = view {
        pairs.push(("view", view.as_str().to_owned()));
    }
    let stated = filter.stated();
    // The order in which the parameters have always been.
    let (first, others) = FilterPart::ALL.split_at(2);
    let add = |parts: &[FilterPart], pairs: &mut Vec<(&str, String)>| {
        let stated = parts.iter().filter(|part| stated.contains(part));
        pairs.extend(stated.map(|part| (parameter(*part), stated_value(filter, *part))));
    };
    add(first, &mut pairs);
    if filter.unreadable || *unreadable {
        // The links of the other tabs show nothing either.
        pairs.push(("customer", "%00".to_owned()));
    }
    add(others, &mut pairs);
    if let Some(after) = filter.after {
        pairs.push(("after", after.to_string()));
    }
    if let Some(before) = before {
        pairs.push(("before", before.to_string()));
    }
    if let Some(at) = at {
        pairs.push(("at", at.to_string()));
    }
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// Whether a text from outside can be an id of the host. Some databases do not accept NUL, and no id contains it.
pub(crate) fn is_identifier(text: &str) -> bool {
    !text.is_empty() && !text.contains('\0')
}

/// Parses an id from the URL. A malformed id gives 404, the same as an unknown one (P-02).
pub(crate) fn named<T: FromStr>(text: &str) -> Result<T, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(query: &str) -> String {
        query_of(&Query::new(Some(query)).filter().applied(true))
    }

    /// P-13, T-12
    #[test]
    fn a_list_of_supporters_has_one_address() {
        for same in [
            "view=mine&state=closed&category=b&customer=anna&assignee=tom&priority=high&q=x&sort=number&after=1-2&at=51",
            "view=waiting&before=high-1-2&at=51",
            "view=waiting&sort=activity",
            "sort=todo&after=low-1-2",
            "assignee=me",
            "assignee=none",
            "assignee=%3Dme",
            "assignee=%3D%3Dx",
            "text=1",
            "view=mine&q=x&sort=number&text=1&after=1-2",
        ] {
            assert_eq!(again(same), format!("?{same}"), "{same}");
        }
        for (odd, plain) in [
            ("view=waiting&sort=todo", "?view=waiting"),
            ("sort=todo&after=1-2", "?sort=todo"),
            ("after=low-1-2", ""),
            ("before=garbage&at=-1", ""),
            ("after=1-2&before=1-2", "?after=1-2"),
            ("state=closed&sort=todo", "?state=closed"),
            ("state=closed&view=waiting", "?view=waiting&state=closed&sort=-activity"),
            ("assignee=&priority=&view=&text=", ""),
            ("text=0&text=1", ""),
            ("text=1&text=", "?text=1"),
            ("text=1&sort=number&state=all", "?state=all&sort=number&text=1"),
            ("view=yours", "?customer=%00"),
            ("priority=4", "?customer=%00"),
            ("assignee=a%00", "?customer=%00"),
        ] {
            assert_eq!(again(odd), plain, "{odd}");
        }
    }

    /// T-12: a saved view has one short address, and what is stated on top of it stays, also that a part selects everything.
    #[test]
    fn a_saved_view_is_kept_in_the_address() {
        let view = "view=00000000-0000-0000-0000-000000000001";
        for stated in [
            "",
            "&priority=",
            "&state=closed&label=&sort=number",
            "&customer=anna&q=x",
            "&text=1",
            "&sort=todo&text=",
            "&after=low-1-2&at=51",
        ] {
            assert_eq!(again(&format!("{view}{stated}")), format!("?{view}{stated}"), "{stated}");
        }
        assert_eq!(again(&format!("{view}&sort=odd")), format!("?{view}"));
        assert_eq!(again("view=00000000-0000-0000-0000-00000000000G"), "?customer=%00");
        let opened = |query| Query::new(Some(query)).opened().applied(true).desk.basis;
        assert_eq!((opened(""), opened("state=open")), (Basis::First, Basis::Nothing));
    }

    /// T-01: what supporters select does not exist for customers.
    #[test]
    fn customers_select_nothing_of_the_desk() {
        for query in [
            "view=waiting",
            "view=yours",
            "view=00000000-0000-0000-0000-000000000001",
            "assignee=me",
            "priority=4",
            "sort=todo",
            "text=1",
            "before=1-2&at=7",
            "after=low-1-2",
            "customer=ben",
        ] {
            let filter = Query::new(Some(query)).filter().applied(false);
            assert_eq!(filter, Filter::default(), "{query}");
        }
    }
}
