//! The query plans of lists and counts of tickets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use muticket_core::id::{CategoryId, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{
    Among, Cursor, Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View, WaitingFilter,
};
use muticket_core::ticket::Waiting;

use super::{Opened, is_around, new_ticket, plans, plans_after};
use crate::database::lists::{self, now, number};

/// The whole list, that of a customer, of a category, and of what waits for an answer.
pub(super) fn views() -> [View; 4] {
    let all = || View::of(Reach::All);
    let categories = Among::In(BTreeSet::from([CategoryId::new("b")]));
    [
        all(),
        View::of(Reach::Own(UserId::new("anna"))),
        View { categories, ..all() },
        View { state: StateFilter::Open, waiting: WaitingFilter::For(Waiting::New), ..all() },
    ]
}

fn query(view: View, sort: SortKey, order: Order) -> OverviewQuery {
    OverviewQuery { view, sort, order, after: None, limit: 20 }
}

/// Whether the statement looks for tickets of an unknown state, which the list of all tickets does first.
fn looks_for_unknown_states((sql, _): &(String, String)) -> bool {
    sql.contains("min(`muticket_ticket`.`state`)")
}

#[test]
fn to_look_for_unknown_states_reads_only_the_ends_of_an_index() {
    let plans = plans(|unit| unit.overviews().list(&query(View::of(Reach::All), SortKey::Activity, Order::Descending)).map(drop));
    let steps: Vec<_> = plans.iter().filter(|plan| looks_for_unknown_states(plan)).map(|(_, step)| step).collect();
    let (reads, around): (Vec<_>, Vec<_>) = steps.into_iter().partition(|step| step.contains("muticket_ticket"));
    assert!(
        reads.len() == 3 && reads.iter().all(|step| step.starts_with("SEARCH muticket_ticket USING COVERING INDEX")),
        "{reads:?}"
    );
    assert!(around.iter().all(|step| is_around(step)), "{around:?}");
}

#[test]
fn a_ticket_of_an_unknown_state_does_not_make_lists_by_activity_read_all_tickets() {
    const ODD: &str = "INSERT INTO muticket_ticket \
        (customer, subject, state, turn, last_message, answers, last_role, opened_at, last_activity_at, version) \
        VALUES ('anna', 'Ticket', 'odd', 'new', 1, 0, 'customer', '2026-01-15 08:00:00', '2026-01-15 08:00:00', 1)";
    let plans = plans_after(ODD, |unit| {
        for view in views() {
            for order in [Order::Descending, Order::Ascending] {
                unit.overviews().list(&query(view.clone(), SortKey::Activity, order))?;
            }
        }
        Ok(())
    });
    let of_ranges = |(sql, _): &&(String, String)| sql.contains("`state` <") || sql.contains("`state` >");
    let steps = plans.iter().filter(of_ranges).filter(|plan| !looks_for_unknown_states(plan));
    let steps: Vec<_> = steps.filter(|(_, step)| !is_around(step)).collect();
    assert!(steps.len() >= 18, "{steps:#?}");
    for (sql, step) in steps {
        assert!(step.starts_with("SEARCH muticket_ticket") || step == "USE TEMP B-TREE FOR ORDER BY", "{step}\n{sql}");
    }
}

#[test]
fn lists_by_activity_follow_an_index_from_the_cursor_on() {
    let plans = plans(|unit| {
        for view in views() {
            for order in [Order::Descending, Order::Ascending] {
                let first = query(view.clone(), SortKey::Activity, order);
                unit.overviews().list(&first)?;
                let after = Some(Cursor::new(now(), number()));
                unit.overviews().list(&OverviewQuery { after, ..first })?;
            }
        }
        Ok(())
    });
    for (sql, step) in plans.into_iter().filter(|plan| !looks_for_unknown_states(plan)) {
        if is_around(&step) {
            continue;
        }
        assert!(step.starts_with("SEARCH muticket_ticket USING INDEX") && !step.contains("TEMP B-TREE"), "{step}\n{sql}");
        assert_eq!(sql.contains("<=") || sql.contains(">="), step.contains("last_activity_at"), "{step}\n{sql}");
    }
}

/// More than five thousand tickets, so that a list by number follows the numbers: all open, of one category, with the supporter Sara,
/// urgent, and with a label.
const MANY: &str = "INSERT INTO muticket_ticket \
    (customer, subject, category, state, turn, last_message, answers, last_role, opened_at, last_activity_at, version, assignee, priority) \
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6000) \
    SELECT 'anna', 'Ticket', 'b', 'open', 'new', 1, 0, 'customer', '2026-01-15 08:00:00', '2026-01-15 08:00:00', 1, \
    'sara', 2 FROM n; \
    INSERT INTO muticket_label (id, name, colour) VALUES (zeroblob(16), 'VIP', 'red'); \
    INSERT INTO muticket_ticket_label (label, ticket) SELECT zeroblob(16), number FROM muticket_ticket";

