//! Where a photo says that it was taken: four values of its EXIF data (CIPA DC-008, §4.6.6).
//!
//! Read here and not with a library: those read all there is, and data that points into itself makes gigabytes of 64 KB. Two
//! directories are walked, each once, nothing is copied.

/// Directory of the position, in the first directory.
const GPS: u16 = 0x8825;
const LATITUDE_SIDE: u16 = 1;
const LATITUDE: u16 = 2;
const LONGITUDE_SIDE: u16 = 3;
const LONGITUDE: u16 = 4;
/// Types of values: letters, a whole number of four bytes, a fraction of two of them.
const LETTERS: u16 = 2;
const WHOLE: u16 = 4;
const FRACTION: u16 = 5;

/// The position (degrees north, degrees east), if there is one on this planet. Zero and zero is what a camera writes that does
/// not know.
pub fn position(exif: &[u8]) -> Option<(f64, f64)> {
    let tiff = Tiff::of(exif)?;
    let first = tiff.long(4)?;
    let gps = tiff.find(first, GPS, WHOLE).and_then(|entry| tiff.long(entry + 8))?;
    let north = tiff.degrees(gps, LATITUDE, LATITUDE_SIDE, (b'N', b'S'))?;
    let east = tiff.degrees(gps, LONGITUDE, LONGITUDE_SIDE, (b'E', b'W'))?;
    let known = north.abs() <= 90.0 && east.abs() <= 180.0 && (north != 0.0 || east != 0.0);
    known.then_some((north, east))
}

struct Tiff<'a> {
    bytes: &'a [u8],
    big_endian: bool,
}

impl<'a> Tiff<'a> {
    fn of(exif: &'a [u8]) -> Option<Self> {
        let bytes = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        let big_endian = match bytes.first_chunk()? {
            b"MM\0\x2a" => true,
            b"II\x2a\0" => false,
            _ => return None,
        };
        Some(Self { bytes, big_endian })
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    }

    fn long(&self, at: usize) -> Option<usize> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        let number = if self.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
        usize::try_from(number).ok()
    }

    /// Where the entry of a value stands in a directory: tag, type, count, and the value or where it is.
    fn find(&self, directory: usize, tag: u16, of_type: u16) -> Option<usize> {
        let count = self.short(directory)?;
        (0..usize::from(count))
            .map(|n| directory + 2 + n * 12)
            .take_while(|entry| *entry < self.bytes.len())
            .find(|entry| self.short(*entry) == Some(tag) && self.short(entry + 2) == Some(of_type))
    }

    /// Degrees, minutes and seconds as degrees; south and west count backwards.
    fn degrees(&self, directory: usize, tag: u16, side: u16, (plus, minus): (u8, u8)) -> Option<f64> {
        let side = *self.bytes.get(self.find(directory, side, LETTERS)? + 8)?;
        let entry = self.find(directory, tag, FRACTION)?;
        let (count, at) = (self.long(entry + 4)?, self.long(entry + 8)?);
        let mut degrees = 0.0;
        for (n, part) in [1.0, 60.0, 3600.0].into_iter().enumerate().take(count) {
            degrees += self.fraction(at + n * 8)? / part;
        }
        let sign = if side == plus { 1.0 } else { -1.0 };
        (count > 0 && (side == plus || side == minus)).then_some(sign * degrees)
    }

    fn fraction(&self, at: usize) -> Option<f64> {
        let number = |at| self.long(at).and_then(|number| u32::try_from(number).ok()).map(f64::from);
        let (above, below) = (number(at)?, number(at + 4)?);
        (below != 0.0).then(|| above / below)
    }
}
