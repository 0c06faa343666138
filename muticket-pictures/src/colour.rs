//! Converts colours to sRGB, which browsers assume if a file says nothing about its colours.

use std::borrow::Cow;

use moxcms::{ColorProfile, DataColorSpace, Layout, ParsingOptions, TransformOptions};

use crate::pixels::Pixels;

/// A larger profile is ignored. Profiles of printers have up to 2 MiB.
pub(crate) const MAX_PROFILE: usize = 4 * 1024 * 1024;

/// The meaning of the four bytes of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Space {
    /// Three equal grey values, and opacity.
    Grey,
    /// Red, green, blue, and opacity.
    Colour,
    /// The amounts of cyan, magenta, yellow and black ink.
    Inks,
}

/// Converts with an ICC profile. A profile that is missing, damaged or made for another kind of pixel is ignored.
pub(crate) fn from_icc(pixels: Pixels, space: Space, profile: Option<&[u8]>) -> Pixels {
    let options = ParsingOptions { max_profile_size: MAX_PROFILE, ..ParsingOptions::default() };
    let profile = profile.and_then(|profile| ColorProfile::new_from_slice_with_options(profile, options).ok());
    match profile {
        Some(profile) => from_profile(pixels, space, &profile),
        None => plain(pixels, space),
    }
}

/// Converts with a profile.
pub(crate) fn from_profile(mut pixels: Pixels, space: Space, profile: &ColorProfile) -> Pixels {
    let fits = match space {
        Space::Grey => matches!(profile.color_space, DataColorSpace::Gray | DataColorSpace::Rgb),
        Space::Colour => profile.color_space == DataColorSpace::Rgb,
        Space::Inks => profile.color_space == DataColorSpace::Cmyk,
    };
    let grey = profile.color_space == DataColorSpace::Gray;
    let (from, to) = match space {
        Space::Inks => (Layout::Rgba, Layout::Rgb),
        Space::Grey | Space::Colour if grey => (Layout::GrayAlpha, Layout::Rgba),
        Space::Grey | Space::Colour => (Layout::Rgba, Layout::Rgba),
    };
    let transform = match fits {
        true => profile.create_transform_8bit(from, &ColorProfile::new_srgb(), to, TransformOptions::default()).ok(),
        false => None,
    };
    let Some(transform) = transform else { return plain(pixels, space) };
    // Convert row by row, so that the result can replace its source.
    let row_bytes = pixels.width as usize * 4;
    let mut converted = vec![0; pixels.width as usize * to.channels()];
    for row in pixels.data.chunks_exact_mut(row_bytes) {
        let source: Cow<'_, [u8]> = match grey {
            true => row.chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[3]]).collect(),
            false => Cow::Borrowed(row),
        };
        if transform.transform(&source, &mut converted).is_err() {
            return plain(pixels, space);
        }
        drop(source);
        for (pixel, new) in row.chunks_exact_mut(4).zip(converted.chunks_exact(to.channels())) {
            pixel[..3].copy_from_slice(&new[..3]);
            if space == Space::Inks {
                pixel[3] = 255;
            }
        }
    }
    pixels
}

/// Converts without a profile: colours are taken as sRGB, and each ink absorbs its own part of the light.
fn plain(mut pixels: Pixels, space: Space) -> Pixels {
    if space == Space::Inks {
        for pixel in pixels.data.as_chunks_mut::<4>().0 {
            let [c, m, y, k] = pixel.map(|ink| 255 - u32::from(ink));
            let light = |left: u32| ((left * k + 127) / 255) as u8;
            *pixel = [light(c), light(m), light(y), 255];
        }
    }
    pixels
}
