//! The plans of lists that are filtered by a label (T-06).

use muticket_core::id::LabelId;
use muticket_core::storage::{Cursor, Order, OverviewQuery, Reach, SortKey, StateFilter, StorageError, Unit, View};
use uuid::Uuid;

use super::{Opened, is_around, now, number};

/// A label that six thousand open tickets have.
const COMMON: &str = "INSERT INTO muticket_label (id, name, colour) VALUES (zeroblob(16), 'VIP', 'red'); \
    INSERT INTO muticket_ticket (customer, subject, state, turn, last_message, answers, last_role, opened_at, last_activity_at, version) \
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 6000) \
    SELECT 'anna', 'Ticket', 'open', 'new', 1, 0, 'customer', '2026-01-15 08:00:00', '2026-01-15 08:00:00', 1 FROM n; \
    INSERT INTO muticket_ticket_label (label, ticket) SELECT zeroblob(16), number FROM muticket_ticket";

/// Lists by activity, from the first page and from a place, and a count.
fn look(unit: &mut dyn Unit) -> Result<(), StorageError> {
    let view = View { label: Some(LabelId(Uuid::nil())), state: StateFilter::Open, ..View::of(Reach::All) };
    for after in [None, Some(Cursor::new(now(), number()))] {
        let (sort, order) = (SortKey::Activity, Order::Descending);
        unit.overviews().list(&OverviewQuery { view: view.clone(), sort, order, after, limit: 20 })?;
    }
    unit.overviews().count(&[view]).map(drop)
}

/// The steps that read tickets.
fn steps(first: &str) -> Vec<(String, String)> {
    let plans = Opened::after(first).plans(look);
    plans.into_iter().filter(|(sql, step)| sql.contains("FROM `muticket_ticket`") && !is_around(step)).collect()
}

#[test]
fn a_rare_label_leads_to_its_tickets() {
    let steps = steps("");
    let by_number = steps.iter().filter(|(_, step)| step.starts_with("SEARCH muticket_ticket USING INTEGER PRIMARY KEY"));
    assert_eq!(by_number.count(), 3, "{steps:#?}");
    assert!(steps.iter().all(|(_, step)| !step.starts_with("SCAN")), "{steps:#?}");
}

#[test]
fn a_common_label_is_looked_up_in_the_order_of_the_list() {
    let steps = steps(COMMON);
    let in_order = steps.iter().filter(|(_, step)| step.starts_with("SEARCH muticket_ticket USING") && step.contains("state=?"));
    assert_eq!(in_order.count(), 3, "{steps:#?}");
    assert!(steps.iter().all(|(_, step)| !step.starts_with("SCAN") && !step.contains("TEMP B-TREE")), "{steps:#?}");
}
