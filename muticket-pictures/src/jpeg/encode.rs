//! Writes a JPEG in one scan.

use super::annex_k::{FIRST, OTHERS, QUANTIZATION};
use super::blocks::waves;
use super::scan::PLACES;
use crate::picture::NotAPicture;
use crate::pixels::Pixels;

/// How exactly colours are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colours {
    /// Not at all: the picture is grey.
    None,
    /// As exactly as brightness, for drawings and text.
    Full,
    /// At half of the width and height, as cameras do.
    Half,
}

/// Encodes a picture on white. `quality` is from 1 to 100.
///
/// # Errors
/// [`NotAPicture::TooLarge`] if a side has more than 65,535 pixels.
pub(crate) fn encode(pixels: &Pixels, quality: u16, colours: Colours) -> Result<Vec<u8>, NotAPicture> {
    let side = |side: u32| u16::try_from(side).map_err(|_| NotAPicture::TooLarge);
    let (width, height) = (side(pixels.width)?, side(pixels.height)?);
    let tables = QUANTIZATION.map(|table| table.map(|factor| scaled(factor, quality)));
    let planes = if colours == Colours::None { 1 } else { 3 };
    let unit: u8 = if colours == Colours::Half { 2 } else { 1 };

    let mut out = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec();
    for index in 0..planes.min(2) {
        segment(&mut out, 0xdb, &[&[index as u8][..], &tables[index]]);
        for (place, (counts, values)) in [(index as u8, FIRST[index]), (16 | index as u8, OTHERS[index])] {
            segment(&mut out, 0xc4, &[&[place], &counts, values]);
        }
    }
    // For each plane: its name, how many of its blocks a unit has, and its quantization table. Then its name and its Huffman tables.
    let frame: [u8; 9] = [1, unit << 4 | unit, 0, 2, 0x11, 1, 3, 0x11, 1];
    let scan: [u8; 6] = [1, 0, 2, 0x11, 3, 0x11];
    segment(&mut out, 0xc0, &[&[8], &height.to_be_bytes(), &width.to_be_bytes(), &[planes as u8], &frame[..planes * 3]]);
    segment(&mut out, 0xda, &[&[planes as u8], &scan[..planes * 2], &[0, 63, 0]]);

    let mut writer = BlockWriter::new(out, &tables);
    let mut units = Units::new(pixels, colours);
    for top in (0..pixels.height as usize).step_by(units.side) {
        units.read(pixels, top);
        units.write(&mut writer);
    }
    Ok(writer.finish())
}

/// A factor of the quantization table at this quality, as all programs compute it.
fn scaled(factor: u8, quality: u16) -> u8 {
    let quality = u32::from(quality);
    let percent = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    ((u32::from(factor) * percent + 50) / 100).clamp(1, 255) as u8
}

fn segment(out: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) {
    let length = parts.iter().map(|part| part.len()).sum::<usize>() as u16 + 2;
    out.extend([0xff, marker]);
    out.extend(length.to_be_bytes());
    parts.iter().for_each(|part| out.extend_from_slice(part));
}

/// A row of units: the brightness and the two colours of their pixels, around 0.
struct Units {
    /// The width and height of a unit in pixels.
    side: usize,
    colours: Colours,
    stride: usize,
    planes: [Vec<f32>; 3],
}

impl Units {
    fn new(pixels: &Pixels, colours: Colours) -> Self {
        let side = if colours == Colours::Half { 16 } else { 8 };
        let stride = (pixels.width as usize).next_multiple_of(side);
        Self { side, colours, stride, planes: std::array::from_fn(|_| vec![0.0; stride * side]) }
    }

