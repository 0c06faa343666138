//! Checks what the host's layout does with a page.

use std::sync::atomic::{AtomicBool, Ordering};

/// Detects a layout that leaves out a part of the page, and logs it once.
#[derive(Debug, Default)]
pub(crate) struct Layout(AtomicBool);

impl Layout {
    /// Looks for the two parts in a page as the host's layout made it.
    pub(crate) fn look_at(&self, html: &str, head: &str, body: &str) {
        let missing = match (html.contains(head), html.contains(body)) {
            (true, true) => return,
            (false, true) => "`page.head`, so the pages have no style",
            (true, false) => "`page.body`, so the pages are empty",
            (false, false) => "`page.head` and `page.body`, so there is nothing of MuTicket on its pages",
        };
        if !self.0.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "MuTicket: the layout of `Host::page` leaves out {missing}; insert both unchanged, without escaping them"
            );
        }
    }
}
