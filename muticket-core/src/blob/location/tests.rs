//! Photographs with all known kinds of location data, in pieces of any length.

use super::*;

mod chunked;

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xff, marker][..], &(content.len() as u16 + 2).to_be_bytes(), content].concat()
}

/// EXIF of a phone: maker and orientation, GPS, then the camera's directory with a date and a maker note.
fn exif(little: bool) -> Vec<u8> {
    let short = |value: u16| if little { value.to_le_bytes() } else { value.to_be_bytes() };
    let long = |value: u32| if little { value.to_le_bytes() } else { value.to_be_bytes() };
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| [&short(tag)[..], &short(kind), &long(count), &value].concat();
    let mut tiff = [if little { &b"II"[..] } else { b"MM" }, &short(42), &long(8)].concat();
    let [a, b] = short(6);
    tiff.extend([&short(4)[..], &entry(0x010f, 2, 4, *b"Cam\0"), &entry(0x0112, 3, 1, [a, b, 0, 0])].concat());
    tiff.extend([entry(0x8769, 4, 1, long(62)), entry(0x8825, 4, 1, long(120)), long(0).to_vec()].concat());
    tiff.extend([&short(2)[..], &entry(0x9003, 2, 20, long(92)), &entry(0x927c, 7, 8, long(112)), &long(0)].concat());
    tiff.extend(b"2026:11:28 10:00:00\0MAKERHID");
    tiff.extend([&short(1)[..], &entry(0x0002, 5, 3, long(138)), &long(0), b"SECRETPLACE_OF_THE_PHOTO"].concat());
    [b"Exif\0\0", &tiff[..]].concat()
}

fn photograph(before: &[(u8, Vec<u8>)], behind: &[u8]) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8];
    before.iter().for_each(|(marker, content)| file.extend(segment(*marker, content)));
    file.extend(segment(0xdb, b"SECRET is a table here"));
    file.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
    file.extend(b"bits\xff\0SECRET bits\xff\xd0more bits");
    file.extend(segment(0xc4, b"a later table"));
    file.extend(segment(0xda, &[1, 1, 0, 0, 63, 0]));
    file.extend(b"last bits\xff\xd9");
    file.extend(behind);
    file
}

struct Pieces<'a>(std::slice::Chunks<'a, u8>);

#[async_trait]
impl ByteSource for Pieces<'_> {
    async fn next(&mut self) -> std::io::Result<Option<Bytes>> {
        Ok(self.0.next().map(Bytes::copy_from_slice))
    }
}

async fn passed(file: &[u8], piece: usize, remove: bool) -> Vec<u8> {
    let mut source = Pieces(file.chunks(piece));
    let mut unlocated = Unlocated::new(&mut source, remove);
    let mut bytes = Vec::new();
    while let Some(piece) = unlocated.next().await.unwrap() {
        assert!(!piece.is_empty());
        bytes.extend_from_slice(&piece);
    }
    bytes
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|part| part == word)
}

#[tokio::test]
async fn a_place_goes_and_the_picture_stays_byte_by_byte() {
    for little in [true, false] {
        let xmp = b"http://ns.adobe.com/xap/1.0/\0<x exif:GPSLatitude='HIDDEN'/>".to_vec();
        let caption = b"Photoshop 3.0\08BIM\x04\x04HIDDEN city".to_vec();
        let profile = b"ICC_PROFILE\0\x01\x01 colours".to_vec();
        let segments = [
            (0xe0, b"JFIF\0\x01\x02".to_vec()),
            (0xe1, exif(little)),
            (0xe1, xmp),
            (0xe2, profile),
            (0xe2, b"MPF\0 HIDDEN".to_vec()),
            (0xe6, b"GoPro\0 HIDDEN track".to_vec()),
            (0xed, caption),
            (0xee, b"Adobe\0\x64\0\0\0\0\x01".to_vec()),
        ];
        let file = photograph(&segments, b"HIDDEN film of the same moment");
        for piece in [1, 2, 7, 64, file.len()] {
            let seen = passed(&file, piece, true).await;
            assert_eq!(seen.len(), file.len(), "its length stays");
            for word in [&b"HIDDEN"[..], b"SECRETPLACE", b"MAKERHID"] {
                assert!(!has(&seen, word), "{}", String::from_utf8_lossy(word));
            }
            for word in
                [&b"JFIF"[..], b"ICC_PROFILE\0\x01\x01 colours", b"Adobe\0\x64", b"Cam\0", b"2026:11:28 10:00:00", b"SECRET bits"]
            {
                assert!(has(&seen, word), "{}", String::from_utf8_lossy(word));
            }
            let scans = file.windows(22).position(|part| part == b"SECRET is a table here").unwrap();
            let end = file.len() - 30;
            assert_eq!(seen[scans..end], file[scans..end], "tables and bits");
            let tiff = seen.windows(4).position(|part| part == if little { b"II*\0" } else { b"MM\0*" }).unwrap();
            let entries = &seen[tiff + 8..tiff + 10];
            assert_eq!(entries, if little { [3, 0] } else { [0, 3] }, "one entry less");
            assert!(!has(&seen, if little { b"\x25\x88\x04\0" } else { b"\x88\x25\0\x04" }));
        }
        assert_eq!(passed(&file, 7, false).await, file, "unless it is to be removed");
    }
}

