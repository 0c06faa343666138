//! Files attached to a message.

use strum::{Display, EnumString, IntoStaticStr};

use crate::blob::{BlobKey, Digest};
use crate::id::{AttachmentId, MessageNumber, TicketNumber};
use crate::ticket::FileName;

/// A file attached to a message. Its bytes are in the blob store under [`key`](Self::key).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Attachment {
    /// The id, used in URLs.
    pub id: AttachmentId,
    /// The ticket of the message.
    pub ticket: TicketNumber,
    /// The message.
    pub message: MessageNumber,
    /// The file name chosen by its author. Only displayed, never used as a path.
    pub name: FileName,
    /// The type detected from the first bytes.
    pub media_type: MediaType,
    /// Its length in bytes.
    pub size: u64,
    /// The key of the bytes in the blob store.
    pub key: BlobKey,
    /// The digest that the bytes must match when they are downloaded. `None` for a file stored before digests existed, until
    /// the sweep computes one.
    pub digest: Option<Digest>,
}

impl Attachment {
    /// Creates an attachment from its file name and the key of its bytes. It has the type [`MediaType::Other`], 0 bytes and
    /// no digest until those fields are set.
    pub fn new(id: AttachmentId, (ticket, message): (TicketNumber, MessageNumber), name: FileName, key: BlobKey) -> Self {
        Self { id, ticket, message, name, media_type: MediaType::Other, size: 0, key, digest: None }
    }
}

/// The type of a file, by its content. Only the image types listed here are shown inside a page (P-10); all other files are
/// downloads, whatever type the sender declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Display, IntoStaticStr, EnumString)]
#[non_exhaustive]
pub enum MediaType {
    /// A PNG image.
    #[strum(to_string = "image/png")]
    Png,
    /// A JPEG image.
    #[strum(to_string = "image/jpeg")]
    Jpeg,
    /// A GIF image.
    #[strum(to_string = "image/gif")]
    Gif,
    /// A WebP image.
    #[strum(to_string = "image/webp")]
    Webp,
    /// Anything else.
    #[strum(to_string = "application/octet-stream")]
    Other,
}

impl MediaType {
    /// The number of bytes that [`detect`](Self::detect) needs.
    pub const DETECT_BYTES: usize = 64;

    /// Detects the type from the first bytes of a file.
    pub fn detect(head: &[u8]) -> Self {
        infer::get(head).and_then(|kind| kind.mime_type().parse().ok()).unwrap_or(Self::Other)
    }

    /// Whether the first bytes are those of an image, also of a type that pages do not show. The image limit applies to all
    /// of them.
    pub fn is_any_image(head: &[u8]) -> bool {
        infer::is_image(head)
    }

    /// The MIME type, as served and stored: `application/octet-stream` for [`Other`](Self::Other). `parse` reads it.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether pages show files of this type as images.
    pub fn is_image(self) -> bool {
        self != Self::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say() {
        let cases: [(&[u8], MediaType); 7] = [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", MediaType::Png),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", MediaType::Jpeg),
            (b"GIF89a\x01\0\x01\0", MediaType::Gif),
            (b"RIFF\x24\0\0\0WEBPVP8 ", MediaType::Webp),
            (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", MediaType::Other),
            (b"%PDF-1.7", MediaType::Other),
            (b"", MediaType::Other),
        ];
        for (head, kind) in cases {
            assert_eq!(MediaType::detect(head), kind);
            assert_eq!(MediaType::is_any_image(head), kind.is_image());
        }
        // Databases hold these words.
        for (word, kind) in [
            ("image/png", MediaType::Png),
            ("image/jpeg", MediaType::Jpeg),
            ("image/gif", MediaType::Gif),
            ("image/webp", MediaType::Webp),
            ("application/octet-stream", MediaType::Other),
        ] {
            assert_eq!((kind.as_str(), word.parse(), kind.to_string().as_str()), (word, Ok(kind), word));
        }
        let bitmap = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0";
        assert_eq!((MediaType::detect(bitmap), MediaType::is_any_image(bitmap)), (MediaType::Other, true));
    }
}
