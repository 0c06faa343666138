//! The tests for PNG and WebP.

use super::*;
use crate::blob::location::chunks::{ChunkReader, Chunked, MAX_HELD};
use crate::blob::location::png::{self, Png, check_sum};
use crate::blob::location::webp::WebP;

fn png_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&name[..], content].concat();
    [&(content.len() as u32).to_be_bytes(), &named[..], &check_sum(&named).to_be_bytes()].concat()
}

fn png_of(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let head = png_chunk(b"IHDR", b"\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0");
    let between = chunks.iter().flat_map(|(name, content)| png_chunk(name, content));
    [png::BEGIN, &head]
        .concat()
        .into_iter()
        .chain(between)
        .chain(png_chunk(b"IDAT", b"GPS of the pixels"))
        .chain(png_chunk(b"IEND", b""))
        .collect()
}

/// The names and contents of the chunks. Fails if a checksum is wrong.
fn png_chunks(mut file: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut chunks = Vec::new();
    file = file.strip_prefix(png::BEGIN).unwrap();
    while !file.is_empty() {
        let length = u32::from_be_bytes(*file.first_chunk().unwrap()) as usize;
        let (named, rest) = file[4..].split_at(length + 4);
        assert_eq!(rest[..4], check_sum(named).to_be_bytes());
        chunks.push((named[..4].to_vec(), named[4..].to_vec()));
        file = &rest[4..];
    }
    chunks
}

fn webp_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let filled = if content.len() % 2 == 1 { &b"\0"[..] } else { b"" };
    [&name[..], &(content.len() as u32).to_le_bytes(), content, filled].concat()
}

fn webp_of(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let row: Vec<u8> = chunks.iter().flat_map(|(name, content)| webp_chunk(name, content)).collect();
    [b"RIFF", &(row.len() as u32 + 4).to_le_bytes()[..], b"WEBP", &row].concat()
}

const PIECES: [usize; 6] = [1, 2, 7, 13, 64, 1_000_000];

