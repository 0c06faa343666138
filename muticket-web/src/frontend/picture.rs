//! Pictures as pages show them: small in the list of files, large behind a click. MuTicket makes both versions itself (P-10); the original
//! is a [download](crate::frontend::download).

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use muticket_core::{AttachmentId, Error, Refusal};
use muticket_pictures::{Format, Version};

use crate::context::Context;
use crate::error::Failure;
use crate::frontend::download::{CROSS_ORIGIN_RESOURCE_POLICY, SANDBOX, begin, disposition, named_for};
use crate::pictures::derivative;
use crate::response::Response;

/// An icon of a sheet of paper. It stands for a file that cannot be shown but was listed as a picture, because it was stored before
/// pictures were checked.
const NO_PICTURE: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 208 136'>\
    <path d='M84 34h28l14 14v54H84zM112 34v14h14' fill='none' stroke='#888' stroke-width='3' stroke-linejoin='round'/></svg>";

/// The small version of a picture; 404 for a file that is not a picture.
pub(crate) async fn small(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let shown = version(context, named_for(context, id).await?, Version::Small).await?;
    Ok(shown.picture.unwrap_or_else(|| inline(Bytes::from_static(NO_PICTURE), "image/svg+xml", "picture.svg")))
}

/// The large version of a picture, or a redirect to the file if it cannot be shown; 404 for a file that is not a picture.
pub(crate) async fn large(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    let shown = version(context, named_for(context, id).await?, Version::Large).await?;
    Ok(shown.picture.unwrap_or_else(|| Response::see_other(&shown.file)))
}

fn inline(bytes: Bytes, kind: &str, name: &str) -> Response {
    Response::new(StatusCode::OK, bytes)
        .with(CONTENT_TYPE, kind)
        .with(CONTENT_DISPOSITION, &disposition(true, name))
        .with(CONTENT_SECURITY_POLICY, SANDBOX)
        .with(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin")
}

struct ShownPicture {
    /// `None` if it cannot be shown.
    picture: Option<Response>,
    /// The URL of the original.
    file: String,
}

async fn version(context: &Context<'_>, id: AttachmentId, version: Version) -> Result<ShownPicture, Error> {
    let original = begin(context, id).await?;
    let attachment = original.attachment;
    if !attachment.media_type.is_image() {
        return Err(Error::NotFound);
    }
    let shared = context.shared;
    let content = original.content;
    let made = shared.pictures.version(&shared.helpdesk, &attachment.key, version, async { Ok(content) }).await;
    if let Err(Error::Refused(refusal @ Refusal::FileDamaged)) = &made {
        shared.broken_files.log(id, *refusal);
    }
    let made = made?;
    // The ticket may have been deleted meanwhile, before this version was stored beside the original. Delete the version too.
    if made.fresh && begin(context, id).await.is_err() {
        shared.helpdesk.delete_derivative(&attachment.key, derivative(version)).await?;
        return Err(Error::NotFound);
    }
    let name = attachment.name.as_str();
    let picture = made.bytes.and_then(|bytes| {
        let (kind, ending) = match Format::of(&bytes)? {
            Format::Jpeg => ("image/jpeg", ".jpg"),
            _ => ("image/png", ".png"),
        };
        let name = if name.to_ascii_lowercase().ends_with(ending) { name.to_owned() } else { format!("{name}{ending}") };
        Some(inline(bytes.into(), kind, &name))
    });
    Ok(ShownPicture { picture, file: context.links().attachment(id, name) })
}
