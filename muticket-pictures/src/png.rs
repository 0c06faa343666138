//! Decodes PNG, row by row.

use std::io::Cursor;

use moxcms::{
    Chromaticity, CicpColorPrimaries, CicpProfile, ColorPrimaries, ColorProfile, MatrixCoefficients, ToneReprCurve,
    TransferCharacteristics, XyY,
};
use png::{ColorType, Decoder, Info, Limits, Reader, Transformations};

use crate::colour::{self, Space};
use crate::exif;
use crate::picture::{NotAPicture, Version, target};
use crate::pixels::{Orientation, Pixels};
use crate::shrink::{Fourth, Shrink};

/// The most bytes of all rows together, after decompression.
const MAX_UNPACKED: u64 = 100_000_000;

/// The most pixels. A row may have one bit for each pixel, and each of them takes time.
const MAX_PIXELS: u64 = 64_000_000;

/// The most columns. Each of them takes memory, however few rows there are.
const MAX_WIDTH: u32 = 1_000_000;

/// The most memory for the decoder itself, for example for a compressed colour profile.
const MAX_OWN: usize = 12 * 1024 * 1024;

/// The most pixels that are kept of an interlaced picture. Of a larger one, only every second, fourth or eighth pixel is kept.
const MAX_GRID: u64 = 6_000_000;

type Rows<'a> = Reader<Cursor<&'a [u8]>>;

impl From<png::DecodingError> for NotAPicture {
    fn from(error: png::DecodingError) -> Self {
        match error {
            png::DecodingError::LimitsExceeded => Self::TooLarge,
            _ => Self::Damaged,
        }
    }
}

pub(crate) fn read(bytes: &[u8], version: Version) -> Result<Pixels, NotAPicture> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(bytes), Limits { bytes: MAX_OWN });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    decoder.set_ignore_text_chunk(true);
    let mut rows = decoder.read_info()?;
    let info = rows.info();
    let size = info.size();
    let height = u64::from(size.1);
    let wide = size.0 > MAX_WIDTH;
    if wide || u64::from(size.0) * height > MAX_PIXELS || (info.raw_row_length() as u64).saturating_mul(height) > MAX_UNPACKED {
        return Err(NotAPicture::TooLarge);
    }
    let wanted = target(version, size.0, size.1);
    let (kind, _) = rows.output_color_type();
    let fourth = match kind {
        ColorType::GrayscaleAlpha | ColorType::Rgba => Fourth::Opacity,
        ColorType::Grayscale | ColorType::Rgb | ColorType::Indexed => Fourth::Opaque,
    };
    let pixels = match info.interlaced {
        true => interlaced(&mut rows, kind, size, wanted, fourth)?,
        false => straight(&mut rows, kind, size, wanted, fourth)?,
    };
    // EXIF may come after the pixels. All pixels are there, so damage from here on does not matter.
    let _ = rows.finish();
    let space = match kind {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => Space::Grey,
        ColorType::Rgb | ColorType::Rgba | ColorType::Indexed => Space::Colour,
    };
    let orientation = rows.info().exif_metadata.as_deref().map_or(Orientation::UPRIGHT, exif::orientation);
    Ok(coloured(pixels, space, rows.info()).upright(orientation))
}

fn straight(
    rows: &mut Rows<'_>,
    kind: ColorType,
    size: (u32, u32),
    wanted: (u32, u32),
    fourth: Fourth,
) -> Result<Pixels, NotAPicture> {
    let mut shrink = Shrink::new(size, wanted, fourth);
    let mut line = Vec::with_capacity(size.0 as usize * 4);
    while let Some(row) = rows.next_row()? {
        line.clear();
        widen(row.data(), kind, &mut line);
        shrink.row(&line);
    }
    shrink.finish().ok_or(NotAPicture::Damaged)
}

