//! Decodes JPEG at any number of eighths of the size, and writes JPEG.
//!
//! The decoder exists because the available ones either unpack the whole picture, which takes 150 MiB for a photograph of 50
//! megapixels, or keep all coefficients of a progressive one. This one keeps only one row of blocks; of a progressive picture it
//! keeps the coefficients that the wanted size needs. It skips progressive scans that have none of these.

mod annex_k;
mod bits;
mod blocks;
mod draw;
mod encode;
mod frame;
mod scan;
mod tables;
mod work;

pub(crate) use self::encode::{Colours, encode};

use self::bits::next_marker;
use self::blocks::{Planes, scaled};
use self::draw::Several;
use self::frame::{Frame, Scan};
use self::scan::Kept;
use self::tables::JpegTables;
use self::work::{Price, WorkBudget};
use crate::colour::{self, MAX_PROFILE, Space};
use crate::exif;
use crate::picture::{NotAPicture, Version, target};
use crate::pixels::Pixels;

/// The most memory for the coefficients of a picture with several scans. A picture that needs more is decoded at a smaller size.
const MAX_KEPT: usize = 20 * 1024 * 1024;

pub(crate) fn read(bytes: &[u8], version: Version) -> Result<Pixels, NotAPicture> {
    unpack(bytes, WorkBudget::default(), &|width, height| target(version, width, height))
}

/// Decodes the picture with at most this work. `wanted` computes the wanted size from the picture's own size.
fn unpack(bytes: &[u8], work: WorkBudget, wanted: &dyn Fn(u32, u32) -> (u32, u32)) -> Result<Pixels, NotAPicture> {
    let mut reader = JpegParser { bytes, work, ..JpegParser::default() };
    let mut at = 2;
    let drawn = loop {
        at = next_marker(bytes, at, false);
        // Without an end marker, a picture with several scans may be missing some of them.
        let marker = *bytes.get(at + 1).ok_or(NotAPicture::Damaged)?;
        at += 2;
        match marker {
            0xd9 => break reader.several.take().and_then(|several| several.finish()).ok_or(NotAPicture::Damaged)?,
            0x01 | 0xd8 => continue,
            _ => {}
        }
        let length = bytes.get(at..at + 2).map(|length| usize::from(u16::from_be_bytes([length[0], length[1]])));
        let segment = length.and_then(|length| bytes.get(at + 2..at + length)).ok_or(NotAPicture::Damaged)?;
        at += segment.len() + 2;
        match marker {
            0xda => match reader.scan(segment, at, wanted)? {
                Drawn::Whole(pixels) => break pixels,
                Drawn::Part(end) => at = end,
            },
            _ => reader.segment(marker, segment)?,
        }
    };
    let space = reader.planes().map_or(Space::Colour, Planes::space);
    let orientation = reader.exif.map_or(crate::pixels::Orientation::UPRIGHT, exif::orientation);
    Ok(colour::from_icc(drawn, space, reader.icc().as_deref()).upright(orientation))
}

/// The result of reading a scan.
enum Drawn {
    /// The complete picture.
    Whole(Pixels),
    /// A part of the picture. The next segment begins at this position.
    Part(usize),
}

/// What has been read so far.
#[derive(Default)]
struct JpegParser<'a> {
    bytes: &'a [u8],
    tables: JpegTables,
    jfif: bool,
    adobe: Option<u8>,
    exif: Option<&'a [u8]>,
    icc: Vec<(u8, &'a [u8])>,
    frame: Option<Frame>,
    several: Option<Several>,
    work: WorkBudget,
}

