//! Tests of the suite: the reference implementation passes all cases, and each store with a defect fails the case that must detect it.

mod defect;
mod figures;
mod incoming;
mod labels;
mod list;
mod mailboxes;
mod marks;
mod memory;
mod notes;
mod open_pages;
mod outbox;
mod overview;
mod saved_answers;
mod saved_views;
mod senders;
mod staff;
mod store;
mod tickets;
mod undeliverable;

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::sync::Arc;

use muticket_conformance::{CASES, Shared, run, storage_conformance};

use crate::defect::{Defect, defects};
use crate::store::Broken;

macro_rules! turns_red {
    ($($defect:ident: $case:ident,)+) => {
        #[expect(non_snake_case, reason = "the tests have the names of the defects")]
        mod turns_red {
            $(
                #[test]
                fn $defect() {
                    super::turns_red(super::Defect::$defect, stringify!($case));
                }
            )+
        }

        const NOTICED_BY: &[&str] = &[$(stringify!($case)),+];
    };
}

defects!(turns_red);

fn turns_red(defect: Defect, name: &str) {
    let case = CASES.iter().find(|case| case.name == name).expect("the case is in the list");
    let outcome = catch_unwind(|| run(async || (Arc::new(Broken::new(defect)) as Shared, ()), case.run));
    assert!(outcome.is_err(), "{name} does not notice {defect:?}");
}

#[test]
fn every_case_notices_a_defect() {
    let noticing: BTreeSet<_> = NOTICED_BY.iter().copied().collect();
    let blind: Vec<_> = CASES.iter().map(|case| case.name).filter(|name| !noticing.contains(name)).collect();
    assert!(blind.is_empty(), "{blind:?}");
}

/// The wrapper alone is not a defect.
async fn nothing_wrong() -> (Shared, ()) {
    (Arc::new(Broken::new(Defect::Nothing)), ())
}

storage_conformance!(nothing_wrong);
