//! Turns the coefficients of blocks into rows of pixels.

use super::frame::Frame;
use super::scan::Kept;
use crate::colour::Space;
use crate::shrink::{Fourth, Shrink};

/// The meaning of the planes of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Planes {
    Grey,
    Rgb,
    /// Luma and two chroma planes.
    YCbCr,
    /// Four inks, stored inverted: 255 means no ink.
    Cmyk,
    /// Like `Cmyk`, with the first three as luma and chroma.
    Ycck,
}

impl Planes {
    pub(super) fn space(self) -> Space {
        match self {
            Self::Grey => Space::Grey,
            Self::Rgb | Self::YCbCr => Space::Colour,
            Self::Cmyk | Self::Ycck => Space::Inks,
        }
    }

    fn fourth(self) -> Fourth {
        match self {
            Self::Grey | Self::Rgb | Self::YCbCr => Fourth::Opaque,
            Self::Cmyk | Self::Ycck => Fourth::Ink,
        }
    }
}

/// Takes the coefficients of one row of units after another.
pub(super) struct Canvas {
    kept: Kept,
    planes: Planes,
    width: usize,
    /// Rows that are still missing.
    left: usize,
    unit_rows: usize,
    layers: Vec<Layer>,
    waves: Vec<f32>,
    row: Vec<u8>,
    shrink: Shrink,
}

/// One plane of the current row of units.
struct Layer {
    columns: usize,
    v: usize,
    factors: Vec<f32>,
    samples: Vec<u8>,
    /// For each pixel of a row, the index of its sample. Empty if all indexes are the same.
    map: Vec<u32>,
    /// Rows of samples in each row of units.
    rows: usize,
}

impl Canvas {
    /// `tables` has one quantization table for each plane.
    pub(super) fn new(frame: &Frame, planes: Planes, kept: &Kept, tables: &[[u16; 64]], to: (u32, u32)) -> Self {
        let side = kept.side;
        let size = scaled(frame, side);
        let width = size.0 as usize;
        let layer = |(component, table): (&super::frame::Component, &[u16; 64])| Layer {
            columns: component.columns,
            v: component.v,
            factors: kept.factors(table),
            samples: vec![0; component.columns * side * component.v * side],
            map: match component.h == frame.h {
                true => Vec::new(),
                false => (0..width).map(|x| (x * component.h / frame.h) as u32).collect(),
            },
            rows: component.v * side,
        };
        Self {
            kept: kept.clone(),
            planes,
            width,
            left: size.1 as usize,
            unit_rows: frame.v * side,
            layers: frame.components.iter().zip(tables).map(layer).collect(),
            waves: waves(side),
            row: vec![255; width * 4],
            shrink: Shrink::new(size, (to.0.min(size.0), to.1.min(size.1)), planes.fourth()),
        }
    }

    /// Takes a row of units: for each plane its rows of blocks, one after another.
    pub(super) fn units(&mut self, numbers: &[&[i16]]) {
        let count = self.kept.count();
        let side = self.kept.side;
        for (layer, numbers) in self.layers.iter_mut().zip(numbers) {
            let stride = layer.columns * side;
            for (index, block) in numbers.chunks_exact(count).enumerate().take(layer.columns * layer.v) {
                let at = index / layer.columns * side * stride + index % layer.columns * side;
                let out = &mut layer.samples[at..];
                match side {
                    1 => out[0] = byte(f32::from(block[0]) * layer.factors[0]),
                    2 => pixels::<2>(block, &layer.factors, &self.waves, out, stride),
                    3 => pixels::<3>(block, &layer.factors, &self.waves, out, stride),
                    4 => pixels::<4>(block, &layer.factors, &self.waves, out, stride),
                    5 => pixels::<5>(block, &layer.factors, &self.waves, out, stride),
                    6 => pixels::<6>(block, &layer.factors, &self.waves, out, stride),
                    7 => pixels::<7>(block, &layer.factors, &self.waves, out, stride),
                    _ => pixels::<8>(block, &layer.factors, &self.waves, out, stride),
                }
            }
        }
        for y in 0..self.unit_rows.min(self.left) {
            self.paint(y);
            self.shrink.row(&self.row);
        }
        self.left -= self.unit_rows.min(self.left);
    }

