//! The pixels of a picture between decoding and encoding.

/// The EXIF orientation of the stored pixels, from 1 (upright) to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Orientation(u8);

impl Orientation {
    pub(crate) const UPRIGHT: Self = Self(1);

    /// Unknown numbers mean upright, as in browsers.
    pub(crate) fn new(number: u16) -> Self {
        match number {
            1..=8 => Self(number as u8),
            _ => Self::UPRIGHT,
        }
    }
}

/// A picture with four bytes for each pixel: red, green, blue and opacity, or the four inks of a print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pixels {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) data: Vec<u8>,
}

impl Pixels {
    /// The picture turned to its upright orientation.
    pub(crate) fn upright(self, orientation: Orientation) -> Self {
        let (w, h) = (self.width as usize, self.height as usize);
        // Where the pixels of the turned picture come from: the index of the first one, and the steps to the next pixel and the next row.
        let (first, step, row, turned) = match orientation.0 {
            2 => (w - 1, -1, w as isize, false),
            3 => (w * h - 1, -1, -(w as isize), false),
            4 => (w * (h - 1), 1, -(w as isize), false),
            5 => (0, w as isize, 1, true),
            6 => (w * (h - 1), -(w as isize), 1, true),
            7 => (w * h - 1, -(w as isize), -1, true),
            8 => (w - 1, w as isize, -1, true),
            _ => return self,
        };
        let (width, height) = if turned { (self.height, self.width) } else { (self.width, self.height) };
        let mut data = Vec::with_capacity(self.data.len());
        for y in 0..height as isize {
            let begin = first as isize + y * row;
            for x in 0..width as isize {
                let at = (begin + x * step) as usize * 4;
                data.extend_from_slice(&self.data[at..at + 4]);
            }
        }
        Self { width, height, data }
    }

    pub(crate) fn is_opaque(&self) -> bool {
        self.data.chunks_exact(4).all(|pixel| pixel[3] == 255)
    }

    pub(crate) fn is_grey(&self) -> bool {
        self.data.chunks_exact(4).all(|pixel| pixel[0] == pixel[1] && pixel[1] == pixel[2])
    }

    /// Whether hardly a pixel equals the one beside it or the one above it, as in photographs.
    pub(crate) fn is_uneven(&self) -> bool {
        let pixels = self.data.as_chunks::<4>().0;
        let width = self.width as usize;
        let above = pixels.iter().zip(pixels.iter().skip(width));
        let beside = pixels.iter().skip(width - 1).zip(pixels.iter().skip(width));
        let equal = above.zip(beside).filter(|((above, pixel), (beside, _))| above == pixel || beside == pixel).count();
        equal * 8 < pixels.len() - width
    }

    /// Three bytes for each pixel. Transparent pixels are blended with white.
    pub(crate) fn on_white(&self) -> Vec<u8> {
        let mut rgb = Vec::with_capacity(self.data.len() / 4 * 3);
        for &[r, g, b, a] in self.data.as_chunks::<4>().0 {
            let on_white = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a)) + 127) / 255) as u8;
            rgb.extend_from_slice(&if a == 255 { [r, g, b] } else { [on_white(r), on_white(g), on_white(b)] });
        }
        rgb
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The eight orientations of EXIF, each for the same upright picture `1 2 3 / 4 5 6`.
    #[test]
    fn every_orientation_becomes_upright() {
        let cases: [(u16, u32, &[u8]); 10] = [
            (0, 3, &[1, 2, 3, 4, 5, 6]),
            (1, 3, &[1, 2, 3, 4, 5, 6]),
            (2, 3, &[3, 2, 1, 6, 5, 4]),
            (3, 3, &[6, 5, 4, 3, 2, 1]),
            (4, 3, &[4, 5, 6, 1, 2, 3]),
            (5, 2, &[1, 4, 2, 5, 3, 6]),
            (6, 2, &[3, 6, 2, 5, 1, 4]),
            (7, 2, &[6, 3, 5, 2, 4, 1]),
            (8, 2, &[4, 1, 5, 2, 6, 3]),
            (9, 3, &[1, 2, 3, 4, 5, 6]),
        ];
        for (number, width, stored) in cases {
            let data = stored.iter().flat_map(|&grey| [grey; 4]).collect();
            let stored = Pixels { width, height: 6 / width, data };
            let upright = stored.upright(Orientation::new(number));
            let seen: Vec<u8> = upright.data.iter().step_by(4).copied().collect();
            assert_eq!((upright.width, upright.height, seen), (3, 2, vec![1, 2, 3, 4, 5, 6]), "orientation {number}");
        }
    }
}
