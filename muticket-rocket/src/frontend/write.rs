//! Writing on a ticket: a supporter's answer or the customer's reply. Both use the same URL; the door decides which it is.

use muticket_core::draft::Repeated;
use muticket_core::{Denial, Error, MessageNumber, NewMessage, Nonce, TicketNumber};
use rocket::post;

use crate::error::Failure;
use crate::form::{Fields, Form, Protected, repeated};
use crate::frontend::refused::{Typed, again};
use crate::guards::{Ajar, Doors};
use crate::list::List;
use crate::notice::Notice;
use crate::page::Done;
use crate::problem::Sent;
use crate::query::named;
use crate::{desk, portal};

/// The form below the last message.
pub(crate) struct MessageForm {
    body: String,
    seen: Option<MessageNumber>,
    nonce: Option<Nonce>,
    repeated: Repeated,
    list: List,
}

impl Form for MessageForm {
    const FILES: bool = true;

    fn read(fields: &Fields) -> Self {
        Self {
            body: fields.text("body").to_owned(),
            seen: fields.parsed("seen"),
            nonce: fields.parsed("nonce"),
            repeated: repeated(fields),
            list: fields.parsed("list").unwrap_or_default(),
        }
    }
}

/// Stores the message and redirects to it.
#[post("/tickets/<number>/messages", data = "<form>")]
pub(crate) async fn write(doors: Ajar<'_>, number: &str, form: Protected<MessageForm>) -> Result<Sent, Failure> {
    let doors = doors.open(&form.kept)?;
    let number: TicketNumber = named(number)?;
    let (files, list) = (form.has_files(), form.form.list.clone());
    let typed = Typed { body: form.form.body.clone(), files, kept: form.kept, list: list.clone() };
    let uploads = form.uploads.clone();
    let MessageForm { body, seen, nonce, repeated, .. } = form.form;
    let new = NewMessage { body, attachments: form.uploads, refused: form.refused, seen, nonce, repeated };
    match store(&doors, number, new).await {
        Ok((message, notice)) => Ok(Sent::Done(Done { to: list.on(doors.site.links.message(number, message)), notice })),
        Err(error) => {
            // A sweep deletes later what cannot be deleted now, and logs the cause.
            let _ = doors.portal.discard(uploads).await;
            again(&doors, number, error, typed).await
        }
    }
}

async fn store(doors: &Doors<'_>, number: TicketNumber, new: NewMessage) -> Result<(MessageNumber, Notice), Error> {
    if let Some(desk) = &doors.desk {
        match desk::answer::answer(desk, number, new.clone()).await {
            // Supporters are the customers of their own tickets (D-05).
            Err(Error::Denied(Denial::OwnTicket)) => {}
            answered => return answered,
        }
    }
    portal::reply::reply(&doors.portal, number, new).await
}
