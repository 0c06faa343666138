//! Changing a property of a ticket: its assignee, its priority, its labels or its category (T-03, T-05, T-06, T-07).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::access::Action;
use crate::categories::Categories;
use crate::desk::Desk;
use crate::desk::labels::set_labels;
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
use crate::settings::Settings;
use crate::storage::Unit;
use crate::supporter::Staff;
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
}

impl NewValue {
    /// The property.
    pub fn property(&self) -> Property {
        match self {
            Self::Assignee(_) => Property::Assignee,
            Self::Priority(_) => Property::Priority,
            Self::Category(_) => Property::Category,
            Self::Labels(_) => Property::Labels,
        }
    }

    fn check(&self, staff: &Staff, categories: &Categories) -> Result<(), Error> {
        let (field, problem) = match self {
            Self::Assignee(Some(user)) if !staff.contains(user) => (Field::Assignee, Problem::Unknown),
            Self::Category(Some(category)) if !categories.is_active(category) => (Field::Category, Problem::Unknown),
            Self::Category(None) if !categories.active().is_empty() => (Field::Category, Problem::Empty),
            _ => return Ok(()),
        };
        let mut problems = Problems::default();
        problems.note(field, problem);
        problems.none()
    }

    /// Changes the ticket. Returns the change, unless the property had this value before. Labels are not part of the ticket.
    fn apply(self, ticket: &mut Ticket) -> Option<Change> {
        match self {
            Self::Assignee(user) => ticket.assign(user.clone()).then_some(Change::Assigned(user)),
            Self::Priority(priority) => ticket.prioritize(priority).then_some(Change::Prioritized(priority)),
            Self::Category(category) => ticket.categorize(category.clone()).then_some(Change::Categorized(category)),
            Self::Labels(_) => None,
        }
    }
}

impl Desk {
    /// Changes a property of a ticket, open or closed. Has no effect if it has this value already. A new assignee is mailed
    /// unless they did it themselves; a new category is told to the supporters to whom the routing then leads. `seen` is the
    /// [version](Ticket::version) of the ticket that the supporter saw.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Denied`] on the supporter's own ticket; [`Error::Overtaken`] if someone else changed this
    /// property since `seen`; [`Error::Invalid`] if the assignee is no supporter, the category is not active, or the labels
    /// are too many or not those of the site; [`Error::Unavailable`].
    pub async fn set(&self, number: TicketNumber, value: NewValue, seen: Option<u32>) -> Result<Ticket, Error> {
        let (actor, situation) = (self.actor(), self.situation.clone());
        let (now, ids) = (self.parts.now(), self.parts.ids.clone());
        let work = move |unit: &mut dyn Unit| {
            let (settings, staff) = actor.settings_and_staff(unit)?;
            let (mut ticket, _) = ticket_for(unit, staff.viewer(&actor.user), number, Action::Organize)?;
            let by = &actor.user.id;
            nobody_overtook(unit, &ticket, value.property(), seen, by)?;
            if let NewValue::Labels(wanted) = &value {
                let known = actor.labels(unit)?;
                set_labels(unit, &known, &mut ticket, wanted, (by, now))?;
                return Ok::<_, Error>(ticket);
            }
            let office = Office { settings: &settings, staff: &staff, categories: &situation.categories };
            change(unit, &mut ticket, value.clone(), office, (by, now, &*ids))?;
            Ok(ticket)
        };
        let ticket = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(ticket)
    }

    /// Assigns a ticket to another supporter, with a note for them (T-03). They get one letter, which quotes the note. Has no
    /// effect if they are the assignee already, so a form that is sent twice counts once.
    ///
    /// # Errors
    /// As [`set`](Self::set); [`Error::Invalid`] also if the note is empty or too long.
    pub async fn hand_over(&self, number: TicketNumber, to: UserId, note: &str, seen: Option<u32>) -> Result<Ticket, Error> {
        let (actor, note) = (self.actor(), note.to_owned());
        let (now, ids) = (self.parts.now(), self.parts.ids.clone());
        let work = move |unit: &mut dyn Unit| {
            let staff = actor.staff(unit)?;
            let (mut ticket, _) = ticket_for(unit, staff.viewer(&actor.user), number, Action::Organize)?;
            let by = &actor.user.id;
            nobody_overtook(unit, &ticket, Property::Assignee, seen, by)?;
            let mut problems = Problems::default();
            if !staff.contains(&to) {
                problems.note(Field::Assignee, Problem::Unknown);
            }
            let body = problems.check(Field::Note, Body::parse(&note));
            let Some(body) = body else { return Err(problems.into_error()) };
            problems.none()?;
            if !ticket.assign(Some(to.clone())) {
                return Ok::<_, Error>(ticket);
            }
            record(unit, &ticket, by, now, Change::Assigned(Some(to.clone())))?;
            let place = ticket.note();
            record(unit, &ticket, by, now, Change::Noted(place))?;
            let note = Note::new((number, place), ticket.last_message, by.clone(), body, now);
            unit.notes().insert(&note)?;
            if to != *by {
                tell_of_note(unit, &*ids, Notification::TicketAssigned, &note, now, [&to])?;
            }
            Ok(ticket)
        };
        let ticket = self.parts.storage.run_write(work).await?;
        self.parts.ring();
        Ok(ticket)
    }
}

/// What a new value is checked against.
#[derive(Clone, Copy)]
pub(crate) struct Office<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) staff: &'a Staff,
    pub(crate) categories: &'a Categories,
}

/// Gives a property of a ticket its new value, and mails those who have to know. Has no effect if it has this value already.
pub(crate) fn change(
    unit: &mut dyn Unit,
    ticket: &mut Ticket,
    value: NewValue,
    office: Office<'_>,
    (by, now, ids): (&UserId, DateTime<Utc>, &dyn Ids),
) -> Result<(), Error> {
    value.check(office.staff, office.categories)?;
    let Some(change) = value.clone().apply(ticket) else { return Ok(()) };
    record(unit, ticket, by, now, change)?;
    let (notification, recipients) = match &value {
        NewValue::Assignee(Some(user)) if user != by => (Notification::TicketAssigned, vec![user]),
        NewValue::Category(Some(_)) => {
            (Notification::CategoryChanged, routing::supporters_for(office.staff, office.settings, ticket, by))
        }
        _ => return Ok(()),
    };
    tell_of_change(unit, ids, notification, ticket, now, recipients)
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
