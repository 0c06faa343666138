//! Saved answers as people type them, and the rules for what is kept (T-08).

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::categories::Categories;
use crate::category::{parse_name, sort_texts};
use crate::characters::{is_blank, name_key};
use crate::error::{Error, Problems};
use crate::id::{CategoryId, LabelId, SavedAnswerId, UserId};
use crate::label::Label;
use crate::language::Language;
use crate::problem::{Field, Problem};
use crate::saved_answer::{Actions, Assign, ListedAnswer, SavedAnswer, unknown_placeholder};
use crate::situation::Situation;
use crate::storage::Unit;
use crate::supporter::Staff;
use crate::ticket::Body;
use crate::user::User;

/// The most saved answers that are shared, and the most that one supporter has of their own.
pub const MAX_SAVED_ANSWERS: usize = 300;

/// A saved answer as its author typed it.
#[derive(Debug, Clone, Default)]
pub struct NewSavedAnswer {
    /// The title.
    pub title: String,
    /// A text for each language. Blank ones are skipped. It is an error if all are blank, or if one language has two.
    pub texts: Vec<(Language, String)>,
    /// The categories for whose tickets it is offered; empty for all.
    pub categories: BTreeSet<CategoryId>,
    /// What happens when the answer is sent.
    pub actions: Actions,
}

/// The values to choose from in the form of a saved answer.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SavedChoices {
    /// The categories for which it can be offered.
    pub categories: Categories,
    /// The supporters to whom it can assign a ticket.
    pub supporters: Vec<User>,
    /// The labels that it can put on, oldest first.
    pub labels: Vec<Label>,
}

/// What a saved answer is checked against.
#[derive(Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) staff: &'a Staff,
    pub(crate) categories: &'a Categories,
    pub(crate) labels: &'a [Label],
}

impl<'a> Around<'a> {
    pub(crate) fn of(situation: &'a Situation) -> Self {
        Self { staff: &situation.staff, categories: &situation.categories, labels: situation.labels() }
    }

    pub(crate) fn choices(self) -> SavedChoices {
        SavedChoices {
            categories: self.categories.clone(),
            supporters: self.staff.users().cloned().collect(),
            labels: self.labels.to_vec(),
        }
    }
}

impl NewSavedAnswer {
    /// Checks what was typed. What a stored one already had may stay, even if it can no longer be chosen, except for
    /// labels that were removed: those are left out.
    fn check(
        &self,
        (id, owner): (SavedAnswerId, Option<UserId>),
        before: Option<&SavedAnswer>,
        around: Around<'_>,
    ) -> Result<SavedAnswer, Error> {
        let mut problems = Problems::default();
        let title = problems.check(Field::Title, parse_name(&self.title));
        let texts = self.texts(&mut problems);
        let known = |category: &CategoryId| {
            around.categories.find(category).is_some() || before.is_some_and(|before| before.categories.contains(category))
        };
        if !self.categories.iter().all(known) {
            problems.note(Field::Category, Problem::Unknown);
        }
        let kept = before.map(|before| &before.actions);
        if let Some(category) = &self.actions.category
            && !around.categories.is_active(category)
            && kept.is_none_or(|kept| kept.category.as_ref() != Some(category))
        {
            problems.note(Field::Category, Problem::Unknown);
        }
        if let Some(Assign::To(user)) = &self.actions.assign
            && !around.staff.contains(user)
            && kept.is_none_or(|kept| kept.assign != self.actions.assign)
        {
            problems.note(Field::Assignee, Problem::Unknown);
        }
        let exists = |id: &LabelId| around.labels.iter().any(|label| label.id == *id);
        if !self.actions.labels.iter().all(|id| exists(id) || kept.is_some_and(|kept| kept.labels.contains(id))) {
            problems.note(Field::Label, Problem::Unknown);
        }
        let mut actions = self.actions.clone();
        // A label that was removed is gone from all tickets, so it does not stay.
        actions.labels.retain(exists);
        if actions.labels.len() > Label::MAX_ON_TICKET {
            problems.note(Field::Label, Problem::TooMany { max: Label::MAX_ON_TICKET });
        }
        let Some(title) = title else { return Err(problems.into_error()) };
        problems.none()?;
        let categories = self.categories.clone();
        Ok(SavedAnswer { id, owner, title, texts, categories, actions })
    }

