//! The numbers of a scan, block by block. Numbers that the wanted size does not need are read over, not kept.

use super::bits::{Bits, Codes};
use super::frame::Scan;
use crate::NotAPicture;

/// For each number in the order of the file: its place in a block of 8 by 8.
const PLACES: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42,
    49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// A place for what is not kept.
const NOWHERE: u8 = u8::MAX;

/// Which numbers of a block are kept when it becomes `side` by `side` pixels: those of the lowest frequencies.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) side: usize,
    places: [u8; 64],
}

impl Kept {
    /// `side` is 1, 2, 4 or 8.
    pub(super) fn new(side: usize) -> Self {
        let place = |at: u8| {
            let (row, column) = (usize::from(at / 8), usize::from(at % 8));
            if row < side && column < side { (row * side + column) as u8 } else { NOWHERE }
        };
        Self { side, places: PLACES.map(place) }
    }

    /// How many numbers of a block are kept.
    pub(super) fn count(&self) -> usize {
        self.side * self.side
    }

    /// The factors of a table in the order in which the numbers are kept, made for blocks of this size.
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

/// Sets a number if it is kept.
#[inline]
fn keep(block: &mut [i16], place: u8, number: i32) {
    if let Some(kept) = block.get_mut(usize::from(place)) {
        *kept = number as i16;
    }
}

/// A whole block of a scan that is not progressive.
#[inline]
pub(super) fn whole(
    bits: &mut Bits<'_>,
    (dc, ac): (&Codes, &Codes),
    before: &mut i32,
    block: &mut [i16],
    kept: &Kept,
) -> Result<(), NotAPicture> {
    first_number(bits, dc, before, block, 0)?;
    let mut at = 1;
    while at < 64 {
        let value = bits.value(ac)?;
        let (zeros, size) = (usize::from(value >> 4), u32::from(value & 15));
        if size == 0 {
            if zeros < 15 {
                break;
            }
            at += 16;
            continue;
        }
        at += zeros;
        let place = *kept.places.get(at).ok_or(NotAPicture::Damaged)?;
        if place == NOWHERE {
            bits.skip(size)?;
        } else {
            let number = bits.signed(size)?;
            keep(block, place, number);
        }
        at += 1;
    }
    Ok(())
}

/// The first number of a block, which is told as the difference to the one before.
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
    *before = before.wrapping_add(bits.signed(size)?);
    block[0] = (*before << low) as i16;
    Ok(())
}

/// One more bit of the first number of a block.
#[inline]
pub(super) fn first_number_refined(bits: &mut Bits<'_>, block: &mut [i16], low: u32) -> Result<(), NotAPicture> {
    if bits.bit()? {
        block[0] |= 1 << low;
    }
    Ok(())
}

/// Reads the numbers behind the first one in a progressive picture. A run of blocks may have none.
pub(super) struct Progress<'a> {
    ac: &'a Codes,
    scan: &'a Scan,
    kept: &'a Kept,
    /// How many blocks from here have nothing new.
    run: u32,
}

impl<'a> Progress<'a> {
    pub(super) fn new(ac: &'a Codes, scan: &'a Scan, kept: &'a Kept) -> Self {
        Self { ac, scan, kept, run: 0 }
    }

    pub(super) fn restart(&mut self) {
        self.run = 0;
    }

    /// The first bits of a block's numbers. `known` has a bit for each number that is not zero.
    #[inline]
    pub(super) fn first(&mut self, bits: &mut Bits<'_>, block: &mut [i16], known: &mut u64) -> Result<(), NotAPicture> {
        if self.run > 0 {
            self.run -= 1;
            return Ok(());
        }
        let mut at = self.scan.first;
        while at <= self.scan.last {
            let value = bits.value(self.ac)?;
            let (zeros, size) = (usize::from(value >> 4), u32::from(value & 15));
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
            keep(block, place, bits.signed(size)? << self.scan.low);
            *known |= 1 << at;
            at += 1;
        }
        Ok(())
    }

    /// One more bit for each number of a block.
    #[inline]
    pub(super) fn refined(&mut self, bits: &mut Bits<'_>, block: &mut [i16], known: &mut u64) -> Result<(), NotAPicture> {
        let (mut at, last, low) = (self.scan.first, self.scan.last, self.scan.low);
        if self.run == 0 {
            while at <= last {
                let value = bits.value(self.ac)?;
                let (mut zeros, size) = (usize::from(value >> 4), value & 15);
                let new = match size {
                    0 if zeros < 15 => {
                        self.run = (1 << zeros) + bits.number(zeros as u32)?;
                        break;
                    }
                    0 => 0,
                    1 if bits.bit()? => 1 << low,
                    1 => -(1 << low),
                    _ => return Err(NotAPicture::Damaged),
                };
                while at <= last {
                    if *known >> at & 1 == 1 {
                        self.refine(bits, block, at)?;
                    } else if zeros == 0 {
                        break;
                    } else {
                        zeros -= 1;
                    }
                    at += 1;
                }
                if new != 0 && at <= last {
                    keep(block, self.kept.places[at], new);
                    *known |= 1 << at;
                }
                at += 1;
            }
        }
        if self.run > 0 {
            let band = u64::MAX.checked_shl(at as u32).unwrap_or(0) & (u64::MAX >> (63 - last));
            let mut left = *known & band;
            while left != 0 {
                self.refine(bits, block, left.trailing_zeros() as usize)?;
                left &= left - 1;
            }
            self.run -= 1;
        }
        Ok(())
    }

    #[inline]
    fn refine(&self, bits: &mut Bits<'_>, block: &mut [i16], at: usize) -> Result<(), NotAPicture> {
        if bits.bit()?
            && let Some(number) = block.get_mut(usize::from(self.kept.places[at]))
            && *number & (1 << self.scan.low) == 0
        {
            let step = 1_i16 << self.scan.low;
            *number = if *number < 0 { number.wrapping_sub(step) } else { number.wrapping_add(step) };
        }
        Ok(())
    }
}
