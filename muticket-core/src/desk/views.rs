//! Saved views of the list: a supporter keeps their own, and an administrator among them shares some with all (T-12).

use crate::access::{SiteAction, allows_on_site};
use crate::desk::Desk;
use crate::error::{Error, Problems};
use crate::id::{SavedViewId, UserId};
use crate::overview::{AssigneeFilter, Filter, SavedViews};
use crate::problem::{Field, Problem};
use crate::saved_view::{FirstView, MAX_SAVED_VIEWS, SavedView, ViewFilter, ViewName};
use crate::situation::Actor;
use crate::storage::Unit;
use crate::supporter::Staff;

/// The saved views that a supporter may open.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Views {
    /// Their own, sorted by id.
    pub own: Vec<SavedView>,
    /// Those that all supporters share, sorted by id.
    pub shared: Vec<SavedView>,
    /// The view that they open first; `None` if they chose none, or if it is gone.
    pub first: Option<FirstView>,
    /// Whether they may share views, and change the shared ones.
    pub may_share: bool,
}

impl Desk {
    /// Lists the supporter's own saved views and the shared ones.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they are no supporter any more; [`Error::Unavailable`].
    pub async fn views(&self) -> Result<Views, Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            let staff = staff_for_views(unit, &actor)?;
            let SavedViews { all, first } = SavedViews::read(unit, &actor.user.id)?;
            let (own, shared) = all.into_iter().partition(|view| view.owner.is_some());
            Ok::<_, Error>(Views { own, shared, first, may_share: may_share(&staff, &actor).is_ok() })
        };
        self.parts.storage.run_read(work).await
    }

    /// Finds a saved view that they may change, to ask before it is deleted.
    ///
    /// # Errors
    /// As [`delete_view`](Self::delete_view).
    pub async fn view_to_change(&self, id: SavedViewId) -> Result<SavedView, Error> {
        let actor = self.actor();
        self.parts.storage.run_read(move |unit: &mut dyn Unit| to_change(unit, &actor, id)).await
    }

    /// Saves a list as a view of their own. Its page and its place are not saved.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they are no supporter any more; [`Error::Invalid`] for the name, if a part of the list cannot be
    /// read, or if they have [too many](MAX_SAVED_VIEWS); [`Error::Unavailable`].
    pub async fn save_view(&self, name: &str, list: &Filter) -> Result<SavedView, Error> {
        let (actor, list, name) = (self.actor(), list.clone(), ViewName::parse(name));
        let id = SavedViewId(self.parts.ids.next());
        let work = move |unit: &mut dyn Unit| {
            staff_for_views(unit, &actor)?;
            let mut problems = Problems::default();
            let name = problems.check(Field::ViewName, name.clone());
            let filter = problems.check(Field::ViewFilter, kept(list.clone().settled(unit, &actor.user.id)?));
            let (Some(name), Some(filter)) = (name, filter) else { return Err(problems.into_error()) };
            let view = SavedView { id, owner: Some(actor.user.id.clone()), name, filter };
            fits(unit, &actor, &view, Room::Needed)?;
            unit.saved_views().insert(&view)?;
            Ok(view)
        };
        self.parts.storage.run_write(work).await
    }

    /// Renames a saved view.
    ///
    /// # Errors
    /// As [`delete_view`](Self::delete_view); [`Error::Invalid`] for the name.
    pub async fn rename_view(&self, id: SavedViewId, name: &str) -> Result<(), Error> {
        let (actor, name) = (self.actor(), ViewName::parse(name));
        let work = move |unit: &mut dyn Unit| {
            let before = to_change(unit, &actor, id)?;
            let name = name.clone().map_err(|problem| invalid(Field::ViewName, problem))?;
            let view = SavedView { name, ..before };
            fits(unit, &actor, &view, Room::Has)?;
            stored(unit, &view)
        };
        self.parts.storage.run_write(work).await
    }

    /// Replaces what a saved view holds by the tickets of a list, in its order.
    ///
    /// # Errors
    /// As [`delete_view`](Self::delete_view); [`Error::Invalid`] if a part of the list cannot be read.
    pub async fn replace_view(&self, id: SavedViewId, list: &Filter) -> Result<(), Error> {
        let (actor, list) = (self.actor(), list.clone());
        let work = move |unit: &mut dyn Unit| {
            let before = to_change(unit, &actor, id)?;
            let filter = kept(list.clone().settled(unit, &actor.user.id)?);
            let filter = filter.map_err(|problem| invalid(Field::ViewFilter, problem))?;
            stored(unit, &SavedView { filter, ..before })
        };
        self.parts.storage.run_write(work).await
    }

    /// Deletes a saved view. Supporters who had chosen it as their first view have none afterwards.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for those of other supporters; [`Error::Denied`] for a shared one below level *Admin*;
    /// [`Error::Unavailable`].
    pub async fn delete_view(&self, id: SavedViewId) -> Result<(), Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            to_change(unit, &actor, id)?;
            unit.saved_views().delete(id)?;
            Ok::<_, Error>(())
        };
        self.parts.storage.run_write(work).await
    }

    /// Shares one of their own views with all supporters.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for views of other supporters; [`Error::Denied`] below level *Admin*; [`Error::Invalid`] if a shared
    /// view has the name, or if there are [too many](MAX_SAVED_VIEWS); [`Error::Unavailable`].
    pub async fn share_view(&self, id: SavedViewId) -> Result<(), Error> {
        self.give_view(id, |_| None).await
    }

    /// Takes a shared view back. It is then one of the supporter's own, even if someone else shared it.
    ///
    /// # Errors
    /// As [`share_view`](Self::share_view), for the names and the number of their own views.
    pub async fn unshare_view(&self, id: SavedViewId) -> Result<(), Error> {
        self.give_view(id, |actor| Some(actor.user.id.clone())).await
    }

    async fn give_view(&self, id: SavedViewId, owner: fn(&Actor) -> Option<UserId>) -> Result<(), Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            let staff = staff_for_views(unit, &actor)?;
            let before = visible(unit, &actor, id)?;
            may_share(&staff, &actor)?;
            let view = SavedView { owner: owner(&actor), ..before.clone() };
            if view.owner == before.owner {
                return Ok(());
            }
            fits(unit, &actor, &view, Room::Needed)?;
            stored(unit, &view)
        };
        self.parts.storage.run_write(work).await
    }

    /// Chooses the view that opens first; `None` for none.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they may not open the view; [`Error::Unavailable`].
    pub async fn open_first(&self, first: Option<FirstView>) -> Result<(), Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            staff_for_views(unit, &actor)?;
            if let Some(FirstView::Saved(id)) = first {
                visible(unit, &actor, id)?;
            }
            Ok::<_, Error>(unit.saved_views().set_first(&actor.user.id, first)?)
        };
        self.parts.storage.run_write(work).await
    }

    /// Whether the supporter chose a view that opens first, and it is still there.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn has_first_view(&self) -> Result<bool, Error> {
        let user = self.user.id.clone();
        let work = move |unit: &mut dyn Unit| Ok::<_, Error>(SavedViews::read(unit, &user)?.first.is_some());
        self.parts.storage.run_read(work).await
    }
}

