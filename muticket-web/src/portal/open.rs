//! Opening a ticket.

use http::StatusCode;
use muticket_core::category::sort_by_name;
use muticket_core::draft::Repeated;
use muticket_core::portal::Opening;
use muticket_core::ticket::Priority;
use muticket_core::{CategoryId, Error, NewTicket, Nonce, TicketNumber};
use serde::Serialize;

use crate::context::Context;
use crate::error::{ErrorPage, Failure, log_unavailable};
use crate::flash::Flash;
use crate::form::{self, Fields, Form, repeated};
use crate::form_errors::FormErrors;
use crate::list::List;
use crate::page::Template;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The typed form.
#[derive(Default)]
struct TicketForm {
    subject: String,
    body: String,
    category: Option<CategoryId>,
    /// The word of a priority; empty if the form does not ask for one.
    priority: String,
    follows: Option<TicketNumber>,
    nonce: Option<Nonce>,
    repeated: Repeated,
    list: List,
}

impl Form for TicketForm {
    const FILES: bool = true;

    fn read(fields: &Fields) -> Self {
        let category = fields.text("category");
        Self {
            subject: fields.text("subject").to_owned(),
            body: fields.text("body").to_owned(),
            category: (!category.is_empty()).then(|| CategoryId::new(category)),
            priority: fields.text("priority").to_owned(),
            follows: fields.parsed("follows"),
            nonce: fields.parsed("nonce"),
            repeated: repeated(fields),
            list: fields.parsed("list").unwrap_or_default(),
        }
    }
}

/// The model of the page.
#[derive(Debug, Serialize)]
struct NewTicketPage {
    /// The link back to the list from which the page was opened.
    back: String,
    list: List,
    subject: String,
    body: String,
    categories: Vec<CategoryOption>,
    /// Empty if customers do not choose a priority.
    priorities: Vec<PriorityOption>,
    follows: Option<FollowedTicket>,
    problems: FormErrors,
    /// An error that belongs to no field.
    failure: Option<ErrorPage>,
    files_again: bool,
    max_attachments: usize,
    attachment_bytes: u64,
    image_bytes: Option<u64>,
}

