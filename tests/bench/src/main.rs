//! Measures MuTicket against a bare minimum that runs in the same minute. The README beside this folder says how to run it and which
//! bounds the figures must keep.

mod databases;
mod demo;
mod figure;
mod mailroom;
mod pages;
mod site;
mod world;

use std::process::ExitCode;

use crate::figure::Figure;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let figures = if std::env::args().nth(1).as_deref() == Some("mailroom") {
        runtime.block_on(mailroom::figures())
    } else {
        let mut figures = runtime.block_on(async {
            let mut figures = databases::figures().await;
            figures.extend(pages::figures().await);
            figures.extend(mailroom::figures().await);
            figures
        });
        figures.extend(demo::figures());
        figures
    };
    let mut passed = true;
    for Figure { name, value, bound, unit } in figures {
        let verdict = if value <= bound { "ok" } else { "TOO MUCH" };
        passed &= value <= bound;
        println!("{name:<58} {value:>9.2} {unit:<10} at most {bound:<6.2} {verdict}");
    }
    if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
