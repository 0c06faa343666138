//! Draws a picture from one scan, or from several.

use super::bits::{Bits, Codes, Skips};
use super::blocks::{Canvas, Planes};
use super::frame::{Frame, Scan};
use super::scan::{Kept, Progress, first_number, first_number_refined, whole};
use super::tables::JpegTables;
use crate::picture::NotAPicture;
use crate::pixels::Pixels;

fn codes(table: &Option<Codes>) -> Result<&Codes, NotAPicture> {
    table.as_ref().ok_or(NotAPicture::Damaged)
}

/// Draws a picture whose only scan has all planes, row by row.
pub(super) fn at_once(
    given: &JpegTables,
    frame: &Frame,
    scan: &Scan,
    mut bits: Bits<'_>,
    kept: &Kept,
    mut canvas: Canvas,
) -> Result<Pixels, NotAPicture> {
    let count = kept.count();
    let mut numbers: Vec<Vec<i16>> =
        frame.components.iter().map(|component| vec![0; component.columns * component.v * count]).collect();
    let mut tables = Vec::new();
    for part in &scan.parts {
        let ac = codes(&given.ac[part.ac])?;
        tables.push((part.component, codes(&given.dc[part.dc])?, ac, Skips::new(ac)));
    }
    let mut before = vec![0_i32; frame.components.len()];
    let mut restarts = Restarts::every(given.restart);
    for _ in 0..frame.rows {
        numbers.iter_mut().for_each(|numbers| numbers.fill(0));
        for column in 0..frame.columns {
            if restarts.before_unit() {
                bits.restart()?;
                before.fill(0);
            }
            for (index, dc, ac, skips) in &tables {
                let component = &frame.components[*index];
                for v in 0..component.v {
                    let first = v * component.columns + column * component.h;
                    for block in first..first + component.h {
                        let block = &mut numbers[*index][block * count..(block + 1) * count];
                        whole(&mut bits, (dc, ac, skips), &mut before[*index], block, kept)?;
                    }
                }
            }
        }
        canvas.units(&numbers.iter().map(Vec::as_slice).collect::<Vec<_>>());
    }
    canvas.finish().ok_or(NotAPicture::Damaged)
}

/// Counts the units of a scan until the codes restart.
struct Restarts {
    /// The number of units between two restarts; 0 if there are none.
    every: usize,
    left: usize,
}

impl Restarts {
    fn every(units: usize) -> Self {
        Self { every: units, left: units }
    }

    /// Whether the codes restart before the next unit.
    #[inline]
    fn before_unit(&mut self) -> bool {
        if self.every == 0 {
            return false;
        }
        let restarts = self.left == 0;
        self.left = if restarts { self.every } else { self.left } - 1;
        restarts
    }
}

/// The coefficients of a picture that has several scans.
pub(super) struct Several {
    frame: Frame,
    planes: Planes,
    kept: Kept,
    wanted: (u32, u32),
    layers: Vec<Coefficients>,
    /// Whether a scan was skipped because it takes too long.
    spared: bool,
}

/// The coefficients of one plane.
struct Coefficients {
    numbers: Vec<i16>,
    /// For each block, a bit for each coefficient that is not zero, including those that are not kept: the codes of later scans depend on
    /// it. Empty if only the first coefficients are kept.
    known: Vec<u64>,
    factors: Option<[u16; 64]>,
}

impl Several {
    pub(super) fn new(frame: &Frame, planes: Planes, kept: Kept, wanted: (u32, u32)) -> Self {
        let layer = |component: &super::frame::Component| {
            let blocks = component.columns * component.rows;
            let known = if frame.progressive && kept.side > 1 { vec![0; blocks] } else { Vec::new() };
            Coefficients { numbers: vec![0; blocks * kept.count()], known, factors: None }
        };
        let layers = frame.components.iter().map(layer).collect();
        Self { frame: frame.clone(), planes, kept, wanted, layers, spared: false }
    }

    /// How many blocks of the scan have to be read: 0 if the scan has nothing that is kept.
    pub(super) fn needed(&self, frame: &Frame, scan: &Scan) -> usize {
        // The scans that refine coefficients cannot be read without those before them. Without the former, coefficients that are not kept
        // have no use.
        let passed_over = self.kept.side == 1 || self.spared && (scan.high > 0 || !self.kept.any(scan.first, scan.last));
        if frame.progressive && scan.first > 0 && passed_over {
            return 0;
        }
        match scan.parts.as_slice() {
            [only] => {
                let component = &frame.components[only.component];
                component.own_columns * component.own_rows
            }
            parts => parts
                .iter()
                .map(|part| {
                    let component = &frame.components[part.component];
                    component.columns * component.rows
                })
                .sum(),
        }
    }

