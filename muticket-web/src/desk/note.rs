//! Notes of supporters (T-01, T-02).

use muticket_core::conversation::MessagePage;
use muticket_core::desk::NewNote;
use muticket_core::frontend::Frontend;
use muticket_core::note::Note;
use muticket_core::{Error, NoteNumber, TicketNumber, UserId};

use crate::context::Context;
use crate::error::{Failure, TypedText};
use crate::flash::Flash;
use crate::form::{self, Fields, Form, Submitted};
use crate::frontend::desk_panel::{TypedAtDesk, TypedNote};
use crate::frontend::refused::{Typed, show_again};
use crate::list::List;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;

/// The form for a note.
struct NoteForm {
    note: NewNote,
    list: List,
}

impl Form for NoteForm {
    const FILES: bool = true;

    fn read(fields: &Fields) -> Self {
        let note = NewNote {
            body: fields.text("body").to_owned(),
            mentions: fields.all("mention").map(UserId::new).collect(),
            // A box that is not an id was not ticked on our page.
            remove: fields.all("remove").filter_map(|id| id.parse().ok()).collect(),
            nonce: fields.parsed("nonce"),
            ..NewNote::default()
        };
        Self { note, list: fields.parsed("list").unwrap_or_default() }
    }
}

/// The note with the files of the form.
fn with_files(form: &Submitted<NoteForm>) -> NewNote {
    NewNote { attachments: form.uploads.clone(), refused: form.refused.clone(), ..form.form.note.clone() }
}

/// Stores the note and redirects to it.
pub(crate) async fn write(context: &Context<'_>, number: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<NoteForm>(context, body).await?;
    let doors = context.doors().await.map_err(|error| form.failed(error))?;
    let number = named(number)?;
    let stored = match &doors.desk {
        Some(desk) => desk.note(number, with_files(&form)).await,
        None => Err(Error::NotFound),
    };
    done(context, doors, (number, None), form, stored, Flash::Noted).await
}

/// Stores the new text and files of a note and redirects to it.
pub(crate) async fn edit(context: &Context<'_>, number: &str, note: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<NoteForm>(context, body).await?;
    let doors = context.doors().await.map_err(|error| form.failed(error))?;
    let (number, note) = (named(number)?, named(note)?);
    let stored = match &doors.desk {
        Some(desk) => desk.edit_note(number, note, with_files(&form)).await,
        None => Err(Error::NotFound),
    };
    done(context, doors, (number, Some(note)), form, stored, Flash::NoteSaved).await
}

/// Deletes the note and redirects to its ticket.
pub(crate) async fn remove(context: &Context<'_>, number: &str, note: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let list = form::read::<form::ListForm>(context, body).await?.form.list;
    let number = named(number)?;
    context.desk().await?.delete_note(number, named(note)?).await?;
    Ok(context.done(&list.on(context.links().ticket(number)), Flash::NoteDeleted))
}

/// Redirects to the page of the ticket that shows the note, and there to the note.
pub(crate) async fn show(context: &Context<'_>, number: &str, note: &str) -> Result<Response, Failure> {
    let number = named(number)?;
    let note = context.desk().await?.find_note(number, named(note)?).await?;
    Ok(Response::see_other(&link(context, &List::default(), &note).await?))
}

/// The address of a note: on the newest page of its ticket, or on the page that begins with the message before it.
async fn link(context: &Context<'_>, list: &List, note: &Note) -> Result<String, Failure> {
    let (visitor, page) = (context.signed_in().await?, MessagePage::From(note.after));
    let (_, conversation) = context.shared.helpdesk.show(visitor, note.ticket, page).await?;
    let page = if conversation.later().is_some() { page } else { MessagePage::default() };
    Ok(format!("{}#note-{}", list.on(context.links().page(note.ticket, page)), note.number))
}

/// Redirects to the note, or shows the form again with its text.
async fn done(
    context: &Context<'_>,
    doors: &Frontend,
    (number, note): (TicketNumber, Option<NoteNumber>),
    form: Submitted<NoteForm>,
    stored: Result<Note, Error>,
    flash: Flash,
) -> Result<Response, Failure> {
    let (texts, files): (Vec<TypedText>, _) = (form.fields.typed(), form.has_files());
    let NoteForm { note: typed, list } = form.form;
    match stored {
        // A new note stands behind the last message, which the newest page shows.
        Ok(stored) if note.is_none() => {
            let page = list.on(context.links().ticket(number));
            Ok(context.done(&format!("{page}#note-{}", stored.number), flash))
        }
        Ok(stored) => Ok(context.done(&link(context, &list, &stored).await?, flash)),
        Err(error) => {
            // A sweep deletes later what cannot be deleted now, and logs the cause.
            let _ = doors.portal.discard(form.uploads).await;
            let typed = TypedNote { number: note, body: typed.body, mentions: typed.mentions, remove: typed.remove };
            let desk = TypedAtDesk { note: Some(typed), ..TypedAtDesk::default() };
            let typed = Typed { desk, files, texts, list, ..Typed::default() };
            show_again(context, doors, number, error, typed).await
        }
    }
}
