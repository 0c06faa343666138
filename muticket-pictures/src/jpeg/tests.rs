//! Compares the decoder with another one, and with itself: one picture in one scan and in many has the same coefficients.

use super::*;

const PAIRS: [(&[u8], &[u8]); 2] = [
    (include_bytes!("../../samples/one_scan.jpg"), include_bytes!("../../samples/progressive.jpg")),
    (include_bytes!("../../samples/one_scan_422.jpg"), include_bytes!("../../samples/progressive_422.jpg")),
];

fn at(bytes: &[u8], divisor: u32) -> Pixels {
    unpack(bytes, &|width, height| (width.div_ceil(divisor), height.div_ceil(divisor))).unwrap()
}

#[test]
fn a_progressive_picture_is_the_same_as_one_in_one_scan_at_every_size() {
    for (one_scan, progressive) in PAIRS {
        for divisor in [1, 2, 4, 8] {
            let (one, other) = (at(one_scan, divisor), at(progressive, divisor));
            assert_eq!((one.width, one.height), (93_u32.div_ceil(divisor), 77_u32.div_ceil(divisor)));
            assert!(one == other, "at one {divisor}th");
        }
    }
}

/// The mean difference in brightness between the pixels. Colours are not compared: JPEG stores them more coarsely, and each decoder
/// interpolates them differently.
fn distance(one: &[u8], other: &[u8]) -> f64 {
    let bright = |pixel: &[u8; 4]| f64::from(pixel[0]) * 0.299 + f64::from(pixel[1]) * 0.587 + f64::from(pixel[2]) * 0.114;
    let (one, other) = (one.as_chunks::<4>().0, other.as_chunks::<4>().0);
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| (bright(one) - bright(other)).abs()).sum::<f64>() / one.len() as f64
}

/// P-12: of a heavy progressive picture the last bits are left out. What is shown is nearly the same.
#[test]
fn a_heavy_progressive_picture_is_nearly_the_same() {
    for (one_scan, progressive) in PAIRS {
        let heavy = [progressive, &vec![0; 4 * 1024 * 1024]].concat();
        for (divisor, most) in [(1, 0.0), (2, 4.0), (4, 6.0), (8, 0.0)] {
            let (one, other) = (at(one_scan, divisor), at(&heavy, divisor));
            assert_eq!((one.width, one.height), (other.width, other.height));
            let far = distance(&one.data, &other.data);
            assert!(far <= most && (far > 0.0) == (most > 0.0), "at one {divisor}th: {far}");
        }
    }
}

#[test]
fn another_decoder_sees_the_same_picture() {
    for (one_scan, _) in PAIRS {
        let other = image::load_from_memory(one_scan).unwrap().to_rgba8();
        let far = distance(&at(one_scan, 1).data, other.as_raw());
        assert!(far < 1.5, "{far}");
    }
}

#[test]
fn a_picture_unpacked_smaller_looks_like_the_large_one_made_smaller() {
    for (one_scan, _) in PAIRS {
        for divisor in [2, 4, 8] {
            let size = (88 / divisor, 72 / divisor);
            let large = at(one_scan, 1);
            let mut shrink = crate::shrink::Shrink::new((88, 72), size, crate::shrink::Fourth::Opaque);
            large.data.chunks(93 * 4).take(72).for_each(|row| shrink.row(&row[..88 * 4]));
            let expected = shrink.finish().unwrap();
            let small = at(one_scan, divisor);
            let rows = small.data.chunks(small.width as usize * 4).take(size.1 as usize);
            let cut: Vec<u8> = rows.flat_map(|row| &row[..size.0 as usize * 4]).copied().collect();
            let far = distance(&expected.data, &cut);
            assert!(far < 6.0, "at one {divisor}th: {far}");
        }
    }
}

/// P-12: a picture that is cut off anywhere is refused.
#[test]
fn a_picture_that_ends_too_early_is_none() {
    for (one_scan, progressive) in PAIRS {
        for (bytes, end) in [(one_scan, one_scan.len() - 2), (progressive, progressive.len())] {
            for divisor in [1, 8] {
                let unpacked = |length: usize| unpack(&bytes[..length], &|w, h| (w / divisor, h / divisor)).is_ok();
                let whole: Vec<_> = (0..end).filter(|length| unpacked(*length)).collect();
                // The last bits of the last byte may be padding.
                assert!(whole.iter().all(|length| *length + 1 >= end), "{whole:?} of {end}");
            }
        }
    }
}

/// P-12, P-19: any damage gives a result or an error, never a panic.
#[test]
fn no_byte_makes_it_panic() {
    for bytes in PAIRS.into_iter().flat_map(|(one, other)| [one, other]) {
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0xff, bytes[at] ^ 0x10] {
                let mut damaged = bytes.to_vec();
                damaged[at] = value;
                let _ = unpack(&damaged, &|width, height| (width.min(20), height.min(20)));
            }
        }
    }
}
