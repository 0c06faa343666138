#![doc = include_str!("../README.md")]
//!
//! # How
//!
//! Large JPEGs are decoded at an eighth, a quarter or half of their size, PNGs row by row, and both are shrunk while they are decoded. The
//! limits are numbers of bytes, blocks and pixels (P-12, P-19), so the same bytes always give the same result, however busy the machine is.

mod colour;
mod exif;
mod gif;
mod jpeg;
mod picture;
mod pixels;
mod png;
mod shrink;
mod webp;
mod write;

pub use crate::picture::{Format, NotAPicture, Picture, Version};

/// The most bytes that a picture may have. Larger pictures are refused.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// The edition of the algorithms that make the pictures. It increases when they change, so that stored pictures can be made again.
pub const EDITION: u32 = 4;

/// Makes a version of a JPEG, PNG, GIF or WebP picture. Of an animation it uses the first frame.
///
/// It computes for up to 300 ms (the heaviest pictures half a second) and uses up to 64 MiB, including `bytes`. Do not call it on
/// an async thread, or many times at once.
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
