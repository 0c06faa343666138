//! Writing on a ticket: a supporter's answer or the customer's reply. Both use the same address; the door decides which it is (R-27, R-28,
//!

use muticket_core::draft::{AfterAnswer, Repeated};
use muticket_core::ticket::Role;
use muticket_core::{MessageNumber, NewMessage, Nonce};

use crate::context::Context;
use crate::error::Failure;
use crate::flash::Flash;
use crate::form::{self, Fields, Form, repeated};
use crate::frontend::refused::{Typed, show_again};
use crate::list::List;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;
use crate::saved_form::SavedDraft;

/// The form below the last message.
struct MessageForm {
    body: String,
    seen: Option<MessageNumber>,
    nonce: Option<Nonce>,
    repeated: Repeated,
    then: AfterAnswer,
    saved: SavedDraft,
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
            then: match fields.text("then") {
                "close" => AfterAnswer::Close,
                _ => AfterAnswer::KeepOpen,
            },
            saved: SavedDraft::read(fields),
            list: fields.parsed("list").unwrap_or_default(),
        }
    }
}

/// Stores the message and redirects to it.
pub(crate) async fn write(context: &Context<'_>, number: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<MessageForm>(context, body).await?;
    let doors = context.doors().await.map_err(|error| form.failed(error))?;
    let number = named(number)?;
    let (files, uploads) = (form.has_files(), form.uploads.clone());
    let MessageForm { body, seen, nonce, repeated, then, saved, list } = form.form;
    let (used, actions) = (saved.used.clone(), saved.ticked.clone());
    let closes = then == AfterAnswer::Close || actions.close;
    let new =
        NewMessage { body, attachments: form.uploads, refused: form.refused, seen, nonce, repeated, then, saved: used, actions };
    match doors.write(number, new).await {
        Ok(message) => {
            let flash = match (message.role, closes) {
                (Role::Customer, _) => Flash::Replied,
                (Role::Supporter, true) => Flash::AnsweredAndClosed,
                (Role::Supporter, false) => Flash::Answered,
            };
            Ok(context.done(&list.on(context.links().message(number, message.number)), flash))
        }
        Err(error) => {
            // A sweep deletes later what cannot be deleted now, and logs the cause.
            let _ = doors.portal.discard(uploads).await;
            let typed = Typed {
                body: form.fields.text("body").to_owned(),
                files,
                texts: form.fields.typed(),
                list,
                saved,
                ..Typed::default()
            };
            show_again(context, doors, number, error, typed).await
        }
    }
}
