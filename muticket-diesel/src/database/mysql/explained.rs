//! The plans of MariaDB.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use muticket_test_support::database::{TestDatabase, mysql};

use super::Conn;
use crate::database::looked::{Looked, Statement};

pub(super) fn server() -> Option<TestDatabase> {
    mysql()
}

/// Forty thousand tickets of four hundred customers, four assignees and five categories. Half of them are open and half have a label.
/// Twenty more are of a rare customer, assignee, category and label.
pub(super) const FILL: [&str; 6] = [
    "INSERT INTO muticket_ticket (customer, subject, category, state, turn, last_message, answers, last_role, opened_at, \
         last_activity_at, version, assignee, priority)
     SELECT IF(seq DIV 2 % 400 = 0, 'anna', CONCAT('bert', seq DIV 2 % 400)), 'Ticket', ELT(seq DIV 24 % 5 + 1, 'a', 'b', 'c', 'd'), \
         ELT(seq % 2 + 1, 'open', 'closed'), ELT(seq DIV 2 % 3 + 1, 'new', 'supporter', 'customer'), 1, 0, 'customer', \
         TIMESTAMP '2027-01-15 08:00:00' + INTERVAL (CAST(seq AS SIGNED) - 20000) SECOND, \
         TIMESTAMP '2027-01-15 08:00:00' + INTERVAL (CAST(seq AS SIGNED) - 20000) SECOND, 1, \
         ELT(seq DIV 120 % 4 + 1, 'sara', 'tom', 'vera'), seq DIV 6 % 4
     FROM seq_1_to_40000",
    "INSERT INTO muticket_ticket (customer, subject, category, state, turn, last_message, answers, last_role, opened_at, \
         last_activity_at, version, assignee, priority)
     SELECT 'rare', 'Ticket', 'rare', 'open', 'new', 1, 0, 'customer', '2027-01-15 08:00:00', '2027-01-15 08:00:00', 1, 'rare', seq % 4
     FROM seq_1_to_20",
    "INSERT INTO muticket_label (id, name, colour)
     VALUES (x'00000000000000000000000000000000', 'VIP', 'red'), (x'00000000000000000000000000000001', 'Rare', 'red')",
    "INSERT INTO muticket_ticket_label (label, ticket)
     SELECT x'00000000000000000000000000000000', number FROM muticket_ticket WHERE number DIV 2 % 2 = 0",
    "INSERT INTO muticket_ticket_label (label, ticket)
     SELECT x'00000000000000000000000000000001', number FROM muticket_ticket WHERE customer = 'rare'",
    "ANALYZE TABLE muticket_ticket, muticket_ticket_label",
];

#[derive(Debug, QueryableByName)]
struct Step {
    #[diesel(sql_type = Nullable<Text>)]
    table: Option<String>,
    #[diesel(sql_type = Nullable<Text>, column_name = "type")]
    kind: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    key: Option<String>,
    #[diesel(sql_type = Nullable<Text>, column_name = "Extra")]
    extra: Option<String>,
}

/// How tickets are looked up by a statement.
pub(super) fn looked(conn: &mut Conn, statement: &Statement) -> Vec<Looked> {
    let mut pieces = statement.sql.split('?');
    let mut sql = pieces.next().unwrap_or_default().to_owned();
    for (value, piece) in statement.values.iter().zip(pieces) {
        sql.push_str(&literal(value));
        sql.push_str(piece);
    }
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN {sql}")).load(conn).unwrap();
    let of_tickets = |step: &Step| matches!(step.table.as_deref(), Some("muticket_ticket" | "ticket"));
    steps.into_iter().filter(of_tickets).map(looked_up).collect()
}

fn looked_up(step: Step) -> Looked {
    let shown = format!("{step:?}");
    let Step { kind, key, extra, .. } = step;
    let (kind, extra) = (kind.unwrap_or_default(), extra.unwrap_or_default());
    // A filter of row numbers is made from all entries of another condition.
    let whole = kind.eq_ignore_ascii_case("ALL") || kind == "index" || kind.contains("filter");
    // One entry for each user is looked up to group by them. These are few, and a temporary table holds them.
    let is_grouped = extra.contains("Using index for group-by");
    let sorted = !is_grouped && (extra.contains("filesort") || extra.contains("temporary"));
    Looked { step: shown, index: key, whole, sorted }
}

/// A value as it was bound, in SQL.
fn literal(value: &str) -> String {
    if let Some(id) = value.strip_prefix("Key(").and_then(|value| value.strip_suffix(')')) {
        return format!("x'{}'", id.replace('-', ""));
    }
    match value.parse::<i64>() {
        Ok(number) => number.to_string(),
        Err(_) => format!("'{}'", value.trim_matches('"')),
    }
}
