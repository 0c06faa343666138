//! The plans of PostgreSQL.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use muticket_test_support::database::{TestDatabase, postgres};

use super::Conn;
use crate::database::looked::{Looked, Statement};

pub(super) fn server() -> Option<TestDatabase> {
    postgres()
}

/// Forty thousand tickets of four hundred customers, four assignees and five categories. Half of them are open and half have a label.
/// Twenty more are of a rare customer, assignee, category and label.
pub(super) const FILL: [&str; 3] = [
    "INSERT INTO muticket_ticket (customer, subject, category, state, turn, last_message, answers, last_role, opened_at, \
         last_activity_at, version, assignee, priority)
     SELECT CASE n / 2 % 400 WHEN 0 THEN 'anna' ELSE 'bert' || n / 2 % 400 END, 'Ticket', (ARRAY['a', 'b', 'c', 'd', NULL])[n / 24 % 5 + 1], \
         (ARRAY['open', 'closed'])[n % 2 + 1], (ARRAY['new', 'supporter', 'customer'])[n / 2 % 3 + 1], 1, 0, 'customer', moment, moment, 1, \
         (ARRAY['sara', 'tom', 'vera', NULL])[n / 120 % 4 + 1], n / 6 % 4
     FROM generate_series(1, 40000) AS numbers (n), LATERAL (SELECT TIMESTAMP '2027-01-15 08:00:00' + (n - 20000) * INTERVAL '1 second' \
         AS moment) AS moments;
     INSERT INTO muticket_ticket (customer, subject, category, state, turn, last_message, answers, last_role, opened_at, \
         last_activity_at, version, assignee, priority)
     SELECT 'rare', 'Ticket', 'rare', 'open', 'new', 1, 0, 'customer', '2027-01-15 08:00:00', '2027-01-15 08:00:00', 1, 'rare', n % 4
     FROM generate_series(1, 20) AS numbers (n);
     INSERT INTO muticket_label (id, name, colour)
     VALUES ('00000000-0000-0000-0000-000000000000', 'VIP', 'red'), ('00000000-0000-0000-0000-000000000001', 'Rare', 'red');
     INSERT INTO muticket_ticket_label (label, ticket)
     SELECT '00000000-0000-0000-0000-000000000000'::uuid, number FROM muticket_ticket WHERE number / 2 % 2 = 0;
     INSERT INTO muticket_ticket_label (label, ticket)
     SELECT '00000000-0000-0000-0000-000000000001'::uuid, number FROM muticket_ticket WHERE customer = 'rare'",
    "VACUUM ANALYZE muticket_ticket",
    "VACUUM ANALYZE muticket_ticket_label",
];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
    text: String,
}

/// How often a statement is planned for its values before the server may plan it once for all values.
const PLANNED: usize = 5;

/// How tickets are looked up by a statement, when it is first run and later.
pub(super) fn looked(conn: &mut Conn, statement: &Statement) -> Vec<Looked> {
    let values = statement.values.iter().map(|value| format!("'{}'", bare(value))).collect::<Vec<_>>().join(", ");
    let values = if values.is_empty() { values } else { format!("({values})") };
    conn.batch_execute(&format!("PREPARE looked AS {}", statement.sql)).unwrap();
    let explain = format!("EXPLAIN (COSTS OFF) EXECUTE looked{values}");
    let mut lines: Vec<Line> = diesel::sql_query(&explain).load(conn).unwrap();
    if !statement.values.is_empty() {
        conn.batch_execute(&format!("{explain};").repeat(PLANNED - 1)).unwrap();
        lines.extend(diesel::sql_query(&explain).load::<Line>(conn).unwrap());
    }
    conn.batch_execute("DEALLOCATE looked").unwrap();
    steps(&lines, statement.follows_numbers())
}

/// A value as it was bound, in the form that every type is read from.
fn bare(value: &str) -> String {
    let value = value.strip_prefix("Key(").and_then(|value| value.strip_suffix(')')).unwrap_or(value);
    value.replace('"', "").replace('[', "{").replace(']', "}")
}

fn steps(lines: &[Line], follows_numbers: bool) -> Vec<Looked> {
    let mut steps = Vec::new();
    for (place, line) in lines.iter().enumerate() {
        let step = line.text.trim_start().trim_start_matches("->").trim();
        let of_tickets = step.split(" on ").nth(1).is_some_and(|table| table.split(' ').next() == Some("muticket_ticket"));
        let is_sort = step == "Sort" || step == "Incremental Sort";
        if !of_tickets && !is_sort {
            continue;
        }
        let index = step.split(" using ").nth(1).and_then(|words| words.split(' ').next()).map(str::to_owned);
        // The lines of a step follow it, up to the next step.
        let more = lines[place + 1..].iter().map(|line| line.text.trim_start());
        let has_condition = more.take_while(|line| !line.starts_with("->")).any(|line| line.starts_with("Index Cond"));
        let is_bitmap = step.starts_with("Bitmap");
        let by_number = follows_numbers && index.as_deref() == Some("muticket_ticket_pkey");
        let whole = !is_sort && !is_bitmap && !has_condition && !by_number;
        steps.push(Looked { step: step.to_owned(), index, whole, sorted: is_sort || is_bitmap });
    }
    steps
}
