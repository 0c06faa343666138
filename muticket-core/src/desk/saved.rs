//! Saved answers: a supporter manages their own, and inserts their own and the shared ones into answers (T-08).

use crate::access::{Action, SiteAction, allows_on_site};
use crate::desk::Desk;
use crate::error::{Error, Problems};
use crate::id::{SavedAnswerId, TicketNumber};
use crate::language::Language;
use crate::lookup::ticket_for;
use crate::names::readable;
use crate::problem::{Field, Problem};
use crate::refusal::Denial;
use crate::saved_answer::{Actions, Assign, ListedAnswer, Part, Placeholder, SavedAnswer, fill};
use crate::saved_draft::{self, Around, NewSavedAnswer, SavedChoices, sort};
use crate::situation::{Actor, Situation};
use crate::storage::Unit;
use crate::supporter::Staff;
use crate::user::{AccessLevel, User};

/// What the site knows and the helpdesk does not, for the placeholders of a saved answer.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The name of the site, if it has one.
    pub site: Option<String>,
    /// The public URL of the ticket, if the site states its own.
    pub link: Option<String>,
    /// The language for customers whose language the host does not know.
    pub language: Language,
}

/// A saved answer that was filled in for a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Insertion {
    /// The saved answer.
    pub id: SavedAnswerId,
    /// The text in the customer's language, with the gaps in it.
    pub parts: Vec<Part>,
    /// What happens when the answer is sent, as far as it can: without an assignee who is no supporter any more, a category that
    /// was removed, and labels that were removed.
    pub actions: Actions,
}

