//! Depths, palettes, transparency, interlacing, samplings, frames; and in which format a picture goes.

use muticket_pictures::{Format, Version, remake};

use crate::files::{Jpeg, Png, exif};
use crate::{assert_near, refused, small};

#[test]
fn every_kind_of_png_shows_its_colours() {
    let row = |pixels: &[u8]| [&[0][..], pixels].concat();
    let palette = [[255, 0, 0], [0, 0, 255]].concat();
    /// What it is, the file and its rows, and what is seen on the left and on the right.
    type Case<'a> = (&'a str, Png, Vec<u8>, [u8; 4], [u8; 4]);
    let cases: [Case<'_>; 9] = [
        ("1 bit", Png::new(8, 1, 1, 0), row(&[0x0f]), [0, 0, 0, 255], [255; 4]),
        ("2 bits", Png::new(8, 1, 2, 0), row(&[0, 0xff]), [0, 0, 0, 255], [255; 4]),
        ("16 bits", Png::new(2, 1, 16, 0), row(&[0x40, 9, 0xc0, 9]), [64, 64, 64, 255], [192, 192, 192, 255]),
        (
            "16 bits and opacity",
            Png::new(2, 1, 16, 6),
            row(&[255, 0, 0, 0, 0, 0, 255, 255, 9, 9, 9, 9, 9, 9, 0, 0]),
            [255, 0, 0, 255],
            [0; 4],
        ),
        ("grey and opacity", Png::new(2, 1, 8, 4), row(&[7, 255, 200, 128]), [7, 7, 7, 255], [200, 200, 200, 128]),
        ("palette", Png::new(2, 1, 8, 3).with(b"PLTE", palette.clone()), row(&[0, 1]), [255, 0, 0, 255], [0, 0, 255, 255]),
        (
            "palette of 1 bit",
            Png::new(8, 1, 1, 3).with(b"PLTE", palette.clone()),
            row(&[0x0f]),
            [255, 0, 0, 255],
            [0, 0, 255, 255],
        ),
        (
            "a colour that is none",
            Png::new(2, 1, 8, 2).with(b"tRNS", [0, 1, 0, 2, 0, 3]),
            row(&[9, 8, 7, 1, 2, 3]),
            [9, 8, 7, 255],
            [0; 4],
        ),
        (
            "palette with opacity",
            Png::new(2, 1, 8, 3).with(b"PLTE", palette).with(b"tRNS", [255, 0]),
            row(&[0, 1]),
            [255, 0, 0, 255],
            [0; 4],
        ),
    ];
    for (what, file, rows, left, right) in cases {
        let seen = small(&file.write(&rows));
        assert_near(seen.at(10, 0), left, what);
        let right_seen = seen.at(90, 0);
        // The colour of what cannot be seen is no matter.
        if right[3] == 0 { assert_eq!(right_seen[3], 0, "{what}") } else { assert_near(right_seen, right, what) }
    }
}

#[test]
fn an_interlaced_png_is_the_same_as_a_straight_one() {
    for (width, height) in [(1, 1), (3, 2), (8, 8), (13, 9), (1, 20), (50, 3)] {
        let grey = |x: u32, y: u32| ((x * 37 + y * 61) % 256) as u8;
        let straight: Vec<u8> = (0..height).flat_map(|y| [vec![0], (0..width).map(|x| grey(x, y)).collect()].concat()).collect();
        let mut passes = Vec::new();
        for (left, top, across, down) in
            [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
        {
            if left < width {
                for y in (top..height).step_by(down) {
                    passes.push(0);
                    passes.extend((left..width).step_by(across).map(|x| grey(x, y)));
                }
            }
        }
        let mut interlaced = Png::new(width, height, 8, 0);
        interlaced.interlaced = true;
        let make = |file: Vec<u8>| remake(&file, Version::Small).unwrap();
        assert!(make(interlaced.write(&passes)) == make(Png::new(width, height, 8, 0).write(&straight)), "{width} x {height}");
    }
}

#[test]
fn a_jpeg_of_any_sampling_with_restarts_and_in_many_scans_shows_its_colours() {
    for (h, v) in [(1, 1), (2, 1), (1, 2), (2, 2), (4, 1), (4, 2)] {
        for (progressive, restart) in [(false, 0), (false, 1), (false, 3), (true, 0), (true, 2)] {
            let mut jpeg = Jpeg::new(133, 71);
            jpeg.planes[0] = (1, h, v);
            (jpeg.progressive, jpeg.restart) = (progressive, restart);
            let seen = small(&jpeg.write(|plane, x, _| if plane == 0 { [50, 180][usize::from(x >= 8)] } else { 128 }));
            let what = format!("{h} x {v}, restart {restart}");
            assert_near(seen.at(20, 50), [50, 50, 50, 255], &what);
            assert_near(seen.at(80, 90), [180, 180, 180, 255], &what);
        }
    }
}

#[test]
fn of_a_gif_its_first_frame_is_shown_where_it_stands() {
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, 40, 20, &[255, 0, 0, 0, 0, 255]).unwrap();
    let frame = gif::Frame { left: 20, width: 20, height: 20, buffer: vec![1; 400].into(), ..gif::Frame::default() };
    encoder.write_frame(&frame).unwrap();
    encoder.write_frame(&gif::Frame { width: 40, height: 20, buffer: vec![0; 800].into(), ..gif::Frame::default() }).unwrap();
    drop(encoder);
    let seen = small(&file);
    assert_eq!((seen.width, seen.height), (40, 20));
    assert_eq!((seen.at(25, 50)[3], seen.at(75, 50)), (0, [0, 0, 255, 255]));

    // The size of the whole picture, which the first frame does not fit into.
    for size in [[0, 0, 0, 0], [10, 0, 10, 0], [40, 0, 5, 0]] {
        file[6..10].copy_from_slice(&size);
        let seen = small(&file);
        assert_eq!((seen.width, seen.height, seen.at(75, 50)), (40, 20, [0, 0, 255, 255]), "{size:?}");
    }
}