    /// Reads the rows of the picture from `top`. What lies beyond its edges repeats the last pixel.
    fn read(&mut self, pixels: &Pixels, top: usize) {
        let width = pixels.width as usize;
        let [luma, blue, red] = &mut self.planes;
        for y in 0..self.side {
            let from = (top + y).min(pixels.height as usize - 1) * width * 4;
            let row = pixels.data[from..from + width * 4].as_chunks::<4>().0;
            let line = y * self.stride..(y + 1) * self.stride;
            let (luma, blue, red) = (&mut luma[line.clone()], &mut blue[line.clone()], &mut red[line]);
            for (((pixel, luma), blue), red) in row.iter().zip(&mut *luma).zip(&mut *blue).zip(&mut *red) {
                let opacity = f32::from(pixel[3]) * (1.0 / 255.0);
                let [r, g, b, _] = pixel.map(|sample| (f32::from(sample) - 255.0) * opacity + 127.0);
                *luma = 0.299 * r + 0.587 * g + 0.114 * b;
                *blue = -0.168_736 * r - 0.331_264 * g + 0.5 * b;
                *red = 0.5 * r - 0.418_688 * g - 0.081_312 * b;
            }
            for plane in [luma, blue, red] {
                let last = plane[width - 1];
                plane[width..].fill(last);
            }
        }
    }

    fn write(&mut self, writer: &mut BlockWriter) {
        if self.colours == Colours::Half {
            let stride = self.stride;
            self.planes[1..].iter_mut().for_each(|plane| halve(plane, stride));
        }
        let [luma, blue, red] = &self.planes;
        for x in (0..self.stride).step_by(self.side) {
            match self.colours {
                Colours::None => writer.block(0, &luma[x..], self.stride),
                Colours::Full => {
                    for (plane, samples) in [luma, blue, red].into_iter().enumerate() {
                        writer.block(plane, &samples[x..], self.stride);
                    }
                }
                Colours::Half => {
                    for at in [x, x + 8, x + 8 * self.stride, x + 8 * self.stride + 8] {
                        writer.block(0, &luma[at..], self.stride);
                    }
                    writer.block(1, &blue[x / 2..], self.stride);
                    writer.block(2, &red[x / 2..], self.stride);
                }
            }
        }
    }
}

/// Averages two by two samples, in place. The stride of the rows stays the same.
fn halve(plane: &mut [f32], stride: usize) {
    for y in 0..8 {
        for x in 0..stride / 2 {
            let at = 2 * y * stride + 2 * x;
            plane[y * stride + x] = (plane[at] + plane[at + 1] + plane[at + stride] + plane[at + stride + 1]) * 0.25;
        }
    }
}

/// For each value: its code, and the length of the code.
type CodeTable = [(u16, u8); 256];

fn codes((counts, values): ([u8; 16], &[u8])) -> CodeTable {
    let mut codes = [(0, 0); 256];
    let (mut code, mut values) = (0, values.iter());
    for (length, count) in (1..).zip(counts) {
        for value in values.by_ref().take(usize::from(count)) {
            codes[usize::from(*value)] = (code, length);
            code += 1;
        }
        code <<= 1;
    }
    codes
}

/// Writes blocks.
struct BlockWriter {
    out: Vec<u8>,
    next: u64,
    /// How many low bits of `next` are not written yet.
    have: u32,
    first: [CodeTable; 2],
    others: [CodeTable; 2],
    /// The inverse of each quantization factor, by rows.
    inverse: [[f32; 64]; 2],
    before: [i32; 3],
    waves: [[f32; 8]; 8],
    /// The waves with rows and columns exchanged.
    turned: [[f32; 8]; 8],
}

impl BlockWriter {
    fn new(out: Vec<u8>, tables: &[[u8; 64]; 2]) -> Self {
        let mut inverse = [[0.0; 64]; 2];
        for (inverse, table) in inverse.iter_mut().zip(tables) {
            for (place, factor) in PLACES.iter().zip(table) {
                inverse[usize::from(*place)] = 1.0 / f32::from(*factor);
            }
        }
        let all = waves(8);
        let waves = std::array::from_fn(|frequency| std::array::from_fn(|x| all[frequency * 8 + x]));
        let turned = std::array::from_fn(|x| std::array::from_fn(|frequency| all[frequency * 8 + x]));
        let (first, others) = (FIRST.map(codes), OTHERS.map(codes));
        Self { out, next: 0, have: 0, first, others, inverse, before: [0; 3], waves, turned }
    }

