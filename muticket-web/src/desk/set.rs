//! Changing the assignee, the priority, the category or the labels of a ticket (T-03, T-05 to T-07). Each has an address of its own.

use std::collections::BTreeSet;

use muticket_core::desk::NewValue;
use muticket_core::history::Property;
use muticket_core::{CategoryId, Error, Field, FieldError, LabelId, Problem, UserId};

use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form};
use crate::frontend::desk_panel::{TypedAtDesk, TypedHandOver};
use crate::frontend::refused::{Typed, show_again};
use crate::list::List;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The form of one property. `seen` is the version of the ticket that the page showed.
struct SetForm {
    assignee: Option<UserId>,
    /// A note for the new assignee; blank without one.
    note: String,
    priority: String,
    category: Option<CategoryId>,
    /// `None` if one of them is not an id.
    labels: Option<BTreeSet<LabelId>>,
    seen: Option<u32>,
    list: List,
}

impl Form for SetForm {
    fn read(fields: &Fields) -> Self {
        let chosen = |name| Some(fields.text(name)).filter(|id| !id.is_empty());
        Self {
            assignee: chosen("assignee").map(UserId::new),
            note: fields.text("note").to_owned(),
            priority: fields.text("priority").to_owned(),
            category: chosen("category").map(CategoryId::new),
            labels: fields.all("label").map(|id| id.parse().ok()).collect(),
            seen: fields.parsed("seen"),
            list: fields.parsed("list").unwrap_or_default(),
        }
    }
}

/// Changes the property and redirects back to the ticket.
pub(crate) async fn set(
    context: &Context<'_>,
    number: &str,
    property: Property,
    body: RequestBody<'_>,
) -> Result<Response, Failure> {
    let doors = context.doors().await?;
    let submitted = form::read::<SetForm>(context, body).await?;
    let SetForm { assignee, note, priority, category, labels, seen, list } = submitted.form;
    let number = named(number)?;
    let desk = context.desk().await?;
    let (value, flash) = match property {
        Property::Assignee => {
            let flash = match &assignee {
                None => Flash::Released,
                Some(user) if *user == desk.user().id => Flash::Taken,
                Some(_) => Flash::Assigned,
            };
            (NewValue::Assignee(assignee), flash)
        }
        Property::Priority => (NewValue::Priority(priority.parse().map_err(|_| Failure::bad_request())?), Flash::Prioritized),
        Property::Labels => (NewValue::Labels(labels.clone().ok_or_else(Failure::bad_request)?), Flash::Labelled),
        _ => (NewValue::Category(category), Flash::Categorized),
    };
    let with_note = !note.trim().is_empty();
    let stored = match &value {
        NewValue::Assignee(Some(to)) if with_note => desk.hand_over(number, to.clone(), &note, seen).await,
        // A note is never dropped.
        NewValue::Assignee(None) if with_note => {
            Err(Error::Invalid(vec![FieldError { field: Field::Assignee, problem: Problem::Empty }]))
        }
        value => desk.set(number, value.clone(), seen).await,
    };
    match stored {
        Ok(_) => {
            // People often change several labels one after the other.
            let place = if property == Property::Labels { "#labels" } else { "" };
            Ok(context.done(&list.on(context.links().ticket(number) + place), flash))
        }
        Err(error @ (Error::Overtaken(_) | Error::Invalid(_))) => {
            let labels = labels.filter(|_| property == Property::Labels && matches!(error, Error::Invalid(_)));
            let to = if let NewValue::Assignee(to) = value { to } else { None };
            let hand_over = with_note.then_some(TypedHandOver { to, note });
            let desk = TypedAtDesk { hand_over, labels, ..TypedAtDesk::default() };
            let typed = Typed { list, desk, texts: submitted.fields.typed(), ..Typed::default() };
            show_again(context, doors, number, error, typed).await
        }
        Err(error) => Err(Failure::from(error).keeping(submitted.fields.typed())),
    }
}