#[tokio::test]
async fn what_is_no_picture_or_tells_no_place_is_handed_on_as_it_is() {
    let plain = photograph(&[(0xe0, b"JFIF\0".to_vec())], b"");
    for file in [
        &b""[..],
        b"\xff",
        b"\xff\xd8",
        b"text",
        b"\x89PNG\r\n\x1a\n GPS",
        &plain,
        &plain[..plain.len() - 5],
        b"\xff\xd8\xff\xdb\xff\xff short",
    ] {
        for piece in [1, 3, 4096] {
            assert_eq!(passed(file, piece, true).await, file, "{:?}", String::from_utf8_lossy(file));
        }
    }
}

#[tokio::test]
async fn a_file_that_breaks_off_within_its_exif_tells_no_place_either() {
    let whole = photograph(&[(0xe1, exif(true))], b"");
    let file = &whole[..170];
    assert!(has(file, b"SECRETPLACE"), "the test cuts behind the place");
    let seen = passed(file, 16, true).await;
    assert!(seen.len() == 170 && !has(&seen, b"SECRETPLACE"));
}

/// Browsers turn a picture whatever byte stands behind `Exif\0`.
#[tokio::test]
async fn exif_with_another_filling_byte_keeps_its_orientation_and_no_place() {
    let mut content = exif(true);
    content[5] = 0xff;
    let seen = passed(&photograph(&[(0xe1, content)], b""), 16, true).await;
    assert!(!has(&seen, b"SECRETPLACE") && has(&seen, b"\x12\x01\x03\0\x01\0\0\0\x06\0"));
    let nameless = photograph(&[(0xe1, b"Exif\0".to_vec()), (0xe1, b"Exif".to_vec())], b"");
    assert_eq!(passed(&nameless, 16, true).await.len(), nameless.len());
}

/// P-19: at most one segment is held.
#[test]
fn no_file_makes_it_hold_more_than_a_segment() {
    let mut reader = jpeg::JpegReader::default();
    let mut most = 0;
    for piece in photograph(&vec![(0xe1, vec![b'x'; 65_000]); 20], &[0; 100_000]).chunks(1000) {
        reader.pass(piece);
        most = most.max(reader.held.len());
    }
    assert!(most <= 66_537, "{most}");
}

#[test]
fn exif_that_cannot_be_read_keeps_nothing_but_the_orientation() {
    let whole = exif(true)[6..].to_vec();
    for end in 0..whole.len() {
        let mut cut = whole[..end].to_vec();
        exif::unlocate(&mut cut);
        assert!(!has(&cut, b"SECRETPLACE") && !has(&cut, b"MAKERHID"), "{end}");
        // The cut left the whole first directory.
        if end > 62 {
            assert!(has(&cut, b"\x12\x01\x03\0\x01\0\0\0\x06\0"), "{end}");
        }
    }
    let endless = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0".to_vec();
    let mut seen = endless.clone();
    exif::unlocate(&mut seen);
    assert_ne!(seen, endless);
}

#[test]
fn no_byte_of_exif_makes_it_panic() {
    let whole = exif(false)[6..].to_vec();
    for at in 0..whole.len() {
        for value in 0..=255 {
            let mut damaged = whole.clone();
            damaged[at] = value;
            exif::unlocate(&mut damaged);
        }
    }
}