/// P-10: nothing of the file but its pixels is in what is shown.
#[test]
fn nothing_but_pixels_is_kept() {
    let secret = b"SECRET PLACE";
    let jpeg = Jpeg::new(200, 100)
        .with(0xe1, exif(1))
        .with(0xfe, *secret)
        .with(0xe1, [&b"http://ns.adobe.com/xap/1.0/\0"[..], secret].concat());
    let mut jpeg = jpeg.write(|_, x, y| (x * y) as u8);
    jpeg.extend(secret);
    let mut png = Png::new(2, 1, 8, 2)
        .with(b"tEXt", [&b"Comment\0"[..], secret].concat())
        .with(b"eXIf", &exif(1)[6..])
        .write(&[0, 1, 2, 3, 4, 5, 6]);
    png.extend(b"PK\x03\x04 SECRET PLACE");
    for file in [jpeg, png] {
        for version in [Version::Small, Version::Large] {
            let made = remake(&file, version).unwrap().bytes;
            for word in [&b"PLACE"[..], b"Exif", b"eXIf", b"adobe", b"PK\x03\x04"] {
                assert!(!made.windows(word.len()).any(|part| part == word), "{}", String::from_utf8_lossy(word));
            }
        }
    }
}

fn noise(seed: u32) -> u8 {
    let mixed = seed.wrapping_mul(0x9e37_79b9).rotate_left(13).wrapping_mul(0x85eb_ca6b);
    (mixed >> 24) as u8
}

/// A small picture weighs what it must, not more.
#[test]
fn photographs_go_as_jpeg_and_drawings_as_what_is_lighter() {
    let soft = |x: u32, y: u32| ((x / 4 + y / 3) % 200) as u8 + noise(x ^ y << 12) % 12;
    let row = |y| [vec![0], (0..1200).flat_map(|x| [soft(x, y), soft(x + 90, y), soft(x, y + 90)]).collect()].concat();
    let photograph = Png::new(1200, 900, 8, 2).write(&(0..900).flat_map(row).collect::<Vec<u8>>());
    let small = remake(&photograph, Version::Small).unwrap();
    assert!(small.format == Format::Jpeg && small.bytes.len() < 40_000, "{small:?}");

    let row = |y: u32| [vec![0], (0..1200).map(|x: u32| if x % 200 < 3 || y % 100 < 3 { 0 } else { 255 }).collect()].concat();
    let drawing = Png::new(1200, 900, 8, 0).write(&(0..900).flat_map(row).collect::<Vec<u8>>());
    for version in [Version::Small, Version::Large] {
        let made = remake(&drawing, version).unwrap();
        assert!(made.format == Format::Png && made.bytes.len() < 20_000, "{made:?}");
    }

    let row =
        |y: u32| [vec![0], (0..900).flat_map(|x| [noise(x * y), noise(x + y), noise(x ^ y), (x % 256) as u8]).collect()].concat();
    let heavy = Png::new(900, 900, 8, 6).write(&(0..900).flat_map(row).collect::<Vec<u8>>());
    let small = remake(&heavy, Version::Small).unwrap();
    assert!(small.format == Format::Jpeg, "{small:?}");
}

/// A fine pattern has as many different neighbours as a photograph, but as a JPEG its colours would run into each other.
#[test]
fn a_small_drawing_stays_sharp() {
    let row = |y: u32| {
        [vec![0], (0..48).flat_map(|x| if (x + y).is_multiple_of(2) { [255, 0, 0] } else { [0, 0, 255] }).collect()].concat()
    };
    let icon = Png::new(48, 48, 8, 2).write(&(0..48).flat_map(row).collect::<Vec<u8>>());
    assert_eq!(remake(&icon, Version::Small).unwrap().format, Format::Png);
}

#[test]
fn sizes_are_bounded_and_never_grow() {
    for (width, height, small, large) in [
        (1, 1, (1, 1), (1, 1)),
        (480, 480, (480, 480), (480, 480)),
        (481, 10, (480, 9), (481, 10)),
        (1, 9_000, (1, 480), (1, 9_000)),
        (3000, 2000, (480, 320), (1763, 1175)),
        (12_001, 2_000, (480, 80), (3527, 587)),
    ] {
        let file = Jpeg { planes: vec![(1, 1, 1)], ..Jpeg::new(width, height) }.write(|_, _, _| 77);
        let size = |version| remake(&file, version).map(|made| (made.width, made.height)).unwrap();
        assert_eq!((size(Version::Small), size(Version::Large)), (small, large), "{width} x {height}");
    }
}

#[test]
fn what_only_begins_like_a_picture_is_none() {
    let rows = [0, 1, 2, 3].repeat(40);
    let png = Png::new(1, 40, 8, 2).write(&rows);
    let mut flipped = png.clone();
    flipped[60] ^= 1;
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02";
    for bytes in [
        &b""[..],
        b"<svg/>",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        gif,
        b"GIF89a/*alert(1)*/",
        b"RIFF\x24\0\0\0WEBPVP8 ",
        b"BM\x46\0\0\0",
        &png[..png.len() / 2],
        &flipped,
    ] {
        assert!(refused(bytes).is_some(), "{:?}", String::from_utf8_lossy(bytes));
    }
}
