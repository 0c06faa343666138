//! What a file says of its colours is obeyed.

use moxcms::ColorProfile;

use crate::files::{Jpeg, Png, stored};
use crate::{assert_near, small};

const ADOBE: &[u8] = b"Adobe\0\x64\0\0\0\0";

fn display_p3() -> Vec<u8> {
    ColorProfile::new_display_p3().encode().unwrap()
}

/// A PNG of one colour.
fn png(rgb: [u8; 3]) -> (Png, Vec<u8>) {
    (Png::new(40, 40, 8, 2), [&[0][..], &rgb.repeat(40)].concat().repeat(40))
}

fn plane_of(colour: [u8; 4]) -> impl Fn(usize, usize, usize) -> u8 {
    move |plane, _, _| colour[plane]
}

fn planes(count: u8) -> Vec<(u8, u16, u16)> {
    (1..=count).map(|name| (name, 1, 1)).collect()
}

#[test]
fn a_wide_gamut_is_made_srgb_in_every_format() {
    // Computed by the formulas of both spaces.
    let (p3, srgb) = ([200, 60, 60], [217, 42, 52, 255]);
    let (file, rows) = png(p3);
    let profile = [&b"p3\0\0"[..], &stored(&display_p3())].concat();
    assert_near(small(&file.with(b"iCCP", profile).write(&rows)).at(50, 50), srgb, "PNG");

    let mut webp = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut webp);
    encoder.set_icc_profile(display_p3());
    encoder.encode(&p3.repeat(1600), 40, 40, image_webp::ColorType::Rgb8).unwrap();
    assert_near(small(&webp).at(50, 50), srgb, "WebP");

    // In two parts, the second one first.
    let profile = display_p3();
    let (first, second) = profile.split_at(profile.len() / 2);
    let part = |number: u8, part: &[u8]| [&b"ICC_PROFILE\0"[..], &[number, 2], part].concat();
    let mut jpeg = Jpeg::new(40, 40).with(0xe2, part(2, second)).with(0xe2, part(1, first)).with(0xee, [ADOBE, &[0]].concat());
    jpeg.planes = planes(3);
    assert_near(small(&jpeg.write(plane_of([200, 60, 60, 0]))).at(50, 50), srgb, "JPEG");
}

#[test]
fn a_profile_that_cannot_be_read_changes_nothing() {
    let (file, rows) = png([200, 60, 60]);
    for profile in [
        b"p\0\0".to_vec(),
        [&b"p\0\0"[..], &stored(b"no profile")].concat(),
        [&b"p\0\0"[..], &stored(&display_p3()[..200])].concat(),
    ] {
        let file = Png::new(file.width, file.height, 8, 2).with(b"iCCP", profile).write(&rows);
        assert_near(small(&file).at(50, 50), [200, 60, 60, 255], "PNG");
    }
    let mut jpeg = Jpeg::new(40, 40).with(0xe2, *b"ICC_PROFILE\0\x01\x01nonsense").with(0xee, [ADOBE, &[0]].concat());
    jpeg.planes = planes(3);
    assert_near(small(&jpeg.write(plane_of([200, 60, 60, 0]))).at(50, 50), [200, 60, 60, 255], "JPEG");
}

#[test]
fn gamma_and_primaries_of_a_png_are_obeyed_unless_it_is_srgb() {
    let (_, rows) = png([128, 128, 128]);
    let file = || Png::new(40, 40, 8, 2);
    let linear = 100_000_u32.to_be_bytes();
    assert_near(small(&file().with(b"gAMA", linear).write(&rows)).at(50, 50), [188, 188, 188, 255], "linear light");
    assert_near(small(&file().with(b"gAMA", 45_455_u32.to_be_bytes()).write(&rows)).at(50, 50), [128, 128, 128, 255], "usual");
    let both = file().with(b"sRGB", [0]).with(b"gAMA", linear);
    assert_near(small(&both.write(&rows)).at(50, 50), [128, 128, 128, 255], "sRGB counts more");

    let points = [31_270, 32_900, 68_000, 32_000, 26_500, 69_000, 15_000, 6_000_u32].map(u32::to_be_bytes).concat();
    let (_, rows) = png([200, 60, 60]);
    let usual = file().with(b"gAMA", 45_455_u32.to_be_bytes());
    assert_near(small(&usual.with(b"cHRM", points.clone()).write(&rows)).at(50, 50), [217, 42, 52, 255], "primaries of P3");
    assert_near(small(&file().with(b"cHRM", points).write(&rows)).at(50, 50), [200, 60, 60, 255], "browsers need both");
}

#[test]
fn the_planes_of_a_jpeg_are_what_its_markers_say() {
    // Inks are stored inverted, by Adobe's rule: 255 is none.
    /// What it is, its count of planes, what Adobe's marker says, the names of the planes, their samples, and what is seen.
    type Case<'a> = (&'a str, u8, Option<u8>, &'a [u8], [u8; 4], [u8; 4]);
    let cases: [Case<'_>; 8] = [
        ("grey", 1, None, &[1], [90, 0, 0, 0], [90, 90, 90, 255]),
        ("colours by their names", 3, None, b"RGB", [10, 200, 60, 0], [10, 200, 60, 255]),
        ("colours by Adobe's word", 3, Some(0), &[1, 2, 3], [10, 200, 60, 0], [10, 200, 60, 255]),
        ("brightness and differences", 3, Some(1), &[1, 2, 3], [76, 85, 255, 0], [254, 0, 0, 255]),
        ("brightness and differences, unsaid", 3, None, &[1, 2, 3], [76, 85, 255, 0], [254, 0, 0, 255]),
        ("inks", 4, Some(0), &[1, 2, 3, 4], [0, 255, 255, 205], [0, 205, 205, 255]),
        ("inks as differences, oddly said", 4, Some(1), &[1, 2, 3, 4], [179, 170, 0, 205], [205, 1, 2, 255]),
        ("inks as differences", 4, Some(2), &[1, 2, 3, 4], [179, 170, 0, 205], [205, 1, 2, 255]),
    ];
    for (what, count, adobe, names, samples, expected) in cases {
        let mut jpeg = Jpeg::new(40, 40);
        jpeg.planes = planes(count);
        jpeg.planes.iter_mut().zip(names).for_each(|(plane, name)| plane.0 = *name);
        if let Some(transform) = adobe {
            jpeg = jpeg.with(0xee, [ADOBE, &[transform]].concat());
        }
        let seen = small(&jpeg.write(plane_of(samples))).at(50, 50);
        assert_near(seen, expected, what);
    }
}