    /// Writes a block of this plane. `samples` begins with its first sample.
    fn block(&mut self, plane: usize, samples: &[f32], stride: usize) {
        let table = plane.min(1);
        let numbers = self.numbers(table, samples, stride);
        let first = i32::from(numbers[0]);
        let difference = first - std::mem::replace(&mut self.before[plane], first);
        let (size, bits) = size_and_bits(difference);
        self.code(self.first[table][size as usize], bits, size);
        let mut zeros = 0;
        for place in &PLACES[1..] {
            let number = i32::from(numbers[usize::from(*place)]);
            if number == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 {
                self.code(self.others[table][0xf0], 0, 0);
                zeros -= 16;
            }
            let (size, bits) = size_and_bits(number);
            self.code(self.others[table][zeros << 4 | size as usize], bits, size);
            zeros = 0;
        }
        if zeros > 0 {
            self.code(self.others[table][0], 0, 0);
        }
    }

    /// The quantized coefficients of a block, by rows.
    fn numbers(&self, table: usize, samples: &[f32], stride: usize) -> [i16; 64] {
        let mut half = [[0.0_f32; 8]; 8];
        for (line, waves) in half.iter_mut().zip(&self.waves) {
            for (wave, samples) in waves.iter().zip(samples.chunks(stride)) {
                for (sum, sample) in line.iter_mut().zip(&samples[..8]) {
                    *sum += wave * sample;
                }
            }
        }
        let mut numbers = [0; 64];
        for ((numbers, half), inverse) in
            numbers.as_chunks_mut::<8>().0.iter_mut().zip(half).zip(self.inverse[table].as_chunks::<8>().0)
        {
            let mut sums = [0.0_f32; 8];
            for (part, waves) in half.iter().zip(&self.turned) {
                for (sum, wave) in sums.iter_mut().zip(waves) {
                    *sum += part * wave;
                }
            }
            for ((number, sum), inverse) in numbers.iter_mut().zip(sums).zip(inverse) {
                // Conversion cuts off towards 0. Above 0, that rounds down.
                *number = ((sum * inverse + 4096.5) as i32 - 4096) as i16;
            }
        }
        numbers
    }

    /// Writes a code, and bits after it. Together they have at most 27 bits.
    #[inline]
    fn code(&mut self, (code, length): (u16, u8), bits: u32, count: u32) {
        self.next = self.next << (u32::from(length) + count) | u64::from(code) << count | u64::from(bits);
        self.have += u32::from(length) + count;
        if self.have >= 32 {
            self.have -= 32;
            let word = ((self.next >> self.have) as u32).to_be_bytes();
            if word.contains(&0xff) {
                word.into_iter().for_each(|byte| self.byte(byte));
            } else {
                self.out.extend_from_slice(&word);
            }
        }
    }

    fn byte(&mut self, byte: u8) {
        self.out.push(byte);
        if byte == 0xff {
            // A marker would begin like this.
            self.out.push(0);
        }
    }

    fn finish(mut self) -> Vec<u8> {
        // Fills the last byte with ones.
        self.code((0x7f, 7), 0, 0);
        while self.have >= 8 {
            self.have -= 8;
            self.byte((self.next >> self.have) as u8);
        }
        self.out.extend([0xff, 0xd9]);
        self.out
    }
}

/// The number of bits that a number needs, and these bits.
#[inline]
fn size_and_bits(number: i32) -> (u32, u32) {
    let size = 32 - number.unsigned_abs().leading_zeros();
    // The bits of a negative number are those of the number below it.
    let bits = (number + (number >> 31)) as u32 & ((1 << size) - 1);
    (size, bits)
}
