//! The query plans of a server: no list and no count reads or sorts a whole table of tickets. Compiled once per server.
//!
//! The text of a plan differs between versions, so only its kinds of steps are looked at. See `explained` of each server.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use diesel::connection::{Connection as _, InstrumentationEvent};
use muticket_core::id::{CategoryId, LabelId, UserId};
use muticket_core::storage::{Among, Assigned, OverviewQuery, Rollback, StorageError, Unit, View, Work};
use uuid::Uuid;

use super::{Conn, Server, explained, unit};
use crate::database::address::ServerAddress;
use crate::database::lists;
use crate::database::looked::Statement;
use crate::retry::{Purpose, UnitOutcome};
use crate::storage::DieselStorage;

/// The statements about tickets that the work runs.
fn statements(
    conn: &mut Conn,
    mut work: impl FnMut(&mut dyn Unit) -> Result<(), StorageError> + Send + 'static,
) -> Vec<Statement> {
    let statements = Arc::new(Mutex::new(Vec::new()));
    let seen = statements.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            seen.lock().unwrap().push(Statement::read(&query.to_string()));
        }
    });
    let mut work: Work = Box::new(move |unit| work(unit).map_err(Rollback::Failed));
    unit::begin(conn, Purpose::Read).unwrap();
    let (UnitOutcome::Returned(result), _) = unit::run(conn, Purpose::Read, &mut work) else { panic!("the work panicked") };
    result.unwrap();
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| ());
    let mut statements = std::mem::take(&mut *statements.lock().unwrap());
    statements.retain(|statement| statement.sql.contains("muticket_ticket"));
    statements
}

/// The same list for a customer, an assignee, a category and a label that few tickets have.
fn rare(view: View) -> View {
    View {
        customer: view.customer.map(|_| UserId::new("rare")),
        categories: match view.categories {
            Among::In(these) if these.len() == 1 => Among::In(BTreeSet::from([CategoryId::new("rare")])),
            Among::In(_) => Among::In(["rare", "rarer", "rarest"].map(CategoryId::new).into()),
            other => other,
        },
        assigned: match view.assigned {
            Assigned::To(_) => Assigned::To(UserId::new("rare")),
            other => other,
        },
        label: view.label.map(|_| LabelId(Uuid::from_u128(1))),
        ..view
    }
}

/// All lists and counts, with whether they are of many tickets, and a name.
fn looks(conn: &mut Conn) -> Vec<(String, bool, Vec<Statement>)> {
    let mut looks = Vec::new();
    let list = |conn: &mut Conn, query: OverviewQuery| statements(conn, move |unit| unit.overviews().list(&query).map(drop));
    let count =
        |conn: &mut Conn, view: View| statements(conn, move |unit| unit.overviews().count(std::slice::from_ref(&view)).map(drop));
    for (name, view) in lists::lists() {
        for (word, sort, order) in lists::ORDERS {
            for after in [false, true] {
                let statements = list(conn, lists::page(view.clone(), sort, order, after));
                looks.push((format!("{name}, {word}, after a place: {after}"), true, statements));
            }
        }
        looks.push((format!("{name}, counted"), true, count(conn, view.clone())));
        // So many tickets are asked for that all later ones may be sorted.
        looks.push((format!("{name}, news"), false, list(conn, lists::news(view.clone()))));
        let rare = rare(view.clone());
        if rare == view {
            continue;
        }
        for (word, sort, order) in lists::ORDERS.into_iter().step_by(2) {
            looks.push((format!("{name}, {word}, few"), false, list(conn, lists::page(rare.clone(), sort, order, true))));
        }
        looks.push((format!("{name}, counted, few"), false, count(conn, rare)));
    }
    let counts = statements(conn, |unit| unit.overviews().count(&lists::counted()).map(drop));
    looks.push(("views of a page, counted".to_owned(), true, counts));
    looks.push(("assignees".to_owned(), true, statements(conn, |unit| unit.overviews().assignees().map(drop))));
    looks
}

/// Every list and every count of an overview follows an index, as the planner decides for a table with statistics.
#[tokio::test]
async fn no_list_reads_or_sorts_all_tickets() {
    let Some(server) = explained::server() else { return };
    drop(DieselStorage::connect(server.url()).await.unwrap());
    for statements in explained::FILL {
        server.execute(statements);
    }
    let address = ServerAddress::parse(server.url()).unwrap();
    let work = move || {
        let mut conn = Server::at(address).unwrap().open().unwrap();
        let (mut known, mut faults) = (BTreeSet::new(), Vec::new());
        let looks = looks(&mut conn);
        assert!(looks.iter().all(|(.., statements)| !statements.is_empty()), "each look runs a statement");
        for (name, are_many, statements) in looks {
            for statement in statements {
                if !known.insert((are_many, statement.clone())) {
                    continue;
                }
                let looked = explained::looked(&mut conn, &statement);
                let found = statement.faults(&looked, are_many);
                if !found.is_empty() {
                    faults.push(format!("{name}: {found:#?}\n{}", statement.sql));
                }
            }
        }
        assert!(faults.is_empty(), "{} of {} statements:\n{}", faults.len(), known.len(), faults.join("\n"));
    };
    tokio::task::spawn_blocking(work).await.unwrap();
}
