//! What an administrator does with a letter that came in and is held or parked (M-04, M-09).

use crate::address::Address;
use crate::backend::admin::Admin;
use crate::backend::received;
use crate::backend::received_letter::{RefusedTake, TakeRefusal};
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
    /// Whether no ticket is opened, and letters from the sender count as the user's, this one included.
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

/// Opens a ticket with a held letter, or assigns its sender's address to a user and lets the letter be worked on again.
pub(crate) async fn take(context: &Context<'_>, id: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let admin = context.admin().await?;
    let submitted = form::read::<TakeForm>(context, body).await?;
    let (id, user) = (named(id)?, &submitted.form.user);
    let refusal = if submitted.form.always {
        let assignment = admin.backend.assign_sender(id, user).await;
        TakeRefusal::of_address(&assignment.map_err(|error| submitted.failed(error))?)
    } else {
        let taken = admin.backend.open_ticket_with(id, user).await;
        TakeRefusal::of_ticket(&taken.map_err(|error| submitted.failed(error))?)
    };
    let Some(refusal) = refusal else {
        return Ok(back(&admin, if submitted.form.always { Flash::SenderAssigned } else { Flash::IncomingOpened }));
    };
    let refused = RefusedTake { id, user: user.clone(), refusal };
    let again = received::show_again(&admin, &List::of(context.query()), refused).await;
    again.map_err(|failure| failure.keeping(submitted.fields.typed()))
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
