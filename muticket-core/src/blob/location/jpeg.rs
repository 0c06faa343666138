//! Locations in a JPEG. They are overwritten in place, so the file keeps its length.

use bytes::{Bytes, BytesMut};

use super::exif;

/// The part of the file that the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Region {
    /// The beginning.
    #[default]
    Begin,
    /// Before a marker, between segments.
    Segments,
    /// In the image data of a scan.
    Scan,
    /// After the end.
    Behind,
}

/// Reads a JPEG.
#[derive(Default)]
pub(super) struct JpegReader {
    place: Region,
    /// Bytes that wait for more: at most one segment, which has up to 65,537 bytes.
    pub(super) held: BytesMut,
}

impl JpegReader {
    /// Takes a piece and returns the bytes that are decided.
    pub(super) fn pass(&mut self, piece: &[u8]) -> Bytes {
        self.held.extend_from_slice(piece);
        let mut done = 0;
        while let Some(step) = self.step(done) {
            done += step;
        }
        self.held.split_to(done).freeze()
    }

    /// Ends a file that breaks off.
    pub(super) fn end(self) -> Bytes {
        let mut rest = self.held;
        if self.place == Region::Segments && rest.len() > 4 {
            blank(rest[1], &mut rest[4..]);
        }
        rest.freeze()
    }

    /// Returns how many of the held bytes after `from` are decided; `None` if more are needed.
    fn step(&mut self, from: usize) -> Option<usize> {
        let held = &mut self.held[from..];
        match self.place {
            Region::Begin => (held.len() >= 2).then(|| {
                self.place = Region::Segments;
                2
            }),
            Region::Segments => match held {
                [0xff, 0xff, ..] => Some(1),
                [0xff, 0xd9, ..] => {
                    self.place = Region::Behind;
                    Some(2)
                }
                [0xff, 0x01 | 0xd0..=0xd8, ..] => Some(2),
                [0xff, marker, high, low, ..] => {
                    let length = usize::from(u16::from_be_bytes([*high, *low])) + 2;
                    let marker = *marker;
                    let segment = held.get_mut(..length.max(4))?;
                    blank(marker, &mut segment[4..]);
                    if marker == 0xda {
                        self.place = Region::Scan;
                    }
                    Some(length.max(4))
                }
                [0xff, ..] | [] => None,
                // A segment cannot begin here. Programs skip to the next one.
                [_, ..] => Some(held.iter().position(|byte| *byte == 0xff).unwrap_or(held.len())),
            },
            Region::Scan => match held {
                [] | [0xff] => None,
                [0xff, 0 | 0xd0..=0xd7, ..] => Some(2),
                [0xff, ..] => {
                    self.place = Region::Segments;
                    Some(0)
                }
                _ => Some(held.iter().position(|byte| *byte == 0xff).unwrap_or(held.len())),
            },
            Region::Behind if held.is_empty() => None,
            Region::Behind => {
                held.fill(0);
                Some(held.len())
            }
        }
    }
}

/// Overwrites a segment that may contain a location. Of the application segments only those that the picture needs are kept.
fn blank(marker: u8, content: &mut [u8]) {
    let needed = marker == 0xee || (marker == 0xe2 && content.starts_with(b"ICC_PROFILE\0"));
    if !matches!(marker, 0xe1..=0xef) || needed {
        return;
    }
    if marker == 0xe1 && content.starts_with(exif::NAME) {
        exif::unlocate_chunk(content);
        return;
    }
    // Keep the name, so that programs still recognise the segment.
    let name = content.iter().position(|byte| *byte == 0).map_or(0, |end| end + 1);
    content[name..].fill(if marker == 0xe1 { b' ' } else { 0 });
}
