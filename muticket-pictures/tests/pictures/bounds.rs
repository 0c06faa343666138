//! What pictures may cost (P-12, P-19). Time is bounded by the count of pixels and blocks, which is what is tested here.

use std::io::Write;
use std::process::{Command, Stdio};

use muticket_pictures::NotAPicture;

use crate::files::{Jpeg, Png, zeros};
use crate::refused;

fn large_jpeg(width: u16, height: u16, progressive: bool) -> Vec<u8> {
    Jpeg { progressive, ..Jpeg::new(width, height) }.write(|plane, x, y| if plane == 0 { (x ^ y) as u8 } else { 128 })
}

/// The bombs of V10.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let dot = || Png::new(1, 1, 8, 0);
    let gif = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;";
    let jpeg = b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xd9";
    vec![
        ("a profile of 256 MiB", dot().with(b"iCCP", [&b"k\0\0"[..], &zeros(1 << 28)].concat()).write(&[0, 0])),
        ("a comment of 256 MiB", dot().with(b"zTXt", [&b"k\0\0"[..], &zeros(1 << 28)].concat()).write(&[0, 0])),
        ("20,000 pixels each way that are not there", Png::new(20_000, 20_000, 8, 6).write_packed(&zeros(2_100))),
        ("30,000 pixels each way", Png::new(30_000, 30_000, 8, 0).write_packed(&zeros(30_000 * 30_001))),
        ("27,000 pixels each way, one bit each", Png::new(27_000, 27_000, 1, 0).write_packed(&zeros(27_000 * 3_376))),
        ("9,000 pixels each way, two bits each", Png::new(9_000, 9_000, 2, 0).write_packed(&zeros(9_000 * 2_251))),
        ("65,535 pixels each way, as GIF", gif.to_vec()),
        ("65,535 pixels each way, as JPEG", jpeg.to_vec()),
        ("a WebP that claims more inside than outside", webp_with_claim()),
    ]
}

/// A WebP whose outer size is one pixel, and whose picture claims 16,383 each way.
fn webp_with_claim() -> Vec<u8> {
    let inner = b"\x30\x01\0\x9d\x01\x2a\xff\x3f\xff\x3f\0\0\0\0\0\0";
    let mut file = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\0\0\0\0\0\0VP8 \x10\0\0\0".to_vec();
    file.extend(inner);
    let length = (file.len() as u32 - 8).to_le_bytes();
    file[4..8].copy_from_slice(&length);
    file
}

#[test]
fn bombs_are_refused_or_shown_without_what_explodes() {
    for (what, bytes) in bombs() {
        let shown = ["a profile of 256 MiB", "a comment of 256 MiB"].contains(&what);
        assert!(shown || refused(&bytes).is_some(), "{what}");
    }
}

/// Photographs of 24, 50 and 108 megapixels, and panoramas.
#[test]
fn large_photographs_have_both_versions() {
    for (width, height) in [(6000, 4000), (8160, 6120), (12_000, 9_000), (4730, 4730), (12_001, 3_000), (30_000, 1_000)] {
        assert_eq!(refused(&large_jpeg(width, height, false)), None, "{width} x {height}");
    }
    for (width, height) in [(6000, 4000), (8160, 6120)] {
        assert_eq!(refused(&large_jpeg(width, height, true)), None, "progressive, {width} x {height}");
    }
    let scan = Png::new(8_000, 8_000, 1, 0).write_packed(&zeros(8_000 * 1_001));
    assert_eq!(refused(&scan), None, "PNG, a scan with one bit for each pixel");
    for (width, height) in [(4100, 4100), (6016, 3384)] {
        let file = Png::new(width, height, 8, 6).write_packed(&zeros((width as usize * 4 + 1) * height as usize + 3_000));
        assert_eq!(refused(&file), None, "PNG, {width} x {height}");
    }
}

#[test]
fn tables_without_end_are_not_read() {
    let tables = |count: usize| {
        let mut file = Jpeg::new(16, 16);
        // An empty table has 17 bytes, and a segment up to 65,533.
        (0..count / 1_000).for_each(|_| file.segments.push((0xc4, vec![0; 17_000])));
        file.write(|_, _, _| 9)
    };
    assert_eq!(refused(&tables(1_000)), None);
    assert_eq!(refused(&tables(100_000)), Some(NotAPicture::TooLarge));
}

/// A GIF is unpacked whole, beside the file.
#[test]
fn a_large_gif_in_a_large_file_is_too_large() {
    let gif = |padding: usize| {
        let mut file = b"GIF89a\xc0\x12\xc0\x12\x80\0\0\0\0\0\0\0\0,\0\0\0\0\xc0\x12\xc0\x12\0\x02\x02\x44\x01\0;".to_vec();
        file.resize(file.len() + padding, 0);
        file
    };
    assert_eq!(refused(&gif(0)), Some(NotAPicture::Damaged));
    assert_eq!(refused(&gif(30_000_000)), Some(NotAPicture::TooLarge));
}

