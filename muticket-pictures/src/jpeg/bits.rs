//! The bits of a scan, and the Huffman codes in which they are written.

use crate::NotAPicture;

/// Codes up to this length are decoded with one table lookup.
const AT_ONCE: u32 = 9;

/// A table of Huffman codes, as the file defines it.
#[derive(Debug, Clone)]
pub(super) struct Codes {
    /// For each sequence of `AT_ONCE` bits: the length of the code with which it begins, and its value. Length 0 means that the code is
    /// longer.
    at_once: Box<[(u8, u8); 1 << AT_ONCE]>,
    /// For each length: the first code that is too large for it, aligned to 16 bits, and the offset from a code to the index of its value.
    ends: [(u32, i32); 17],
    values: Vec<u8>,
}

impl Codes {
    /// `counts` holds the number of codes of each length from 1 to 16.
    pub(super) fn new(counts: &[u8; 16], values: &[u8]) -> Result<Self, NotAPicture> {
        let mut at_once = Box::new([(0, 0); 1 << AT_ONCE]);
        let mut ends = [(0, 0); 17];
        let (mut code, mut index) = (0_u32, 0_usize);
        for (length, count) in (1_u32..).zip(counts) {
            ends[length as usize].1 = index as i32 - code as i32;
            for _ in 0..*count {
                let value = *values.get(index).ok_or(NotAPicture::Damaged)?;
                if code >> length != 0 {
                    return Err(NotAPicture::Damaged);
                }
                if length <= AT_ONCE {
                    let first = (code << (AT_ONCE - length)) as usize;
                    at_once[first..first + (1 << (AT_ONCE - length))].fill((length as u8, value));
                }
                code += 1;
                index += 1;
            }
            ends[length as usize].0 = code << (16 - length);
            code <<= 1;
        }
        Ok(Self { at_once, ends, values: values.to_vec() })
    }
}

/// Reads bits up to the next marker. Reading beyond it means that the picture ends too early.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    /// The next bits; the first one is the highest.
    next: u64,
    /// How many bits of `next` are valid.
    have: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, next: 0, have: 0 }
    }

    /// Makes at least 32 bits available, if the scan has that many.
    #[inline]
    fn fill(&mut self) {
        if self.have >= 32 {
            return;
        }
        if let Some(eight) = self.bytes.get(self.at..self.at + 8).and_then(|eight| eight.first_chunk::<8>()) {
            let eight = u64::from_be_bytes(*eight);
            let inverted = !eight;
            let marked = inverted.wrapping_sub(0x0101_0101_0101_0101) & !inverted & 0x8080_8080_8080_8080;
            if marked == 0 {
                let whole = (63 - self.have) / 8;
                self.next |= eight >> self.have;
                self.at += whole as usize;
                self.have += whole * 8;
                return;
            }
        }
        self.fill_slowly();
    }

    #[cold]
    fn fill_slowly(&mut self) {
        // The bits below the valid ones may be a preview of the next bytes. Clear them.
        self.next &= !(u64::MAX.checked_shr(self.have).unwrap_or(0));
        while self.have <= 56 {
            let byte = match self.bytes.get(self.at..) {
                Some([0xff, 0, ..]) => {
                    self.at += 2;
                    0xff
                }
                Some([byte, ..]) if *byte != 0xff => {
                    self.at += 1;
                    *byte
                }
                _ => return,
            };
            self.next |= u64::from(byte) << (56 - self.have);
            self.have += 8;
        }
    }

    #[inline]
    fn drop_bits(&mut self, count: u32) -> Result<(), NotAPicture> {
        self.have = self.have.checked_sub(count).ok_or(NotAPicture::Damaged)?;
        self.next <<= count;
        Ok(())
    }

    /// Decodes the next code and returns its value.
    #[inline]
    pub(super) fn value(&mut self, codes: &Codes) -> Result<u8, NotAPicture> {
        self.fill();
        let (length, value) = self.code(codes)?;
        self.drop_bits(length)?;
        Ok(value)
    }

    /// Decodes the next code and reads the bits after it, whose number is in the lower half of the value. Both together have at most 31 bits,
    /// so one check is enough.
    #[inline]
    pub(super) fn value_and_bits(&mut self, codes: &Codes) -> Result<(u8, u32), NotAPicture> {
        self.fill();
        let (length, value) = self.code(codes)?;
        let count = u32::from(value & 15);
        let bits = ((self.next << length) >> 1 >> (63 - count)) as u32;
        self.drop_bits(length + count)?;
        Ok((value, bits))
    }

    /// The length and the value of the next code, which is not consumed.
    #[inline]
    fn code(&self, codes: &Codes) -> Result<(u32, u8), NotAPicture> {
        let (length, value) = codes.at_once[(self.next >> (64 - AT_ONCE)) as usize];
        if length != 0 {
            return Ok((u32::from(length), value));
        }
        self.long_code(codes)
    }

    fn long_code(&self, codes: &Codes) -> Result<(u32, u8), NotAPicture> {
        let code = (self.next >> 48) as u32;
        for length in AT_ONCE + 1..=16 {
            let (end, shift) = codes.ends[length as usize];
            if code < end {
                let index = (code >> (16 - length)) as i32 + shift;
                let value = codes.values.get(index as usize).copied().ok_or(NotAPicture::Damaged)?;
                return Ok((length, value));
            }
        }
        Err(NotAPicture::Damaged)
    }

    /// The next `count` bits as a number; at most 16.
    #[inline]
    pub(super) fn number(&mut self, count: u32) -> Result<u32, NotAPicture> {
        if count == 0 {
            return Ok(0);
        }
        self.fill();
        let number = (self.next >> (64 - count)) as u32;
        self.drop_bits(count)?;
        Ok(number)
    }

    #[inline]
    pub(super) fn bit(&mut self) -> Result<bool, NotAPicture> {
        Ok(self.number(1)? != 0)
    }

    /// Continues after the restart marker, which must come next.
    pub(super) fn restart(&mut self) -> Result<(), NotAPicture> {
        let mut at = self.end();
        while self.bytes.get(at..at + 2) == Some(&[0xff, 0xff]) {
            at += 1;
        }
        match self.bytes.get(at..at + 2) {
            Some([0xff, 0xd0..=0xd7]) => {
                *self = Self::new(self.bytes, at + 2);
                Ok(())
            }
            _ => Err(NotAPicture::Damaged),
        }
    }

    /// The position of the marker after the bits that were read.
    pub(super) fn end(&self) -> usize {
        next_marker(self.bytes, self.at, true)
    }
}

/// Converts `count` bits to a signed number.
#[inline]
pub(super) fn signed(number: u32, count: u32) -> i32 {
    let number = number as i32;
    if count > 0 && number < 1 << (count - 1) { number - (1 << count) + 1 } else { number }
}

/// The position of the next marker, or the end if there is none. Stuffed bytes are skipped, and so are restart markers unless `restarts` is
/// set.
pub(super) fn next_marker(bytes: &[u8], from: usize, restarts: bool) -> usize {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xff)) {
        at += found;
        match bytes.get(at + 1) {
            None => break,
            Some(0) => at += 2,
            Some(0xff) => at += 1,
            Some(0xd0..=0xd7) if !restarts => at += 2,
            Some(_) => return at,
        }
    }
    bytes.len()
}
