//! Small versions of pictures: made when somebody first looks at one, and kept beside the original.

use bytes::Bytes;
use muticket_core::blob::{self, ByteSource};
use muticket_core::{AttachmentId, Error};
use rocket::get;
use rocket::http::{ContentType, Header};
use rocket::response::Responder;

use crate::error::{Failure, log_unavailable};
use crate::frontend::download::begin;
use crate::guards::Doors;
use crate::query::named;

/// A small picture: always a PNG of our own making, so nothing of the sender's file but its pixels is in it.
#[derive(Responder)]
pub(crate) struct Thumbnail {
    png: Vec<u8>,
    kind: ContentType,
    policy: Header<'static>,
    resource: Header<'static>,
}

/// The small version of a picture; 404 for a file that is none, or cannot be shown.
#[get("/attachments/<id>/thumbnail", rank = 1)]
pub(crate) async fn thumbnail(doors: Doors<'_>, id: &str) -> Result<Thumbnail, Failure> {
    let png = small(&doors, named(id)?).await?;
    Ok(Thumbnail {
        png,
        kind: ContentType::PNG,
        policy: Header::new("Content-Security-Policy", "sandbox; default-src 'none'"),
        resource: Header::new("Cross-Origin-Resource-Policy", "same-origin"),
    })
}

async fn small(doors: &Doors<'_>, id: AttachmentId) -> Result<Vec<u8>, Error> {
    let original = begin(doors, id).await?;
    let attachment = &original.attachment;
    let blobs = doors.site.helpdesk.blobs().filter(|_| attachment.media_type.is_image()).ok_or(Error::NotFound)?;
    let key = attachment.key.thumbnail();
    if let Some(mut kept) = blobs.get(&key).await? {
        return all(&mut *kept).await;
    }
    let bytes = {
        // Few at a time: each may take more than 100 MiB and a second. The semaphore is never closed.
        let _permit = doors.site.thumbnails.acquire().await.map_err(|_| Error::NotFound)?;
        let mut content = original.content;
        let bytes = all(&mut *content).await?;
        tokio::task::spawn_blocking(move || blob::thumbnail(&bytes)).await.ok().and_then(Result::ok).ok_or(Error::NotFound)?
    };
    if let Err(error) = blobs.put(&key, &mut Some(Bytes::from(bytes.clone()))).await {
        // It is made again the next time; this visitor need not wait for that.
        log_unavailable(&error.into());
        return Ok(bytes);
    }
    // The ticket may have been deleted meanwhile, and with it this blob, before it was there.
    if begin(doors, id).await.is_err() {
        blobs.delete(&key).await?;
        return Err(Error::NotFound);
    }
    Ok(bytes)
}

async fn all(source: &mut dyn ByteSource) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    while let Some(piece) = source.next().await.map_err(|error| muticket_core::blob::BlobError::Store(error.into()))? {
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}
