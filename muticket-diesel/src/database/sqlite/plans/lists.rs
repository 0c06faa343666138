//! The query plans of lists and counts of tickets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use muticket_core::id::{CategoryId, UserId};
use muticket_core::search::Search;
use muticket_core::storage::{
    Among, Assigned, Cursor, Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View, WaitingFilter,
};
use muticket_core::ticket::{Priority, Waiting};

use super::{Opened, is_around, new_ticket, now, number, plans, plans_after};

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

/// The lists of the golden file: each filter alone, and those that are often set together.
fn lists() -> Vec<(&'static str, View)> {
    let all = || View::of(Reach::All);
    let open = || View { state: StateFilter::Open, ..all() };
    let category = || Among::In(BTreeSet::from([CategoryId::new("b")]));
    let two = Among::In(BTreeSet::from(["a", "b"].map(CategoryId::new)));
    let mine = || Assigned::To(UserId::new("sara"));
    let nobodys = || Assigned::ToNobodyBut(BTreeSet::from([UserId::new("vera")]));
    let customer = || Some(UserId::new("anna"));
    vec![
        ("open", open()),
        ("closed", View { state: StateFilter::Closed, ..all() }),
        ("all", all()),
        ("own", View::of(Reach::Own(UserId::new("anna")))),
        ("customer", View { customer: customer(), ..all() }),
        ("category", View { categories: category(), ..open() }),
        ("two categories", View { categories: two, ..open() }),
        ("waiting for us", View { waiting: WaitingFilter::ForSupporters, ..open() }),
        ("waiting for the customer", View { waiting: WaitingFilter::For(Waiting::Customer), ..open() }),
        ("mine", View { assigned: mine(), ..open() }),
        ("nobody's", View { assigned: nobodys(), ..open() }),
        ("priority", View { priority: Some(Priority::High), ..open() }),
        ("customer and category", View { customer: customer(), categories: category(), ..all() }),
        ("mine, category", View { assigned: mine(), categories: category(), ..open() }),
        ("mine, waiting for us", View { assigned: mine(), waiting: WaitingFilter::ForSupporters, ..open() }),
        ("mine, priority", View { assigned: mine(), priority: Some(Priority::High), ..open() }),
        ("category, waiting for us", View { categories: category(), waiting: WaitingFilter::ForSupporters, ..open() }),
        ("category, priority", View { categories: category(), priority: Some(Priority::High), ..open() }),
        ("priority, waiting for us", View { priority: Some(Priority::High), waiting: WaitingFilter::ForSupporters, ..open() }),
    ]
}

/// More than five thousand tickets, so that a list by number follows the numbers: all open, of one category, with the supporter Sara, and
/// urgent.
const MANY: &str = "INSERT INTO muticket_ticket \
    (customer, subject, category, state, turn, last_message, answers, last_role, opened_at, last_activity_at, version, assignee, priority) \
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6000) \
    SELECT 'anna', 'Ticket', 'b', 'open', 'new', 1, 0, 'customer', '2026-01-15 08:00:00', '2026-01-15 08:00:00', 1, \
    'sara', 2 FROM n";

const ORDERS: [(&str, SortKey, Order); 5] = [
    ("-activity", SortKey::Activity, Order::Descending),
    ("activity", SortKey::Activity, Order::Ascending),
    ("todo", SortKey::ToDo, Order::Ascending),
    ("-number", SortKey::Number, Order::Descending),
    ("number", SortKey::Number, Order::Ascending),
];

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

/// The plans of every list and every count, as they are in `lists.txt`.
fn golden() -> String {
    let (mut golden, mut empty, mut full) = (String::new(), Opened::after(""), Opened::after(MANY));
    for (name, view) in lists() {
        for (word, sort, order) in ORDERS {
            let list = |opened: &mut Opened, after: bool| {
                let place =
                    Cursor { priority: (sort == SortKey::ToDo).then_some(Priority::High), ..Cursor::new(now(), number()) };
                let query = OverviewQuery { after: after.then_some(place), ..query(view.clone(), sort, order) };
                steps(&opened.plans(move |unit| unit.overviews().list(&query).map(drop)))
            };
            let of_few = [false, true].map(|after| list(&mut empty, after));
            let of_many = [false, true].map(|after| list(&mut full, after));
            let _ = write!(golden, "{name}, {word}\n{}  after a place\n{}", of_few[0], of_few[1]);
            if of_few != of_many {
                let _ = write!(golden, "  with many tickets\n{}  with many tickets, after a place\n{}", of_many[0], of_many[1]);
            }
        }
        let plans = empty.plans(move |unit| unit.overviews().count(std::slice::from_ref(&view)).map(drop));
        let _ = write!(golden, "{name}, counted\n{}", steps(&plans));
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
        let is_search =
            step.starts_with("SEARCH muticket_ticket USING") || step.starts_with("SEARCH ticket USING COVERING INDEX");
        assert!(is_search || step == "USE TEMP B-TREE FOR ORDER BY" || step.contains("assigned"), "{line}\n{golden}");
    }
    let sorted: BTreeSet<&str> = golden
        .split_inclusive('\n')
        .scan("", |list, line| {
            if !line.starts_with(' ') {
                *list = line.trim();
            }
            Some((*list, line))
        })
        .filter(|(_, line)| line.contains("TEMP B-TREE"))
        .map(|(list, _)| list)
        .collect();
    assert!(
        sorted.iter().all(|list| list.ends_with("number") || list.starts_with("customer") || list.starts_with("own")),
        "{sorted:?}"
    );
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
fn the_next_ticket_is_the_first_of_each_side_and_priority() {
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
    assert_eq!(found.len(), 48, "{plans:#?}");
    for (sql, step) in found {
        assert!(
            step.starts_with("SEARCH muticket_ticket USING INDEX muticket_ticket_to_do (state=? AND turn=? AND priority=?"),
            "{step}\n{sql}"
        );
    }
}
