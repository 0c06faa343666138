//! Files made of chunks, each with a name and a length: PNG and WebP.

use bytes::{Bytes, BytesMut};

/// The largest chunk that is held to be rewritten. EXIF of a camera fits, because in a JPEG it could not be longer.
pub(super) const MAX_HELD: usize = 64 * 1024;

/// What to do with the next chunk, or with part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Pass this many bytes unchanged.
    Pass(usize),
    /// Remove this many bytes.
    Drop(usize),
    /// Overwrite this many bytes with zeros.
    Zero(usize),
    /// Hold this many bytes until all are there, then [rewrite](Chunked::rewrite) them.
    Hold(usize),
    /// The chunks have ended, or the file is malformed: all the rest is treated alike.
    PassRest,
    DropRest,
    ZeroRest,
}

/// A file format made of chunks.
pub(super) trait Chunked {
    /// Decides on the next bytes; `None` if more are needed. It may change the bytes, but not their number.
    fn step(&mut self, next: &mut [u8]) -> Option<Step>;

    /// Removes locations from held bytes. Their number stays the same.
    fn rewrite(&mut self, held: &mut [u8]);
}

/// Reads a file of such a format.
pub(super) struct ChunkReader<C> {
    kind: C,
    step: Option<Step>,
    held: BytesMut,
}

impl<C: Chunked> ChunkReader<C> {
    pub(super) fn new(kind: C) -> Self {
        Self { kind, step: None, held: BytesMut::new() }
    }

    /// Takes a piece and returns the bytes that are decided.
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

    /// Ends a file that breaks off. A chunk head alone is harmless and is passed. The rest of a held chunk may contain a
    /// location and is dropped.
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