/// For each of the seven passes: the position of its first pixel, and the steps to the next one.
const PASSES: [(u32, u32, u32, u32); 7] =
    [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

fn interlaced(
    rows: &mut Rows<'_>,
    kind: ColorType,
    size: (u32, u32),
    wanted: (u32, u32),
    fourth: Fourth,
) -> Result<Pixels, NotAPicture> {
    let grid = |step: u32| (size.0.div_ceil(step), size.1.div_ceil(step));
    let small = |(width, height): (u32, u32)| u64::from(width) * u64::from(height) <= MAX_GRID;
    let step = [1, 2, 4].into_iter().find(|step| small(grid(*step))).unwrap_or(8);
    let (width, height) = grid(step);
    if !small((width, height)) {
        return Err(NotAPicture::TooLarge);
    }
    let mut kept = vec![0; width as usize * height as usize * 4];
    let mut line = Vec::new();
    for (left, top, across, down) in PASSES {
        if size.0 <= left {
            continue;
        }
        for y in (top..size.1).step_by(down as usize) {
            let row = rows.next_interlaced_row()?.ok_or(NotAPicture::Damaged)?;
            if y % step != 0 || left % step != 0 {
                continue;
            }
            line.clear();
            widen(row.data(), kind, &mut line);
            for (x, pixel) in (left..size.0).step_by(across as usize).zip(line.as_chunks::<4>().0) {
                if x % step == 0 {
                    let at = ((y / step) as usize * width as usize + (x / step) as usize) * 4;
                    kept[at..at + 4].copy_from_slice(pixel);
                }
            }
        }
    }
    let mut shrink = Shrink::new((width, height), (wanted.0.min(width), wanted.1.min(height)), fourth);
    kept.chunks_exact(width as usize * 4).for_each(|row| shrink.row(row));
    shrink.finish().ok_or(NotAPicture::Damaged)
}

/// Appends a row with four bytes for each pixel.
fn widen(row: &[u8], kind: ColorType, line: &mut Vec<u8>) {
    match kind {
        ColorType::Grayscale => line.extend(row.iter().flat_map(|&grey| [grey, grey, grey, 255])),
        ColorType::GrayscaleAlpha => {
            line.extend(row.as_chunks::<2>().0.iter().flat_map(|&[grey, opacity]| [grey, grey, grey, opacity]));
        }
        ColorType::Rgb => line.extend(row.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255])),
        ColorType::Rgba | ColorType::Indexed => line.extend_from_slice(row),
    }
}

/// Applies the colour information of the file. If there are several kinds, the most exact one wins, as the standard says.
fn coloured(pixels: Pixels, space: Space, info: &Info<'_>) -> Pixels {
    if let Some(points) = info.coding_independent_code_points
        && let (Ok(color_primaries), Ok(transfer_characteristics)) =
            (CicpColorPrimaries::try_from(points.color_primaries), TransferCharacteristics::try_from(points.transfer_function))
    {
        let cicp = CicpProfile {
            color_primaries,
            transfer_characteristics,
            matrix_coefficients: MatrixCoefficients::Identity,
            full_range: true,
        };
        return colour::from_profile(pixels, space, &ColorProfile::new_from_cicp(cicp));
    }
    if info.icc_profile.is_some() {
        return colour::from_icc(pixels, space, info.icc_profile.as_deref());
    }
    if info.srgb.is_some() {
        return pixels;
    }
    match measured(info) {
        Some(profile) => colour::from_profile(pixels, space, &profile),
        None => pixels,
    }
}

/// The profile that `gAMA` and `cHRM` describe; `None` if it is close to sRGB. Browsers ignore `cHRM` without `gAMA`.
fn measured(info: &Info<'_>) -> Option<ColorProfile> {
    let gamma = info.gama_chunk.map(|gamma| gamma.into_value()).filter(|gamma| (0.05..=5.0).contains(gamma));
    let mut profile = ColorProfile::new_srgb();
    profile.cicp = None;
    let mut differs = false;
    if let Some(gamma) = gamma
        && (gamma - 0.45455).abs() > 0.01
    {
        let curve = ToneReprCurve::Parametric(vec![1.0 / gamma]);
        profile.red_trc = Some(curve.clone());
        profile.green_trc = Some(curve.clone());
        profile.blue_trc = Some(curve);
        differs = true;
    }
    if let Some(points) = info.chrm_chunk.filter(|_| gamma.is_some()) {
        let place = |(x, y): (png::ScaledFloat, png::ScaledFloat)| (x.into_value(), y.into_value());
        let [white, red, green, blue] = [points.white, points.red, points.green, points.blue].map(place);
        let srgb = [(0.3127, 0.3290), (0.64, 0.33), (0.30, 0.60), (0.15, 0.06)];
        let near = |a: (f32, f32), b: (f32, f32)| (a.0 - b.0).abs() < 0.002 && (a.1 - b.1).abs() < 0.002;
        let sane = [white, red, green, blue].iter().all(|(x, y)| (0.0..=1.0).contains(x) && *y > 0.0 && *y <= 1.0);
        if sane && ![white, red, green, blue].iter().zip(srgb).all(|(point, srgb)| near(*point, srgb)) {
            let corner = |(x, y)| Chromaticity::new(x, y);
            let primaries = ColorPrimaries { red: corner(red), green: corner(green), blue: corner(blue) };
            profile.update_rgb_colorimetry(XyY::new(white.0.into(), white.1.into(), 1.0), primaries);
            differs = true;
        }
    }
    differs.then_some(profile)
}
