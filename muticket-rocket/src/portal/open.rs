//! Opening a ticket.

use muticket_core::category::sort_by_name;
use muticket_core::draft::Repeated;
use muticket_core::portal::Opening;
use muticket_core::{CategoryId, Error, NewTicket, Nonce, TicketNumber};
use rocket::http::Status;
use rocket::{get, post};
use serde::Serialize;

use crate::error::{Failure, describe, log_unavailable};
use crate::form::{Fields, Form, Protected, repeated};
use crate::guards::{Ajar, Doors};
use crate::list::List;
use crate::notice::Notice;
use crate::page::{Done, Rendered};
use crate::problem::{ProblemText, Sent, problems};

/// The typed form.
#[derive(Default, Clone)]
pub(crate) struct TicketForm {
    subject: String,
    body: String,
    category: Option<CategoryId>,
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
            follows: fields.parsed("follows"),
            nonce: fields.parsed("nonce"),
            repeated: repeated(fields),
            list: fields.parsed("list").unwrap_or_default(),
        }
    }
}

/// The model of the page.
#[derive(Debug, Serialize)]
struct Model {
    /// The link back to the list from which the page was opened.
    back: String,
    list: List,
    subject: String,
    body: String,
    categories: Vec<Choice>,
    follows: Option<Follows>,
    problems: Vec<ProblemText>,
    /// The key of the sentences for an error that belongs to no field.
    failure: Option<&'static str>,
    files_again: bool,
    max_attachments: usize,
    attachment_bytes: u64,
    image_bytes: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Choice {
    id: String,
    name: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct Follows {
    number: i64,
    subject: String,
    link: String,
}

/// The form. It is empty, or filled in from the ticket that the new one follows.
#[get("/tickets/new?<follows>&<list>", rank = 1)]
pub(crate) async fn form(doors: Doors<'_>, follows: Option<&str>, list: Option<&str>) -> Result<Rendered, Failure> {
    let follows: Option<TicketNumber> = follows.map(crate::query::named).transpose()?;
    let opening = doors.portal.opening(follows).await?;
    let typed = TicketForm { list: List::of(list), ..TicketForm::default() };
    Ok(page(&doors, Status::Ok, &opening, begun(&opening, typed), Refused::default()))
}

/// The form with a text that could not be sent on a closed ticket. The new ticket follows that one, and the customer need not type the text
/// again.
#[post("/tickets/new", data = "<form>")]
pub(crate) async fn follow_up(doors: Ajar<'_>, form: Protected<TicketForm>) -> Result<Rendered, Failure> {
    let doors = doors.open(&form.kept)?;
    match doors.portal.opening(form.form.follows).await {
        Ok(opening) => Ok(page(&doors, Status::Ok, &opening, begun(&opening, form.form), Refused::default())),
        Err(error) => Err(Failure::from(error).keeping(form.kept)),
    }
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
#[post("/tickets", data = "<form>")]
pub(crate) async fn open(doors: Ajar<'_>, form: Protected<TicketForm>) -> Result<Sent, Failure> {
    let doors = doors.open(&form.kept)?;
    let files_again = form.has_files();
    let (typed, kept, uploads) = (form.form, form.kept, form.uploads.clone());
    let TicketForm { subject, body, category, follows, nonce, repeated, .. } = typed.clone();
    let (attachments, refused) = (form.uploads, form.refused);
    let new = NewTicket { subject, body, category, attachments, refused, follows, nonce, repeated };
    let error = match doors.portal.open(new).await {
        Ok(ticket) => return Ok(Sent::Done(Done { to: doors.site.links.ticket(ticket.number), notice: Notice::Opened })),
        Err(error) => error,
    };
    // A sweep deletes later what cannot be deleted now, and logs the cause.
    let _ = doors.portal.discard(uploads).await;
    let Ok(opening) = doors.portal.opening(typed.follows).await else {
        return Err(Failure::from(error).keeping(kept));
    };
    log_unavailable(&error);
    Ok(Sent::Again(again(&doors, &opening, typed, &error, files_again)))
}

/// The form with the typed text and the reason why it was refused.
fn again(doors: &Doors<'_>, opening: &Opening, typed: TicketForm, error: &Error, files_again: bool) -> Rendered {
    let (status, word) = describe(error);
    let refused = match error {
        Error::Invalid(list) => Refused { problems: problems(list), failure: None, files_again },
        _ => Refused { problems: Vec::new(), failure: Some(word), files_again },
    };
    page(doors, status, opening, typed, refused)
}

/// The form as it is shown again for this error, with example data.
pub(crate) async fn refused(doors: Doors<'_>, error: &Error) -> Result<Rendered, Failure> {
    let opening = doors.portal.opening(None).await?;
    let typed = TicketForm { subject: "Example".to_owned(), body: "An example.".to_owned(), ..TicketForm::default() };
    Ok(again(&doors, &opening, typed, error, true))
}

/// The reason why the form is shown again.
#[derive(Default)]
struct Refused {
    problems: Vec<ProblemText>,
    failure: Option<&'static str>,
    files_again: bool,
}

fn page(doors: &Doors<'_>, status: Status, opening: &Opening, typed: TicketForm, refused: Refused) -> Rendered {
    let frame = doors.frame();
    let limits = frame.site.helpdesk.limits();
    let mut categories = opening.categories.clone();
    if opening.categories_by_name {
        sort_by_name(&mut categories, &frame.asker.language);
    }
    let categories = categories.iter().map(|category| Choice {
        id: category.id.as_str().to_owned(),
        name: category.name(&frame.asker.language).to_owned(),
        chosen: typed.category.as_ref() == Some(&category.id),
    });
    let model = Model {
        categories: categories.collect(),
        back: typed.list.back(&frame.site.links),
        list: typed.list,
        subject: typed.subject,
        body: typed.body,
        follows: opening.follows.as_ref().map(|ticket| Follows {
            number: ticket.number.get(),
            subject: ticket.subject.as_str().to_owned(),
            link: frame.site.links.ticket(ticket.number),
        }),
        problems: refused.problems,
        failure: refused.failure,
        files_again: refused.files_again,
        max_attachments: if frame.site.helpdesk.blobs().is_some() { limits.attachments } else { 0 },
        attachment_bytes: limits.attachment_bytes,
        image_bytes: opening.image_limit.map(|limit| limit.min(limits.attachment_bytes)),
    };
    frame.page(status, "new-ticket", frame.say("new-ticket-title"), model)
}