/// The time for a WebP with losses depends on its pixels and its bytes.
#[test]
fn a_heavy_webp_is_too_large() {
    let heavy = |padding: usize| {
        let mut file = include_bytes!("../../samples/lossy.webp").to_vec();
        let length = u32::from_le_bytes([file[16], file[17], file[18], file[19]]) as usize + padding;
        file[16..20].copy_from_slice(&(length as u32).to_le_bytes());
        file.resize(20 + length, 0);
        let whole = (file.len() as u32 - 8).to_le_bytes();
        file[4..8].copy_from_slice(&whole);
        file
    };
    assert_eq!(refused(&heavy(4_000_000)), None);
    assert_eq!(refused(&heavy(5_000_000)), Some(NotAPicture::TooLarge));
}

#[test]
fn scans_without_end_are_not_read() {
    let scans =
        |width, height, empty_scans| Jpeg { progressive: true, empty_scans, ..Jpeg::new(width, height) }.write(|_, _, _| 9);
    // Each would look at every block of a picture that is wanted in its full size.
    assert_eq!(refused(&scans(480, 480, 20)), None);
    assert_eq!(refused(&scans(480, 480, 9_000)), Some(NotAPicture::TooLarge));
}

/// Each scan of one plane makes tables for it.
#[test]
fn scans_of_one_plane_without_end_are_not_read() {
    let scans = |count: usize| {
        let planes = vec![(1, 1, 1), (2, 1, 1), (3, 1, 1)];
        let mut file = Jpeg { planes, ..Jpeg::new(8, 8) }.write(|_, _, _| 9);
        let first = file.windows(2).position(|two| two == [0xff, 0xda]).unwrap();
        // One block: the difference 0, and the end of the block.
        let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x07];
        file.splice(first..first, scan.repeat(count));
        file
    };
    assert_eq!(refused(&scans(30)), None);
    assert_eq!(refused(&scans(9_000)), Some(NotAPicture::TooLarge));
}

#[test]
fn a_picture_of_very_many_columns_is_too_large() {
    let png = |width: u32| Png::new(width, 1, 8, 0).write_packed(&zeros(width as usize + 1));
    assert_eq!(refused(&png(1_000_000)), None);
    assert_eq!(refused(&png(3_000_000)), Some(NotAPicture::TooLarge));
}

/// P-12: one picture takes at most 64 MiB. The program that makes it may not have more, and 16 MiB for itself.
#[cfg(target_os = "linux")]
#[test]
fn no_picture_takes_more_than_64_mib() {
    let mut cases = bombs();
    cases.push(("50 megapixels", large_jpeg(8160, 6120, false)));
    cases.push(("50 megapixels, progressive", large_jpeg(8160, 6120, true)));
    cases.push(("108 megapixels", large_jpeg(12_000, 9_000, false)));
    cases.push(("a wide row", Png::new(200_000, 100, 8, 6).write_packed(&zeros(800_001 * 100 + 3_000))));
    cases.push(("the widest row", Png::new(1_000_000, 64, 8, 0).write_packed(&zeros(1_000_001 * 64))));
    cases.push(("12 megapixels, progressive", large_jpeg(4032, 3024, true)));
    cases.push(("profiles without end", {
        let mut file = Jpeg::new(16, 16);
        let segment = [&b"ICC_PROFILE\0\x01\x01"[..], &[0; 65_519]].concat();
        (0..500).for_each(|_| file.segments.push((0xe2, segment.clone())));
        file.write(|_, _, _| 9)
    }));
    cases.push(("empty profiles without end", {
        let mut file = Jpeg::new(16, 16);
        (0..1_500_000).for_each(|_| file.segments.push((0xe2, b"ICC_PROFILE\0\x01\x01".to_vec())));
        file.write(|_, _, _| 9)
    }));
    let mut interlaced = Png::new(5000, 4500, 8, 6);
    interlaced.interlaced = true;
    cases.push(("interlaced", interlaced.write_packed(&zeros(20_100 * 4500))));
    let mut webp = Vec::new();
    image_webp::WebPEncoder::new(&mut webp).encode(&vec![90; 2200 * 2200 * 4], 2200, 2200, image_webp::ColorType::Rgba8).unwrap();
    cases.push(("WebP without loss", webp));
    let program = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("examples/remake");
    for (what, bytes) in cases {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&bytes).unwrap();
        for version in ["small", "large"] {
            let status = Command::new("sh")
                .args(["-c", "ulimit -v 81920; exec \"$0\" \"$1\" \"$2\""])
                .arg(&program)
                .arg(file.path())
                .arg(version)
                .stdout(Stdio::null())
                .status()
                .unwrap();
            assert!(matches!(status.code(), Some(0 | 2)), "{what}, {version}: {status}");
        }
    }
}
