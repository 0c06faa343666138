//! Inserting a saved answer into the text of an answer (T-08). The page comes back with the text in its box, and everything that was typed.
//! Nothing is stored.

use http::StatusCode;
use muticket_core::desk::{Insertion, Surroundings};
use muticket_core::saved_answer::{Part, gap};
use muticket_core::{Error, Field, FieldError, MessageNumber, Problem, SavedAnswerId, TicketNumber};

use crate::context::Context;
use crate::error::Failure;
use crate::form::{self, Fields, Form};
use crate::frontend::conversation::{Draft, load, page};
use crate::frontend::refused::{Typed, show_again};
use crate::list::List;
use crate::query::named;
use crate::request::RequestBody;
use crate::response::Response;
use crate::saved_form::SavedDraft;

/// The form of the answer, sent with the button that inserts.
struct InsertForm {
    chosen: Option<SavedAnswerId>,
    body: String,
    seen: Option<MessageNumber>,
    saved: SavedDraft,
    list: List,
}

impl Form for InsertForm {
    const FILES: bool = true;

    fn read(fields: &Fields) -> Self {
        Self {
            chosen: fields.parsed("insert"),
            body: fields.text("body").to_owned(),
            seen: fields.parsed("seen"),
            saved: SavedDraft::read(fields),
            list: fields.parsed("list").unwrap_or_default(),
        }
    }
}

/// Shows the page of the ticket with the saved answer behind the text that is there.
pub(crate) async fn insert(context: &Context<'_>, number: &str, body: RequestBody<'_>) -> Result<Response, Failure> {
    let form = form::read::<InsertForm>(context, body).await?;
    let doors = context.doors().await.map_err(|error| form.failed(error))?;
    let (files, texts) = (form.has_files(), form.fields.typed());
    // A browser does not choose files again, so they cannot be kept. A sweep deletes later what cannot be deleted now, and logs the cause.
    let _ = doors.portal.discard(form.uploads).await;
    let InsertForm { chosen, body, seen, saved, list } = form.form;
    let number = named(number)?;
    match filled(context, number, chosen).await {
        Ok(insertion) => {
            let conversation = load(context, number).await.map_err(|error| Failure::from(error).keeping(texts))?;
            let body = behind(&body, &text_of(context, &insertion));
            let draft = Draft { body, files_again: files, saved: saved.and(insertion), seen, list, ..Draft::default() };
            page(context, doors, StatusCode::OK, &conversation, draft)
        }
        Err(error) => {
            show_again(context, doors, number, error, Typed { body, files, texts, list, saved, ..Typed::default() }).await
        }
    }
}

async fn filled(context: &Context<'_>, number: TicketNumber, chosen: Option<SavedAnswerId>) -> Result<Insertion, Error> {
    let shared = context.shared;
    let surroundings = Surroundings {
        site: shared.site_name.clone(),
        link: shared.public_url.is_some().then(|| shared.public_address(&context.links().ticket(number))),
        language: shared.view.language(None, None).words,
    };
    let desk = context.desk().await?;
    match chosen {
        Some(id) => desk.insert_saved(number, id, surroundings).await,
        None => Err(Error::Invalid(vec![FieldError { field: Field::SavedAnswer, problem: Problem::Empty }])),
    }
}

/// The text with its gaps, which are named in the supporter's language.
fn text_of(context: &Context<'_>, insertion: &Insertion) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Gap(placeholder) => gap(&context.say(&format!("placeholder-{}", placeholder.as_str()))),
    };
    insertion.parts.iter().map(part).collect()
}

/// The inserted text behind the typed one, with an empty line between them.
fn behind(typed: &str, inserted: &str) -> String {
    match typed.trim_end() {
        "" => inserted.to_owned(),
        typed => format!("{typed}\n\n{inserted}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_was_typed_is_lost() {
        assert_eq!(behind("", "Hello"), "Hello");
        assert_eq!(behind(" \r\n", "Hello"), "Hello");
        assert_eq!(behind("Dear Anna,\r\n", "Hello"), "Dear Anna,\n\nHello");
    }
}
