//! Locations in a WebP. They are overwritten in place, because the file begins with its length.

use super::chunks::{Chunked, MAX_HELD, Step};
use super::exif;

/// The flag in the `VP8X` chunk that announces XMP.
const XMP: u8 = 0x04;

#[derive(Default)]
pub(super) struct WebP {
    /// The length of the chunks according to the file head, and how many of these bytes have been read; `None` before the
    /// head.
    row: Option<(usize, usize)>,
    /// How many bytes of the current chunk are still to be overwritten.
    blank: usize,
}

impl Chunked for WebP {
    fn step(&mut self, next: &mut [u8]) -> Option<Step> {
        if self.blank > 0 {
            return Some(Step::Zero(std::mem::take(&mut self.blank)));
        }
        let Some((length, come)) = &mut self.row else {
            let length = *next.get(4..)?.first_chunk::<4>()?;
            let length = (u32::from_le_bytes(length) as usize).saturating_sub(4);
            // Programs that write a stream leave out the length.
            self.row = Some((if length < 8 { usize::MAX } else { length }, 0));
            return Some(Step::Pass(12));
        };
        if *come >= *length {
            return Some(Step::ZeroRest);
        }
        let head = next.first_chunk_mut::<8>()?;
        let [name @ .., a, b, c, d] = *head;
        if !name.iter().all(|byte| (b' '..=b'~').contains(byte)) {
            return Some(Step::PassRest);
        }
        let content = u32::from_le_bytes([a, b, c, d]) as usize;
        let whole = content.saturating_add(content % 2).saturating_add(8);
        *come = come.saturating_add(whole);
        match &name {
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ANMF" | b"ICCP" => Some(Step::Pass(whole)),
            b"VP8X" if content <= MAX_HELD => Some(Step::Hold(whole)),
            b"EXIF" if content <= MAX_HELD => Some(Step::Hold(whole)),
            b"EXIF" => {
                // EXIF this long is not held as a whole: keep only the orientation.
                self.blank = whole - 8 - exif::LEAST;
                Some(Step::Hold(8 + exif::LEAST))
            }
            _ => {
                // Programs skip unknown chunks.
                head[..4].copy_from_slice(b"JUNK");
                self.blank = whole - 8;
                Some(Step::Pass(8))
            }
        }
    }

    fn rewrite(&mut self, held: &mut [u8]) {
        let (name, content) = held.split_at_mut(8);
        match (&name[..4], content) {
            (b"VP8X", [flags, ..]) => *flags &= !XMP,
            (b"EXIF", content) => {
                // Without the padding byte.
                let length = u32::from_le_bytes([name[4], name[5], name[6], name[7]]) as usize;
                let here = length.min(content.len());
                exif::unlocate_chunk(&mut content[..here]);
            }
            _ => {}
        }
    }
}
