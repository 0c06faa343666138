//! The visit of every page, made once for all tests.

use std::sync::OnceLock;

use muticket_browser::Chromium;
use tempfile::TempDir;

use crate::finding::Finding;
use crate::look::Looks;
use crate::places;

/// What was found.
pub(crate) struct Tour {
    pub(crate) findings: Vec<Finding>,
    /// Every page as it was sent, one file each.
    pub(crate) html: TempDir,
}

/// A page could not be visited; said where it happened.
#[derive(Debug)]
struct BrokeOff;

/// The visit; `None` if there is no browser.
pub(crate) fn tour() -> Option<&'static Tour> {
    static MADE: OnceLock<Option<Result<Tour, BrokeOff>>> = OnceLock::new();
    let made = MADE.get_or_init(|| Chromium::installed().map(go)).as_ref()?;
    Some(made.as_ref().expect("every page can be visited; the first test that failed says what happened"))
}

/// Both languages at once, as both sites are small.
fn go(chromium: &'static Chromium) -> Result<Tour, BrokeOff> {
    let html = tempfile::tempdir().unwrap();
    let findings = std::thread::scope(|scope| {
        let visits = ["de", "en"].map(|language| {
            let folder = html.path();
            scope.spawn(move || {
                let mut looks = Looks::new(language, folder);
                places::shop(chromium, &mut looks);
                places::bare(chromium, &mut looks);
                looks.findings
            })
        });
        visits.map(|visit| visit.join().map_err(|_| BrokeOff)).into_iter().collect::<Result<Vec<_>, _>>()
    });
    Ok(Tour { findings: findings?.into_iter().flatten().collect(), html })
}
