//! The only EXIF value that matters for the pixels: the orientation of the camera.

use crate::pixels::Orientation;

const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// The orientation in a TIFF structure, with or without `Exif\0` and a filling byte in front. `UPRIGHT` if it cannot be read.
pub(crate) fn orientation(exif: &[u8]) -> Orientation {
    let tiff = match exif {
        [b'E', b'x', b'i', b'f', 0, _, tiff @ ..] => tiff,
        tiff => tiff,
    };
    find(tiff).unwrap_or(Orientation::UPRIGHT)
}

fn find(tiff: &[u8]) -> Option<Orientation> {
    let little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes: [u8; 2] = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes: [u8; 4] = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = long(4)? as usize;
    for entry in 0..usize::from(short(directory)?) {
        let at = directory + 2 + 12 * entry;
        // Browsers skip an orientation of another type.
        if short(at)? == ORIENTATION && short(at + 2)? == SHORT && long(at + 4)? == 1 {
            return short(at + 8).map(Orientation::new);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_byte_orders_are_read_with_and_without_their_prefix() {
        let little = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x01\0\0\0X\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        for tiff in [&little[..], big] {
            assert_eq!(orientation(tiff), Orientation::new(6));
            assert_eq!(orientation(&[b"Exif\0\0", tiff].concat()), Orientation::new(6));
            assert_eq!(orientation(&[b"Exif\0\xff", tiff].concat()), Orientation::new(6));
            for end in 0..20 {
                assert_eq!(orientation(&tiff[..end]), Orientation::UPRIGHT, "{end}");
            }
        }
    }

    #[test]
    fn an_orientation_of_another_type_is_skipped() {
        let text_and_number = b"II*\0\x08\0\0\0\x02\0\x12\x01\x02\0\x01\0\0\0\x03\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        assert_eq!(orientation(text_and_number), Orientation::new(6));
        let two_numbers = b"II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x12\x01\x03\0\x01\0\0\0\x03\0\0\0";
        assert_eq!(orientation(two_numbers), Orientation::new(6), "the first one counts");
    }

    #[test]
    fn what_cannot_be_read_is_upright() {
        let far = b"II*\0\xff\xff\xff\xff\x01\0";
        let many = b"II*\0\x08\0\0\0\xff\xff";
        let wrong_kind = b"II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        for exif in [&far[..], many, wrong_kind, b"", b"Exif\0\0"] {
            assert_eq!(orientation(exif), Orientation::UPRIGHT);
        }
    }
}
