//! The labels of a ticket (T-06).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::error::{Error, Problems};
use crate::history::Change;
use crate::id::{LabelId, UserId};
use crate::label::Label;
use crate::problem::{Field, Problem};
use crate::record::record;
use crate::storage::Unit;
use crate::ticket::Ticket;

/// How the labels of a ticket change.
#[derive(Debug, Clone, Copy)]
pub(super) enum LabelChange<'a> {
    /// The ticket has exactly these.
    All(&'a BTreeSet<LabelId>),
    /// The ticket has these, beside its others.
    Add(&'a BTreeSet<LabelId>),
    /// The ticket does not have this one.
    Remove(LabelId),
}

impl LabelChange<'_> {
    fn wanted(self, has: &BTreeSet<LabelId>) -> BTreeSet<LabelId> {
        match self {
            Self::All(these) => these.clone(),
            Self::Add(these) => has.union(these).copied().collect(),
            Self::Remove(label) => has.iter().copied().filter(|id| *id != label).collect(),
        }
    }
}

/// Changes the labels of a ticket. Each label that is put on or taken off is one entry of the history.
///
/// # Errors
/// [`Error::Invalid`] if there are too many labels, or one is not known to the site; [`Error::Unavailable`].
pub(super) fn change_labels(
    unit: &mut dyn Unit,
    known: &[Label],
    ticket: &mut Ticket,
    change: LabelChange<'_>,
    (by, now): (&UserId, DateTime<Utc>),
) -> Result<(), Error> {
    let has: BTreeSet<LabelId> = unit.labels().of(&[ticket.number])?.into_iter().map(|(_, label)| label).collect();
    let wanted = change.wanted(&has);
    let mut problems = Problems::default();
    if wanted.difference(&has).any(|id| known.iter().all(|label| label.id != *id)) {
        problems.note(Field::Label, Problem::Unknown);
    }
    if wanted.len() > Label::MAX_ON_TICKET {
        problems.note(Field::Label, Problem::TooMany { max: Label::MAX_ON_TICKET });
    }
    problems.none()?;
    for label in known {
        let change = match (has.contains(&label.id), wanted.contains(&label.id)) {
            (false, true) => Change::Labelled(label.name.clone()),
            (true, false) => Change::Unlabelled(label.name.clone()),
            _ => continue,
        };
        let is_put_on = matches!(change, Change::Labelled(_));
        ticket.labels_changed();
        record(unit, ticket, by, now, change)?;
        if is_put_on {
            unit.labels().put_on(ticket.number, label.id)?;
        } else {
            unit.labels().take_off(ticket.number, label.id)?;
        }
    }
    Ok(())
}
