//! Pictures as pages show them: small in the list of files, large behind a click. MuTicket makes both versions itself (P-10); the original
//! is a [download](crate::frontend::download).

use bytes::Bytes;
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use muticket_core::{Error, Refusal};
use muticket_pictures::{Format, Version};

use crate::context::Context;
use crate::error::Failure;
use crate::file_id::FileId;
use crate::frontend::download::{CROSS_ORIGIN_RESOURCE_POLICY, SANDBOX, begin, disposition, of_message, of_note};
use crate::pictures::derivative;
use crate::response::Response;

/// An icon of a sheet of paper. It stands for a file that cannot be shown but was listed as a picture, because it was stored before
/// pictures were checked.
const NO_PICTURE: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 208 136'>\
    <path d='M84 34h28l14 14v54H84zM112 34v14h14' fill='none' stroke='#888' stroke-width='3' stroke-linejoin='round'/></svg>";

/// The small version of a picture of a message; 404 for a file that is not a picture.
pub(crate) async fn small(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    show_small(context, of_message(context, id).await?).await
}

/// The same for a picture of a note (T-01).
pub(crate) async fn small_of_note(context: &Context<'_>, number: &str, note: &str, id: &str) -> Result<Response, Failure> {
    show_small(context, of_note(context, number, note, id).await?).await
}

/// The large version of a picture of a message, or a redirect to the file if it cannot be shown; 404 for a file that is not a picture.
pub(crate) async fn large(context: &Context<'_>, id: &str) -> Result<Response, Failure> {
    show_large(context, of_message(context, id).await?).await
}

/// The same for a picture of a note (T-01).
pub(crate) async fn large_of_note(context: &Context<'_>, number: &str, note: &str, id: &str) -> Result<Response, Failure> {
    show_large(context, of_note(context, number, note, id).await?).await
}

async fn show_small(context: &Context<'_>, id: FileId) -> Result<Response, Failure> {
    let shown = version(context, id, Version::Small).await?;
    Ok(shown.picture.unwrap_or_else(|| inline(Bytes::from_static(NO_PICTURE), "image/svg+xml", "picture.svg")))
}

async fn show_large(context: &Context<'_>, id: FileId) -> Result<Response, Failure> {
    let shown = version(context, id, Version::Large).await?;
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

async fn version(context: &Context<'_>, id: FileId, version: Version) -> Result<ShownPicture, Error> {
    let original = begin(context, id).await?;
    if !original.media_type.is_image() {
        return Err(Error::NotFound);
    }
    let shared = context.shared;
    let (name, key, content) = (original.name, original.key, original.content);
    let made = shared.pictures.version(&shared.helpdesk, &key, version, async { Ok(content) }).await;
    if let Err(Error::Refused(refusal @ Refusal::FileDamaged)) = &made {
        shared.broken_files.log(id, *refusal);
    }
    let made = made?;
    // The ticket or the note may have been deleted meanwhile, before this version was stored beside the original. Delete the version too.
    if made.fresh && begin(context, id).await.is_err() {
        shared.helpdesk.delete_derivative(&key, derivative(version)).await?;
        return Err(Error::NotFound);
    }
    let name = name.as_str();
    let picture = made.bytes.and_then(|bytes| {
        let (kind, ending) = match Format::of(&bytes)? {
            Format::Jpeg => ("image/jpeg", ".jpg"),
            _ => ("image/png", ".png"),
        };
        let name = if name.to_ascii_lowercase().ends_with(ending) { name.to_owned() } else { format!("{name}{ending}") };
        Some(inline(bytes.into(), kind, &name))
    });
    Ok(ShownPicture { picture, file: id.link(context.links(), name) })
}
