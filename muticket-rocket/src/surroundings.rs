//! Checks the other routes of the site: routes that conflict with the module's, and a login page that would lead in a circle.

use std::sync::{Arc, Mutex, PoisonError};

use muticket_core::Storage;
use rocket::http::Method;
use rocket::{Build, Rocket, Route};

use crate::host::Host;
use crate::mounted::{NAME, all_routes};
use crate::setup::{self, SetupError};

/// Checks the routes that exist before the module's routes are mounted at the base.
pub(crate) fn check(rocket: &Rocket<Build>, base: &str, prefix: &str, host: &dyn Host) -> Result<(), SetupError> {
    setup::check_base(base)?;
    let base = base.trim_end_matches('/');
    let ours: Vec<Page> = all_routes().iter().map(|route| Page::of(route, base)).collect();
    let theirs: Vec<(Page, &Route)> = rocket.routes().map(|route| (Page::of(route, ""), route)).collect();
    for (page, route) in &theirs {
        let Some(ours) = ours.iter().find(|ours| ours.collides(page)) else { continue };
        if is_of_muticket(route) {
            return Err(SetupError::Twice(if base.is_empty() { "/".to_owned() } else { base.to_owned() }));
        }
        let name = route.name.as_deref().map_or_else(String::new, |name| format!(" ({name})"));
        return Err(SetupError::Collision { ours: ours.shown(), theirs: page.shown() + &name });
    }
    let address = host.sign_in("/");
    let path = address.split(['?', '#']).next().unwrap_or_default();
    // The host returns the path as the browser sees it, including the prefix that a proxy removes.
    let path = path.strip_prefix(prefix.trim_end_matches('/')).filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let answered_by_host = theirs.iter().any(|(page, route)| !is_of_muticket(route) && page.answers(path));
    let is_below = match base {
        "" => ours.iter().any(|page| page.answers(path)),
        base => path.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
    };
    if is_below && !answered_by_host { Err(SetupError::SignInBelow(path.to_owned())) } else { Ok(()) }
}

/// The modules of one site, and what each keeps its tickets in.
#[derive(Default)]
pub(crate) struct Neighbours(Mutex<Vec<(String, Arc<dyn Storage>)>>);

impl Neighbours {
    /// Adds a module to the list in the state of the site, unless another one there has the same storage.
    pub(crate) fn join(rocket: Rocket<Build>, base: &str, storage: &Arc<dyn Storage>) -> (Rocket<Build>, Result<(), SetupError>) {
        let rocket = if rocket.state::<Self>().is_some() { rocket } else { rocket.manage(Self::default()) };
        let joined = rocket.state::<Self>().map_or(Ok(()), |neighbours| neighbours.add(base, storage));
        (rocket, joined)
    }

    fn add(&self, base: &str, storage: &Arc<dyn Storage>) -> Result<(), SetupError> {
        let mut modules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((there, _)) = modules.iter().find(|(_, other)| std::ptr::addr_eq(Arc::as_ptr(other), Arc::as_ptr(storage))) {
            return Err(SetupError::SharedStorage { here: base.to_owned(), there: there.clone() });
        }
        modules.push((base.to_owned(), storage.clone()));
        Ok(())
    }
}

fn is_of_muticket(route: &Route) -> bool {
    route.name.as_deref().is_some_and(|name| name.starts_with(NAME))
}

/// The position of a route.
struct Page {
    method: Method,
    rank: isize,
    segments: Vec<String>,
}

impl Page {
    fn of(route: &Route, base: &str) -> Self {
        let path = format!("{base}{}", route.uri.path());
        let segments = path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
        Self { method: route.method, rank: route.rank, segments }
    }

    fn shown(&self) -> String {
        format!("{} /{}", self.method, self.segments.join("/"))
    }

    /// Whether Rocket could not choose between the two routes.
    fn collides(&self, other: &Self) -> bool {
        self.method == other.method && self.rank == other.rank && meet(&self.segments, &other.segments)
    }

    /// Whether it answers a GET for the path.
    fn answers(&self, path: &str) -> bool {
        let asked: Vec<String> = path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
        self.method == Method::Get && meet(&self.segments, &asked)
    }
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

    fn segments(path: &str) -> Vec<String> {
        path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
    }

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
