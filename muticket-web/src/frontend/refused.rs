//! Shows a form on a ticket again, with its text, after it could not be stored.

use muticket_core::conversation::Conversation;
use muticket_core::frontend::Frontend;
use muticket_core::{Conflict, Error, TicketNumber, UserId};

use crate::context::Context;
use crate::error::{ErrorPage, Failure, TypedText, log_unavailable};
use crate::form_errors::FormErrors;
use crate::frontend::conversation::{Draft, OthersWrote, load, name, page};
use crate::frontend::desk_panel::{TypedAtDesk, TypedNote};
use crate::frontend::event::event;
use crate::list::List;
use crate::response::Response;
use crate::saved_form::SavedDraft;

/// The content of the form, to be shown again.
#[derive(Default)]
pub(crate) struct Typed {
    pub(crate) body: String,
    pub(crate) files: bool,
    /// The typed texts, which an error page shows again.
    pub(crate) texts: Vec<TypedText>,
    /// The list from which the page was opened.
    pub(crate) list: List,
    /// The forms for supporters.
    pub(crate) desk: TypedAtDesk,
    /// The saved answers in the text.
    pub(crate) saved: SavedDraft,
}

/// Shows the page of the ticket again, with the text in its form and the reason beside it. If the ticket cannot be shown either, fails with
/// an error page that holds the text.
pub(crate) async fn show_again(
    context: &Context<'_>,
    doors: &Frontend,
    number: TicketNumber,
    error: Error,
    typed: Typed,
) -> Result<Response, Failure> {
    let reason = ErrorPage::of(&error);
    let Ok(mut conversation) = load(context, number).await else {
        return Err(Failure::from(error).keeping(typed.texts));
    };
    log_unavailable(&error);
    let conflict = match &error {
        Error::Conflict(conflict) => {
            // Overrides the visitor's read mark: these are the messages that their page did not show.
            conversation.unread = conflict.since.first().map(|message| message.number);
            Some(others_wrote(&conversation, conflict, !typed.body.is_empty()))
        }
        _ => None,
    };
    let overtaken = match &error {
        Error::Overtaken(entry) => Some(event(&conversation, entry, context.language())),
        _ => None,
    };
    let (errors, failure) = match error {
        Error::Invalid(errors) => (FormErrors::from_errors(&errors), None),
        Error::NotFound | Error::SignIn | Error::Denied(_) => return Err(Failure::from(error).keeping(typed.texts)),
        _ => (FormErrors::default(), Some(reason)),
    };
    let draft = Draft {
        body: typed.body,
        problems: errors,
        failure,
        files_again: typed.files,
        note_form: typed.desk.note.as_ref().map(TypedNote::id_prefix),
        conflict,
        list: typed.list,
        folds: false,
        next_waits: false,
        desk: typed.desk,
        overtaken: overtaken.flatten(),
        saved: typed.saved,
        seen: None,
    };
    page(context, doors, reason.status(), &conversation, draft)
}

fn others_wrote(conversation: &Conversation, conflict: &Conflict, writes: bool) -> OthersWrote {
    let mut authors: Vec<&UserId> = Vec::new();
    for message in &conflict.since {
        if !authors.contains(&&message.author) {
            authors.push(&message.author);
        }
    }
    OthersWrote { names: authors.into_iter().map(|author| name(conversation, author)).collect(), writes }
}