impl<'a> JpegParser<'a> {
    fn segment(&mut self, marker: u8, segment: &'a [u8]) -> Result<(), NotAPicture> {
        match marker {
            0xc4 => self.tables.codes(segment, &mut self.work)?,
            0xdb => self.tables.factors(segment)?,
            0xdd => self.tables.restarts(segment)?,
            0xc0..=0xc2 if self.frame.is_some() => return Err(NotAPicture::Damaged),
            0xc0..=0xc2 => {
                let frame = Frame::read(segment, marker == 0xc2)?;
                // Refuses before any memory is taken.
                if !self.work.allows(Price::of(&frame).scan(frame.blocks(), 0) + work::draw(&frame, 1)) {
                    return Err(NotAPicture::TooLarge);
                }
                self.frame = Some(frame);
            }
            // Lossless, hierarchical or arithmetic coding: no browser supports these.
            0xc3 | 0xc5..=0xc7 | 0xc9..=0xcf => return Err(NotAPicture::Unknown),
            0xe0 => self.jfif |= segment.starts_with(b"JFIF\0"),
            // The byte after the zero is only a filler.
            0xe1 if segment.starts_with(b"Exif\0") && self.exif.is_none() => self.exif = Some(segment),
            0xe2 => {
                // The numbers go up to 255. More parts would only take memory.
                if let Some([number, _, part @ ..]) = segment.strip_prefix(b"ICC_PROFILE\0")
                    && self.icc.len() < 255
                {
                    self.icc.push((*number, part));
                }
            }
            0xee => {
                if let Some([_, _, _, _, _, _, transform, ..]) = segment.strip_prefix(b"Adobe") {
                    self.adobe = Some(*transform);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn scan(&mut self, segment: &[u8], at: usize, wanted: &dyn Fn(u32, u32) -> (u32, u32)) -> Result<Drawn, NotAPicture> {
        let (Some(frame), Some(planes)) = (&self.frame, self.planes()) else { return Err(NotAPicture::Damaged) };
        let scan = Scan::read(segment, frame)?;
        let wanted = wanted(frame.width, frame.height);
        let price = Price::of(frame);
        let bits = bits::Bits::new(self.bytes, at);
        if !frame.progressive && scan.parts.len() == frame.components.len() {
            let tables =
                frame.components.iter().map(|component| self.tables.factors[component.table].ok_or(NotAPicture::Damaged));
            let tables: Vec<_> = tables.collect::<Result<_, _>>()?;
            // Not to the end of the file: some phones put a film behind the picture.
            let read = price.scan(frame.blocks(), next_marker(self.bytes, at, false) - at);
            let kept = Kept::new(affordable(side(frame, wanted), |side| self.work.allows(read + work::draw(frame, side))));
            self.work.take(read + work::draw(frame, kept.side))?;
            let canvas = blocks::Canvas::new(frame, planes, &kept, &tables, wanted);
            return draw::at_once(&self.tables, frame, &scan, bits, &kept, canvas).map(Drawn::Whole);
        }
        let mut several = match self.several.take() {
            Some(several) => several,
            None => {
                let fits =
                    |side| frame.blocks() * (side * side * 2 + 8) <= MAX_KEPT && self.work.allows(2 * work::draw(frame, side));
                let side = affordable(side(frame, wanted), fits);
                self.work.take(work::draw(frame, side))?;
                Several::new(frame, planes, Kept::new(side), wanted)
            }
        };
        let mut end = next_marker(self.bytes, at, false);
        let blocks = several.needed(frame, &scan);
        let tables = if frame.progressive { 0 } else { scan.parts.len() * work::PLANE };
        let work = if blocks == 0 { work::SCAN } else { price.scan(blocks, end - at) + tables };
        // The first coefficients may still get one scan.
        let others = frame.progressive && scan.first > 0;
        if blocks > 0 && others && !self.work.allows(work + price.scan(frame.blocks(), frame.blocks() / 4)) {
            several.spare();
            self.work.take(work::SCAN)?;
        } else {
            self.work.take(work)?;
            if blocks > 0 {
                end = several.add(&self.tables, frame, &scan, bits)?;
            }
        }
        self.several = Some(several);
        Ok(Drawn::Part(end))
    }

    /// The meaning of the planes, by the rules that all decoders follow.
    fn planes(&self) -> Option<Planes> {
        let components = &self.frame.as_ref()?.components;
        let ids: Vec<u8> = components.iter().map(|component| component.id).collect();
        Some(match (components.len(), self.adobe) {
            (1, _) => Planes::Grey,
            (4, None | Some(0)) => Planes::Cmyk,
            (4, Some(_)) => Planes::Ycck,
            (_, _) if self.jfif => Planes::YCbCr,
            (_, Some(0)) => Planes::Rgb,
            (_, None) if ids == *b"RGB" => Planes::Rgb,
            (_, _) => Planes::YCbCr,
        })
    }

    /// The ICC profile, assembled from its parts.
    fn icc(&self) -> Option<Vec<u8>> {
        let size: usize = self.icc.iter().map(|(_, part)| part.len()).sum();
        if size > MAX_PROFILE {
            return None;
        }
        let mut parts = self.icc.clone();
        parts.sort_by_key(|(number, _)| *number);
        let profile: Vec<u8> = parts.into_iter().flat_map(|(_, part)| part).copied().collect();
        (!profile.is_empty()).then_some(profile)
    }
}

/// The largest side up to this one that fits, or 1.
fn affordable(side: usize, fits: impl Fn(usize) -> bool) -> usize {
    (2..=side).rev().find(|side| fits(*side)).unwrap_or(1)
}

/// The smallest side of a block in pixels that makes the picture at least as large as wanted.
fn side(frame: &Frame, wanted: (u32, u32)) -> usize {
    let fits = |side: &usize| {
        let (width, height) = scaled(frame, *side);
        width >= wanted.0 && height >= wanted.1
    };
    (1..8).find(fits).unwrap_or(8)
}

#[cfg(test)]
mod tests;
