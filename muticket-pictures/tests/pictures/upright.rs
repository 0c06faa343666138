//! How the camera was held.

use image_webp::{ColorType, WebPEncoder};

use crate::files::{Jpeg, Png, exif};
use crate::{assert_near, small};

/// What the corners show when the picture stands upright: red, green, blue, white, from the left and the top.
const CORNERS: [[u8; 4]; 4] = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255], [255, 255, 255, 255]];

/// The colour at a place of the upright picture, which is twice as wide as high.
fn upright(right: bool, below: bool) -> [u8; 4] {
    CORNERS[usize::from(right) + 2 * usize::from(below)]
}

/// The colour at a place of the picture as it is stored. EXIF tells where the first row and the first column of it belong.
fn stored(orientation: u8, right: bool, below: bool) -> [u8; 4] {
    match orientation {
        2 => upright(!right, below),
        3 => upright(!right, !below),
        4 => upright(right, !below),
        5 => upright(below, right),
        6 => upright(!below, right),
        7 => upright(!below, !right),
        8 => upright(below, !right),
        _ => upright(right, below),
    }
}

fn assert_upright(file: &[u8], what: &str) {
    let seen = small(file);
    assert_eq!((seen.width, seen.height), (96, 48), "{what}");
    for (at, corner) in [(10, 10), (90, 10), (10, 90), (90, 90)].into_iter().zip(CORNERS) {
        assert_near(seen.at(at.0, at.1), corner, what);
    }
}

fn size(orientation: u8) -> (u32, u32) {
    if orientation >= 5 { (48, 96) } else { (96, 48) }
}

/// All pixels, three bytes each.
fn pixels(orientation: u8) -> Vec<u8> {
    let (width, height) = size(orientation);
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    places.flat_map(|(x, y)| stored(orientation, x >= width / 2, y >= height / 2)[..3].to_vec()).collect()
}

#[test]
fn a_jpeg_is_turned_upright() {
    for orientation in 0..=9 {
        let (width, height) = size(orientation.min(8));
        let mut jpeg = Jpeg::new(width as u16, height as u16).with(0xee, *b"Adobe\0\x64\0\0\0\0\0").with(0xe1, exif(orientation));
        jpeg.planes = vec![(1, 1, 1), (2, 1, 1), (3, 1, 1)];
        let orientation = if orientation == 9 { 1 } else { orientation };
        let (width, height) = size(orientation);
        (jpeg.width, jpeg.height) = (width as u16, height as u16);
        let file = jpeg.write(|plane, x, y| stored(orientation, x as u32 * 8 >= width / 2, y as u32 * 8 >= height / 2)[plane]);
        assert_upright(&file, &format!("orientation {orientation}"));
    }
}

#[test]
fn a_png_is_turned_upright_wherever_its_exif_stands() {
    for orientation in 1..=8 {
        let (width, height) = size(orientation);
        let rows: Vec<u8> = pixels(orientation).chunks(width as usize * 3).flat_map(|row| [&[0], row].concat()).collect();
        let tiff = &exif(orientation)[6..];
        let png = || Png::new(width, height, 8, 2);
        assert_upright(&png().with(b"eXIf", tiff).write(&rows), "before the pixels");
        assert_upright(&png().behind(b"eXIf", tiff).write(&rows), "behind the pixels");
    }
}

#[test]
fn a_webp_is_turned_upright_with_and_without_the_words_before_its_exif() {
    for orientation in 1..=8 {
        let (width, height) = size(orientation);
        for exif in [exif(orientation), exif(orientation)[6..].to_vec()] {
            let mut file = Vec::new();
            let mut encoder = WebPEncoder::new(&mut file);
            encoder.set_exif_metadata(exif);
            encoder.encode(&pixels(orientation), width, height, ColorType::Rgb8).unwrap();
            assert_upright(&file, &format!("orientation {orientation}"));
        }
    }
}
