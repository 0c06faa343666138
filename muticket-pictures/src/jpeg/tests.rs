//! Compares the decoder with another one, and with itself: one picture in one scan and in many has the same coefficients.

use super::*;

const PAIRS: [(&[u8], &[u8]); 2] = [
    (include_bytes!("../../samples/one_scan.jpg"), include_bytes!("../../samples/progressive.jpg")),
    (include_bytes!("../../samples/one_scan_422.jpg"), include_bytes!("../../samples/progressive_422.jpg")),
];

fn at(bytes: &[u8], divisor: u32) -> Pixels {
    unpack(bytes, WorkBudget::default(), &|width, height| (width.div_ceil(divisor), height.div_ceil(divisor))).unwrap()
}

/// The picture with blocks of this size.
fn at_side(bytes: &[u8], side: u32, work: usize) -> Result<Pixels, NotAPicture> {
    unpack(bytes, WorkBudget(work), &|width, height| ((width * side).div_ceil(8), (height * side).div_ceil(8)))
}

#[test]
fn a_progressive_picture_is_the_same_as_one_in_one_scan_at_every_size() {
    for (one_scan, progressive) in PAIRS {
        for side in 1..=8 {
            let [one, other] = [one_scan, progressive].map(|bytes| at_side(bytes, side, 100_000_000).unwrap());
            assert_eq!((one.width, one.height), ((93 * side).div_ceil(8), (77 * side).div_ceil(8)));
            assert!(one == other, "{side} eighths");
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

/// P-12: if the work is not enough, the last bits of a progressive picture are left out. What is shown is nearly the same.
#[test]
fn a_progressive_picture_with_less_work_is_nearly_the_same() {
    for (_, progressive) in PAIRS {
        for (side, most) in [(2, 5.0), (3, 6.0), (4, 6.0)] {
            let whole = at_side(progressive, side, 100_000_000).unwrap();
            let less: Vec<_> = (0..1_000_000).step_by(5_000).filter_map(|work| at_side(progressive, side, work).ok()).collect();
            let far: Vec<_> = less
                .iter()
                .filter(|less| (less.width, less.height) == (whole.width, whole.height))
                .map(|less| distance(&whole.data, &less.data))
                .collect();
            assert!(far.iter().all(|far| *far <= most), "{side} eighths: {far:?}");
            assert!(far.iter().any(|far| *far > 0.0) && far.contains(&0.0), "{side} eighths: {far:?}");
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
                let unpacked =
                    |length: usize| unpack(&bytes[..length], WorkBudget::default(), &|w, h| (w / divisor, h / divisor)).is_ok();
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
                let _ = unpack(&damaged, WorkBudget::default(), &|width, height| (width.min(20), height.min(20)));
            }
        }
    }
}

/// What is written can be read, at sizes that do not fill their last units.
#[test]
fn what_is_written_shows_the_same_picture() {
    for (width, height) in [(1, 1), (8, 8), (17, 9), (93, 77)] {
        let pixel = |at: u32| [(at % width * 2) as u8, (at / width * 3) as u8, 90, 255];
        let mut picture = Pixels { width, height, data: (0..width * height).flat_map(pixel).collect() };
        for colours in [Colours::Full, Colours::Half, Colours::None] {
            if colours == Colours::None {
                picture.data.as_chunks_mut::<4>().0.iter_mut().for_each(|pixel| *pixel = [pixel[0], pixel[0], pixel[0], 255]);
            }
            let written = encode(&picture, 95, colours).unwrap();
            let seen = image::load_from_memory(&written).unwrap();
            assert_eq!((seen.width(), seen.height()), (width, height));
            assert_eq!(seen.color().channel_count(), if colours == Colours::None { 1 } else { 3 });
            let far = distance(&picture.data, seen.to_rgba8().as_raw());
            assert!(far < 1.5, "{width} x {height}, {colours:?}: {far}");
            let far = distance(&picture.data, &at(&written, 1).data);
            assert!(far < 1.5, "{width} x {height}, {colours:?}, by our own decoder: {far}");
        }
    }
}

/// Strong and irregular colours, whose coefficients are large and whose bytes have long runs of ones.
#[test]
fn strong_colours_are_written_as_exactly_as_the_quality_says() {
    let (width, height) = (61, 45);
    let mut random = 1_u32;
    let mut noise = |_| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [a, b, c, _] = random.to_be_bytes();
        [a, b, c, 255]
    };
    let checkers = |at: u32| if (at % width + at / width).is_multiple_of(2) { [255, 255, 255, 255] } else { [0, 0, 0, 255] };
    let patches = |at: u32| [[255, 0, 0, 255], [0, 0, 255, 255], [0, 255, 0, 255]][(at % width / 8) as usize % 3];
    let pixels = 0..width * height;
    let pictures = [
        pixels.clone().flat_map(&mut noise).collect(),
        pixels.clone().flat_map(checkers).collect(),
        pixels.flat_map(patches).collect::<Vec<_>>(),
    ];
    for (data, most) in pictures.into_iter().zip([[20, 16, 4], [12, 10, 4], [16, 12, 4]]) {
        let picture = Pixels { width, height, data };
        for (quality, most) in [80, 85, 100].into_iter().zip(most) {
            let seen = image::load_from_memory(&encode(&picture, quality, Colours::Full).unwrap()).unwrap().to_rgba8();
            for channel in 0..3 {
                let far = |(one, other): (&[u8; 4], &[u8; 4])| u64::from(one[channel].abs_diff(other[channel]));
                let all = picture.data.as_chunks::<4>().0.iter().zip(seen.as_raw().as_chunks::<4>().0);
                let far = all.map(far).sum::<u64>() / u64::from(width * height);
                assert!(far <= most, "channel {channel} at quality {quality}: {far}");
            }
        }
    }
}

#[test]
fn transparent_pixels_are_written_on_white() {
    let data = [[0, 0, 0, 0], [0, 0, 0, 255], [100, 100, 100, 128]].map(|pixel| pixel.repeat(64)).concat();
    let written = encode(&Pixels { width: 8, height: 24, data }, 95, Colours::None).unwrap();
    let seen = image::load_from_memory(&written).unwrap().to_luma8();
    for (y, grey) in [(4, 255_u8), (12, 0), (20, 177)] {
        assert!(seen.get_pixel(4, y).0[0].abs_diff(grey) <= 2, "{:?} at {y}", seen.get_pixel(4, y));
    }
}
