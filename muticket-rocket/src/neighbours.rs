//! The other routes of the site: those that would answer in place of the module's, and the site's own page for signing in.

use rocket::http::Method;
use rocket::{Build, Rocket, Route};

use crate::routes::{NAME, PageRoute, pages};

/// A mistake in how the module is mounted. Each error says what to fix.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MountError {
    #[error("another MuTicket is at {0} already: give each one its own base with `at`")]
    Twice(String),
    #[error("{ours} of MuTicket would also be answered by the site's own route {theirs}: move one of them; `at` moves MuTicket")]
    Collision { ours: String, theirs: String },
}

/// Checks the routes that exist before the module's routes are mounted at the base.
pub(crate) fn check(rocket: &Rocket<Build>, base: &str) -> Result<(), MountError> {
    let base = base.trim_end_matches('/');
    let ours: Vec<RoutePattern> = pages().iter().map(|page| RoutePattern::ours(base, page)).collect();
    for route in rocket.routes() {
        let theirs = RoutePattern::of(route);
        let Some(ours) = ours.iter().find(|ours| ours.collides(&theirs)) else { continue };
        if is_of_muticket(route) {
            return Err(MountError::Twice(if base.is_empty() { "/".to_owned() } else { base.to_owned() }));
        }
        let name = route.name.as_deref().map_or_else(String::new, |name| format!(" ({name})"));
        return Err(MountError::Collision { ours: ours.shown(), theirs: theirs.shown() + &name });
    }
    Ok(())
}

/// The places where the site itself answers a GET.
pub(crate) struct Site(Vec<RoutePattern>);

impl Site {
    pub(crate) fn of(rocket: &Rocket<Build>) -> Self {
        let own = rocket.routes().filter(|route| route.method == Method::Get && !is_of_muticket(route));
        Self(own.map(RoutePattern::of).collect())
    }

    /// Whether the site answers at this path.
    pub(crate) fn answers(&self, path: &str) -> bool {
        let asked = segments(path);
        self.0.iter().any(|place| meet(&place.segments, &asked))
    }
}

fn is_of_muticket(route: &Route) -> bool {
    route.name.as_deref() == Some(NAME)
}

/// The position of a route.
struct RoutePattern {
    method: Method,
    rank: isize,
    segments: Vec<String>,
}

impl RoutePattern {
    /// The position of one of the module's pages. Rocket gives it the same rank below every base.
    fn ours(base: &str, page: &PageRoute) -> Self {
        let rank = Route::new(page.method, &page.path, rocket::route::dummy_handler).rank;
        Self { method: page.method, rank, segments: segments(&format!("{base}{}", page.path)) }
    }

    fn of(route: &Route) -> Self {
        Self { method: route.method, rank: route.rank, segments: segments(route.uri.path()) }
    }

    fn shown(&self) -> String {
        format!("{} /{}", self.method, self.segments.join("/"))
    }

    /// Whether Rocket could not choose between the two routes.
    fn collides(&self, other: &Self) -> bool {
        self.method == other.method && self.rank == other.rank && meet(&self.segments, &other.segments)
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// Whether some path matches both.
fn meet(one: &[String], other: &[String]) -> bool {
    let is_rest = |segment: &String| segment.ends_with("..>");
    let is_any = |segment: &String| segment.starts_with('<');
    match (one, other) {
        ([], []) => true,
        ([rest, ..], _) | (_, [rest, ..]) if is_rest(rest) => true,
        ([first, one @ ..], [second, other @ ..]) => (is_any(first) || is_any(second) || first == second) && meet(one, other),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_meet_where_one_address_is_both() {
        for (one, other, meets) in [
            ("/a/b", "/a/b", true),
            ("/a/<id>", "/a/b", true),
            ("/<x>/b", "/a/<y>", true),
            ("/a/<rest..>", "/a/b/c", true),
            ("/a", "/a/<rest..>", true),
            ("/a/b", "/a/c", false),
            ("/a", "/a/b", false),
            ("/", "/a", false),
        ] {
            assert_eq!(
                (meet(&segments(one), &segments(other)), meet(&segments(other), &segments(one))),
                (meets, meets),
                "{one} {other}"
            );
        }
    }
}
