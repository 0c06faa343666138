//! The first frame of a GIF.

use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, MemoryLimit};

use crate::picture::{NotAPicture, Version, target};
use crate::pixels::Pixels;
use crate::shrink::{Fourth, Shrink};

/// The most pixels that the picture or its first frame may have. Each takes one byte.
const MAX_PIXELS: u64 = 24_000_000;

/// The most bytes of the file and the pixels together.
const MAX_TOGETHER: usize = 48 * 1024 * 1024;

pub(crate) fn read(bytes: &[u8], version: Version) -> Result<Pixels, NotAPicture> {
    let damaged = |_| NotAPicture::Damaged;
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::Indexed);
    if let Some(most) = NonZeroU64::new(MAX_PIXELS) {
        options.set_memory_limit(MemoryLimit::Bytes(most));
    }
    let mut decoder = options.read_info(bytes).map_err(damaged)?;
    let screen = (u32::from(decoder.width()), u32::from(decoder.height()));
    let frame = decoder.next_frame_info().map_err(damaged)?.ok_or(NotAPicture::Damaged)?;
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let (frame_width, frame_height) = (usize::from(frame.width), usize::from(frame.height));
    let transparent = frame.transparent;
    // Some programs write a size that is too small. Browsers then enlarge it until the first frame fits.
    let (width, height) = (screen.0.max((left + frame_width) as u32), screen.1.max((top + frame_height) as u32));
    let many = |width: u64, height: u64| width * height > MAX_PIXELS;
    if many(width.into(), height.into())
        || many(frame_width as u64, frame_height as u64)
        || bytes.len() + frame_width * frame_height > MAX_TOGETHER
    {
        return Err(NotAPicture::TooLarge);
    }
    if frame_width == 0 || frame_height == 0 {
        return Err(NotAPicture::Damaged);
    }
    let mut indices = vec![0; frame_width * frame_height];
    decoder.read_into_buffer(&mut indices).map_err(damaged)?;
    let colour = |(index, rgb): (usize, &[u8; 3])| {
        let seen = transparent.is_none_or(|transparent| usize::from(transparent) != index);
        if seen { [rgb[0], rgb[1], rgb[2], 255] } else { [0; 4] }
    };
    let palette = decoder.palette().map_err(damaged)?.as_chunks::<3>().0;
    let mut colours: Vec<[u8; 4]> = palette.iter().enumerate().map(colour).collect();
    // A palette index without a colour is transparent.
    colours.resize(256, [0; 4]);

    let mut shrink = Shrink::new((width, height), target(version, width, height), Fourth::Opacity);
    let mut line = vec![0; width as usize * 4];
    for y in 0..height as usize {
        line.fill(0);
        if let Some(indices) = y.checked_sub(top).and_then(|y| indices.chunks_exact(frame_width).nth(y)) {
            for (pixel, index) in line.as_chunks_mut::<4>().0.iter_mut().skip(left).zip(indices) {
                *pixel = colours[usize::from(*index)];
            }
        }
        shrink.row(&line);
    }
    shrink.finish().ok_or(NotAPicture::Damaged)
}
