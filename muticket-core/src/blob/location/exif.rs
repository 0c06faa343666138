//! Locations in EXIF, which is a TIFF structure: directories of entries, some of which point to further directories.

const GPS: u16 = 0x8825;
const CAMERA: u16 = 0x8769;
const ORIENTATION: u16 = 0x0112;
const SHORT: u16 = 3;

/// Entries that may contain a location: GPS, the maker note, XMP, and the captions of news agencies and of Photoshop.
const TELLING: [u16; 5] = [GPS, 0x927c, 0x02bc, 0x83bb, 0x8649];

/// The name of the segment in a JPEG. One more byte fills it up, mostly a zero.
pub(super) const NAME: &[u8] = b"Exif\0";

/// The length of EXIF that contains only the orientation.
pub(super) const LEAST: usize = 26;

/// The most directories that are read. A photograph has four.
const MAX_DIRECTORIES: usize = 16;

/// Removes the entries that may contain a location, with their values. Of malformed EXIF only the orientation is kept.
pub(super) fn unlocate(tiff: &mut [u8]) {
    let mut file = match tiff.get(..4) {
        Some(b"II*\0") => Tiff { bytes: tiff, little: true },
        Some(b"MM\0*") => Tiff { bytes: tiff, little: false },
        _ => return tiff.fill(0),
    };
    let orientation = file.orientation();
    if file.clean().is_some() {
        return;
    }
    tiff.fill(0);
    let [low, high] = orientation.unwrap_or(1).to_le_bytes();
    let least = [&b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"[..], &[low, high, 0, 0, 0, 0, 0, 0]].concat();
    if let Some(begin) = tiff.get_mut(..LEAST) {
        begin.copy_from_slice(&least);
    }
}

/// As [`unlocate`], for EXIF with its [`NAME`] in front, as in a JPEG. In other formats, some programs write it, too.
pub(super) fn unlocate_chunk(content: &mut [u8]) {
    let named = content.len() > NAME.len() && content.starts_with(NAME);
    unlocate(&mut content[if named { NAME.len() + 1 } else { 0 }..]);
}

struct Tiff<'a> {
    bytes: &'a mut [u8],
    little: bool,
}

impl Tiff<'_> {
    fn short(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<2>()?;
        Some(if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn long(&self, at: usize) -> Option<usize> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<4>()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) } as usize)
    }

    fn orientation(&self) -> Option<u16> {
        let directory = self.long(4)?;
        let entries = usize::from(self.short(directory)?);
        let is_number = |at: &usize| self.short(*at) == Some(ORIENTATION) && self.short(at + 2) == Some(SHORT);
        let entry = (0..entries).map(|entry| directory + 2 + 12 * entry).find(is_number)?;
        self.short(entry + 8)
    }

    /// Returns `None` if the structure is malformed.
    fn clean(&mut self) -> Option<()> {
        let mut waiting = vec![self.long(4)?];
        let mut seen = 0;
        while let Some(directory) = waiting.pop() {
            seen += 1;
            if seen > MAX_DIRECTORIES {
                return None;
            }
            let mut entries = usize::from(self.short(directory)?);
            let mut index = 0;
            while index < entries {
                let at = directory + 2 + 12 * index;
                match self.short(at)? {
                    tag if TELLING.contains(&tag) => {
                        if tag == GPS {
                            self.blank_directory(self.long(at + 8)?)?;
                        }
                        self.blank_value(at)?;
                        self.remove(directory, index)?;
                        entries -= 1;
                        continue;
                    }
                    CAMERA => waiting.push(self.long(at + 8)?),
                    _ => {}
                }
                index += 1;
            }
            match self.long(directory + 2 + 12 * entries)? {
                0 => {}
                next => waiting.push(next),
            }
        }
        Some(())
    }

    /// Overwrites the value of an entry if it is stored outside the entry.
    fn blank_value(&mut self, at: usize) -> Option<()> {
        let size = match self.short(at + 2)? {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => return None,
        };
        let length = self.long(at + 4)?.checked_mul(size)?;
        if length > 4 {
            let begin = self.long(at + 8)?;
            self.bytes.get_mut(begin..begin.checked_add(length)?)?.fill(0);
        }
        Some(())
    }

    fn blank_directory(&mut self, directory: usize) -> Option<()> {
        let entries = usize::from(self.short(directory)?);
        for entry in 0..entries {
            self.blank_value(directory + 2 + 12 * entry)?;
        }
        self.bytes.get_mut(directory..directory.checked_add(2 + 12 * entries + 4)?)?.fill(0);
        Some(())
    }

    /// Removes an entry from its directory. The following entries move up.
    fn remove(&mut self, directory: usize, index: usize) -> Option<()> {
        let entries = self.short(directory)?;
        let fewer = entries.checked_sub(1)?;
        let count = if self.little { fewer.to_le_bytes() } else { fewer.to_be_bytes() };
        self.bytes.get_mut(directory..directory + 2)?.copy_from_slice(&count);
        let (at, end) = (directory + 2 + 12 * index, directory + 2 + 12 * usize::from(entries) + 4);
        let tail = self.bytes.get_mut(at..end)?;
        tail.copy_within(12.., 0);
        let moved = tail.len() - 12;
        tail[moved..].fill(0);
        Some(())
    }
}
