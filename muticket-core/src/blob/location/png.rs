//! Locations in a PNG. Chunks that contain one are removed; EXIF is cleaned instead.

use super::chunks::{Chunked, MAX_HELD, Step};
use super::exif;

/// The signature of every PNG.
pub(super) const BEGIN: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Chunks that change how the picture looks, those of an animation, and the time.
const NEEDED: [&[u8; 4]; 19] = [
    b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"mDCv", b"cLLI", b"cLLi", b"bKGD", b"hIST", b"pHYs",
    b"sPLT", b"acTL", b"fcTL", b"fdAT", b"tIME",
];

/// Keywords of the text chunks that are kept: those of the standard that name no place, and the drawings that some programs
/// embed in their pictures to edit them again. Descriptions and comments may name a place; XMP and the profiles of other
/// programs may hide one.
const TEXTS: [&[u8]; 11] = [
    b"Title",
    b"Author",
    b"Copyright",
    b"Creation Time",
    b"Software",
    b"Disclaimer",
    b"Warning",
    b"Source",
    b"mxfile",
    b"mxGraphModel",
    b"application/vnd.excalidraw+json",
];

/// The longest keyword of a text chunk, in bytes.
const NAME: usize = 79;

#[derive(Default)]
pub(super) struct Png {
    /// The picture has ended; all that follows is dropped.
    ended: bool,
}

impl Chunked for Png {
    fn step(&mut self, next: &mut [u8]) -> Option<Step> {
        if self.ended {
            return Some(Step::DropRest);
        }
        let (head, rest) = next.split_first_chunk::<8>()?;
        if head == BEGIN {
            return Some(Step::Pass(BEGIN.len()));
        }
        let [length @ .., a, b, c, d] = *head;
        let (length, name) = (u32::from_be_bytes(length) as usize, [a, b, c, d]);
        // The head, the content and the checksum.
        let whole = length.saturating_add(12);
        match &name {
            b"IEND" => {
                self.ended = true;
                Some(Step::Pass(whole))
            }
            // A chunk cannot begin here. Viewers stop here too.
            _ if !name.iter().all(u8::is_ascii_alphabetic) => Some(Step::PassRest),
            b"eXIf" if length <= MAX_HELD => Some(Step::Hold(whole)),
            b"tEXt" | b"zTXt" | b"iTXt" => {
                let begin = &rest[..rest.len().min(length).min(NAME + 1)];
                let end = begin.iter().position(|byte| *byte == 0);
                if end.is_none() && begin.len() < length.min(NAME + 1) {
                    return None;
                }
                let stays = end.is_some_and(|end| TEXTS.contains(&&begin[..end]));
                Some(if stays { Step::Pass(whole) } else { Step::Drop(whole) })
            }
            // An upper-case first letter marks a critical chunk: the picture cannot be shown without it.
            [b'A'..=b'Z', ..] => Some(Step::Pass(whole)),
            _ if NEEDED.contains(&&name) => Some(Step::Pass(whole)),
            _ => Some(Step::Drop(whole)),
        }
    }

    fn rewrite(&mut self, held: &mut [u8]) {
        let end = held.len() - 4;
        exif::unlocate_chunk(&mut held[8..end]);
        let sum = check_sum(&held[4..end]);
        held[end..].copy_from_slice(&sum.to_be_bytes());
    }
}

/// CRC-32, as the PNG standard defines it.
pub(super) fn check_sum(bytes: &[u8]) -> u32 {
    let mut sum = !0_u32;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    !sum
}
