//! Changing a property of a ticket: its assignee, its priority, its labels or its category (T-03, T-05, T-06, T-07).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::access::Action;
use crate::desk::Desk;
use crate::desk::labels::{LabelChange, change_labels};
use crate::draft::{tell_of_change, tell_of_note};
use crate::error::{Error, Problems};
use crate::history::{Change, HistoryEntry, Property};
use crate::id::{CategoryId, Ids, LabelId, TicketNumber, UserId};
use crate::lookup::ticket_for;
use crate::note::Note;
use crate::notification::Notification;
use crate::problem::{Field, Problem};
use crate::record::record;
use crate::routing;
use crate::situation::CurrentSite;
use crate::storage::Unit;
use crate::ticket::{Body, Priority, Ticket};
use crate::viewer::Side;

/// The new value of a property of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NewValue {
    /// The supporter who works on it; `None` releases it.
    Assignee(Option<UserId>),
    /// How urgent it is.
    Priority(Priority),
    /// Its category; `None` only if no categories are active (D-08).
    Category(Option<CategoryId>),
    /// All its labels, at most [`Label::MAX_ON_TICKET`](crate::label::Label::MAX_ON_TICKET). The others are taken off.
    Labels(BTreeSet<LabelId>),
    /// Labels beside those that it has. With them it has at most that many, too.
    AddLabels(BTreeSet<LabelId>),
    /// A label that is taken off. Has no effect if the site does not have it any more.
    RemoveLabel(LabelId),
}

impl NewValue {
    /// The property.
    pub fn property(&self) -> Property {
        match self {
            Self::Assignee(_) => Property::Assignee,
            Self::Priority(_) => Property::Priority,
            Self::Category(_) => Property::Category,
            Self::Labels(_) | Self::AddLabels(_) | Self::RemoveLabel(_) => Property::Labels,
        }
    }

    fn check(&self, site: &CurrentSite, problems: &mut Problems) {
        let (field, problem) = match self {
            Self::Assignee(Some(user)) if !site.staff.contains(user) => (Field::Assignee, Problem::Unknown),
            Self::Category(Some(category)) if !site.categories().is_active(category) => (Field::Category, Problem::Unknown),
            Self::Category(None) if !site.categories().active().is_empty() => (Field::Category, Problem::Empty),
            _ => return,
        };
        problems.note(field, problem);
    }
}

impl Desk {
    /// Changes a property of a ticket, open or closed. Has no effect if it has this value already. A new assignee is mailed
    /// unless they did it themselves; the supporters of the new category are mailed. `seen` is the
    /// [version](Ticket::version) of the ticket that the supporter saw.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Overtaken`] if someone else changed this
    /// property since `seen`; [`Error::Invalid`] if the assignee is no supporter, the category is not active, or the labels
    /// are too many or not those of the site; [`Error::Unavailable`].
    pub async fn set(&self, number: TicketNumber, value: NewValue, seen: Option<u32>) -> Result<Ticket, Error> {
        self.set_with_note(number, value, None, seen).await
    }

    /// Assigns a ticket to another supporter, with a note for them (T-03). They get one letter, which quotes the note. Has no
    /// effect if they are the assignee already, so a form that is sent twice counts once.
    ///
    /// # Errors
    /// As [`set`](Self::set); [`Error::Invalid`] also if the note is empty or too long.
    pub async fn hand_over(&self, number: TicketNumber, to: UserId, note: &str, seen: Option<u32>) -> Result<Ticket, Error> {
        self.set_with_note(number, NewValue::Assignee(Some(to)), Some(note.to_owned()), seen).await
    }

    async fn set_with_note(
        &self,
        number: TicketNumber,
        value: NewValue,
        note: Option<String>,
        seen: Option<u32>,
    ) -> Result<Ticket, Error> {
        let (actor, situation) = (self.actor(), self.situation.clone());
        let (now, ids) = (self.parts.now(), self.parts.ids.clone());
        let work = move |unit: &mut dyn Unit| {
            let site = actor.site(unit, &situation)?;
            let (mut ticket, _) = ticket_for(unit, site.staff.viewer(&actor.user), number, Action::Organize)?;
            let by = &actor.user.id;
            nobody_overtook(unit, &ticket, value.property(), seen, by)?;
            let mut problems = Problems::default();
            let note = note.as_ref().and_then(|note| problems.check(Field::Note, Body::parse(note)));
            value.check(&site, &mut problems);
            problems.none()?;
            change(unit, &mut ticket, &value, note, &site, (by, now, &*ids))?;
            Ok::<_, Error>(ticket)
        };
        let ticket = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(ticket)
    }
}

