//! Removes the location from a photograph while it is uploaded. The picture itself is not compressed again.
//!
//! Removed: GPS in EXIF; maker notes, whose format only the maker knows; XMP; the captions of Photoshop and news agencies,
//! which name places; further pictures and all other bytes after the end, such as the video of a moving photograph, because
//! they may repeat the location; and unknown data added by other programs. Kept: the picture, its orientation, colours, date
//! and camera.
//!
//! JPEG and WebP files keep their length: removed data is overwritten. In a PNG it is cut out. Other files pass unchanged.

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use crate::blob::ByteSource;

mod chunks;
mod exif;
mod jpeg;
mod png;
mod webp;

/// The reader for the detected kind of file.
enum AnyReader {
    /// Not enough bytes yet to detect the kind.
    Begin(BytesMut),
    Jpeg(jpeg::JpegReader),
    Png(chunks::ChunkReader<png::Png>),
    WebP(chunks::ChunkReader<webp::WebP>),
    /// Another kind of file: passed unchanged.
    Other,
}

impl AnyReader {
    fn pass(&mut self, piece: Bytes) -> Bytes {
        match self {
            Self::Begin(held) => {
                held.extend_from_slice(&piece);
                let Some(mut reader) = Self::of(held) else { return Bytes::new() };
                let begin = std::mem::take(held).freeze();
                let passed = reader.pass(begin);
                *self = reader;
                passed
            }
            Self::Jpeg(reader) => reader.pass(&piece),
            Self::Png(reader) => reader.pass(&piece),
            Self::WebP(reader) => reader.pass(&piece),
            Self::Other => piece,
        }
    }

    /// Picks the reader by the first bytes; `None` if more bytes are needed to tell.
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg(jpeg::JpegReader::default())),
            _ if head.starts_with(png::BEGIN) => Some(Self::Png(chunks::ChunkReader::new(png::Png::default()))),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
                Some(Self::WebP(chunks::ChunkReader::new(webp::WebP::default())))
            }
            _ => {
                let may_be = |begin: &[u8]| head.len() < begin.len() && begin.starts_with(head);
                let may_be_webp = head.len() < 12 && head.iter().zip(b"RIFF").all(|(byte, wanted)| byte == wanted);
                (!may_be(&[0xff, 0xd8, 0xff]) && !may_be(png::BEGIN) && !may_be_webp).then_some(Self::Other)
            }
        }
    }

    fn end(self) -> Bytes {
        match self {
            Self::Begin(held) => held.freeze(),
            Self::Jpeg(reader) => reader.end(),
            Self::Png(reader) => reader.end(),
            Self::WebP(reader) => reader.end(),
            Self::Other => Bytes::new(),
        }
    }
}

/// Upload bytes with the location removed.
pub(crate) struct Unlocated<'a> {
    source: &'a mut dyn ByteSource,
    reader: Option<AnyReader>,
}

impl<'a> Unlocated<'a> {
    /// Passes all bytes unchanged unless `remove` is set.
    pub(crate) fn new(source: &'a mut dyn ByteSource, remove: bool) -> Self {
        Self { source, reader: Some(if remove { AnyReader::Begin(BytesMut::new()) } else { AnyReader::Other }) }
    }
}

#[async_trait]
impl ByteSource for Unlocated<'_> {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        while let Some(reader) = &mut self.reader {
            let passed = match self.source.next().await? {
                Some(piece) => reader.pass(piece),
                None => self.reader.take().map(AnyReader::end).unwrap_or_default(),
            };
            if !passed.is_empty() {
                return Ok(Some(passed));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
