#![doc = include_str!("../README.md")]
//!
//! # How
//!
//! Large JPEGs are unpacked at an eighth, a quarter or half of their size, PNGs row by row, and both are made smaller as they come. The
//! bounds are counts of bytes, blocks and pixels (P-12, P-19), so the same bytes always give the same answer, however busy the machine is.

use std::fmt;

mod colour;
mod exif;
mod gif;
mod jpeg;
mod pixels;
mod png;
mod shrink;
mod webp;
mod write;

/// The most bytes that a picture may have: more are not read.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Which edition of this crate makes the pictures. It grows when they are made in another way, so that pictures which were kept can be made
/// anew.
pub const EDITION: u32 = 2;

/// Which picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// At most 480 pixels wide and high, for a list.
    Small,
    /// At most 2,073,600 pixels, for a look at the whole: as many as a screen of 1920 by 1080 has.
    Large,
}

/// How a picture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For photographs.
    Jpeg,
    /// For drawings, screens and what is transparent.
    Png,
}

impl Format {
    /// `image/jpeg` or `image/png`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// What the bytes of a [`Picture`] are, by their beginning. `None` if they are of no picture.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            _ => None,
        }
    }
}

/// A picture that was written here.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// How it is written.
    pub format: Format,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({:?}, {} x {}, {} bytes)", self.format, self.width, self.height, self.bytes.len())
    }
}

/// The bytes are not shown as a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAPicture {
    /// They are no JPEG, PNG, GIF or WebP, or a rare kind of these.
    #[error("not a kind of picture that can be shown")]
    Unknown,
    /// They only begin like a picture, or end too early.
    #[error("the picture is damaged")]
    Damaged,
    /// Unpacking them would take too much memory or time.
    #[error("the picture is too large to be shown")]
    TooLarge,
}

/// Makes a version of a JPEG, PNG, GIF (its first frame) or WebP (its first frame) picture.
///
/// It computes for up to 300 ms and needs up to 64 MiB together with `bytes`: not to be run on an async thread, nor many at a time.
///
/// # Errors
/// [`NotAPicture`] says why there is none. The same bytes always give the same answer.
pub fn remake(bytes: &[u8], version: Version) -> Result<Picture, NotAPicture> {
    if bytes.len() > MAX_BYTES {
        return Err(NotAPicture::TooLarge);
    }
    match bytes {
        [0xff, 0xd8, 0xff, ..] => write::photograph(&jpeg::read(bytes, version)?, version),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => write::lighter(&png::read(bytes, version)?, version),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => write::lighter(&gif::read(bytes, version)?, version),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => write::lighter(&webp::read(bytes, version)?, version),
        _ => Err(NotAPicture::Unknown),
    }
}

/// The size of a version of a picture of this size: never larger than the picture, never without a pixel.
fn target(version: Version, width: u32, height: u32) -> (u32, u32) {
    let (w, h) = (f64::from(width), f64::from(height));
    let factor = match version {
        Version::Small => (480.0 / w).min(480.0 / h),
        Version::Large => (2_073_600.0 / (w * h)).sqrt().min(12_000.0 / w).min(12_000.0 / h),
    };
    if factor >= 1.0 {
        return (width, height);
    }
    // What is whole but for the rounding of its factor stays whole.
    let side = |full: f64| ((full * factor + 0.01) as u32).max(1);
    (side(w), side(h))
}
