//! Small versions of pictures, made without trusting the picture.

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits};

/// The longest side of a small version, in pixels.
const SIDE: u32 = 480;

/// The bytes are no picture that can be shown: damaged, of another kind, or too large to unpack safely.
#[derive(Debug, thiserror::Error)]
#[error("not a picture that can be shown")]
pub struct NotAPicture(#[from] image::ImageError);

/// Makes a small PNG of a PNG, JPEG, GIF (its first frame) or WebP picture, at most 480 pixels wide and high.
/// Nothing of the original but its pixels is kept: no place, no camera, no comment.
///
/// Takes up to a second and some 130 MiB for the largest pictures: not to be run on an async thread, nor many at a time.
///
/// # Errors
/// [`NotAPicture`].
pub fn thumbnail(bytes: &[u8]) -> Result<Vec<u8>, NotAPicture> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(image::ImageError::IoError)?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(12_000);
    limits.max_image_height = Some(12_000);
    limits.max_alloc = Some(64 * 1024 * 1024);
    reader.limits(limits);
    let picture = reader.decode()?;
    let small = if picture.width() > SIDE || picture.height() > SIDE { picture.thumbnail(SIDE, SIDE) } else { picture };
    let mut png = Cursor::new(Vec::new());
    small.write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_picture_becomes_small() {
        let mut png = Cursor::new(Vec::new());
        image::RgbImage::new(1200, 300).write_to(&mut png, ImageFormat::Png).unwrap();
        let small = image::load_from_memory(&thumbnail(png.get_ref()).unwrap()).unwrap();
        assert_eq!((small.width(), small.height()), (480, 120));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        // The last two claim 65,535 pixels in each direction.
        let gif = b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;";
        let jpeg = b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xd9";
        for bytes in [&b""[..], b"<svg/>", b"\x89PNG\r\n\x1a\n", gif, jpeg] {
            assert!(thumbnail(bytes).is_err());
        }
    }
}