fn staff_for_views(unit: &mut dyn Unit, actor: &Actor) -> Result<Staff, Error> {
    let staff = actor.staff(unit)?;
    allows_on_site(staff.viewer(&actor.user), SiteAction::SavedViews).obey()?;
    Ok(staff)
}

fn may_share(staff: &Staff, actor: &Actor) -> Result<(), Error> {
    allows_on_site(staff.viewer(&actor.user), SiteAction::ShareViews).obey()
}

/// A saved view that the supporter may open.
fn visible(unit: &mut dyn Unit, actor: &Actor, id: SavedViewId) -> Result<SavedView, Error> {
    let found = unit.saved_views().find(id)?;
    found.filter(|view| view.is_for(&actor.user.id)).ok_or(Error::NotFound)
}

/// A saved view that the supporter may change.
fn to_change(unit: &mut dyn Unit, actor: &Actor, id: SavedViewId) -> Result<SavedView, Error> {
    let staff = staff_for_views(unit, actor)?;
    let view = visible(unit, actor, id)?;
    if view.owner.is_none() {
        may_share(&staff, actor)?;
    }
    Ok(view)
}

fn stored(unit: &mut dyn Unit, view: &SavedView) -> Result<(), Error> {
    if unit.saved_views().update(view)? { Ok(()) } else { Err(Error::NotFound) }
}

/// What a saved view keeps of a list. What cannot be read, and ids that no database can store, cannot be kept.
fn kept(list: Filter) -> Result<ViewFilter, Problem> {
    let filter = list.to_save();
    let assignee = match &filter.assignee {
        Some(AssigneeFilter::User(user)) => Some(user),
        Some(AssigneeFilter::Me | AssigneeFilter::Nobody) | None => None,
    };
    let is_fit = [
        filter.category.as_ref().is_none_or(|category| category.check().is_ok()),
        filter.customer.iter().chain(assignee).all(|user| user.check().is_ok()),
        !list.unreadable && !list.desk.unreadable,
    ];
    if is_fit.contains(&false) { Err(Problem::Unknown) } else { Ok(filter) }
}

/// Whether a view needs a place among those of its owner.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    /// It is new there.
    Needed,
    /// It is there already.
    Has,
}

/// Supporters choose by name, so the names of one owner must not look the same.
fn fits(unit: &mut dyn Unit, actor: &Actor, view: &SavedView, room: Room) -> Result<(), Error> {
    let mut others = unit.saved_views().list(&actor.user.id)?;
    others.retain(|other| other.owner == view.owner && other.id != view.id);
    if room == Room::Needed && others.len() >= MAX_SAVED_VIEWS {
        return Err(invalid(Field::ViewName, Problem::TooMany { max: MAX_SAVED_VIEWS }));
    }
    let is_taken = others.iter().any(|other| other.name.looks_like(&view.name));
    if is_taken { Err(invalid(Field::ViewName, Problem::Taken)) } else { Ok(()) }
}

fn invalid(field: Field, problem: Problem) -> Error {
    let mut problems = Problems::default();
    problems.note(field, problem);
    problems.into_error()
}
