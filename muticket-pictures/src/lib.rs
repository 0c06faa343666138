#![doc = include_str!("../README.md")]
//!
//! # How
//!
//! Large JPEGs are decoded at an eighth, a quarter or half of their size, PNGs row by row, and both are shrunk while they are decoded. The
//! limits are numbers of bytes, blocks and pixels (P-12, P-19), so the same bytes always give the same result, however busy the machine is.

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

/// The most bytes that a picture may have. Larger pictures are refused.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The edition of the algorithms that make the pictures. It increases when they change, so that stored pictures can be made again.
pub const EDITION: u32 = 4;

/// The version of a picture to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// At most 480 pixels wide and high, for a list.
    Small,
    /// At most 2,073,600 pixels, as many as a screen of 1920 by 1080 has, for viewing the whole picture.
    Large,
}

/// The file format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For photographs.
    Jpeg,
    /// For drawings, screenshots and transparent pictures.
    Png,
}

impl Format {
    /// The MIME type: `image/jpeg` or `image/png`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// Detects the format of a [`Picture`]'s bytes by their beginning; `None` if it is neither.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            _ => None,
        }
    }
}

/// A picture that this crate has made.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// The format of the file.
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

/// The reason why the bytes cannot be shown as a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotAPicture {
    /// They are not a JPEG, PNG, GIF or WebP, or are a rare kind of these.
    #[error("not a kind of picture that can be shown")]
    Unknown,
    /// They only begin like a picture, or end too early.
    #[error("the picture is damaged")]
    Damaged,
    /// Decoding them would take too much memory or time.
    #[error("the picture is too large to be shown")]
    TooLarge,
}

/// Makes a version of a JPEG, PNG, GIF or WebP picture. Of an animation it uses the first frame.
///
/// It computes for up to 300 ms (the heaviest pictures half a second) and uses up to 64 MiB, including `bytes`. Do not call it on an async thread, or many times at once.
///
/// # Errors
/// [`NotAPicture`] gives the reason. The same bytes always give the same result.
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

/// The size of a version for a picture of this size. It is never larger than the picture, and each side has at least one pixel.
fn target(version: Version, width: u32, height: u32) -> (u32, u32) {
    let (w, h) = (f64::from(width), f64::from(height));
    let factor = match version {
        Version::Small => (480.0 / w).min(480.0 / h),
        Version::Large => (2_073_600.0 / (w * h)).sqrt().min(12_000.0 / w).min(12_000.0 / h),
    };
    if factor >= 1.0 {
        return (width, height);
    }
    // Keeps a full-size picture at its exact size despite rounding errors of the factor.
    let side = |full: f64| ((full * factor + 0.01) as u32).max(1);
    (side(w), side(h))
}