#[derive(Debug, Serialize)]
struct CategoryOption {
    id: String,
    name: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct PriorityOption {
    priority: &'static str,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct FollowedTicket {
    number: i64,
    subject: String,
    link: String,
}

/// The form. It is empty, or filled in from the ticket that the new one follows.
pub(crate) async fn form(context: &Context<'_>) -> Result<Response, Failure> {
    let (portal, query) = (&context.doors().await?.portal, context.query());
    let follows: Option<TicketNumber> = query.value("follows").map(|number| named(&number)).transpose()?;
    let opening = portal.opening(follows).await?;
    let typed = TicketForm { list: List::of(query), ..TicketForm::default() };
    page(context, StatusCode::OK, &opening, begun(&opening, typed), RefusedTicket::default())
}

/// The form with a text that could not be sent on a closed ticket. The new ticket follows that one, and the customer need not type the text
/// again.
pub(crate) async fn follow_up(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<TicketForm>(context, body).await?;
    let doors = context.doors().await.map_err(|error| form.failed(error))?;
    let opening = doors.portal.opening(form.form.follows).await.map_err(|error| form.failed(error))?;
    page(context, StatusCode::OK, &opening, begun(&opening, form.form), RefusedTicket::default())
}

/// Fills in subject and category of the followed ticket. The customer can change them.
fn begun(opening: &Opening, typed: TicketForm) -> TicketForm {
    match &opening.follows {
        None => typed,
        Some(followed) => TicketForm {
            subject: followed.subject.as_str().to_owned(),
            category: followed.category.clone(),
            follows: Some(followed.number),
            ..typed
        },
    }
}

/// Opens the ticket and redirects to it.
pub(crate) async fn open(context: &Context<'_>, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<TicketForm>(context, body).await?;
    let portal = context.portal().await.map_err(|error| form.failed(error))?;
    let (files_again, uploads) = (form.has_files(), form.uploads.clone());
    let TicketForm { subject, body, category, priority, follows, nonce, repeated, .. } = form.form;
    let (attachments, refused) = (form.uploads, form.refused);
    let new = NewTicket { subject, body, category, priority, attachments, refused, follows, nonce, repeated };
    let error = match portal.open(new).await {
        Ok(ticket) => return Ok(context.done(&context.links().ticket(ticket.number), Flash::Opened)),
        Err(error) => error,
    };
    // A sweep deletes later what cannot be deleted now, and logs the cause.
    let _ = portal.discard(uploads).await;
    let opening = match context.doors().await {
        Ok(doors) => doors.portal.opening(follows).await,
        Err(error) => Err(error),
    };
    let Ok(opening) = opening else {
        return Err(Failure::from(error).keeping(form.fields.typed()));
    };
    log_unavailable(&error);
    show_again(context, &opening, TicketForm::read(&form.fields), &error, files_again)
}

/// The form with the typed text and the reason why it was refused.
fn show_again(
    context: &Context<'_>,
    opening: &Opening,
    typed: TicketForm,
    error: &Error,
    files_again: bool,
) -> Result<Response, Failure> {
    let reason = ErrorPage::of(error);
    let refused = match error {
        Error::Invalid(errors) => RefusedTicket { problems: FormErrors::from_errors(errors), failure: None, files_again },
        _ => RefusedTicket { problems: FormErrors::default(), failure: Some(reason), files_again },
    };
    page(context, reason.status(), opening, typed, refused)
}

/// The form as it is shown again for this error, with example data.
pub(crate) async fn refused(context: &Context<'_>, error: &Error) -> Result<Response, Failure> {
    let opening = context.doors().await?.portal.opening(None).await?;
    let typed = TicketForm { subject: "Example".to_owned(), body: "An example.".to_owned(), ..TicketForm::default() };
    show_again(context, &opening, typed, error, true)
}

/// The reason why the form is shown again.
#[derive(Default)]
struct RefusedTicket {
    problems: FormErrors,
    failure: Option<ErrorPage>,
    files_again: bool,
}

fn page(
    context: &Context<'_>,
    status: StatusCode,
    opening: &Opening,
    typed: TicketForm,
    refused: RefusedTicket,
) -> Result<Response, Failure> {
    let (links, helpdesk) = (context.links(), &context.shared.helpdesk);
    let limits = helpdesk.limits();
    let mut categories = opening.categories.clone();
    if opening.categories_by_name {
        sort_by_name(&mut categories, context.language());
    }
    let categories = categories.iter().map(|category| CategoryOption {
        id: category.id.as_str().to_owned(),
        name: category.name(context.language()).to_owned(),
        chosen: typed.category.as_ref() == Some(&category.id),
    });
    // A word that is no priority leaves the normal one.
    let chosen: Priority = typed.priority.parse().unwrap_or_default();
    let priorities = Priority::ALL.iter().filter(|_| opening.asks_priority);
    let model = NewTicketPage {
        categories: categories.collect(),
        priorities: priorities.map(|one| PriorityOption { priority: one.as_str(), chosen: *one == chosen }).collect(),
        back: typed.list.back(links),
        list: typed.list,
        subject: typed.subject,
        body: typed.body,
        follows: opening.follows.as_ref().map(|ticket| FollowedTicket {
            number: ticket.number.get(),
            subject: ticket.subject.as_str().to_owned(),
            link: links.ticket(ticket.number),
        }),
        problems: refused.problems,
        failure: refused.failure,
        files_again: refused.files_again,
        max_attachments: if helpdesk.blobs().is_some() { limits.attachments } else { 0 },
        attachment_bytes: limits.attachment_bytes,
        image_bytes: opening.image_limit.map(|limit| limit.min(limits.attachment_bytes)),
    };
    context.page(Template::new("new-ticket", context.say("new-ticket-title")).with_status(status), model)
}