#[tokio::test]
async fn a_png_loses_its_place_and_nothing_that_the_picture_needs() {
    for exif in [exif(true), exif(false), exif(true)[6..].to_vec(), exif(false)[6..].to_vec()] {
        let stays: [(&[u8; 4], &[u8]); 7] = [
            (b"gAMA", b"\0\0\xb1\x8f"),
            (b"iCCP", b"profile\0\0packed"),
            (b"pHYs", b"\0\0\x0b\x13\0\0\x0b\x13\x01"),
            (b"tIME", b"\x07\xea\x0b\x1c\x0a\0\0"),
            (b"tEXt", b"Software\0a camera"),
            (b"zTXt", b"mxfile\0\0a drawing"),
            (b"fdAT", b"\0\0\0\x01frame"),
        ];
        let goes: [(&[u8; 4], &[u8]); 12] = [
            (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x exif:GPSLatitude='HIDDEN'/>"),
            (b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0HIDDEN packed"),
            (b"zTXt", b"Raw profile type exif\0\0HIDDEN"),
            (b"tEXt", b"Raw profile type APP1\0HIDDEN"),
            (b"tEXt", b"exif:GPSLatitude\0HIDDEN"),
            (b"tEXt", b"Location\0HIDDEN"),
            (b"tEXt", b"Comment\0HIDDEN street"),
            (b"tEXt", b"Titles\0HIDDEN"),
            (b"tEXt", b"HIDDEN without a name"),
            (b"tEXt", b""),
            (b"caBX", b"HIDDEN claims"),
            (b"zxIf", b"HIDDEN"),
        ];
        let chunks: Vec<_> = stays.iter().chain(&goes).copied().chain([(b"eXIf", &exif[..])]).collect();
        let file = [png_of(&chunks), b"HIDDEN film of the same moment".to_vec()].concat();
        for piece in PIECES {
            let seen = passed(&file, piece, true).await;
            for word in [&b"HIDDEN"[..], b"SECRETPLACE", b"MAKERHID"] {
                assert!(!has(&seen, word), "{}", String::from_utf8_lossy(word));
            }
            let mut left = png_chunks(&seen);
            let kept = left.iter().position(|(name, _)| name == b"eXIf").map(|at| left.remove(at).1).unwrap();
            assert!(has(&kept, b"2026:11:28 10:00:00") && has(&kept, b"Cam\0") && kept.len() == exif.len());
            let mut expected = vec![(b"IHDR".to_vec(), b"\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0".to_vec())];
            expected.extend(stays.iter().map(|(name, content)| (name.to_vec(), content.to_vec())));
            expected.extend([(b"IDAT".to_vec(), b"GPS of the pixels".to_vec()), (b"IEND".to_vec(), Vec::new())]);
            assert_eq!(left, expected);
        }
        assert_eq!(passed(&file, 7, false).await, file, "unless it is to be removed");
    }
}

#[tokio::test]
async fn a_webp_loses_its_place_and_keeps_its_length() {
    for exif in [exif(true), exif(false), exif(true)[6..].to_vec(), exif(false)[6..].to_vec(), [&exif(true)[..], b"x"].concat()] {
        let file = webp_of(&[
            (b"VP8X", b"\x3c\0\0\0\x09\0\0\x09\0\0"),
            (b"ICCP", b"a profile"),
            (b"ALPH", b"see"),
            (b"VP8 ", b"GPS of the pixels"),
            (b"C2PA", b"HIDDEN claims"),
            (b"EXIF", &exif),
            (b"XMP ", b"<x exif:GPSLatitude='HIDDEN'/>"),
            (b"abcd", b"HIDDEN"),
        ]);
        let behind = [&file[..], b"HIDDEN film"].concat();
        for piece in PIECES {
            let seen = passed(&behind, piece, true).await;
            assert_eq!(seen.len(), behind.len());
            for word in [&b"HIDDEN"[..], b"SECRETPLACE", b"MAKERHID", b"XMP ", b"C2PA"] {
                assert!(!has(&seen, word), "{}", String::from_utf8_lossy(word));
            }
            assert!(has(&seen, b"2026:11:28 10:00:00") && has(&seen, b"Cam\0"));
            assert_eq!(seen[20], 0x38, "the flag of XMP is gone, and no other");
            let pixels = file.windows(17).position(|part| part == b"GPS of the pixels").unwrap() + 17;
            assert_eq!((&seen[..20], &seen[21..pixels]), (&file[..20], &file[21..pixels]), "the picture");
            let names = [b"VP8X", b"ICCP", b"ALPH", b"VP8 ", b"JUNK", b"EXIF", b"JUNK", b"JUNK"];
            let mut at = 12;
            for name in names {
                assert_eq!(&seen[at..at + 4], name);
                let length = u32::from_le_bytes(*seen[at + 4..].first_chunk().unwrap()) as usize;
                at += 8 + length + length % 2;
            }
            assert_eq!(at, file.len());
        }
        assert_eq!(passed(&file, 7, false).await, file, "unless it is to be removed");
    }
}

/// EXIF that is too long to be held loses its location too, in either format.
#[tokio::test]
async fn long_exif_goes() {
    let long = [&exif(true)[6..], &b"HIDDEN".repeat(20_000)].concat();
    let file = png_of(&[(b"eXIf", &long)]);
    let seen = passed(&file, 1000, true).await;
    assert_eq!(png_chunks(&seen).len(), 3);
    let file = webp_of(&[(b"VP8X", b"\x08\0\0\0\x09\0\0\x09\0\0"), (b"VP8 ", b"pixels"), (b"EXIF", &long)]);
    let seen = passed(&file, 1000, true).await;
    assert!(seen.len() == file.len() && !has(&seen, b"HIDDEN") && !has(&seen, b"SECRETPLACE"));
    assert!(has(&seen, b"EXIF") && has(&seen, b"II*\0\x08\0\0\0\x01\0\x12\x01"), "it is still EXIF");
}

#[tokio::test]
async fn pictures_without_a_place_are_handed_on_as_they_are() {
    let png = png_of(&[(b"sRGB", b"\0"), (b"tEXt", b"Title\0GPS")]);
    let simple = webp_of(&[(b"VP8L", b"odd")]);
    let moving = webp_of(&[
        (b"VP8X", b"\x02\0\0\0\x09\0\0\x09\0\0"),
        (b"ANIM", b"\0\0\0\0\0\0"),
        (b"ANMF", b"sixteen bytes...VP8 \0\0\0\0"),
    ]);
    // Some programs write no length, and some leave out the padding byte.
    let endless = [b"RIFF\0\0\0\0WEBP", &simple[12..]].concat();
    for file in [
        &png[..],
        &png[..png.len() - 20],
        &png[..20],
        b"\x89PNG",
        b"\x89PNG\r\n\x1a\n and no chunk",
        &simple,
        &simple[..simple.len() - 1],
        &simple[..14],
        &moving,
        &endless,
        b"RIFF",
        b"RIFFxxxxWAVEfmt GPS",
        b"RIFF\x20\0\0\0WEBP\xff\xff\xff\xff no chunk",
    ] {
        for piece in PIECES {
            assert_eq!(passed(file, piece, true).await, file, "{:?}", String::from_utf8_lossy(file));
        }
    }
}

#[tokio::test]
async fn a_picture_that_breaks_off_tells_no_place_either() {
    let exif = exif(true);
    let xmp = b"XML:com.adobe.xmp\0\0\0\0\0SECRETPLACE".as_slice();
    for file in [
        png_of(&[(b"eXIf", &exif)]),
        png_of(&[(b"iTXt", xmp)]),
        webp_of(&[(b"VP8X", b"\x0c\0\0\0\x09\0\0\x09\0\0"), (b"EXIF", &exif)]),
        webp_of(&[(b"VP8X", b"\x0c\0\0\0\x09\0\0\x09\0\0"), (b"XMP ", xmp)]),
    ] {
        for end in 0..file.len() {
            let seen = passed(&file[..end], 16, true).await;
            assert!(seen.len() <= end && !has(&seen, b"SECRETPLACE") && !has(&seen, b"MAKERHID"), "{end}");
        }
    }
}

/// P-19: at most one EXIF chunk is held, whatever length the file claims. No byte causes a panic.
#[test]
fn no_file_makes_it_hold_more_than_exif() {
    fn most<C: Chunked>(kind: C, file: &[u8]) -> usize {
        let mut reader = ChunkReader::new(kind);
        let most = file.chunks(1000).map(|piece| {
            reader.pass(piece);
            reader.held()
        });
        most.max().unwrap_or_default()
    }
    let bound = MAX_HELD + 20 + 1000;
    let large = vec![b'x'; 1_000_000];
    let exif = vec![b'x'; 65_000];
    for name in [b"eXIf", b"tEXt", b"iTXt", b"IDAT", b"caBX"] {
        assert!(most(Png::default(), &png_of(&[(b"eXIf", &exif), (name, &large), (b"eXIf", &exif)])) <= bound);
    }
    for name in [b"EXIF", b"XMP ", b"VP8X", b"VP8 ", b"abcd"] {
        assert!(most(WebP::default(), &webp_of(&[(b"EXIF", &exif), (name, &large), (b"EXIF", &exif)])) <= bound);
    }
    let small = &super::exif(true)[..];
    let png = png_of(&[(b"eXIf", small), (b"tEXt", b"Title\0x")]);
    let webp = webp_of(&[(b"VP8X", b"\x0c\0\0\0\x09\0\0\x09\0\0"), (b"EXIF", small), (b"XMP ", b"odd")]);
    for at in 0..png.len().max(webp.len()) {
        for value in [0, 1, 3, 0x7f, 0x80, 0xfe, 0xff] {
            for length in [1, 1000] {
                let (mut one, mut other) = (ChunkReader::new(Png::default()), ChunkReader::new(WebP::default()));
                let damaged = |file: &[u8]| {
                    file.iter().enumerate().map(|(index, byte)| if index == at { value } else { *byte }).collect::<Vec<_>>()
                };
                damaged(&png).chunks(length).for_each(|piece| drop(one.pass(piece)));
                damaged(&webp).chunks(length).for_each(|piece| drop(other.pass(piece)));
                drop((one.end(), other.end()));
            }
        }
    }
}
