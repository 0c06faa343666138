//! What an administrator does with a letter that came in and is held or parked (M-04, M-09).

use muticket_core::backend::Taken;

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form, NoFields};
use crate::frontend::letter::download;
use crate::list::List;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// For whom a ticket is opened.
struct TakeForm {
    /// An id or an email address.
    user: String,
    /// Whether no ticket is opened, and letters from the sender count as the user's from now on.
    always: bool,
}

impl Form for TakeForm {
    fn read(fields: &Fields) -> Self {
        Self { user: fields.text("user").to_owned(), always: !fields.text("always").is_empty() }
    }
}

/// The letter as it came.
pub(crate) async fn original(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    Ok(download(admin.backend.incoming_letter(named(id)?).await?))
}

/// Opens a ticket with a held letter, or assigns its sender's address to a user.
pub(crate) async fn take(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let submitted = form::read::<TakeForm>(context, body).await?;
    if submitted.form.always {
        let assigned = admin.backend.assign_sender(named(id)?, &submitted.form.user).await;
        let is_assigned = assigned.map_err(|error| submitted.failed(error))?;
        return Ok(back(&admin, if is_assigned { Flash::SenderAssigned } else { Flash::SenderNobody }));
    }
    let taken = admin.backend.open_ticket_with(named(id)?, &submitted.form.user).await;
    let flash = match taken.map_err(|error| submitted.failed(error))? {
        Taken::Opened(_) => Flash::IncomingOpened,
        Taken::NobodyFound => Flash::IncomingNobody,
        _ => Flash::IncomingRefused,
    };
    Ok(back(&admin, flash))
}

/// Lets a held letter be worked on again.
pub(crate) async fn again(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.work_on_incoming_again(named(id)?).await?;
    Ok(back(&admin, Flash::IncomingRepeated))
}

/// Discards a held letter.
pub(crate) async fn discard(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    form::read::<NoFields>(context, body).await?;
    admin.backend.discard_incoming(named(id)?).await?;
    Ok(back(&admin, Flash::IncomingDiscarded))
}

/// A redirect to the list in which the letter was, for administrators who decide about several.
fn back(admin: &Admin<'_>, flash: Flash) -> Response {
    let list = List::of(admin.context.query()).behind(admin.to(Address::ReceivedMail));
    admin.context.done(&list, flash)
}
