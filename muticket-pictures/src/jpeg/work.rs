//! Bounds the time for one picture. It counts what there is to do, so the same bytes always have the same result.
//!
//! The numbers are nanoseconds, measured on a Xeon processor of about 2.5 GHz.

use super::frame::Frame;
use crate::picture::NotAPicture;

/// The most work for reading a picture. To write the result takes up to 40 ms more.
const MOST: usize = 280_000_000;

/// The work for a table of codes. A file may have many of them.
pub(super) const TABLE: usize = 3_000;

/// The work for a scan, even if it has nothing.
pub(super) const SCAN: usize = 20_000;

/// The work for the tables of a plane in a baseline scan, of which a file may have many.
pub(super) const PLANE: usize = 60_000;

/// The work for each pixel of the scaled planes.
const PIXEL: usize = 11;

/// The work for scans: for each of their blocks and each of their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Price {
    block: usize,
    byte: usize,
}

impl Price {
    pub(super) fn of(frame: &Frame) -> Self {
        match frame.progressive {
            true => Self { block: 12, byte: 40 },
            false => Self { block: 20, byte: 6 },
        }
    }

    pub(super) fn scan(self, blocks: usize, bytes: usize) -> usize {
        SCAN + blocks * self.block + bytes * self.byte
    }
}

/// The work to turn the coefficients into pixels if each block becomes `side` by `side` of them.
pub(super) fn draw(frame: &Frame, side: usize) -> usize {
    frame.blocks() * side * side * PIXEL
}

/// The work that is left.
#[derive(Debug)]
pub(super) struct WorkBudget(pub(super) usize);

impl Default for WorkBudget {
    fn default() -> Self {
        Self(MOST)
    }
}

impl WorkBudget {
    pub(super) fn allows(&self, work: usize) -> bool {
        work <= self.0
    }

    /// # Errors
    /// [`NotAPicture::TooLarge`] if less work is left.
    pub(super) fn take(&mut self, work: usize) -> Result<(), NotAPicture> {
        self.0 = self.0.checked_sub(work).ok_or(NotAPicture::TooLarge)?;
        Ok(())
    }
}
