//! Shrinks a picture while its rows arrive, so that the large picture is never in memory.

use std::ops::Range;

use crate::pixels::Pixels;

/// The meaning of the fourth byte of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fourth {
    /// Always 255.
    Opaque,
    /// The opacity of the pixel. Invisible pixels do not affect the colours of their neighbours.
    Opacity,
    /// The fourth ink.
    Ink,
}

/// Averages areas. Each row is passed once, from the top.
pub(crate) struct Shrink {
    from: (u32, u32),
    to: (u32, u32),
    fourth: Fourth,
    /// For each output column, its input columns and the weight of each. Empty if the size stays the same.
    columns: Vec<(Range<usize>, Vec<f32>)>,
    /// The sums of the current output row, for each input column.
    sums: Vec<[f32; 4]>,
    /// How many input rows have arrived.
    rows: u32,
    data: Vec<u8>,
}

impl Shrink {
    /// `to` is at most `from` in both directions.
    pub(crate) fn new(from: (u32, u32), to: (u32, u32), fourth: Fourth) -> Self {
        let same = from == to;
        Self {
            from,
            to,
            fourth,
            columns: if same { Vec::new() } else { (0..to.0).map(|column| shares(column, from.0, to.0)).collect() },
            sums: if same { Vec::new() } else { vec![[0.0; 4]; from.0 as usize] },
            rows: 0,
            data: Vec::with_capacity(to.0 as usize * to.1 as usize * 4),
        }
    }

    /// Takes the next row, with four bytes for each pixel.
    pub(crate) fn row(&mut self, row: &[u8]) {
        if self.rows == self.from.1 {
            return;
        }
        if self.from == self.to {
            self.data.extend_from_slice(&row[..self.from.0 as usize * 4]);
            self.rows += 1;
            return;
        }
        let (top, bottom) = (u64::from(self.rows), u64::from(self.rows) + 1);
        self.rows += 1;
        // Heights are measured in parts: an input row has `to.1` of them, an output row `from.1`.
        let (parts, out) = (u64::from(self.to.1), u64::from(self.from.1));
        let (begin, end) = (top * parts, bottom * parts);
        let border = (begin / out + 1) * out;
        let weight = |parts: u64| parts as f32 / out as f32;
        if end < border {
            self.add(row, weight(parts));
        } else {
            self.add(row, weight(border - begin));
            self.flush();
            if end > border {
                self.add(row, weight(end - border));
            }
        }
    }

    /// Adds whole rows, so that their columns are averaged only once for each output row.
    fn add(&mut self, row: &[u8], weight: f32) {
        if self.fourth == Fourth::Opacity {
            for (sum, pixel) in self.sums.iter_mut().zip(row.as_chunks::<4>().0) {
                let [r, g, b, a] = pixel.map(f32::from);
                let seen = weight * a * (1.0 / 255.0);
                let parts = [r * seen, g * seen, b * seen, a * weight];
                *sum = std::array::from_fn(|at| sum[at] + parts[at]);
            }
        } else {
            for (sum, sample) in self.sums.as_flattened_mut().iter_mut().zip(row) {
                *sum += f32::from(*sample) * weight;
            }
        }
    }

    fn flush(&mut self) {
        for (columns, shares) in &self.columns {
            let mut area = [0.0_f32; 4];
            for (sum, share) in self.sums[columns.clone()].iter().zip(shares) {
                area = std::array::from_fn(|at| area[at] + sum[at] * share);
            }
            let [r, g, b, a] = area;
            let factor = match self.fourth {
                Fourth::Opacity if a > 0.0 => 255.0 / a,
                Fourth::Opacity => 0.0,
                Fourth::Opaque | Fourth::Ink => 1.0,
            };
            let byte = |value: f32| (value + 0.5) as u8;
            self.data.extend_from_slice(&[byte(r * factor), byte(g * factor), byte(b * factor), byte(a)]);
        }
        self.sums.fill([0.0; 4]);
    }

    /// The small picture; `None` if rows are missing.
    pub(crate) fn finish(self) -> Option<Pixels> {
        let (width, height) = self.to;
        (self.data.len() == width as usize * height as usize * 4).then_some(Pixels { width, height, data: self.data })
    }
}

/// The input columns that make up an output column, and the weight of each.
fn shares(column: u32, from: u32, to: u32) -> (Range<usize>, Vec<f32>) {
    let (column, from, to) = (u64::from(column), u64::from(from), u64::from(to));
    let (begin, end) = (column * from, (column + 1) * from);
    let (first, last) = (begin / to, end.div_ceil(to));
    let share = |one: u64| ((one + 1) * to).min(end).saturating_sub((one * to).max(begin)) as f32 / from as f32;
    (first as usize..last as usize, (first..last).map(share).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shrink(from: (u32, u32), to: (u32, u32), fourth: Fourth, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Pixels {
        let mut shrink = Shrink::new(from, to, fourth);
        for y in 0..from.1 {
            shrink.row(&(0..from.0).flat_map(|x| pixel(x, y)).collect::<Vec<_>>());
        }
        shrink.finish().unwrap()
    }

    #[test]
    fn one_colour_stays_that_colour_at_any_size() {
        for (from, to) in
            [((7, 5), (7, 5)), ((7, 5), (3, 2)), ((1000, 3), (480, 1)), ((3, 1000), (1, 480)), ((65_535, 2), (480, 1))]
        {
            let small = shrink(from, to, Fourth::Opaque, |_, _| [10, 200, 255, 255]);
            assert_eq!((small.width, small.height), to);
            assert!(small.data.chunks(4).all(|pixel| pixel == [10, 200, 255, 255]), "{from:?} to {to:?}");
        }
    }

    #[test]
    fn each_pixel_counts_as_much_as_any_other() {
        let small = shrink((3, 2), (2, 1), Fourth::Opaque, |x, _| [[0, 90, 240][x as usize], 0, 0, 255]);
        assert_eq!(small.data, [30, 0, 0, 255, 190, 0, 0, 255]);
        let small = shrink((2, 3), (1, 2), Fourth::Ink, |_, y| [0, 0, 0, [0, 90, 240][y as usize]]);
        assert_eq!(small.data, [0, 0, 0, 30, 0, 0, 0, 190]);
    }

    #[test]
    fn what_cannot_be_seen_colours_nothing() {
        let small = shrink((2, 1), (1, 1), Fourth::Opacity, |x, _| if x == 0 { [255, 0, 0, 255] } else { [0, 255, 0, 0] });
        assert_eq!(small.data, [255, 0, 0, 128]);
        assert_eq!(shrink((2, 2), (1, 1), Fourth::Opacity, |_, _| [9, 9, 9, 0]).data, [0, 0, 0, 0]);
    }

    #[test]
    fn a_picture_without_all_its_rows_is_none() {
        let mut half = Shrink::new((4, 4), (2, 2), Fourth::Opaque);
        half.row(&[0; 16]);
        half.row(&[0; 16]);
        assert!(half.finish().is_none());
    }
}
