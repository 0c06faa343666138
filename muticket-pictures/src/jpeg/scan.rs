//! Reads the coefficients of a scan, block by block. Coefficients that the wanted size does not need are skipped.

use super::bits::{Bits, Codes, Skips, signed};
use super::frame::Scan;
use crate::picture::NotAPicture;

/// The zigzag order: for each coefficient in the file, its place in a block of 8 by 8.
pub(super) const PLACES: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42,
    49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// The place of a coefficient that is not kept.
const NOWHERE: u8 = u8::MAX;

/// The coefficients of a block that are kept if it becomes `side` by `side` pixels: those of the lowest frequencies.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) side: usize,
    places: [u8; 64],
    /// A bit for each coefficient that is kept, in the order of the file.
    set: u64,
    /// The last coefficient that is kept, in the order of the file.
    last: usize,
}

impl Kept {
    /// `side` is from 1 to 8.
    pub(super) fn new(side: usize) -> Self {
        let place = |at: u8| {
            let (row, column) = (usize::from(at / 8), usize::from(at % 8));
            if row < side && column < side { (row * side + column) as u8 } else { NOWHERE }
        };
        let places = PLACES.map(place);
        let set = places.iter().rev().fold(0, |set, place| set << 1 | u64::from(*place != NOWHERE));
        let last = places.iter().rposition(|place| *place != NOWHERE).unwrap_or(0);
        Self { side, places, set, last }
    }

    /// How many coefficients of a block are kept.
    pub(super) fn count(&self) -> usize {
        self.side * self.side
    }

    /// Whether one of these coefficients is kept.
    pub(super) fn any(&self, first: usize, last: usize) -> bool {
        self.set & (u64::MAX << first) & (u64::MAX >> (63 - last)) != 0
    }

    /// The factors of a quantization table, scaled for this block size, in the order of the kept coefficients.
    pub(super) fn factors(&self, table: &[u16; 64]) -> Vec<f32> {
        let mut factors = vec![0.0; self.count()];
        for (place, factor) in self.places.iter().zip(table) {
            if let Some(kept) = factors.get_mut(usize::from(*place)) {
                *kept = f32::from(*factor) * self.side as f32 / 8.0;
            }
        }
        factors
    }
}

/// Sets a coefficient if it is kept.
#[inline]
fn keep(block: &mut [i16], place: u8, number: i32) {
    if let Some(kept) = block.get_mut(usize::from(place)) {
        *kept = number as i16;
    }
}

/// Reads a whole block of a scan that is not progressive.
#[inline]
pub(super) fn whole(
    bits: &mut Bits<'_>,
    (dc, ac, skips): (&Codes, &Codes, &Skips),
    before: &mut i32,
    block: &mut [i16],
    kept: &Kept,
) -> Result<(), NotAPicture> {
    // A copy can stay in registers while the block is read.
    let mut own = *bits;
    first_number(&mut own, dc, before, block, 0)?;
    let mut at = 1;
    while at < 64 {
        if at > kept.last
            // After the last coefficient of a block, the codes are those of the next block.
            && let Some((count, end)) = own.skip(skips, 63 - at)?
        {
            if end {
                break;
            }
            at += count;
            continue;
        }
        let (value, number) = own.value_and_number(ac)?;
        let (zeros, size) = (usize::from(value >> 4), value & 15);
        if size == 0 {
            if zeros < 15 {
                break;
            }
            at += 16;
            continue;
        }
        at += zeros;
        let place = *kept.places.get(at).ok_or(NotAPicture::Damaged)?;
        keep(block, place, number);
        at += 1;
    }
    *bits = own;
    Ok(())
}

/// Reads the first coefficient of a block, which is stored as the difference from the one before.
#[inline]
pub(super) fn first_number(
    bits: &mut Bits<'_>,
    dc: &Codes,
    before: &mut i32,
    block: &mut [i16],
    low: u32,
) -> Result<(), NotAPicture> {
    let size = u32::from(bits.value(dc)?);
    if size > 15 {
        return Err(NotAPicture::Damaged);
    }
    *before = before.wrapping_add(signed(bits.number(size)?, size));
    block[0] = (*before << low) as i16;
    Ok(())
}

/// Reads one more bit of the first coefficient of a block.
#[inline]
pub(super) fn first_number_refined(bits: &mut Bits<'_>, block: &mut [i16], low: u32) -> Result<(), NotAPicture> {
    if bits.bit()? {
        block[0] |= 1 << low;
    }
    Ok(())
}

