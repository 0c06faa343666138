//! The labels of the site (T-06).

use crate::backend::{Backend, Freshness};
use crate::error::{Error, Problems};
use crate::id::LabelId;
use crate::label::{Label, LabelColour, LabelName};
use crate::problem::{Field, Problem};
use crate::settings::Settings;
use crate::storage::Unit;

/// A label, and how many tickets have it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LabelReport {
    /// The label.
    pub label: Label,
    /// The number of tickets, counted up to [`Counts::MANY`](crate::storage::Counts::MANY).
    pub tickets: u32,
}

/// A label as an administrator typed it.
#[derive(Debug, Clone, Default)]
pub struct LabelEdit {
    /// The name.
    pub name: String,
    /// The colour.
    pub colour: LabelColour,
}

impl Backend {
    /// Lists the labels, oldest first. [`sort_labels`](crate::label::sort_labels) sorts them by name.
    ///
    /// # Errors
    /// [`Error::Unavailable`].
    pub async fn labels(&self) -> Result<Vec<LabelReport>, Error> {
        let work = |unit: &mut dyn Unit, _: &Settings| {
            let labels = unit.labels().list()?;
            let ids: Vec<_> = labels.iter().map(|label| label.id).collect();
            let counts = unit.labels().count(&ids)?;
            Ok(labels.into_iter().zip(counts).map(|(label, tickets)| LabelReport { label, tickets }).collect())
        };
        Ok(self.read(Freshness::Current, work, |_| Vec::new()).await?.0)
    }

    /// Adds a label.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the name; [`Error::Unavailable`].
    pub async fn add_label(&self, edit: &LabelEdit) -> Result<Label, Error> {
        let label = Label { id: LabelId(self.parts.ids.next()), name: parse(edit)?, colour: edit.colour };
        let new = label.clone();
        let work = move |unit: &mut dyn Unit| {
            has_a_name_of_its_own(&new, &unit.labels().list_to_change()?)?;
            Ok::<_, Error>(unit.labels().insert(&new)?)
        };
        self.parts.storage.run_write(work).await?;
        Ok(label)
    }

    /// Changes name and colour of a label. Histories keep the name that it had.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] for the name; [`Error::Unavailable`].
    pub async fn edit_label(&self, id: LabelId, edit: &LabelEdit) -> Result<(), Error> {
        let label = Label { id, name: parse(edit)?, colour: edit.colour };
        let work = move |unit: &mut dyn Unit| {
            let labels = unit.labels().list_to_change()?;
            has_a_name_of_its_own(&label, &labels)?;
            if unit.labels().update(&label)? { Ok(()) } else { Err(Error::NotFound) }
        };
        self.parts.storage.run_write(work).await
    }

    /// Removes a label and takes it off all tickets, in one unit. Histories keep its name.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Unavailable`].
    pub async fn remove_label(&self, id: LabelId) -> Result<(), Error> {
        let work = move |unit: &mut dyn Unit| {
            if unit.labels().delete(id)? { Ok::<_, Error>(()) } else { Err(Error::NotFound) }
        };
        self.parts.storage.run_write(work).await
    }
}

fn parse(edit: &LabelEdit) -> Result<LabelName, Error> {
    let mut problems = Problems::default();
    problems.check(Field::LabelName, LabelName::parse(&edit.name)).ok_or_else(|| problems.into_error())
}

/// Refuses a name that looks like that of another label, because people choose labels by name.
fn has_a_name_of_its_own(label: &Label, labels: &[Label]) -> Result<(), Error> {
    let mut problems = Problems::default();
    if labels.iter().any(|other| other.id != label.id && other.name.looks_like(&label.name)) {
        problems.note(Field::LabelName, Problem::Taken);
    }
    problems.none()
}