    fn texts(&self, problems: &mut Problems) -> Vec<(Language, Body)> {
        let mut texts: Vec<(Language, Body)> = Vec::new();
        for (language, typed) in self.texts.iter().filter(|(_, typed)| !is_blank(typed)) {
            let field = || Field::Text(language.to_string());
            if texts.iter().any(|(written, _)| written == language) {
                problems.note(field(), Problem::Taken);
                continue;
            }
            if let Some(word) = unknown_placeholder(typed) {
                problems.note(Field::Placeholder { language: language.to_string(), word: word.to_owned() }, Problem::Unknown);
            }
            texts.extend(problems.check(field(), Body::parse(typed)).map(|text| (language.clone(), text)));
        }
        if self.texts.iter().all(|(_, typed)| is_blank(typed)) {
            let first = self.texts.first().map_or_else(String::new, |(language, _)| language.to_string());
            problems.note(Field::Text(first), Problem::Empty);
        }
        texts
    }
}

/// Stores a new saved answer of the owner.
pub(crate) fn add(
    unit: &mut dyn Unit,
    new: &NewSavedAnswer,
    (id, owner): (SavedAnswerId, Option<&UserId>),
    around: Around<'_>,
) -> Result<SavedAnswer, Error> {
    let answer = new.check((id, owner.cloned()), None, around)?;
    let others = of_owner(unit, owner)?;
    if others.len() >= MAX_SAVED_ANSWERS {
        return Err(about_title(Problem::TooMany { max: MAX_SAVED_ANSWERS }));
    }
    has_a_title_of_its_own(&answer, &others)?;
    unit.saved_answers().insert(&answer)?;
    Ok(answer)
}

/// Changes a saved answer of the owner.
pub(crate) fn edit(
    unit: &mut dyn Unit,
    before: &SavedAnswer,
    new: &NewSavedAnswer,
    around: Around<'_>,
) -> Result<SavedAnswer, Error> {
    let answer = new.check((before.id, before.owner.clone()), Some(before), around)?;
    has_a_title_of_its_own(&answer, &of_owner(unit, before.owner.as_ref())?)?;
    if unit.saved_answers().update(&answer)? { Ok(answer) } else { Err(Error::NotFound) }
}

/// The saved answers of one owner, or the shared ones.
pub(crate) fn of_owner(unit: &mut dyn Unit, owner: Option<&UserId>) -> Result<Vec<ListedAnswer>, Error> {
    let mut all = unit.saved_answers().list(owner)?;
    all.retain(|answer| answer.owner.as_ref() == owner);
    Ok(all)
}

/// Supporters choose by title, so the titles of one owner must not look the same.
fn has_a_title_of_its_own(answer: &SavedAnswer, others: &[ListedAnswer]) -> Result<(), Error> {
    let key = name_key(&answer.title);
    let is_taken = others.iter().any(|other| other.id != answer.id && name_key(&other.title) == key);
    if is_taken { Err(about_title(Problem::Taken)) } else { Ok(()) }
}

fn about_title(problem: Problem) -> Error {
    let mut problems = Problems::default();
    problems.note(Field::Title, problem);
    problems.into_error()
}

/// Sorts saved answers: those that the supporter used most come first, and the others by title, in the order of the language.
pub(crate) fn sort(answers: &mut [ListedAnswer], language: &Language) {
    sort_texts(answers, language, |answer| (answer.title.as_str(), answer.id));
    answers.sort_by_key(|answer| Reverse(answer.uses));
}
