//! Decodes WebP; of an animation, the first frame. The available decoder unpacks the whole picture at once, so this format has the lowest
//! limits.

use std::io::Cursor;

use image_webp::{UpsamplingMethod, WebPDecoder};

use crate::colour::{self, Space};
use crate::exif;
use crate::picture::{NotAPicture, Version, target};
use crate::pixels::{Orientation, Pixels};
use crate::shrink::{Fourth, Shrink};

/// The most work for a lossy picture in nanoseconds, measured on a Xeon processor of about 2.5 GHz. What is lossless takes less.
const MAX_WORK: u64 = 260_000_000;

/// The work for each byte of a lossy picture, and for each pixel of an opaque one and of a transparent one.
const BYTE: u64 = 58;
const PIXEL: [u64; 2] = [18, 38];

/// The most pixels: of an opaque lossy picture, of a lossless or transparent one, and of an animation. They need 5, 8 and 14 bytes each.
const MAX_PIXELS: [u64; 3] = [8_000_000, 5_000_000, 2_500_000];

pub(crate) fn read(bytes: &[u8], version: Version) -> Result<Pixels, NotAPicture> {
    let damaged = |_| NotAPicture::Damaged;
    let shape = Shape::of(bytes)?;
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    decoder.set_memory_limit(4 * 1024 * 1024);
    // Interpolated colours would take more time, and are hardly seen in a picture that is shrunk.
    decoder.set_lossy_upsampling(UpsamplingMethod::Simple);
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let kind = match (decoder.is_animated(), decoder.has_alpha() || !shape.lossy) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => 0,
    };
    if pixels > MAX_PIXELS[kind] || shape.most_pixels > MAX_PIXELS[kind] {
        return Err(NotAPicture::TooLarge);
    }
    let opaque = !decoder.has_alpha();
    if shape.lossy && shape.lossy_bytes * BYTE + pixels * PIXEL[usize::from(!opaque)] > MAX_WORK {
        return Err(NotAPicture::TooLarge);
    }
    let mut unpacked = vec![0; decoder.output_buffer_size().ok_or(NotAPicture::TooLarge)?];
    decoder.read_image(&mut unpacked).map_err(damaged)?;

    let fourth = if opaque { Fourth::Opaque } else { Fourth::Opacity };
    let mut shrink = Shrink::new((width, height), target(version, width, height), fourth);
    let mut line = Vec::with_capacity(width as usize * 4);
    for row in unpacked.chunks_exact(width as usize * if opaque { 3 } else { 4 }) {
        line.clear();
        match opaque {
            true => line.extend(row.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255])),
            false => line.extend_from_slice(row),
        }
        shrink.row(&line);
    }
    drop(unpacked);
    let pixels = shrink.finish().ok_or(NotAPicture::Damaged)?;
    let profile = decoder.icc_profile().ok().flatten();
    let exif = decoder.exif_metadata().ok().flatten();
    let orientation = exif.as_deref().map_or(Orientation::UPRIGHT, exif::orientation);
    Ok(colour::from_icc(pixels, Space::Colour, profile.as_deref()).upright(orientation))
}

/// What the chunk headers say, read before any chunk is decoded.
struct Shape {
    /// The largest number of pixels that a picture inside claims. The decoder allocates that much before it checks the claim.
    most_pixels: u64,
    lossy: bool,
    /// The bytes of the lossy pictures inside, of an animation the bytes of the largest.
    lossy_bytes: u64,
}

impl Shape {
    /// # Errors
    /// [`NotAPicture::Damaged`] if a chunk, or the whole, ends too early.
    fn of(bytes: &[u8]) -> Result<Self, NotAPicture> {
        let mut shape = Self { most_pixels: 0, lossy: false, lossy_bytes: 0 };
        let length = bytes.get(4..8).and_then(|length| length.first_chunk::<4>()).ok_or(NotAPicture::Damaged)?;
        let end = u32::from_le_bytes(*length) as usize;
        // Some files leave out the padding byte at the end.
        if end > bytes.len().saturating_sub(7) {
            return Err(NotAPicture::Damaged);
        }
        shape.chunks(&bytes[12..])?;
        Ok(shape)
    }

    fn chunks(&mut self, mut bytes: &[u8]) -> Result<(), NotAPicture> {
        while let Some((head, rest)) = bytes.split_first_chunk::<8>() {
            let [a, b, c, d, length @ ..] = *head;
            let length = u32::from_le_bytes(length) as usize;
            let content = match &[a, b, c, d] {
                b"VP8 " | b"VP8L" | b"ALPH" | b"ANMF" => rest.get(..length).ok_or(NotAPicture::Damaged)?,
                _ => rest.get(..length).unwrap_or_default(),
            };
            match (&[a, b, c, d], content) {
                (b"VP8 ", [_, _, _, 0x9d, 1, 0x2a, w1, w2, h1, h2, ..]) => {
                    self.lossy = true;
                    self.lossy_bytes = self.lossy_bytes.max(length as u64);
                    self.claim(u16::from_le_bytes([*w1, *w2]) & 0x3fff, u16::from_le_bytes([*h1, *h2]) & 0x3fff);
                }
                (b"VP8L", [0x2f, a, b, c, d, ..]) => {
                    let bits = u32::from_le_bytes([*a, *b, *c, *d]);
                    self.claim((bits & 0x3fff) as u16 + 1, (bits >> 14 & 0x3fff) as u16 + 1);
                }
                (b"ANMF", head) if head.len() > 16 => {
                    let three = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], 0]) as u64 + 1;
                    self.most_pixels = self.most_pixels.max(three(6) * three(9));
                    self.chunks(&head[16..])?;
                }
                _ => {}
            }
            bytes = rest.get(length.saturating_add(length % 2)..).unwrap_or_default();
        }
        Ok(())
    }

    fn claim(&mut self, width: u16, height: u16) {
        self.most_pixels = self.most_pixels.max(u64::from(width) * u64::from(height));
    }
}