impl Desk {
    /// Lists the shared saved answers and those of this supporter: the most used ones first, and the others by title.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they are no supporter any more; [`Error::Unavailable`].
    pub async fn saved_answers(&self) -> Result<Vec<ListedAnswer>, Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            staff_for_saved(unit, &actor)?;
            Ok::<_, Error>(unit.saved_answers().list(Some(&actor.user.id))?)
        };
        let mut answers = self.parts.storage.run_read(work).await?;
        sort(&mut answers, &self.user.language.clone().unwrap_or_else(Language::english));
        Ok(answers)
    }

    /// Finds a saved answer, shared or their own.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for those of other supporters; [`Error::Unavailable`].
    pub async fn saved_answer(&self, id: SavedAnswerId) -> Result<SavedAnswer, Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            staff_for_saved(unit, &actor)?;
            visible(unit, &actor, id)
        };
        self.parts.storage.run_read(work).await
    }

    /// Finds a saved answer of their own, to change it.
    ///
    /// # Errors
    /// As [`delete_saved_answer`](Self::delete_saved_answer).
    pub async fn own_saved_answer(&self, id: SavedAnswerId) -> Result<SavedAnswer, Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            staff_for_saved(unit, &actor)?;
            own(unit, &actor, id)
        };
        self.parts.storage.run_read(work).await
    }

    /// The values to choose from in the form of a saved answer.
    pub fn saved_choices(&self) -> SavedChoices {
        around(&self.situation, &self.situation.staff).choices()
    }

    /// Adds a saved answer of their own.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they are no supporter any more; [`Error::Invalid`], also if they have
    /// [too many](crate::MAX_SAVED_ANSWERS); [`Error::Unavailable`].
    pub async fn add_saved_answer(&self, new: NewSavedAnswer) -> Result<SavedAnswer, Error> {
        let (actor, situation) = (self.actor(), self.situation.clone());
        let id = SavedAnswerId(self.parts.ids.next());
        let work = move |unit: &mut dyn Unit| {
            let staff = staff_for_saved(unit, &actor)?;
            saved_draft::add(unit, &new, (id, Some(&actor.user.id)), around(&situation, &staff))
        };
        self.parts.storage.run_write(work).await
    }

    /// Changes a saved answer of their own.
    ///
    /// # Errors
    /// As [`delete_saved_answer`](Self::delete_saved_answer); [`Error::Invalid`].
    pub async fn edit_saved_answer(&self, id: SavedAnswerId, new: NewSavedAnswer) -> Result<SavedAnswer, Error> {
        let (actor, situation) = (self.actor(), self.situation.clone());
        let work = move |unit: &mut dyn Unit| {
            let staff = staff_for_saved(unit, &actor)?;
            let before = own(unit, &actor, id)?;
            saved_draft::edit(unit, &before, &new, around(&situation, &staff))
        };
        self.parts.storage.run_write(work).await
    }

    /// Deletes a saved answer of their own.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for those of other supporters; [`Error::Denied`] for a shared one, which administrators manage;
    /// [`Error::Unavailable`].
    pub async fn delete_saved_answer(&self, id: SavedAnswerId) -> Result<(), Error> {
        let actor = self.actor();
        let work = move |unit: &mut dyn Unit| {
            staff_for_saved(unit, &actor)?;
            own(unit, &actor, id)?;
            unit.saved_answers().delete(id)?;
            Ok::<_, Error>(())
        };
        self.parts.storage.run_write(work).await
    }

    /// Fills in a saved answer for a ticket, in the customer's language. Stores nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the ticket; [`Error::Denied`] on the supporter's own ticket; [`Error::Invalid`] if there is no such
    /// saved answer for this supporter; [`Error::Unavailable`].
    pub async fn insert_saved(
        &self,
        number: TicketNumber,
        id: SavedAnswerId,
        surroundings: Surroundings,
    ) -> Result<Insertion, Error> {
        let (actor, staff) = (self.actor(), &self.situation.staff);
        let work = move |unit: &mut dyn Unit| {
            let staff = actor.staff(unit)?;
            let (ticket, _) = ticket_for(unit, staff.viewer(&actor.user), number, Action::Answer)?;
            Ok::<_, Error>((ticket, visible(unit, &actor, id).map_err(unknown)?))
        };
        let (ticket, answer) = self.parts.storage.run_read(work).await?;
        let people = self.situation.people(&self.parts, std::iter::once(&ticket.customer)).await?;
        let customer = people.get(&ticket.customer);
        let language = customer.and_then(|customer| customer.language.clone()).unwrap_or(surroundings.language);
        let categories = &self.situation.categories;
        let category = || categories.find(ticket.category.as_ref()?).map(|category| category.name(&language).to_owned());
        let name = |user: &User| readable(&user.name);
        let value = |placeholder| match placeholder {
            Placeholder::Customer => customer.and_then(name),
            Placeholder::Supporter => name(&self.user),
            Placeholder::Number => Some(ticket.number.to_string()),
            Placeholder::Subject => Some(ticket.subject.as_str().to_owned()),
            Placeholder::Category => category(),
            Placeholder::Site => surroundings.site.clone(),
            Placeholder::Link => surroundings.link.clone(),
        };
        let parts = fill(answer.text(&language).unwrap_or_default(), value);
        let mut actions = answer.actions;
        actions.assign.take_if(|assign| matches!(assign, Assign::To(user) if !staff.contains(user)));
        actions.category.take_if(|category| !categories.is_active(category));
        actions.labels.retain(|id| self.situation.labels().iter().any(|label| label.id == *id));
        Ok(Insertion { id, parts, actions })
    }
}

fn staff_for_saved(unit: &mut dyn Unit, actor: &Actor) -> Result<Staff, Error> {
    let staff = actor.staff(unit)?;
    allows_on_site(staff.viewer(&actor.user), SiteAction::SavedAnswers).obey()?;
    Ok(staff)
}

/// What a saved answer is checked against, with the current supporters.
fn around<'a>(situation: &'a Situation, staff: &'a Staff) -> Around<'a> {
    Around { staff, ..Around::of(situation) }
}

/// A saved answer that the supporter may read.
fn visible(unit: &mut dyn Unit, actor: &Actor, id: SavedAnswerId) -> Result<SavedAnswer, Error> {
    let found = unit.saved_answers().find(id)?;
    found.filter(|answer| answer.is_for(&actor.user.id)).ok_or(Error::NotFound)
}

/// A saved answer that the supporter may change.
fn own(unit: &mut dyn Unit, actor: &Actor, id: SavedAnswerId) -> Result<SavedAnswer, Error> {
    let answer = visible(unit, actor, id)?;
    if answer.owner.is_some() { Ok(answer) } else { Err(Denial::Level(AccessLevel::Admin).into()) }
}

/// A saved answer that is missing is a wrong choice in a form, which must not lose the text in it.
fn unknown(error: Error) -> Error {
    if !matches!(error, Error::NotFound) {
        return error;
    }
    let mut problems = Problems::default();
    problems.note(Field::SavedAnswer, Problem::Unknown);
    problems.into_error()
}
