//! A letter that came in, as a download (M-06). It may contain anything, so the browser saves it and never shows it (P-10). Its text alone
//! can be shown.

use futures_util::stream;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use muticket_core::letter_file::LetterFile;

use crate::context::Context;
use crate::error::Failure;
use crate::frontend::download::{CROSS_ORIGIN_RESOURCE_POLICY, SANDBOX, disposition};
use crate::query::named;
use crate::report::with_causes;
use crate::response::{Response, ResponseBody};

/// A letter of a ticket, for supporters. For everybody else there is none, whatever the id is.
pub(crate) async fn of_ticket(context: &Context<'_>, number: &str, id: &str) -> Result<Response, Failure> {
    let desk = context.desk().await?;
    Ok(download(desk.letter(named(number)?, named(id)?).await?))
}

/// The text of a letter of a ticket, for supporters (M-03). The browser shows it as plain text, in which nothing runs and nothing is a
/// link.
pub(crate) async fn text_of_ticket(context: &Context<'_>, number: &str, id: &str) -> Result<Response, Failure> {
    let desk = context.desk().await?;
    Ok(Response::text(desk.letter_text(named(number)?, named(id)?).await?)
        .with(CONTENT_DISPOSITION, "inline")
        .with(CONTENT_SECURITY_POLICY, SANDBOX)
        .with(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"))
}

/// The letter as a file of text.
pub(crate) fn download(file: LetterFile) -> Response {
    let LetterFile { letter, content } = file;
    let pieces = stream::unfold((content, false), |(mut content, failed)| async move {
        if failed {
            return None;
        }
        let piece = content.next().await.transpose()?;
        if let Err(error) = &piece {
            tracing::error!(cause = %with_causes(error), "a letter could not be read to its end");
        }
        let failed = piece.is_err();
        Some((piece, (content, failed)))
    });
    Response::new(StatusCode::OK, ResponseBody::stream(letter.size, pieces))
        .with(CONTENT_TYPE, "text/plain; charset=utf-8")
        .with(CONTENT_DISPOSITION, &disposition(false, &format!("{}.txt", letter.id)))
        .with(CONTENT_SECURITY_POLICY, SANDBOX)
        .with(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin")
}
