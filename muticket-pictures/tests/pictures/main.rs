//! What becomes of pictures of all kinds (P-10, P-12, P-19). The pictures are made here, byte by byte.
#![expect(clippy::unwrap_used, reason = "what fails here fails a test")]

mod bounds;
mod colours;
mod files;
mod formats;
mod upright;

use muticket_pictures::{Format, NotAPicture, Picture, Version, remake};

/// The pixels of a picture that was made: its width, and four bytes a pixel.
struct Seen {
    width: u32,
    height: u32,
    pixels: Vec<[u8; 4]>,
}

impl Seen {
    fn of(picture: &Picture) -> Self {
        let (width, height, pixels) = match picture.format {
            Format::Jpeg => {
                let rgba = image::load_from_memory(&picture.bytes).unwrap().to_rgba8();
                (rgba.width(), rgba.height(), rgba.pixels().map(|pixel| pixel.0).collect())
            }
            _ => {
                let mut decoder = png::Decoder::new(std::io::Cursor::new(&picture.bytes));
                decoder.set_transformations(png::Transformations::ALPHA | png::Transformations::EXPAND);
                let mut reader = decoder.read_info().unwrap();
                let mut data = vec![0; reader.output_buffer_size().unwrap()];
                let info = reader.next_frame(&mut data).unwrap();
                let wide = |pixel: &[u8]| match *pixel {
                    [grey, a] => [grey, grey, grey, a],
                    [r, g, b, a] => [r, g, b, a],
                    _ => panic!("{pixel:?}"),
                };
                let pixels = data.chunks(info.color_type.samples()).map(wide).collect();
                (info.width, info.height, pixels)
            }
        };
        assert_eq!((width, height), (picture.width, picture.height));
        Self { width, height, pixels }
    }

    /// The pixel at a place that is measured in hundredths of the sides.
    fn at(&self, x: u32, y: u32) -> [u8; 4] {
        let (x, y) = (self.width * x / 100, self.height * y / 100);
        self.pixels[(y * self.width + x) as usize]
    }
}

fn small(bytes: &[u8]) -> Seen {
    Seen::of(&remake(bytes, Version::Small).unwrap())
}

/// Both versions, or why there is none: the same reason for both.
fn refused(bytes: &[u8]) -> Option<NotAPicture> {
    let [small, large] = [Version::Small, Version::Large].map(|version| remake(bytes, version).err());
    assert_eq!(small, large);
    small
}

#[track_caller]
fn assert_near(seen: [u8; 4], expected: [u8; 4], what: &str) {
    let near = seen.iter().zip(expected).all(|(seen, expected)| seen.abs_diff(expected) <= 6);
    assert!(near, "{what}: {seen:?} instead of {expected:?}");
}