/// Gives a property of a ticket its new value, and mails those who have to know. Has no effect if it has this value already.
pub(crate) fn change_checked(
    unit: &mut dyn Unit,
    ticket: &mut Ticket,
    value: &NewValue,
    site: &CurrentSite,
    by: (&UserId, DateTime<Utc>, &dyn Ids),
) -> Result<(), Error> {
    let mut problems = Problems::default();
    value.check(site, &mut problems);
    problems.none()?;
    change(unit, ticket, value, None, site, by)
}

/// The same for a value that was checked. The note is stored only if the value is new, and the letter quotes it.
fn change(
    unit: &mut dyn Unit,
    ticket: &mut Ticket,
    value: &NewValue,
    note: Option<Body>,
    site: &CurrentSite,
    (by, now, ids): (&UserId, DateTime<Utc>, &dyn Ids),
) -> Result<(), Error> {
    let mut set_labels =
        |ticket: &mut Ticket, change| change_labels(unit, site.labels(), ticket, change, (by, now)).map(|()| None);
    let changed = match value {
        NewValue::Assignee(user) => ticket.assign(user.clone()).then(|| Change::Assigned(user.clone())),
        NewValue::Priority(priority) => ticket.prioritize(*priority).then_some(Change::Prioritized(*priority)),
        NewValue::Category(category) => ticket.categorize(category.clone()).then(|| Change::Categorized(category.clone())),
        NewValue::Labels(labels) => set_labels(ticket, LabelChange::All(labels))?,
        NewValue::AddLabels(labels) => set_labels(ticket, LabelChange::Add(labels))?,
        NewValue::RemoveLabel(label) => set_labels(ticket, LabelChange::Remove(*label))?,
    };
    let Some(changed) = changed else { return Ok(()) };
    record(unit, ticket, by, now, changed)?;
    let note = note.map(|body| add_note(unit, ticket, body, by, now)).transpose()?;
    let (notification, recipients) = match value {
        NewValue::Assignee(Some(user)) if user != by => (Notification::TicketAssigned, vec![user]),
        NewValue::Category(Some(_)) => {
            (Notification::CategoryChanged, routing::supporters_for(&site.staff, site.settings(), ticket, by))
        }
        _ => return Ok(()),
    };
    match note {
        Some(note) => tell_of_note(unit, ids, notification, &note, now, recipients),
        None => tell_of_change(unit, ids, notification, ticket, now, recipients),
    }
}

/// Adds the note that comes with a change.
fn add_note(unit: &mut dyn Unit, ticket: &mut Ticket, body: Body, by: &UserId, now: DateTime<Utc>) -> Result<Note, Error> {
    let place = ticket.note();
    record(unit, ticket, by, now, Change::Noted(place))?;
    let note = Note::new((ticket.number, place), ticket.last_message, by.clone(), body, now);
    unit.notes().insert(&note)?;
    Ok(note)
}

/// Refuses to change a property that someone else changed since the version that the supporter saw.
fn nobody_overtook(
    unit: &mut dyn Unit,
    ticket: &Ticket,
    property: Property,
    seen: Option<u32>,
    by: &UserId,
) -> Result<(), Error> {
    let Some(seen) = seen.filter(|seen| *seen < ticket.version) else { return Ok(()) };
    let since = unit.histories().list(ticket.number, Side::Desk, Some(seen))?;
    let is_other = |entry: &HistoryEntry| entry.change.property() == Some(property) && entry.by != *by;
    match since.into_iter().rfind(is_other) {
        Some(entry) => Err(Error::Overtaken(entry)),
        None => Ok(()),
    }
}
