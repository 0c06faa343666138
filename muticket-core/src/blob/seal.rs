//! Sealed bytes: data beside the database that has no row and proves its own origin (P-29).
//!
//! A secret key of the site signs the bytes, the place where they are stored, and the edition of the program that wrote
//! them. Data that was moved, changed, cut, written by another site or put there by anyone else is treated as missing.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::blob::BlobKey;

/// The first bytes of sealed data.
const MARK: [u8; 4] = *b"MuT\x01";
/// The mark, the edition, and the proof.
const HEAD: usize = 4 + 4 + 32;

/// The sealing key of a site.
#[derive(Clone, Copy)]
pub(crate) struct Seal([u8; 32]);

/// The result of opening sealed bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// The sealed content.
    Whole(Vec<u8>),
    /// Sealed by another edition of the program.
    OtherEdition,
    /// Not sealed by this site for this place.
    Foreign,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// The number of bytes a seal adds.
    pub(crate) const BYTES: usize = HEAD;

    pub(crate) fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// Seals content for a place.
    pub(crate) fn close(&self, place: &BlobKey, edition: u32, content: &[u8]) -> Vec<u8> {
        let proof = self.proof(place, edition, content).finalize().into_bytes();
        [&MARK, &edition.to_be_bytes(), proof.as_slice(), content].concat()
    }

    /// Checks and opens what was found at a place.
    pub(crate) fn open(&self, place: &BlobKey, edition: u32, mut found: Vec<u8>) -> Opened {
        if found.len() < HEAD || found[..4] != MARK {
            return Opened::Foreign;
        }
        let content = found.split_off(HEAD);
        let written_by = u32::from_be_bytes([found[4], found[5], found[6], found[7]]);
        match self.proof(place, written_by, &content).verify_slice(&found[8..]) {
            Err(_) => Opened::Foreign,
            Ok(()) if written_by != edition => Opened::OtherEdition,
            Ok(()) => Opened::Whole(content),
        }
    }

    fn proof(&self, place: &BlobKey, edition: u32, content: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(b"kept beside the database\n");
        mac.update(&edition.to_be_bytes());
        mac.update(place.as_str().as_bytes());
        mac.update(b"\n");
        mac.update(content);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(digit: char) -> BlobKey {
        BlobKey::from_stored(&digit.to_string().repeat(32)).unwrap()
    }

    /// P-29: sealed bytes open only unchanged, in the same place, with the same edition and on the same site.
    #[test]
    fn sealed_bytes_are_opened_only_as_they_were_closed() {
        let (seal, place) = (Seal::new([7; 32]), key('a').small());
        for content in [&b""[..], b"x", b"small picture", &[0; 70_000]] {
            let closed = seal.close(&place, 3, content);
            assert_eq!(closed.len(), content.len() + Seal::BYTES);
            assert_eq!(seal.open(&place, 3, closed.clone()), Opened::Whole(content.to_vec()));
            for elsewhere in [key('a'), key('a').large(), key('b').small()] {
                assert_eq!(seal.open(&elsewhere, 3, closed.clone()), Opened::Foreign, "{elsewhere}");
            }
            assert_eq!(Seal::new([8; 32]).open(&place, 3, closed.clone()), Opened::Foreign, "another site");
            for edition in [0, 2, 4, u32::MAX] {
                assert_eq!(seal.open(&place, edition, closed.clone()), Opened::OtherEdition, "{edition}");
            }
            for at in (0..closed.len()).filter(|at| *at < 100 || at % 997 == 0) {
                let mut flipped = closed.clone();
                flipped[at] ^= 1 << (at % 8);
                assert_eq!(seal.open(&place, 3, flipped), Opened::Foreign, "bit of byte {at}");
            }
            for length in (0..closed.len()).filter(|at| *at < 100 || at % 997 == 0) {
                assert_eq!(seal.open(&place, 3, closed[..length].to_vec()), Opened::Foreign, "cut to {length}");
            }
            assert_eq!(seal.open(&place, 3, [&closed[..], b"x"].concat()), Opened::Foreign, "longer");
        }
    }
}
