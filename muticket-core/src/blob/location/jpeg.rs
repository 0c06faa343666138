//! Places in a JPEG. What tells one is overwritten where it stands, so the file keeps its length.

use bytes::{Bytes, BytesMut};

use super::exif;

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
}

/// Reads a JPEG.
#[derive(Default)]
pub(super) struct Reader {
    place: Place,
    /// Bytes that wait for more: at most one segment, which has up to 65,537 of them.
    pub(super) held: BytesMut,
}

impl Reader {
    /// Takes a piece, and gives what is decided.
    pub(super) fn pass(&mut self, piece: &[u8]) -> Bytes {
        self.held.extend_from_slice(piece);
        let mut done = 0;
        while let Some(step) = self.step(done) {
            done += step;
        }
        self.held.split_to(done).freeze()
    }

    /// What waited for its end, which never comes.
    pub(super) fn end(self) -> Bytes {
        let mut rest = self.held;
        if self.place == Place::Segments && rest.len() > 4 {
            blank(rest[1], &mut rest[4..]);
        }
        rest.freeze()
    }

    /// How many of the held bytes from there on are decided; `None` if more are needed to say.
    fn step(&mut self, from: usize) -> Option<usize> {
        let held = &mut self.held[from..];
        match self.place {
            Place::Begin => (held.len() >= 2).then(|| {
                self.place = Place::Segments;
                2
            }),
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
