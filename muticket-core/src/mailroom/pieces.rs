//! Bytes in memory that a store gets piece by piece. It may copy a piece or keep several, and hashing a large one takes long.

use std::io;

use async_trait::async_trait;
use bytes::Bytes;

use crate::blob::ByteSource;

/// The bytes that are still to come.
pub(crate) struct Pieces(pub(crate) Bytes);

impl Pieces {
    const MOST: usize = 256 * 1024;
}

#[async_trait]
impl ByteSource for Pieces {
    async fn next(&mut self) -> io::Result<Option<Bytes>> {
        let piece = self.0.split_to(self.0.len().min(Self::MOST));
        Ok((!piece.is_empty()).then_some(piece))
    }

    fn length(&self) -> Option<u64> {
        Some(self.0.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M-07: a letter and its files are not copied.
    #[tokio::test]
    async fn pieces_are_the_bytes_themselves() {
        let bytes = Bytes::from(vec![7; Pieces::MOST + 1]);
        let mut pieces = Pieces(bytes.clone());
        assert_eq!(pieces.length(), Some(bytes.len() as u64));
        let first = pieces.next().await.unwrap().unwrap();
        assert_eq!((first.as_ptr(), first.len()), (bytes.as_ptr(), Pieces::MOST));
        assert_eq!(pieces.next().await.unwrap(), Some(Bytes::from_static(&[7])));
        assert_eq!((pieces.next().await.unwrap(), pieces.length()), (None, Some(0)));
    }
}
