//! Downloads of files (P-10). The browser shows only pictures of the kinds that MuTicket knows. Every other file is a download, and none of
//! its content runs with the site's rights.

use bytes::Bytes;
use muticket_core::blob::{BlobError, ByteSource};
use muticket_core::download::Download;
use muticket_core::ticket::Attachment;
use muticket_core::{AttachmentId, Error, Refusal};
use rocket::http::{ContentType, Header};
use rocket::response::stream::{ByteStream, stream};
use rocket::response::{self, Responder, Response};
use rocket::{Request, get};

use crate::error::Failure;
use crate::guards::Doors;
use crate::links::percent_encoded;
use crate::once::Once;
use crate::query::named;
use crate::report::with_causes;
use crate::site::Site;

/// A file. The name in the URL is for people and is ignored. The path segment `file` in front keeps names apart from other routes (P-12).
#[get("/attachments/<id>/file/<_name>")]
pub(crate) async fn download(doors: Doors<'_>, id: &str, _name: &str) -> Result<File, Failure> {
    File::begin(&doors, named(id)?).await
}

/// The same file under its earlier URL, to which hosts may still link.
#[get("/attachments/<id>/<_name>", rank = 2)]
pub(crate) async fn download_by_name(doors: Doors<'_>, id: &str, _name: &str) -> Result<File, Failure> {
    File::begin(&doors, named(id)?).await
}

/// The file as the visitor may see it: a supporter any file, a customer the files of their own tickets.
pub(crate) async fn begin(doors: &Doors<'_>, id: AttachmentId) -> Result<Download, Error> {
    let begun = match &doors.desk {
        Some(desk) => desk.download(id).await,
        None => doors.portal.download(id).await,
    };
    if let Err(Error::Refused(refusal @ (Refusal::FileMissing | Refusal::FileDamaged))) = &begun {
        doors.site.files.log(id, *refusal);
    }
    begun
}

/// A response with a file whose first bytes are already read.
pub(crate) struct File {
    attachment: Attachment,
    first: Option<Bytes>,
    content: Box<dyn ByteSource>,
}

impl File {
    /// Reads the first bytes; for a small file these are all bytes. So damage found there still becomes an error page (P-29).
    async fn begin(doors: &Doors<'_>, id: AttachmentId) -> Result<Self, Failure> {
        let Download { attachment, mut content } = begin(doors, id).await?;
        match content.next().await {
            Ok(first) => Ok(Self { attachment, first, content }),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                doors.site.files.log(id, Refusal::FileDamaged);
                Err(Error::from(Refusal::FileDamaged).into())
            }
            Err(error) => Err(Error::from(BlobError::Store(error.into())).into()),
        }
    }
}

impl<'r> Responder<'r, 'r> for File {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'r> {
        let File { attachment, mut first, content } = self;
        let (size, id) = (attachment.size, attachment.id);
        let site = Site::of(request).clone();
        let pieces = stream! {
            let mut content: Box<dyn ByteSource> = content;
            while let Some(piece) = first {
                yield piece;
                match content.next().await {
                    Ok(next) => first = next,
                    // End the response short of its length. The browser notices that.
                    Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                        site.files.log(id, Refusal::FileDamaged);
                        break;
                    }
                    Err(error) => {
                        tracing::error!(cause = %with_causes(&error), "a file could not be read to its end");
                        break;
                    }
                }
            }
        };
        let mut response = ByteStream::from(pieces).respond_to(request)?;
        guard(&mut response, &attachment);
        response.set_header(Header::new("Content-Length", size.to_string()));
        Ok(response)
    }
}

/// Files that were found missing or damaged. Each is logged once, however often it is requested.
#[derive(Default)]
pub(crate) struct BrokenFiles(Once<AttachmentId>);

impl BrokenFiles {
    pub(crate) fn log(&self, id: AttachmentId, refusal: Refusal) {
        if self.0.is_new(id) {
            tracing::error!(attachment = %id, cause = %refusal, "MuTicket does not serve a file");
        }
    }
}

/// The headers that keep a stranger's file from doing harm.
pub(crate) fn guard(response: &mut Response<'_>, attachment: &Attachment) {
    let kind = attachment.media_type;
    response.set_header(ContentType::parse_flexible(kind.as_str()).unwrap_or(ContentType::Binary));
    response.set_header(Header::new("Content-Disposition", disposition(false, attachment.name.as_str())));
    response.set_header(Header::new("Content-Security-Policy", "sandbox; default-src 'none'"));
    response.set_header(Header::new("Cross-Origin-Resource-Policy", "same-origin"));
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
