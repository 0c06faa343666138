//! Changing the assignee, the priority or the category of a ticket (T-03, T-05, T-07). Each has an address of its own.

use muticket_core::desk::NewValue;
use muticket_core::history::Property;
use muticket_core::{CategoryId, Error, UserId};

use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form};
use crate::frontend::refused::{Typed, show_again};
use crate::list::List;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The form of one property. `seen` is the version of the ticket that the page showed.
struct SetForm {
    assignee: Option<UserId>,
    priority: String,
    category: Option<CategoryId>,
    seen: Option<u32>,
    list: List,
}

impl Form for SetForm {
    fn read(fields: &Fields) -> Self {
        let chosen = |name| Some(fields.text(name)).filter(|id| !id.is_empty());
        Self {
            assignee: chosen("assignee").map(UserId::new),
            priority: fields.text("priority").to_owned(),
            category: chosen("category").map(CategoryId::new),
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
    let SetForm { assignee, priority, category, seen, list } = form::read(context, body).await?.form;
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
        _ => (NewValue::Category(category), Flash::Categorized),
    };
    match desk.set(number, value, seen).await {
        Ok(_) => Ok(context.done(&list.on(context.links().ticket(number)), flash)),
        Err(error @ (Error::Overtaken(_) | Error::Invalid(_))) => {
            show_again(context, doors, number, error, Typed { list, ..Typed::default() }).await
        }
        Err(error) => Err(error.into()),
    }
}
