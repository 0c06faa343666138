//! Files that are a row of chunks, each with a name and a length: PNG and WebP.

use bytes::{Bytes, BytesMut};

/// The most bytes of a chunk that wait to be rewritten. EXIF of a camera is at most as long, for in a JPEG it could not be longer.
pub(super) const MAX_HELD: usize = 64 * 1024;

/// What becomes of a chunk, or of a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// So many bytes go on as they are.
    Pass(usize),
    /// So many bytes are taken out.
    Drop(usize),
    /// So many bytes are overwritten with zeros.
    Zero(usize),
    /// So many bytes wait until all of them are there, and are then [rewritten](Chunked::rewrite).
    Hold(usize),
    /// The row has come to its end, or is none: the same becomes of all the rest.
    PassRest,
    DropRest,
    ZeroRest,
}

/// A kind of file.
pub(super) trait Chunked {
    /// What becomes of the next bytes; `None` if more of them are needed to say. They may be changed, as long as they stay as many.
    fn step(&mut self, next: &mut [u8]) -> Option<Step>;

    /// Removes places from what was held. It may not get longer.
    fn rewrite(&mut self, held: &mut [u8]);
}

/// Reads a file of that kind.
pub(super) struct Reader<C> {
    kind: C,
    step: Option<Step>,
    held: BytesMut,
}

impl<C: Chunked> Reader<C> {
    pub(super) fn new(kind: C) -> Self {
        Self { kind, step: None, held: BytesMut::new() }
    }

    /// Takes a piece, and gives what is decided.
    pub(super) fn pass(&mut self, piece: &[u8]) -> Bytes {
        self.held.extend_from_slice(piece);
        let mut passed = BytesMut::new();
        while !self.held.is_empty() {
            let Some(step) = self.step.take().or_else(|| self.kind.step(&mut self.held)) else { break };
            let has = self.held.len();
            let left = |wanted: usize| wanted.checked_sub(has).filter(|left| *left > 0);
            let mut take = |wanted: usize| self.held.split_to(wanted.min(has));
            match step {
                Step::Pass(wanted) => {
                    passed.unsplit(take(wanted));
                    self.step = left(wanted).map(Step::Pass);
                }
                Step::Drop(wanted) => {
                    drop(take(wanted));
                    self.step = left(wanted).map(Step::Drop);
                }
                Step::Zero(wanted) => {
                    let mut part = take(wanted);
                    part.fill(0);
                    passed.unsplit(part);
                    self.step = left(wanted).map(Step::Zero);
                }
                Step::Hold(wanted) if has < wanted => {
                    self.step = Some(step);
                    break;
                }
                Step::Hold(wanted) => {
                    let mut part = take(wanted);
                    self.kind.rewrite(&mut part);
                    passed.unsplit(part);
                }
                Step::PassRest => {
                    passed.unsplit(take(has));
                    self.step = Some(step);
                }
                Step::DropRest => {
                    drop(take(has));
                    self.step = Some(step);
                }
                Step::ZeroRest => {
                    let mut part = take(has);
                    part.fill(0);
                    passed.unsplit(part);
                    self.step = Some(step);
                }
            }
        }
        passed.freeze()
    }

    /// What waited for its end, which never comes: a head without its chunk tells nothing, the rest of a chunk that was held might.
    pub(super) fn end(self) -> Bytes {
        match self.step {
            None if self.held.len() <= 8 => self.held.freeze(),
            _ => Bytes::new(),
        }
    }

    /// How many bytes wait.
    #[cfg(test)]
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }
}
