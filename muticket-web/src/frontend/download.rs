//! Downloads of files (P-10). The browser shows only pictures of the kinds that MuTicket knows. Every other file is a download, and none of
//! its content runs with the site's rights.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, stream};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use muticket_core::blob::{BlobError, ByteSource};
use muticket_core::download::Download;
use muticket_core::{AttachmentId, Error, Refusal};

use crate::address::percent_encoded;
use crate::broken_files::BrokenFiles;
use crate::context::Context;
use crate::error::Failure;
use crate::query::named;
use crate::report::with_causes;
use crate::response::{Response, ResponseBody};

/// Lets no content of the file run.
pub(crate) const SANDBOX: &str = "sandbox; default-src 'none'";
/// Keeps pages of other sites from using the file.
pub(crate) const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// A file. It is read while it is sent. Its first bytes are read before: for a small file these are all bytes, so damage found there still
/// becomes an error page (P-29).
pub(crate) async fn download(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let id = named_for(context, id).await?;
    let Download { attachment, mut content } = begin(context, id).await?;
    let first = match content.next().await {
        Ok(first) => first,
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            context.shared.broken_files.log(id, Refusal::FileDamaged);
            return Err(Error::from(Refusal::FileDamaged).into());
        }
        Err(error) => return Err(Error::from(BlobError::Store(error.into())).into()),
    };
    let body = ResponseBody::stream(attachment.size, pieces(id, first, content, context.shared.broken_files.clone()));
    Ok(Response::new(StatusCode::OK, body)
        .with(CONTENT_TYPE, attachment.media_type.as_str())
        .with(CONTENT_DISPOSITION, &disposition(false, attachment.name.as_str()))
        .with(CONTENT_SECURITY_POLICY, SANDBOX)
        .with(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"))
}

/// The id, once the doors are open: a guest has to sign in, whatever the id is.
pub(crate) async fn named_for(context: &Context<'_>, id: &str) -> Result<AttachmentId, Error> {
    context.doors().await?;
    named(id)
}

/// The file as the visitor may see it: a supporter any file, a customer the files of their own tickets.
pub(crate) async fn begin(context: &Context<'_>, id: AttachmentId) -> Result<Download, Error> {
    let begun = context.doors().await?.download(id).await;
    if let Err(Error::Refused(refusal @ (Refusal::FileMissing | Refusal::FileDamaged))) = &begun {
        context.shared.broken_files.log(id, *refusal);
    }
    begun
}

/// The pieces of a file. An error ends the response short of its length. The browser notices that.
fn pieces(
    id: AttachmentId,
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