    /// Skips a scan that takes too long, and from here on the scans that refine the coefficients after the first.
    ///
    /// Only pictures with many bytes have such scans. They are finely quantized, so the last bits change little, and a block becomes only a
    /// few pixels wide.
    pub(super) fn spare(&mut self) {
        self.spared = true;
    }

    /// Reads a scan and returns the position where it ends.
    pub(super) fn add(
        &mut self,
        given: &JpegTables,
        frame: &Frame,
        scan: &Scan,
        mut bits: Bits<'_>,
    ) -> Result<usize, NotAPicture> {
        let mut readers = Vec::new();
        for part in &scan.parts {
            let layer = &mut self.layers[part.component];
            if layer.factors.is_none() {
                layer.factors = given.factors[frame.components[part.component].table];
            }
            readers.push(PartReader::new(given, frame, scan, *part, &self.kept)?);
        }
        let (columns, rows) = match scan.parts.as_slice() {
            [only] => (frame.components[only.component].own_columns, frame.components[only.component].own_rows),
            _ => (frame.columns, frame.rows),
        };
        let alone = scan.parts.len() == 1;
        let count = self.kept.count();
        let mut restarts = Restarts::every(given.restart);
        for row in 0..rows {
            for column in 0..columns {
                if restarts.before_unit() {
                    bits.restart()?;
                    readers.iter_mut().for_each(PartReader::restart);
                }
                for (part, reader) in scan.parts.iter().zip(&mut readers) {
                    let component = &frame.components[part.component];
                    let layer = &mut self.layers[part.component];
                    let (h, v) = if alone { (1, 1) } else { (component.h, component.v) };
                    for y in row * v..(row + 1) * v {
                        for x in column * h..(column + 1) * h {
                            let index = y * component.columns + x;
                            let block = &mut layer.numbers[index * count..(index + 1) * count];
                            let mut none = 0;
                            let known = layer.known.get_mut(index).unwrap_or(&mut none);
                            reader.block(&mut bits, scan, &self.kept, block, known)?;
                        }
                    }
                }
            }
        }
        Ok(bits.end())
    }

    /// Draws the picture; `None` if a plane is missing.
    pub(super) fn finish(self) -> Option<Pixels> {
        let tables: Vec<_> = self.layers.iter().map(|layer| layer.factors).collect::<Option<_>>()?;
        let mut canvas = Canvas::new(&self.frame, self.planes, &self.kept, &tables, self.wanted);
        for row in 0..self.frame.rows {
            let rows = self.frame.components.iter().zip(&self.layers).map(|(component, layer)| {
                let size = component.columns * component.v * self.kept.count();
                &layer.numbers[row * size..(row + 1) * size]
            });
            canvas.units(&rows.collect::<Vec<_>>());
        }
        canvas.finish()
    }
}

/// How the blocks of one plane are read in the current scan.
enum PartReader<'a> {
    Whole { dc: &'a Codes, ac: &'a Codes, skips: Skips, before: i32 },
    First { dc: &'a Codes, before: i32 },
    FirstRefined,
    Others(Progress<'a>),
}

impl<'a> PartReader<'a> {
    fn new(
        given: &'a JpegTables,
        frame: &Frame,
        scan: &'a Scan,
        part: super::frame::Part,
        kept: &'a Kept,
    ) -> Result<Self, NotAPicture> {
        let (dc, ac) = (&given.dc[part.dc], &given.ac[part.ac]);
        Ok(match (frame.progressive, scan.first, scan.high) {
            (false, ..) => Self::Whole { dc: codes(dc)?, ac: codes(ac)?, skips: Skips::new(codes(ac)?), before: 0 },
            (true, 0, 0) => Self::First { dc: codes(dc)?, before: 0 },
            (true, 0, _) => Self::FirstRefined,
            (true, ..) => Self::Others(Progress::new(codes(ac)?, scan, kept)),
        })
    }

    fn restart(&mut self) {
        match self {
            Self::Whole { before, .. } | Self::First { before, .. } => *before = 0,
            Self::FirstRefined => {}
            Self::Others(progress) => progress.restart(),
        }
    }

    #[inline]
    fn block(
        &mut self,
        bits: &mut Bits<'_>,
        scan: &Scan,
        kept: &Kept,
        block: &mut [i16],
        known: &mut u64,
    ) -> Result<(), NotAPicture> {
        match self {
            Self::Whole { dc, ac, skips, before } => whole(bits, (dc, ac, skips), before, block, kept),
            Self::First { dc, before } => first_number(bits, dc, before, block, scan.low),
            Self::FirstRefined => first_number_refined(bits, block, scan.low),
            Self::Others(progress) if scan.high == 0 => progress.first(bits, block, known),
            Self::Others(progress) => progress.refined(bits, block, known),
        }
    }
}
