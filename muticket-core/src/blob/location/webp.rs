//! Places in a WebP. What tells one is overwritten where it stands, because the length of all stands at the beginning.

use super::chunks::{Chunked, MAX_HELD, Step};
use super::exif;

/// The flag in the head that says that there is XMP.
const XMP: u8 = 0x04;

#[derive(Default)]
pub(super) struct WebP {
    /// How many bytes there are behind the head of the file, and how many of them have come; `None` before that head.
    row: Option<(usize, usize)>,
    /// What is still to be overwritten of a chunk whose head went before.
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
            // Programs that write as they go leave the length out.
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
                // Only how the camera was held is kept of so much.
                self.blank = whole - 8 - exif::LEAST;
                Some(Step::Hold(8 + exif::LEAST))
            }
            _ => {
                // What programs pass over.
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
                // Without the byte that fills up.
                let length = u32::from_le_bytes([name[4], name[5], name[6], name[7]]) as usize;
                let here = length.min(content.len());
                exif::unlocate_chunk(&mut content[..here]);
            }
            _ => {}
        }
    }
}
