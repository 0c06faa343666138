//! Checks for every page, in both languages, in light and dark, from 320 to 1440 pixels. Every page is visited once (`tour.rs`); each test
//! checks one kind of defect found there.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

mod finding;
mod guests;
mod look;
mod places;
mod tour;

use muticket_browser::problems_of_html;

use crate::finding::Check;
use crate::tour::{Tour, tour};

/// WCAG 2.2 AA, as far as a program can judge.
#[test]
fn nothing_bars_anybody() {
    nothing_of(Check::Barrier);
}

#[test]
fn nothing_is_written_to_the_console_and_no_policy_is_broken() {
    nothing_of(Check::Complaint);
}

/// Six requests and 84 KB on the first visit, 28 KB after that. Only what MuTicket sends is counted, not the host's frame.
#[test]
fn pages_are_light() {
    nothing_of(Check::Weight);
}

#[test]
fn nothing_moves_while_a_page_loads() {
    nothing_of(Check::Shift);
}

#[test]
fn no_page_scrolls_sideways() {
    nothing_of(Check::Sideways);
}

/// Letters are written for mail readers. The oldest of these need markup that is deprecated on a page.
const OF_A_LETTER: &str =
    "<!-- [html-validate-disable no-inline-style, no-deprecated-attr, no-conditional-comment, prefer-tbody] -->\n";

#[test]
fn the_html_is_valid() {
    let Some(Tour { pages, .. }) = tour() else { return };
    let folder = tempfile::Builder::new().prefix("muticket-pages-").tempdir().unwrap();
    for (name, text) in pages {
        let directive = if name.starts_with("letter-") { OF_A_LETTER } else { "" };
        std::fs::write(folder.path().join(format!("{name}.html")), format!("{directive}{text}")).unwrap();
    }
    if let Some(problems) = problems_of_html(folder.path()) {
        assert!(problems.is_empty(), "{} of this kind:\n  {}", problems.len(), problems.join("\n  "));
    }
}

fn nothing_of(check: Check) {
    let Some(Tour { findings, .. }) = tour() else { return };
    let found: Vec<_> = findings.iter().filter(|finding| finding.check == check).map(ToString::to_string).collect();
    assert!(found.is_empty(), "{} of this kind:\n  {}", found.len(), found.join("\n  "));
}
