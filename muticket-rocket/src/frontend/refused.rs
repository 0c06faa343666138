//! Shows a form on a ticket again, with its text, after it could not be stored.

use muticket_core::conversation::Conversation;
use muticket_core::{Conflict, Error, TicketNumber, UserId};

use crate::error::{Failure, describe, log_unavailable};
use crate::frontend::conversation::{Draft, Faster, look, name, page};
use crate::guards::Doors;
use crate::list::List;
use crate::problem::{Sent, problems};

/// Shows the page of the ticket again, with the text in its form and the reason beside it. If the ticket cannot be shown either, fails with
/// an error page that holds the text.
pub(crate) async fn again(doors: &Doors<'_>, number: TicketNumber, error: Error, typed: Typed) -> Result<Sent, Failure> {
    let (status, word) = describe(&error);
    let Ok(mut conversation) = look(doors, number, None).await else {
        return Err(Failure::from(error).keeping(typed.kept));
    };
    log_unavailable(&error);
    let faster = match &error {
        Error::Conflict(conflict) => {
            // Overrides the visitor's read mark: these are the messages that their page did not show.
            conversation.unread = conflict.since.first().map(|message| message.number);
            Some(faster(&conversation, conflict, !typed.body.is_empty()))
        }
        _ => None,
    };
    let (list, failure) = match error {
        Error::Invalid(list) => (list, None),
        Error::NotFound | Error::SignIn | Error::Denied(_) => return Err(Failure::from(error).keeping(typed.kept)),
        _ => (Vec::new(), Some(word)),
    };
    let draft = Draft {
        body: typed.body,
        problems: problems(&list),
        failure,
        files_again: typed.files,
        conflict: faster,
        list: typed.list,
        next_waits: false,
    };
    Ok(Sent::Again(page(doors, status, &conversation, draft)))
}

fn faster(conversation: &Conversation, conflict: &Conflict, writes: bool) -> Faster {
    let mut authors: Vec<&UserId> = Vec::new();
    for message in &conflict.since {
        if !authors.contains(&&message.author) {
            authors.push(&message.author);
        }
    }
    Faster { names: authors.into_iter().map(|author| name(conversation, author)).collect(), writes }
}

/// The content of the form, to be shown again.
#[derive(Default)]
pub(crate) struct Typed {
    pub(crate) body: String,
    pub(crate) files: bool,
    pub(crate) kept: Vec<crate::error::Kept>,
    /// The list from which the page was opened.
    pub(crate) list: List,
}
