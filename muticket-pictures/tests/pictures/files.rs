//! Writes pictures byte by byte, so that each can be as odd as a test wants it.

/// A JPEG of blocks of one colour each.
pub(crate) struct Jpeg {
    pub(crate) width: u16,
    pub(crate) height: u16,
    /// For each plane its name, and how many blocks of it are in a unit.
    pub(crate) planes: Vec<(u8, u16, u16)>,
    pub(crate) progressive: bool,
    pub(crate) restart: u16,
    /// Segments in front: a marker and what is in it.
    pub(crate) segments: Vec<(u8, Vec<u8>)>,
    /// How many scans follow that bring nothing.
    pub(crate) empty_scans: usize,
}

impl Jpeg {
    pub(crate) fn new(width: u16, height: u16) -> Self {
        let planes = vec![(1, 2, 2), (2, 1, 1), (3, 1, 1)];
        Self { width, height, planes, progressive: false, restart: 0, segments: Vec::new(), empty_scans: 0 }
    }

    pub(crate) fn with(mut self, marker: u8, segment: impl Into<Vec<u8>>) -> Self {
        self.segments.push((marker, segment.into()));
        self
    }

    /// The file. `sample` gives the samples of a plane by the place of the block in it, counted in blocks of its own.
    pub(crate) fn write(&self, sample: impl Fn(usize, usize, usize) -> u8) -> Vec<u8> {
        let mut out = vec![0xff, 0xd8];
        for (marker, content) in &self.segments {
            segment(&mut out, *marker, content);
        }
        segment(&mut out, 0xdb, &[&[0][..], &[8; 64]].concat());
        let mut frame = vec![8];
        frame.extend(self.height.to_be_bytes());
        frame.extend(self.width.to_be_bytes());
        frame.push(self.planes.len() as u8);
        for (name, h, v) in &self.planes {
            frame.extend([*name, (h << 4 | v) as u8, 0]);
        }
        segment(&mut out, if self.progressive { 0xc2 } else { 0xc0 }, &frame);
        let mut dc = [0; 29];
        dc[4] = 12;
        dc[17..].copy_from_slice(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        segment(&mut out, 0xc4, &dc);
        // Two codes: `0` ends a block, `10` ends 16,384 of them and as many more as the next 14 bits say.
        let mut ac = [0; 19];
        (ac[0], ac[1], ac[2], ac[18]) = (0x10, 1, 1, 0xe0);
        segment(&mut out, 0xc4, &ac);
        if self.restart > 0 {
            segment(&mut out, 0xdd, &self.restart.to_be_bytes());
        }
        let mut scan = vec![self.planes.len() as u8];
        self.planes.iter().for_each(|plane| scan.extend([plane.0, 0]));
        scan.extend(if self.progressive { [0, 0, 0] } else { [0, 63, 0] });
        segment(&mut out, 0xda, &scan);
        self.units(&mut out, sample);
        for empty in 0..self.empty_scans {
            let (name, ..) = self.planes[empty % self.planes.len()];
            segment(&mut out, 0xda, &[1, name, 0, 1, 63, 0]);
            out.extend([0xbf, 0xfe].repeat(64));
        }
        out.extend([0xff, 0xd9]);
        out
    }

    fn units(&self, out: &mut Vec<u8>, sample: impl Fn(usize, usize, usize) -> u8) {
        let most = |of: fn(&(u8, u16, u16)) -> u16| self.planes.iter().map(of).max().unwrap();
        let (h, v) = if self.planes.len() == 1 { (1, 1) } else { (most(|plane| plane.1), most(|plane| plane.2)) };
        let (columns, rows) = (self.width.div_ceil(8 * h), self.height.div_ceil(8 * v));
        let mut before = vec![0; self.planes.len()];
        let mut bits = Bits::default();
        for unit in 0..usize::from(columns) * usize::from(rows) {
            if self.restart > 0 && unit > 0 && unit % usize::from(self.restart) == 0 {
                bits.end(out);
                out.extend([0xff, 0xd0 + (unit / usize::from(self.restart) - 1) as u8 % 8]);
                before.fill(0);
            }
            let (row, column) = (unit / usize::from(columns), unit % usize::from(columns));
            for (index, (_, h, v)) in self.planes.iter().enumerate() {
                let (h, v) = if self.planes.len() == 1 { (1, 1) } else { (usize::from(*h), usize::from(*v)) };
                for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                    let number = i32::from(sample(index, column * h + x, row * v + y)) - 128;
                    let difference = number - std::mem::replace(&mut before[index], number);
                    let size = 32 - difference.unsigned_abs().leading_zeros();
                    bits.push(out, size, 4);
                    let low = if difference < 0 { difference - 1 } else { difference };
                    bits.push(out, low as u32 & ((1 << size) - 1), size);
                    if !self.progressive {
                        bits.push(out, 0, 1);
                    }
                }
            }
        }
        bits.end(out);
    }
}

