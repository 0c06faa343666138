//! The headers of a JPEG before its scans.

use crate::picture::NotAPicture;

/// One plane (component) of the picture.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) id: u8,
    /// How many of its blocks one unit (MCU) has, across and down.
    pub(super) h: usize,
    pub(super) v: usize,
    /// The index of its quantization table.
    pub(super) table: usize,
    /// The number of blocks, including those that only pad units.
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// The number of blocks in a scan of this plane alone.
    pub(super) own_columns: usize,
    pub(super) own_rows: usize,
}

/// The size and the planes of the picture.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) progressive: bool,
    pub(super) components: Vec<Component>,
    /// The most blocks of a plane in one unit.
    pub(super) h: usize,
    pub(super) v: usize,
    /// The number of units.
    pub(super) columns: usize,
    pub(super) rows: usize,
}

impl Frame {
    /// Reads a start-of-frame segment.
    pub(super) fn read(segment: &[u8], progressive: bool) -> Result<Self, NotAPicture> {
        let [precision, h1, h2, w1, w2, count, rest @ ..] = segment else { return Err(NotAPicture::Damaged) };
        let (width, height) = (u16::from_be_bytes([*w1, *w2]), u16::from_be_bytes([*h1, *h2]));
        if *precision != 8 || !matches!(count, 1 | 3 | 4) {
            return Err(NotAPicture::Unknown);
        }
        if width == 0 || height == 0 || rest.len() < usize::from(*count) * 3 {
            return Err(NotAPicture::Damaged);
        }
        let mut components = Vec::new();
        for entry in rest.chunks_exact(3).take(usize::from(*count)) {
            let (mut h, mut v) = (usize::from(entry[1] >> 4), usize::from(entry[1] & 15));
            if !(1..=4).contains(&h) || !(1..=4).contains(&v) || entry[2] > 3 {
                return Err(NotAPicture::Damaged);
            }
            if *count == 1 {
                (h, v) = (1, 1);
            }
            let table = usize::from(entry[2]);
            components.push(Component { id: entry[0], h, v, table, columns: 0, rows: 0, own_columns: 0, own_rows: 0 });
        }
        let most = |of: fn(&Component) -> usize| components.iter().map(of).max().unwrap_or(1);
        let (h, v) = (most(|component| component.h), most(|component| component.v));
        let (w, l) = (usize::from(width), usize::from(height));
        let (columns, rows) = (w.div_ceil(8 * h), l.div_ceil(8 * v));
        for component in &mut components {
            component.columns = columns * component.h;
            component.rows = rows * component.v;
            component.own_columns = (w * component.h).div_ceil(h).div_ceil(8);
            component.own_rows = (l * component.v).div_ceil(v).div_ceil(8);
        }
        Ok(Self { width: width.into(), height: height.into(), progressive, components, h, v, columns, rows })
    }

    /// The number of blocks in all planes.
    pub(super) fn blocks(&self) -> usize {
        self.components.iter().map(|component| component.columns * component.rows).sum()
    }
}

/// The planes of one scan, and which part of their coefficients it holds.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    /// For each plane: its index in the frame, and its Huffman tables.
    pub(super) parts: Vec<Part>,
    /// The first and the last coefficient of each block.
    pub(super) first: usize,
    pub(super) last: usize,
    /// How many low bits were missing before this scan, or 0 in the first scan of these coefficients; and how many are missing after it.
    pub(super) high: u32,
    pub(super) low: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) component: usize,
    pub(super) dc: usize,
    pub(super) ac: usize,
}

impl Scan {
    pub(super) fn read(segment: &[u8], frame: &Frame) -> Result<Self, NotAPicture> {
        let (count, rest) = segment.split_first().ok_or(NotAPicture::Damaged)?;
        let count = usize::from(*count);
        let (Some(entries), Some(&[first, last, bits])) = (rest.get(..count * 2), rest.get(count * 2..count * 2 + 3)) else {
            return Err(NotAPicture::Damaged);
        };
        let mut parts: Vec<Part> = Vec::new();
        for entry in entries.chunks_exact(2) {
            let component = frame.components.iter().position(|component| component.id == entry[0]).ok_or(NotAPicture::Damaged)?;
            let (dc, ac) = (usize::from(entry[1] >> 4), usize::from(entry[1] & 15));
            if dc > 3 || ac > 3 || parts.iter().any(|part| part.component == component) {
                return Err(NotAPicture::Damaged);
            }
            parts.push(Part { component, dc, ac });
        }
        let (mut first, mut last, mut high, mut low) =
            (usize::from(first), usize::from(last), u32::from(bits >> 4), u32::from(bits & 15));
        if frame.progressive {
            let fits = match first {
                0 => last == 0,
                _ => first <= last && last <= 63 && parts.len() == 1,
            };
            if !fits || low > 13 || high > 13 {
                return Err(NotAPicture::Damaged);
            }
        } else {
            (first, last, high, low) = (0, 63, 0, 0);
        }
        if parts.is_empty() {
            return Err(NotAPicture::Damaged);
        }
        Ok(Self { parts, first, last, high, low })
    }
}
