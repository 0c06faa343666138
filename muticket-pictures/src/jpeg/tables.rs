//! The tables that the segments before a scan define.

use super::bits::Codes;
use super::work::{TABLE, WorkBudget};
use crate::picture::NotAPicture;

/// The tables that scans refer to by number.
#[derive(Default)]
pub(super) struct JpegTables {
    /// The quantization factors.
    pub(super) factors: [Option<[u16; 64]>; 4],
    /// The codes of first coefficients.
    pub(super) dc: [Option<Codes>; 4],
    /// The codes of all other coefficients.
    pub(super) ac: [Option<Codes>; 4],
    /// The number of units after which the codes restart; 0 if they never do.
    pub(super) restart: usize,
}

impl JpegTables {
    /// Reads the number of units between restarts.
    pub(super) fn restarts(&mut self, segment: &[u8]) -> Result<(), NotAPicture> {
        let units = segment.first_chunk::<2>().ok_or(NotAPicture::Damaged)?;
        self.restart = usize::from(u16::from_be_bytes(*units));
        Ok(())
    }

    /// Reads Huffman codes.
    pub(super) fn codes(&mut self, mut segment: &[u8], work: &mut WorkBudget) -> Result<(), NotAPicture> {
        while let Some((place, rest)) = segment.split_first() {
            work.take(TABLE)?;
            let (counts, rest) = rest.split_first_chunk::<16>().ok_or(NotAPicture::Damaged)?;
            let count = counts.iter().map(|count| usize::from(*count)).sum();
            let (values, rest) = rest.split_at_checked(count).ok_or(NotAPicture::Damaged)?;
            let kind = if place >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            *kind.get_mut(usize::from(place & 15)).ok_or(NotAPicture::Damaged)? = Some(Codes::new(counts, values)?);
            segment = rest;
        }
        Ok(())
    }

    /// Reads quantization factors.
    pub(super) fn factors(&mut self, mut segment: &[u8]) -> Result<(), NotAPicture> {
        while let Some((place, rest)) = segment.split_first() {
            let wide = place >> 4 != 0;
            let (bytes, rest) = rest.split_at_checked(if wide { 128 } else { 64 }).ok_or(NotAPicture::Damaged)?;
            let factor = |at: usize| match wide {
                true => u16::from_be_bytes([bytes[2 * at], bytes[2 * at + 1]]),
                false => bytes[at].into(),
            };
            let table = std::array::from_fn(factor);
            *self.factors.get_mut(usize::from(place & 15)).ok_or(NotAPicture::Damaged)? = Some(table);
            segment = rest;
        }
        Ok(())
    }
}
