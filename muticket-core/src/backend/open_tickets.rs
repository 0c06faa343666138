//! How many open tickets there are, by assignee, label and priority (T-03, T-05, T-06).

use std::collections::{BTreeMap, BTreeSet};

use crate::backend::{Backend, Freshness};
use crate::error::Error;
use crate::id::UserId;
use crate::label::Label;
use crate::settings::Settings;
use crate::storage::{Assigned, Counts, Reach, StateFilter, StorageError, Unit, View};
use crate::ticket::Priority;
use crate::user::User;

/// The numbers of open tickets, each counted up to [`Counts::MANY`].
///
/// Tickets that the administrator opened as a customer are not counted: they would learn what the desk knows about them (T-01).
/// So each number is that of the list of a supporter, which leaves out their own tickets, too.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct OpenTickets {
    /// The tickets of nobody. An assignee who is no supporter any more counts as nobody (T-03).
    pub nobodys: u32,
    /// Those of each supporter, in the order of their records.
    pub assigned: Vec<(User, u32)>,
    /// Those with each label, oldest label first. A ticket with several labels is counted for each.
    /// [`sort_labels`](crate::label::sort_labels) sorts labels by name.
    pub labelled: Vec<(Label, u32)>,
    /// Those of each priority, least urgent first.
    pub prioritized: Vec<(Priority, u32)>,
    /// Whether the administrator is also a supporter, who can open the lists of these tickets. The backend itself shows no
    /// tickets.
    pub tickets_readable: bool,
}

/// What one unit counted. It does not know yet who is a supporter.
struct Counted {
    unassigned: u32,
    assigned: BTreeMap<UserId, u32>,
    labelled: Vec<(Label, u32)>,
    prioritized: Vec<(Priority, u32)>,
}

impl Backend {
    /// Counts the open tickets.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn open_tickets(&self) -> Result<OpenTickets, Error> {
        let me = self.user.id.clone();
        let work = move |unit: &mut dyn Unit, _: &Settings| Ok(count(unit, &me)?);
        let (Counted { unassigned, mut assigned, labelled, prioritized }, situation) =
            self.read(Freshness::Stale, work, |_| Vec::new()).await?;
        let staff = &situation.staff;
        let of_supporters = staff.users().map(|user| (user.clone(), assigned.remove(&user.id).unwrap_or_default())).collect();
        // Those who are left are no supporters any more.
        let nobodys = assigned.values().fold(unassigned, |sum, count| sum.saturating_add(*count)).min(Counts::MANY);
        let tickets_readable = staff.contains(&self.user.id);
        Ok(OpenTickets { nobodys, assigned: of_supporters, labelled, prioritized, tickets_readable })
    }
}

/// Counts all tickets except those of `me`.
fn count(unit: &mut dyn Unit, me: &UserId) -> Result<Counted, StorageError> {
    let mut users: BTreeSet<UserId> = unit.overviews().assignees()?.into_iter().collect();
    users.extend(unit.supporters().list()?.into_iter().map(|record| record.user));
    let labels = unit.labels().list()?;
    let open = || View { state: StateFilter::Open, except: Some(me.clone()), ..View::of(Reach::All) };
    let mut views = vec![View { assigned: Assigned::ToNobodyBut(BTreeSet::new()), ..open() }];
    views.extend(users.iter().map(|user| View { assigned: Assigned::To(user.clone()), ..open() }));
    views.extend(labels.iter().map(|label| View { label: Some(label.id), ..open() }));
    views.extend(Priority::ALL.iter().map(|priority| View { priority: Some(*priority), ..open() }));
    let mut counts = unit.overviews().count(&views)?.into_iter();
    let mut next = || counts.next().unwrap_or_default();
    Ok(Counted {
        unassigned: next(),
        assigned: users.into_iter().map(|user| (user, next())).collect(),
        labelled: labels.into_iter().map(|label| (label, next())).collect(),
        prioritized: Priority::ALL.iter().map(|priority| (*priority, next())).collect(),
    })
}
