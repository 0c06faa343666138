//! Files that come with a message.

use std::fmt;

use crate::blob::{BlobKey, Digest};
use crate::id::{AttachmentId, MessageNumber, TicketNumber};
use crate::ticket::FileName;

/// A file of a message. Its bytes lie in the blob store under [`key`](Self::key).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attachment {
    /// Its name in addresses.
    pub id: AttachmentId,
    /// The ticket of its message.
    pub ticket: TicketNumber,
    /// Its message.
    pub message: MessageNumber,
    /// The name its owner gave it; shown, never used as a path.
    pub name: FileName,
    /// What its first bytes say it is.
    pub media_type: MediaType,
    /// Its length in bytes.
    pub size: u64,
    /// Where its bytes are.
    pub key: BlobKey,
    /// What its bytes are held against before they are given away; `None` for a file from before there were digests, until the sweep has
    /// read it.
    pub digest: Option<Digest>,
}

impl Attachment {
    /// A file of a message, by its name and the key of its bytes. It has the type [`MediaType::Other`], 0 bytes and no digest until those
    /// fields are set.
    pub fn new(id: AttachmentId, (ticket, message): (TicketNumber, MessageNumber), name: FileName, key: BlobKey) -> Self {
        Self { id, ticket, message, name, media_type: MediaType::Other, size: 0, key, digest: None }
    }
}

/// What a file is, by its content. Only the pictures in this list are ever shown inside a page (P-10);
/// everything else is a download, whatever the sender called it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaType {
    /// `image/png`
    Png,
    /// `image/jpeg`
    Jpeg,
    /// `image/gif`
    Gif,
    /// `image/webp`
    Webp,
    /// Anything else.
    Other,
}

impl MediaType {
    /// How many bytes of a file [`detect`](Self::detect) wants to see.
    pub const DETECT_BYTES: usize = 64;

    const ALL: [Self; 5] = [Self::Png, Self::Jpeg, Self::Gif, Self::Webp, Self::Other];

    /// Looks at the first bytes of a file.
    pub fn detect(head: &[u8]) -> Self {
        let found = infer::get(head).map(|kind| kind.mime_type());
        Self::ALL.into_iter().find(|kind| found == Some(kind.as_str())).unwrap_or(Self::Other)
    }

    /// Whether the first bytes are those of any picture, also of a kind that pages do not show: the limit for images applies to it.
    pub fn is_any_image(head: &[u8]) -> bool {
        infer::is_image(head)
    }

    /// The type as it is served and stored, `application/octet-stream` for [`Other`](Self::Other).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Other => "application/octet-stream",
        }
    }

    /// Reads the stored form; `None` for any other text.
    pub fn from_stored(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it is one of the pictures that pages show.
    pub fn is_image(self) -> bool {
        self != Self::Other
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
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
        let bitmap = b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0";
        assert_eq!((MediaType::detect(bitmap), MediaType::is_any_image(bitmap)), (MediaType::Other, true));
    }
}