#[derive(Default)]
struct Bits {
    next: u64,
    have: u32,
}

impl Bits {
    fn push(&mut self, out: &mut Vec<u8>, number: u32, count: u32) {
        self.next = self.next << count | u64::from(number);
        self.have += count;
        while self.have >= 8 {
            self.have -= 8;
            let byte = (self.next >> self.have) as u8;
            out.push(byte);
            if byte == 0xff {
                out.push(0);
            }
        }
    }

    fn end(&mut self, out: &mut Vec<u8>) {
        let missing = (8 - self.have % 8) % 8;
        self.push(out, (1 << missing) - 1, missing);
    }
}

fn segment(out: &mut Vec<u8>, marker: u8, content: &[u8]) {
    out.extend([0xff, marker]);
    out.extend((content.len() as u16 + 2).to_be_bytes());
    out.extend(content);
}

/// EXIF that says how the camera was held, and where: nothing of the latter may be found again.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0]);
    tiff.extend(b"\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0");
    tiff.extend(b"\x01\0\x1d\0\x02\0\x0b\0\0\0\x38\0\0\0\0\0\0\0");
    tiff.extend(b"5N 27W PLACE");
    tiff
}

/// A PNG.
pub(crate) struct Png {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) depth: u8,
    pub(crate) kind: u8,
    pub(crate) interlaced: bool,
    /// Chunks before the pixels, and behind them.
    pub(crate) before: Vec<([u8; 4], Vec<u8>)>,
    pub(crate) behind: Vec<([u8; 4], Vec<u8>)>,
}

impl Png {
    /// `kind` is 0 for grey, 2 for colours, 3 for a palette, 4 and 6 for the first two with opacity.
    pub(crate) fn new(width: u32, height: u32, depth: u8, kind: u8) -> Self {
        Self { width, height, depth, kind, interlaced: false, before: Vec::new(), behind: Vec::new() }
    }

    pub(crate) fn with(mut self, name: &[u8; 4], content: impl Into<Vec<u8>>) -> Self {
        self.before.push((*name, content.into()));
        self
    }

    pub(crate) fn behind(mut self, name: &[u8; 4], content: impl Into<Vec<u8>>) -> Self {
        self.behind.push((*name, content.into()));
        self
    }

    /// The file, from its rows, each with a 0 in front.
    pub(crate) fn write(&self, rows: &[u8]) -> Vec<u8> {
        self.write_packed(&stored(rows))
    }

    pub(crate) fn write_packed(&self, packed: &[u8]) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
        let mut head = self.width.to_be_bytes().to_vec();
        head.extend(self.height.to_be_bytes());
        head.extend([self.depth, self.kind, 0, 0, u8::from(self.interlaced)]);
        chunk(&mut out, b"IHDR", &head);
        self.before.iter().for_each(|(name, content)| chunk(&mut out, name, content));
        chunk(&mut out, b"IDAT", packed);
        self.behind.iter().for_each(|(name, content)| chunk(&mut out, name, content));
        chunk(&mut out, b"IEND", &[]);
        out
    }
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], content: &[u8]) {
    out.extend((content.len() as u32).to_be_bytes());
    let begin = out.len();
    out.extend(name);
    out.extend(content);
    let mut crc = u32::MAX;
    for byte in &out[begin..] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    out.extend((!crc).to_be_bytes());
}

/// Bytes as zlib keeps them without packing.
pub(crate) fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 1];
    let mut pieces = bytes.chunks(65_535).peekable();
    while let Some(piece) = pieces.next() {
        out.push(u8::from(pieces.peek().is_none()));
        out.extend((piece.len() as u16).to_le_bytes());
        out.extend((!(piece.len() as u16)).to_le_bytes());
        out.extend(piece);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend((b << 16 | a).to_be_bytes());
    out
}

/// About this many zeros, packed into a thousandth.
pub(crate) fn zeros(count: usize) -> Vec<u8> {
    // One zero, then copies of 258 bytes, 13 bits each: eight of them fill 13 bytes.
    let mut bits: Vec<bool> = [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0].map(|bit| bit == 1).to_vec();
    let copy = [1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0].map(|bit| bit == 1);
    let mut out = vec![0x78, 1];
    let mut pack = |bits: &[bool]| {
        for eight in bits.chunks(8) {
            out.push(eight.iter().enumerate().map(|(at, bit)| u8::from(*bit) << at).sum());
        }
    };
    (0..8).for_each(|_| bits.extend(copy));
    let left = bits.split_off(bits.len() / 8 * 8);
    pack(&bits);
    let mut round = left.clone();
    (0..8).for_each(|_| round.extend(copy));
    round.truncate(13 * 8);
    let mut packed = Vec::new();
    for eight in round.chunks(8) {
        packed.push(eight.iter().enumerate().map(|(at, bit)| u8::from(*bit) << at).sum());
    }
    for _ in 0..count / (258 * 8) {
        out.extend(&packed);
    }
    out
}