/// One line for each different step of the plans, with how often it occurs.
fn steps(plans: &[(String, String)]) -> String {
    let mut steps = BTreeMap::<&str, u32>::new();
    let of_tickets = plans.iter().filter(|plan| !looks_for_unknown_states(plan)).map(|(_, step)| step.as_str());
    for step in of_tickets.filter(|step| !is_around(step)) {
        *steps.entry(step).or_default() += 1;
    }
    let line = |(step, times): (&str, u32)| format!("    {times} x {step}\n");
    steps.into_iter().map(line).collect()
}

fn listed(opened: &mut Opened, query: OverviewQuery) -> String {
    steps(&opened.plans(move |unit| unit.overviews().list(&query).map(drop)))
}

/// The plans of every list and every count, as they are in `lists.txt`.
fn golden() -> String {
    let (mut golden, mut empty, mut full) = (String::new(), Opened::after(""), Opened::after(MANY));
    for (name, view) in lists::lists() {
        for (word, sort, order) in lists::ORDERS {
            let list = |opened: &mut Opened, after: bool| listed(opened, lists::page(view.clone(), sort, order, after));
            let of_few = [false, true].map(|after| list(&mut empty, after));
            let of_many = [false, true].map(|after| list(&mut full, after));
            let _ = write!(golden, "{name}, {word}\n{}  after a place\n{}", of_few[0], of_few[1]);
            if of_few != of_many {
                let _ = write!(golden, "  with many tickets\n{}  with many tickets, after a place\n{}", of_many[0], of_many[1]);
            }
        }
        // They are read as the list by activity is. Those of some lists are enough to see it.
        if name.split(", ").count() == 1 {
            let _ = write!(golden, "{name}, news\n{}", listed(&mut full, lists::news(view.clone())));
        }
        let plans = empty.plans(move |unit| unit.overviews().count(std::slice::from_ref(&view)).map(drop));
        let _ = write!(golden, "{name}, counted\n{}", steps(&plans));
    }
    for (name, opened) in [("few", &mut empty), ("many", &mut full)] {
        let plans = opened.plans(|unit| unit.overviews().count(&lists::counted()).map(drop));
        let _ = write!(golden, "views of a page, counted, with {name} tickets\n{}", steps(&plans));
    }
    let plans = empty.plans(|unit| unit.overviews().assignees().map(drop));
    let _ = write!(golden, "assignees\n{}", steps(&plans));
    golden
}

/// Every filter and every order follows an index. `lists.txt` holds the plans, so that a change of them is seen.
#[test]
fn every_list_follows_an_index() {
    let golden = golden();
    for line in golden.lines().filter(|line| line.starts_with("    ")) {
        let (_, step) = line.split_once(" x ").unwrap_or(("", line));
        const SEARCHES: [&str; 5] = [
            "SEARCH muticket_ticket USING INDEX",
            "SEARCH muticket_ticket USING COVERING INDEX",
            "SEARCH muticket_ticket USING INTEGER PRIMARY KEY",
            "SEARCH muticket_ticket_label USING",
            "SEARCH muticket_ticket_label EXISTS USING",
        ];
        let is_search =
            SEARCHES.iter().any(|search| step.starts_with(search)) || step.starts_with("SEARCH ticket USING COVERING INDEX");
        assert!(is_search || step == "USE TEMP B-TREE FOR ORDER BY" || step.contains("assigned"), "{line}\n{golden}");
    }
    let (mut list, mut many) = ("", false);
    for line in golden.lines() {
        if !line.starts_with(' ') {
            (list, many) = (line, false);
        }
        many |= line.starts_with("  with many");
        // Of many tickets only those of one customer are sorted. Nobody's tickets are few here.
        many &= !list.contains("nobody's");
        let is_of_few = list.ends_with("number") || list.starts_with("label");
        let may_sort = list.starts_with("customer") || list.starts_with("own") || is_of_few && !many;
        assert!(may_sort || !line.contains("TEMP B-TREE"), "{list}\n{golden}");
    }
    assert_eq!(golden, include_str!("lists.txt"), "replace lists.txt by:\n{golden}");
}

