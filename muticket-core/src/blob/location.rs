//! Removes from a JPEG, while it passes, where its photograph was taken. The picture itself is not packed anew, and the file keeps its
//! length: what goes is overwritten in its place.
//!
//! What goes: GPS in EXIF, and notes of the camera's maker, whose content only the maker knows; XMP; the captions of Photoshop and news
//! agencies, which name places; further pictures behind the end and whatever else stands there, as the moving part of a photograph does, for
//! each of them may tell the place once more. What stays: the picture, how the camera was held, the colours, the date, the camera.

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};

use crate::blob::ByteSource;

mod exif;

/// Bytes on their way in. Only a JPEG is changed.
pub(crate) struct Unlocated<'a> {
    source: &'a mut dyn ByteSource,
    /// `None` for what is handed on as it is.
    reader: Option<Reader>,
}

impl<'a> Unlocated<'a> {
    /// Hands everything on as it is unless `remove`.
    pub(crate) fn new(source: &'a mut dyn ByteSource, remove: bool) -> Self {
        Self { source, reader: remove.then(Reader::default) }
    }
}

#[async_trait]
impl ByteSource for Unlocated<'_> {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        loop {
            let piece = self.source.next().await?;
            let Some(reader) = &mut self.reader else { return Ok(piece) };
            let Some(piece) = piece else {
                // What waited for its end never gets one.
                let mut rest = std::mem::take(&mut reader.held);
                if reader.place == Place::Segments && rest.len() > 4 {
                    blank(rest[1], &mut rest[4..]);
                }
                self.reader = None;
                return Ok((!rest.is_empty()).then(|| rest.freeze()));
            };
            let passed = reader.pass(&piece);
            if reader.place == Place::NoJpeg {
                self.reader = None;
            }
            if !passed.is_empty() {
                return Ok(Some(passed));
            }
        }
    }
}

/// Where in the file the next byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Place {
    /// At its beginning.
    #[default]
    Begin,
    /// Before a marker, between segments.
    Segments,
    /// In the bits of a scan.
    Scan,
    /// Behind the end.
    Behind,
    /// In a file that is none.
    NoJpeg,
}

#[derive(Default)]
struct Reader {
    place: Place,
    /// Bytes that wait for more: at most one segment, which has up to 65,537 of them.
    held: BytesMut,
}

impl Reader {
    /// Takes a piece, and gives what is decided.
    fn pass(&mut self, piece: &[u8]) -> Bytes {
        self.held.extend_from_slice(piece);
        let mut done = 0;
        while let Some(step) = self.step(done) {
            done += step;
        }
        self.held.split_to(done).freeze()
    }

    /// How many of the held bytes from there on are decided; `None` if more are needed to say.
    fn step(&mut self, from: usize) -> Option<usize> {
        let held = &mut self.held[from..];
        match self.place {
            Place::Begin => {
                let is_jpeg = *held.first_chunk::<3>()? == [0xff, 0xd8, 0xff];
                self.place = if is_jpeg { Place::Segments } else { Place::NoJpeg };
                Some(if is_jpeg { 2 } else { held.len() })
            }
            Place::Segments => match held {
                [0xff, 0xff, ..] => Some(1),
                [0xff, 0xd9, ..] => {
                    self.place = Place::Behind;
                    Some(2)
                }
                [0xff, 0x01 | 0xd0..=0xd8, ..] => Some(2),
                [0xff, marker, high, low, ..] => {
                    let length = usize::from(u16::from_be_bytes([*high, *low])) + 2;
                    let marker = *marker;
                    let segment = held.get_mut(..length.max(4))?;
                    blank(marker, &mut segment[4..]);
                    if marker == 0xda {
                        self.place = Place::Scan;
                    }
                    Some(length.max(4))
                }
                [0xff, ..] | [] => None,
                // Not where a segment could be: programs look for the next one.
                [_, ..] => Some(held.iter().position(|byte| *byte == 0xff).unwrap_or(held.len())),
            },
            Place::Scan => match held {
                [] | [0xff] => None,
                [0xff, 0 | 0xd0..=0xd7, ..] => Some(2),
                [0xff, ..] => {
                    self.place = Place::Segments;
                    Some(0)
                }
                _ => Some(held.iter().position(|byte| *byte == 0xff).unwrap_or(held.len())),
            },
            Place::Behind if held.is_empty() => None,
            Place::Behind => {
                held.fill(0);
                Some(held.len())
            }
            Place::NoJpeg => (!held.is_empty()).then_some(held.len()),
        }
    }
}

/// Overwrites what a segment says of places. Of the segments that programs add, those are kept that the picture needs.
fn blank(marker: u8, content: &mut [u8]) {
    let needed = marker == 0xee || (marker == 0xe2 && content.starts_with(b"ICC_PROFILE\0"));
    if !matches!(marker, 0xe1..=0xef) || needed {
        return;
    }
    if marker == 0xe1 && content.starts_with(b"Exif\0\0") {
        exif::unlocate(&mut content[6..]);
        return;
    }
    // The name in front stays, so that programs know what it was.
    let name = content.iter().position(|byte| *byte == 0).map_or(0, |end| end + 1);
    content[name..].fill(if marker == 0xe1 { b' ' } else { 0 });
}

#[cfg(test)]
mod tests;
