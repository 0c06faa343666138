//! Encodes pixels as JPEG or PNG, whichever is smaller. Transparency is kept unless that makes the file large.

use std::borrow::Cow;

use crate::jpeg::{self, Colours};
use crate::picture::{Format, NotAPicture, Picture, Version};
use crate::pixels::Pixels;

/// The most bytes that a small picture may have so that it keeps its transparency.
const TRANSPARENT_BYTES: usize = 64 * 1024;

/// The most pixels of a picture that is never taken for a photograph, such as an icon. As PNG it is light, and it is not blurred.
const ICON: usize = 64 * 64;

/// Encodes a picture that came as a photograph as JPEG. It has no transparency.
pub(crate) fn photograph(pixels: &Pixels, version: Version) -> Result<Picture, NotAPicture> {
    let colours = if pixels.is_grey() { Colours::None } else { Colours::Half };
    Ok(picture(jpeg(pixels, colours, version)?, Format::Jpeg, pixels))
}

/// Encodes any other picture.
pub(crate) fn lighter(pixels: &Pixels, version: Version) -> Result<Picture, NotAPicture> {
    let opaque = pixels.is_opaque();
    // To write a PNG takes long, and that of a photograph is always larger.
    if opaque && pixels.data.len() / 4 > ICON && pixels.is_uneven() {
        return photograph(pixels, version);
    }
    let grey = pixels.is_grey();
    let png = png(pixels, opaque, grey, version)?;
    // A PNG this small is not a photograph, and JPEG would blur the text of a screenshot.
    let light = match version {
        Version::Small if !opaque => TRANSPARENT_BYTES,
        Version::Small => 0,
        Version::Large => pixels.data.len() / if opaque { 16 } else { 4 },
    };
    if png.len() <= light {
        return Ok(picture(png, Format::Png, pixels));
    }
    let jpeg = jpeg(pixels, if grey { Colours::None } else { Colours::Full }, version)?;
    // A large transparent picture is put on white only if that makes it much smaller.
    let lighter = if opaque { jpeg.len() < png.len() } else { jpeg.len() * 2 < png.len() };
    Ok(if lighter { picture(jpeg, Format::Jpeg, pixels) } else { picture(png, Format::Png, pixels) })
}

fn picture(bytes: Vec<u8>, format: Format, pixels: &Pixels) -> Picture {
    Picture { bytes, format, width: pixels.width, height: pixels.height }
}

fn jpeg(pixels: &Pixels, colours: Colours, version: Version) -> Result<Vec<u8>, NotAPicture> {
    let quality = match version {
        Version::Small => 80,
        Version::Large => 85,
    };
    jpeg::encode(pixels, quality, colours)
}

fn png(pixels: &Pixels, opaque: bool, grey: bool, version: Version) -> Result<Vec<u8>, NotAPicture> {
    let compression = match version {
        Version::Small => png::Compression::Balanced,
        Version::Large => png::Compression::Fast,
    };
    let (kind, samples): (_, Cow<'_, [u8]>) = match (opaque, grey) {
        (true, true) => (png::ColorType::Grayscale, pixels.data.iter().step_by(4).copied().collect()),
        (true, false) => (png::ColorType::Rgb, pixels.on_white().into()),
        (false, _) => (png::ColorType::Rgba, pixels.data.as_slice().into()),
    };
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixels.width, pixels.height);
    encoder.set_color(kind);
    encoder.set_compression(compression);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&samples)?;
        writer.finish()
    });
    // Writing to memory does not fail.
    written.map(|()| bytes).map_err(|_| NotAPicture::TooLarge)
}