/// Everything that a search can be used for: lists in every order, from the first page and from a cursor, and counts.
fn look_for(unit: &mut dyn Unit, typed: &str) -> Result<(), StorageError> {
    let search = Search::parse(typed);
    for view in views() {
        let view = View { search: search.clone(), ..view };
        for (sort, order) in [(SortKey::Activity, Order::Descending), (SortKey::Number, Order::Ascending)] {
            let first = query(view.clone(), sort, order);
            unit.overviews().list(&first)?;
            let after = Some(Cursor::new(now(), number()));
            unit.overviews().list(&OverviewQuery { after, ..first })?;
        }
        let tab = |state| View { state, ..view.clone() };
        unit.overviews().count(&[tab(StateFilter::Open), tab(StateFilter::Closed)])?;
    }
    Ok(())
}

/// Tickets with so many words beginning with an `a` that this beginning is common, and one ticket with a rare word.
fn with_words(unit: &mut dyn Unit) -> Result<(), StorageError> {
    for number in 0..65_u32 {
        let words = (0..80).filter_map(|word| char::from_u32(0xac00 + number * 80 + word));
        let subject = words.map(|word| format!("a{word}")).collect::<Vec<_>>().join(" ");
        unit.tickets().insert(&new_ticket(&subject))?;
    }
    unit.tickets().insert(&new_ticket("The printer is silent")).map(drop)
}

#[test]
fn a_rare_word_leads_to_its_tickets() {
    let plans = plans(|unit| {
        with_words(unit)?;
        for typed in ["print", "print a", "#7"] {
            look_for(unit, typed)?;
        }
        Ok(())
    });
    let mut by_word = 0;
    let of_tickets = |(sql, _): &&(String, String)| sql.contains("FROM `muticket_ticket`");
    for (sql, step) in plans.iter().filter(of_tickets).filter(|plan| !looks_for_unknown_states(plan)) {
        let by_customer = sql.contains("`customer` =") && step.contains("muticket_ticket_of_customer");
        let whole = step.starts_with("SCAN muticket_ticket") || step.contains("INDEX muticket_ticket_all");
        assert!(!whole && (by_customer || !step.contains("muticket_ticket USING INDEX")), "{step}\n{sql}");
        by_word += usize::from(step.starts_with("SEARCH muticket_ticket USING INTEGER PRIMARY KEY"));
    }
    assert!(by_word > 20, "{by_word}");
}

#[test]
fn a_common_word_is_looked_for_in_the_order_of_the_list() {
    let plans = plans(|unit| {
        with_words(unit)?;
        look_for(unit, "a")
    });
    let is_of_tickets = |(sql, _): &&(String, String)| sql.contains("FROM `muticket_ticket`");
    let (follows, probes): (Vec<_>, Vec<_>) =
        plans.iter().filter(is_of_tickets).partition(|(_, step)| step.contains("muticket_ticket USING"));
    assert!(
        follows.len() > 20 && follows.iter().all(|(_, step)| step.starts_with("SEARCH muticket_ticket USING")),
        "{follows:#?}"
    );
    for (sql, step) in probes {
        let is_probe = step.contains("muticket_subject_word_ticket (ticket=? AND word>? AND word<?)");
        let is_sorted_later = step == "USE TEMP B-TREE FOR ORDER BY" && !sql.contains("last_activity_at` DESC");
        assert!(is_probe || is_sorted_later || is_around(step) || step.starts_with("CORRELATED"), "{step}\n{sql}");
    }
}

#[test]
fn the_next_ticket_is_the_first_of_each_side_or_category_and_priority() {
    fn some() -> BTreeSet<CategoryId> {
        BTreeSet::from(["a", "b"].map(CategoryId::new))
    }
    let plans = plans(|unit| {
        for categories in [Among::All, Among::In(some()), Among::Outside(some())] {
            for after in [None, Some(Cursor::new(now(), number()))] {
                let view = View { except: Some(UserId::new("sara")), categories: categories.clone(), ..View::of(Reach::All) };
                let view = View { waiting: WaitingFilter::ForSupporters, state: StateFilter::Open, ..view };
                let (sort, order) = (SortKey::Activity, Order::Ascending);
                unit.overviews().list(&OverviewQuery { view, sort, order, after, limit: 1 })?;
            }
        }
        Ok(())
    });
    let found: Vec<_> = plans.iter().filter(|(_, step)| step.contains("muticket_ticket")).collect();
    assert_eq!(found.len(), 64, "{plans:#?}");
    for (sql, step) in found {
        let of_categories =
            "SEARCH muticket_ticket USING INDEX muticket_ticket_in_category (category=? AND state=? AND priority=?";
        let of_sides = "SEARCH muticket_ticket USING INDEX muticket_ticket_to_do (state=? AND turn=? AND priority=?";
        assert!(step.starts_with(of_categories) || step.starts_with(of_sides), "{step}\n{sql}");
    }
}
