//! Pages with twenty rows: how many statements the overview runs, and how much processor time each page takes.

use std::sync::Arc;

use muticket_core::{NewMessage, NewTicket, Visitor};
use muticket_diesel::DieselStorage;

use crate::figure::Figure;
use crate::site::Site;
use crate::world::{People, helpdesk};

const REQUESTS: u32 = 3000;

pub(crate) async fn figures() -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("pages.sqlite").display());
    let storage = Arc::new(DieselStorage::connect(&url).await.expect("a fresh database"));
    let (helpdesk, category) = helpdesk(storage.clone()).await;
    let site = Site::launch(helpdesk.clone()).await;

    let portal = helpdesk.portal(&Visitor::User(People::user("anna"))).expect("anna is a user");
    let open = async |count: u32| {
        for number in 0..count {
            let new = NewTicket {
                subject: format!("Question {number}"),
                body: "Why?".into(),
                category: Some(category.clone()),
                ..Default::default()
            };
            portal.open(new).await.expect("a ticket");
        }
    };
    let mut statements = vec![statements_of(&site, &storage).await];
    open(20).await;
    statements.push(statements_of(&site, &storage).await);
    open(980).await;
    statements.push(statements_of(&site, &storage).await);
    println!("statements of the overview with 0, 20 and 1,000 tickets: {statements:?}");
    let spread = statements.iter().max().expect("three") - statements.iter().min().expect("three");

    let sara = Visitor::User(People::user("sara"));
    let desk = helpdesk.desk(&sara).await.expect("sara is a supporter");
    let first = muticket_core::TicketNumber::new(1).expect("positive");
    for _ in 0..19 {
        desk.answer(
            first,
            NewMessage { body: "Because of this.\n\nAnd see https://example.org for more.".into(), ..Default::default() },
        )
        .await
        .expect("an answer");
    }

    let mut figures = vec![
        Figure {
            name: "overview: more statements with 1,000 tickets than with 0".into(),
            value: spread as f64,
            bound: 0.0,
            unit: "statements",
        },
        Figure {
            name: "overview: statements, with the transactions' own".into(),
            value: statements[2] as f64,
            bound: 9.0,
            unit: "statements",
        },
    ];
    for (name, user, path) in [
        ("overview of a supporter", "sara", "/support/tickets"),
        ("overview of a customer", "anna", "/support/tickets"),
        ("conversation of 20 messages", "sara", "/support/tickets/1"),
        ("form for a new ticket", "anna", "/support/tickets/new"),
        ("supporters", "ada", "/support/backend/supporters"),
        ("tickets of the backend", "ada", "/support/backend/tickets"),
        ("settings", "ada", "/support/backend/settings"),
    ] {
        let value = processor_ms(&site, user, path, REQUESTS).await;
        figures.push(Figure { name: format!("{name}: processor time of the request"), value, bound: 1.0, unit: "ms" });
    }
    figures
}

async fn statements_of(site: &Site, storage: &Arc<DieselStorage>) -> u64 {
    // The first request may open a connection and set it up.
    site.page("sara", "/support/tickets").await;
    let before = storage.statements();
    site.page("sara", "/support/tickets").await;
    storage.statements() - before
}

/// The processor time of the whole request in milliseconds, measured over so many of them.
pub(crate) async fn processor_ms(site: &Site, user: &'static str, path: &str, requests: u32) -> f64 {
    for _ in 0..50 {
        site.page(user, path).await;
    }
    let before = processor_time_ms();
    for _ in 0..requests {
        site.page(user, path).await;
    }
    (processor_time_ms() - before) / f64::from(requests)
}

/// User and system time of this process. The resolution of 10 ms is enough over thousands of requests.
pub(crate) fn processor_time_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("this measurement needs Linux");
    let after_name = stat.rsplit_once(')').expect("the name is in parentheses").1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks: f64 = fields[11..13].iter().map(|field| field.parse::<f64>().expect("a number")).sum();
    ticks * 10.0
}
