//! The bits of a scan, and the Huffman codes in which they are written.

use crate::picture::NotAPicture;

/// Codes up to this length are decoded with one table lookup.
const AT_ONCE: u32 = 10;

/// A table of Huffman codes, as the file defines it.
#[derive(Debug, Clone)]
pub(super) struct Codes {
    /// For each sequence of `AT_ONCE` bits, the code with which it begins.
    at_once: Box<[AtOnce; 1 << AT_ONCE]>,
    /// For each length: the first code that is too large for it, aligned to 16 bits, and the offset from a code to the index of its value.
    ends: [(u32, i32); 17],
    values: Vec<u8>,
}

#[derive(Debug, Clone, Copy, Default)]
struct AtOnce {
    /// The length of the code; 0 if it has more than `AT_ONCE` bits.
    length: u8,
    value: u8,
    /// The length of the code and the number after it; 0 if they have more than `AT_ONCE` bits.
    whole: u8,
    /// The number after the code, if it fits.
    number: i16,
}

impl AtOnce {
    fn new(length: u32, value: u8, bits: u32) -> Self {
        let size = u32::from(value & 15);
        let whole = length + size;
        let mut entry = Self { length: length as u8, value, whole: 0, number: 0 };
        if whole <= AT_ONCE {
            entry.whole = whole as u8;
            entry.number = signed(bits >> (AT_ONCE - whole) & ((1 << size) - 1), size) as i16;
        }
        entry
    }
}

impl Codes {
    /// `counts` holds the number of codes of each length from 1 to 16.
    pub(super) fn new(counts: &[u8; 16], values: &[u8]) -> Result<Self, NotAPicture> {
        let mut at_once = Box::new([AtOnce::default(); 1 << AT_ONCE]);
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
                    let entries = &mut at_once[first..first + (1 << (AT_ONCE - length))];
                    for (bits, entry) in (0..).zip(entries) {
                        *entry = AtOnce::new(length, value, bits);
                    }
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

/// How many bits are skipped with one table lookup.
const SKIPPED: u32 = 12;

/// A table for coefficients that are not kept: for each sequence of `SKIPPED` bits, as many whole codes and their numbers as it has.
///
/// The lowest four bits of an entry are the count of bits, and 0 if there is no whole code. The next bit is set if the last code
/// ends the block. The others are the count of coefficients.
#[derive(Debug)]
pub(super) struct Skips(Box<[u16; 1 << SKIPPED]>);

impl Skips {
    pub(super) fn new(codes: &Codes) -> Self {
        let mut skips = Box::new([0; 1 << SKIPPED]);
        for (bits, skip) in (0_u64..).zip(skips.iter_mut()) {
            let (mut next, mut left, mut end, mut count) = (bits << (64 - SKIPPED), SKIPPED, 0, 0);
            while end == 0 {
                let entry = codes.at_once[(next >> (64 - AT_ONCE)) as usize];
                let length = u32::from(entry.length) + u32::from(entry.value & 15);
                if entry.length == 0 || length > left {
                    break;
                }
                match entry.value {
                    0xf0 => count += 16,
                    value if value & 15 == 0 => end = 1,
                    value => count += 1 + u16::from(value >> 4),
                }
                next <<= length;
                left -= length;
            }
            *skip = count << 5 | end << 4 | (SKIPPED - left) as u16;
        }
        Self(skips)
    }
}

/// Reads bits up to the next marker. Reading beyond it means that the picture ends too early.
#[derive(Debug, Clone, Copy)]
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

    /// Decodes the next code and reads the number after it, the count of whose bits is in the lower half of the value. Both
    /// together have at most 31 bits, so one check is enough.
    #[inline(always)]
    pub(super) fn value_and_number(&mut self, codes: &Codes) -> Result<(u8, i32), NotAPicture> {
        self.fill();
        let entry = codes.at_once[(self.next >> (64 - AT_ONCE)) as usize];
        if entry.whole != 0 {
            self.drop_bits(entry.whole.into())?;
            return Ok((entry.value, entry.number.into()));
        }
        let (length, value) = self.code(codes)?;
        let count = u32::from(value & 15);
        let bits = ((self.next << length) >> 1 >> (63 - count)) as u32;
        self.drop_bits(length + count)?;
        Ok((value, signed(bits, count)))
    }

    /// Skips some coefficients, if the next bits are codes of at most `most` of them. Returns how many, and whether the block ends.
    #[inline]
    pub(super) fn skip(&mut self, skips: &Skips, most: usize) -> Result<Option<(usize, bool)>, NotAPicture> {
        self.fill();
        let entry = skips.0[(self.next >> (64 - SKIPPED)) as usize];
        let count = usize::from(entry >> 5);
        if entry == 0 || count > most {
            return Ok(None);
        }
        self.drop_bits(u32::from(entry & 15))?;
        Ok(Some((count, entry & 16 != 0)))
    }

    /// The length and the value of the next code, which is not consumed.
    #[inline]
    fn code(&self, codes: &Codes) -> Result<(u32, u8), NotAPicture> {
        let entry = codes.at_once[(self.next >> (64 - AT_ONCE)) as usize];
        if entry.length != 0 {
            return Ok((u32::from(entry.length), entry.value));
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