    fn paint(&mut self, y: usize) {
        let Self { layers, row, planes, width, unit_rows, .. } = self;
        let side = self.kept.side;
        let line = |layer: &'_ Layer| {
            let from = y * layer.rows / *unit_rows * layer.columns * side;
            from..from + layer.columns * side
        };
        let out = row.as_chunks_mut::<4>().0;
        for (channel, layer) in layers.iter().enumerate() {
            let samples = &layer.samples[line(layer)];
            if layer.map.is_empty() {
                for (pixel, sample) in out.iter_mut().zip(&samples[..*width]) {
                    pixel[channel] = *sample;
                }
            } else {
                for (pixel, at) in out.iter_mut().zip(&layer.map) {
                    pixel[channel] = samples[*at as usize];
                }
            }
        }
        match planes {
            Planes::Grey => out.iter_mut().for_each(|pixel| *pixel = [pixel[0], pixel[0], pixel[0], 255]),
            Planes::Rgb => {}
            Planes::YCbCr => out.iter_mut().for_each(|pixel| {
                let [r, g, b] = rgb(pixel[0], pixel[1], pixel[2]);
                *pixel = [r, g, b, 255];
            }),
            Planes::Cmyk => out.iter_mut().for_each(|pixel| *pixel = pixel.map(|sample| 255 - sample)),
            // Adobe converts the inverted inks as if they were red, green and blue, so converting back gives the ink amounts.
            Planes::Ycck => out.iter_mut().for_each(|pixel| {
                let [c, m, y] = rgb(pixel[0], pixel[1], pixel[2]);
                *pixel = [c, m, y, 255 - pixel[3]];
            }),
        }
    }

    pub(super) fn finish(self) -> Option<crate::pixels::Pixels> {
        self.shrink.finish()
    }
}

/// The size of the picture if each block becomes `side` by `side` pixels.
pub(super) fn scaled(frame: &Frame, side: usize) -> (u32, u32) {
    let side = side as u32;
    ((frame.width * side).div_ceil(8), (frame.height * side).div_ceil(8))
}

#[inline]
fn byte(value: f32) -> u8 {
    (value + 128.5) as u8
}

#[inline]
fn rgb(y: u8, cb: u8, cr: u8) -> [u8; 3] {
    let (y, cb, cr) = (i32::from(y) << 16, i32::from(cb) - 128, i32::from(cr) - 128);
    let byte = |value: i32| ((value + 0x8000) >> 16).clamp(0, 255) as u8;
    [byte(y + 91_881 * cr), byte(y - 22_554 * cb - 46_802 * cr), byte(y + 116_130 * cb)]
}

/// The cosine waves for a block of this size: one row for each frequency.
pub(super) fn waves(side: usize) -> Vec<f32> {
    let size = side as f32;
    let wave = |at: usize| {
        let (frequency, x) = ((at / side) as f32, (at % side) as f32);
        let height = if at < side { (1.0 / size).sqrt() } else { (2.0 / size).sqrt() };
        height * ((2.0 * x + 1.0) * frequency * std::f32::consts::PI / (2.0 * size)).cos()
    };
    (0..side * side).map(wave).collect()
}

/// The pixels of one block.
#[inline]
fn pixels<const N: usize>(block: &[i16], factors: &[f32], waves: &[f32], out: &mut [u8], stride: usize) {
    if block[1..].iter().all(|number| *number == 0) {
        let flat = byte(f32::from(block[0]) * factors[0] / N as f32);
        for line in out.chunks_mut(stride).take(N) {
            line[..N].fill(flat);
        }
        return;
    }
    let waves = waves.as_chunks::<N>().0;
    let mut half = [[0.0_f32; N]; N];
    for ((line, numbers), factors) in half.iter_mut().zip(block.as_chunks::<N>().0).zip(factors.as_chunks::<N>().0) {
        for ((number, factor), wave) in numbers.iter().zip(factors).zip(waves) {
            if *number != 0 {
                let height = f32::from(*number) * factor;
                for (sum, wave) in line.iter_mut().zip(wave) {
                    *sum += height * wave;
                }
            }
        }
    }
    for (y, line) in out.chunks_mut(stride).take(N).enumerate() {
        let mut sums = [0.0_f32; N];
        for (half, wave) in half.iter().zip(waves) {
            for (sum, part) in sums.iter_mut().zip(half) {
                *sum += part * wave[y];
            }
        }
        for (pixel, sum) in line.iter_mut().zip(sums) {
            *pixel = byte(sum);
        }
    }
}
