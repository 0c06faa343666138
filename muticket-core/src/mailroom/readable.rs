//! What the parser reads of a letter: all of it but the middle of large parts. The parser decodes whatever it reads, and what it makes of a
//! part is hardly used: texts and files are taken from the letter itself. Without this, a letter with a large file would be in memory
//! two or three times (M-07).

use std::borrow::Cow;
use std::ops::Range;

use bytes::Bytes;
use mail_parser::MessagePart;

/// How many bytes are read from the beginning of a part, with its header. A report about delivery has fewer.
const BEGINNING: usize = 256 * 1024;

/// How many bytes are read before its end.
const END: usize = 1024;

/// The fewest bytes that are left out.
const LEAST: usize = 64 * 1024;

/// What the parser reads of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Readable<'l> {
    pub(crate) bytes: Cow<'l, [u8]>,
    /// The places in `bytes` where something was left out, and how many bytes of the letter were left out so far.
    gaps: Vec<(usize, usize)>,
}

impl<'l> Readable<'l> {
    /// What is read of a letter whose parts begin at these places.
    pub(crate) fn new(letter: &'l [u8], parts: &[usize]) -> Self {
        let begins = std::iter::once(0).chain(parts.iter().copied());
        let ends = parts.iter().copied().chain([letter.len()]);
        let middle = |(begin, end): (usize, usize)| {
            let middle = begin + BEGINNING..end.saturating_sub(END);
            (middle.len() >= LEAST).then_some(middle)
        };
        Self::without(letter, begins.zip(ends).filter_map(middle).collect())
    }

    /// The letter without these places, which are in their order.
    fn without(letter: &'l [u8], left_out: Vec<Range<usize>>) -> Self {
        if left_out.is_empty() {
            return Self { bytes: Cow::Borrowed(letter), gaps: Vec::new() };
        }
        let (mut bytes, mut gaps, mut read) = (Vec::new(), Vec::new(), 0);
        for Range { start, end } in left_out {
            bytes.extend_from_slice(&letter[read..start]);
            read = end;
            gaps.push((bytes.len(), read - bytes.len()));
        }
        bytes.extend_from_slice(&letter[read..]);
        Self { bytes: Cow::Owned(bytes), gaps }
    }

    /// The bytes of the part in the letter, without its header.
    pub(crate) fn body(&self, letter: &Bytes, part: &MessagePart<'_>) -> Bytes {
        let place = self.place(part.offset_body)..self.place(part.offset_end);
        letter.get(place).map(|body| letter.slice_ref(body)).unwrap_or_default()
    }

    /// The place in the letter of a place in `bytes`.
    fn place(&self, read: u32) -> usize {
        let read = usize::try_from(read).unwrap_or(usize::MAX);
        let gaps = self.gaps.partition_point(|(at, _)| *at <= read);
        let left_out = gaps.checked_sub(1).and_then(|last| self.gaps.get(last)).map_or(0, |(_, so_far)| *so_far);
        read.saturating_add(left_out)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_place_is_found(lengths in proptest::collection::vec((1_usize..9, 0_usize..9), 0..6)) {
            let letter: Vec<u8> = (0..100).collect();
            let (mut left_out, mut at) = (Vec::new(), 0);
            for (kept, gone) in lengths {
                left_out.push(at + kept..at + kept + gone);
                at += kept + gone;
            }
            let read = Readable::without(&letter, left_out.clone());
            let is_kept = |byte: &u8| !left_out.iter().any(|gone| gone.contains(&usize::from(*byte)));
            let kept: Vec<u8> = letter.iter().copied().filter(is_kept).collect();
            prop_assert_eq!(&*read.bytes, &kept);
            for (place, byte) in (0_u32..).zip(&kept) {
                prop_assert_eq!(read.place(place), usize::from(*byte));
            }
        }
    }
}
