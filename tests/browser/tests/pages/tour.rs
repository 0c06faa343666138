//! The visit of every page, made once for all tests.

use std::sync::OnceLock;

use crate::finding::Finding;
use crate::look::Looks;
use crate::places;
use muticket_browser::Chromium;

/// What was found.
pub(crate) struct Tour {
    pub(crate) findings: Vec<Finding>,
    /// The name of every page, and its HTML as it was sent.
    pub(crate) pages: Vec<(String, String)>,
}

/// A page could not be visited. The reason was reported where it happened.
#[derive(Debug)]
struct BrokeOff;

/// The visit; `None` if there is no browser.
pub(crate) fn tour() -> Option<&'static Tour> {
    static MADE: OnceLock<Option<Result<Tour, BrokeOff>>> = OnceLock::new();
    let made = MADE.get_or_init(|| Chromium::installed().map(go)).as_ref()?;
    Some(made.as_ref().expect("every page can be visited; the first test that failed says what happened"))
}

/// Visits both languages at once, because both sites are small.
fn go(chromium: &'static Chromium) -> Result<Tour, BrokeOff> {
    let seen = std::thread::scope(|scope| {
        let visits = ["de", "en"].map(|language| {
            scope.spawn(move || {
                let mut looks = Looks::new(language);
                places::shop(chromium, &mut looks);
                places::bare(chromium, &mut looks);
                looks
            })
        });
        visits.map(|visit| visit.join().map_err(|_| BrokeOff)).into_iter().collect::<Result<Vec<_>, _>>()
    });
    let (findings, pages): (Vec<_>, Vec<_>) = seen?.into_iter().map(|looks| (looks.findings, looks.pages)).unzip();
    Ok(Tour { findings: findings.into_iter().flatten().collect(), pages: pages.into_iter().flatten().collect() })
}
