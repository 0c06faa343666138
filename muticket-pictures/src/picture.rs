//! What this crate makes: versions of pictures, their formats and sizes.

use std::fmt;

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

/// The size of a version for a picture of this size. It is never larger than the picture, and each side has at least one pixel.
pub(crate) fn target(version: Version, width: u32, height: u32) -> (u32, u32) {
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