/// Reads the other coefficients in a progressive picture. A run of blocks may have none.
pub(super) struct Progress<'a> {
    ac: &'a Codes,
    scan: &'a Scan,
    kept: &'a Kept,
    /// How many of the next blocks have nothing new.
    run: u32,
}

impl<'a> Progress<'a> {
    pub(super) fn new(ac: &'a Codes, scan: &'a Scan, kept: &'a Kept) -> Self {
        Self { ac, scan, kept, run: 0 }
    }

    pub(super) fn restart(&mut self) {
        self.run = 0;
    }

    /// Reads the first bits of a block's coefficients. `known` has a bit for each coefficient that is not zero.
    #[inline]
    pub(super) fn first(&mut self, bits: &mut Bits<'_>, block: &mut [i16], known: &mut u64) -> Result<(), NotAPicture> {
        if self.run > 0 {
            self.run -= 1;
            return Ok(());
        }
        let mut at = self.scan.first;
        while at <= self.scan.last {
            let (value, number) = bits.value_and_number(self.ac)?;
            let (zeros, size) = (usize::from(value >> 4), value & 15);
            if size == 0 {
                if zeros < 15 {
                    self.run = (1 << zeros) - 1 + bits.number(zeros as u32)?;
                    break;
                }
                at += 16;
                continue;
            }
            at += zeros;
            let place = *self.kept.places.get(at).ok_or(NotAPicture::Damaged)?;
            keep(block, place, number << self.scan.low);
            *known |= 1 << at;
            at += 1;
        }
        Ok(())
    }

    /// Reads one more bit of each coefficient of a block.
    #[inline]
    pub(super) fn refined(&mut self, bits: &mut Bits<'_>, block: &mut [i16], known: &mut u64) -> Result<(), NotAPicture> {
        let (mut at, last, low) = (self.scan.first, self.scan.last, self.scan.low);
        let up_to_last = u64::MAX >> (63 - last);
        if self.run == 0 {
            while at <= last {
                let (value, sign) = bits.value_and_number(self.ac)?;
                let (zeros, size) = (value >> 4, value & 15);
                let new = match size {
                    0 if zeros < 15 => {
                        self.run = (1 << zeros) + bits.number(u32::from(zeros))?;
                        break;
                    }
                    0 => 0,
                    1 if sign == 1 => 1 << low,
                    1 => -(1 << low),
                    _ => return Err(NotAPicture::Damaged),
                };
                // The new coefficient follows `zeros` ones that stay zero. Each nonzero one on the way gets its bit.
                let band = up_to_last & (u64::MAX << at);
                let mut free = band & !*known;
                for _ in 0..zeros {
                    free &= free.wrapping_sub(1);
                }
                let before = match free {
                    0 => band,
                    _ => band & ((1 << free.trailing_zeros()) - 1),
                };
                self.refine(bits, block, before & *known)?;
                if free == 0 {
                    return Ok(());
                }
                at = free.trailing_zeros() as usize;
                if new != 0 {
                    keep(block, self.kept.places[at], new);
                    *known |= 1 << at;
                }
                at += 1;
            }
        }
        if self.run > 0 {
            let band = u64::MAX.checked_shl(at as u32).unwrap_or(0) & up_to_last;
            self.refine(bits, block, *known & band)?;
            self.run -= 1;
        }
        Ok(())
    }

    /// Reads a bit for each of these coefficients.
    #[inline(always)]
    fn refine(&self, bits: &mut Bits<'_>, block: &mut [i16], numbers: u64) -> Result<(), NotAPicture> {
        let mut left = numbers;
        while left != 0 {
            let count = left.count_ones().min(16);
            let word = bits.number(count)?;
            if count < 16 && left & self.kept.set == 0 {
                return Ok(());
            }
            for bit in (0..count).rev() {
                let at = left.trailing_zeros() as usize;
                left &= left - 1;
                if word >> bit & 1 == 1
                    && let Some(number) = block.get_mut(usize::from(self.kept.places[at]))
                    && *number & (1 << self.scan.low) == 0
                {
                    let step = 1_i16 << self.scan.low;
                    *number = if *number < 0 { number.wrapping_sub(step) } else { number.wrapping_add(step) };
                }
            }
        }
        Ok(())
    }
}
