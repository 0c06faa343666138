//! Downloads of files (P-10). The browser shows only pictures of the kinds that MuTicket knows. Every other file is a download, and none of
//! its content runs with the site's rights.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, stream};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use muticket_core::blob::{BlobError, BlobKey, ByteSource};
use muticket_core::download::{Download, NoteDownload};
use muticket_core::ticket::{FileName, MediaType};
use muticket_core::{Error, Refusal};

use crate::address::percent_encoded;
use crate::broken_files::BrokenFiles;
use crate::context::Context;
use crate::error::Failure;
use crate::file_id::FileId;
use crate::query::named;
use crate::report::with_causes;
use crate::response::{Response, ResponseBody};

/// Lets no content of the file run.
pub(crate) const SANDBOX: &str = "sandbox; default-src 'none'";
/// Keeps pages of other sites from using the file.
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// A file that was opened for the visitor.
pub(crate) struct OpenedFile {
    pub(crate) name: FileName,
    pub(crate) media_type: MediaType,
    pub(crate) size: u64,
    pub(crate) key: BlobKey,
    pub(crate) content: Box<dyn ByteSource>,
}

impl From<Download> for OpenedFile {
    fn from(Download { attachment, content }: Download) -> Self {
        let (name, key) = (attachment.name, attachment.key);
        Self { name, media_type: attachment.media_type, size: attachment.size, key, content }
    }
}

impl From<NoteDownload> for OpenedFile {
    fn from(NoteDownload { file, content }: NoteDownload) -> Self {
        Self { name: file.name, media_type: file.media_type, size: file.size, key: file.key, content }
    }
}

/// A file of a message.
pub(crate) async fn attachment(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    download(context, of_message(context, id).await?).await
}

/// A file of a note (T-01).
pub(crate) async fn note_file(context: &Context<'_>, number: &str, note: &str, id: &str) -> Result<Response, Failure> {
    download(context, of_note(context, number, note, id).await?).await
}

/// The file. It is read while it is sent. Its first bytes are read before: for a small file these are all bytes, so damage found there
/// still becomes an error page (P-29).
async fn download(context: &Context<'_>, id: FileId) -> Result<Response, Failure> {
    let OpenedFile { name, media_type, size, mut content, .. } = begin(context, id).await?;
    let first = match content.next().await {
        Ok(first) => first,
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            context.shared.broken_files.log(id, Refusal::FileDamaged);
            return Err(Error::from(Refusal::FileDamaged).into());
        }
        Err(error) => return Err(Error::from(BlobError::Store(error.into())).into()),
    };
    let body = ResponseBody::stream(size, pieces(id, first, content, context.shared.broken_files.clone()));
    Ok(Response::new(StatusCode::OK, body)
        .with(CONTENT_TYPE, media_type.as_str())
        .with(CONTENT_DISPOSITION, &disposition(false, name.as_str()))
        .with(CONTENT_SECURITY_POLICY, SANDBOX)
        .with(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"))
}

/// The file of a message with this id, once the doors are open: a guest has to sign in, whatever the id is.
pub(crate) async fn of_message(context: &Context<'_>, id: &str) -> Result<FileId, Error> {
    context.doors().await?;
    Ok(FileId::Message(named(id)?))
}

/// The file of a note with this id, once the desk is open: for everybody else there is none, whatever the id is.
pub(crate) async fn of_note(context: &Context<'_>, number: &str, note: &str, id: &str) -> Result<FileId, Error> {
    context.desk().await?;
    Ok(FileId::Note(named(number)?, named(note)?, named(id)?))
}

/// The file as the visitor may see it: a supporter any file, except those of notes on their own tickets, and a customer the files of
/// messages of their own tickets.
pub(crate) async fn begin(context: &Context<'_>, id: FileId) -> Result<OpenedFile, Error> {
    let begun = match id {
        FileId::Message(id) => context.doors().await?.download(id).await.map(OpenedFile::from),
        FileId::Note(number, note, id) => context.desk().await?.download_note_file(number, note, id).await.map(OpenedFile::from),
    };
    if let Err(Error::Refused(refusal @ (Refusal::FileMissing | Refusal::FileDamaged))) = &begun {
        context.shared.broken_files.log(id, *refusal);
    }
    begun
}

/// The pieces of a file. An error ends the response short of its length. The browser notices that.
fn pieces(
    id: FileId,
    first: Option<Bytes>,
    content: Box<dyn ByteSource>,
    broken: Arc<BrokenFiles>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::unfold((first, content, broken, false), move |(first, mut content, broken, failed)| async move {
        let piece = match first {
            Some(first) => Ok(first),
            None if failed => return None,
            None => content.next().await.transpose()?,
        };
        match &piece {
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::InvalidData => broken.log(id, Refusal::FileDamaged),
            Err(error) => tracing::error!(cause = %with_causes(error), "a file could not be read to its end"),
        }
        let failed = piece.is_err();
        Some((piece, (None, content, broken, failed)))
    })
}

/// `Content-Disposition` of RFC 6266: an ASCII name for old programs, and the real name encoded as in RFC 8187.
pub(crate) fn disposition(inline: bool, name: &str) -> String {
    let how = if inline { "inline" } else { "attachment" };
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' }).collect();
    format!("{how}; filename=\"{plain}\"; filename*=UTF-8''{}", percent_encoded(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_breaks_its_header() {
        let header = disposition(false, "a\"; x=\"y\r\nX-Evil: 1 Ä😀.pdf");
        assert_eq!(
            header,
            "attachment; filename=\"a__ x__y__X-Evil_ 1 __.pdf\"; filename*=UTF-8''a%22%3B%20x%3D%22y%0D%0AX-Evil%3A%201%20%C3%84%F0%9F%98%80.pdf"
        );
        assert!(header.is_ascii() && !header.contains(['\r', '\n']));
    }
}
