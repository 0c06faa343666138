//! Pictures as pages show them: small in the list of files, large behind a click. MuTicket makes both versions itself (P-10); the original
//! is a [download](crate::frontend::download).

use muticket_core::{AttachmentId, Error, Refusal};
use muticket_pictures::{Format, Version};
use rocket::get;
use rocket::http::{ContentType, Header};
use rocket::response::{Redirect, Responder};

use crate::error::Failure;
use crate::frontend::download::{begin, disposition};
use crate::guards::Doors;
use crate::pictures::beside;
use crate::query::named;

/// An icon of a sheet of paper. It stands for a file that cannot be shown but was listed as a picture, because it was stored before
/// pictures were checked.
const NO_PICTURE: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 208 136'>\
    <path d='M84 34h28l14 14v54H84zM112 34v14h14' fill='none' stroke='#888' stroke-width='3' stroke-linejoin='round'/></svg>";

/// A picture that MuTicket has made.
#[derive(Responder)]
pub(crate) struct Inline {
    bytes: Vec<u8>,
    kind: ContentType,
    disposition: Header<'static>,
    policy: Header<'static>,
    resource: Header<'static>,
}

impl Inline {
    fn new(bytes: Vec<u8>, kind: ContentType, name: &str) -> Self {
        Self {
            bytes,
            kind,
            disposition: Header::new("Content-Disposition", disposition(true, name)),
            policy: Header::new("Content-Security-Policy", "sandbox; default-src 'none'"),
            resource: Header::new("Cross-Origin-Resource-Policy", "same-origin"),
        }
    }
}

/// The large version, or a redirect to the file if the picture cannot be shown.
#[derive(Responder)]
pub(crate) enum Large {
    Picture(Box<Inline>),
    File(Box<Redirect>),
}

/// The small version of a picture; 404 for a file that is not a picture.
#[get("/pictures/<id>/small")]
pub(crate) async fn small(doors: Doors<'_>, id: &str) -> Result<Inline, Failure> {
    let shown = version(&doors, named(id)?, Version::Small).await?;
    Ok(shown.picture.unwrap_or_else(|| Inline::new(NO_PICTURE.to_vec(), ContentType::SVG, "picture.svg")))
}

/// The same picture under the URL beside the file's own.
#[get("/attachments/<id>/thumbnail")]
pub(crate) async fn thumbnail(doors: Doors<'_>, id: &str) -> Result<Inline, Failure> {
    small(doors, id).await
}

/// The large version of a picture; 404 for a file that is not a picture.
#[get("/pictures/<id>/large")]
pub(crate) async fn large(doors: Doors<'_>, id: &str) -> Result<Large, Failure> {
    let shown = version(&doors, named(id)?, Version::Large).await?;
    Ok(match shown.picture {
        Some(picture) => Large::Picture(Box::new(picture)),
        None => Large::File(Box::new(Redirect::to(shown.file))),
    })
}

struct Shown {
    picture: Option<Inline>,
    /// The URL of the original.
    file: String,
}

async fn version(doors: &Doors<'_>, id: AttachmentId, version: Version) -> Result<Shown, Error> {
    let original = begin(doors, id).await?;
    let attachment = original.attachment;
    if !attachment.media_type.is_image() {
        return Err(Error::NotFound);
    }
    let site = &doors.site;
    let content = original.content;
    let made = site.pictures.version(&site.helpdesk, &attachment.key, version, async { Ok(content) }).await;
    if let Err(Error::Refused(refusal @ Refusal::FileDamaged)) = &made {
        site.files.log(id, *refusal);
    }
    let made = made?;
    // The ticket may have been deleted meanwhile, before this version was stored beside the original. Delete the version too.
    if made.fresh && begin(doors, id).await.is_err() {
        site.helpdesk.forget_beside(&attachment.key, beside(version)).await?;
        return Err(Error::NotFound);
    }
    let name = attachment.name.as_str();
    let picture = made.bytes.and_then(|bytes| {
        let (kind, ending) = match Format::of(&bytes)? {
            Format::Jpeg => (ContentType::JPEG, ".jpg"),
            _ => (ContentType::PNG, ".png"),
        };
        let name = if name.to_ascii_lowercase().ends_with(ending) { name.to_owned() } else { format!("{name}{ending}") };
        Some(Inline::new(bytes, kind, &name))
    });
    Ok(Shown { picture, file: doors.site.links.attachment(id, name) })
}
